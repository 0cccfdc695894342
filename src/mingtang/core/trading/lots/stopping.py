"""Pausing, stopping, resuming, and interruptions of the service (中止、终止、恢复、顺延)."""

from collections.abc import Mapping, Sequence
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
from mingtang.core.trading.lots.course import asked_until, ends_at
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
from mingtang.core.trading.lots.state import State, Status
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
    if state.paused:
        since = max(since, state.paused[1])  # paused again before the last pause was over
    lasted = event.resumes - since
    ceiling = state.ceiling
    return replace(
        state,
        status=Status.ANNOUNCED,
        sign_up_until=state.sign_up_until and state.sign_up_until + lasted,
        deposit_until=state.deposit_until and state.deposit_until + lasted,
        opens=state.hours[0] + lasted,
        closes=state.hours[1] + lasted,
        asked=state.asked and state.asked + lasted,
        end=state.end and state.end + lasted,
        ceiling=ceiling
        and replace(ceiling, begins=ceiling.begins + lasted, asked=ceiling.asked + lasted),
        paused=(since, event.resumes),
        suspended_at=None,
    )


# ── Interruptions ───────────────────────────────────────────────────────────


def shift(state: State, command: ShiftDeadlines) -> Sequence[Event]:
    """Raises Refused: lot.shifted-already, lot.not-running, lot.nothing-to-shift."""
    require(command.outage not in state.outages, "lot.shifted-already")
    require(state.status is Status.ANNOUNCED, "lot.not-running")
    require(command.began <= ends_at(state), "lot.nothing-to-shift")  # it was over by then
    require(not _is_taken(state), "lot.nothing-to-shift")
    before = _deadlines(state)
    after = _frozen(before, command) if _falls(state, command) else _moved(before, command)
    require(after != before, "lot.nothing-to-shift")
    event = DeadlinesShifted(
        outage=command.outage,
        sign_up_until=after["sign_up_until"],
        deposit_until=after["deposit_until"],
        opens=after["opens"],
        closes=after["closes"],
        asked=None,
        end=None,
        at=command.at,
    )
    # Whatever does not follow from what stands before it has to be said.
    asked, end = after.get("asked"), after.get("end")
    if asked and asked_until(shifted(state, event)) != asked:
        event = replace(event, asked=asked)
    if end and (state.end or ends_at(shifted(state, event)) < end):
        event = replace(event, end=end)
    return [event]


def shifted(state: State, event: DeadlinesShifted) -> State:
    ceiling = state.ceiling
    if ceiling:
        waits = ceiling.begins == state.hours[1]  # for the end of free quotation
        begins = event.closes if waits else ceiling.begins
        asked = event.asked or ceiling.asked
        ceiling = replace(ceiling, begins=begins, asked=asked)
    return replace(
        state,
        sign_up_until=event.sign_up_until,
        deposit_until=event.deposit_until,
        opens=event.opens,
        closes=event.closes,
        asked=None if ceiling else event.asked,
        end=event.end,
        ceiling=ceiling,
        outages=state.outages | {event.outage},
    )


def _deadlines(state: State) -> dict[str, datetime]:
    """Return every deadline there is, in the order of time.

    The end of a falling price is none of its own: it follows from the beginning, and telling it
    would tell the reserve.
    """
    assert state.sign_up_until is not None, "nothing is asked of a lot before it is announced"
    assert state.deposit_until is not None
    _, procedure = state.terms
    opens, closes = state.hours
    found = {
        "sign_up_until": state.sign_up_until,
        "deposit_until": state.deposit_until,
        "opens": opens,
        "closes": closes,
    }
    if state.ceiling or procedure.bidding is Bidding.LISTING:
        found["asked"] = asked_until(state)
    if procedure.bidding is not Bidding.DUTCH:
        found["end"] = ends_at(state)
    return dict(sorted(found.items(), key=lambda each: each[1]))


def _moved(deadlines: Mapping[str, datetime], command: ShiftDeadlines) -> dict[str, datetime]:
    """Move each by the rule, and never closer to the one before it than it was."""
    found: dict[str, datetime] = {}
    later = timedelta()
    for name, deadline in deadlines.items():
        by_rule = moved(
            deadline, began=command.began, recovered=command.recovered, rule=command.rule
        )
        found[name] = max(by_rule, deadline + later)
        later = found[name] - deadline
    return found


def _is_taken(state: State) -> bool:
    _, procedure = state.terms
    return procedure.bidding is Bidding.DUTCH and state.best is not None


def _falls(state: State, command: ShiftDeadlines) -> bool:
    """Whether the interruption fell into a falling price."""
    _, procedure = state.terms
    opens, _ = state.hours
    lasted = command.recovered - command.began
    counts = lasted >= timedelta(seconds=command.rule.least_seconds)
    falling = procedure.bidding is Bidding.DUTCH and opens < command.began < ends_at(state)
    return counts and falling


def _frozen(deadlines: Mapping[str, datetime], command: ShiftDeadlines) -> dict[str, datetime]:
    """A price nobody could take did not fall."""
    lasted = command.recovered - command.began
    return {
        name: deadline + (lasted if name in ("opens", "closes") else timedelta())
        for name, deadline in deadlines.items()
    }
