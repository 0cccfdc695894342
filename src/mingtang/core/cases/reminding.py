"""Reminding (催办) and copying (抄送): neither changes what has to be done, or by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.cases.filing import is_own
from mingtang.core.cases.state import UNDER_REVIEW, Stage, State, require_stranger, terms_of_case
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.wire import Sealed

WAITING = (Stage.FILED, *UNDER_REVIEW)  # for the organ, not for the applicant


@dataclass(frozen=True, kw_only=True)
class RemindTasks:
    """催办. `task`: one of them, or empty for all. `officer`: whoever oversees the case, or None:
    the applicant, `person`, who may stand for organisations."""

    task: str
    words: str
    person: str
    represents: frozenset[str]
    officer: Officer | None
    oversees: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CopyCase:
    """抄送. `to`: a colleague of the officer's own body who holds a post there today, or None."""

    to: Officer | None
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TasksReminded:
    kind: ClassVar[str] = "case.reminded.v1"
    tasks: tuple[str, ...]
    words: Sealed
    officer: Officer | None  # None: the applicant
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseCopied:
    kind: ClassVar[str] = "case.copied.v1"
    to: Officer
    officer: Officer
    at: datetime


def remind(case: State, command: RemindTasks) -> Sequence[TasksReminded]:
    """Refusals: case.unknown, case.not-yours, case.not-overseen, case.nothing-to-remind,
    case.reminded-today."""
    terms_of_case(case)
    if command.officer is None:
        require(is_own(case, command.person, command.represents), "case.not-yours")
    else:
        require(command.oversees, "case.not-overseen")
    open_tasks = [
        task
        for task in case.tasks
        if case.stage in WAITING and task.done_at is None and command.task in ("", task.key)
    ]
    require(bool(open_tasks), "case.nothing-to-remind")
    today = civil_day(command.at)
    fresh = tuple(task.key for task in open_tasks if task.reminded_date != today)
    require(bool(fresh), "case.reminded-today")
    return [
        TasksReminded(
            tasks=fresh, words=Sealed(command.words), officer=command.officer, at=command.at
        )
    ]


def copy(case: State, command: CopyCase) -> Sequence[CaseCopied]:
    """Refusals: case.unknown, case.own-case, case.other-department, case.not-a-colleague,
    case.copied-already, case.copied-to-self."""
    terms_of_case(case)
    require_stranger(case, command.officer.person)
    handling = {task.department for task in case.tasks}
    require(command.officer.organisation in handling, "case.other-department")
    to = command.to
    if to is None or to.organisation != command.officer.organisation:
        raise Refused("case.not-a-colleague")
    require_stranger(case, to.person)
    require(to.person != command.officer.person, "case.copied-to-self")
    require(to.person not in case.copies, "case.copied-already")
    return [CaseCopied(to=to, officer=command.officer, at=command.at)]


def reminded(case: State, event: TasksReminded) -> State:
    today = civil_day(event.at)
    return replace(
        case,
        tasks=tuple(
            replace(task, reminded_date=today)
            if task.key in event.tasks and task.done_at is None
            else task
            for task in case.tasks
        ),
    )


def copied(case: State, event: CaseCopied) -> State:
    return replace(case, copies=(*case.copies, event.to.person))
