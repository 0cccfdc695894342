"""A contracted service stops the clock exactly where the law says so (行政许可法 art. 45)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import Contracted, Counted, Pausing, SpecialKind
from mingtang.core.cases.state import contracted_under_way
from mingtang.core.clock import civil_day
from mingtang.core.wire import Sealed
from mingtang.core.worktime import add_working_days, working_days_between
from tests.core.case_examples import (
    ACCEPTED,
    REVIEWED,
    REVIEWER,
    WITHDRAWN,
    after,
    day,
    filed,
    when,
)
from tests.core.test_cases_special import BEGIN as BEGIN_SPECIAL
from tests.core.test_cases_special import BEGUN as SPECIAL_BEGUN
from tests.core.test_cases_special import END as END_SPECIAL
from tests.core.work_calendars import KNOWN
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)  # accepted on Wednesday 4 March, due 1 April
BEGIN = cases.BeginContracted(
    service="n-1.1",
    body_name="演示机构A",
    procedure=SpecialKind.INSPECTION,
    items=("DEMO-001",),
    expected_days=5,
    at=day(3, 10),
)
BEGUN = cases.ContractedBegun(
    service=Sealed("n-1.1"),
    body_name=Sealed("演示机构A"),
    procedure=SpecialKind.INSPECTION,
    expected_days=5,
    at=day(3, 10),
)
END = cases.EndContracted(service="n-1.1", at=day(3, 17), calendar=KNOWN)
ENDED = cases.ContractedEnded(
    service=Sealed("n-1.1"),
    body_name=Sealed("演示机构A"),
    procedure=SpecialKind.INSPECTION,
    begun_date=date(2026, 3, 10),
    days=5,  # 10, 11, 12, 13, 16 March
    statutory_due_before=date(2026, 4, 1),
    statutory_due=date(2026, 4, 9),
    promised_due_before=date(2026, 3, 11),
    promised_due=date(2026, 3, 18),
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 17),
)


def counted(why):
    return cases.ContractedCounted(
        service=Sealed("n-1.1"), body_name=Sealed("演示机构A"), why=why, at=BEGIN.at
    )


def test_the_clock_stands_still_while_the_body_is_at_work():
    assert when(*UNDER_REVIEW, command=BEGIN) == [BEGUN]
    standing = after(*UNDER_REVIEW, BEGUN)
    assert standing.special == SpecialKind.INSPECTION
    assert standing.pauses == (Pausing("inspection", date(2026, 3, 10), None, 5),)
    assert contracted_under_way(standing) == Contracted("n-1.1", "演示机构A", "", 0)


def test_it_goes_on_when_the_result_is_delivered():
    assert when(*UNDER_REVIEW, BEGUN, command=END) == [ENDED]
    state = after(*UNDER_REVIEW, BEGUN, ENDED)
    assert state.special == ""
    assert contracted_under_way(state) is None
    assert state.statutory_due == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("history", "changed", "why"),
    [
        (UNDER_REVIEW, {"procedure": None}, Counted.NO_PROCEDURE),
        (UNDER_REVIEW, {"items": ("OTHER",)}, Counted.NOT_NEEDED),
        ((filed(),), {}, Counted.NOT_UNDER_REVIEW),
        ((*UNDER_REVIEW, WITHDRAWN), {}, Counted.NOT_UNDER_REVIEW),
        ((*UNDER_REVIEW, SPECIAL_BEGUN), {}, Counted.SPECIAL_OPEN),
    ],
)
def test_elsewhere_the_clock_goes_on_and_the_record_says_why(history, changed, why):
    assert when(*history, command=replace(BEGIN, **changed)) == [counted(why)]
    before, then = after(*history), after(*history, counted(why))
    assert (then.pauses, then.statutory_due) == (before.pauses, before.statutory_due)
    assert then.contracted == (Contracted("n-1.1", "演示机构A", why, -1),)


def test_on_the_last_day_it_stands_still_and_a_day_later_it_does_not():
    last = replace(BEGIN, at=day(4, 1))
    assert when(*UNDER_REVIEW, command=last) == [replace(BEGUN, at=day(4, 1))]
    late = replace(BEGIN, at=day(4, 2))
    [event] = when(*UNDER_REVIEW, command=late)
    assert event == replace(counted(Counted.TERM_OVER), at=day(4, 2))


def test_the_same_round_is_not_heard_twice():
    with refused("case.contracted-known"):
        when(*UNDER_REVIEW, BEGUN, command=BEGIN)
    with refused("case.contracted-known"):
        when(*UNDER_REVIEW, counted(Counted.NOT_NEEDED), command=BEGIN)
    with refused("case.contracted-not-open"):
        when(*UNDER_REVIEW, BEGUN, ENDED, command=END)
    with refused("case.contracted-not-open"):
        when(*UNDER_REVIEW, BEGUN, command=replace(END, service="n-2.1"))
    with refused("case.contracted-not-open"):
        when(*UNDER_REVIEW, SPECIAL_BEGUN, command=END)
    with refused("case.unknown"):
        when(command=BEGIN)
    with refused("case.unknown"):
        when(command=END)


def test_no_officer_ends_it_and_none_begins_another():
    with refused("case.contracted-open"):
        when(*UNDER_REVIEW, BEGUN, command=END_SPECIAL)
    with refused("case.special-open"):
        when(*UNDER_REVIEW, BEGUN, command=BEGIN_SPECIAL)
    assert (
        len(when(*UNDER_REVIEW, BEGUN, ENDED, command=replace(BEGIN_SPECIAL, at=day(3, 18)))) == 1
    )


def test_whoever_withdraws_ends_it():
    state = after(*UNDER_REVIEW, BEGUN, replace(WITHDRAWN, at=day(3, 12)))
    assert contracted_under_way(state) is None
    assert state.pauses[-1].until_date == date(2026, 3, 12)


def test_the_second_round_is_a_pause_of_its_own():
    again = replace(BEGIN, service="n-1.2", at=day(3, 18))
    [event] = when(*UNDER_REVIEW, BEGUN, ENDED, command=again)
    state = after(*UNDER_REVIEW, BEGUN, ENDED, event)
    assert [one.pause for one in state.contracted] == [0, 1]


def test_it_stands_still_while_the_decision_is_due_too():
    assert when(*UNDER_REVIEW, *REVIEWED, command=BEGIN)[0].kind == "case.contracted-begun.v1"
    assert REVIEWER.organisation == "market"


@given(st.integers(0, 21), st.integers(0, 60))
def test_the_due_date_moves_by_the_worked_days_it_took(begin_after, lasts):
    begin_at = day(3, 5) + timedelta(days=begin_after)
    end_at = begin_at + timedelta(days=lasts)
    [begun] = when(*UNDER_REVIEW, command=replace(BEGIN, at=begin_at))
    [ended] = when(*UNDER_REVIEW, begun, command=replace(END, at=end_at))
    eve = timedelta(days=1)
    lost = working_days_between(civil_day(begin_at) - eve, civil_day(end_at) - eve, calendar=KNOWN)
    assert ended.days == lost
    accepted = date(2026, 3, 4)
    assert ended.statutory_due == add_working_days(accepted, 20 + lost, calendar=KNOWN).date
