"""Legal counsel (法律顾问): an officer asks, a lawyer answers, whoever decides reads it first.

The opinion binds nobody, but nobody decides as if it had not been asked for: while one is open, a
decision says why it does not wait. Counsel who has an interest steps back (回避) and another of the
same body takes it up; who took part in a case gives no opinion on it, and who gave one does not
decide. What was asked and said is sealed; the conclusion is a code, open to statistics.
Source: 法治政府建设实施纲要（2021-2025年）, on legal advisers of government bodies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.state import (
    Request,
    Stage,
    State,
    require_stranger,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.wire import Sealed


class Conclusion(StrEnum):
    """结论."""

    LAWFUL = "lawful"  # 合法
    IF_CHANGED = "if_changed"  # 修改后合法
    AT_RISK = "at_risk"  # 有法律风险
    UNLAWFUL = "unlawful"  # 不合法


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AskOpinion:
    """征求法律意见. `has_counsel`: whether anybody of that body may give one today."""

    body: str  # organisation whose counsel is asked
    has_counsel: bool
    question: str
    due_date: date
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GiveOpinion:
    """出具法律意见."""

    request: int
    conclusion: Conclusion
    opinion: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeclineOpinion:
    """回避: counsel has an interest in it."""

    request: int
    interest: str
    officer: Officer
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OpinionAsked:
    kind: ClassVar[str] = "case.opinion-asked.v1"
    request: int  # counts the requests of the case, from 1
    body: str
    question: Sealed
    due_date: date
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OpinionGiven:
    kind: ClassVar[str] = "case.opinion-given.v1"
    request: int
    conclusion: Conclusion
    opinion: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OpinionDeclined:
    kind: ClassVar[str] = "case.opinion-declined.v1"
    request: int
    interest: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OpinionForgone:
    """It was decided without waiting."""

    kind: ClassVar[str] = "case.opinion-forgone.v1"
    request: int
    grounds: Sealed
    officer: Officer
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def ask(case: State, command: AskOpinion) -> Sequence[OpinionAsked]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.no-counsel, case.opinion-asked-already, case.question-missing, case.due-day-past."""
    terms = terms_of_case(case)
    require(case.stage in (Stage.REVIEWING, Stage.DECIDING), "case.not-under-review")
    require_stranger(case, command.officer.person)
    require(command.officer.organisation == terms.department, "case.other-department")
    require(command.has_counsel, "case.no-counsel")
    asked = {one.body for one in case.open_requests()}
    require(command.body not in asked, "case.opinion-asked-already")
    require(bool(command.question.strip()), "case.question-missing")
    require(command.due_date >= civil_day(command.at), "case.due-day-past")
    return [
        OpinionAsked(
            request=len(case.requests) + 1,
            body=command.body,
            question=Sealed(command.question),
            due_date=command.due_date,
            officer=command.officer,
            at=command.at,
        )
    ]


def give(case: State, command: GiveOpinion) -> Sequence[OpinionGiven]:
    """Refusals: case.unknown, case.opinion-not-asked, case.opinion-closed, case.own-case,
    case.counsel-elsewhere, case.counsel-stepped-back, case.counsel-handled-it,
    case.opinion-missing."""
    request = _open_request(case, command.request, command.officer)
    person = command.officer.person
    require(person not in request.declined_by, "case.counsel-stepped-back")
    require(all(task.person != person for task in case.tasks), "case.counsel-handled-it")
    require(bool(command.opinion.strip()), "case.opinion-missing")
    return [
        OpinionGiven(
            request=request.number,
            conclusion=command.conclusion,
            opinion=Sealed(command.opinion),
            officer=command.officer,
            at=command.at,
        )
    ]


def decline(case: State, command: DeclineOpinion) -> Sequence[OpinionDeclined]:
    """Refusals: case.unknown, case.opinion-not-asked, case.opinion-closed,
    case.counsel-elsewhere, case.counsel-stepped-back, case.reason-missing."""
    request = _open_request(case, command.request, command.officer, stepping_back=True)
    stepped_back = command.officer.person in request.declined_by
    require(not stepped_back, "case.counsel-stepped-back")
    require(bool(command.interest.strip()), "case.reason-missing")
    return [
        OpinionDeclined(
            request=request.number,
            interest=Sealed(command.interest),
            officer=command.officer,
            at=command.at,
        )
    ]


def forgo(case: State, *, grounds: str, officer: Officer, at: datetime) -> list[OpinionForgone]:
    """Return what is recorded when it is decided without an opinion that was asked for.

    Refusals: case.opinion-open, case.counsel-may-not-decide.
    """
    gave = {one.person for one in case.requests if one.conclusion}
    require(officer.person not in gave, "case.counsel-may-not-decide")
    waiting = case.open_requests()
    require(not waiting or bool(grounds.strip()), "case.opinion-open")
    return [
        OpinionForgone(request=one.number, grounds=Sealed(grounds), officer=officer, at=at)
        for one in waiting
    ]


def _open_request(
    case: State, number: int, officer: Officer, *, stepping_back: bool = False
) -> Request:
    terms_of_case(case)
    request = next((one for one in case.requests if one.number == number), None)
    if request is None:
        raise Refused("case.opinion-not-asked")
    require(request.closed_date is None, "case.opinion-closed")
    if not stepping_back:  # whose own case it is may do just that
        require_stranger(case, officer.person)
    require(officer.organisation == request.body, "case.counsel-elsewhere")
    return request


# ── What changes ────────────────────────────────────────────────────────────


def asked(case: State, event: OpinionAsked) -> State:
    request = Request(number=event.request, body=event.body, due_date=event.due_date)
    return replace(case, requests=(*case.requests, request))


def given(case: State, event: OpinionGiven) -> State:
    request = replace(
        case.request(event.request),
        person=event.officer.person,
        conclusion=event.conclusion,
        closed_date=civil_day(event.at),
    )
    return _with(case, request)


def declined(case: State, event: OpinionDeclined) -> State:
    request = case.request(event.request)
    people = (*request.declined_by, event.officer.person)
    return _with(case, replace(request, declined_by=people))


def forgone(case: State, event: OpinionForgone) -> State:
    return _with(case, replace(case.request(event.request), closed_date=civil_day(event.at)))


def _with(case: State, changed: Request) -> State:
    requests = tuple(changed if one.number == changed.number else one for one in case.requests)
    return replace(case, requests=requests)
