"""A trading procedure (交易规程) as data: published, published anew, withdrawn.

    ──publish──▶ version 1 ──publish──▶ version 2 … ──withdraw──▶ withdrawn

A lot keeps the version its notice named: changing a rule changes no auction under way. What a
procedure says is in `parameters`, what has to fit together in `consistency`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.trading.consistency import require_consistent
from mingtang.core.trading.parameters import Procedure

LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class PublishProcedure:
    """发布交易规程: lots announced from now on can name this version."""

    procedure: Procedure
    publisher_manages: bool  # looked up: whether they manage the centre
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawProcedure:
    """停用交易规程: no further lot names it. `usual_for`: kinds that say they usually use it."""

    reason: str
    publisher_manages: bool
    usual_for: tuple[str, ...]
    by: str
    at: datetime


Command = PublishProcedure | WithdrawProcedure


@dataclass(frozen=True, kw_only=True)
class ProcedurePublished:
    kind: ClassVar[str] = "trade-procedure.published.v1"
    version: int  # from 1
    content: Procedure
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProcedureWithdrawn:
    kind: ClassVar[str] = "trade-procedure.withdrawn.v1"
    reason: str
    by: str
    at: datetime


Event = ProcedurePublished | ProcedureWithdrawn
EVENTS = (ProcedurePublished, ProcedureWithdrawn)


@dataclass(frozen=True)
class State:
    version: int = 0
    procedure: Procedure | None = None  # in use


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: trade-procedure.publisher-not-manager, trade-procedure.unchanged,
    trade-procedure.not-in-use, trade-procedure.reason-missing, trade-procedure.too-long (facts:
    limit), trade-procedure.still-usual (facts: kinds), and whatever `consistency` refuses.
    """
    require(command.publisher_manages, "trade-procedure.publisher-not-manager")
    match command:
        case PublishProcedure():
            return _publish(state, command)
        case WithdrawProcedure():
            return _withdraw(state, command)
        case _:
            assert_never(command)


def _publish(state: State, command: PublishProcedure) -> Sequence[Event]:
    require_consistent(command.procedure)
    require(command.procedure != state.procedure, "trade-procedure.unchanged")
    return [
        ProcedurePublished(
            version=state.version + 1,
            content=command.procedure,
            by=command.by,
            at=command.at,
        )
    ]


def _withdraw(state: State, command: WithdrawProcedure) -> Sequence[Event]:
    require(state.procedure is not None, "trade-procedure.not-in-use")
    require(bool(command.reason.strip()), "trade-procedure.reason-missing")
    fits = len(command.reason) <= LONGEST_REASON
    require(fits, "trade-procedure.too-long", limit=LONGEST_REASON)
    kinds = command.usual_for
    require(not kinds, "trade-procedure.still-usual", kinds=kinds)
    return [ProcedureWithdrawn(reason=command.reason, by=command.by, at=command.at)]


def evolve(state: State, event: Event) -> State:
    match event:
        case ProcedurePublished():
            return State(event.version, event.content)
        case ProcedureWithdrawn():
            return State(state.version)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
