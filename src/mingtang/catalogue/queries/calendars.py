"""The working-day calendar."""

from datetime import date

from mingtang.catalogue.models import CalendarYearRow
from mingtang.core.worktime import CalendarYear, WorkCalendar
from mingtang.ledger.memory import until_changed


@until_changed("calendar")
def calendar() -> WorkCalendar:
    """Return the working-day calendar (工作日历) as far as it has been entered."""
    return WorkCalendar(tuple(map(calendar_year, calendar_years())))


def calendar_years() -> list[CalendarYearRow]:
    """Return the years entered, newest first, with who entered them and where it is recorded."""
    return list(CalendarYearRow.objects.order_by("-year"))


def calendar_year(row: CalendarYearRow) -> CalendarYear:
    return CalendarYear(
        year=row.year,
        official=row.official,
        off_days=_days(row.off_days),
        makeup_days=_days(row.makeup_days),
        source=row.source,
    )


def _days(text: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, text.split()))
