"""Colleagues who sign on a task (加签、会签、或签): asked by name, each for themselves.

Before it (前加签): the task waits for them. After it (后加签): what was found takes effect once
they have signed; when one of them disagrees, the task is its handler's again. All of them (会签)
or the first (或签) are needed. Whoever signed does not finish the step, nor decide the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mingtang.core.cases.assigning import (
    StandsFor,
    TaskTakenOver,
    colleague,
    open_task,
    take_over,
)
from mingtang.core.cases.review import Finding, StepCompleted, completion
from mingtang.core.cases.signatures import Need, Signature, When, awaited, parties
from mingtang.core.cases.state import (
    DECISION,
    FIRST_REVIEW,
    State,
    Task,
    require_stranger,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer
from mingtang.core.decider import Refused, require
from mingtang.core.wire import Sealed


class Agreement(StrEnum):
    AGREES = "agrees"  # 同意
    DISSENTS = "dissents"  # 不同意


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AskSigners:
    """加签. `signers`: each as they hold the task's power in its department today, or None."""

    task: str
    signers: tuple[Officer | None, ...]
    when: When
    need: Need
    note: str
    officer: Officer
    at: datetime
    stands_for: tuple[StandsFor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignTask:
    """签署意见. `signature`: its number in the case."""

    signature: int
    finding: Agreement
    opinion: str
    officer: Officer
    at: datetime
    stands_for: tuple[StandsFor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DropSigner:
    """减签, by whoever asked, or the department's manager of this very day (`heads`)."""

    signature: int
    reason: str
    officer: Officer
    heads: bool
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class SignersAsked:
    kind: ClassVar[str] = "case.signers-asked.v1"
    task: str
    signers: tuple[Officer, ...]
    when: When
    need: Need
    note: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskSigned:
    kind: ClassVar[str] = "case.task-signed.v1"
    signature: int
    task: str
    finding: Agreement
    opinion: Sealed
    stands_for: StandsFor | None  # in whose place, both are named
    officer: Officer
    reopened: bool  # somebody disagreed: the finding that waited does not stand
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SignerDropped:
    kind: ClassVar[str] = "case.signer-dropped.v1"
    signature: int
    task: str
    signer: Officer
    reason: Sealed
    officer: Officer
    reopened: bool
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def ask(case: State, command: AskSigners) -> Sequence[TaskTakenOver | SignersAsked]:
    """Refusals: case.unknown, case.step-not-open, case.own-case, case.other-department,
    case.task-held (facts: staff_no), case.signers-awaited, case.decision-is-last,
    case.hand-over-is-last, case.signer-may-not-finish, case.signers-missing, case.not-a-colleague,
    case.signer-is-self, case.signer-twice."""
    officer = command.officer
    task = open_task(case, command.task, officer)
    taken = take_over(task, officer, command.stands_for, command.at)
    require(task.found_by is None, "case.signers-awaited")
    afterwards = command.when is When.AFTER
    require(not (afterwards and task.key == DECISION), "case.decision-is-last")
    require(not (afterwards and task.key == FIRST_REVIEW), "case.hand-over-is-last")
    known = parties(case.signatures, task.key, task.round)
    require(officer.person not in known, "case.signer-may-not-finish")
    require(bool(command.signers), "case.signers-missing")
    named = tuple(colleague(case, task, one) for one in command.signers)
    persons = [one.person for one in named]
    require(officer.person not in persons, "case.signer-is-self")
    once = len(set(persons)) == len(persons)
    require(once and known.isdisjoint(persons), "case.signer-twice")
    asked = SignersAsked(
        task=task.key,
        signers=named,
        when=command.when,
        need=command.need,
        note=Sealed(command.note),
        officer=officer,
        at=command.at,
    )
    return [*taken, asked]


def sign(case: State, command: SignTask) -> Sequence[TaskSigned | StepCompleted]:
    """Refusals: case.unknown, case.signature-not-open, case.own-case, case.other-department,
    case.signature-of-another (facts: staff_no), case.opinion-missing."""
    task, asked = _open(case, command.signature)
    waits = asked.when is When.AFTER and task.found_by is None
    require(not waits, "case.signature-not-open")
    officer = command.officer
    require_stranger(case, officer.person)
    require(officer.organisation == asked.department, "case.other-department")
    stands = None
    if officer.person != asked.person:
        stands = next((one for one in command.stands_for if one.person == asked.person), None)
        # Nobody signs twice, or for a colleague they asked: somebody is left to finish it.
        involved = parties(case.signatures, task.key, task.round)
        involved |= {one.asked_by for one in case.signatures if one.task == task.key}
        may = stands is not None and officer.person not in involved
        require(may, "case.signature-of-another", staff_no=asked.staff_no)
    dissents = command.finding is Agreement.DISSENTS
    require(not dissents or bool(command.opinion.strip()), "case.opinion-missing")
    event = TaskSigned(
        signature=asked.number,
        task=asked.task,
        finding=command.finding,
        opinion=Sealed(command.opinion),
        stands_for=stands,
        officer=officer,
        reopened=False,
        at=command.at,
    )
    return _followed(case, event)


def drop(case: State, command: DropSigner) -> Sequence[SignerDropped | StepCompleted]:
    """Refusals: case.unknown, case.signature-not-open, case.own-case, case.other-department,
    case.signature-asked-by-another, case.reason-missing."""
    _task, asked = _open(case, command.signature)
    officer = command.officer
    require_stranger(case, officer.person)
    require(officer.organisation == asked.department, "case.other-department")
    may = command.heads or officer.person == asked.asked_by
    require(may, "case.signature-asked-by-another")
    require(bool(command.reason.strip()), "case.reason-missing")
    event = SignerDropped(
        signature=asked.number,
        task=asked.task,
        signer=Officer(person=asked.person, staff_no=asked.staff_no, organisation=asked.department),
        reason=Sealed(command.reason),
        officer=officer,
        reopened=False,
        at=command.at,
    )
    return _followed(case, event)


def _open(case: State, number: int) -> tuple[Task, Signature]:
    """Return a signature a task waits for, with the task."""
    terms_of_case(case)
    for task in case.tasks:
        if task.done_at is None:
            for one in awaited(case.signatures, task.key, task.round):
                if one.number == number:
                    return task, one
    raise Refused("case.signature-not-open")


def _followed(case: State, event: TaskSigned | SignerDropped) -> list[Any]:
    """Return the event, and what a finding that waited for it becomes: done, or taken back."""
    after = _settling(case, event)
    task = after.task(event.task)
    assert task is not None
    if task.found_by is None or awaited(after.signatures, task.key, task.round, When.AFTER):
        return [event]
    if _disagreed(after, task.key, task.round):
        return [replace(event, reopened=True)]
    finding = Finding(task.finding)
    done = completion(after, task.key, finding, Sealed(""), task.found_by, event.at)
    return [event, done]


def _disagreed(case: State, task: str, round: int) -> bool:
    """Whether somebody who signed after the finding in hand does not agree with it."""
    return any(
        one.finding == Agreement.DISSENTS and not one.heard
        for one in case.signatures
        if (one.task, one.round, one.when) == (task, round, When.AFTER)
    )


# ── What changes ────────────────────────────────────────────────────────────


def asked(case: State, event: SignersAsked) -> State:
    task = case.task(event.task)
    assert task is not None
    first = len(case.signatures) + 1
    return replace(
        case,
        signatures=case.signatures
        + tuple(
            Signature(
                number=number,
                group=first,
                task=task.key,
                round=task.round,
                when=event.when,
                need=event.need,
                person=signer.person,
                staff_no=signer.staff_no,
                department=signer.organisation,
                asked_by=event.officer.person,
                asked_at=event.at,
            )
            for number, signer in enumerate(event.signers, first)
        ),
    )


def settling(case: State, event: TaskSigned | SignerDropped) -> State:
    after = _settling(case, event)
    if not event.reopened:
        return after
    task = after.task(event.task)
    return replace(
        after,
        tasks=tuple(replace(t, finding="", found_by=None) if t is task else t for t in after.tasks),
        signatures=tuple(
            replace(one, heard=True) if one.task == event.task and one.done_at else one
            for one in after.signatures
        ),
    )


def _settling(case: State, event: TaskSigned | SignerDropped) -> State:
    if isinstance(event, TaskSigned):
        changed: dict[str, Any] = {
            "done_at": event.at,
            "finding": event.finding,
            "signed_by": event.officer.person,
            "signed_no": event.officer.staff_no,
        }
    else:
        changed = {"dropped": True}
    return replace(
        case,
        signatures=tuple(
            replace(one, **changed) if one.number == event.signature else one
            for one in case.signatures
        ),
    )
