"""How long decided cases took (效能)."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from django.db.models import QuerySet, Sum

from mingtang.cases.models import CaseRow, EfficiencyRow, FirstReviewRow
from mingtang.core import clock, efficiency
from mingtang.core.history import WIRE
from mingtang.ledger.models import LedgerEntry


def efficiency_months() -> list[str]:
    """Return the months in which cases were decided, newest first."""
    found = EfficiencyRow.objects.order_by("-month").values_list("month", flat=True)
    return list(found.distinct())


def efficiency_rows(
    *, month: str = "", department: str = "", act: efficiency.Act | None = None
) -> QuerySet[EfficiencyRow]:
    """Return the sums by working days taken, those of one month, department or act if named."""
    rows = EfficiencyRow.objects.order_by("department", "item", "month", "used_days", "act")
    if act is not None:
        rows = rows.filter(act=act)
    if month:
        rows = rows.filter(month=month)
    return rows.filter(department=department) if department else rows


def efficiency_by_item(
    *,
    month: str = "",
    department: str = "",
    act: efficiency.Act = efficiency.Act.DECISION,
) -> dict[tuple[str, str], efficiency.Figures]:
    """Return the figures of each department and item. Reads sums, never cases."""
    sums: dict[tuple[str, str], dict[int, efficiency.Sums]] = {}
    grouped = (
        efficiency_rows(month=month, department=department, act=act)
        .order_by()
        .values_list("department", "item", "used_days")
        .annotate(*(Sum(f.name) for f in fields(efficiency.Sums)))
    )
    for code, item, days, *numbers in grouped:
        sums.setdefault((code, item), {})[days] = efficiency.Sums(*numbers)
    return {place: efficiency.figures(by_days) for place, by_days in sorted(sums.items())}


def efficiency_in_all(*, month: str = "", department: str = "") -> efficiency.Figures | None:
    """Return the figures of everything together; None while nothing was decided."""
    grouped = (
        efficiency_rows(month=month, department=department, act=efficiency.Act.DECISION)
        .order_by()
        .values_list("used_days")
        .annotate(*(Sum(f.name) for f in fields(efficiency.Sums)))
    )
    by_days = {days: efficiency.Sums(*numbers) for days, *numbers in grouped}
    return efficiency.figures(by_days) if by_days else None


def efficiency_by_month(*, department: str = "") -> dict[str, efficiency.Figures]:
    """Return the figures of each month, oldest first."""
    sums: dict[str, dict[int, efficiency.Sums]] = {}
    grouped = (
        efficiency_rows(department=department, act=efficiency.Act.DECISION)
        .order_by()
        .values_list("month", "used_days")
        .annotate(*(Sum(f.name) for f in fields(efficiency.Sums)))
    )
    for month, days, *numbers in grouped:
        sums.setdefault(month, {})[days] = efficiency.Sums(*numbers)
    return {month: efficiency.figures(by_days) for month, by_days in sorted(sums.items())}


def decided_in(month: str, department: str, item: str) -> QuerySet[CaseRow]:
    """Return the cases behind a figure of one month: those decided in it, in their order."""
    first, after = _bounds(month)
    rows = CaseRow.objects.filter(
        department=department,
        item=item,
        stage__in=efficiency.DECIDED,
        closed_at__gte=first,
        closed_at__lt=after,
    )
    return rows.order_by("closed_at", "number")


def handed_up_in(month: str, organ: str, item: str) -> QuerySet[FirstReviewRow]:
    """Return the first reviews behind a figure of one month: those handed up in it, in order."""
    first, after = (moment.date() for moment in _bounds(month))
    rows = FirstReviewRow.objects.filter(
        organ=organ, item=item, handed_date__gte=first, handed_date__lt=after
    )
    return rows.order_by("handed_date", "number")


def _bounds(month: str) -> tuple[datetime, datetime]:
    """Return the first moment of a month, and of the next."""
    year, number = map(int, month.split("-"))
    first = datetime(year, number, 1, tzinfo=clock.CHINA)
    return first, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=clock.CHINA)


def efficiency_departments() -> list[str]:
    """Return the departments that have figures."""
    found = EfficiencyRow.objects.order_by("department").values_list("department", flat=True)
    return list(found.distinct())


def measurements(indexes: Collection[int]) -> dict[int, efficiency.Event]:
    """Return the measurements that stand in these entries."""
    kinds = [event.kind for event in efficiency.EVENTS]
    entries = LedgerEntry.objects.filter(index__in=list(indexes), kind__in=kinds)
    return {index: WIRE.decode(bytes(body)) for index, body in entries.values_list("index", "body")}
