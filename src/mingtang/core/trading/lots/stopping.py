"""Pausing, stopping, resuming, and interruptions of the service (中止、终止、恢复、顺延)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mingtang.core.decider import require
from mingtang.core.trading.lots.commands import (
    ConfirmStop,
    HaltLot,
    ProposeStop,
    ResumeLot,
    ShiftDeadlines,
)
from mingtang.core.trading.lots.course import ends_at
from mingtang.core.trading.lots.events import (
    DeadlinesShifted,
    Event,
    LotResumed,
    LotStopped,
    LotSuspended,
    StopDeclined,
    Stopping,
    StopProposed,
)
from mingtang.core.trading.lots.state import Ceiling, State, Status
from mingtang.core.trading.outages import moved
from mingtang.core.trading.parameters import Bidding

LONGEST_REASON = 500
OPEN = (Status.ANNOUNCED, Status.SUSPENDED)


def propose(state: State, command: ProposeStop) -> Sequence[Event]:
    """Raises Refused: lot.not-host, lot.not-running, lot.stop-proposed-already, lot.reason-…"""
    require(command.hosts, "lot.not-host")
    _require_stoppable(state, command.stopping, command.at)
    require(state.proposal is None, "lot.stop-proposed-already")
    require_reason(command.reason)
    return [
        StopProposed(stopping=command.stopping, reason=command.reason, by=command.by, at=command.at)
    ]


def confirm(state: State, command: ConfirmStop) -> Sequence[Event]:
    """Raises Refused: lot.not-host, lot.nothing-proposed, lot.same-person, lot.not-running."""
    require(command.hosts, "lot.not-host")
    proposal = state.proposal
    require(proposal is not None, "lot.nothing-proposed")
    assert proposal is not None
    if not command.agrees:
        return [StopDeclined(by=command.by, at=command.at)]
    require(command.by != proposal.by, "lot.same-person")
    _require_stoppable(state, proposal.stopping, command.at)
    return [_stopped(proposal.stopping, proposal.reason, proposal.by, command.by, command.at)]


def halt(state: State, command: HaltLot) -> Sequence[Event]:
    """Raises Refused: lot.not-running, lot.reason-missing, lot.reason-too-long."""
    _require_stoppable(state, command.stopping, command.at)
    require_reason(command.reason)
    return [_stopped(command.stopping, command.reason, "", command.by, command.at)]


def _stopped(stopping: Stopping, reason: str, proposed_by: str, by: str, at: datetime) -> Event:
    kind = LotSuspended if stopping is Stopping.PAUSE else LotStopped
    return kind(reason=reason, proposed_by=proposed_by, by=by, at=at)


def _require_stoppable(state: State, stopping: Stopping, at: datetime) -> None:
    """A lot that is over by its rules is closed, not stopped: nobody undoes a result."""
    if stopping is Stopping.PAUSE or state.status is not Status.SUSPENDED:
        running = state.status is Status.ANNOUNCED and at < ends_at(state)
        require(running, "lot.not-running")


def require_reason(reason: str) -> None:
    require(bool(reason.strip()), "lot.reason-missing")
    require(len(reason) <= LONGEST_REASON, "lot.reason-too-long", limit=LONGEST_REASON)


def resume(state: State, command: ResumeLot) -> Sequence[Event]:
    """Raises Refused: lot.not-host, lot.not-suspended, lot.resumes-in-the-past."""
    require(command.may_resume, "lot.not-host")
    require(state.status is Status.SUSPENDED, "lot.not-suspended")
    require(command.resumes >= command.at, "lot.resumes-in-the-past")
    return [LotResumed(resumes=command.resumes, by=command.by, at=command.at)]


def resumed(state: State, event: LotResumed) -> State:
    """Everything comes as much later as the pause lasted: so what was left is left."""
    since = state.suspended_at
    assert since is not None
    lasted = event.resumes - since
    opens, closes = state.hours
    ceiling = state.ceiling
    return replace(
        state,
        status=Status.ANNOUNCED,
        opens=opens + lasted,
        closes=closes + lasted,
        end=state.end and state.end + lasted,
        ceiling=ceiling and Ceiling(ceiling.begins + lasted, ceiling.paddle, ceiling.nonces),
        paused=(since, event.resumes),
        suspended_at=None,
    )


def shift(state: State, command: ShiftDeadlines) -> Sequence[Event]:
    """Raises Refused: lot.shifted-already, lot.not-running, lot.nothing-to-shift."""
    require(command.outage not in state.outages, "lot.shifted-already")
    require(state.status is Status.ANNOUNCED, "lot.not-running")
    opens, closes = state.hours
    before = (opens, closes, ends_at(state))
    after = _frozen(before, command) if _falls(state, command) else _moved(before, command)
    require(after != before, "lot.nothing-to-shift")
    follows = state.end is None and state.ceiling is None and after[1] > closes
    return [
        DeadlinesShifted(
            outage=command.outage,
            opens=after[0],
            closes=after[1],
            end=None if follows else after[2],
            at=command.at,
        )
    ]


def shifted(state: State, event: DeadlinesShifted) -> State:
    ceiling, end = state.ceiling, event.end
    if ceiling and end:
        later = end - ends_at(state)
        ceiling, end = Ceiling(ceiling.begins + later, ceiling.paddle, ceiling.nonces), state.end
    return replace(
        state,
        opens=event.opens,
        closes=event.closes,
        end=end,
        ceiling=ceiling,
        outages=state.outages | {event.outage},
    )


Three = tuple[datetime, datetime, datetime]


def _moved(deadlines: Three, command: ShiftDeadlines) -> Three:
    """Move each by the rule, and never closer to the one before it than it was."""
    found: list[datetime] = []
    later = timedelta()
    for deadline in deadlines:
        by_rule = moved(
            deadline, began=command.began, recovered=command.recovered, rule=command.rule
        )
        found.append(max(by_rule, deadline + later))
        later = found[-1] - deadline
    return found[0], found[1], found[2]


def _falls(state: State, command: ShiftDeadlines) -> bool:
    """Whether the interruption fell into a falling price."""
    _, procedure = state.terms
    opens, _ = state.hours
    lasted = command.recovered - command.began
    counts = lasted >= timedelta(seconds=command.rule.least_seconds)
    falling = procedure.bidding is Bidding.DUTCH and opens < command.began < ends_at(state)
    return counts and falling


def _frozen(deadlines: Three, command: ShiftDeadlines) -> Three:
    """A price nobody could take did not fall."""
    lasted = command.recovered - command.began
    opens, closes, end = (deadline + lasted for deadline in deadlines)
    return opens, closes, end
