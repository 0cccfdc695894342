"""The decision under a mandate, and dates that move with the calendar."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.totp import ProofMethod
from mingtang.core.wire import Sealed, Wire
from mingtang.core.worktime import CalendarYear, WorkCalendar
from tests.core.case_examples import (
    ACCEPTED,
    AGENT,
    CHIEF,
    DECIDE,
    FILE,
    GRANTED,
    INSPECTOR,
    MANDATE,
    NOTIFIED,
    PLAIN,
    REVIEWED,
    REVIEWER,
    WITHDRAWN,
    accepted,
    after,
    completed,
    day,
    filed,
    when,
)
from tests.core.work_calendars import ANNOUNCED, FORECAST, KNOWN, YEAR_2026
from tests.words import refused

READY = (filed(), ACCEPTED, *REVIEWED)
NO = replace(DECIDE, granted=False, reason="场所不符合规定")


def test_a_grant_names_the_letter_it_rests_on():
    assert when(*READY, command=DECIDE) == [GRANTED]
    case = after(*READY, GRANTED)
    assert (case.stage, case.closed_date) == (Stage.GRANTED, date(2026, 3, 9))
    assert case.tasks[-1].finding == "granted"


def test_a_refusal_states_its_reasons():
    [event] = when(*READY, command=NO)
    assert (event.granted, event.reason) == (False, Sealed("场所不符合规定"))
    assert after(*READY, event).stage is Stage.REFUSED
    with refused("case.reason-missing"):
        when(*READY, command=replace(NO, reason="  "))


def test_a_late_decision_stands():
    assert when(*READY, command=replace(DECIDE, at=day(3, 31)))


def test_a_decision_waits_for_the_review_and_is_taken_once():
    for history in ([filed()], [filed(), ACCEPTED], [*READY, GRANTED], [*READY, WITHDRAWN]):
        with refused("case.not-awaiting-decision"):
            when(*history, command=DECIDE)
    with refused("case.unknown"):
        when(command=DECIDE)


def test_nobody_decides_a_case_of_their_own():
    for applicant, person in ((None, "P-wang"), (AGENT, "P-li")):
        history = (filed(PLAIN, applicant) if applicant else filed(PLAIN)), accepted()
        with refused("case.own-case"):
            when(*history, command=replace(DECIDE, officer=replace(CHIEF, person=person)))


def test_whoever_reviewed_a_case_does_not_decide_it():
    by_chief = (completed("papers", CHIEF), *REVIEWED[1:])
    with refused("case.reviewer-may-not-decide"):
        when(filed(), ACCEPTED, *by_chief, command=DECIDE)


def test_another_department_does_not_decide():
    with refused("case.other-department"):
        when(*READY, command=replace(DECIDE, officer=INSPECTOR))


def test_without_a_letter_of_their_own_nobody_decides():
    with refused("case.no-mandate"):
        when(*READY, command=replace(DECIDE, mandate=None))
    with refused("case.no-mandate"):
        when(*READY, command=replace(DECIDE, officer=REVIEWER))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"published": False}, "mandate.not-published"),
        ({"revoked": True}, "mandate.revoked"),
        ({"valid_from": date(2026, 3, 10)}, "mandate.not-yet-valid"),
        ({"valid_to": date(2026, 3, 8)}, "mandate.expired"),
        ({"organ": "inspection"}, "mandate.other-organ"),
        ({"items": ("DEMO-002",)}, "mandate.item-not-covered"),
        ({"powers": ()}, "mandate.power-not-given"),
    ],
)
def test_a_letter_that_does_not_reach_says_why(changes, code):
    with refused(code) as refusal:
        when(*READY, command=replace(DECIDE, mandate=replace(MANDATE, **changes)))
    assert refusal.value.facts == {"letter_no": MANDATE.letter_no}


def test_the_last_day_of_a_letter_counts_in_china_whatever_the_clock_abroad_says():
    utc_morning_after = day(4, 1, 0) - timedelta(minutes=1)
    assert when(*READY, command=replace(DECIDE, at=utc_morning_after))
    with refused("mandate.expired"):
        when(*READY, command=replace(DECIDE, at=day(4, 1, 0)))


def test_from_a_phone_the_record_of_the_second_factor_stands_before_the_decision():
    for method in ProofMethod:
        proven = cases.ActProven(task="decision", method=method, officer=CHIEF, at=DECIDE.at)
        assert when(*READY, command=replace(DECIDE, proof=method)) == [proven, GRANTED]
        assert after(*READY, proven) == after(*READY)
        assert after(*READY, proven, GRANTED) == after(*READY, GRANTED)


def test_a_second_factor_opens_nothing_the_rules_keep_shut():
    with refused("case.no-mandate"):
        when(*READY, command=replace(DECIDE, proof=ProofMethod.TOTP, mandate=None))
    with refused("case.not-awaiting-decision"):
        when(filed(), command=replace(DECIDE, proof=ProofMethod.TOTP))


# ── Dates anew ──────────────────────────────────────────────────────────────

DECEMBER = replace(FILE, terms=PLAIN, at=day(12, 28), calendar=KNOWN)


def redate(calendar):
    return cases.RedateCase(at=day(12, 29), calendar=calendar)


def test_a_filed_case_is_dated_anew_when_the_year_is_announced():
    [begun] = when(command=DECEMBER)
    assert (begun.intake_due, begun.provisional) == (date(2027, 1, 4), True)
    assert when(begun, command=redate(ANNOUNCED)) == [
        cases.CaseRedated(
            intake_due_before=date(2027, 1, 4),
            intake_due=date(2027, 1, 6),
            statutory_due_before=None,
            statutory_due=None,
            promised_due_before=None,
            promised_due=None,
            provisional=False,
            calendar=ANNOUNCED.version,
            at=day(12, 29),
        )
    ]


def test_an_accepted_case_keeps_its_start_and_moves_its_ends():
    [begun] = when(command=DECEMBER)
    accept = cases.AcceptCase(officer=REVIEWER, at=day(12, 28), calendar=FORECAST)
    [start] = when(begun, command=accept)
    assert (start.promised_due, start.provisional) == (date(2027, 1, 5), True)
    [moved] = when(begun, start, command=redate(ANNOUNCED))
    assert (moved.promised_due_before, moved.promised_due) == (date(2027, 1, 5), date(2027, 1, 6))
    case = after(begun, start, moved)
    assert (case.accepted_date, case.promised_due) == (date(2026, 12, 28), date(2027, 1, 6))
    assert not case.provisional


def test_a_date_that_becomes_firm_without_moving_is_a_change_too():
    [begun] = when(command=DECEMBER)
    firm = WorkCalendar((YEAR_2026, CalendarYear(2027, True, (), (), "演示通知")))
    [confirmed] = when(begun, command=redate(firm))
    assert confirmed.intake_due == confirmed.intake_due_before == date(2027, 1, 4)
    assert not confirmed.provisional


def test_what_another_year_says_moves_nothing():
    [begun] = when(command=replace(FILE, terms=PLAIN))
    with refused("case.dates-unchanged"):
        when(begun, command=redate(ANNOUNCED))


def test_what_waits_for_its_applicant_or_has_ended_has_no_date_to_move():
    for history in ([filed(), NOTIFIED], [*READY, GRANTED], [filed(), WITHDRAWN]):
        with refused("case.dates-unchanged"):
            when(*history, command=redate(ANNOUNCED))
    with refused("case.unknown"):
        when(command=redate(KNOWN))


# ── Every event, as bytes ───────────────────────────────────────────────────


@pytest.mark.parametrize("event", [*READY, NOTIFIED, GRANTED, WITHDRAWN])
def test_every_event_survives_the_wire(event):
    wire = Wire(cases.EVENTS)
    body, opened = wire.encode(event, iter([f"salt-{n}" for n in range(9)]))
    assert wire.decode(body, {d.name: d.value for d in opened}) == event
