"""Return to an earlier step: what is done again, what stays, and that the clock does not move."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import DECISION, INTAKE, Agreement, Need, Stage, StandsFor, When
from mingtang.core.decider import Refused
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    EITHER,
    INSPECTOR,
    REVIEWED,
    REVIEWER,
    WITHDRAWN,
    after,
    complete,
    completed,
    day,
    filed,
    when,
)
from tests.core.test_cases_assigning import OTHER
from tests.core.test_cases_signing import ASKED, ONE
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)
DECIDING = (*UNDER_REVIEW, *REVIEWED)
BACK = cases.ReturnToStep(
    task=DECISION, step="papers", reason="面积没有核对", officer=CHIEF, at=day(3, 9)
)
WENT_BACK = cases.CaseReturned(
    task=DECISION,
    step="papers",
    again=("papers", "merge"),
    reason=Sealed("面积没有核对"),
    officer=CHIEF,
    at=day(3, 9),
)


def test_the_chosen_step_and_those_behind_it_are_done_again():
    assert when(*DECIDING, command=BACK) == [WENT_BACK]
    case = after(*DECIDING, WENT_BACK)
    assert case.stage is Stage.REVIEWING
    assert [t.key for t in case.tasks if t.done_at is None] == ["papers"]
    assert case.done_steps() == {INTAKE, "site"}


def test_what_was_found_before_stays_on_the_record():
    case = after(*DECIDING, WENT_BACK)
    assert [(t.key, t.round, t.finding, t.returned) for t in case.tasks] == [
        (INTAKE, 1, "accepted", False),
        ("papers", 1, "meets", True),
        ("site", 1, "meets", False),
        ("merge", 1, "meets", True),
        (DECISION, 1, "returned", True),
        ("papers", 2, "", False),
    ]


def test_the_way_forward_is_walked_again():
    again = complete("papers", OTHER, at=day(3, 10))
    [done] = when(*DECIDING, WENT_BACK, command=again)
    assert (done.opened, done.review_finished) == (("merge",), False)
    case = after(*DECIDING, WENT_BACK, done)
    [last] = cases.DECIDER.decide(case, complete("merge", OTHER, at=day(3, 10, 10)))
    assert last.review_finished
    decided = cases.DECIDER.evolve(case, last)
    assert (decided.stage, decided.task(DECISION).round) == (Stage.DECIDING, 2)


def test_from_a_step_the_case_goes_back_to_one_before_it():
    history = (*UNDER_REVIEW, *REVIEWED[:2])
    back = replace(BACK, task="merge", step="site", officer=REVIEWER)
    [event] = when(*history, command=back)
    assert event.again == ("site", "merge")
    case = after(*history, event)
    [begun] = [t for t in case.tasks if t.done_at is None]
    assert (begun.key, begun.department) == ("site", "inspection")


def test_an_open_step_behind_the_chosen_one_comes_to_nothing():
    """After a join on the first, the other branch is still open; it is not behind."""
    either = (filed(EITHER), ACCEPTED, completed("papers", REVIEWER, "merge"))
    back = replace(BACK, task="merge", officer=REVIEWER)
    [event] = when(*either, command=back)
    case = after(*either, event)
    assert [(t.key, t.round) for t in case.tasks if t.done_at is None] == [
        ("site", 1),
        ("papers", 2),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"step": "unheard-of"}, "case.not-an-earlier-step"),
        ({"reason": " "}, "case.reason-missing"),
        ({"officer": INSPECTOR}, "case.other-department"),
        ({"officer": replace(CHIEF, person="P-wang")}, "case.own-case"),
        ({"task": "papers"}, "case.step-not-open"),
    ],
)
def test_a_case_is_not_returned(changes, code):
    with refused(code):
        when(*DECIDING, command=replace(BACK, **changes))


def test_a_step_beside_it_or_itself_is_no_earlier_one():
    history = (*UNDER_REVIEW, completed("papers"))
    for step in ("papers", "site", "merge"):
        with refused("case.not-an-earlier-step"):
            when(*history, command=replace(BACK, task="site", step=step, officer=INSPECTOR))


def test_what_has_to_be_done_again_is_not_done():
    either = (filed(EITHER), ACCEPTED, completed("papers", REVIEWER, "merge"))
    back = replace(BACK, task="merge", step="site", officer=REVIEWER)
    with refused("case.step-not-done"):
        when(*either, command=back)


def test_what_somebody_holds_they_return_or_their_deputy():
    held = cases.TaskClaimed(task=DECISION, officer=replace(CHIEF, person="P-2"), at=day(3, 8))
    with refused("case.task-held"):
        when(*DECIDING, held, command=BACK)
    stands = StandsFor(person="P-2", delegation="d1")
    [taken, event] = when(*DECIDING, held, command=replace(BACK, stands_for=(stands,)))
    assert (taken.holder, event) == ("P-2", WENT_BACK)


def test_signers_who_are_still_asked_do_not_hold_it_up():
    asked = replace(ASKED, task=DECISION, officer=CHIEF, signers=(ONE,))
    assert when(*DECIDING, asked, command=BACK) == [WENT_BACK]
    sign = cases.SignTask(
        signature=1, finding=Agreement.AGREES, opinion="", officer=ONE, at=day(3, 10)
    )
    with refused("case.signature-not-open"):
        when(*DECIDING, asked, WENT_BACK, command=sign)


def test_a_case_that_was_returned_can_be_withdrawn():
    case = after(*DECIDING, WENT_BACK, WITHDRAWN)
    assert [t for t in case.tasks if t.done_at is None] == []


def test_where_a_case_can_go_back_to():
    case = after(*DECIDING)
    assert cases.earlier_steps(case, DECISION) == ("papers", "site", "merge")
    assert cases.earlier_steps(after(*UNDER_REVIEW), "papers") == ()
    assert cases.earlier_steps(after(*DECIDING, WENT_BACK), "papers") == ()


# ── Whatever colleagues do among themselves ─────────────────────────────────

STEPS = ("papers", "site", "merge")
STAFF = {
    "market": [REVIEWER, OTHER, ONE, CHIEF],
    "inspection": [INSPECTOR, replace(INSPECTOR, person="P-site-2", staff_no="34")],
}
EVERYBODY = [one for all_of_them in STAFF.values() for one in all_of_them]


@st.composite
def acts(draw):
    at = day(3, 5)
    officer = draw(st.sampled_from(EVERYBODY))
    other = draw(st.sampled_from(EVERYBODY))
    task = draw(st.sampled_from([*STEPS, DECISION]))
    stands = (StandsFor(person=other.person, delegation="d"),)
    return draw(
        st.sampled_from(
            [
                complete(task, officer, at=at),
                complete(task, officer, at=at, stands_for=stands),
                cases.ClaimTask(task=task, officer=officer, at=at),
                cases.GiveBackTask(task=task, officer=officer, at=at),
                cases.ReassignTask(
                    task=task, to=other, reason="x", officer=officer, heads=True, at=at
                ),
                cases.AskSigners(
                    task=task,
                    signers=(other,),
                    when=draw(st.sampled_from(When)),
                    need=draw(st.sampled_from(Need)),
                    note="",
                    officer=officer,
                    at=at,
                ),
                cases.SignTask(
                    signature=draw(st.integers(1, 4)),
                    finding=draw(st.sampled_from(Agreement)),
                    opinion="x",
                    officer=officer,
                    at=at,
                    stands_for=stands,
                ),
                cases.DropSigner(
                    signature=draw(st.integers(1, 4)),
                    reason="x",
                    officer=officer,
                    heads=True,
                    at=at,
                ),
                cases.ReturnToStep(
                    task=task,
                    step=draw(st.sampled_from(STEPS)),
                    reason="x",
                    officer=officer,
                    at=at,
                ),
            ]
        )
    )


def ask(signer, when_):
    return cases.AskSigners(
        task="papers",
        signers=(signer,),
        when=when_,
        need=Need.ALL,
        note="",
        officer=REVIEWER,
        at=day(3, 5),
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(acts(), max_size=25))
@example([ask(OTHER, When.AFTER), ask(ONE, When.BEFORE)])  # asked later, to sign earlier
def test_no_sequence_of_acts_moves_a_date_loses_a_finding_or_leaves_the_case_stuck(commands):
    case = after(*UNDER_REVIEW)
    dates = (case.accepted_date, case.statutory_due, case.promised_due, case.pauses)
    for command in commands:
        found = {(t.key, t.round, t.person, t.finding) for t in case.tasks if t.done_at}
        try:
            events = cases.DECIDER.decide(case, command)
        except Refused:
            continue
        for event in events:
            case = cases.DECIDER.evolve(case, event)
        kept = {(t.key, t.round, t.person, t.finding) for t in case.tasks if t.done_at}
        assert kept >= found
        names = [(t.key, t.round) for t in case.tasks]
        assert len(names) == len(set(names))
    assert (case.accepted_date, case.statutory_due, case.promised_due, case.pauses) == dates
    assert _finished(case).stage is Stage.DECIDING


def _finished(case):
    """Let everybody do what they are asked to, until the case is ready to be decided."""
    late = day(3, 6)
    for _ in range(40):
        if case.stage is Stage.DECIDING:
            return case
        task = next(t for t in case.tasks if t.done_at is None)
        waits = cases.awaited(case.signatures, task.key, task.round)
        turn = [one for one in waits if task.found_by or one.when is When.BEFORE]
        if turn:
            signer = next(o for o in EVERYBODY if o.person == turn[0].person)
            command = cases.SignTask(
                signature=turn[0].number,
                finding=Agreement.AGREES,
                opinion="",
                officer=signer,
                at=late,
            )
        else:
            command = _by_somebody(case, task, late)
        for event in cases.DECIDER.decide(case, command):
            case = cases.DECIDER.evolve(case, event)
    return case


def _by_somebody(case, task, at):
    """Return the command to finish a task, by whoever may."""
    for officer in STAFF[task.department]:
        command = complete(task.key, officer, at=at)
        if task.holder:
            stands = StandsFor(person=task.holder, delegation="d")
            command = replace(command, stands_for=(stands,))
        try:
            cases.DECIDER.decide(case, command)
        except Refused:
            continue
        return command
    raise AssertionError("nobody of the department may finish it")
