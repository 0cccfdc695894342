"""Extension of the joint term (延长联办期限): once, at most fifteen working days.

The lead asks, the head of the government of the same level approves, and the applicant is told
the reason: 行政许可法 art. 42 para. 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.terms import Officer
from mingtang.core.decider import require
from mingtang.core.joint.state import State, is_over, last_day, require_lead, require_running
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar

MOST_DAYS = 15  # art. 42 para. 2


@dataclass(frozen=True, kw_only=True)
class AskExtension:
    """申请延长期限, by the lead."""

    days: int
    reason: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerExtension:
    """批准延长期限, or not. `heads`: whether the approver heads that government on that day."""

    granted: bool
    opinion: str
    approver: Officer
    heads: bool
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked:
    kind: ClassVar[str] = "joint.extension-asked.v1"
    days: int
    reason: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointExtended:
    """The approval and what the applicant is told with it."""

    kind: ClassVar[str] = "joint.extended.v1"
    days: int
    reason: Sealed
    approver: Officer
    due_before: date
    due: date
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ExtensionDenied:
    kind: ClassVar[str] = "joint.extension-denied.v1"
    opinion: Sealed
    approver: Officer
    at: datetime


def ask(joint: State, command: AskExtension) -> Sequence[ExtensionAsked]:
    """Refusals: joint.unknown, joint.not-handling, case.own-case, joint.not-lead,
    joint.extended-already, joint.extension-asked-already, joint.extension-too-long (facts: limit),
    joint.reason-missing, joint.term-over."""
    require_running(joint, command.officer)
    require_lead(joint, command.officer)
    require(not joint.extended_days, "joint.extended-already")
    require(not joint.asked_days, "joint.extension-asked-already")
    require(0 < command.days <= MOST_DAYS, "joint.extension-too-long", limit=MOST_DAYS)
    require(bool(command.reason.strip()), "joint.reason-missing")
    require(not is_over(joint, command.at), "joint.term-over")
    return [
        ExtensionAsked(
            days=command.days,
            reason=Sealed(command.reason),
            officer=command.officer,
            at=command.at,
        )
    ]


def answer(joint: State, command: AnswerExtension) -> Sequence[JointExtended | ExtensionDenied]:
    """Refusals: joint.unknown, joint.not-handling, case.own-case, joint.no-extension-asked,
    joint.not-government-head, joint.reason-missing, joint.term-over."""
    approver = command.approver
    require_running(joint, approver)
    require(bool(joint.asked_days), "joint.no-extension-asked")
    heads = command.heads and approver.organisation == joint.government
    require(heads, "joint.not-government-head")
    if not command.granted:
        require(bool(command.opinion.strip()), "joint.reason-missing")
        return [ExtensionDenied(opinion=Sealed(command.opinion), approver=approver, at=command.at)]
    require(not is_over(joint, command.at), "joint.term-over")
    assert joint.due is not None
    longer = replace(joint, extended_days=joint.asked_days)
    last, provisional = last_day(longer, calendar=command.calendar)
    return [
        JointExtended(
            days=joint.asked_days,
            reason=Sealed(joint.asked_reason),
            approver=approver,
            due_before=joint.due,
            due=last,
            provisional=provisional,
            calendar=command.calendar.version,
            at=command.at,
        )
    ]


def asked(joint: State, event: ExtensionAsked) -> State:
    return replace(joint, asked_days=event.days, asked_reason=event.reason)


def extended(joint: State, event: JointExtended) -> State:
    return replace(
        joint,
        asked_days=0,
        asked_reason="",
        extended_days=event.days,
        due=event.due,
        provisional=event.provisional,
    )


def denied(joint: State, event: ExtensionDenied) -> State:
    return replace(joint, asked_days=0, asked_reason="")
