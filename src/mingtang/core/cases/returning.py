"""Return to an earlier step (退回指定环节): it and all that follows it are done again.

What was found before stays on the record. The clock does not move: the applicant has nothing to
do with it, and no law lets time stand still for it (行政许可法 arts. 42, 45).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.cases.assigning import StandsFor, TaskTakenOver, open_task, take_over
from mingtang.core.cases.state import DECISION, Stage, State, Task, terms_of_case
from mingtang.core.cases.terms import Officer
from mingtang.core.catalogue import Step
from mingtang.core.decider import require
from mingtang.core.wire import Sealed

RETURNED = "returned"  # what is found of a task somebody returned the case from


@dataclass(frozen=True, kw_only=True)
class ReturnToStep:
    """退回. `task`: from where; `step`: to which."""

    task: str
    step: str
    reason: str
    officer: Officer
    at: datetime
    stands_for: tuple[StandsFor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseReturned:
    kind: ClassVar[str] = "case.returned.v1"
    task: str
    step: str
    again: tuple[str, ...]  # steps that count as not done, the chosen one among them
    reason: Sealed
    officer: Officer
    at: datetime


def return_to_step(case: State, command: ReturnToStep) -> Sequence[TaskTakenOver | CaseReturned]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.task-held (facts: staff_no), case.not-an-earlier-step, case.step-not-done,
    case.reason-missing."""
    terms = terms_of_case(case)
    officer = command.officer
    task = open_task(case, command.task, officer)
    taken = take_over(task, officer, command.stands_for, command.at)
    again = (command.step, *behind(terms.steps, command.step))
    known = command.step in {step.key for step in terms.steps}
    earlier = task.key == DECISION or task.key in again[1:]
    require(known and earlier, "case.not-an-earlier-step")
    require(command.step in case.done_steps(), "case.step-not-done")
    require(bool(command.reason.strip()), "case.reason-missing")
    return [
        *taken,
        CaseReturned(
            task=task.key,
            step=command.step,
            again=again,
            reason=Sealed(command.reason),
            officer=officer,
            at=command.at,
        ),
    ]


def earlier_steps(case: State, task: str) -> tuple[str, ...]:
    """Return the steps a case may be returned to from this task, in the item's order."""
    steps = terms_of_case(case).steps
    return tuple(
        step.key
        for step in steps
        if step.key in case.done_steps() and (task == DECISION or task in behind(steps, step.key))
    )


def behind(steps: Sequence[Step], key: str) -> tuple[str, ...]:
    """Return the steps that in the end wait for this one, in the item's order."""
    found: set[str] = set()
    while wider := {s.key for s in steps if _follows(s, found | {key})} - found:
        found |= wider
    return tuple(step.key for step in steps if step.key in found - {key})


def _follows(step: Step, keys: Collection[str]) -> bool:
    return any(one in keys for one in step.after)


def returned(case: State, event: CaseReturned) -> State:
    assert case.terms is not None
    departments = {s.key: s.department or case.terms.department for s in case.terms.steps}
    kept = tuple(task for task in case.tasks if not _void(task, event))
    begun = Task(event.step, departments[event.step], event.at, round=case.returns + 2)
    return replace(
        case,
        stage=Stage.REVIEWING,
        returns=case.returns + 1,
        tasks=(*(_marked(task, event) for task in kept), begun),
    )


def _void(task: Task, event: CaseReturned) -> bool:
    """Whether it was begun and comes to nothing: an open one behind the chosen step."""
    follows = task.key in event.again or task.key == DECISION
    return task.done_at is None and follows and task.key != event.task


def _marked(task: Task, event: CaseReturned) -> Task:
    if task.done_at is None and task.key == event.task:
        officer = event.officer
        return replace(
            task,
            done_at=event.at,
            person=officer.person,
            staff_no=officer.staff_no,
            finding=RETURNED,
            found_by=None,
            returned=True,
        )
    return replace(task, returned=True) if task.key in event.again else task
