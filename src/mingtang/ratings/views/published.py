"""What is published of ratings (评价公示): counts, where they come from, how to count again."""

import csv
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingtang.core.tallies import FLOOR, MONTH
from mingtang.people.access import public
from mingtang.ratings import queries
from mingtang.ratings.views import words

LINES, TALLIES = 30, 10  # on one page


@public("the counts are for everybody; nothing in them leads to a person")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How people rated, by department and item, of one month or all."""
    month, department = asked(request)
    found = queries.grades_by_item(month=month, department=department)
    page = Paginator(sorted(found), LINES).get_page(request.GET.get("page"))
    names = words.item_names([item for _, item in page])
    everything = [sum(column) for column in zip(*found.values(), strict=True)]
    context: dict[str, Any] = {
        "month": month,
        "months": queries.months(),
        "department": department,
        "departments": _departments(),
        "all": words.shares(everything) if everything else None,
        "lines": [
            {
                "department": words.department_name(code),
                "item": words.item_name(item, names, code),
                "key": item if item in names else "",
                **words.shares(found[code, item]),
            }
            for code, item in page
        ],
        "page": page,
        "grades": list(words.GRADE_WORDS.values()),
        "tallies": Paginator(queries.tallies(), TALLIES).get_page(request.GET.get("tally")),
        "waiting": queries.given() - queries.counted(),
        "floor": FLOOR,
        "days": MONTH.days,
        "log": f"{settings.URL}/log",
    }
    return render(request, "ratings/figures.html", context)


def asked(request: HttpRequest) -> tuple[str, str]:
    """Return month and department that were asked for, if there are such."""
    month, department = request.GET.get("month", ""), request.GET.get("department", "")
    return (
        month if month in queries.months() else "",
        department if department in queries.departments() else "",
    )


def _departments() -> list[tuple[str, str]]:
    named = [(code, words.department_name(code)) for code in queries.departments()]
    return sorted(named, key=lambda pair: pair[1])


COLUMNS = ("month", "department", "item", "grade", "number")


@public("open data: the published counts, for spreadsheets")
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """One line for each month, department, item and grade, as `verifier ratings` counts them."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="ratings.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    month, department = asked(request)
    rows = queries.figures(month=month, department=department)
    writer.writerows(rows.values_list(*COLUMNS).iterator())
    return response
