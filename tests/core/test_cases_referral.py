"""Upward referral: a leg with its own clock, its receipt and its answer; the decision waits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import Answer, Nearness, Pausing, Stage, first_review_due, leg_due
from mingtang.core.cases.referral import Resumed
from mingtang.core.catalogue import Referral
from mingtang.core.clock import Standing
from mingtang.core.wire import Sealed
from mingtang.core.worktime import add_working_days, working_days_between
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    DECIDE,
    DRAWING,
    FORM,
    GRANTED,
    PARALLEL,
    REVIEWED,
    REVIEWER,
    WITHDRAW,
    WITHDRAWN,
    after,
    day,
    document,
    filed,
    when,
)
from tests.core.test_cases_special import BEGIN, BEGUN, EXTEND
from tests.core.work_calendars import KNOWN
from tests.words import refused

ABOVE = Referral(body="演示部", days=5, basis="演示法 第十条")
STOPS = replace(ABOVE, standstill_basis="演示法 第十一条")
NAMED = replace(PARALLEL, referred_to=(ABOVE,))
STOPPING = replace(PARALLEL, referred_to=(STOPS,))
BEFORE = (filed(NAMED), ACCEPTED)
STILL = (filed(STOPPING), ACCEPTED)
REFER = cases.ReferCase(
    body="演示部",
    days=0,
    basis="",
    reason="依法由上级审查",
    documents=("d-m1",),
    officer=REVIEWER,
    at=day(3, 5),
)
REFERRED = cases.CaseReferred(
    leg=1,
    to=ABOVE,
    named=True,
    reason=Sealed("依法由上级审查"),
    documents=(DRAWING,),
    officer=REVIEWER,
    at=day(3, 5),
)
HAND_OVER = cases.RecordHandover(
    leg=1,
    receipt_no="收〔2026〕3号",
    received_by="演示丙",
    received_date=date(2026, 3, 6),
    officer=REVIEWER,
    at=day(3, 6),
)
HANDED_OVER = cases.LegHandedOver(
    leg=1,
    receipt_no="收〔2026〕3号",
    received_by=Sealed("演示丙"),
    received_date=date(2026, 3, 6),
    officer=REVIEWER,
    at=day(3, 6),
)
LETTER = document("", "d-answer")
ANSWER = cases.RecordAnswer(
    leg=1,
    answer=Answer.GRANTED,
    answer_no="演示部函〔2026〕9号",
    answer_date=date(2026, 3, 11),
    received_date=date(2026, 3, 12),
    document=LETTER,
    officer=REVIEWER,
    at=day(3, 12),
    calendar=KNOWN,
)
ANSWERED = cases.LegAnswered(
    leg=1,
    answer=Answer.GRANTED,
    answer_no="演示部函〔2026〕9号",
    answer_date=date(2026, 3, 11),
    received_date=date(2026, 3, 12),
    document=LETTER,
    resumed=None,
    officer=REVIEWER,
    at=day(3, 12),
)
URGE = cases.UrgeLeg(leg=1, message="电话催办", officer=REVIEWER, at=day(3, 13), calendar=KNOWN)
RECALL = cases.RecallLeg(leg=1, reason="报送有误", officer=REVIEWER, at=day(3, 9), calendar=KNOWN)
RECALLED = cases.LegRecalled(
    leg=1, reason=Sealed("报送有误"), resumed=None, officer=REVIEWER, at=day(3, 9)
)
RESUMED = Resumed(
    statutory_due_before=date(2026, 4, 1),
    statutory_due=date(2026, 4, 8),  # four worked days later: 6, 9, 10, 11 March
    promised_due_before=date(2026, 3, 11),
    promised_due=date(2026, 3, 17),
    provisional=False,
    calendar=KNOWN.version,
)
# What lay with the body from Friday 6 March; its five days end on Friday the 13th.
AWAY = (REFERRED, HANDED_OVER)


# ── To send it above ────────────────────────────────────────────────────────


def test_it_goes_where_the_item_says_under_the_item_s_terms():
    assert when(*BEFORE, command=REFER) == [REFERRED]
    [leg] = after(*BEFORE, REFERRED).legs
    assert (leg.body, leg.days, leg.standstill, leg.handed_date) == ("演示部", 5, False, None)


def test_the_officer_s_own_words_do_not_change_the_item_s_terms():
    command = replace(REFER, days=99, basis="随便写的")
    assert when(*BEFORE, command=command) == [REFERRED]


def test_a_body_the_item_does_not_name_needs_days_and_basis_and_never_stops_the_clock():
    command = replace(REFER, body="演示局", days=7, basis="演示条例 第五条")
    [event] = when(*BEFORE, command=command)
    assert event.to == Referral(body="演示局", days=7, basis="演示条例 第五条")
    assert not event.named


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": " "}, "case.body-missing"),
        ({"body": "演示局", "days": 0, "basis": "演示法"}, "case.leg-days-missing"),
        ({"body": "演示局", "days": 3, "basis": " "}, "case.leg-basis-missing"),
        ({"reason": " "}, "case.reason-missing"),
        ({"documents": ()}, "case.nothing-handed-over"),
        ({"documents": ("d-m1", "d-elsewhere")}, "case.document-unknown"),
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
        ({"officer": replace(REVIEWER, organisation="education")}, "case.other-department"),
    ],
)
def test_a_referral_is_refused(change, code):
    with refused(code):
        when(*BEFORE, command=replace(REFER, **change))


def test_only_while_the_case_is_under_review_or_to_be_decided():
    with refused("case.unknown"):
        when(command=REFER)
    with refused("case.not-under-review"):
        when(filed(NAMED), command=REFER)
    with refused("case.not-under-review"):
        when(*BEFORE, WITHDRAWN, command=REFER)
    assert len(when(*BEFORE, *REVIEWED, command=REFER)) == 1


def test_one_body_has_it_once_and_two_bodies_at_the_same_time():
    with refused("case.leg-open-already"):
        when(*BEFORE, REFERRED, command=REFER)
    other = replace(REFER, body="演示局", days=7, basis="演示条例 第五条")
    [event] = when(*BEFORE, REFERRED, command=other)
    assert event.leg == 2


# ── Handed over ─────────────────────────────────────────────────────────────


def test_its_clock_starts_when_the_body_took_it():
    assert when(*BEFORE, REFERRED, command=HAND_OVER) == [HANDED_OVER]
    [leg] = after(*BEFORE, *AWAY).legs
    assert leg_due(leg, calendar=KNOWN).date == date(2026, 3, 13)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"leg": 2}, "case.leg-unknown"),
        ({"receipt_no": " "}, "case.receipt-missing"),
        ({"received_by": ""}, "case.receipt-missing"),
        ({"received_date": date(2026, 3, 4)}, "case.day-impossible"),  # not yet ordered
        ({"received_date": date(2026, 3, 7)}, "case.day-impossible"),  # tomorrow
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
        ({"officer": replace(REVIEWER, organisation="education")}, "case.other-department"),
    ],
)
def test_a_hand_over_is_refused(change, code):
    with refused(code):
        when(*BEFORE, REFERRED, command=replace(HAND_OVER, **change))


def test_it_is_handed_over_once_and_not_after_it_was_recalled():
    with refused("case.leg-handed-over-already"):
        when(*BEFORE, *AWAY, command=HAND_OVER)
    with refused("case.leg-closed"):
        when(*BEFORE, REFERRED, RECALLED, command=replace(HAND_OVER, at=day(3, 10)))


# ── Reminders ───────────────────────────────────────────────────────────────


def remind(number, hour=9):
    return cases.RemindOfLeg(leg=1, at=day(3, number, hour), calendar=KNOWN)


def reminded(number, nearness):
    return cases.LegReminded(
        leg=1,
        nearness=nearness,
        due=date(2026, 3, 13),
        calendar=KNOWN.version,
        at=day(3, number),
    )


def test_near_its_term_it_is_said_once_and_over_it_once():
    near, over = reminded(13, Nearness.NEAR), reminded(16, Nearness.OVER)
    assert when(*BEFORE, *AWAY, command=remind(13)) == [near]
    with refused("case.nothing-to-remind-of"):
        when(*BEFORE, *AWAY, near, command=remind(13, 10))
    assert when(*BEFORE, *AWAY, near, command=remind(16)) == [over]
    with refused("case.nothing-to-remind-of"):
        when(*BEFORE, *AWAY, near, over, command=remind(17))


def test_on_its_last_day_the_body_is_not_late():
    [event] = when(*BEFORE, *AWAY, command=remind(13, 23))
    assert event.nearness is Nearness.NEAR
    [leg] = after(*BEFORE, *AWAY).legs
    standing = {
        number: cases.leg_standing(leg, today=date(2026, 3, number), calendar=KNOWN)
        for number in (12, 13, 14)
    }
    assert standing == {12: Standing.IN_TIME, 13: Standing.NEAR, 14: Standing.OVER}


def test_before_the_body_has_it_nobody_is_reminded():
    with refused("case.nothing-to-remind-of"):
        when(*BEFORE, REFERRED, command=remind(20))


def test_the_body_is_urged_when_its_time_is_nearly_over():
    [event] = when(*BEFORE, *AWAY, command=URGE)
    assert event == cases.LegUrged(
        leg=1,
        message=Sealed("电话催办"),
        due=date(2026, 3, 13),
        officer=REVIEWER,
        at=day(3, 13),
    )
    assert after(*BEFORE, *AWAY, event, event).legs[0].urged == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": day(3, 12)}, "case.leg-in-time"),
        ({"message": ""}, "case.message-missing"),
        ({"leg": 7}, "case.leg-unknown"),
        ({"officer": replace(REVIEWER, organisation="education")}, "case.other-department"),
    ],
)
def test_urging_is_refused(change, code):
    with refused(code):
        when(*BEFORE, *AWAY, command=replace(URGE, **change))


# ── The answer ──────────────────────────────────────────────────────────────


def test_an_answer_ends_the_leg():
    assert when(*BEFORE, *AWAY, command=ANSWER) == [ANSWERED]
    case = after(*BEFORE, *AWAY, ANSWERED)
    assert case.open_legs() == ()
    assert (case.legs[0].answer, case.legs[0].closed_date) == ("granted", date(2026, 3, 12))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answer_no": ""}, "case.answer-number-missing"),
        ({"document": None}, "case.answer-document-missing"),
        ({"answer": Answer.REFUSED, "document": None}, "case.answer-document-missing"),
        ({"answer_date": date(2026, 3, 5)}, "case.day-impossible"),  # before they had it
        ({"answer_date": date(2026, 3, 13)}, "case.day-impossible"),  # after it came
        ({"received_date": date(2026, 3, 13)}, "case.day-impossible"),  # tomorrow
        ({"leg": 2}, "case.leg-unknown"),
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
        ({"officer": replace(REVIEWER, organisation="education")}, "case.other-department"),
    ],
)
def test_an_answer_is_refused(change, code):
    with refused(code):
        when(*BEFORE, *AWAY, command=replace(ANSWER, **change))


def test_what_is_only_sent_back_needs_no_letter():
    command = replace(ANSWER, answer=Answer.RETURNED, document=None)
    [event] = when(*BEFORE, *AWAY, command=command)
    assert (event.answer, event.document) == (Answer.RETURNED, None)


def test_nobody_answers_what_they_never_had_or_answered_already():
    with refused("case.leg-not-handed-over"):
        when(*BEFORE, REFERRED, command=ANSWER)
    with refused("case.leg-closed"):
        when(*BEFORE, *AWAY, ANSWERED, command=ANSWER)


def test_it_may_be_recalled_with_a_reason():
    assert when(*BEFORE, *AWAY, command=RECALL) == [RECALLED]
    assert after(*BEFORE, *AWAY, RECALLED).open_legs() == ()
    with refused("case.reason-missing"):
        when(*BEFORE, *AWAY, command=replace(RECALL, reason=""))
    with refused("case.leg-closed"):
        when(*BEFORE, *AWAY, ANSWERED, command=RECALL)


def test_whoever_withdraws_ends_every_leg():
    assert when(*BEFORE, *AWAY, command=WITHDRAW) == [WITHDRAWN]
    [leg] = after(*BEFORE, *AWAY, WITHDRAWN).legs
    assert (leg.closed_date, leg.answer) == (date(2026, 3, 10), "")
    [leg] = after(*BEFORE, *AWAY, ANSWERED, replace(WITHDRAWN, at=day(3, 20))).legs
    assert leg.closed_date == date(2026, 3, 12)


# ── The case's own clock ────────────────────────────────────────────────────


def test_the_case_s_own_clock_goes_on():
    case = after(*BEFORE, *AWAY)
    assert (case.special, case.pauses, case.statutory_due) == ("", (), date(2026, 4, 1))


def test_it_stands_still_where_the_item_names_the_law_that_says_so():
    referral = replace(REFERRED, to=STOPS)
    assert when(*STILL, command=REFER) == [referral]
    assert after(*STILL, referral).special == ""  # it still lies here
    case = after(*STILL, referral, HANDED_OVER)
    assert case.special == "referral"
    assert case.pauses == (Pausing("referral", date(2026, 3, 6), None, 5),)
    [event] = when(*STILL, referral, HANDED_OVER, command=ANSWER)
    assert event == replace(ANSWERED, resumed=RESUMED)
    case = after(*STILL, referral, HANDED_OVER, event)
    assert (case.special, case.statutory_due, case.promised_due) == (
        "",
        date(2026, 4, 8),
        date(2026, 3, 17),
    )


def test_it_goes_on_when_the_leg_is_recalled():
    referral = replace(REFERRED, to=STOPS)
    [event] = when(*STILL, referral, HANDED_OVER, command=RECALL)
    assert event.resumed == replace(
        RESUMED, statutory_due=date(2026, 4, 2), promised_due=date(2026, 3, 12)
    )
    assert after(*STILL, referral, HANDED_OVER, event).special == ""


def test_one_thing_at_a_time_stops_a_clock():
    referral = replace(REFERRED, to=STOPS)
    with refused("case.special-open"):
        when(*STILL, BEGUN, command=replace(REFER, at=day(3, 11)))
    with refused("case.special-open"):
        when(*STILL, referral, BEGUN, command=replace(HAND_OVER, at=day(3, 11)))
    away = (*STILL, referral, HANDED_OVER)
    with refused("case.special-open"):
        when(*away, command=BEGIN)
    with refused("case.special-open"):
        when(*away, command=EXTEND)
    with refused("case.special-not-open"):
        when(
            *away, command=cases.EndSpecial(result="x", officer=CHIEF, at=day(3, 9), calendar=KNOWN)
        )


@given(st.integers(0, 60), st.integers(0, 60))
def test_what_the_body_took_is_given_back_in_worked_days(wait, length):
    """However long it lay there, both dates move by the worked days of it, and no more."""
    taken = date(2026, 3, 5) + timedelta(days=wait)
    back = taken + timedelta(days=length)
    referral = replace(REFERRED, to=STOPS)
    handed = replace(HANDED_OVER, received_date=taken, at=day(3, 5) + timedelta(days=wait))
    command = replace(
        ANSWER,
        answer_date=back,
        received_date=back,
        at=day(3, 5) + timedelta(days=wait + length),
    )
    [event] = when(*STILL, referral, handed, command=command)
    eve = timedelta(days=1)
    lost = working_days_between(taken - eve, back - eve, calendar=KNOWN) if length else 0
    for before, moved in (
        (event.resumed.statutory_due_before, event.resumed.statutory_due),
        (event.resumed.promised_due_before, event.resumed.promised_due),
    ):
        late = taken > before  # what comes after the term moves nothing
        expected = before if late else add_working_days(before, lost, calendar=KNOWN).date
        assert moved == expected


def test_what_is_decided_above_is_on_its_way_within_twenty_days():
    """行政许可法 art. 43: accepted on 4 March, reviewed below by 1 April."""
    assert first_review_due(after(*BEFORE), calendar=KNOWN).date == date(2026, 4, 1)
    longer = replace(NAMED, statutory_days=45)
    assert first_review_due(after(filed(longer), ACCEPTED), calendar=KNOWN).date == date(2026, 4, 1)
    assert first_review_due(after(filed(NAMED)), calendar=KNOWN) is None
    assert first_review_due(after(filed(), ACCEPTED), calendar=KNOWN) is None


# ── The decision ────────────────────────────────────────────────────────────


def test_a_decision_waits_for_every_leg():
    with refused("case.leg-open"):
        when(*BEFORE, *REVIEWED, *AWAY, command=DECIDE)
    with refused("case.leg-open"):
        when(*BEFORE, *REVIEWED, *AWAY, command=replace(DECIDE, granted=False, reason="不符合"))


def test_it_may_cite_the_answers_and_only_those_there_are():
    decide = replace(DECIDE, cites=(1,), at=day(3, 13))
    decided = replace(GRANTED, cites=(1,), at=day(3, 13))
    assert when(*BEFORE, *REVIEWED, *AWAY, ANSWERED, command=decide) == [decided]
    with refused("case.leg-not-answered"):
        when(*BEFORE, *REVIEWED, *AWAY, ANSWERED, command=replace(decide, cites=(2,)))
    refuse = replace(decide, granted=False, reason="不符合")
    with refused("case.leg-not-answered"):
        when(*BEFORE, *REVIEWED, *AWAY, RECALLED, command=refuse)


def test_nothing_is_granted_against_or_without_whom_the_item_names():
    with refused("case.referral-missing"):
        when(*BEFORE, *REVIEWED, command=DECIDE)
    decide = replace(DECIDE, at=day(3, 13))
    for answer in (Answer.REFUSED, Answer.RETURNED, Answer.NEEDS_MORE):
        answered = replace(ANSWERED, answer=answer)
        with refused("case.referral-not-granted"):
            when(*BEFORE, *REVIEWED, *AWAY, answered, command=decide)
        no = replace(decide, granted=False, reason="上级不同意")
        [event] = when(*BEFORE, *REVIEWED, *AWAY, answered, command=no)
        assert not event.granted


def test_it_may_be_sent_again_and_the_last_answer_counts():
    history = (*BEFORE, *REVIEWED, *AWAY, replace(ANSWERED, answer=Answer.NEEDS_MORE))
    [again] = when(*history, command=replace(REFER, documents=("d-m1", "d-m2"), at=day(3, 13)))
    assert (again.leg, again.documents) == (2, (DRAWING, FORM))
    history = (
        *history,
        again,
        replace(HANDED_OVER, leg=2, received_date=date(2026, 3, 13), at=day(3, 13)),
        replace(ANSWERED, leg=2, received_date=date(2026, 3, 16), at=day(3, 16)),
    )
    [event] = when(*history, command=replace(DECIDE, at=day(3, 16)))
    assert event.granted
    assert after(*history).stage is Stage.DECIDING


def test_on_the_spot_waits_for_nobody_above():
    at_once = replace(NAMED, steps=(), promised_days=0)
    settle = cases.SettleOnTheSpot(
        granted=True,
        reason="",
        officer=CHIEF,
        mandate=DECIDE.mandate,
        at=day(3, 4),
        calendar=KNOWN,
    )
    with refused("case.referral-missing"):
        when(filed(at_once), command=settle)
