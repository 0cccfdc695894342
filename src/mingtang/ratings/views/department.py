"""What a department is told of its ratings (评价情况): by item and month, never one alone."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.cases.access import departments_overseen
from mingtang.core.people import Power
from mingtang.core.tallies import FLOOR
from mingtang.people.access import actor_of, needs
from mingtang.ratings import queries
from mingtang.ratings.queries import Told
from mingtang.ratings.views import words
from mingtang.ratings.views.work import work_nav

LINES = 20


@needs(Power.CASE_OVERSEE)
@require_GET
def department(request: HttpRequest) -> HttpResponse:
    """Grades, aspects and texts of what I oversee."""
    told = list(queries.told(departments_overseen(actor_of(request))))
    page = Paginator(told, LINES).get_page(request.GET.get("page"))
    names = words.item_names([one.item for one in page])
    context = {
        "work_nav": work_nav(request),
        "lines": [_line(one, names) for one in page],
        "page": page,
        "floor": FLOOR,
    }
    return render(request, "ratings/department.html", context)


def _line(told: Told, names: dict[str, str]) -> dict[str, Any]:
    return {
        "department": words.department_name(told.department),
        "item": words.item_name(told.item, names, told.department),
        "month": told.month,
        "aspects": [
            (words.ASPECT_WORDS[name], f"{total / count:.1f}", count)
            for name, (total, count) in told.aspects.items()
        ],
        "texts": told.texts,
        **words.shares(told.grades),
    }
