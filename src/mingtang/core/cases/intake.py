"""What the window does: notify corrections once, accept, refuse to accept; and what time does.

Source: 行政许可法 art. 32.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.deferral import deferral
from mingtang.core.cases.review import ready_steps
from mingtang.core.cases.state import (
    DECISION,
    FIRST_REVIEW,
    INTAKE,
    Stage,
    State,
    Task,
    organ_of,
    require_stranger,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer, Shortfall, Terms
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.wire import Sealed, canonical
from mingtang.core.worktime import WorkCalendar, add_working_days


class Ground(StrEnum):
    """Why an application is not accepted (art. 32(1)(2))."""

    NOT_REQUIRED = "not_required"  # 依法不需要取得行政许可
    NOT_COMPETENT = "not_competent"  # 不属于本机关职权范围
    NOT_ELIGIBLE = "not_eligible"  # 不具备申请资格
    NOT_CORRECTED = "not_corrected"  # 补正后仍不符合


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class NotifyCorrections:
    """一次性告知补正: once, and everything."""

    shortfalls: tuple[Shortfall, ...]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AcceptCase:
    """受理. Starts the statutory and the promised clock, or that of the first review."""

    officer: Officer
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class RefuseAcceptance:
    """不予受理: a formal decision that states its ground."""

    ground: Ground
    reason: str
    competent_organ: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeemAccepted:
    """视为受理: nobody told the applicant in time."""

    at: datetime
    calendar: WorkCalendar


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class CorrectionsNotified:
    kind: ClassVar[str] = "case.corrections-notified.v1"
    shortfalls: Sealed  # canonical JSON, a list of Shortfall
    count: int
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseAccepted:
    kind: ClassVar[str] = "case.accepted.v1"
    officer: Officer
    at: datetime
    accepted_date: date
    statutory_due: date  # last day to decide, inclusive; of a first review, to hand it over
    promised_due: date
    provisional: bool  # a day in between lies in a year the State Council has not fixed yet
    calendar: str  # version of the working-day calendar
    opened: tuple[str, ...]  # steps that begin
    deferred: tuple[str, ...] = ()  # keys of materials that follow (容缺受理)
    deferred_due: date | None = None  # last day to hand them in


@dataclass(frozen=True, kw_only=True)
class CaseDeemedAccepted:
    kind: ClassVar[str] = "case.deemed-accepted.v1"
    at: datetime
    accepted_date: date  # the day the materials were received
    statutory_due: date
    promised_due: date
    provisional: bool
    calendar: str
    opened: tuple[str, ...]
    deferred: tuple[str, ...] = ()
    deferred_due: date | None = None


@dataclass(frozen=True, kw_only=True)
class CaseNotAccepted:
    kind: ClassVar[str] = "case.not-accepted.v1"
    ground: Ground
    reason: Sealed
    competent_organ: str
    officer: Officer
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def notify(case: State, command: NotifyCorrections) -> Sequence[CorrectionsNotified]:
    """Refusals: case.unknown, case.own-case, case.not-awaiting-acceptance,
    case.corrections-already-notified, case.nothing-to-correct, case.reason-missing,
    case.deemed-accepted-by-law, case.materials-not-again."""
    terms_of_case(case)
    require_stranger(case, command.officer.person)
    # art. 43: what the lower organ handed over, the higher one does not ask for again.
    require(case.handed is None, "case.materials-not-again")
    require(case.stage is Stage.FILED, "case.not-awaiting-acceptance")
    require(not case.corrected, "case.corrections-already-notified")  # art. 32(4): once
    require(bool(command.shortfalls), "case.nothing-to-correct")
    require(all(s.reason.strip() for s in command.shortfalls), "case.reason-missing")
    require(not _intake_over(case, command.at), "case.deemed-accepted-by-law")
    return [
        CorrectionsNotified(
            shortfalls=Sealed(canonical(command.shortfalls)),
            count=len(command.shortfalls),
            officer=command.officer,
            at=command.at,
        )
    ]


def accept(case: State, command: AcceptCase) -> Sequence[CaseAccepted | CaseDeemedAccepted]:
    """Refusals: case.unknown, case.own-case, case.awaiting-corrections,
    case.not-awaiting-acceptance."""
    terms = terms_of_case(case)
    require_stranger(case, command.officer.person)
    require(case.stage is not Stage.CORRECTING, "case.awaiting-corrections")
    require(case.stage is Stage.FILED, "case.not-awaiting-acceptance")
    if _intake_over(case, command.at):  # too late to begin the clock today: the law began it
        return [_deemed(case, terms, command.at, command.calendar)]
    day = civil_day(command.at)
    statutory = add_working_days(day, _days(terms, promised=False), calendar=command.calendar)
    promised = add_working_days(day, _days(terms, promised=True), calendar=command.calendar)
    follows = deferral(case, day=day, calendar=command.calendar)
    return [
        CaseAccepted(
            officer=command.officer,
            at=command.at,
            accepted_date=day,
            statutory_due=statutory.date,
            promised_due=promised.date,
            provisional=statutory.provisional,
            calendar=command.calendar.version,
            opened=_opened(terms),
            deferred=follows.materials,
            deferred_due=follows.due_date,
        )
    ]


def deem_accepted(case: State, command: DeemAccepted) -> Sequence[CaseDeemedAccepted]:
    """Refusals: case.unknown, case.not-awaiting-acceptance, case.intake-not-over."""
    terms = terms_of_case(case)
    require(case.stage is Stage.FILED, "case.not-awaiting-acceptance")
    require(_intake_over(case, command.at), "case.intake-not-over")
    return [_deemed(case, terms, command.at, command.calendar)]


def refuse_acceptance(case: State, command: RefuseAcceptance) -> Sequence[CaseNotAccepted]:
    """Refusals: case.unknown, case.own-case, case.not-awaiting-acceptance,
    case.reason-missing, case.competent-organ-missing, case.deemed-accepted-by-law."""
    terms_of_case(case)
    require_stranger(case, command.officer.person)
    open_for_intake = case.stage in (Stage.FILED, Stage.CORRECTING)
    require(open_for_intake, "case.not-awaiting-acceptance")
    require(bool(command.reason.strip()), "case.reason-missing")
    require(
        command.ground is not Ground.NOT_COMPETENT or bool(command.competent_organ.strip()),
        "case.competent-organ-missing",  # art. 32(2): name the organ that is
    )
    late = case.stage is Stage.FILED and _intake_over(case, command.at)
    require(not late, "case.deemed-accepted-by-law")
    return [
        CaseNotAccepted(
            ground=command.ground,
            reason=Sealed(command.reason),
            competent_organ=command.competent_organ,
            officer=command.officer,
            at=command.at,
        )
    ]


def _intake_over(case: State, at: datetime) -> bool:
    assert case.intake_due is not None
    return civil_day(at) > case.intake_due


def _deemed(case: State, terms: Terms, at: datetime, calendar: WorkCalendar) -> CaseDeemedAccepted:
    assert case.received_date is not None
    day = case.received_date
    statutory = add_working_days(day, _days(terms, promised=False), calendar=calendar)
    promised = add_working_days(day, _days(terms, promised=True), calendar=calendar)
    follows = deferral(case, day=civil_day(at), calendar=calendar)  # it is told only now
    return CaseDeemedAccepted(
        at=at,
        accepted_date=day,
        statutory_due=statutory.date,
        promised_due=promised.date,
        provisional=statutory.provisional,
        calendar=calendar.version,
        opened=_opened(terms),
        deferred=follows.materials,
        deferred_due=follows.due_date,
    )


def _days(terms: Terms, *, promised: bool) -> int:
    """Return the working days of the clock that acceptance starts."""
    if terms.first_review is not None:
        return terms.first_review.days
    return terms.promised_days if promised else terms.statutory_days


def _opened(terms: Terms) -> tuple[str, ...]:
    """Return the steps acceptance opens. They are the deciding organ's, and wait for it."""
    return () if terms.first_review else ready_steps(terms.steps, frozenset(), frozenset())


