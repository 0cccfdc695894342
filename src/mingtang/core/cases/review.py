"""Review (审查): the item's own steps between acceptance and decision, in order or in parallel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.assigning import StandsFor, TaskTakenOver, take_over
from mingtang.core.cases.hearingday import chairs_of
from mingtang.core.cases.signatures import When, awaited, parties
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
    stands_for: tuple[StandsFor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepHeld:
    """What was found of a step takes effect once those asked to sign after it have (后加签)."""

    kind: ClassVar[str] = "case.step-held.v1"
    step: str
    finding: Finding
    opinion: Sealed
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


def complete_step(
    case: State, command: CompleteStep
) -> Sequence[TaskTakenOver | StepHeld | StepCompleted]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.task-held (facts: staff_no), case.signers-awaited, case.signer-may-not-finish,
    case.chair-may-not-review, case.opinion-missing."""
    terms_of_case(case)
    task = case.task(command.step) if case.stage is Stage.REVIEWING else None
    require(task is not None, "case.step-not-open")
    assert task is not None
    officer = command.officer
    require_stranger(case, officer.person)
    require(officer.organisation == task.department, "case.other-department")
    taken = take_over(task, officer, command.stands_for, command.at)
    waits = awaited(case.signatures, task.key, task.round, When.BEFORE)
    require(task.found_by is None and not waits, "case.signers-awaited")
    signers = parties(case.signatures, task.key, task.round)
    require(officer.person not in signers, "case.signer-may-not-finish")
    require(officer.person not in chairs_of(case), "case.chair-may-not-review")  # art. 48(3)
    fails = command.finding is Finding.FAILS
    require(not fails or bool(command.opinion.strip()), "case.opinion-missing")
    opinion = Sealed(command.opinion)
    if awaited(case.signatures, task.key, task.round, When.AFTER):
        held = StepHeld(
            step=task.key,
            finding=command.finding,
            opinion=opinion,
            officer=officer,
            at=command.at,
        )
        return [*taken, held]
    return [*taken, completion(case, task.key, command.finding, opinion, officer, command.at)]


def completion(
    case: State, step: str, finding: Finding, opinion: Sealed, officer: Officer, at: datetime
) -> StepCompleted:
    """Return how an open step is finished, with what begins then."""
    terms = terms_of_case(case)
    done = case.done_steps() | {step}
    begun = frozenset(t.key for t in case.tasks if not t.returned)
    opened = ready_steps(terms.steps, done, begun)
    still_open = any(t.done_at is None and t.key != step for t in case.tasks)
    return StepCompleted(
        step=step,
        finding=finding,
        opinion=opinion,
        officer=officer,
        at=at,
        opened=opened,
        review_finished=not opened and not _needed(terms.steps, done, still_open),
    )


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
    turn = case.returns + 1
    tasks += tuple(Task(key, departments[key], event.at, round=turn) for key in event.opened)
    if not event.review_finished:
        return replace(case, tasks=tasks)
    # What an any-of join did not wait for is no longer anybody's task.
    finished = tuple(task for task in tasks if task.done_at is not None)
    decision = Task(DECISION, case.terms.department, event.at, round=turn)
    return replace(case, stage=Stage.DECIDING, tasks=(*finished, decision))


def step_held(case: State, event: StepHeld) -> State:
    held = case.task(event.step)
    return replace(
        case,
        tasks=tuple(
            replace(
                t,
                finding=event.finding,
                found_by=event.officer,
                holder=event.officer.person,
                holder_no=event.officer.staff_no,
            )
            if t is held
            else t
            for t in case.tasks
        ),
    )


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
        found_by=None,
    )
