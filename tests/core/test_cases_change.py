"""A change of the application (变更申请): only in substance does it begin the terms anew."""

from dataclasses import replace
from datetime import date, timedelta

from mingtang.core import cases
from mingtang.core.cases import SpecialKind
from mingtang.core.cases.state import term_of
from mingtang.core.clock import LineKind, explain
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    DECIDE,
    DRAWING,
    INSPECTOR,
    REVIEWED,
    REVIEWER,
    accepted,
    after,
    day,
    document,
    filed,
    when,
)
from tests.core.work_calendars import FORECAST, KNOWN
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)  # accepted on Wednesday 4 March: due 1 April, promised 11 March
REQUEST = cases.RequestChange(
    person="P-wang",
    what="经营场所改为二层",
    documents=(document("m1", "d-second"),),
    form='{"fields":{"floor":"2"}}',
    at=day(3, 9, 23),
)
REQUESTED = cases.ChangeRequested(
    what=Sealed("经营场所改为二层"),
    documents=(document("m1", "d-second"),),
    form=Sealed('{"fields":{"floor":"2"}}'),
    at=day(3, 9, 23),
)
CHANGED = (*UNDER_REVIEW, REQUESTED)
RULE = cases.RuleOnChange(
    substantial=True,
    reason="场所不同，须重新核查",
    officer=REVIEWER,
    at=day(3, 12),
    calendar=KNOWN,
)
RESTARTED = cases.TermRestarted(
    change_date=date(2026, 3, 9),
    reason=Sealed("场所不同，须重新核查"),
    officer=REVIEWER,
    statutory_due_before=date(2026, 4, 1),
    statutory_due=date(2026, 4, 7),  # twenty days from the 9th, not from the ruling; Qingming off
    promised_due_before=date(2026, 3, 11),
    promised_due=date(2026, 3, 16),
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 12),
)
NOTED = cases.ChangeNoted(
    change_date=date(2026, 3, 9),
    reason=Sealed("场所不同，须重新核查"),
    officer=REVIEWER,
    at=day(3, 12),
)


def test_the_applicant_changes_what_was_filed():
    assert when(*UNDER_REVIEW, command=REQUEST) == [REQUESTED]
    state = after(*CHANGED)
    assert state.change_date == date(2026, 3, 9)
    assert {one.id for one in state.documents} == {"d-m2", "d-second"}
    assert state.statutory_due == date(2026, 4, 1)  # nothing moves before it is ruled on


def test_in_substance_the_terms_begin_anew_from_the_day_it_was_requested():
    assert when(*CHANGED, command=RULE) == [RESTARTED]
    state = after(*CHANGED, RESTARTED)
    assert (state.change_date, state.restarts) == (None, (date(2026, 3, 9),))
    assert (state.statutory_due, state.promised_due) == (date(2026, 4, 7), date(2026, 3, 16))


def test_ruling_late_gains_nothing():
    [late] = when(*CHANGED, command=replace(RULE, at=day(4, 20)))
    assert (late.statutory_due, late.promised_due) == (date(2026, 4, 7), date(2026, 3, 16))


def test_not_in_substance_the_dates_stay():
    assert when(*CHANGED, command=replace(RULE, substantial=False)) == [NOTED]
    state = after(*CHANGED, NOTED)
    assert (state.change_date, state.restarts) == (None, ())
    assert (state.statutory_due, state.promised_due) == (date(2026, 4, 1), date(2026, 3, 11))


def test_every_day_is_explained_and_a_second_start_says_why():
    state = after(*CHANGED, RESTARTED)
    assert state.statutory_due
    lines = explain(term_of(state, promised=False), until=state.statutory_due, calendar=KNOWN)
    assert [line.day for line in lines] == [date(2026, 3, 4) + timedelta(days=n) for n in range(35)]
    starts = [line for line in lines if line.kind is LineKind.START]
    assert [(line.day.day, line.basis) for line in starts] == [(4, ""), (9, cases.RESTART)]
    assert (lines[-1].day, lines[-1].number) == (state.statutory_due, 20)


