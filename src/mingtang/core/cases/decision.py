"""The decision (决定), taken under a mandate; and the dates, taken anew when a calendar changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases import counsel, hearingright, referral
from mingtang.core.cases.assigning import StandsFor, TaskTakenOver, take_over
from mingtang.core.cases.counsel import OpinionForgone
from mingtang.core.cases.hearings import closed
from mingtang.core.cases.proving import ActProven
from mingtang.core.cases.signatures import awaited
from mingtang.core.cases.state import (
    DECISION,
    INTAKE,
    UNDER_REVIEW,
    Stage,
    State,
    require_stranger,
    term_of,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day, due
from mingtang.core.decider import Refused, require
from mingtang.core.mandates import Authority, Mandate, MandatePower, authority, why_not
from mingtang.core.totp import ProofMethod
from mingtang.core.wire import Sealed
from mingtang.core.worktime import Due, WorkCalendar, add_working_days

DELIVERY_DAYS = 10  # 行政许可法 art. 44


@dataclass(frozen=True, kw_only=True)
class DecideCase:
    """作出决定, by a chief representative (首席代表) under a mandate in force."""

    granted: bool
    reason: str
    officer: Officer
    mandate: Mandate | None  # the one relied on, as in force at this moment
    cites: tuple[int, ...] = ()  # legs whose answers it rests on
    hearings: tuple[int, ...] = ()  # those on whose records it is taken
    without_opinion: str = ""  # why it does not wait for counsel who was asked
    at: datetime
    proof: ProofMethod | None = None  # the second factor, where one was given: from a phone
    stands_for: tuple[StandsFor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RedateCase:
    """重算期限: the working-day calendar changed while the case is under way."""

    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class CaseDecided:
    kind: ClassVar[str] = "case.decided.v1"
    granted: bool
    reason: Sealed
    officer: Officer
    authority: Authority  # in whose name, under which letter
    cites: tuple[int, ...] = ()  # legs whose answers it rests on
    hearings: tuple[int, ...] = ()  # those on whose records it was taken
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseRedated:
    kind: ClassVar[str] = "case.redated.v1"
    intake_due_before: date | None
    intake_due: date | None
    statutory_due_before: date | None
    statutory_due: date | None
    promised_due_before: date | None
    promised_due: date | None
    provisional: bool
    calendar: str
    at: datetime


def decide_case(
    case: State, command: DecideCase
) -> Sequence[TaskTakenOver | OpinionForgone | ActProven | CaseDecided]:
    """Where a second factor was given, its record stands before the decision.

    Refusals: case.unknown, case.not-awaiting-decision, case.special-open, case.change-open,
    case.deferred-missing, case.own-case, case.other-department, case.task-held (facts: staff_no),
    case.signers-awaited, case.no-mandate, mandate.* (why the mandate does not reach),
    case.reviewer-may-not-decide, case.reason-missing, those of `referral.require_answers`,
    `hearingright.require_heard` and `counsel.forgo`."""
    terms = terms_of_case(case)
    require(case.stage is Stage.DECIDING, "case.not-awaiting-decision")
    referral.require_answers(case, granted=command.granted, cites=command.cites)
    hearingright.require_heard(case, cites=command.hearings, at=command.at)
    require(not case.special, "case.special-open")  # the decision follows what it shows
    require(case.change_date is None, "case.change-open")
    require(not command.granted or not case.deferred, "case.deferred-missing")
    officer = command.officer
    require_stranger(case, officer.person)
    require(officer.organisation == terms.department, "case.other-department")
    task = case.task(DECISION)
    assert task is not None
    taken = take_over(task, officer, command.stands_for, command.at)
    waits = awaited(case.signatures, DECISION, task.round)
    require(not waits, "case.signers-awaited")
    mandate = command.mandate
    require(mandate is not None and mandate.person == officer.person, "case.no-mandate")
    assert mandate is not None
    obstacle = why_not(
        mandate,
        organ=terms.department,
        item=terms.code,
        power=MandatePower.DECIDE,
        day=civil_day(command.at),
    )
    if obstacle is not None:
        raise Refused(obstacle, letter_no=mandate.letter_no)
    reviewers = {t.person for t in case.tasks if t.key not in (INTAKE, DECISION)}
    reviewers |= {s.signed_by for s in case.signatures if s.done_at is not None}
    require(officer.person not in reviewers, "case.reviewer-may-not-decide")
    # art. 38: a refusal states its reasons
    require(command.granted or bool(command.reason.strip()), "case.reason-missing")
    forgone = counsel.forgo(case, grounds=command.without_opinion, officer=officer, at=command.at)
    decided = CaseDecided(
        granted=command.granted,
        reason=Sealed(command.reason),
        officer=officer,
        authority=authority(mandate),
        cites=command.cites,
        hearings=command.hearings,
        at=command.at,
    )
    if command.proof is None:
        return [*taken, *forgone, decided]
    proof = ActProven(task=DECISION, method=command.proof, officer=officer, at=command.at)
    return [*taken, *forgone, proof, decided]


def delivery_due(decided: date, *, calendar: WorkCalendar) -> Due:
    """Return the last day to hand over or serve what was decided (送达): art. 44, ten days."""
    return add_working_days(decided, DELIVERY_DAYS, calendar=calendar)


def redate(case: State, command: RedateCase) -> Sequence[CaseRedated]:
    """Refusals: case.unknown, case.dates-unchanged."""
    terms_of_case(case)
    calendar = command.calendar
    intake, statutory, promised = case.intake_due, case.statutory_due, case.promised_due
    provisional = case.provisional
    if case.stage is Stage.FILED:
        assert case.received_date is not None
        answer = add_working_days(case.received_date, 5, calendar=calendar)
        intake, provisional = answer.date, answer.provisional
    elif case.stage in UNDER_REVIEW:
        last = due(term_of(case, promised=False), calendar=calendar)
        if last is not None:  # while the clock stands still, there is no date to move
            statutory, provisional = last.date, last.provisional
        last = due(term_of(case, promised=True), calendar=calendar)
        promised = last.date if last else promised
    before = (case.intake_due, case.statutory_due, case.promised_due, case.provisional)
    require((intake, statutory, promised, provisional) != before, "case.dates-unchanged")
    return [
        CaseRedated(
            intake_due_before=case.intake_due,
            intake_due=intake,
            statutory_due_before=case.statutory_due,
            statutory_due=statutory,
            promised_due_before=case.promised_due,
            promised_due=promised,
            provisional=provisional,
            calendar=calendar.version,
            at=command.at,
        )
    ]


def decided(case: State, event: CaseDecided) -> State:
    task = case.task(DECISION)
    assert task is not None
    finding = "granted" if event.granted else "refused"
    officer = event.officer
    done = replace(
        task,
        done_at=event.at,
        person=officer.person,
        staff_no=officer.staff_no,
        finding=finding,
    )
    return replace(
        case,
        stage=Stage.GRANTED if event.granted else Stage.REFUSED,
        closed_date=civil_day(event.at),
        hearings=closed(case.hearings, civil_day(event.at)),
        tasks=tuple(done if t is task else t for t in case.tasks),
    )


def redated(case: State, event: CaseRedated) -> State:
    return replace(
        case,
        intake_due=event.intake_due,
        statutory_due=event.statutory_due,
        promised_due=event.promised_due,
        provisional=event.provisional,
    )
