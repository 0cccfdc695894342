"""What staff find in the head of the pages of windows (窗口工作导航)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import Power
from mingtang.people.access import actor_of
from mingtang.ui.context import address

ENTRIES = (
    (_("叫号"), "windows:panel", Power.CASE_INTAKE),
    (_("窗口受理"), "cases:desk", Power.CASE_INTAKE),
    (_("排队规则"), "windows:desk", Power.ORGANISATION_MANAGE),
)


def work_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the pages this person may open, the present one marked."""
    powers = actor_of(request).powers
    entries = [
        {"label": label, "url": reverse(name), "current": request.path.startswith(reverse(name))}
        for label, name, needed in ENTRIES
        if needed in powers
    ]
    return [*entries, {"label": _("我的"), "url": address("people:home"), "current": False}]
