"""Working days (工作日) and the periods counted in them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.worktime import (
    DayKind,
    Due,
    WorkCalendar,
    add_working_days,
    working_days_between,
)
from tests.core.work_calendars import (
    ANNOUNCED,
    FORECAST,
    FORECAST_2027,
    KNOWN,
    NOTICE_2027,
    YEAR_2025,
    YEAR_2026,
)

NOTHING_KNOWN = WorkCalendar(())
starts = st.dates(date(2024, 11, 1), date(2027, 6, 30))
budgets = st.integers(0, 120)


def test_twenty_working_days_from_10_february_2026_end_on_16_march() -> None:
    # 11 to 14 February (14 is a worked Saturday), 24 to 28 (28 too), then two weeks and a day
    assert add_working_days(date(2026, 2, 10), 20, calendar=KNOWN) == Due(date(2026, 3, 16), False)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2025, 1, 26), DayKind.MAKEUP),  # a Sunday
        (date(2026, 2, 14), DayKind.MAKEUP),  # a Saturday
        (date(2026, 2, 15), DayKind.HOLIDAY),  # a Sunday inside Spring Festival
        (date(2026, 2, 23), DayKind.HOLIDAY),  # a Monday given off
        (date(2026, 3, 7), DayKind.WEEKEND),
        (date(2026, 3, 9), DayKind.WORKING),
    ],
)
def test_a_day_says_why_it_is_worked_or_not(day: date, kind: DayKind) -> None:
    assert KNOWN.reason(day) is kind
    assert KNOWN.is_working(day) is (kind in (DayKind.WORKING, DayKind.MAKEUP))


def test_the_day_of_the_act_is_not_counted() -> None:
    assert add_working_days(date(2026, 3, 2), 1, calendar=KNOWN).date == date(2026, 3, 3)
    # an act on a Saturday starts a period on Monday
    assert add_working_days(date(2026, 3, 7), 1, calendar=KNOWN).date == date(2026, 3, 9)


def test_no_days_is_the_day_itself_worked_or_not() -> None:
    assert add_working_days(date(2026, 3, 7), 0, calendar=NOTHING_KNOWN) == Due(
        date(2026, 3, 7), False
    )


def test_a_negative_period_is_an_error() -> None:
    with pytest.raises(ValueError, match="a period cannot have -1 days"):
        add_working_days(date(2026, 3, 2), -1, calendar=KNOWN)


def test_beyond_the_announced_years_a_date_is_given_and_marked_provisional() -> None:
    start = date(2026, 11, 23)
    assert add_working_days(start, 28, calendar=KNOWN) == Due(date(2026, 12, 31), False)
    assert add_working_days(start, 29, calendar=KNOWN) == Due(date(2027, 1, 1), True)
    assert add_working_days(start, 29, calendar=FORECAST) == Due(date(2027, 1, 4), True)
    assert add_working_days(start, 29, calendar=ANNOUNCED) == Due(date(2027, 1, 5), False)


def test_an_unknown_year_is_plain_weekends_and_never_an_error() -> None:
    assert NOTHING_KNOWN.reason(date(2031, 10, 1)) is DayKind.WORKING
    assert NOTHING_KNOWN.reason(date(2031, 10, 4)) is DayKind.WEEKEND
    assert not NOTHING_KNOWN.is_official(date(2031, 10, 1))
    assert NOTHING_KNOWN.source(date(2031, 10, 1)) == ""
    assert KNOWN.source(date(2026, 10, 1)) == "国务院办公厅关于2026年部分节假日安排的通知"


def test_a_provisional_gap_makes_a_date_provisional_though_both_ends_are_official() -> None:
    gap = WorkCalendar((YEAR_2025, FORECAST_2027, replace(YEAR_2026, official=False)))
    around = WorkCalendar((YEAR_2025, NOTICE_2027))
    assert add_working_days(date(2025, 12, 1), 300, calendar=around).provisional
    assert add_working_days(date(2025, 12, 1), 10, calendar=gap).provisional is False


def test_the_order_of_years_and_days_does_not_matter() -> None:
    shuffled = replace(YEAR_2026, off_days=YEAR_2026.off_days[::-1] + YEAR_2026.off_days[:1])
    assert WorkCalendar((shuffled, YEAR_2025)) == KNOWN
    assert hash(WorkCalendar((shuffled, YEAR_2025))) == hash(KNOWN)
    assert WorkCalendar((shuffled, YEAR_2025)).version == KNOWN.version


def test_the_version_is_the_same_everywhere_and_changes_with_the_contents() -> None:
    assert KNOWN.version == "08a05dbff597"
    versions = {calendar.version for calendar in (NOTHING_KNOWN, KNOWN, FORECAST, ANNOUNCED)}
    assert len(versions) == 4


def test_a_year_given_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="a calendar holds each year once"):
        WorkCalendar((FORECAST_2027, NOTICE_2027))


@given(starts, budgets)
def test_a_period_holds_exactly_its_working_days_and_ends_on_one(start: date, days: int) -> None:
    due = add_working_days(start, days, calendar=KNOWN).date
    assert working_days_between(start, due, calendar=KNOWN) == days
    assert due == start if days == 0 else KNOWN.is_working(due)


@given(starts, budgets, budgets)
def test_a_period_in_two_parts_ends_where_the_whole_does(start: date, one: int, two: int) -> None:
    half = add_working_days(start, one, calendar=FORECAST)
    rest = add_working_days(half.date, two, calendar=FORECAST)
    whole = add_working_days(start, one + two, calendar=FORECAST)
    assert rest.date == whole.date
    assert (half.provisional or rest.provisional) == whole.provisional


@given(starts, budgets)
def test_a_day_more_always_ends_later(start: date, days: int) -> None:
    shorter = add_working_days(start, days, calendar=FORECAST).date
    assert add_working_days(start, days + 1, calendar=FORECAST).date > shorter


@given(starts, budgets)
def test_provisional_means_some_day_of_the_period_is_not_official(start: date, days: int) -> None:
    due = add_working_days(start, days, calendar=FORECAST)
    period = [start + timedelta(days=n) for n in range(1, (due.date - start).days + 1)]
    assert due.provisional == (not all(map(FORECAST.is_official, period)))


@given(starts, starts)
def test_counting_between_two_days_agrees_with_asking_each_day(after: date, until: date) -> None:
    period = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    expected = sum(map(FORECAST.is_working, period))
    assert working_days_between(after, until, calendar=FORECAST) == expected
