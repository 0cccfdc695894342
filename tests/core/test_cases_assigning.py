"""Whose task it is: taken on by one, passed on, done by a deputy who is named beside them."""

from dataclasses import replace

import pytest

from mingtang.core import cases
from mingtang.core.cases import StandsFor
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    DECIDE,
    GRANTED,
    INSPECTOR,
    REVIEWED,
    REVIEWER,
    after,
    complete,
    completed,
    day,
    filed,
    when,
)
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)
OTHER = replace(REVIEWER, person="P-other", staff_no="22")
APPLIES = replace(REVIEWER, person="P-wang", staff_no="23")
CLAIM = cases.ClaimTask(task="papers", officer=REVIEWER, at=day(3, 5))
CLAIMED = cases.TaskClaimed(task="papers", officer=REVIEWER, at=day(3, 5))
GIVE_BACK = cases.GiveBackTask(task="papers", officer=REVIEWER, at=day(3, 5))
GIVEN_BACK = cases.TaskGivenBack(task="papers", officer=REVIEWER, at=day(3, 5))
REASSIGN = cases.ReassignTask(
    task="papers", to=OTHER, reason="熟悉这类场所", officer=REVIEWER, heads=False, at=day(3, 5)
)
REASSIGNED = cases.TaskReassigned(
    task="papers", to=OTHER, reason=Sealed("熟悉这类场所"), officer=REVIEWER, at=day(3, 5)
)
STANDS = StandsFor(person=REVIEWER.person, delegation="d1")


def taken_over(task="papers", officer=OTHER, at=None):
    return cases.TaskTakenOver(
        task=task,
        holder=REVIEWER.person,
        holder_no=REVIEWER.staff_no,
        delegation="d1",
        officer=officer,
        at=at or day(3, 6),
    )


# ── Taken on, given back ────────────────────────────────────────────────────


def test_a_task_is_taken_on():
    assert when(*UNDER_REVIEW, command=CLAIM) == [CLAIMED]
    task = after(*UNDER_REVIEW, CLAIMED).task("papers")
    assert (task.holder, task.holder_no) == ("P-rev", "21")


def test_what_somebody_took_on_is_not_taken_by_a_second():
    with refused("case.task-held"):
        when(*UNDER_REVIEW, CLAIMED, command=replace(CLAIM, officer=OTHER))


def test_what_is_mine_already_need_not_be_taken():
    with refused("case.task-yours"):
        when(*UNDER_REVIEW, CLAIMED, command=CLAIM)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"officer": INSPECTOR}, "case.other-department"),
        ({"officer": APPLIES}, "case.own-case"),
        ({"task": "merge"}, "case.step-not-open"),
        ({"task": cases.INTAKE}, "case.step-not-open"),
    ],
)
def test_a_task_is_refused_to_whom_it_cannot_be(changes, code):
    with refused(code):
        when(*UNDER_REVIEW, command=replace(CLAIM, **changes))


def test_a_window_s_own_task_is_not_passed_on():
    with refused("case.step-not-open"):
        when(filed(), command=replace(CLAIM, task=cases.INTAKE))


def test_whoever_took_it_on_gives_it_back():
    assert when(*UNDER_REVIEW, CLAIMED, command=GIVE_BACK) == [GIVEN_BACK]
    assert after(*UNDER_REVIEW, CLAIMED, GIVEN_BACK).task("papers").holder == ""


def test_nobody_gives_back_what_is_not_theirs():
    with refused("case.task-not-yours"):
        when(*UNDER_REVIEW, command=GIVE_BACK)
    with refused("case.task-not-yours"):
        when(*UNDER_REVIEW, CLAIMED, command=replace(GIVE_BACK, officer=OTHER))


# ── Passed on ───────────────────────────────────────────────────────────────


def test_a_task_is_passed_to_a_named_colleague():
    assert when(*UNDER_REVIEW, command=REASSIGN) == [REASSIGNED]
    assert when(*UNDER_REVIEW, CLAIMED, command=REASSIGN) == [REASSIGNED]
    assert after(*UNDER_REVIEW, CLAIMED, REASSIGNED).task("papers").holder == "P-other"


def test_what_another_holds_only_the_manager_passes_on():
    third = replace(REVIEWER, person="P-third", staff_no="24")
    again = replace(REASSIGN, to=third)
    with refused("case.task-held"):
        when(*UNDER_REVIEW, REASSIGNED, command=again)
    [event] = when(*UNDER_REVIEW, REASSIGNED, command=replace(again, heads=True))
    assert event.to == third


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": None}, "case.not-a-colleague"),
        ({"to": INSPECTOR}, "case.not-a-colleague"),
        ({"to": APPLIES}, "case.own-case"),
        ({"to": REVIEWER}, "case.task-theirs"),
        ({"reason": " "}, "case.reason-missing"),
        ({"officer": INSPECTOR}, "case.other-department"),
    ],
)
def test_a_task_is_not_passed_on(changes, code):
    with refused(code):
        when(*UNDER_REVIEW, CLAIMED, command=replace(REASSIGN, **changes))


# ── Done by whom ────────────────────────────────────────────────────────────


def test_only_whoever_it_was_given_to_does_it():
    with refused("case.task-held"):
        when(*UNDER_REVIEW, REASSIGNED, command=complete("papers"))
    by_other = complete("papers", OTHER)
    assert when(*UNDER_REVIEW, REASSIGNED, command=by_other) == [completed("papers", OTHER)]


def test_a_deputy_does_it_and_both_are_named():
    command = complete("papers", OTHER, stands_for=(STANDS,))
    assert when(*UNDER_REVIEW, CLAIMED, command=command) == [
        taken_over(),
        completed("papers", OTHER),
    ]
    task = after(*UNDER_REVIEW, CLAIMED, taken_over(), completed("papers", OTHER)).tasks[1]
    assert (task.person, task.holder) == ("P-other", "P-other")


def test_a_deputy_of_somebody_else_does_not():
    stranger = StandsFor(person="P-third", delegation="d2")
    with refused("case.task-held"):
        command = complete("papers", OTHER, stands_for=(stranger,))
        when(*UNDER_REVIEW, CLAIMED, command=command)


def test_what_nobody_holds_needs_no_deputy():
    command = complete("papers", OTHER, stands_for=(STANDS,))
    assert when(*UNDER_REVIEW, command=command) == [completed("papers", OTHER)]


def test_a_decision_somebody_took_on_is_theirs_to_take():
    claimed = cases.TaskClaimed(
        task=cases.DECISION, officer=replace(CHIEF, person="P-second"), at=day(3, 8)
    )
    with refused("case.task-held"):
        when(*UNDER_REVIEW, *REVIEWED, claimed, command=DECIDE)
    stands = StandsFor(person="P-second", delegation="d1")
    [first, decided] = when(
        *UNDER_REVIEW, *REVIEWED, claimed, command=replace(DECIDE, stands_for=(stands,))
    )
    assert (first.holder, first.officer, decided) == ("P-second", CHIEF, GRANTED)
