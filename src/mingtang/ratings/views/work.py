"""What staff find in the head of the pages of ratings (评价工作导航)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import Power
from mingtang.people.access import actor_of
from mingtang.ui.context import address

ENTRIES = (
    (_("差评回访"), "ratings:callbacks", Power.RATING_ANSWER),
    (_("评价情况"), "ratings:department", Power.CASE_OVERSEE),
    (_("办件监督"), "cases:all", Power.CASE_OVERSEE),
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
