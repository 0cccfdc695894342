"""The applicant changes the application (变更申请), and what it does to the terms (中断).

    ──request──▶ waiting ──rule──▶ in substance: the terms begin anew from the day it was requested
                              └──▶ not in substance: noted, the dates stay

行政许可法 art. 42 counts from the day an application is accepted. What is changed in substance is
another application, accepted as it now stands on the day the change came: what was counted before
is void. Only its applicant can bring that about; the officer only says whether it is one, and the
day is the applicant's, so that nobody gains time by ruling late. Once the term is over no change
begins it anew. A special procedure stops the count instead and goes on where it stood: `special`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.filing import require_own
from mingtang.core.cases.state import (
    UNDER_REVIEW,
    State,
    dates_moved,
    organ_of,
    require_stranger,
    terms_of_case,
)
from mingtang.core.cases.terms import Document, Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class RequestChange:
    """申请变更申请内容."""

    person: str
    represents: frozenset[str] = frozenset()  # for whom else this person may act today
    what: str  # is changed, in the applicant's words
    documents: tuple[Document, ...]
    form: str  # canonical JSON; empty: it stays as it was
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RuleOnChange:
    """认定变更. `substantial`: it is another application now."""

    substantial: bool
    reason: str
    officer: Officer
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class ChangeRequested:
    kind: ClassVar[str] = "case.change-requested.v1"
    what: Sealed
    documents: tuple[Document, ...]
    form: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TermRestarted:
    kind: ClassVar[str] = "case.term-restarted.v1"
    change_date: date  # the terms run anew from here, this day not counted
    reason: Sealed
    officer: Officer
    statutory_due_before: date
    statutory_due: date
    promised_due_before: date
    promised_due: date
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChangeNoted:
    kind: ClassVar[str] = "case.change-noted.v1"
    change_date: date
    reason: Sealed
    officer: Officer
    at: datetime


def request(case: State, command: RequestChange) -> Sequence[ChangeRequested]:
    """Refusals: case.unknown, case.not-yours, case.not-under-review, case.change-open,
    case.term-over, case.nothing-changed."""
    terms_of_case(case)
    require_own(case, command)
    require(case.stage in UNDER_REVIEW, "case.not-under-review")
    require(case.change_date is None, "case.change-open")
    assert case.statutory_due is not None
    over = not case.special and civil_day(command.at) > case.statutory_due
    require(not over, "case.term-over")
    require(bool(command.what.strip()), "case.nothing-changed")
    return [
        ChangeRequested(
            what=Sealed(command.what),
            documents=command.documents,
            form=Sealed(command.form),
            at=command.at,
        )
    ]


def rule(case: State, command: RuleOnChange) -> Sequence[TermRestarted | ChangeNoted]:
    """Refusals: case.unknown, case.change-not-open, case.own-case, case.other-department,
    case.special-open, case.reason-missing."""
    terms_of_case(case)
    require(case.change_date is not None, "case.change-not-open")
    assert case.change_date is not None
    require_stranger(case, command.officer.person)
    require(command.officer.organisation == organ_of(case), "case.other-department")
    require(not case.special, "case.special-open")  # its end is what the new dates hang on
    require(bool(command.reason.strip()), "case.reason-missing")
    if not command.substantial:
        return [
            ChangeNoted(
                change_date=case.change_date,
                reason=Sealed(command.reason),
                officer=command.officer,
                at=command.at,
            )
        ]
    anew = replace(case, restarts=(*case.restarts, case.change_date))
    return [
        TermRestarted(
            change_date=case.change_date,
            reason=Sealed(command.reason),
            officer=command.officer,
            **dates_moved(case, anew, calendar=command.calendar),
            at=command.at,
        )
    ]


def requested(case: State, event: ChangeRequested) -> State:
    replaced = {document.material for document in event.documents}
    kept = tuple(d for d in case.documents if d.material not in replaced)
    return replace(
        case,
        change_date=civil_day(event.at),
        documents=kept + event.documents,
        deferred=tuple(key for key in case.deferred if key not in replaced),
        deferred_due=case.deferred_due if set(case.deferred) - replaced else None,
    )


def restarted(case: State, event: TermRestarted) -> State:
    return replace(
        case,
        change_date=None,
        restarts=(*case.restarts, event.change_date),
        statutory_due=event.statutory_due,
        promised_due=event.promised_due,
        provisional=event.provisional,
    )


def noted(case: State, event: ChangeNoted) -> State:
    return replace(case, change_date=None)
