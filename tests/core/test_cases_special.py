"""Extensions and special procedures: what moves a due date, by how much, and who may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import Pausing, SpecialKind, Stage, expected_end
from mingtang.core.cases.state import term_of
from mingtang.core.clock import civil_day, explain
from mingtang.core.decider import Refused
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar, add_working_days, working_days_between
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    CLERK,
    DECIDE,
    GRANTED,
    MANDATE,
    REVIEWED,
    REVIEWER,
    WITHDRAW,
    WITHDRAWN,
    accepted,
    after,
    completed,
    day,
    deemed,
    filed,
    terms,
    when,
)
from tests.core.work_calendars import ANNOUNCED, FORECAST, KNOWN
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)  # accepted on Wednesday 4 March, due 1 April
EXTEND = cases.ExtendTerm(
    days=10, reason="需要核实", approver=CHIEF, heads=True, at=day(3, 30), calendar=KNOWN
)
EXTENDED = cases.CaseExtended(
    days=10,
    reason=Sealed("需要核实"),
    approver=CHIEF,
    statutory_due_before=date(2026, 4, 1),
    statutory_due=date(2026, 4, 16),  # past Qingming: 4, 5 and 6 April are off
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 30),
)
BEGIN = cases.BeginSpecial(
    procedure=SpecialKind.TESTING,
    reason="需要抽样检测",
    expected_days=5,
    officer=REVIEWER,
    at=day(3, 10),
)
BEGUN = cases.SpecialBegun(
    procedure=SpecialKind.TESTING,
    reason=Sealed("需要抽样检测"),
    expected_days=5,
    officer=REVIEWER,
    at=day(3, 10),
)
END = cases.EndSpecial(result="检测合格", officer=REVIEWER, at=day(3, 17), calendar=KNOWN)
ENDED = cases.SpecialEnded(
    procedure=SpecialKind.TESTING,
    begun_date=date(2026, 3, 10),
    result=Sealed("检测合格"),
    officer=REVIEWER,
    statutory_due_before=date(2026, 4, 1),
    statutory_due=date(2026, 4, 9),  # five worked days later: 10, 11, 12, 13, 16 March
    promised_due_before=date(2026, 3, 11),
    promised_due=date(2026, 3, 18),
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 17),
)


# ── Extension ───────────────────────────────────────────────────────────────


def test_an_extension_moves_the_statutory_date_and_not_the_promise():
    assert when(*UNDER_REVIEW, command=EXTEND) == [EXTENDED]
    case = after(*UNDER_REVIEW, EXTENDED)
    assert (case.statutory_due, case.promised_due) == (date(2026, 4, 16), date(2026, 3, 11))


def test_the_law_s_own_example():
    """Accepted on 10 February 2026, twenty working days: 16 March; ten more: 30 March."""
    begun = replace(
        accepted("papers"),
        at=day(2, 10),
        accepted_date=date(2026, 2, 10),
        statutory_due=date(2026, 3, 16),
    )
    assert add_working_days(date(2026, 2, 10), 20, calendar=KNOWN).date == date(2026, 3, 16)
    given_until = replace(filed(), at=day(2, 9))
    [event] = when(given_until, begun, command=replace(EXTEND, at=day(3, 13)))
    assert (event.statutory_due_before, event.statutory_due) == (
        date(2026, 3, 16),
        date(2026, 3, 30),
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": 11}, "case.extension-too-long"),
        ({"days": 0}, "case.extension-too-long"),
        ({"heads": False}, "case.not-organ-head"),
        ({"reason": " "}, "case.reason-missing"),
        ({"approver": replace(CHIEF, person="P-wang")}, "case.own-case"),
        ({"approver": replace(CHIEF, organisation="education")}, "case.other-department"),
        ({"at": day(4, 2)}, "case.term-over"),
    ],
)
def test_an_extension_is_refused(change, code):
    with refused(code):
        when(*UNDER_REVIEW, command=replace(EXTEND, **change))


def test_on_the_last_day_it_is_still_in_time():
    [event] = when(*UNDER_REVIEW, command=replace(EXTEND, at=day(4, 1, 23)))
    assert event.statutory_due == date(2026, 4, 16)


def test_it_is_given_once_and_only_while_the_case_runs():
    with refused("case.extended-already"):
        when(*UNDER_REVIEW, EXTENDED, command=EXTEND)
    with refused("case.not-under-review"):
        when(filed(), command=EXTEND)
    with refused("case.not-under-review"):
        when(*UNDER_REVIEW, *REVIEWED, GRANTED, command=EXTEND)
    with refused("case.special-open"):
        when(*UNDER_REVIEW, BEGUN, command=EXTEND)
    with refused("case.unknown"):
        when(command=EXTEND)


# ── Special procedures ──────────────────────────────────────────────────────


def test_a_procedure_begins_with_what_the_applicant_is_told():
    assert when(*UNDER_REVIEW, command=BEGIN) == [BEGUN]
    case = after(*UNDER_REVIEW, BEGUN)
    assert (case.special, case.statutory_due) == ("testing", date(2026, 4, 1))


def test_its_worked_days_move_both_dates():
    assert when(*UNDER_REVIEW, BEGUN, command=END) == [ENDED]
    case = after(*UNDER_REVIEW, BEGUN, ENDED)
    assert (case.special, case.statutory_due, case.promised_due) == (
        "",
        date(2026, 4, 9),
        date(2026, 3, 18),
    )


def test_begun_and_ended_on_one_day_it_moves_nothing():
    [event] = when(*UNDER_REVIEW, BEGUN, command=replace(END, at=day(3, 10, 17)))
    assert (event.statutory_due, event.promised_due) == (date(2026, 4, 1), date(2026, 3, 11))


def test_after_an_extension_it_moves_what_was_extended():
    late = replace(BEGUN, at=day(4, 2))
    [event] = when(
        *UNDER_REVIEW, EXTENDED, late, command=replace(END, at=day(4, 8))
    )  # 2, 3, 7 April: Qingming does not count twice
    assert event.statutory_due == date(2026, 4, 21)


def test_over_the_spring_festival_only_the_worked_days_are_lost():
    """Accepted on 10 February, due 16 March; 12 to 25 February hold five worked days."""
    begun = replace(
        accepted("papers"),
        at=day(2, 10),
        accepted_date=date(2026, 2, 10),
        statutory_due=date(2026, 3, 16),
        promised_due=date(2026, 2, 24),
    )
    history = (replace(filed(), at=day(2, 9)), begun, replace(BEGUN, at=day(2, 12)))
    [event] = when(*history, command=replace(END, at=day(2, 26)))
    assert event == replace(
        ENDED,
        begun_date=date(2026, 2, 12),
        statutory_due_before=date(2026, 3, 16),
        statutory_due=date(2026, 3, 23),  # 12, 13, the made-up Saturday 14, 24, 25 February
        promised_due_before=date(2026, 2, 24),
        # 11, 26, 27, the made-up Saturday 28 February, 2 March
        promised_due=date(2026, 3, 2),
        at=day(2, 26),
    )


def test_what_was_said_of_its_length_is_a_day_one_can_wait_for():
    """Five worked days from Tuesday the 10th on: the last is Monday the 16th."""
    [pause] = after(*UNDER_REVIEW, BEGUN).pauses
    assert pause == Pausing("testing", date(2026, 3, 10), None, 5)
    assert expected_end(pause, calendar=KNOWN) == date(2026, 3, 16)
    on_a_saturday = replace(pause, from_date=date(2026, 3, 7), expected_days=1)
    assert expected_end(on_a_saturday, calendar=KNOWN) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expected_days": 0}, "case.expected-days-missing"),
        ({"reason": ""}, "case.reason-missing"),
        ({"officer": CLERK}, "case.other-department"),
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
        ({"at": day(4, 2)}, "case.term-over"),
    ],
)
def test_a_procedure_is_not_begun(change, code):
    with refused(code):
        when(*UNDER_REVIEW, command=replace(BEGIN, **change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"result": ""}, "case.opinion-missing"),
        ({"officer": CLERK}, "case.other-department"),
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
    ],
)
def test_a_procedure_is_not_ended(change, code):
    with refused(code):
        when(*UNDER_REVIEW, BEGUN, command=replace(END, **change))


def test_one_procedure_at_a_time():
    with refused("case.special-open"):
        when(*UNDER_REVIEW, BEGUN, command=BEGIN)
    with refused("case.special-not-open"):
        when(*UNDER_REVIEW, command=END)
    with refused("case.not-under-review"):
        when(filed(), command=BEGIN)
    with refused("case.unknown"):
        when(command=BEGIN)
    with refused("case.unknown"):
        when(command=END)


def test_nothing_is_decided_while_it_lasts_but_steps_go_on_and_who_applied_may_withdraw():
    history = (*UNDER_REVIEW, *REVIEWED, replace(BEGUN, at=day(3, 6)))
    with refused("case.special-open"):
        when(*history, command=replace(DECIDE, mandate=MANDATE))
    step = cases.CompleteStep(
        step="papers", finding=cases.Finding.MEETS, opinion="", officer=REVIEWER, at=day(3, 11)
    )
    [event] = when(*UNDER_REVIEW, BEGUN, command=step)
    assert event == replace(completed("papers"), at=day(3, 11))
    case = after(*history, *when(*history, command=WITHDRAW))
    assert case.stage is Stage.WITHDRAWN


def test_whoever_withdraws_ends_it():
    history = (*UNDER_REVIEW, BEGUN, replace(WITHDRAWN, at=day(3, 12)))
    case = after(*history)
    assert (case.special, case.pauses) == (
        "",
        (Pausing("testing", date(2026, 3, 10), date(2026, 3, 12), 5),),
    )
    with refused("case.special-not-open"):
        when(*history, command=END)


# ── Calendars that change ───────────────────────────────────────────────────


def test_a_new_calendar_keeps_what_moved_the_dates():
    """Of the pause's days the notice takes one off: 4 January. The extension stays ten."""
    begun = replace(
        deemed(at=day(12, 22)),
        accepted_date=date(2026, 12, 21),
        statutory_due=date(2027, 1, 19),
        promised_due=date(2027, 1, 5),
        provisional=True,
    )
    history = [replace(filed(terms(promised_days=10)), at=day(12, 21)), begun]
    extend = replace(EXTEND, at=day(12, 30), calendar=FORECAST)
    begin = replace(BEGIN, at=day(12, 31))
    end = replace(END, at=day(12, 31) + timedelta(days=8), calendar=FORECAST)
    for command in (extend, begin, end):
        history += when(*history, command=command)
    case = after(*history)
    assert (case.statutory_due, case.promised_due) == (date(2027, 2, 16), date(2027, 1, 12))
    [redated] = when(*history, command=cases.RedateCase(at=end.at, calendar=ANNOUNCED))
    assert (redated.statutory_due_before, redated.statutory_due) == (
        date(2027, 2, 16),
        date(2027, 2, 15),
    )
    assert (redated.promised_due_before, redated.promised_due) == (
        date(2027, 1, 12),
        date(2027, 1, 11),
    )
    assert not redated.provisional


