"""Whose task it is: taken on, given back (领取、退还), passed on (转办), done for another (代办).

A task is anybody's in its department until somebody takes it on or is given it. From then on it
is theirs alone, or their deputy's while a delegation lasts; then both are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.cases.state import (
    INTAKE,
    UNDER_REVIEW,
    State,
    Task,
    require_stranger,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer
from mingtang.core.decider import Refused, require
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class StandsFor:
    """A delegation in force today: for whom an officer may act."""

    person: str
    delegation: str  # key of its stream


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ClaimTask:
    """领取: take on a task that is nobody's yet."""

    task: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GiveBackTask:
    """退还: leave it to the department again."""

    task: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReassignTask:
    """转办. `to`: the colleague as they hold the task's power in its department today, or None.
    `heads`: whether the officer is the department's manager on this very day."""

    task: str
    to: Officer | None
    reason: str
    officer: Officer
    heads: bool
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TaskClaimed:
    kind: ClassVar[str] = "case.task-claimed.v1"
    task: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskGivenBack:
    kind: ClassVar[str] = "case.task-given-back.v1"
    task: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskReassigned:
    kind: ClassVar[str] = "case.task-reassigned.v1"
    task: str
    to: Officer
    reason: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskTakenOver:
    """代办: a deputy does what was another's, and is named beside them."""

    kind: ClassVar[str] = "case.task-taken-over.v1"
    task: str
    holder: str  # person whose it was
    holder_no: str
    delegation: str
    officer: Officer
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def claim(case: State, command: ClaimTask) -> Sequence[TaskClaimed]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.task-held (facts: staff_no), case.task-yours."""
    task = open_task(case, command.task, command.officer)
    require(task.holder != command.officer.person, "case.task-yours")
    require(not task.holder, "case.task-held", staff_no=task.holder_no)
    return [TaskClaimed(task=task.key, officer=command.officer, at=command.at)]


def give_back(case: State, command: GiveBackTask) -> Sequence[TaskGivenBack]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.task-not-yours, case.signers-awaited."""
    task = open_task(case, command.task, command.officer)
    require(task.holder == command.officer.person, "case.task-not-yours")
    require(task.found_by is None, "case.signers-awaited")
    return [TaskGivenBack(task=task.key, officer=command.officer, at=command.at)]


def reassign(case: State, command: ReassignTask) -> Sequence[TaskReassigned]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.task-held (facts: staff_no), case.signers-awaited, case.not-a-colleague,
    case.task-theirs, case.reason-missing."""
    task = open_task(case, command.task, command.officer)
    held_by_other = task.holder not in ("", command.officer.person)
    require(command.heads or not held_by_other, "case.task-held", staff_no=task.holder_no)
    require(task.found_by is None, "case.signers-awaited")
    to = colleague(case, task, command.to)
    require(to.person != task.holder, "case.task-theirs")
    require(bool(command.reason.strip()), "case.reason-missing")
    return [
        TaskReassigned(
            task=task.key,
            to=to,
            reason=Sealed(command.reason),
            officer=command.officer,
            at=command.at,
        )
    ]


def colleague(case: State, task: Task, named: Officer | None) -> Officer:
    """Return a named colleague; refuse one who is not, or who applied."""
    if named is None or named.organisation != task.department:
        raise Refused("case.not-a-colleague")
    require_stranger(case, named.person)
    return named


def open_task(case: State, key: str, officer: Officer) -> Task:
    """Return an open task of the officer's department. A window's own (受理) is not passed on."""
    terms_of_case(case)
    under_way = case.stage in UNDER_REVIEW and key != INTAKE
    task = case.task(key) if under_way else None
    require(task is not None, "case.step-not-open")
    assert task is not None
    require_stranger(case, officer.person)
    require(officer.organisation == task.department, "case.other-department")
    return task


def take_over(
    task: Task, officer: Officer, stands_for: Sequence[StandsFor], at: datetime
) -> list[TaskTakenOver]:
    """Return what has to happen before an officer may do a task: nothing, or that they do it in
    another's place. Refusals: case.task-held (facts: staff_no)."""
    if task.holder in ("", officer.person):
        return []
    found = next((one for one in stands_for if one.person == task.holder), None)
    if found is None:
        raise Refused("case.task-held", staff_no=task.holder_no)
    return [
        TaskTakenOver(
            task=task.key,
            holder=task.holder,
            holder_no=task.holder_no,
            delegation=found.delegation,
            officer=officer,
            at=at,
        )
    ]


# ── What changes ────────────────────────────────────────────────────────────


def claimed(case: State, event: TaskClaimed | TaskTakenOver) -> State:
    return _held(case, event.task, event.officer)


def given_back(case: State, event: TaskGivenBack) -> State:
    return _held(case, event.task, None)


def reassigned(case: State, event: TaskReassigned) -> State:
    return _held(case, event.task, event.to)


def _held(case: State, key: str, by: Officer | None) -> State:
    holder, holder_no = (by.person, by.staff_no) if by else ("", "")
    held = case.task(key)
    return replace(
        case,
        tasks=tuple(
            replace(task, holder=holder, holder_no=holder_no) if task is held else task
            for task in case.tasks
        ),
    )
