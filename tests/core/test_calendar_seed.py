"""The first working-day calendar, checked against a second source and against the notices."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from mingtang.config.calendar_seed import CORRECTIONS, seed_years
from mingtang.core import calendars
from mingtang.core.calendars import PublishCalendarYear
from mingtang.core.clock import civil_day
from mingtang.core.worktime import DayKind, Due, WorkCalendar, add_working_days
from tests.core.test_calendars import AT
from tests.core.work_calendars import YEAR_2025, YEAR_2026

SEED = WorkCalendar(tuple(seed_years(2004, 2028)))

# Every day from 2004 to 2026 on which the two libraries differ, and what the notice says.
DIFFERENCES = {
    # 国办发明电〔2005〕35号, about 2006: 31 December, a Saturday, is worked for 3 January.
    # chinesecalendar leaves it out, holidays has it. The notice is followed.
    date(2005, 12, 31): DayKind.MAKEUP,
}


def every_day(first: int, last: int) -> list[date]:
    begin, end = date(first, 1, 1), date(last, 12, 31)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def test_the_two_libraries_agree_but_for_the_days_listed() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    days = every_day(2004, 2026)
    assert [
        day for day in days if chinese_calendar.is_workday(day) != other.is_working_day(day)
    ] == list(DIFFERENCES)


def test_the_seed_follows_the_notices_where_the_libraries_differ() -> None:
    assert {day: SEED.reason(day) for day in DIFFERENCES} == DIFFERENCES
    assert {day: SEED.is_working(day) for day in CORRECTIONS} == CORRECTIONS


def test_the_seed_is_the_second_source_day_by_day() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    days = every_day(2004, 2026)
    assert [day for day in days if SEED.is_working(day) != other.is_working_day(day)] == []


def test_2025_and_2026_are_as_written_out_from_the_notices() -> None:
    [year_2025, year_2026] = seed_years(2025, 2026)
    assert year_2025 == YEAR_2025
    assert year_2026 == YEAR_2026


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2019, 4, 28), DayKind.MAKEUP),  # the Labour Day of 2019, changed in March
        (date(2019, 5, 2), DayKind.HOLIDAY),
        (date(2015, 9, 4), DayKind.HOLIDAY),  # the seventieth anniversary
        (date(2015, 9, 6), DayKind.MAKEUP),
        (date(2020, 1, 31), DayKind.HOLIDAY),  # Spring Festival 2020, prolonged
        (date(2022, 12, 31), DayKind.HOLIDAY),  # a day the notice about 2023 speaks of
        (date(2025, 1, 26), DayKind.MAKEUP),
        (date(2026, 2, 14), DayKind.MAKEUP),
        (date(2026, 11, 23), DayKind.WORKING),
    ],
)
def test_days_people_asked_about(day: date, kind: DayKind) -> None:
    assert SEED.reason(day) is kind


def test_a_year_changed_under_way_names_both_notices() -> None:
    [year] = seed_years(2019, 2019)
    assert year.source == (
        "国务院办公厅关于2019年部分节假日安排的通知；国务院办公厅关于调整2019年劳动节假期安排的通知"
    )


def test_years_to_come_are_forecast_without_makeup_days() -> None:
    [year_2027, year_2028] = seed_years(2027, 2028)
    assert (year_2027.official, year_2028.official) == (False, False)
    assert (year_2027.makeup_days, year_2028.makeup_days) == ((), ())
    assert SEED.reason(date(2027, 1, 1)) is DayKind.HOLIDAY
    assert SEED.reason(date(2027, 10, 1)) is DayKind.HOLIDAY
    assert SEED.reason(date(2027, 1, 4)) is DayKind.WORKING
    assert {day.year for day in year_2027.off_days} == {2027}


def test_dates_beyond_the_announced_years_work_today() -> None:
    today = civil_day(AT)
    assert today == date(2026, 11, 23)
    assert add_working_days(today, 28, calendar=SEED) == Due(date(2026, 12, 31), False)
    assert add_working_days(today, 29, calendar=SEED) == Due(date(2027, 1, 4), True)
    assert add_working_days(today, 45, calendar=SEED) == Due(date(2027, 1, 26), True)


def test_every_seeded_year_may_be_published_as_it_is() -> None:
    for year in SEED.years:
        [event] = calendars.DECIDER.decide(
            calendars.DECIDER.initial,
            PublishCalendarYear(
                year=year.year,
                official=year.official,
                off_days=year.off_days,
                makeup_days=year.makeup_days,
                source=year.source,
                by="演示",
                at=AT,
            ),
        )
        assert calendars.published_year(event) == year


def test_before_2004_nothing_is_known() -> None:
    with pytest.raises(ValueError, match="no announced calendar is known before 2004"):
        seed_years(2003, 2005)
