"""Review (审查): the item's own steps between acceptance and decision, in order or in parallel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.state import (
    DECISION,
    Stage,
    State,
    Task,
    require_stranger,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer
from mingtang.core.catalogue import Join, Step
from mingtang.core.decider import require
from mingtang.core.wire import Sealed


class Finding(StrEnum):
    MEETS = "meets"  # 符合
    FAILS = "fails"  # 不符合


@dataclass(frozen=True, kw_only=True)
class CompleteStep:
    """办结一个审查环节."""

    step: str
    finding: Finding
    opinion: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StepCompleted:
    kind: ClassVar[str] = "case.step-completed.v1"
    step: str
    finding: Finding
    opinion: Sealed
    officer: Officer
    at: datetime
    opened: tuple[str, ...]  # steps that begin now
    review_finished: bool  # the case goes to its decision


def complete_step(case: State, command: CompleteStep) -> Sequence[StepCompleted]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.opinion-missing."""
    terms = terms_of_case(case)
    task = case.task(command.step) if case.stage is Stage.REVIEWING else None
    require(task is not None, "case.step-not-open")
    assert task is not None
    require_stranger(case, command.officer.person)
    require(command.officer.organisation == task.department, "case.other-department")
    fails = command.finding is Finding.FAILS
    require(not fails or bool(command.opinion.strip()), "case.opinion-missing")
    done = case.done_steps() | {command.step}
    begun = frozenset(t.key for t in case.tasks)
    opened = ready_steps(terms.steps, done, begun)
    still_open = any(t.done_at is None and t.key != command.step for t in case.tasks)
    return [
        StepCompleted(
            step=command.step,
            finding=command.finding,
            opinion=Sealed(command.opinion),
            officer=command.officer,
            at=command.at,
            opened=opened,
            review_finished=not opened and not _needed(terms.steps, done, still_open),
        )
    ]


def ready_steps(
    steps: Sequence[Step], done: frozenset[str], begun: frozenset[str]
) -> tuple[str, ...]:
    """Return the steps that may begin: what they wait for is done, and they have not begun."""
    return tuple(s.key for s in steps if s.key not in begun and _may_begin(s, done))


def _may_begin(step: Step, done: frozenset[str]) -> bool:
    if not step.after:
        return True
    waits = [key in done for key in step.after]
    return any(waits) if step.join is Join.ANY else all(waits)


def _needed(steps: Sequence[Step], done: frozenset[str], still_open: bool) -> bool:
    """Return whether an open step still has to be waited for.

    The review ends when every last step (one nothing follows) is done. A step whose only
    followers joined on another one (或签) need not be finished any more.
    """
    followed = {key for step in steps for key in step.after}
    return still_open and any(s.key not in done for s in steps if s.key not in followed)


def step_completed(case: State, event: StepCompleted) -> State:
    assert case.terms is not None
    departments = {s.key: s.department or case.terms.department for s in case.terms.steps}
    tasks = tuple(_closed(task, event) for task in case.tasks)
    tasks += tuple(Task(key, departments[key], event.at) for key in event.opened)
    if not event.review_finished:
        return replace(case, tasks=tasks)
    # What an any-of join did not wait for is no longer anybody's task.
    finished = tuple(task for task in tasks if task.done_at is not None)
    decision = Task(DECISION, case.terms.department, event.at)
    return replace(case, stage=Stage.DECIDING, tasks=(*finished, decision))


def _closed(task: Task, event: StepCompleted) -> Task:
    if task.key != event.step or task.done_at is not None:
        return task
    officer = event.officer
    return replace(
        task,
        done_at=event.at,
        person=officer.person,
        staff_no=officer.staff_no,
        finding=event.finding,
    )
