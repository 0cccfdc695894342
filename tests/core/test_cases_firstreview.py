"""First review (初审): who reviews first, for how long, and whose clock starts when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import cases, efficiency
from mingtang.core.cases import Finding, SpecialKind, Stage, When
from mingtang.core.cases.state import first_review_term, organ_of, term_of
from mingtang.core.catalogue import FIRST_REVIEW_DAYS, FirstReview
from mingtang.core.clock import civil_day, due, explain
from mingtang.core.decider import Refused
from mingtang.core.wire import Sealed
from mingtang.core.worktime import add_working_days
from tests.core.case_examples import (
    ACCEPT,
    CHIEF,
    CLERK,
    CORRECT,
    DECIDE,
    DRAWING,
    FORM,
    NOTIFIED,
    NOTIFY,
    PAPERS,
    REVIEWER,
    WITHDRAW,
    accepted,
    after,
    day,
    document,
    filed,
    terms,
    when,
)
from tests.core.item_examples import COMPLETE
from tests.core.work_calendars import FORECAST, KNOWN
from tests.words import refused

BELOW = FirstReview(organ="county-market", basis="演示条例第八条")
ABOVE = replace(terms(PAPERS, promised_days=10), first_review=BELOW)
LOWER = cases.Officer(person="P-low", staff_no="91", organisation="county-market")
# Accepted below on Wednesday 4 March: twenty working days end on 1 April.
TAKEN = replace(accepted(), statutory_due=date(2026, 4, 1), promised_due=date(2026, 4, 1))
BELOW_NOW = (filed(ABOVE), TAKEN)
PASS = cases.PassUp(
    finding=Finding.MEETS,
    opinion="材料齐全，拟同意",
    officer=LOWER,
    at=day(3, 18),
    calendar=KNOWN,
)
PASSED = cases.CaseHandedUp(
    finding=Finding.MEETS,
    opinion=Sealed("材料齐全，拟同意"),
    documents=(DRAWING, FORM),
    to="market",
    handed_date=date(2026, 3, 18),
    first_review_due=date(2026, 4, 1),
    statutory_due=date(2026, 4, 16),  # twenty from 18 March, past Qingming: 4, 5 and 6 are off
    promised_due=date(2026, 4, 1),
    provisional=False,
    calendar=KNOWN.version,
    opened=("papers",),
    officer=LOWER,
    at=day(3, 18),
)
TESTING = cases.BeginSpecial(
    procedure=SpecialKind.TESTING,
    reason="样品须检测",
    expected_days=5,
    officer=LOWER,
    at=day(3, 10),
)
CLOSE = cases.EndSpecial(result="检测合格", officer=LOWER, at=day(3, 17), calendar=KNOWN)
CHANGE = cases.RequestChange(person="P-wang", what="扩大面积", documents=(), form="", at=day(3, 11))


# ── The lower organ's part ──────────────────────────────────────────────────


def test_it_waits_at_the_lower_organ_and_is_accepted_there():
    case = after(filed(ABOVE))
    assert (case.task("intake").department, organ_of(case)) == ("county-market", "county-market")


def test_acceptance_starts_the_first_review_and_no_step_of_the_organ_above():
    assert when(filed(ABOVE), command=ACCEPT) == [TAKEN]
    case = after(*BELOW_NOW)
    assert (case.stage, [task.key for task in case.tasks]) == (
        Stage.FIRST_REVIEW,
        ["intake", "first-review"],
    )
    assert case.task("first-review").department == "county-market"


def test_what_nobody_answered_below_is_deemed_accepted_below():
    [event] = when(filed(ABOVE), command=cases.DeemAccepted(at=day(3, 10, 0), calendar=KNOWN))
    assert (event.accepted_date, event.statutory_due, event.opened) == (
        date(2026, 3, 2),
        date(2026, 3, 30),
        (),
    )


def test_it_is_passed_up_with_opinion_and_every_material():
    assert when(*BELOW_NOW, command=PASS) == [PASSED]


def test_from_the_hand_over_on_it_is_the_organ_above_s_with_a_term_of_its_own():
    case = after(*BELOW_NOW, PASSED)
    assert (case.stage, organ_of(case)) == (Stage.REVIEWING, "market")
    assert [(t.key, t.department) for t in case.tasks if t.done_at is None] == [
        ("papers", "market")
    ]
    assert (case.statutory_due, case.promised_due) == (date(2026, 4, 16), date(2026, 4, 1))
    first, above = first_review_term(case), term_of(case, promised=False)
    assert (first.started, first.budget_days) == (date(2026, 3, 4), 20)
    assert (above.started, above.budget_days) == (date(2026, 3, 18), 20)


def test_without_steps_it_goes_straight_to_the_decision_above():
    plain = filed(replace(ABOVE, steps=()))
    [event] = when(plain, TAKEN, command=PASS)
    case = after(plain, TAKEN, event)
    assert (case.stage, case.task("decision").department) == (Stage.DECIDING, "market")


def test_late_it_is_still_passed_up_and_says_when_it_was_due():
    [event] = when(*BELOW_NOW, command=replace(PASS, at=day(4, 20)))
    assert (event.first_review_due, event.handed_date) == (date(2026, 4, 1), date(2026, 4, 20))


def test_through_a_year_not_announced_the_new_dates_are_provisional():
    late = replace(PASS, at=day(12, 28), calendar=FORECAST)
    [event] = when(*BELOW_NOW, command=late)
    assert event.provisional


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"officer": replace(LOWER, person="P-wang")}, "case.own-case"),
        ({"officer": REVIEWER}, "case.other-department"),
        ({"opinion": " "}, "case.opinion-missing"),
    ],
)
def test_passing_up_is_refused(change, code):
    with refused(code):
        when(*BELOW_NOW, command=replace(PASS, **change))


def test_it_is_passed_up_once_and_only_from_a_first_review():
    with refused("case.unknown"):
        when(command=PASS)
    with refused("case.not-in-first-review"):
        when(filed(ABOVE), command=PASS)
    with refused("case.not-in-first-review"):
        when(*BELOW_NOW, PASSED, command=PASS)
    with refused("case.not-in-first-review"):
        when(filed(), accepted("papers", "site"), command=PASS)


def test_what_is_still_to_follow_is_waited_for_or_found_against():
    short = replace(TAKEN, deferred=("m3",), deferred_due=date(2026, 3, 18))
    with refused("case.deferred-missing"):
        when(filed(ABOVE), short, command=PASS)
    against = replace(PASS, finding=Finding.FAILS)
    [event] = when(filed(ABOVE), short, command=against)
    assert event.finding is Finding.FAILS
    hand_in = cases.HandInDeferred(
        documents=(document("m3"),),
        taken_by=None,
        person="P-wang",
        at=day(3, 12),
    )
    [there] = when(filed(ABOVE), short, command=hand_in)
    [event] = when(filed(ABOVE), short, there, command=PASS)
    assert event.documents == (DRAWING, FORM, document("m3"))


def test_a_task_held_by_a_colleague_is_theirs_to_pass_up():
    other = replace(LOWER, person="P-other", staff_no="92")
    [held] = when(
        *BELOW_NOW, command=cases.ClaimTask(task="first-review", officer=other, at=day(3, 5))
    )
    with refused("case.task-held"):
        when(*BELOW_NOW, held, command=PASS)


def test_signers_are_asked_before_it_goes_and_never_after():
    other = replace(LOWER, person="P-other", staff_no="92")
    ask = cases.AskSigners(
        task="first-review",
        signers=(other,),
        need=cases.Need.ALL,
        when=When.BEFORE,
        note="请复核",
        officer=LOWER,
        at=day(3, 5),
    )
    asked = when(*BELOW_NOW, command=ask)
    with refused("case.signers-awaited"):
        when(*BELOW_NOW, *asked, command=PASS)
    with refused("case.hand-over-is-last"):
        when(*BELOW_NOW, command=replace(ask, when=When.AFTER))


# ── What the organ above may not do ─────────────────────────────────────────


def test_the_organ_above_does_not_ask_the_applicant_again():
    with refused("case.materials-not-again"):
        when(*BELOW_NOW, PASSED, command=replace(NOTIFY, officer=CHIEF, at=day(3, 19)))


def test_below_it_is_told_once_as_ever():
    case = after(filed(ABOVE), NOTIFIED)
    assert case.stage is Stage.CORRECTING
    [event] = when(filed(ABOVE), NOTIFIED, command=CORRECT)
    assert event.intake_due == date(2026, 3, 27)


def test_whoever_reviewed_first_does_not_decide_above():
    done = replace(PASSED, opened=())
    plain = (filed(replace(ABOVE, steps=())), TAKEN, done)
    moved = replace(CHIEF, person=LOWER.person)
    letter = replace(DECIDE.mandate, person=LOWER.person)
    with refused("case.reviewer-may-not-decide"):
        when(*plain, command=replace(DECIDE, officer=moved, mandate=letter, at=day(3, 20)))


def test_the_organ_above_does_nothing_before_it_has_the_case():
    with refused("case.other-department"):
        when(*BELOW_NOW, command=replace(TESTING, officer=REVIEWER))
    with refused("case.not-awaiting-decision"):
        when(*BELOW_NOW, command=DECIDE)


def test_a_first_review_is_never_settled_on_the_spot():
    spot = replace(ABOVE, promised_days=0, steps=())
    settle = cases.SettleOnTheSpot(
        granted=True, reason="", officer=CHIEF, mandate=DECIDE.mandate, at=day(3, 4), calendar=KNOWN
    )
    with refused("case.not-on-the-spot"):
        when(filed(spot), command=settle)


# ── What moves its clock ────────────────────────────────────────────────────


def test_nothing_extends_it():
    extend = cases.ExtendTerm(
        days=10,
        reason="复杂",
        approver=replace(LOWER, person="P-head"),
        heads=True,
        at=day(3, 20),
        calendar=KNOWN,
    )
    with refused("case.first-review-not-extended"):
        when(*BELOW_NOW, command=extend)


def test_testing_below_is_left_out_of_the_first_clock_and_not_of_the_second():
    begun = when(*BELOW_NOW, command=TESTING)
    with refused("case.special-open"):
        when(*BELOW_NOW, *begun, command=PASS)
    ended = when(*BELOW_NOW, *begun, command=CLOSE)
    assert ended[0].statutory_due == date(2026, 4, 9)  # five worked days: 10 to 13 and 16 March
    [event] = when(*BELOW_NOW, *begun, *ended, command=PASS)
    assert event == replace(PASSED, first_review_due=date(2026, 4, 9))
    case = after(*BELOW_NOW, *begun, *ended, event)
    assert (case.pauses, len(case.handed.pauses)) == ((), 1)


def test_a_change_in_substance_begins_it_anew_and_is_ruled_on_before_it_goes_up():
    asked = when(*BELOW_NOW, command=CHANGE)
    with refused("case.change-open"):
        when(*BELOW_NOW, *asked, command=PASS)
    rule = cases.RuleOnChange(
        substantial=True, reason="面积不同", officer=LOWER, at=day(3, 12), calendar=KNOWN
    )
    [anew] = when(*BELOW_NOW, *asked, command=rule)
    assert anew.statutory_due == date(2026, 4, 9)  # twenty from 11 March
    [event] = when(*BELOW_NOW, *asked, anew, command=PASS)
    assert event.first_review_due == date(2026, 4, 9)
    assert after(*BELOW_NOW, *asked, anew, event).restarts == ()


def test_the_applicant_may_withdraw_meanwhile():
    case = after(*BELOW_NOW, *when(*BELOW_NOW, command=WITHDRAW))
    assert (case.stage, [task.key for task in case.tasks]) == (Stage.WITHDRAWN, ["intake"])


def test_a_new_calendar_dates_it_anew():
    early = (filed(ABOVE), replace(TAKEN, statutory_due=date(2026, 3, 30)))
    [event] = when(*early, command=cases.RedateCase(at=day(3, 5), calendar=KNOWN))
    assert (event.statutory_due_before, event.statutory_due) == (
        date(2026, 3, 30),
        date(2026, 4, 1),
    )


# ── The terms, fixed at filing ──────────────────────────────────────────────

FURTHER = FirstReview(organ="other-county", days=15, basis="演示条例第八条")


def test_the_only_organ_below_is_taken_and_one_of_several_is_named():
    one = replace(COMPLETE, first_reviews=(BELOW,))
    assert cases.terms_of("k", 1, one).first_review == BELOW
    two = replace(COMPLETE, first_reviews=(BELOW, FURTHER))
    assert cases.terms_of("k", 1, two, organ="other-county").first_review == FURTHER
    with refused("case.organ-missing"):
        cases.terms_of("k", 1, two)
    with refused("case.organ-not-competent"):
        cases.terms_of("k", 1, two, organ="education")
    assert cases.terms_of("k", 1, COMPLETE).first_review is None


# ── What it took ────────────────────────────────────────────────────────────


def test_each_organ_s_part_is_measured_by_itself():
    case = after(*BELOW_NOW, PASSED)
    measure = efficiency.MeasureFirstReview(case=case, calendar=KNOWN, at=day(3, 18))
    measured = efficiency.FirstReviewMeasured(
        item="item-key",
        department="county-market",
        month="2026-03",
        allowed_days=20,
        used_days=10,
        in_time=True,
        calendar=KNOWN.version,
        at=day(3, 18),
    )
    assert efficiency.decide(efficiency.State(), measure) == [measured]
    decided = replace(case, stage=Stage.GRANTED, closed_date=date(2026, 3, 25))
    [above] = efficiency.decide(
        efficiency.State(), efficiency.MeasureCase(case=decided, calendar=KNOWN, at=day(3, 25))
    )
    assert (above.department, above.used_days, above.promised_days) == ("market", 5, 10)


def test_a_first_review_is_measured_once_and_only_when_it_was_handed_over():
    measure = efficiency.MeasureFirstReview(case=after(*BELOW_NOW), calendar=KNOWN, at=day(3, 18))
    with refused("efficiency.not-handed-up"):
        efficiency.decide(efficiency.State(), measure)
    with refused("efficiency.already-measured"):
        efficiency.decide(efficiency.State(measured=True), measure)


# ── For whatever happens ────────────────────────────────────────────────────


@st.composite
def courses(draw: st.DrawFn) -> list[tuple[int, str]]:
    """Days that pass before each act, and the act."""
    names = st.sampled_from(["begin", "end", "change", "rule", "pass", "extend"])
    return draw(st.lists(st.tuples(st.integers(0, 9), names), max_size=14))


@settings(deadline=None)
@given(courses())
def test_whatever_happens_the_law_s_days_hold_and_both_explanations_add_up(
    course: list[tuple[int, str]],
):
    case = after(*_history_of(course))
    first = first_review_term(case)
    assert first is not None
    below_days, below_last = _worked_out(first)
    assert below_days == FIRST_REVIEW_DAYS  # nothing but what the law leaves out moves it
    if case.handed is None:
        assert case.statutory_due == below_last
        return
    assert case.handed.due == below_last
    above = term_of(case, promised=False)
    assert above.started == case.handed.day  # never before the hand-over
    above_days, above_last = _worked_out(above)
    assert above_days == 20 + case.extended_days
    assert case.statutory_due == above_last
    for cut in above.interruptions:
        assert cut.from_date >= case.handed.day


def _worked_out(term) -> tuple[int, date]:
    """Count a closed term by hand: its days, those the law leaves out skipped, and its last."""
    last = due(term, calendar=KNOWN)
    assert last is not None
    lines = explain(term, until=last.date, calendar=KNOWN)
    begun = max((i for i, line in enumerate(lines) if line.kind == "start"), default=0)
    counted = [line for line in lines[begun:] if line.kind.counted]
    start = lines[begun].day
    lost = {
        start + timedelta(days=n)
        for n in range(1, (last.date - start).days + 1)
        for pause in term.pauses
        if pause.from_date <= start + timedelta(days=n) < (pause.until_date or date.max)
        and KNOWN.is_working(start + timedelta(days=n))
    }
    assert last.date == add_working_days(start, len(counted) + len(lost), calendar=KNOWN).date
    assert counted[-1].number == len(counted)
    return len(counted), last.date


def _history_of(course: list[tuple[int, str]]) -> list[cases.Event]:
    """Return what came of these acts, those refused left out, the last procedure ended."""
    history: list[cases.Event] = list(BELOW_NOW)
    at = day(3, 4)
    for gap, name in [*course, (2, "end")]:
        at += timedelta(days=gap)
        if civil_day(at) > date(2026, 9, 1):
            break
        who = LOWER if organ_of(after(*history)) == "county-market" else REVIEWER
        command = {
            "begin": replace(TESTING, officer=who, at=at),
            "end": replace(CLOSE, officer=who, at=at),
            "change": replace(CHANGE, at=at),
            "rule": cases.RuleOnChange(
                substantial=True, reason="不同", officer=who, at=at, calendar=KNOWN
            ),
            "pass": replace(PASS, at=at),
            "extend": cases.ExtendTerm(
                days=10, reason="复杂", approver=CHIEF, heads=True, at=at, calendar=KNOWN
            ),
        }[name]
        try:
            history += when(*history, command=command)
        except Refused:
            continue
    if after(*history).special:  # it went on past the time looked at
        history += when(*history, command=replace(CLOSE, officer=who, at=at))
    return history


def test_clerk_of_the_centre_accepts_for_the_lower_organ_as_for_any():
    [event] = when(filed(ABOVE), command=replace(ACCEPT, officer=CLERK))
    assert event.officer == CLERK
