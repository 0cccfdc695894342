"""Efficiency (效能公示): what cases took, by department and item, and how each figure is made."""

import csv
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.cases import queries
from mingtang.cases.actions.efficiency import stream_of
from mingtang.cases.views import words
from mingtang.catalogue import queries as catalogue
from mingtang.core.catalogue import ItemContent
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.efficiency import Act, Figures, Sums
from mingtang.ledger import queries as log
from mingtang.people.access import public

LINES, CASES, MONTHS = 30, 50, 12  # on one page


@public("what cases took is published, by department and item; it names nobody")
@require_safe
def efficiency(request: HttpRequest) -> HttpResponse:
    """The figures of one month or of all, one department or all."""
    month, department = asked(request)
    found = queries.efficiency_by_item(month=month, department=department)
    in_all = queries.efficiency_in_all(month=month, department=department)
    page = Paginator(sorted(found), LINES).get_page(request.GET.get("page"))
    most_saved = _most_saved(found)
    below = queries.efficiency_by_item(month=month, department=department, act=Act.FIRST_REVIEW)
    shown_items = {item for _code, item in page} | {item for (_code, item), _one in most_saved}
    shown_items |= {item for _code, item in below}
    names = item_names(sorted(shown_items))
    months = list(queries.efficiency_by_month(department=department).items())[-MONTHS:]
    context: dict[str, Any] = {
        "month": month,
        "months": queries.efficiency_months(),
        "department": department,
        "departments": _departments(),
        "all": shown(in_all) if in_all else None,
        "strip": _strip(in_all) if in_all else [],
        "by_month": [(name, shown(figures)) for name, figures in months],
        "lines": [
            {
                "department": words.body_name(code),
                "item": names.get(item, item),
                "key": item,
                "cases_url": month and f"{month}/{code}/{item}/",
                **shown(found[code, item]),
                **_published(item),
            }
            for code, item in page
        ],
        "first_reviews": [
            {
                "department": words.body_name(code),
                "item": names.get(item, item),
                "cases_url": month and f"{month}/{code}/{item}/first-review/",
                **shown(one),
            }
            for (code, item), one in below.items()
        ],
        "saved": [
            {
                "department": words.body_name(code),
                "item": names.get(item, item),
                "key": item,
                **saved(one.sums),
            }
            for (code, item), one in most_saved
        ],
        "page": page,
    }
    return render(request, "cases/efficiency.html", context)


def asked(request: HttpRequest) -> tuple[str, str]:
    """Return month and department that were asked for, if there are such."""
    month, department = request.GET.get("month", ""), request.GET.get("department", "")
    return (
        month if month in queries.efficiency_months() else "",
        department if department in queries.efficiency_departments() else "",
    )


def _departments() -> list[tuple[str, str]]:
    named = [(code, words.body_name(code)) for code in queries.efficiency_departments()]
    return sorted(named, key=lambda pair: pair[1])


def item_names(keys: Sequence[str]) -> dict[str, str]:
    return {row.key: words.either(row.name, row.name_en) for row in catalogue.named(keys)}


def shown(figures: Figures) -> dict[str, Any]:
    """Return figures as a line of a table says them: days with a decimal, shares in percent."""
    sums = figures.sums
    return {
        "cases": sums.cases,
        "statutory": decimal(Fraction(sums.statutory_days, sums.cases)),
        "promised": decimal(Fraction(sums.promised_days, sums.cases)),
        "mean": decimal(figures.mean),
        "median": figures.median,
        "p90": figures.p90,
        "used_share": percent(figures.used_of_statutory),
        "used_tenths": tenths(figures.used_of_statutory),
        "promised_share": percent(figures.promised_of_statutory),
        "spot": percent(figures.on_the_spot),
        "in_time": percent(figures.in_time),
        "late": sums.cases - sums.in_time,
    }


def _most_saved(
    found: Mapping[tuple[str, str], Figures],
) -> list[tuple[tuple[str, str], Figures]]:
    """Return the items that say what they took before, most visits saved first."""
    compared = [(place, one) for place, one in found.items() if one.sums.compared]

    def order(line: tuple[tuple[str, str], Figures]) -> tuple[int, tuple[str, str]]:
        place, one = line
        return one.sums.visits - one.sums.visits_before, place

    return sorted(compared, key=order)[:LINES]


def saved(sums: Sums) -> dict[str, Any]:
    """Return what cases took before and take now, on average, and the visits saved in all."""

    def each(total: int) -> str:
        return decimal(Fraction(total, sums.compared))

    return {
        "compared": sums.compared,
        "visits": (each(sums.visits_before), each(sums.visits)),
        "steps": (each(sums.steps_before), each(sums.steps)),
        "seals": (each(sums.seals_before), each(sums.seals)),
        "visits_saved": sums.visits_before - sums.visits,
    }


