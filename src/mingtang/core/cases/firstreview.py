"""First review (初审): a lower organ accepts the application, reviews it and passes it up.

    filed ─▶ first review ──pass up──▶ reviewing, deciding: the organ above
             20 working days           its own term, from the day of the hand-over

行政许可法 art. 43: where the law has a lower organ review first, it finishes within twenty days of
acceptance; art. 35: it hands its opinion and every material over directly, and the higher organ
does not ask the applicant for any of it again. Each organ has a clock of its own. Nothing extends
the first one; what art. 45 does not count is left out of it as of any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.assigning import StandsFor, TaskTakenOver, take_over
from mingtang.core.cases.review import Finding, ready_steps
from mingtang.core.cases.signatures import awaited
from mingtang.core.cases.state import (
    DECISION,
    FIRST_REVIEW,
    HandedUp,
    Stage,
    State,
    Task,
    require_stranger,
    term_of,
    terms_of_case,
)
from mingtang.core.cases.terms import Document, Officer
from mingtang.core.clock import civil_day, due
from mingtang.core.decider import require
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class PassUp:
    """报送上级: the first review is finished, and the case goes to be decided."""

    finding: Finding
    opinion: str
    officer: Officer
    at: datetime
    calendar: WorkCalendar
    stands_for: tuple[StandsFor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseHandedUp:
    kind: ClassVar[str] = "case.handed-up.v1"
    finding: Finding
    opinion: Sealed
    documents: tuple[Document, ...]  # all that was handed in: art. 35
    to: str  # organ that decides
    handed_date: date  # its term is counted from here, this day itself not counted
    first_review_due: date  # last day of the first review
    statutory_due: date
    promised_due: date
    provisional: bool
    calendar: str
    opened: tuple[str, ...]  # steps that begin there
    officer: Officer
    at: datetime


def pass_up(case: State, command: PassUp) -> Sequence[TaskTakenOver | CaseHandedUp]:
    """Late is possible, too: it stays late, and the case goes on.

    Refusals: case.unknown, case.not-in-first-review, case.own-case, case.other-department,
    case.task-held (facts: staff_no), case.signers-awaited, case.special-open, case.change-open,
    case.deferred-missing, case.opinion-missing."""
    terms = terms_of_case(case)
    task = case.task(FIRST_REVIEW) if case.stage is Stage.FIRST_REVIEW else None
    require(task is not None, "case.not-in-first-review")
    assert task is not None
    officer = command.officer
    require_stranger(case, officer.person)
    require(officer.organisation == task.department, "case.other-department")
    taken = take_over(task, officer, command.stands_for, command.at)
    require(not awaited(case.signatures, task.key, task.round), "case.signers-awaited")
    require(not case.special, "case.special-open")  # its result belongs to the opinion
    require(case.change_date is None, "case.change-open")
    # All materials go up: what is still to follow is waited for, or found against.
    meets = command.finding is Finding.MEETS
    require(not (meets and case.deferred), "case.deferred-missing")
    require(bool(command.opinion.strip()), "case.opinion-missing")  # art. 35: 初步审查意见
    first = due(term_of(case, promised=False), calendar=command.calendar)
    assert first is not None
    above = _above(case, civil_day(command.at), first.date)
    statutory = due(term_of(above, promised=False), calendar=command.calendar)
    promised = due(term_of(above, promised=True), calendar=command.calendar)
    assert statutory is not None
    assert promised is not None
    return [
        *taken,
        CaseHandedUp(
            finding=command.finding,
            opinion=Sealed(command.opinion),
            documents=case.documents,
            to=terms.department,
            handed_date=civil_day(command.at),
            first_review_due=first.date,
            statutory_due=statutory.date,
            promised_due=promised.date,
            provisional=statutory.provisional,
            calendar=command.calendar.version,
            opened=ready_steps(terms.steps, frozenset(), frozenset()),
            officer=officer,
            at=command.at,
        ),
    ]


def _above(case: State, day: date, last: date) -> State:
    """Return the case with a new clock; what moved the first one stays with the first one."""
    before = HandedUp(day, last, case.pauses, case.restarts)
    return replace(case, handed=before, pauses=(), restarts=())


def handed_up(case: State, event: CaseHandedUp) -> State:
    terms = terms_of_case(case)
    departments = {s.key: s.department or terms.department for s in terms.steps}
    steps = tuple(Task(key, departments[key], event.at) for key in event.opened)
    decision = (Task(DECISION, terms.department, event.at),)
    return replace(
        _above(case, event.handed_date, event.first_review_due),
        stage=Stage.REVIEWING if steps else Stage.DECIDING,
        statutory_due=event.statutory_due,
        promised_due=event.promised_due,
        provisional=event.provisional,
        tasks=(*(_closed(task, event) for task in case.tasks), *(steps or decision)),
    )


def _closed(task: Task, event: CaseHandedUp) -> Task:
    if task.key != FIRST_REVIEW:
        return task
    officer = event.officer
    return replace(
        task,
        done_at=event.at,
        person=officer.person,
        staff_no=officer.staff_no,
        finding=event.finding,
    )
