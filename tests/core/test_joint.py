"""A joint case: filed with its branches, joined when they have ended; its term, consultations."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import joint
from mingtang.core.cases import Pausing, Stage
from mingtang.core.clock import explain
from mingtang.core.decider import Refused
from mingtang.core.joint import JointStage
from mingtang.core.wire import Sealed
from mingtang.core.worktime import add_working_days
from tests.core.case_examples import APPLICANT, CHIEF, CLERK, day, document
from tests.core.joint_examples import (
    ACCEPT,
    ACCEPTED,
    ALL_GRANTED,
    BRANCHES,
    EXTEND,
    EXTENDED,
    EXTENSION_ASKED,
    FILE,
    FILED,
    FIREMAN,
    GOVERNOR,
    JOINED,
    LEADER,
    STOCK,
    UNDER_WAY,
    after,
    closed,
    standing,
    standings,
    when,
)
from tests.core.work_calendars import KNOWN
from tests.words import refused

ASK = joint.AskDepartments(
    question="疏散通道与厨房布局是否冲突？",
    departments=("fire", "city"),
    officer=LEADER,
    at=day(3, 6),
)
ASKED = joint.DepartmentsAsked(
    number=1,
    question=Sealed(ASK.question),
    departments=("fire", "city"),
    officer=LEADER,
    at=day(3, 6),
)
ANSWER = joint.AnswerConsultation(number=1, answer="不冲突", officer=FIREMAN, at=day(3, 9))
ANSWERED = joint.ConsultationAnswered(
    number=1, department="fire", answer=Sealed("不冲突"), officer=FIREMAN, at=day(3, 9)
)
APPROVE = joint.AnswerExtension(
    granted=True, opinion="", approver=GOVERNOR, heads=True, at=day(4, 2), calendar=KNOWN
)
CONCLUDE = joint.ConcludeJoint(statement="", officer=LEADER, at=day(3, 23))
CONCLUDED = joint.JointConcluded(
    outcome=JointStage.GRANTED, statement=Sealed(""), officer=LEADER, at=day(3, 23)
)
TESTING = Pausing("testing", date(2026, 3, 10), None, 5)
TESTED = replace(TESTING, until_date=date(2026, 3, 17))


# ── Filing ──────────────────────────────────────────────────────────────────


def test_one_application_is_filed_for_all():
    assert when(command=FILE) == [FILED]


def test_it_is_filed_once():
    with refused("joint.already-filed"):
        when(FILED, command=FILE)


def test_nothing_is_missing_and_nothing_is_handed_in_twice():
    with refused("case.material-missing") as caught:
        when(command=replace(FILE, documents=()))
    assert caught.value.facts == {"materials": ["licence_m1"]}
    twice = (document("licence_m1"), document("licence_m1"))
    with refused("joint.document-twice"):
        when(command=replace(FILE, documents=twice))


# ── Acceptance ──────────────────────────────────────────────────────────────


def test_the_window_of_the_lead_accepts_and_the_joint_term_begins():
    assert when(FILED, command=ACCEPT) == [ACCEPTED]


def test_a_branch_that_waits_keeps_the_whole_waiting():
    waiting = standings(Stage.REVIEWING, Stage.CORRECTING, Stage.FILED)
    with refused("joint.branches-not-accepted") as caught:
        when(FILED, command=replace(ACCEPT, branches=waiting))
    assert caught.value.facts == {"cases": ["MT-2", "MT-3"]}


def test_it_is_accepted_once_and_not_by_the_applicant():
    with refused("joint.not-awaiting-acceptance"):
        when(*UNDER_WAY, command=ACCEPT)
    with refused("case.own-case"):
        when(FILED, command=replace(ACCEPT, officer=replace(CLERK, person="P-wang")))
    with refused("joint.unknown"):
        when(command=ACCEPT)


def test_branches_accepted_one_by_one_or_by_law_begin_the_term_with_the_last_of_them():
    late = replace(standing("MT-3"), accepted_date=date(2026, 3, 9))
    branches = (*STOCK.branches[:2], late)
    [accepted] = when(FILED, command=replace(STOCK, branches=branches))
    assert (accepted.officer, accepted.accepted_date) == (None, date(2026, 3, 9))
    assert accepted.due == date(2026, 5, 14)


# ── Joining ─────────────────────────────────────────────────────────────────


def test_an_ended_branch_is_noted_and_the_others_go_on():
    branches = standings(Stage.GRANTED, Stage.REVIEWING, Stage.REVIEWING)
    assert when(*UNDER_WAY, command=replace(STOCK, branches=branches)) == [closed("MT-1")]


def test_the_last_branch_that_ends_brings_it_to_the_lead():
    history = (*UNDER_WAY, closed("MT-1"), closed("MT-3"))
    branches = standings(Stage.GRANTED, Stage.GRANTED, Stage.GRANTED)
    found = when(*history, command=replace(STOCK, branches=branches))
    assert found == [closed("MT-2"), JOINED]
    assert after(*history, *found).stage is JointStage.CONCLUDING


def test_a_refused_branch_stops_none_of_the_others():
    branches = standings(Stage.REFUSED, Stage.REVIEWING, Stage.REVIEWING)
    found = when(*UNDER_WAY, command=replace(STOCK, branches=branches))
    assert found == [closed("MT-1", Stage.REFUSED)]
    assert after(*UNDER_WAY, *found).stage is JointStage.HANDLING


def test_what_nobody_decided_has_no_result():
    branches = standings(Stage.WITHDRAWN, Stage.NOT_ACCEPTED, Stage.WITHDRAWN)
    found = when(*UNDER_WAY, command=replace(STOCK, branches=branches))
    assert found == [
        closed("MT-1", Stage.WITHDRAWN),
        closed("MT-2", Stage.NOT_ACCEPTED),
        closed("MT-3", Stage.WITHDRAWN),
        joint.JointLapsed(at=day(3, 20)),
    ]
    state = after(*UNDER_WAY, *found)
    assert (state.stage, state.closed_date) == (JointStage.LAPSED, date(2026, 3, 20))


def test_what_is_known_is_not_noted_again():
    with refused("joint.nothing-new"):
        when(*UNDER_WAY, command=STOCK)
    branches = standings(Stage.GRANTED, Stage.GRANTED, Stage.GRANTED)
    with refused("joint.nothing-new"):
        when(*ALL_GRANTED, command=replace(STOCK, branches=branches))
    with refused("joint.closed"):
        when(*ALL_GRANTED, CONCLUDED, command=STOCK)


ENDS = st.sampled_from([Stage.GRANTED, Stage.REFUSED, Stage.WITHDRAWN, Stage.NOT_ACCEPTED])


@given(
    order=st.permutations(range(3)),
    ends=st.tuples(ENDS, ENDS, ENDS),
    looks=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_whatever_the_order_and_whoever_looks_it_joins_exactly_once(order, ends, looks):
    """Looks that are missed, doubled or late lose nothing: each sees all branches."""
    stages = [Stage.REVIEWING] * 3
    history = [*UNDER_WAY]
    for place, looked in zip(order, [*looks[:2], True], strict=True):
        stages[place] = ends[place]
        command = replace(STOCK, branches=standings(*stages))
        for _ in range(2 if looked else 0):
            with suppress(Refused):
                history += when(*history, command=command)
    kinds = [type(event) for event in history]
    assert kinds.count(joint.BranchClosed) == 3
    assert kinds.count(joint.BranchesJoined) + kinds.count(joint.JointLapsed) == 1
    decided = {Stage.GRANTED, Stage.REFUSED} & set(ends)
    stage = after(*history).stage
    assert stage is (JointStage.CONCLUDING if decided else JointStage.LAPSED)


# ── The result ──────────────────────────────────────────────────────────────


def test_the_lead_gives_the_result():
    assert when(*ALL_GRANTED, command=CONCLUDE) == [CONCLUDED]


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        ((Stage.GRANTED, Stage.REFUSED, Stage.GRANTED), JointStage.PARTLY),
        ((Stage.GRANTED, Stage.WITHDRAWN, Stage.GRANTED), JointStage.PARTLY),
        ((Stage.REFUSED, Stage.REFUSED, Stage.NOT_ACCEPTED), JointStage.REFUSED),
    ],
)
def test_what_was_not_granted_in_full_is_said_with_its_reasons(ends, outcome):
    found = when(*UNDER_WAY, command=replace(STOCK, branches=standings(*ends)))
    history = (*UNDER_WAY, *found)
    with refused("joint.statement-missing"):
        when(*history, command=CONCLUDE)
    told = replace(CONCLUDE, statement="店招设置不予许可，理由见其决定书")
    [concluded] = when(*history, command=told)
    assert concluded.outcome is outcome
    assert after(*history, concluded).stage is outcome


def test_the_result_waits_for_every_branch():
    with refused("joint.branches-open") as caught:
        when(*UNDER_WAY, closed("MT-1"), command=CONCLUDE)
    assert caught.value.facts == {"cases": ["MT-2", "MT-3"]}


def test_the_result_is_the_leads_and_given_once():
    with refused("joint.not-lead"):
        when(*ALL_GRANTED, command=replace(CONCLUDE, officer=FIREMAN))
    with refused("case.own-case"):
        own = replace(LEADER, person="P-wang")
        when(*ALL_GRANTED, command=replace(CONCLUDE, officer=own))
    with refused("joint.closed"):
        when(*ALL_GRANTED, CONCLUDED, command=CONCLUDE)


# ── Consultation ────────────────────────────────────────────────────────────


def test_the_lead_asks_and_a_department_answers():
    assert when(*UNDER_WAY, command=ASK) == [ASKED]
    assert when(*UNDER_WAY, ASKED, command=ANSWER) == [ANSWERED]
    [consultation] = after(*UNDER_WAY, ASKED, ANSWERED).consultations
    assert consultation.waiting == ("city",)


def test_only_the_lead_asks_only_those_who_handle_a_branch():
    with refused("joint.not-lead"):
        when(*UNDER_WAY, command=replace(ASK, officer=FIREMAN))
    for departments in ((), ("market",), ("health", "fire")):
        with refused("joint.department-not-among"):
            when(*UNDER_WAY, command=replace(ASK, departments=departments))
    with refused("joint.question-missing"):
        when(*UNDER_WAY, command=replace(ASK, question=" "))
    with refused("joint.not-handling"):
        when(FILED, command=ASK)


def test_only_who_was_asked_answers_and_once():
    with refused("joint.nothing-asked"):
        when(*UNDER_WAY, command=ANSWER)
    with refused("joint.nothing-asked"):
        when(*UNDER_WAY, ASKED, ANSWERED, command=ANSWER)
    with refused("joint.nothing-asked"):
        when(*UNDER_WAY, ASKED, command=replace(ANSWER, officer=CHIEF))
    with refused("joint.answer-missing"):
        when(*UNDER_WAY, ASKED, command=replace(ANSWER, answer=""))


# ── A shorter promise ───────────────────────────────────────────────────────

PROMISING = replace(FILED, promised_days=15)
PROMISED = replace(ACCEPTED, promised_due=date(2026, 3, 25))


def test_a_bundle_may_promise_less_than_the_law_allows():
    assert when(PROMISING, command=ACCEPT) == [PROMISED]
    begun = after(PROMISING, PROMISED)
    assert (begun.due, begun.promised_due) == (ACCEPTED.due, date(2026, 3, 25))
    content = replace(FILE.content, promised_days=15)
    assert when(command=replace(FILE, content=content)) == [PROMISING]


def test_an_extension_is_of_the_laws_term_and_leaves_the_promise():
    [extended] = when(PROMISING, PROMISED, EXTENSION_ASKED, command=APPROVE)
    assert extended == EXTENDED
    assert after(PROMISING, PROMISED, EXTENSION_ASKED, EXTENDED).promised_due == date(2026, 3, 25)


def test_what_the_law_does_not_count_is_not_counted_against_the_promise():
    tested = (standing("MT-1", pauses=(TESTED,)), *STOCK.branches[1:])
    [noted] = when(PROMISING, PROMISED, command=replace(STOCK, branches=tested))
    assert (noted.due, noted.promised_due) == (date(2026, 5, 18), date(2026, 4, 1))
    now = after(PROMISING, PROMISED, noted)
    assert (now.due, now.promised_due) == (noted.due, noted.promised_due)
    [begun] = when(
        PROMISING,
        PROMISED,
        command=replace(STOCK, branches=(standing("MT-1", pauses=(TESTING,)), *STOCK.branches[1:])),
    )
    assert begun.promised_due == date(2026, 3, 25)  # stands where it was until the end is known


@given(days=st.integers(1, 45))
def test_no_promise_ends_after_the_law_does(days):
    [begun] = when(replace(FILED, promised_days=days), command=ACCEPT)
    assert (begun.promised_due is None) == (days == 45)
    assert (begun.promised_due or begun.due) <= begun.due


# ── Withdrawing all of it ───────────────────────────────────────────────────

OWN = {"person": APPLICANT.id, "reason": "不开了", "at": day(3, 23)}


def test_the_applicant_withdraws_whatever_is_still_open():
    ended = standings(Stage.GRANTED, Stage.REVIEWING, Stage.CORRECTING)
    assert when(*UNDER_WAY, command=joint.WithdrawJoint(branches=ended, **OWN)) == [
        joint.JointWithdrawn(
            withdrawn=("MT-2", "MT-3"), kept=("MT-1",), reason=Sealed("不开了"), at=day(3, 23)
        )
    ]


def test_whoever_acts_for_the_applicant_withdraws_and_nobody_else():
    open_all = standings(Stage.FILED, Stage.FILED, Stage.FILED)
    other = joint.WithdrawJoint(branches=open_all, **{**OWN, "person": "P-other"})
    with refused("case.not-yours"):
        when(FILED, command=other)
    entrusted = replace(other, represents=frozenset({FILED.applicant}))
    assert len(when(FILED, command=entrusted)) == 1
    agent = replace(FILED, agent=Sealed("P-other"))
    assert len(when(agent, command=other)) == 1


def test_nothing_is_withdrawn_where_all_has_ended():
    all_ended = joint.WithdrawJoint(
        branches=standings(Stage.GRANTED, Stage.REFUSED, Stage.WITHDRAWN), **OWN
    )
    with refused("joint.unknown"):
        when(command=all_ended)
    with refused("joint.nothing-to-withdraw"):
        when(*ALL_GRANTED, command=all_ended)
    with refused("joint.closed"):
        when(*ALL_GRANTED, CONCLUDED, command=all_ended)


# ── The joint term ──────────────────────────────────────────────────────────


def test_the_head_of_the_government_extends_by_fifteen_days_at_most():
    assert when(*UNDER_WAY, command=EXTEND) == [EXTENSION_ASKED]
    assert when(*UNDER_WAY, EXTENSION_ASKED, command=APPROVE) == [EXTENDED]


def test_an_extension_is_asked_for_once_and_in_time():
    with refused("joint.extension-asked-already"):
        when(*UNDER_WAY, EXTENSION_ASKED, command=EXTEND)
    with refused("joint.extended-already"):
        when(*UNDER_WAY, EXTENSION_ASKED, EXTENDED, command=EXTEND)
    for days in (0, 16):
        with refused("joint.extension-too-long"):
            when(*UNDER_WAY, command=replace(EXTEND, days=days))
    with refused("joint.reason-missing"):
        when(*UNDER_WAY, command=replace(EXTEND, reason=""))
    with refused("joint.not-lead"):
        when(*UNDER_WAY, command=replace(EXTEND, officer=FIREMAN))
    assert when(*UNDER_WAY, command=replace(EXTEND, at=day(5, 11)))
    with refused("joint.term-over"):
        when(*UNDER_WAY, command=replace(EXTEND, at=day(5, 12, 0)))


def test_only_the_head_of_that_government_approves():
    asked = (*UNDER_WAY, EXTENSION_ASKED)
    with refused("joint.not-government-head"):
        when(*asked, command=replace(APPROVE, heads=False))
    with refused("joint.not-government-head"):
        other = replace(GOVERNOR, organisation="elsewhere")
        when(*asked, command=replace(APPROVE, approver=other))
    with refused("joint.no-extension-asked"):
        when(*UNDER_WAY, command=APPROVE)
    with refused("joint.term-over"):
        when(*asked, command=replace(APPROVE, at=day(5, 12, 0)))


def test_an_extension_that_is_denied_moves_nothing_and_may_be_asked_for_again():
    deny = replace(APPROVE, granted=False, opinion="理由不足")
    denied = joint.ExtensionDenied(opinion=Sealed("理由不足"), approver=GOVERNOR, at=day(4, 2))
    asked = (*UNDER_WAY, EXTENSION_ASKED)
    assert when(*asked, command=deny) == [denied]
    assert after(*asked, denied).due == ACCEPTED.due
    assert when(*asked, denied, command=replace(EXTEND, at=day(4, 3)))
    with refused("joint.reason-missing"):
        when(*asked, command=replace(deny, opinion=""))


def paused(pausing: Pausing):
    return (standing("MT-1"), standing("MT-2"), replace(standing("MT-3"), pauses=(pausing,)))


def test_what_the_law_does_not_count_in_a_branch_is_not_counted_for_the_whole():
    [begun] = when(*UNDER_WAY, command=replace(STOCK, branches=paused(TESTING)))
    assert (begun.pauses, begun.due_before, begun.due) == ((TESTING,), ACCEPTED.due, ACCEPTED.due)
    [ended] = when(*UNDER_WAY, begun, command=replace(STOCK, branches=paused(TESTED)))
    # five worked days later: 10, 11, 12, 13, 16 March
    assert (ended.due_before, ended.due) == (ACCEPTED.due, date(2026, 5, 18))


def test_the_term_does_not_run_out_while_it_stands_still():
    [begun] = when(*UNDER_WAY, command=replace(STOCK, branches=paused(TESTING)))
    assert when(*UNDER_WAY, begun, command=replace(EXTEND, at=day(6, 1)))


def test_a_calendar_that_changes_dates_the_joint_term_anew():
    days_off = replace(KNOWN.years[1], off_days=(*KNOWN.years[1].off_days, date(2026, 3, 24)))
    changed = replace(KNOWN, years=(KNOWN.years[0], days_off, *KNOWN.years[2:]))
    [moved] = when(*UNDER_WAY, command=replace(STOCK, calendar=changed))
    assert moved == joint.JointRedated(
        due_before=ACCEPTED.due,
        due=date(2026, 5, 12),
        provisional=False,
        calendar=changed.version,
        at=day(3, 20),
    )


SPANS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60), st.integers(0, 20)), max_size=4)


@given(SPANS, st.sampled_from([0, 1, 15]))
def test_no_pause_or_extension_brings_the_last_day_forward_and_every_day_is_explained(spans, more):
    pauses = tuple(
        Pausing(
            "testing",
            date(2026, 3, 4) + timedelta(days=begin),
            date(2026, 3, 4) + timedelta(days=begin + length),
            5,
        )
        for _branch, begin, length in spans
    )
    branches = tuple(
        replace(
            standing(branch.case),
            pauses=tuple(
                pause for pause, span in zip(pauses, spans, strict=True) if span[0] == place
            ),
        )
        for place, branch in enumerate(BRANCHES)
    )
    state = replace(after(*UNDER_WAY), extended_days=more)
    try:
        events = joint.decide(state, replace(STOCK, branches=branches))
    except Refused:
        events = []
    for event in events:
        state = joint.evolve(state, event)
    plain = add_working_days(date(2026, 3, 4), 45 + more, calendar=KNOWN).date
    assert state.due >= plain or not events
    term = joint.term_of(state.accepted_date, extended_days=more, pauses=state.pauses)
    lines = explain(term, until=state.due, calendar=KNOWN)
    counted = [line for line in lines if line.kind.counted]
    if events:
        assert counted[-1].number == len(counted) == 45 + more
    assert len(lines) == (state.due - date(2026, 3, 4)).days + 1
