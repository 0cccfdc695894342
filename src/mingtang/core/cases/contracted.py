"""A contracted service a case waits for (中介服务): whether its time is counted, what it moves.

An intermediary's time is not counted exactly where the law says so: the service belongs to a
procedure of 行政许可法 art. 45, and the item needs it by law (依法需要), as the service says.
Then it is a special procedure like any other, except that nobody of the organ begins or ends it: it
begins when the body begins and ends when it delivers. In every other case the clock goes on, and
the record says why. Which body, and under which need, is sealed as the case's own affair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.special import SpecialKind
from mingtang.core.cases.state import (
    Contracted,
    Pausing,
    Stage,
    State,
    contracted_under_way,
    dates_moved,
    pauses_until,
    terms_of_case,
)
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar, working_days_between


class Counted(StrEnum):
    """Why the time of a service is counted."""

    NO_PROCEDURE = "no-procedure"  # the service belongs to no procedure of art. 45
    NOT_NEEDED = "not-needed"  # the item does not need it by law
    NOT_UNDER_REVIEW = "not-under-review"  # no clock runs that could stand still
    SPECIAL_OPEN = "special-open"  # it stands still already, for another reason
    TERM_OVER = "term-over"  # it would only hide that it is late


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class BeginContracted:
    """The body has begun. `service` names the round of the need it is."""

    service: str
    body_name: str
    procedure: SpecialKind | None
    items: tuple[str, ...]  # codes of those that need it by law
    expected_days: int  # working days, as contracted
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndContracted:
    """The body has delivered, or the contract came to an end."""

    service: str
    at: datetime
    calendar: WorkCalendar


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ContractedBegun:
    """The clock stands still, and the applicant is told for how long: art. 45."""

    kind: ClassVar[str] = "case.contracted-begun.v1"
    service: Sealed
    body_name: Sealed
    procedure: SpecialKind
    expected_days: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractedCounted:
    """The clock goes on."""

    kind: ClassVar[str] = "case.contracted-counted.v1"
    service: Sealed
    body_name: Sealed
    why: Counted
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractedEnded:
    kind: ClassVar[str] = "case.contracted-ended.v1"
    service: Sealed
    body_name: Sealed
    procedure: SpecialKind
    begun_date: date
    days: int  # working days that were not counted
    statutory_due_before: date
    statutory_due: date
    promised_due_before: date
    promised_due: date
    provisional: bool
    calendar: str
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def begin(case: State, command: BeginContracted) -> Sequence[ContractedBegun | ContractedCounted]:
    """Refusals: case.unknown, case.contracted-known (it was heard before)."""
    terms = terms_of_case(case)
    known = {one.service for one in case.contracted}
    require(command.service not in known, "case.contracted-known")
    service, body_name = Sealed(command.service), Sealed(command.body_name)
    why = _why_counted(case, command, terms.code)
    if why is not None or command.procedure is None:
        counted = why or Counted.NO_PROCEDURE
        return [ContractedCounted(service=service, body_name=body_name, why=counted, at=command.at)]
    return [
        ContractedBegun(
            service=service,
            body_name=body_name,
            procedure=command.procedure,
            expected_days=command.expected_days,
            at=command.at,
        )
    ]


def _why_counted(case: State, command: BeginContracted, code: str) -> Counted | None:
    if command.procedure is None:
        return Counted.NO_PROCEDURE
    if code not in command.items:
        return Counted.NOT_NEEDED
    if case.stage not in (Stage.REVIEWING, Stage.DECIDING):
        return Counted.NOT_UNDER_REVIEW
    if case.special:
        return Counted.SPECIAL_OPEN
    assert case.statutory_due is not None
    return Counted.TERM_OVER if civil_day(command.at) > case.statutory_due else None


def end(case: State, command: EndContracted) -> Sequence[ContractedEnded]:
    """Refusals: case.unknown, case.contracted-not-open."""
    terms_of_case(case)
    running = contracted_under_way(case)
    open_now = running is not None and running.service == command.service
    require(open_now, "case.contracted-not-open")
    assert running is not None
    begun, today = case.pauses[-1].from_date, civil_day(command.at)
    resumed = replace(case, pauses=pauses_until(case, today))
    eve = timedelta(days=1)
    return [
        ContractedEnded(
            service=Sealed(command.service),
            body_name=Sealed(running.body_name),
            procedure=SpecialKind(case.special),
            begun_date=begun,
            days=working_days_between(begun - eve, today - eve, calendar=command.calendar),
            **dates_moved(case, resumed, calendar=command.calendar),
            at=command.at,
        )
    ]


# ── What changes ────────────────────────────────────────────────────────────


def begun(case: State, event: ContractedBegun) -> State:
    pause = Pausing(event.procedure, civil_day(event.at), None, event.expected_days)
    heard = Contracted(event.service, event.body_name, "", len(case.pauses))
    return replace(
        case,
        special=event.procedure,
        pauses=(*case.pauses, pause),
        contracted=(*case.contracted, heard),
    )


def counted(case: State, event: ContractedCounted) -> State:
    heard = Contracted(event.service, event.body_name, event.why, -1)
    return replace(case, contracted=(*case.contracted, heard))


def ended(case: State, event: ContractedEnded) -> State:
    return replace(
        case,
        special="",
        pauses=pauses_until(case, civil_day(event.at)),
        statutory_due=event.statutory_due,
        promised_due=event.promised_due,
        provisional=event.provisional,
    )
