"""Two years as the State Council announced them, written out by hand, for tests of the rules."""

from datetime import date, timedelta

from mingtang.core.worktime import CalendarYear, WorkCalendar


def span(first: str, last: str) -> tuple[date, ...]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return tuple(begin + timedelta(days=n) for n in range((end - begin).days + 1))


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


YEAR_2025 = CalendarYear(
    year=2025,
    official=True,
    off_days=(
        *days("2025-01-01"),
        *span("2025-01-28", "2025-02-04"),
        *span("2025-04-04", "2025-04-06"),
        *span("2025-05-01", "2025-05-05"),
        *span("2025-05-31", "2025-06-02"),
        *span("2025-10-01", "2025-10-08"),
    ),
    makeup_days=days("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    source="国务院办公厅关于2025年部分节假日安排的通知",
)
YEAR_2026 = CalendarYear(
    year=2026,
    official=True,
    off_days=(
        *span("2026-01-01", "2026-01-03"),
        *span("2026-02-15", "2026-02-23"),
        *span("2026-04-04", "2026-04-06"),
        *span("2026-05-01", "2026-05-05"),
        *span("2026-06-19", "2026-06-21"),
        *span("2026-09-25", "2026-09-27"),
        *span("2026-10-01", "2026-10-07"),
    ),
    makeup_days=days(
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"
    ),
    source="国务院办公厅关于2026年部分节假日安排的通知",
)
FORECAST_2027 = CalendarYear(
    year=2027,
    official=False,
    off_days=(*days("2027-01-01"), *span("2027-02-05", "2027-02-11")),
    makeup_days=(),
    source="预测",
)
# Made up for the tests: no notice for 2027 is quoted here.
NOTICE_2027 = CalendarYear(
    year=2027,
    official=True,
    off_days=(*span("2027-01-01", "2027-01-04"), *span("2027-02-05", "2027-02-11")),
    makeup_days=days("2027-01-09"),
    source="演示通知",
)
KNOWN = WorkCalendar((YEAR_2025, YEAR_2026))
FORECAST = WorkCalendar((YEAR_2025, YEAR_2026, FORECAST_2027))
ANNOUNCED = WorkCalendar((YEAR_2025, YEAR_2026, NOTICE_2027))
