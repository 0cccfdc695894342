"""What comes in (入账), and what of it is in time.

Money counts by the moment the bank booked it against the deadline, so the order in which a bank
tells of it changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.decider import require
from mingtang.core.trading.banking import (
    Account,
    Booking,
    Posting,
    fen_of,
    moment_of,
    move,
    sealed_fen,
    sealed_moment,
)
from mingtang.core.trading.deposits.state import Arrival, State
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class BookArrival:
    """入账."""

    booking: Booking
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MoveDeadline:
    """顺延交纳截止时间: what was late may be in time now. `by`: whoever moved the lot's."""

    deadline: datetime
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositArrived:
    kind: ClassVar[str] = "deposit.arrived.v1"
    number: int  # counts the arrivals on this account, from 1
    institution: Sealed
    booked: Sealed  # 入账时间, by the bank
    amount_fen: Sealed
    counted_fen: Sealed  # of it in time and within what is due; the rest goes back
    memo: Sealed
    serial: Sealed
    sequence: Sealed
    payer_account: Sealed
    payer_name: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositDeadlineMoved:
    kind: ClassVar[str] = "deposit.deadline-moved.v1"
    deadline: Sealed
    counted_fen: Sealed  # of what had been late, in time now
    by: str
    at: datetime


def book(state: State, command: BookArrival) -> Sequence[DepositArrived]:
    """Refusals: deposit.booking-wrong, deposit.already-booked (facts: number)."""
    booking = command.booking
    require(booking.fits, "deposit.booking-wrong")
    for number, known in enumerate(state.arrivals, 1):
        require(known.key != booking.key, "deposit.already-booked", number=number)
    in_time = state.deadline is None or booking.booked <= state.deadline
    counted = min(booking.amount_fen, state.due_fen - state.counted_fen) if in_time else 0
    return [
        DepositArrived(
            number=len(state.arrivals) + 1,
            institution=Sealed(booking.institution),
            booked=sealed_moment(booking.booked),
            amount_fen=sealed_fen(booking.amount_fen),
            counted_fen=sealed_fen(counted),
            memo=Sealed(booking.memo),
            serial=Sealed(booking.serial),
            sequence=Sealed(booking.sequence),
            payer_account=Sealed(booking.payer_account),
            payer_name=Sealed(booking.payer_name),
            at=command.at,
        )
    ]


def move_deadline(state: State, command: MoveDeadline) -> Sequence[DepositDeadlineMoved]:
    """Refusals: deposit.deadline-not-later."""
    later = state.deadline is None or command.deadline > state.deadline
    require(later, "deposit.deadline-not-later")
    again = sum(a.counted_fen for a in _recounted(state, command.deadline)) - state.counted_fen
    return [
        DepositDeadlineMoved(
            deadline=sealed_moment(command.deadline),
            counted_fen=sealed_fen(again),
            by=command.by,
            at=command.at,
        )
    ]


def arrived(state: State, event: DepositArrived) -> State:
    return replace(state, arrivals=(*state.arrivals, _arrival(event)))


def deadline_moved(state: State, event: DepositDeadlineMoved) -> State:
    deadline = moment_of(event.deadline)
    return replace(state, deadline=deadline, arrivals=_recounted(state, deadline))


def arrival_postings(event: DepositArrived) -> tuple[Posting, ...]:
    amount, counted = fen_of(event.amount_fen), fen_of(event.counted_fen)
    return (
        Posting(Account.BANK, amount),
        Posting(Account.HELD, -counted),
        Posting(Account.SURPLUS, counted - amount),
    )


def counting_postings(event: DepositDeadlineMoved) -> tuple[Posting, ...]:
    return move(fen_of(event.counted_fen), debit=Account.SURPLUS, credit=Account.HELD)


def _arrival(event: DepositArrived) -> Arrival:
    amount, counted = fen_of(event.amount_fen), fen_of(event.counted_fen)
    booked = moment_of(event.booked)
    key = ""
    if booked is not None:
        key = Booking(
            institution=event.institution,
            booked=booked,
            amount_fen=amount,
            memo=event.memo,
            serial=event.serial,
            sequence=event.sequence,
            payer_account=event.payer_account,
            payer_name=event.payer_name,
        ).key
    return Arrival(
        key=key,
        booked=booked,
        payer_account=event.payer_account,
        payer_name=event.payer_name,
        amount_fen=amount,
        counted_fen=counted,
        held_fen=counted,
        surplus_fen=amount - counted,
    )


def _recounted(state: State, deadline: datetime | None) -> tuple[Arrival, ...]:
    """Count what is in time by a later deadline and still here, in the order it came."""
    room = state.due_fen - state.counted_fen
    arrivals: list[Arrival] = []
    for arrival in state.arrivals:
        in_time = deadline is None or arrival.booked is None or arrival.booked <= deadline
        more = min(arrival.surplus_fen, room) if in_time else 0
        room -= more
        arrivals.append(
            replace(
                arrival,
                counted_fen=arrival.counted_fen + more,
                held_fen=arrival.held_fen + more,
                surplus_fen=arrival.surplus_fen - more,
            )
        )
    return tuple(arrivals)
