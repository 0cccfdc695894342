"""What staff find in the head of the pages of licences (证照工作导航)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import Power
from mingtang.people.access import actor_of
from mingtang.ui.context import address

STAFF = (Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_OVERSEE)
TYPES = (Power.CATALOGUE_DRAFT, Power.CATALOGUE_PUBLISH)
ENTRIES = (
    (_("证照管理"), "licences:desk", set(STAFF)),
    (_("批量制证"), "licences:batches", set(STAFF)),
    (_("证照类型"), "licences:types", set(TYPES)),
    (_("待制文书"), "papers:waiting", {Power.CASE_OVERSEE}),
)


def work_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the pages this person may open, the present one marked."""
    powers = actor_of(request).powers
    entries: list[dict[str, Any]] = [
        {"label": label, "url": reverse(name), "current": False}
        for label, name, needed in ENTRIES
        if powers & needed
    ]
    here = [entry for entry in entries if request.path.startswith(entry["url"])]
    if here:
        max(here, key=lambda entry: len(entry["url"]))["current"] = True
    return [*entries, {"label": _("我的"), "url": address("people:home"), "current": False}]