def decimal(value: Fraction) -> str:
    """Return `3.3` for 13/4, rounded half up."""
    rounded = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{rounded // 10}.{rounded % 10}"


def percent(share: Fraction | None) -> str:
    """Return `91.4%` for 914 of 1,000; a dash where there is nothing to compare with."""
    return "—" if share is None else f"{decimal(100 * share)}%"


def tenths(share: Fraction | None) -> int:
    """Return a share in thousandths, at most all of it, for a bar."""
    return 0 if share is None else min(1000, int(1000 * share))


def _published(item: str) -> dict[str, Any]:
    """Return what the guide says of an item: visits and steps. Nothing once it is withdrawn."""
    try:
        content: ItemContent | None = catalogue.item_in_force(item).content
    except Refused:
        content = None
    visits = content.visits if content else None
    return {
        "visits": "—" if visits is None else visits,
        "steps": "—" if content is None else len(content.steps) + BACKBONE,
        "linked": content is not None,
    }


BACKBONE = 2  # acceptance and decision, beside an item's own steps


def _strip(figures: Figures) -> list[dict[str, Any]]:
    line = shown(figures)
    return [
        {"label": _("已作决定"), "value": f"{line['cases']:,}", "unit": _("件")},
        {
            "label": _("平均用时"),
            "was": line["statutory"],
            "value": line["mean"],
            "unit": _("个工作日"),
            "note": _("左边是法定时限"),
        },
        {"label": _("实际用时 / 法定时限"), "value": line["used_share"]},
        {"label": _("按承诺办结"), "value": line["in_time"]},
        {"label": _("当场办结"), "value": line["spot"]},
        *_strip_of_visits(figures.sums),
    ]


def _strip_of_visits(sums: Sums) -> list[dict[str, Any]]:
    if not sums.compared:
        return []
    before, now = saved(sums)["visits"]
    note = _("左边是改革前；写明改革前情况的 %(n)s 件") % {"n": f"{sums.compared:,}"}
    return [{"label": _("到场"), "was": before, "value": now, "unit": _("次"), "note": note}]


# ── The cases behind a figure ───────────────────────────────────────────────


@public("which measurements a figure is the sum of; each stands in the public log")
@require_safe
def behind(request: HttpRequest, month: str, department: str, item: str) -> HttpResponse:
    """The entries one item's figures of one month are made of."""
    if month not in queries.efficiency_months():
        raise Http404
    rows = queries.decided_in(month, department, item)
    page = Paginator(rows, CASES).get_page(request.GET.get("page"))
    streams = [f"efficiency/{row.number}" for row in page]
    entries = {entry.stream: entry for entry in log.entries_among(streams, size=log.size())}
    measured = queries.measurements([entry.index for entry in entries.values()])
    lines = [
        {"decided": civil_day(row.closed_at), "index": index, "event": measured[index]}
        for row, stream in zip(page, streams, strict=True)
        if row.closed_at and stream in entries
        for index in [entries[stream].index]
    ]
    names = item_names([item])
    if not lines:
        raise Http404
    context = {
        "month": month,
        "department": words.body_name(department),
        "item": names.get(item, item),
        "lines": lines,
        "page": page,
        **shown(queries.efficiency_by_item(month=month, department=department)[department, item]),
    }
    return render(request, "cases/efficiency_behind.html", context)


@public("which measurements a figure is the sum of; each stands in the public log")
@require_safe
def behind_first_reviews(
    request: HttpRequest, month: str, department: str, item: str
) -> HttpResponse:
    """The entries one item's figures of first reviews (初审) in one month are made of."""
    if month not in queries.efficiency_months():
        raise Http404
    rows = queries.handed_up_in(month, department, item)
    page = Paginator(rows, CASES).get_page(request.GET.get("page"))
    streams = [f"efficiency/{stream_of(row.number, Act.FIRST_REVIEW)}" for row in page]
    entries = {entry.stream: entry for entry in log.entries_among(streams, size=log.size())}
    measured = queries.measurements([entry.index for entry in entries.values()])
    lines = [
        {"handed": row.handed_date, "index": index, "event": measured[index]}
        for row, stream in zip(page, streams, strict=True)
        if stream in entries
        for index in [entries[stream].index]
    ]
    if not lines:
        raise Http404
    found = queries.efficiency_by_item(month=month, department=department, act=Act.FIRST_REVIEW)
    context = {
        "month": month,
        "department": words.body_name(department),
        "item": item_names([item]).get(item, item),
        "lines": lines,
        "page": page,
        **shown(found[department, item]),
    }
    return render(request, "cases/efficiency_first_reviews.html", context)


COLUMNS = (
    "month",
    "department",
    "act",
    "item",
    "used_days",
    "cases",
    "in_time",
    "on_the_spot",
    "statutory_days",
    "promised_days",
    "compared",
    "visits",
    "steps",
    "seals",
    "visits_before",
    "steps_before",
    "seals_before",
)


@public("open data: the sums all figures are made of, for spreadsheets")
@require_safe
def efficiency_csv(request: HttpRequest) -> HttpResponse:
    """One line for each month, department, item and number of working days taken."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="efficiency.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    month, department = asked(request)
    rows = queries.efficiency_rows(month=month, department=department)
    writer.writerows(rows.values_list(*COLUMNS).iterator())
    return response
