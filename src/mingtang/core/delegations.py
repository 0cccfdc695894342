"""Delegation (委托代办): a colleague does one's tasks for some days, and both are named on each.

It gives no power: the deputy must hold it themselves, in the same department, and decides under a
letter of their own. It opens only what is in the absent colleague's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar, assert_never

from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, Refused, require

MOST_DAYS = 92  # a parameter of the house: no law says how long


@dataclass(frozen=True, kw_only=True)
class GiveDelegation:
    """委托. `deputy`: the colleague as they hold the giver's power there today, or None.
    `overlaps`: whether another delegation of the giver's touches these days."""

    giver: Officer
    deputy: Officer | None
    from_date: date
    until_date: date  # the last day
    overlaps: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndDelegation:
    """收回委托."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DelegationGiven:
    kind: ClassVar[str] = "delegation.given.v1"
    giver: Officer
    deputy: Officer
    from_date: date
    until_date: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DelegationEnded:
    kind: ClassVar[str] = "delegation.ended.v1"
    by: str
    at: datetime


Command = GiveDelegation | EndDelegation
Event = DelegationGiven | DelegationEnded
EVENTS = (DelegationGiven, DelegationEnded)


@dataclass(frozen=True)
class State:
    giver: str = ""
    until_date: date | None = None
    ended: bool = False


def decide(state: State, command: Command) -> Sequence[Event]:
    match command:
        case GiveDelegation():
            return _give(state, command)
        case EndDelegation():
            return _end(state, command)
        case _:
            assert_never(command)


def _give(state: State, command: GiveDelegation) -> Sequence[DelegationGiven]:
    """Refusals: delegation.exists, delegation.not-a-colleague, delegation.to-oneself,
    delegation.dates-reversed, delegation.past, delegation.too-long (facts: limit),
    delegation.overlaps."""
    require(not state.giver, "delegation.exists")
    giver, deputy = command.giver, command.deputy
    if deputy is None or deputy.organisation != giver.organisation:
        raise Refused("delegation.not-a-colleague")
    require(deputy.person != giver.person, "delegation.to-oneself")
    require(command.from_date <= command.until_date, "delegation.dates-reversed")
    require(command.from_date >= civil_day(command.at), "delegation.past")
    last = command.from_date + timedelta(days=MOST_DAYS - 1)
    require(command.until_date <= last, "delegation.too-long", limit=MOST_DAYS)
    require(not command.overlaps, "delegation.overlaps")
    return [
        DelegationGiven(
            giver=giver,
            deputy=deputy,
            from_date=command.from_date,
            until_date=command.until_date,
            at=command.at,
        )
    ]


def _end(state: State, command: EndDelegation) -> Sequence[DelegationEnded]:
    """Refusals: delegation.unknown, delegation.not-yours, delegation.over."""
    require(bool(state.giver), "delegation.unknown")
    require(command.by == state.giver, "delegation.not-yours")
    assert state.until_date is not None
    over = state.ended or civil_day(command.at) > state.until_date
    require(not over, "delegation.over")
    return [DelegationEnded(by=command.by, at=command.at)]


def evolve(state: State, event: Event) -> State:
    match event:
        case DelegationGiven():
            return State(event.giver.person, event.until_date)
        case DelegationEnded():
            return replace(state, ended=True)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
