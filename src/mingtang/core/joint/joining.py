"""How the branches become one again (合流): accepted when all are, ended when all are.

A joint case never counts along. Whoever asks the rules reads where every branch stands from its own
stream, at that place in the log; so it does not matter who ended last, who noticed, or how often
it is asked. A branch that is refused stops none of the others: each organ decides what is its
own (行政许可法 art. 26 para. 2), and the applicant may contest each decision by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.state import Pausing, Stage
from mingtang.core.cases.terms import Officer
from mingtang.core.decider import require
from mingtang.core.joint.state import (
    DECIDED,
    OPEN,
    WAITING,
    JointStage,
    Standing,
    State,
    ended,
    last_day,
    promised_day,
    require_known,
    require_lead,
    require_no_party,
)
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar

# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AcceptJoint:
    """统一受理, by the lead's window. `branches`: where they stand once each was accepted."""

    branches: tuple[Standing, ...]
    officer: Officer
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class TakeStock:
    """汇总进度: something happened to a branch, or to the calendar."""

    branches: tuple[Standing, ...]
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class ConcludeJoint:
    """出具联办结果, by the lead, when every branch has ended."""

    statement: str
    officer: Officer
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class JointAccepted:
    kind: ClassVar[str] = "joint.accepted.v1"
    officer: Officer | None  # None: its branches were accepted one by one, or by law
    accepted_date: date  # the day the last branch was accepted
    due: date  # last day, inclusive
    promised_due: date | None = None  # of the promise, where it is shorter
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BranchClosed:
    kind: ClassVar[str] = "joint.branch-closed.v1"
    case: str
    outcome: Stage  # granted, refused, not accepted, withdrawn
    closed_date: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointPauseNoted:
    """A procedure of art. 45 began or ended in a branch."""

    kind: ClassVar[str] = "joint.pause-noted.v1"
    pauses: tuple[Pausing, ...]  # of all branches
    due_before: date
    due: date
    promised_due: date | None = None
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointRedated:
    kind: ClassVar[str] = "joint.redated.v1"
    due_before: date
    due: date
    promised_due: date | None = None
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BranchesJoined:
    """Every branch has ended: the lead gives the result."""

    kind: ClassVar[str] = "joint.branches-joined.v1"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointLapsed:
    """Every branch has ended without a decision: there is no result to give."""

    kind: ClassVar[str] = "joint.lapsed.v1"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointConcluded:
    kind: ClassVar[str] = "joint.concluded.v1"
    outcome: JointStage  # granted, partly, refused
    statement: Sealed
    officer: Officer
    at: datetime


Stock = JointAccepted | BranchClosed | JointPauseNoted | JointRedated | BranchesJoined | JointLapsed

# ── The rules ───────────────────────────────────────────────────────────────


def accept(joint: State, command: AcceptJoint) -> Sequence[Stock]:
    """Refusals: joint.unknown, case.own-case, joint.not-awaiting-acceptance,
    joint.branches-not-accepted (facts: cases)."""
    require_known(joint)
    require_no_party(joint, command.officer)
    require(joint.accepted_date is None, "joint.not-awaiting-acceptance")
    require(joint.stage is JointStage.FILED, "joint.not-awaiting-acceptance")
    waiting = [one.case for one in command.branches if one.stage in WAITING]
    require(not waiting, "joint.branches-not-accepted", cases=waiting)
    return list(_stock(joint, command, command.officer))


def take_stock(joint: State, command: TakeStock) -> Sequence[Stock]:
    """Refusals: joint.unknown, joint.closed, joint.nothing-new."""
    require_known(joint)
    require(joint.stage in OPEN, "joint.closed")
    found = list(_stock(joint, command, None))
    require(bool(found), "joint.nothing-new")
    return found


def _stock(
    joint: State, command: AcceptJoint | TakeStock, officer: Officer | None
) -> Iterator[Stock]:
    branches = command.branches
    noted = dict(joint.closed)
    for one in branches:
        if one.is_closed and one.case not in noted:
            assert one.closed_date is not None
            yield BranchClosed(
                case=one.case, outcome=one.stage, closed_date=one.closed_date, at=command.at
            )
    begun = _begun(joint, command, officer)
    if begun is not None:
        yield begun
        joint = accepted(joint, begun)
    if joint.accepted_date is not None:
        yield from _moved(joint, command)
    if all(one.is_closed for one in branches) and joint.stage is not JointStage.CONCLUDING:
        decided = any(one.stage in DECIDED for one in branches)
        yield BranchesJoined(at=command.at) if decided else JointLapsed(at=command.at)