def test_changed_after_the_promised_day_the_promise_stays_broken():
    late = replace(REQUESTED, at=day(3, 20))
    [event] = when(*UNDER_REVIEW, late, command=replace(RULE, at=day(3, 20)))
    assert (event.promised_due, event.statutory_due) == (date(2026, 3, 11), date(2026, 4, 20))


def test_an_extension_stays_granted():
    extended = cases.CaseExtended(
        days=10,
        reason=Sealed("x"),
        approver=CHIEF,
        statutory_due_before=date(2026, 4, 1),
        statutory_due=date(2026, 4, 16),
        provisional=False,
        calendar=KNOWN.version,
        at=day(3, 5),
    )
    [event] = when(*UNDER_REVIEW, extended, REQUESTED, command=RULE)
    assert event.statutory_due_before == date(2026, 4, 16)
    assert event.statutory_due == date(2026, 4, 21)  # thirty days from the 9th


def test_a_new_year_moves_what_began_anew():
    [redated] = when(
        *CHANGED,
        replace(RESTARTED, statutory_due=date(2026, 4, 6), provisional=True),
        command=cases.RedateCase(at=day(3, 13), calendar=KNOWN),
    )
    assert (redated.statutory_due, redated.promised_due) == (date(2026, 4, 7), date(2026, 3, 16))


def test_what_runs_into_an_unknown_year_is_provisional():
    december = replace(REQUESTED, at=day(12, 21))
    began = replace(accepted(), at=day(12, 14), accepted_date=date(2026, 12, 14))
    state = (filed(), replace(began, statutory_due=date(2027, 1, 12)), december)
    [event] = when(*state, command=replace(RULE, at=day(12, 22), calendar=FORECAST))
    assert event.provisional


def test_what_is_changed_is_no_longer_missing():
    without = replace(ACCEPTED, deferred=("m1", "m3"), deferred_due=date(2026, 3, 18))
    state = after(filed(), without, REQUESTED)
    assert (state.deferred, state.deferred_due) == (("m3",), date(2026, 3, 18))
    all_there = replace(without, deferred=("m1",))
    state = after(filed(), all_there, REQUESTED)
    assert (state.deferred, state.deferred_due) == ((), None)


def test_nothing_is_decided_before_the_change_is_ruled_on():
    with refused("case.change-open"):
        when(*UNDER_REVIEW, *REVIEWED, REQUESTED, command=DECIDE)


def test_who_may_change_what_and_when():
    with refused("case.unknown"):
        when(command=REQUEST)
    with refused("case.not-yours"):
        when(*UNDER_REVIEW, command=replace(REQUEST, person="P-other"))
    with refused("case.not-under-review"):
        when(filed(), command=REQUEST)
    with refused("case.change-open"):
        when(*CHANGED, command=REQUEST)
    with refused("case.nothing-changed"):
        when(*UNDER_REVIEW, command=replace(REQUEST, what=" "))
    assert when(*UNDER_REVIEW, command=replace(REQUEST, at=day(4, 1, 23)))
    with refused("case.term-over"):
        when(*UNDER_REVIEW, command=replace(REQUEST, at=day(4, 2, 0)))
    theirs = replace(REQUEST, person="P-new", represents=frozenset({"P-wang"}))
    assert when(*UNDER_REVIEW, command=theirs) == [REQUESTED]


def test_who_may_rule_on_it():
    with refused("case.unknown"):
        when(command=RULE)
    with refused("case.change-not-open"):
        when(*UNDER_REVIEW, command=RULE)
    with refused("case.own-case"):
        when(*CHANGED, command=replace(RULE, officer=replace(REVIEWER, person="P-wang")))
    with refused("case.other-department"):
        when(*CHANGED, command=replace(RULE, officer=INSPECTOR))
    with refused("case.reason-missing"):
        when(*CHANGED, command=replace(RULE, reason=""))
    begun = cases.SpecialBegun(
        procedure=SpecialKind.TESTING,
        reason=Sealed("x"),
        expected_days=5,
        officer=REVIEWER,
        at=day(3, 10),
    )
    with refused("case.special-open"):
        when(*CHANGED, begun, command=RULE)


def test_materials_not_changed_stay_as_they_were():
    assert DRAWING not in after(*CHANGED).documents
    assert document("m2") in after(*CHANGED).documents
