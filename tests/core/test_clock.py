"""The clocks of a case (办件时限): due dates, pauses, interruptions, explanations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.clock import (
    DayLine,
    Extension,
    Interruption,
    LineKind,
    Pause,
    Standing,
    Term,
    civil_day,
    due,
    explain,
    redated,
    standing,
    used,
)
from mingtang.core.worktime import Due, WorkCalendar, add_working_days, working_days_between
from tests.core.work_calendars import (
    ANNOUNCED,
    FORECAST,
    FORECAST_2027,
    KNOWN,
    YEAR_2025,
    YEAR_2026,
)

# Accepted on 10 February 2026 with 20 working days: due on 16 March.
TERM = Term(budget_days=20, started=date(2026, 2, 10))
DUE = date(2026, 3, 16)
TEST = Pause("inspection", date(2026, 2, 24), date(2026, 3, 3), "行政许可法第四十五条")
ANEW = Interruption("new-materials", date(2026, 2, 24), date(2026, 3, 3), "示例规定")
HEAD = Extension(10, "行政许可法第四十二条")
SHANGHAI = timezone(timedelta(hours=8))


def due_day(term: Term, calendar: WorkCalendar = KNOWN) -> date | None:
    last = due(term, calendar=calendar)
    return last.date if last else None


def stands(term: Term, today: date, closed: date | None = None) -> Standing:
    return standing(term, today=today, calendar=KNOWN, closed=closed)


# ── Which day a moment belongs to ───────────────────────────────────────────


def test_half_past_midnight_in_shanghai_is_the_new_day_though_utc_says_yesterday() -> None:
    moment = datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI)
    assert moment.astimezone(UTC).date() == date(2026, 2, 28)
    assert civil_day(moment) == date(2026, 3, 1)
    assert civil_day(moment.astimezone(UTC)) == date(2026, 3, 1)


def test_a_moment_without_offset_is_an_error() -> None:
    with pytest.raises(ValueError, match="a moment needs its offset"):
        civil_day(datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI).replace(tzinfo=None))


# ── Due dates ───────────────────────────────────────────────────────────────


def test_a_term_without_incidents_is_its_working_days() -> None:
    assert due(TERM, calendar=KNOWN) == Due(DUE, False)


def test_an_extension_adds_its_days() -> None:
    assert due_day(replace(TERM, extensions=(HEAD,))) == date(2026, 3, 30)


def test_a_suspension_moves_the_due_date_by_its_worked_days() -> None:
    # 24 to 28 February, a worked Saturday among them, and 2 March: six days
    assert due_day(replace(TERM, pauses=(TEST,))) == date(2026, 3, 24)


def test_an_interruption_begins_the_whole_term_anew_where_a_suspension_goes_on() -> None:
    assert due_day(replace(TERM, interruptions=(ANEW,))) == date(2026, 3, 31)
    assert due_day(replace(TERM, pauses=(TEST,))) == date(2026, 3, 24)


def test_an_interrupted_term_keeps_its_extension() -> None:
    term = replace(TERM, extensions=(HEAD,), interruptions=(ANEW,))
    assert due_day(term) == add_working_days(date(2026, 3, 3), 30, calendar=KNOWN).date


def test_stopping_and_going_on_within_one_day_moves_nothing() -> None:
    same_day = replace(TEST, until_date=TEST.from_date)
    assert due_day(replace(TERM, pauses=(same_day,))) == DUE


def test_a_pause_over_holidays_only_moves_nothing() -> None:
    festival = Pause("hearing", date(2026, 2, 15), date(2026, 2, 24), "行政许可法第四十五条")
    assert due_day(replace(TERM, pauses=(festival,))) == DUE


def test_overlapping_pauses_are_not_counted_twice() -> None:
    other = Pause("hearing", date(2026, 2, 26), date(2026, 3, 4), "行政许可法第四十五条")
    # together 24 February to 3 March: seven worked days
    assert due_day(replace(TERM, pauses=(other, TEST))) == date(2026, 3, 25)


def test_paused_on_the_last_day_the_day_it_goes_on_is_the_last() -> None:
    late = Pause("hearing", DUE, date(2026, 3, 20), "行政许可法第四十五条")
    assert due_day(replace(TERM, pauses=(late,))) == date(2026, 3, 20)
    to_sunday = replace(late, until_date=date(2026, 3, 22))
    assert due_day(replace(TERM, pauses=(to_sunday,))) == date(2026, 3, 23)


def test_while_paused_with_no_end_known_there_is_no_due_date() -> None:
    term = replace(TERM, pauses=(replace(TEST, until_date=None),))
    assert due(term, calendar=KNOWN) is None
    term = replace(TERM, interruptions=(replace(ANEW, restart_date=None),))
    assert due(term, calendar=KNOWN) is None


def test_a_pause_or_interruption_after_the_due_date_comes_too_late() -> None:
    after = DUE + timedelta(days=1)
    paused = replace(TERM, pauses=(replace(TEST, from_date=after, until_date=None),))
    assert due_day(paused) == DUE
    assert stands(paused, after) is Standing.OVER
    anew = Interruption("new-materials", after, date(2026, 4, 1), "示例规定")
    assert due_day(replace(TERM, interruptions=(anew,))) == DUE


def test_two_interruptions_count_from_the_last_restart() -> None:
    again = Interruption("new-materials", date(2026, 3, 10), date(2026, 3, 12), "示例规定")
    term = replace(TERM, interruptions=(again, ANEW))
    assert due_day(term) == add_working_days(date(2026, 3, 12), 20, calendar=KNOWN).date


def test_an_interruption_within_one_day_begins_anew_that_day() -> None:
    at_once = replace(ANEW, restart_date=ANEW.from_date)
    term = replace(TERM, interruptions=(at_once,))
    assert due_day(term) == add_working_days(date(2026, 2, 24), 20, calendar=KNOWN).date


def test_an_interruption_on_the_due_date_is_in_time() -> None:
    anew = Interruption("new-materials", DUE, date(2026, 3, 17), "示例规定")
    term = replace(TERM, interruptions=(anew,))
    assert due_day(term) == add_working_days(date(2026, 3, 17), 20, calendar=KNOWN).date


def test_an_interruption_on_the_day_of_the_start_changes_nothing() -> None:
    started = TERM.started
    term = replace(TERM, interruptions=(Interruption("new-materials", started, started, ""),))
    assert due_day(term) == DUE
    assert explain(term, until=DUE, calendar=KNOWN) == explain(TERM, until=DUE, calendar=KNOWN)


def test_acts_dated_backwards_by_a_clock_set_back_neither_fail_nor_gain_days() -> None:
    before = TERM.started - timedelta(days=30)
    assert due_day(replace(TERM, pauses=(replace(TEST, until_date=before),))) == DUE
    backwards = replace(TERM, interruptions=(replace(ANEW, restart_date=before),))
    at_once = replace(TERM, interruptions=(replace(ANEW, restart_date=ANEW.from_date),))
    assert due_day(backwards) == due_day(at_once)


def test_days_made_void_do_not_make_the_new_due_date_provisional() -> None:
    calendar = WorkCalendar((replace(YEAR_2025, official=False), YEAR_2026))
    term = Term(budget_days=5, started=date(2025, 12, 20))
    anew = Interruption("new-materials", date(2025, 12, 25), date(2026, 3, 3), "示例规定")
    assert due(term, calendar=calendar) == Due(date(2025, 12, 26), True)
    again = replace(term, interruptions=(anew,))
    assert due(again, calendar=calendar) == Due(date(2026, 3, 10), False)
    paused = replace(again, pauses=(TEST,))  # over by the day of the restart
    assert due(paused, calendar=calendar) == Due(date(2026, 3, 10), False)


def test_a_pause_reaching_over_a_restart_only_costs_days_after_it() -> None:
    long = replace(TEST, until_date=date(2026, 3, 6))  # 4 and 5 March lie after the restart
    term = replace(TERM, pauses=(long,), interruptions=(ANEW,))
    assert due_day(term) == add_working_days(date(2026, 3, 3), 22, calendar=KNOWN).date


def test_a_case_on_the_spot_is_due_the_day_it_starts_or_goes_on() -> None:
    spot = Term(budget_days=0, started=date(2026, 3, 7))
    assert due_day(spot) == date(2026, 3, 7)
    paused = replace(spot, pauses=(Pause("hearing", spot.started, date(2026, 3, 12), ""),))
    assert due_day(paused) == date(2026, 3, 12)


# ── Where a term stands ─────────────────────────────────────────────────────


def test_closing_on_the_due_date_is_in_time_and_a_day_later_is_late() -> None:
    assert stands(TERM, DUE, closed=DUE) is Standing.DONE_IN_TIME
    assert stands(TERM, DUE, closed=DUE + timedelta(days=1)) is Standing.DONE_LATE


def test_exactly_the_days_allowed_is_not_over() -> None:
    assert used(TERM, today=DUE, calendar=KNOWN) == 20
    assert stands(TERM, DUE) is Standing.NEAR
    assert stands(TERM, DUE + timedelta(days=1)) is Standing.OVER


def test_a_due_date_on_a_friday_is_over_on_saturday() -> None:
    term = Term(budget_days=4, started=date(2026, 3, 9))
    assert due_day(term) == date(2026, 3, 13)
    assert stands(term, date(2026, 3, 14)) is Standing.OVER
    assert used(term, today=date(2026, 3, 14), calendar=KNOWN) == 4


def test_near_begins_with_the_eighteenth_day_of_twenty() -> None:
    assert stands(TERM, date(2026, 3, 11)) is Standing.IN_TIME
    assert stands(TERM, date(2026, 3, 12)) is Standing.NEAR
    early = standing(TERM, today=date(2026, 3, 2), calendar=KNOWN, near_percent=50)
    assert early is Standing.NEAR


def test_a_paused_term_is_paused_until_the_day_it_goes_on() -> None:
    term = replace(TERM, pauses=(TEST,))
    assert stands(term, date(2026, 2, 23)) is Standing.IN_TIME
    assert stands(term, date(2026, 2, 24)) is Standing.PAUSED
    assert stands(term, date(2026, 3, 2)) is Standing.PAUSED
    assert stands(term, date(2026, 3, 3)) is Standing.IN_TIME


def test_an_interrupted_term_is_paused_until_it_begins_anew() -> None:
    term = replace(TERM, interruptions=(ANEW,))
    assert stands(term, date(2026, 3, 2)) is Standing.PAUSED
    assert stands(term, date(2026, 3, 3)) is Standing.IN_TIME


def test_closed_while_the_clock_stands_still_is_in_time() -> None:
    term = replace(TERM, pauses=(replace(TEST, until_date=None),))
    assert stands(term, date(2026, 6, 1), closed=date(2026, 6, 1)) is Standing.DONE_IN_TIME


def test_before_it_starts_nothing_is_used() -> None:
    assert used(TERM, today=date(2026, 2, 9), calendar=KNOWN) == 0
    assert used(TERM, today=date(2026, 2, 10), calendar=KNOWN) == 0
    assert stands(TERM, date(2026, 2, 9)) is Standing.IN_TIME


def test_days_used_stop_with_closing_and_with_a_pause() -> None:
    assert used(TERM, today=DUE, calendar=KNOWN, closed=date(2026, 2, 12)) == 2
    paused = replace(TERM, pauses=(replace(TEST, until_date=None),))
    assert used(paused, today=date(2026, 6, 1), calendar=KNOWN) == 4
    interrupted = replace(TERM, interruptions=(ANEW,))
    assert used(interrupted, today=date(2026, 2, 23), calendar=KNOWN) == 4
    assert used(interrupted, today=date(2026, 3, 2), calendar=KNOWN) == 0
    assert used(interrupted, today=date(2026, 3, 4), calendar=KNOWN) == 1


# ── Explanations ────────────────────────────────────────────────────────────


def test_every_day_is_explained() -> None:
    term = Term(
        budget_days=2,
        started=date(2026, 2, 12),
        extensions=(Extension(1, "延长"),),
        pauses=(Pause("hearing", date(2026, 2, 24), date(2026, 2, 25), "听证"),),
    )
    notice = YEAR_2026.source
    festival = [
        DayLine(date(2026, 2, day), LineKind.HOLIDAY, 2, False, notice) for day in range(15, 24)
    ]
    assert explain(term, until=date(2026, 2, 26), calendar=KNOWN) == (
        DayLine(date(2026, 2, 12), LineKind.START, 0, False, ""),
        DayLine(date(2026, 2, 13), LineKind.COUNTED, 1, False, ""),
        DayLine(date(2026, 2, 14), LineKind.MAKEUP, 2, False, notice),
        *festival,
        DayLine(date(2026, 2, 24), LineKind.PAUSED, 2, False, "听证"),
        DayLine(date(2026, 2, 25), LineKind.COUNTED, 3, False, "延长"),
        DayLine(date(2026, 2, 26), LineKind.COUNTED, 4, False, ""),  # past the term
    )


def test_each_day_of_an_extension_names_it() -> None:
    term = Term(3, date(2026, 3, 9), extensions=(Extension(2, "延长一"), Extension(1, "延长二")))
    lines = explain(term, until=date(2026, 3, 17), calendar=KNOWN)
    assert [(line.number, line.basis) for line in lines if line.kind.counted] == [
        (1, ""),
        (2, ""),
        (3, ""),
        (4, "延长一"),
        (5, "延长一"),
        (6, "延长二"),
    ]


def test_an_interruption_shows_the_days_lost_and_a_second_start() -> None:
    anew = Interruption("new-materials", date(2026, 3, 5), date(2026, 3, 9), "重新起算")
    term = Term(budget_days=5, started=date(2026, 3, 3), interruptions=(anew,))
    lines = explain(term, until=date(2026, 3, 10), calendar=KNOWN)
    assert [(line.day.day, line.kind, line.number, line.basis) for line in lines] == [
        (3, LineKind.START, 0, ""),
        (4, LineKind.COUNTED, 1, ""),
        (5, LineKind.INTERRUPTED, 0, "重新起算"),
        (6, LineKind.INTERRUPTED, 0, "重新起算"),
        (7, LineKind.INTERRUPTED, 0, "重新起算"),
        (8, LineKind.INTERRUPTED, 0, "重新起算"),
        (9, LineKind.START, 0, "重新起算"),
        (10, LineKind.COUNTED, 1, ""),
    ]


def test_days_beyond_the_announced_years_are_marked() -> None:
    term = Term(budget_days=29, started=date(2026, 11, 23))
    lines = explain(term, until=date(2027, 1, 4), calendar=FORECAST)
    assert [line.day for line in lines if line.provisional] == [
        date(2027, 1, day) for day in (1, 2, 3, 4)
    ]
    assert lines[-1] == DayLine(date(2027, 1, 4), LineKind.COUNTED, 29, True, "")


def test_nothing_is_explained_before_the_start() -> None:
    assert explain(TERM, until=date(2026, 2, 9), calendar=KNOWN) == ()


# ── When the calendar changes ───────────────────────────────────────────────


def test_the_notice_moves_a_provisional_date_and_makes_it_firm() -> None:
    term = Term(budget_days=29, started=date(2026, 11, 23))
    assert redated(term, before=FORECAST, after=ANNOUNCED) == (
        Due(date(2027, 1, 4), True),
        Due(date(2027, 1, 5), False),
    )


def test_the_notice_may_only_confirm_a_date() -> None:
    confirmed = WorkCalendar((YEAR_2025, YEAR_2026, replace(FORECAST_2027, official=True)))
    term = Term(budget_days=29, started=date(2026, 11, 23))
    assert redated(term, before=FORECAST, after=confirmed) == (
        Due(date(2027, 1, 4), True),
        Due(date(2027, 1, 4), False),
    )


def test_a_date_the_notice_does_not_touch_is_left_alone() -> None:
    assert redated(TERM, before=FORECAST, after=ANNOUNCED) is None
    paused = Term(
        budget_days=29,
        started=date(2026, 11, 23),
        pauses=(Pause("hearing", date(2026, 12, 1), None, ""),),
    )
    assert redated(paused, before=FORECAST, after=ANNOUNCED) is None


# ── Properties ──────────────────────────────────────────────────────────────

start_days = st.dates(date(2025, 10, 1), date(2026, 12, 31))
offsets = st.integers(-10, 150)
lengths = st.integers(0, 40)


@st.composite
def pauses_from(draw: st.DrawFn, started: date, ended: bool = True) -> Pause:
    first = started + timedelta(days=draw(offsets))
    until = first + timedelta(days=draw(lengths))
    return Pause("hearing", first, until if ended or draw(st.booleans()) else None, "暂停")


@st.composite
def terms(draw: st.DrawFn, ended: bool = True, interrupted: bool = True) -> Term:
    started = draw(start_days)
    pauses = draw(st.lists(pauses_from(started, ended), max_size=3))
    cuts = draw(st.lists(pauses_from(started, ended), max_size=2)) if interrupted else []
    extension = draw(st.integers(0, 15))
    return Term(
        budget_days=draw(st.integers(0, 60)),
        started=started,
        extensions=(Extension(extension, "延长"),) if extension else (),
        pauses=tuple(pauses),
        interruptions=tuple(
            Interruption(cut.kind, cut.from_date, cut.until_date, "中断") for cut in cuts
        ),
    )


def paused_days(pauses: Sequence[Pause]) -> set[date]:
    return {
        date.fromordinal(n)
        for pause in pauses
        if pause.until_date is not None
        for n in range(pause.from_date.toordinal(), pause.until_date.toordinal())
    }


@given(terms(interrupted=False))
def test_the_due_date_is_the_last_of_the_days_counted_one_by_one(term: Term) -> None:
    stopped = paused_days(term.pauses)
    day, left = term.started, term.allowed_days
    left += left == 0 and day in stopped
    while left:
        day += timedelta(days=1)
        left -= FORECAST.is_working(day) and day not in stopped
    assert due_day(term, FORECAST) == day


@given(terms())
def test_an_explanation_adds_up_to_the_days_allowed(term: Term) -> None:
    last = due(term, calendar=FORECAST)
    assert last is not None
    lines = explain(term, until=last.date, calendar=FORECAST)
    assert [line.day for line in lines] == [
        term.started + timedelta(days=n) for n in range((last.date - term.started).days + 1)
    ]
    restart = max(n for n, line in enumerate(lines) if line.kind is LineKind.START)
    counted = [line.number for line in lines[restart:] if line.kind.counted]
    allowed = term.allowed_days or len(counted)  # on the spot: none, or the day it goes on
    assert counted == list(range(1, allowed + 1))
    assert len(counted) <= max(1, term.allowed_days)
    assert last.provisional == any(line.provisional for line in lines[restart + 1 :])


@given(terms(ended=False), st.integers(-5, 250))
def test_days_used_are_the_number_on_the_line_of_the_day(term: Term, offset: int) -> None:
    today = term.started + timedelta(days=offset)
    lines = explain(term, until=today, calendar=FORECAST)
    expected = lines[-1].number if lines else 0
    assert used(term, today=today, calendar=FORECAST) == expected


@given(terms(ended=False, interrupted=False), st.data())
def test_another_pause_never_makes_the_due_date_earlier(term: Term, data: st.DataObject) -> None:
    more = data.draw(pauses_from(term.started, ended=False))
    before = due_day(term)
    after = due_day(replace(term, pauses=(*term.pauses, more)))
    assert after is None or (before is not None and after >= before)


@given(terms(ended=False), st.integers(1, 30))
def test_more_days_are_never_earlier_and_an_open_pause_stays_open(term: Term, more: int) -> None:
    before = due_day(replace(term, interruptions=()))
    after = due_day(replace(term, interruptions=(), budget_days=term.budget_days + more))
    assert after is None or (before is not None and after >= before)


@given(start_days, st.integers(1, 60), st.integers(1, 40), lengths)
def test_a_pause_of_k_worked_days_moves_the_due_date_by_k(
    started: date, budget: int, offset: int, length: int
) -> None:
    plain = add_working_days(started, budget, calendar=FORECAST).date
    first = min(started + timedelta(days=offset), plain)
    until = first + timedelta(days=length)
    worked = working_days_between(
        first - timedelta(days=1), until - timedelta(days=1), calendar=FORECAST
    )
    term = Term(budget, started, pauses=(Pause("hearing", first, until, ""),))
    assert due_day(term, FORECAST) == add_working_days(plain, worked, calendar=FORECAST).date


@given(terms(), st.data())
def test_a_pause_in_two_parts_is_the_whole_pause(term: Term, data: st.DataObject) -> None:
    whole = data.draw(pauses_from(term.started))
    assert whole.until_date is not None
    middle = data.draw(st.dates(whole.from_date, whole.until_date))
    parts = (replace(whole, from_date=middle), replace(whole, until_date=middle))
    one = replace(term, pauses=(*term.pauses, whole))
    two = replace(term, pauses=(*parts, *term.pauses))
    assert due(one, calendar=FORECAST) == due(two, calendar=FORECAST)


@given(terms(ended=False), st.integers(0, 250))
def test_the_order_in_which_acts_are_told_does_not_matter(term: Term, offset: int) -> None:
    told = replace(term, pauses=term.pauses[::-1], interruptions=term.interruptions[::-1])
    today = term.started + timedelta(days=offset)
    assert due(told, calendar=FORECAST) == due(term, calendar=FORECAST)
    assert used(told, today=today, calendar=FORECAST) == used(term, today=today, calendar=FORECAST)


@given(terms(ended=False), st.integers(-5, 250))
def test_standing_agrees_with_the_due_date(term: Term, offset: int) -> None:
    today = term.started + timedelta(days=offset)
    last = due_day(term)
    over = last is not None and today > last
    assert (stands(term, today) is Standing.OVER) == over
    late = Standing.DONE_LATE if over else Standing.DONE_IN_TIME
    assert stands(term, today, closed=today) is late
