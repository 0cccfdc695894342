"""Money nobody can place (不明来款): for a sub-account there is none of, or that is closed.

    arrived ──order return──▶ ordered ──send──▶ sent ──paid──▶ returned
       ▲                         └──────────failed┴─────┐
       └────────────────────────────────────────────────┘

The stream has a random name: one made of the booking would let anybody who guesses it find it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.trading.banking import (
    LONGEST,
    Account,
    Booking,
    Posting,
    fen_of,
    move,
    sealed_fen,
    sealed_moment,
)
from mingtang.core.wire import Sealed


class StrayStatus(StrEnum):
    HERE = "here"
    ORDERED = "ordered"
    SENT = "sent"
    RETURNED = "returned"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class BookStray:
    """登记不明来款."""

    booking: Booking
    account: str  # as the payer wrote it
    known: bool  # looked up: this very booking has been recorded before
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderStrayReturn:
    """退回不明来款: to the account it came from."""

    reason: str
    due_at: datetime
    may_manage: bool  # looked up
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SendStrayReturn:
    """送银行."""

    batch: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConfirmStrayReturn:
    """退回到账."""

    booked: datetime
    serial: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportStrayReturnFailure:
    """退回未成."""

    reason: str
    at: datetime


Command = (
    BookStray | OrderStrayReturn | SendStrayReturn | ConfirmStrayReturn | ReportStrayReturnFailure
)

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class StrayArrived:
    kind: ClassVar[str] = "stray.arrived.v1"
    account: Sealed  # as the payer wrote it
    institution: Sealed
    booked: Sealed
    amount_fen: Sealed
    memo: Sealed
    serial: Sealed
    sequence: Sealed
    payer_account: Sealed
    payer_name: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StrayReturnOrdered:
    kind: ClassVar[str] = "stray.return-ordered.v1"
    number: int  # of the attempt, from 1
    amount_fen: Sealed
    reason: Sealed
    due_at: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StrayReturnSent:
    kind: ClassVar[str] = "stray.return-sent.v1"
    batch: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StrayReturned:
    kind: ClassVar[str] = "stray.returned.v1"
    amount_fen: Sealed
    booked: Sealed
    serial: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StrayReturnFailed:
    kind: ClassVar[str] = "stray.return-failed.v1"
    amount_fen: Sealed
    reason: Sealed
    at: datetime


Event = StrayArrived | StrayReturnOrdered | StrayReturnSent | StrayReturned | StrayReturnFailed
EVENTS = (StrayArrived, StrayReturnOrdered, StrayReturnSent, StrayReturned, StrayReturnFailed)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    amount_fen: int = 0
    status: StrayStatus | None = None  # None: nothing came
    attempts: int = 0


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: stray.already-booked, stray.booking-wrong, stray.unknown,
    stray.not-treasurer, stray.reason-missing, stray.too-long (facts: limit), stray.not-here,
    stray.already-sent, stray.nothing-ordered.
    """
    if isinstance(command, BookStray):
        return [_book(state, command)]
    require(state.status is not None, "stray.unknown")
    amount = sealed_fen(state.amount_fen)
    match command:
        case OrderStrayReturn():
            return [_order(state, command)]
        case SendStrayReturn():
            require(state.status is not StrayStatus.SENT, "stray.already-sent")
            require(state.status is StrayStatus.ORDERED, "stray.nothing-ordered")
            return [StrayReturnSent(batch=Sealed(command.batch), by=command.by, at=command.at)]
        case ConfirmStrayReturn():
            _require_under_way(state)
            return [
                StrayReturned(
                    amount_fen=amount,
                    booked=sealed_moment(command.booked),
                    serial=Sealed(command.serial),
                    at=command.at,
                )
            ]
        case ReportStrayReturnFailure():
            _require_under_way(state)
            reason = Sealed(command.reason[:LONGEST])
            return [StrayReturnFailed(amount_fen=amount, reason=reason, at=command.at)]
        case _:
            assert_never(command)


def _book(state: State, command: BookStray) -> StrayArrived:
    require(not command.known and state.status is None, "stray.already-booked")
    booking = command.booking
    require(booking.fits and len(command.account) <= LONGEST, "stray.booking-wrong")
    return StrayArrived(
        account=Sealed(command.account),
        institution=Sealed(booking.institution),
        booked=sealed_moment(booking.booked),
        amount_fen=sealed_fen(booking.amount_fen),
        memo=Sealed(booking.memo),
        serial=Sealed(booking.serial),
        sequence=Sealed(booking.sequence),
        payer_account=Sealed(booking.payer_account),
        payer_name=Sealed(booking.payer_name),
        at=command.at,
    )


def _order(state: State, command: OrderStrayReturn) -> StrayReturnOrdered:
    require(command.may_manage, "stray.not-treasurer")
    require(command.reason.strip() != "", "stray.reason-missing")
    require(len(command.reason) <= LONGEST, "stray.too-long", limit=LONGEST)
    require(state.status is StrayStatus.HERE, "stray.not-here")
    return StrayReturnOrdered(
        number=state.attempts + 1,
        amount_fen=sealed_fen(state.amount_fen),
        reason=Sealed(command.reason),
        due_at=sealed_moment(command.due_at),
        by=command.by,
        at=command.at,
    )


def _require_under_way(state: State) -> None:
    under_way = state.status in (StrayStatus.ORDERED, StrayStatus.SENT)
    require(under_way, "stray.nothing-ordered")


def evolve(state: State, event: Event) -> State:
    match event:
        case StrayArrived():
            return State(fen_of(event.amount_fen), StrayStatus.HERE)
        case StrayReturnOrdered():
            return replace(state, status=StrayStatus.ORDERED, attempts=event.number)
        case StrayReturnSent():
            return replace(state, status=StrayStatus.SENT)
        case StrayReturned():
            return replace(state, status=StrayStatus.RETURNED)
        case StrayReturnFailed():
            return replace(state, status=StrayStatus.HERE)
        case _:
            assert_never(event)


def postings(event: Event) -> tuple[Posting, ...]:
    """Return what an event moves between accounts: always zero in sum."""
    match event:
        case StrayArrived():
            return move(fen_of(event.amount_fen), debit=Account.BANK, credit=Account.STRAY)
        case StrayReturnOrdered():
            return move(fen_of(event.amount_fen), debit=Account.STRAY, credit=Account.PAYABLE)
        case StrayReturned():
            return move(fen_of(event.amount_fen), debit=Account.PAYABLE, credit=Account.BANK)
        case StrayReturnFailed():
            return move(fen_of(event.amount_fen), debit=Account.PAYABLE, credit=Account.STRAY)
        case StrayReturnSent():
            return ()
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
