"""The workbench of staff (工作台): what is theirs to do, was, and what they watch, on one page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.views import teampanel
from mingtang.cases.views.lists import Lines, desk_page, progress_page, task_page
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import Stage
from mingtang.core.people import Power
from mingtang.people.access import actor_of, needs

STAFF = (Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_OVERSEE)
SIZE = 30  # lines on a page
TABS = {
    "todo": _("待办"),
    "done": _("已办"),
    "started": _("我发起的"),
    "copied": _("抄送我的"),
    "supervised": _("督办"),
}
LAMPS = {"": _("全部"), "near": _("临近承诺时限"), "over": _("已超承诺时限")}
OPEN = (Stage.FILED, *cases.UNDER_REVIEW)


@needs(*STAFF)
@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    """Five lists with their counts, narrowed by what is looked for."""
    actor = actor_of(request)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    text = request.GET.get("q", "").strip()[:100]
    lamp = request.GET.get("lamp", "")
    lamp = lamp if lamp in LAMPS else ""
    lists = {
        name: queries.searched(
            work,
            text=text,
            lamp=lamp,
            today=today,
            calendar=calendar,
            by_applicant=name != "supervised",  # who oversees reads names masked
        )
        for name, work in access.workbench(actor, today=today, calendar=calendar).items()
    }
    tab = request.GET.get("tab", "")
    if tab not in lists:
        powerless = not actor.powers & set(access.WORKING)
        tab = "supervised" if powerless and "supervised" in lists else "todo"
    page = lists[tab].page(
        SIZE, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    kept = {key: value for key, value in (("q", text), ("lamp", lamp)) if value}
    context = {
        "work_nav": work_nav(request),
        "tabs": [
            {
                "key": name,
                "word": TABS[name],
                "count": work.count(),
                "current": name == tab,
                "url": f"?{urlencode({'tab': name, **kept})}",
            }
            for name, work in lists.items()
        ],
        "tab": tab,
        "lines": _lines(page, tab, today=today, calendar=calendar),
        "q": text,
        "lamp": lamp,
        "lamps": LAMPS.items(),
        "earlier": _turn(tab, kept, before=page.before),
        "later": _turn(tab, kept, after=page.after),
        "standing_in": teampanel.standing_in(actor, today),
        "may_delegate": bool(actor.powers & set(access.SIGNING)),
    }
    return render(request, "cases/workbench.html", context)


def _turn(tab: str, kept: Mapping[str, str], **place: str) -> str:
    """Return the address of a page before or behind, or nothing where there is none."""
    return f"?{urlencode({'tab': tab, **kept, **place})}" if any(place.values()) else ""


def _lines(page: queries.WorkPage, tab: str, **when: Any) -> list[dict[str, Any]]:
    """Return the lines as they are shown, each with what calls for attention."""
    keyed = tab in ("todo", "done")
    lines = [{**line, "key": line["task_key"]} if keyed else line for line in page.lines]
    sight = Sight.OVERSIGHT if tab == "supervised" else Sight.OFFICE
    stages = OPEN if tab == "todo" else list(Stage)
    shown = Lines(lines, sight=sight, stages=stages, **when).all(_address(tab))
    reminded = queries.reminded_cases([line["line"] for line in lines])
    for line in shown:
        line["reminded"] = reminded.get(line["number"])
        line["signing"] = line.get("key", "").rpartition(".")[2].startswith("_")
        row = line["row"]
        line["due"] = getattr(row, "promised_due", None) or getattr(row, "intake_due", None)
        line["closed"] = getattr(row, "closed_at", None)
    return shown


def _address(tab: str) -> Any:
    def leads_to(line: Mapping[str, Any]) -> str:
        if tab not in ("todo", "done"):
            return progress_page(line)
        return desk_page(line) if line["key"] == cases.INTAKE else task_page(line)

    return leads_to
