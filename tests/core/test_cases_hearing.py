"""Hearings: who is told of the right, until when it is asked for, when it is held, and by whom."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import (
    Attendance,
    Ending,
    HearingGround,
    Interested,
    SpecialKind,
    Stage,
    Stand,
    first_day,
    reviewers_of,
)
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.wire import ERASED, Sealed
from mingtang.core.worktime import add_working_days, working_days_between
from tests.core.case_examples import (
    ACCEPTED,
    CLERK,
    DECIDE,
    GRANTED,
    INSPECTOR,
    MANDATE,
    PARALLEL,
    REVIEWER,
    WITHDRAWN,
    after,
    complete,
    completed,
    day,
    filed,
    when,
)
from tests.core.hearing_examples import (
    ANNOUNCE,
    ANNOUNCED,
    ASK,
    ASKED,
    CHAIR,
    CHALLENGE,
    CHALLENGED,
    CHANGE,
    CHANGED,
    FORGO,
    FORGONE,
    GOES_ON,
    HEARD,
    HELD,
    NAMED,
    NEIGHBOUR,
    NOTICE,
    OTHER_CHAIR,
    REACH,
    RECORD,
    REVIEWED_CASE,
    RULE,
    RULED,
    SCHEDULE,
    TAKE_BACK,
    TAKEN_BACK,
    TELL,
    TO_BE_HELD,
    TOLD,
    WINDOW,
    reached,
    told,
)
from tests.core.test_cases_special import BEGIN, BEGUN, END
from tests.core.work_calendars import FORECAST, KNOWN
from tests.words import refused

ASKED_FOR = (*REVIEWED_CASE, *WINDOW, ASKED)
DECIDED = replace(DECIDE, mandate=MANDATE, hearings=(1,), at=day(3, 26))


# ── The right is told ───────────────────────────────────────────────────────


def test_each_party_is_told_of_the_right():
    assert when(*REVIEWED_CASE, command=TELL) == list(TOLD)
    [hearing] = after(*REVIEWED_CASE, *TOLD).hearings
    assert [(one.number, one.name, one.person) for one in hearing.parties] == [
        (0, "", ""),
        (1, "演示邻居", "P-zhao"),
    ]
    assert (hearing.needed, hearing.unserved(), hearing.last_ask_day()) == (False, True, None)


def test_the_applicant_is_told_alone_where_nobody_else_has_an_interest():
    assert when(*REVIEWED_CASE, command=replace(TELL, interested=())) == [told(0)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"interest": " "}, "case.interest-missing"),
        ({"interested": (Interested(name=" "),)}, "case.hearing-party-missing"),
        ({"officer": CLERK}, "case.other-department"),
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
    ],
)
def test_it_is_not_told(change, code):
    with refused(code):
        when(*REVIEWED_CASE, command=replace(TELL, **change))


def test_it_is_told_before_the_decision_and_once_at_a_time():
    with refused("case.unknown"):
        when(command=TELL)
    with refused("case.not-under-review"):
        when(filed(), command=TELL)
    with refused("case.not-under-review"):
        when(*REVIEWED_CASE, GRANTED, command=TELL)
    with refused("case.hearing-open"):
        when(*REVIEWED_CASE, *TOLD, command=TELL)
    with refused("case.hearing-open"):
        when(*ASKED_FOR, command=replace(ANNOUNCE, at=day(3, 30)))
    later = when(*HEARD, command=replace(TELL, at=day(3, 26)))
    assert [one.hearing for one in later] == [2, 2]
    lapsed = when(*REVIEWED_CASE, *WINDOW, command=replace(TELL, at=day(3, 17)))
    assert [one.hearing for one in lapsed] == [2, 2]
    assert after(*REVIEWED_CASE, *WINDOW, *lapsed).hearing(1).ended == Ending.OFF


def test_what_was_erased_leaves_a_party_without_a_name():
    gone = replace(TOLD[1], name=Sealed(ERASED), person=Sealed(ERASED))
    party = after(*REVIEWED_CASE, TOLD[0], gone).hearing(1).party(1)
    assert (party.name, party.person) == ("", "")


def test_the_five_days_run_from_when_the_notice_was_served():
    assert when(*REVIEWED_CASE, *TOLD, command=REACH) == [reached(0)]
    assert when(*REVIEWED_CASE, *TOLD, reached(0), command=replace(REACH, party=1)) == [reached(1)]
    hearing = after(*REVIEWED_CASE, *WINDOW).hearing(1)
    assert (hearing.unserved(), hearing.last_ask_day()) == (False, date(2026, 3, 16))


def test_over_a_holiday_only_working_days_are_counted():
    """Served on Thursday 2 April; Qingming is off from Saturday to Monday."""
    before = replace(REACH, reached_date=date(2026, 4, 2), at=day(4, 2))
    [event] = when(*REVIEWED_CASE, *TOLD, command=before)
    assert event.ask_due == date(2026, 4, 10)


def test_a_notice_is_served_once_and_only_where_there_is_a_right():
    with refused("case.hearing-reached-already"):
        when(*REVIEWED_CASE, *TOLD, reached(0), command=REACH)
    with refused("case.hearing-no-right"):
        when(*REVIEWED_CASE, ANNOUNCED, NAMED, command=REACH)
    with refused("case.hearing-unknown"):
        when(*REVIEWED_CASE, *TOLD, command=replace(REACH, hearing=2))
    with refused("case.hearing-unknown"):
        when(*REVIEWED_CASE, *TOLD, command=replace(REACH, party=2))
    with refused("case.hearing-over"):
        when(*HEARD, command=REACH)


# ── It is asked for ─────────────────────────────────────────────────────────


def test_whoever_has_an_interest_asks_and_it_is_held_within_twenty_days():
    assert when(*REVIEWED_CASE, *WINDOW, command=ASK) == [ASKED]
    hearing = after(*ASKED_FOR).hearing(1)
    assert (hearing.needed, hearing.hold_due) == (True, date(2026, 4, 10))


def test_the_applicant_asks_too_and_the_first_that_asked_counts():
    second = replace(ASK, party=0, person="P-wang", at=day(3, 16))
    [event] = when(*ASKED_FOR, command=second)
    assert (event.party, event.hold_due) == (0, date(2026, 4, 10))


def test_an_officer_takes_down_what_came_on_paper():
    [event] = when(*REVIEWED_CASE, *WINDOW, command=replace(ASK, person="", taken_by=REVIEWER))
    assert event == replace(ASKED, taken_by=REVIEWER)


def test_before_the_notice_was_served_it_is_asked_for_in_time():
    [event] = when(*REVIEWED_CASE, *TOLD, command=replace(ASK, at=day(5, 20)))
    assert event.party == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": day(3, 17, 0)}, "case.hearing-asked-late"),
        ({"person": "P-li"}, "case.not-yours"),
        ({"person": ""}, "case.not-yours"),
        ({"person": "P-wang"}, "case.not-yours"),
        ({"taken_by": CLERK}, "case.other-department"),
        ({"taken_by": replace(REVIEWER, person="P-wang")}, "case.own-case"),
        ({"party": 2}, "case.hearing-unknown"),
    ],
)
def test_it_is_not_asked_for(change, code):
    with refused(code):
        when(*REVIEWED_CASE, *WINDOW, command=replace(ASK, **change))


def test_on_the_last_day_at_midnight_it_is_in_time():
    [event] = when(*REVIEWED_CASE, *WINDOW, command=replace(ASK, at=day(3, 16, 23)))
    assert event.hold_due == date(2026, 4, 14)


def test_who_is_late_is_told_until_when_it_was():
    with pytest.raises(Refused) as told_so:
        when(*REVIEWED_CASE, *WINDOW, command=replace(ASK, at=day(3, 17)))
    assert told_so.value.facts == {"until": date(2026, 3, 16)}


def test_a_party_says_once_what_it_wants():
    with refused("case.hearing-answered"):
        when(*ASKED_FOR, command=ASK)
    with refused("case.hearing-answered"):
        when(*REVIEWED_CASE, *WINDOW, FORGONE, command=FORGO)
    with refused("case.hearing-no-right"):
        when(*REVIEWED_CASE, ANNOUNCED, NAMED, command=ASK)


# ── Or it is not ────────────────────────────────────────────────────────────


def test_when_all_forgo_nothing_is_waited_for():
    assert when(*REVIEWED_CASE, *WINDOW, command=FORGO) == [FORGONE]
    one = (*REVIEWED_CASE, *WINDOW, FORGONE)
    assert after(*one).hearing(1).waits(date(2026, 3, 10))
    [other] = when(*one, command=replace(FORGO, party=1, person="P-zhao"))
    case = after(*one, other)
    assert (case.hearing(1).ended, case.hearing(1).ended_date) == (Ending.OFF, date(2026, 3, 10))
    [decided] = when(*one, other, command=replace(DECIDED, hearings=(), at=day(3, 10)))
    assert decided.hearings == ()


def test_whoever_took_it_back_ends_it_and_the_clocks_go_on():
    events = when(*TO_BE_HELD, command=TAKE_BACK)
    ended = replace(
        GOES_ON,
        result=Sealed("听证申请已撤回，不再举行听证"),
        officer=None,
        statutory_due=date(2026, 4, 7),  # three worked days: the 13th, 16th, 17th
        at=day(3, 18),
    )
    assert events == [TAKEN_BACK, ended]
    case = after(*TO_BE_HELD, *events)
    hearing = case.hearing(1)
    assert (hearing.ended, hearing.starts_at, hearing.chair) == (Ending.OFF, None, None)
    assert (case.special, hearing.party(1).stand) == ("", Stand.WITHDRAWN)


def test_as_long_as_another_asks_for_it_it_stays():
    both = (*ASKED_FOR, replace(ASKED, party=0, at=day(3, 13)), *NOTICE)
    assert when(*both, command=TAKE_BACK) == [TAKEN_BACK]
    hearing = after(*both, TAKEN_BACK).hearing(1)
    assert (hearing.ended, hearing.starts_at) == ("", day(3, 25))


def test_taken_back_while_another_may_still_ask_it_waits_again():
    early = replace(TAKE_BACK, at=day(3, 13, 12))
    events = when(*TO_BE_HELD, command=early)
    hearing = after(*TO_BE_HELD, *events).hearing(1)
    assert (hearing.ended, hearing.waits(date(2026, 3, 16)), hearing.hold_due) == ("", True, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"party": 0, "person": "P-wang"}, "case.hearing-not-asked"),
        ({"at": day(3, 25, 9)}, "case.hearing-begun"),
        ({"person": "P-li"}, "case.not-yours"),
    ],
)
def test_it_is_not_taken_back(change, code):
    with refused(code):
        when(*TO_BE_HELD, command=replace(TAKE_BACK, **change))


# ── Of the organ's own accord ───────────────────────────────────────────────


def test_the_organ_announces_one_itself():
    assert when(*REVIEWED_CASE, command=ANNOUNCE) == [ANNOUNCED, NAMED]
    hearing = after(*REVIEWED_CASE, ANNOUNCED, NAMED).hearing(1)
    assert (hearing.ground, hearing.needed) == (HearingGround.PUBLIC_INTEREST, True)
    with refused("case.hearing-not-held"):
        when(*REVIEWED_CASE, ANNOUNCED, NAMED, command=replace(DECIDED, hearings=()))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"matter": ""}, "case.matter-missing"),
        ({"basis": " "}, "case.reason-missing"),
        ({"interested": (NEIGHBOUR, Interested(name=""))}, "case.hearing-party-missing"),
        ({"officer": INSPECTOR}, "case.other-department"),
    ],
)
def test_it_is_not_announced(change, code):
    with refused(code):
        when(*REVIEWED_CASE, command=replace(ANNOUNCE, **change))


def test_nobody_gives_up_what_the_organ_owes_the_public():
    with refused("case.hearing-no-right"):
        when(*REVIEWED_CASE, ANNOUNCED, NAMED, command=FORGO)
    with refused("case.hearing-not-asked"):
        when(*REVIEWED_CASE, ANNOUNCED, NAMED, command=TAKE_BACK)


# ── When and where ──────────────────────────────────────────────────────────


def test_the_notice_says_when_and_where_and_stops_the_clocks():
    assert when(*ASKED_FOR, command=SCHEDULE) == list(NOTICE)
    case = after(*TO_BE_HELD)
    assert (case.special, case.hearing(1).notified_date) == ("hearing", date(2026, 3, 13))


def test_seven_working_days_lie_between():
    """13 March is a Friday: 16 to 20, 23 and 24 March."""
    assert first_day(date(2026, 3, 13), calendar=KNOWN) == date(2026, 3, 25)
    with refused("case.hearing-too-early") as early:
        when(*ASKED_FOR, command=replace(SCHEDULE, starts_at=day(3, 24, 23)))
    assert early.value.facts == {"first": date(2026, 3, 25)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": day(4, 11)}, "case.hearing-too-late"),
        ({"place": ""}, "case.hearing-place-missing"),
        ({"chair": REVIEWER}, "case.hearing-chair-reviewed"),
        ({"chair": replace(INSPECTOR, organisation="market")}, "case.hearing-chair-reviewed"),
        ({"chair": replace(CHAIR, organisation="education")}, "case.hearing-chair-elsewhere"),
        ({"chair": replace(CHAIR, person="P-wang")}, "case.hearing-chair-party"),
        ({"chair": replace(CHAIR, person="P-zhao")}, "case.hearing-chair-party"),
        ({"chair_heads": True}, "case.hearing-chair-heads"),
        ({"officer": CLERK}, "case.other-department"),
        ({"hearing": 2}, "case.hearing-unknown"),
    ],
)
def test_it_is_not_scheduled(change, code):
    with refused(code):
        when(*ASKED_FOR, command=replace(SCHEDULE, **change))


def test_only_what_is_needed_is_scheduled():
    with refused("case.hearing-not-needed"):
        when(*REVIEWED_CASE, *WINDOW, command=SCHEDULE)
    with refused("case.hearing-over"):
        when(*HEARD, command=replace(SCHEDULE, at=day(3, 26), starts_at=day(4, 8)))


def test_on_the_last_of_the_twenty_days_it_is_in_time_and_later_it_is_recorded_as_late():
    [event, *_] = when(*ASKED_FOR, command=replace(SCHEDULE, starts_at=day(4, 10, 23)))
    assert not event.late
    too_late = replace(SCHEDULE, at=day(4, 1), starts_at=day(4, 15))
    [event, *_] = when(*ASKED_FOR, command=too_late)  # seven days from the 1st end on the 13th
    assert event.late


def test_in_private_it_is_held_for_a_reason():
    [event, *_] = when(*ASKED_FOR, command=replace(SCHEDULE, private_reason="涉及商业秘密"))
    assert (event.public, event.private_reason) == (False, "涉及商业秘密")
    assert not after(*ASKED_FOR, event).hearing(1).public


def test_it_is_put_off_for_a_reason_and_everybody_is_told_again():
    off = replace(SCHEDULE, at=day(3, 18), starts_at=day(4, 2))
    with refused("case.reason-missing"):
        when(*TO_BE_HELD, command=off)
    events = when(*TO_BE_HELD, command=replace(off, reason="场地检修"))
    assert [type(one) for one in events] == [
        cases.HearingScheduled,
        cases.HearingNotified,
        cases.HearingNotified,
    ]
    assert events[0].reason == "场地检修"
    assert after(*TO_BE_HELD, *events).hearing(1).starts_at == day(4, 2)


def test_a_challenge_is_not_evaded_by_putting_it_off_with_another_chair():
    off = replace(SCHEDULE, at=day(3, 18), starts_at=day(4, 2), reason="场地检修")
    with refused("case.hearing-challenge-open"):
        when(*TO_BE_HELD, CHALLENGED, command=replace(off, chair=OTHER_CHAIR))
    assert when(*TO_BE_HELD, CHALLENGED, command=off)


# ── The clock ───────────────────────────────────────────────────────────────


def test_a_clock_that_stands_still_or_is_over_is_not_stopped():
    testing = replace(BEGUN, at=day(3, 12, 10))
    events = when(*ASKED_FOR, testing, command=SCHEDULE)
    assert [type(one) for one in events] == [type(one) for one in NOTICE[:3]]
    overdue = replace(SCHEDULE, at=day(4, 2), starts_at=day(4, 20))
    events = when(*ASKED_FOR, command=overdue)  # due on 1 April: it would only hide that
    assert cases.SpecialBegun not in {type(one) for one in events}


def test_its_procedure_begins_with_a_notice_and_ends_with_the_record():
    hearing = replace(BEGIN, procedure=SpecialKind.HEARING, at=day(3, 13))
    with refused("case.hearing-not-scheduled"):
        when(*ASKED_FOR, command=hearing)
    with refused("case.hearing-open"):
        when(*TO_BE_HELD, command=replace(END, at=day(3, 16)))
    resumed = (*ASKED_FOR, *NOTICE[:3])  # it stood still for another reason then
    [begun] = when(*resumed, command=hearing)
    assert begun.procedure is SpecialKind.HEARING
    old = (*REVIEWED_CASE, replace(BEGUN, procedure=SpecialKind.HEARING))  # as it was recorded once
    assert when(*old, command=END)[0].procedure is SpecialKind.HEARING


# ── Who chairs ──────────────────────────────────────────────────────────────


def test_a_party_challenges_the_chair_and_the_head_names_another():
    assert when(*TO_BE_HELD, command=CHALLENGE) == [CHALLENGED]
    challenged = (*TO_BE_HELD, CHALLENGED)
    assert when(*challenged, command=RULE) == [RULED, CHANGED]
    hearing = after(*challenged, RULED, CHANGED).hearing(1)
    assert (hearing.chair, hearing.challenge) == (OTHER_CHAIR, None)


def test_a_challenge_without_ground_leaves_the_chair():
    no = replace(RULE, upheld=False, chair=None, reason="并无亲属关系")
    events = when(*TO_BE_HELD, CHALLENGED, command=no)
    assert events == [replace(RULED, upheld=False, reason=Sealed("并无亲属关系"))]
    after_it = (*TO_BE_HELD, CHALLENGED, *events)
    assert after(*after_it).hearing(1).chair == CHAIR
    with refused("case.hearing-challenged-already"):
        when(*after_it, command=CHALLENGE)
    by_the_applicant = replace(CHALLENGE, party=0, person="P-wang", at=day(3, 18))
    assert when(*after_it, command=by_the_applicant)[0].party == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": day(3, 25, 9)}, "case.hearing-begun"),
        ({"reason": ""}, "case.reason-missing"),
        ({"person": "P-li"}, "case.not-yours"),
    ],
)
def test_the_chair_is_not_challenged(change, code):
    with refused(code):
        when(*TO_BE_HELD, command=replace(CHALLENGE, **change))


def test_one_challenge_at_a_time_and_of_somebody_there_is():
    with refused("case.hearing-challenge-open"):
        when(*TO_BE_HELD, CHALLENGED, command=replace(CHALLENGE, party=0, person="P-wang"))
    with refused("case.hearing-not-scheduled"):
        when(*ASKED_FOR, command=CHALLENGE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"heads": False}, "case.not-organ-head"),
        ({"approver": CHAIR}, "case.hearing-own-challenge"),
        ({"approver": CLERK}, "case.other-department"),
        ({"reason": ""}, "case.reason-missing"),
        ({"chair": None}, "case.chair-missing"),
        ({"chair": CHAIR}, "case.chair-missing"),
        ({"chair": REVIEWER}, "case.hearing-chair-reviewed"),
        ({"chair_heads": True}, "case.hearing-chair-heads"),
        ({"at": day(3, 25, 9)}, "case.hearing-begun"),
    ],
)
def test_a_challenge_is_not_ruled_on(change, code):
    with refused(code):
        when(*TO_BE_HELD, CHALLENGED, command=replace(RULE, **change))


def test_there_is_nothing_to_rule_on_without_a_challenge():
    with refused("case.hearing-no-challenge"):
        when(*TO_BE_HELD, command=RULE)


def test_whoever_stepped_down_does_not_come_back():
    history = (*TO_BE_HELD, CHALLENGED, RULED, CHANGED)
    back = replace(CHANGE, chair=CHAIR, at=day(3, 18))
    with refused("case.hearing-chair-stepped-down"):
        when(*history, command=back)


def test_another_chairs_it_without_a_challenge():
    [event] = when(*TO_BE_HELD, command=CHANGE)
    assert event == replace(CHANGED, reason=Sealed("原主持人出差"), officer=REVIEWER, at=day(3, 16))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"chair": CHAIR}, "case.chair-missing"),
        ({"chair": INSPECTOR}, "case.hearing-chair-elsewhere"),
        ({"reason": " "}, "case.reason-missing"),
        ({"officer": CLERK}, "case.other-department"),
        ({"at": day(3, 26)}, "case.hearing-begun"),
    ],
)
def test_the_chair_is_not_changed(change, code):
    with refused(code):
        when(*TO_BE_HELD, command=replace(CHANGE, **change))


def test_a_challenge_is_ruled_on_and_not_evaded():
    with refused("case.hearing-challenge-open"):
        when(*TO_BE_HELD, CHALLENGED, command=CHANGE)


def test_whoever_chairs_it_does_not_review():
    history = (filed(), ACCEPTED, completed("papers"), *WINDOW, ASKED, *NOTICE)
    with refused("case.chair-may-not-review"):
        when(*history, command=complete("site", replace(CHAIR, organisation="inspection")))
    assert when(*history, command=complete("site", INSPECTOR))


def test_all_who_had_a_part_in_the_review_are_known():
    assert reviewers_of(after(*REVIEWED_CASE)) == {"P-rev", "P-site"}
    on_site = cases.SiteChecked(
        officer=REVIEWER,
        others=(CHAIR,),
        checked_date=date(2026, 3, 5),
        place=Sealed("演示路"),
        finding=Sealed("属实"),
        at=day(3, 5),
    )
    with refused("case.hearing-chair-reviewed"):
        when(filed(), ACCEPTED, on_site, *WINDOW, ASKED, command=SCHEDULE)


# ── The record ──────────────────────────────────────────────────────────────


def test_the_record_says_who_came_who_signed_and_lets_the_clocks_go_on():
    assert when(*TO_BE_HELD, command=RECORD) == [HELD, GOES_ON]
    case = after(*HEARD)
    assert (case.special, case.hearing(1).ended) == ("", Ending.HELD)
    assert case.statutory_due == date(2026, 4, 14)


def test_nobody_need_have_come():
    nobody = tuple(Attendance(party=n, came=False) for n in (0, 1))
    [held, _] = when(*TO_BE_HELD, command=replace(RECORD, attendance=nobody))
    assert (held.came, held.signed, held.unsigned) == ((), (), "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": day(3, 25, 8)}, "case.hearing-not-begun"),
        ({"officer": REVIEWER}, "case.hearing-not-chair"),
        ({"presenters": ()}, "case.hearing-presenters"),
        ({"presenters": (CHAIR,)}, "case.hearing-presenters"),
        ({"presenters": (CLERK,)}, "case.hearing-presenters"),
        ({"evidence": ""}, "case.hearing-evidence-missing"),
        ({"attendance": RECORD.attendance[:1]}, "case.hearing-attendance"),
        ({"attendance": (*RECORD.attendance, RECORD.attendance[0])}, "case.hearing-attendance"),
        (
            {"attendance": (RECORD.attendance[0], Attendance(party=1, came=True))},
            "case.hearing-unsigned",
        ),
        ({"document": None}, "case.hearing-record-missing"),
        ({"hearing": 3}, "case.hearing-unknown"),
    ],
)
def test_there_is_no_record(change, code):
    with refused(code):
        when(*TO_BE_HELD, command=replace(RECORD, **change))


def test_a_challenge_is_ruled_on_before_it_is_held():
    with refused("case.hearing-challenge-open"):
        when(*TO_BE_HELD, CHALLENGED, command=RECORD)
    with refused("case.hearing-not-scheduled"):
        when(*ASKED_FOR, command=RECORD)
    with refused("case.hearing-over"):
        when(*HEARD, command=RECORD)


def test_whoever_reviewed_meanwhile_holds_no_hearing():
    signed = replace(completed("papers"), officer=CHAIR)  # as it might have been recorded
    history = (filed(), ACCEPTED, *WINDOW, ASKED, *NOTICE, signed)
    with refused("case.hearing-chair-reviewed"):
        when(*history, command=RECORD)


# ── The decision ────────────────────────────────────────────────────────────


def test_the_decision_cites_the_record():
    [decided] = when(*HEARD, command=DECIDED)
    assert decided == replace(GRANTED, hearings=(1,), at=day(3, 26))
    with refused("case.hearing-record-not-cited"):
        when(*HEARD, command=replace(DECIDED, hearings=()))
    with refused("case.hearing-record-unknown"):
        when(*HEARD, command=replace(DECIDED, hearings=(1, 2)))


def test_nothing_is_decided_while_it_may_be_asked_for_or_is_not_held():
    early = replace(DECIDED, hearings=(), at=day(3, 16, 23))
    with refused("case.hearing-right-unserved"):
        when(*REVIEWED_CASE, *TOLD, reached(0), command=early)
    with refused("case.hearing-window-open") as waits:
        when(*REVIEWED_CASE, *WINDOW, command=early)
    assert waits.value.facts == {"until": date(2026, 3, 16)}
    with refused("case.hearing-not-held"):
        when(*ASKED_FOR, command=replace(early, at=day(3, 30)))
    with refused("case.hearing-not-held"):
        when(*TO_BE_HELD, command=replace(early, at=day(3, 30)))
    [decided] = when(*REVIEWED_CASE, *WINDOW, command=replace(early, at=day(3, 17, 0)))
    assert decided.hearings == ()
    ended = after(*REVIEWED_CASE, *WINDOW, decided).hearing(1)
    assert (ended.ended, ended.ended_date) == (Ending.CLOSED, date(2026, 3, 17))


def test_where_the_law_wants_one_nothing_is_decided_without():
    wanted = replace(PARALLEL, hearing_basis="演示条例第九条")
    before = (filed(wanted), *REVIEWED_CASE[1:])
    with pytest.raises(Refused) as waits:
        when(*before, command=replace(DECIDED, hearings=()))
    assert (waits.value.code, waits.value.facts) == (
        "case.hearing-required",
        {"basis": "演示条例第九条"},
    )
    refusing = replace(DECIDED, hearings=(), granted=False, reason="场所不符")
    with refused("case.hearing-required"):
        when(*before, command=refusing)
    held = (*before, *HEARD[len(REVIEWED_CASE) :])
    assert when(*held, command=DECIDED)[0].hearings == (1,)


def test_whoever_withdraws_the_application_ends_its_hearing():
    case = after(*TO_BE_HELD, replace(WITHDRAWN, at=day(3, 18)))
    assert (case.stage, case.special) == (Stage.WITHDRAWN, "")
    assert case.hearing(1).ended == Ending.CLOSED
    with refused("case.hearing-over"):
        when(*TO_BE_HELD, replace(WITHDRAWN, at=day(3, 18)), command=RECORD)


# ── For every ───────────────────────────────────────────────────────────────

DAYS = st.integers(0, 60)
FIRST = day(3, 6, 10)


def later(days: int, hour: int = 9) -> datetime:
    return FIRST.replace(hour=hour) + timedelta(days=days)


def tried(history: list[cases.Event], command: cases.Command) -> list[cases.Event]:
    """Return what happens, nothing where it is refused."""
    try:
        return list(when(*history, command=command))
    except Refused:
        return []


@given(served=DAYS, asked=DAYS, calendar=st.sampled_from([KNOWN, FORECAST]))
def test_it_is_never_asked_for_after_the_fifth_working_day(served, asked, calendar):
    reach = replace(REACH, party=1, reached_date=civil_day(later(served)), calendar=calendar)
    history = [*REVIEWED_CASE, *TOLD, *when(*REVIEWED_CASE, *TOLD, command=reach)]
    done = tried(history, replace(ASK, at=later(asked, 23), calendar=calendar))
    spent = working_days_between(
        reach.reached_date, civil_day(later(asked)) - timedelta(days=1), calendar=calendar
    )
    in_time = (
        civil_day(later(asked)) <= add_working_days(reach.reached_date, 5, calendar=calendar).date
    )
    assert bool(done) == in_time
    assert not done or spent <= 5


@given(notice=DAYS, held=DAYS)
def test_it_is_never_held_before_seven_working_days_after_the_notice(notice, held):
    command = replace(SCHEDULE, at=later(notice), starts_at=later(held, 23))
    done = tried(list(ASKED_FOR), command)
    between = working_days_between(
        civil_day(command.at), civil_day(command.starts_at) - timedelta(days=1), calendar=KNOWN
    )
    assert not done or between >= 7
    last = after(*ASKED_FOR).hearing(1).hold_due
    assert last is not None
    if done and civil_day(command.starts_at) > last:
        assert first_day(civil_day(command.at), calendar=KNOWN) > last
        assert done[0].late


ACTS = st.sampled_from(
    ["reach-0", "reach-1", "ask-0", "ask-1", "forgo-0", "forgo-1", "back-0", "back-1", "notice",
     "challenge", "rule", "record", "decide"]
)  # fmt: skip
PERSONS = ("P-wang", "P-zhao")


def _act(name: str, at: datetime) -> cases.Command:
    what, _dash, number = name.partition("-")
    party = int(number or 0)
    match what:
        case "reach":
            return replace(REACH, party=party, reached_date=civil_day(at), at=at)
        case "ask":
            return replace(ASK, party=party, person=PERSONS[party], at=at)
        case "forgo":
            return replace(FORGO, party=party, person=PERSONS[party], at=at)
        case "back":
            return replace(TAKE_BACK, party=party, person=PERSONS[party], at=at)
        case "notice":
            on = at + timedelta(days=14)
            return replace(SCHEDULE, starts_at=on, reason="演示", at=at)
        case "challenge":
            return replace(CHALLENGE, at=at)
        case "rule":
            return replace(RULE, at=at)
        case "record":
            return replace(RECORD, officer=RULE.chair or CHAIR, at=at)
        case _:
            return replace(DECIDE, mandate=replace(MANDATE, valid_to=date(2026, 12, 31)), at=at)


@settings(max_examples=300)
@given(st.lists(st.tuples(ACTS, st.integers(0, 12)), max_size=14))
def test_nothing_is_decided_that_was_to_be_heard(acts):
    """Whatever is done, in whatever order: a decision finds no window open and every hearing
    that was asked for held, or taken back, and cites the record; the clocks are never lost."""
    history: list[cases.Event] = [*REVIEWED_CASE, *TOLD]
    at = FIRST
    for name, days in acts:
        at += timedelta(days=days)
        before = after(*history)
        command = _act(name, at)
        if isinstance(command, cases.DecideCase):
            held = tuple(one.number for one in before.hearings if one.ended == Ending.HELD)
            command = replace(command, hearings=held)
        done = tried(history, command)
        history += done
        state = after(*history)
        assert (state.special == "hearing") == bool(
            state.pauses and not state.pauses[-1].until_date
        )
        if any(isinstance(one, cases.CaseDecided) for one in done):
            for hearing in before.hearings:
                assert not hearing.may_be_asked_for(civil_day(at)) or hearing.needed
                assert hearing.ended or not hearing.needed
            return