# ── What changes ────────────────────────────────────────────────────────────


def corrections_notified(case: State, event: CorrectionsNotified) -> State:
    return replace(case, stage=Stage.CORRECTING, corrected=True)


def accepted(case: State, event: CaseAccepted | CaseDeemedAccepted) -> State:
    assert case.terms is not None
    by = event.officer if isinstance(event, CaseAccepted) else None
    intake = _done(case, by, event.at, "accepted" if by else "deemed")
    departments = {s.key: s.department or case.terms.department for s in case.terms.steps}
    tasks = tuple(Task(key, departments[key], event.at) for key in event.opened)
    stage = Stage.REVIEWING if tasks else Stage.DECIDING
    if case.terms.first_review is not None:
        stage, tasks = Stage.FIRST_REVIEW, (Task(FIRST_REVIEW, organ_of(case), event.at),)
    decision = (Task(DECISION, case.terms.department, event.at),)
    return replace(
        case,
        stage=stage,
        accepted_date=event.accepted_date,
        deemed=by is None,
        statutory_due=event.statutory_due,
        promised_due=event.promised_due,
        provisional=event.provisional,
        deferred=event.deferred,
        deferred_due=event.deferred_due,
        tasks=(intake, *(tasks or decision)),
    )


def not_accepted(case: State, event: CaseNotAccepted) -> State:
    return replace(
        case,
        stage=Stage.NOT_ACCEPTED,
        closed_date=civil_day(event.at),
        tasks=(_done(case, event.officer, event.at, "not_accepted"),),
    )


def _done(case: State, by: Officer | None, at: datetime, finding: str) -> Task:
    task = case.task(INTAKE)
    assert task is not None
    person, staff_no = (by.person, by.staff_no) if by else ("", "")
    return replace(task, done_at=at, person=person, staff_no=staff_no, finding=finding)
