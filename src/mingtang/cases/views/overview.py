"""All cases (办件监督), for those who oversee: progress and lamps, no names, no papers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.forms import case_number
from mingtang.cases.views import showing, words
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import clock
from mingtang.core.people import Power
from mingtang.people.access import actor_of, needs

LAMPS = {
    "over": gettext_lazy("已超承诺时限"),
    "near": gettext_lazy("三个工作日内到期"),
    "answer": gettext_lazy("今明两天须答复"),
}


@needs(Power.CASE_OVERSEE)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """A manager sees the department's cases; the centre and the inspectors see all."""
    actor = actor_of(request)
    departments = access.departments_overseen(actor)
    stage, lamp, department = (
        request.GET.get(name, "") for name in ("stage", "lamp", "department")
    )
    text = request.GET.get("q", "").strip()
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    base = queries.everywhere() if departments is None else queries.handled_by(departments)
    found = queries.narrowed(
        base,
        stage=stage if stage in words.STAGES else "",
        lamp=lamp if lamp in LAMPS else "",
        department=department,
        number=(case_number(text) or text) if text else "",
        today=today,
        calendar=calendar,
    )
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    lines = showing.rows(list(page), today=today, calendar=calendar, sight=Sight.OVERSIGHT)
    for line in lines:
        lamped = words.punctuality(line["row"], today=today, calendar=calendar)
        line["lamp"], line["lamp_word"] = lamped
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "lines": lines,
        "page": page,
        "text": text,
        "department": department,
        "departments": _departments(departments),
        "filters": [
            (_("阶段"), _chips(request, "stage", stage, words.STAGES)),
            (_("时限"), _chips(request, "lamp", lamp, LAMPS)),
        ],
        "filtered": bool(stage or lamp or department or text),
    }
    return render(request, "cases/all.html", context)


def _departments(codes: frozenset[str] | None) -> list[tuple[str, str]]:
    """Return the departments to choose from: those that have cases, by name."""
    having = queries.departments_with_cases()
    chosen = having if codes is None else [code for code in having if code in codes]
    return sorted(((code, words.body_name(code)) for code in chosen), key=lambda pair: pair[1])


def _chips(request: HttpRequest, name: str, chosen: str, choices: Any) -> list[dict[str, Any]]:
    """Return a row of filter words, 不限 first, each keeping the other filters."""

    def link(value: str) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop(name, None)
        if value:
            query[name] = value
        return f"?{query.urlencode()}"

    chips = [{"word": _("不限"), "url": link(""), "current": chosen not in choices}]
    return chips + [
        {"word": word, "url": link(str(value)), "current": value == chosen}
        for value, word in choices.items()
    ]