def _begun(
    joint: State, command: AcceptJoint | TakeStock, officer: Officer | None
) -> JointAccepted | None:
    """The application is complete when no branch waits: the term runs from then (art. 32(5))."""
    dates = [one.accepted_date for one in command.branches if one.accepted_date is not None]
    waits = any(one.stage in WAITING for one in command.branches)
    if joint.accepted_date is not None or waits or not dates:
        return None
    begun = replace(joint, accepted_date=max(dates), due=max(dates))
    last, provisional = last_day(begun, calendar=command.calendar)
    return JointAccepted(
        officer=officer,
        accepted_date=max(dates),
        due=last,
        promised_due=promised_day(begun, calendar=command.calendar),
        provisional=provisional,
        calendar=command.calendar.version,
        at=command.at,
    )


def _moved(joint: State, command: AcceptJoint | TakeStock) -> Iterator[Stock]:
    assert joint.due is not None
    pauses = tuple(pause for one in command.branches for pause in one.pauses)
    calendar, now = command.calendar, replace(joint, pauses=pauses)
    last, provisional = last_day(now, calendar=calendar)
    promised = promised_day(now, calendar=calendar)
    if pauses != joint.pauses:
        yield JointPauseNoted(
            pauses=pauses,
            due_before=joint.due,
            due=last,
            promised_due=promised,
            provisional=provisional,
            calendar=calendar.version,
            at=command.at,
        )
    elif (last, promised, provisional) != (joint.due, joint.promised_due, joint.provisional):
        yield JointRedated(
            due_before=joint.due,
            due=last,
            promised_due=promised,
            provisional=provisional,
            calendar=calendar.version,
            at=command.at,
        )


def conclude(joint: State, command: ConcludeJoint) -> Sequence[JointConcluded]:
    """Refusals: joint.unknown, joint.closed, joint.branches-open (facts: cases), case.own-case,
    joint.not-lead, joint.statement-missing."""
    require_known(joint)
    require(joint.stage in OPEN, "joint.closed")
    noted = dict(joint.closed)
    waiting = [branch.case for branch in joint.branches if branch.case not in noted]
    require(joint.stage is JointStage.CONCLUDING, "joint.branches-open", cases=waiting)
    require_no_party(joint, command.officer)
    require_lead(joint, command.officer)
    outcome = outcome_of(joint)
    # What was not granted is told with its reasons and remedies: art. 38.
    told = outcome is JointStage.GRANTED or bool(command.statement.strip())
    require(told, "joint.statement-missing")
    return [
        JointConcluded(
            outcome=outcome,
            statement=Sealed(command.statement),
            officer=command.officer,
            at=command.at,
        )
    ]


def outcome_of(joint: State) -> JointStage:
    """Return what the branches that have ended come to."""
    granted = [stage is Stage.GRANTED for _case, stage in joint.closed]
    if all(granted):
        return JointStage.GRANTED
    return JointStage.PARTLY if any(granted) else JointStage.REFUSED


# ── What changes ────────────────────────────────────────────────────────────


def accepted(joint: State, event: JointAccepted) -> State:
    return replace(
        joint,
        stage=JointStage.HANDLING,
        accepted_date=event.accepted_date,
        due=event.due,
        promised_due=event.promised_due,
        provisional=event.provisional,
    )


def branch_closed(joint: State, event: BranchClosed) -> State:
    return replace(joint, closed=(*joint.closed, (event.case, event.outcome)))


def pause_noted(joint: State, event: JointPauseNoted) -> State:
    return replace(redated(joint, event), pauses=event.pauses)


def redated(joint: State, event: JointRedated | JointPauseNoted) -> State:
    return replace(
        joint,
        due=event.due,
        promised_due=event.promised_due,
        provisional=event.provisional,
    )


def joined(joint: State, event: BranchesJoined) -> State:
    return replace(joint, stage=JointStage.CONCLUDING)


def lapsed(joint: State, event: JointLapsed) -> State:
    return ended(joint, JointStage.LAPSED, event.at)


def concluded(joint: State, event: JointConcluded) -> State:
    return ended(joint, event.outcome, event.at)
