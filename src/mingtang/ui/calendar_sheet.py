"""Days laid out as a calendar sheet (日历): weeks from Monday to Sunday."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

Day = Mapping[str, Any]


def weeks(days: Sequence[Day]) -> list[list[Day | None]]:
    """Lay `days` (each with a `date`) out in rows of seven, Monday first.

    A place outside the first and last day, or a day not told about, is None. The first day shown
    and the first of a month carry `month`: true, so that the sheet can name the month there.
    """
    if not days:
        return []
    told = {day["date"]: day for day in days}
    first, last = min(told), max(told)
    monday = first - timedelta(days=first.weekday())
    rows = (last - monday).days // 7 + 1

    def place(offset: int) -> Day | None:
        day = told.get(monday + timedelta(days=offset))
        if day is None:
            return None
        return {**day, "month": day["date"] == first or day["date"].day == 1}

    return [[place(7 * row + column) for column in range(7)] for row in range(rows)]