def test_while_the_clock_stands_still_no_date_is_moved():
    with refused("case.dates-unchanged"):
        when(*UNDER_REVIEW, BEGUN, command=cases.RedateCase(at=day(3, 11), calendar=KNOWN))


# ── For every ───────────────────────────────────────────────────────────────


@given(
    begin=st.integers(0, 25),
    lasts=st.integers(0, 40),
    days=st.integers(0, 10),
    calendar=st.just(KNOWN),
)
def test_a_pause_moves_the_date_by_its_worked_days_and_never_back(
    begin: int, lasts: int, days: int, calendar: WorkCalendar
):
    first = day(3, 4) + timedelta(days=begin)
    until = first + timedelta(days=lasts)
    history = [filed(terms()), accepted()]
    if days:
        history.append(when(*history, command=replace(EXTEND, days=days, at=day(3, 4)))[0])
    before = after(*history).statutory_due
    assert before is not None
    if civil_day(first) > before:
        return
    history.append(replace(BEGUN, at=first))
    [ended] = when(*history, command=replace(END, at=until, calendar=calendar))
    last_lost = civil_day(until) - timedelta(days=1)
    from_day = max(civil_day(first) - timedelta(days=1), date(2026, 3, 4))
    lost = working_days_between(from_day, last_lost, calendar=calendar) if lasts else 0
    moved = working_days_between(before, ended.statutory_due, calendar=calendar)
    assert ended.statutory_due >= before
    assert moved == lost


