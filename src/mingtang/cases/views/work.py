"""What staff find in the head of every work page (工作导航): the lists that are theirs."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import Power
from mingtang.people.access import actor_of
from mingtang.ui.context import address

ENTRIES = (
    (
        _("工作台"),
        "cases:workbench",
        {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_OVERSEE},
    ),
    (_("窗口受理"), "cases:desk", {Power.CASE_INTAKE}),
    (_("窗口收件"), "cases:counter", {Power.CASE_INTAKE}),
    (_("审查与决定"), "cases:tasks", {Power.CASE_REVIEW, Power.CASE_DECIDE}),
    (_("转报"), "cases:legs", {Power.CASE_REFER, Power.CASE_OVERSEE}),
    (_("法律意见"), "cases:opinions", {Power.CASE_COUNSEL}),
    (
        _("并联审批"),
        "cases:joint-list",
        {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.JOINT_EXTEND},
    ),
    (
        _("其他时限"),
        "cases:beside",
        {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_OVERSEE},
    ),
    (_("办件监督"), "cases:all", {Power.CASE_OVERSEE}),
    (_("外部办件"), "cases:foreign", {Power.CASE_OVERSEE, Power.INSPECTION_READ}),
)


def work_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the work lists this person may open, the present one marked."""
    powers = actor_of(request).powers
    entries = [
        {"label": label, "url": reverse(name), "current": False}
        for label, name, needed in ENTRIES
        if powers & needed
    ]
    here = [entry for entry in entries if request.path.startswith(str(entry["url"]))]
    if here:
        max(here, key=lambda entry: len(str(entry["url"])))["current"] = True
    home = address("portal:home")
    return [*entries, {"label": _("大厅首页"), "url": home, "current": False}] if home else entries