@st.composite
def acts(draw: st.DrawFn) -> list[tuple[int, str]]:
    """Days that pass before each act, and the act."""
    act = st.sampled_from(("extend", "begin", "end"))
    return draw(st.lists(st.tuples(st.integers(0, 12), act), max_size=9))


@settings(deadline=None)  # a busy machine is not a wrong rule
@given(acts())
def test_whatever_acts_the_law_lets_through_no_day_is_lost_and_none_counted_twice(
    sequence: list[tuple[int, str]],
):
    history = _history_of(sequence)
    case = after(*history)
    accepted_on, last = date(2026, 3, 4), case.statutory_due
    assert last is not None
    lost = {
        day
        for pause in case.pauses
        for day in _days(pause.from_date, pause.until_date)
        if day > accepted_on and KNOWN.is_working(day)
    }
    allowed = 20 + case.extended_days + len(lost)
    assert last == add_working_days(accepted_on, allowed, calendar=KNOWN).date
    lines = explain(term_of(case, promised=False), until=last, calendar=KNOWN)
    assert lines[-1].number == 20 + case.extended_days


def _history_of(sequence: list[tuple[int, str]]) -> list[cases.Event]:
    """Return what came of these acts, those refused left out, the last procedure ended."""
    history: list[cases.Event] = [filed(terms()), accepted()]
    at = day(3, 4)
    for gap, name in [*sequence, (3, "end")]:
        at += timedelta(days=gap)
        command = {"extend": EXTEND, "begin": BEGIN, "end": END}[name]
        try:
            history += when(*history, command=replace(command, at=at))
        except Refused:
            continue
    return history


def _days(first: date, until: date | None) -> list[date]:
    assert until is not None
    return [first + timedelta(days=n) for n in range((until - first).days)]
