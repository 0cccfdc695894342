"""What goes back (退还): to the accounts it came from, first what is late or too much."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.decider import require
from mingtang.core.trading.banking import (
    LONGEST,
    Account,
    Posting,
    fen_of,
    sealed_fen,
    sealed_moment,
    yuan_text,
)
from mingtang.core.trading.deposits.state import (
    Refund,
    RefundStep,
    State,
    moved,
    require_reason,
)
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class OrderRefund:
    """退还: to the accounts the money came from, first what is late or too much.

    Without an amount, all that may go. What was paid in time and in full may go once the auction
    is over for this application, which `ended` says. `to_account`: another account, where the
    one it came from is no more; the reason says so.
    """

    amount_fen: int | None
    reason: str
    due_at: datetime
    ended: bool  # looked up
    may_manage: bool  # looked up: the one who orders manages deposits
    to_account: str = ""
    to_name: str = ""
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SendRefund:
    """送银行: from here on it must not be sent in another batch."""

    number: int
    batch: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConfirmRefund:
    """退款到账: the bank booked it out."""

    number: int
    booked: datetime
    serial: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportRefundFailure:
    """退款未成: the money is here again."""

    number: int
    reason: str  # as the bank says it
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundOrdered:
    kind: ClassVar[str] = "deposit.refund-ordered.v1"
    number: int  # counts the refunds, from 1
    arrival: int  # of which it is a part
    held_fen: Sealed  # of what had counted
    surplus_fen: Sealed
    to_account: Sealed
    to_name: Sealed
    reason: Sealed
    due_at: Sealed
    ended: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundSent:
    kind: ClassVar[str] = "deposit.refund-sent.v1"
    number: int
    batch: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundPaid:
    kind: ClassVar[str] = "deposit.refund-paid.v1"
    number: int
    amount_fen: Sealed
    booked: Sealed
    serial: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundFailed:
    kind: ClassVar[str] = "deposit.refund-failed.v1"
    number: int
    held_fen: Sealed
    surplus_fen: Sealed
    reason: Sealed
    at: datetime


def order(state: State, command: OrderRefund) -> Sequence[RefundOrdered]:
    """Split what goes back over the accounts it came from: surplus first, then what was held.

    Refusals: deposit.not-treasurer, deposit.reason-missing, deposit.too-long (facts: limit),
    deposit.not-ended, deposit.nothing-to-refund, deposit.amount-wrong,
    deposit.not-so-much (facts: most, in yuan).
    """
    require(command.may_manage, "deposit.not-treasurer")
    require_reason(command.reason)
    amount = _refundable(state, command)
    parts = [[arrival.surplus_fen, 0] for arrival in state.arrivals]
    for part in parts:
        part[0] = min(part[0], amount)
        amount -= part[0]
    for part, arrival in zip(parts, state.arrivals, strict=True):
        part[1] = min(arrival.held_fen, amount)
        amount -= part[1]
    going = [(place, *part) for place, part in enumerate(parts) if any(part)]
    first = len(state.refunds) + 1
    return [
        RefundOrdered(
            number=number,
            arrival=place + 1,
            held_fen=sealed_fen(held),
            surplus_fen=sealed_fen(surplus),
            to_account=Sealed(command.to_account or state.arrivals[place].payer_account),
            to_name=Sealed(command.to_name or state.arrivals[place].payer_name),
            reason=Sealed(command.reason),
            due_at=sealed_moment(command.due_at),
            ended=command.ended,
            by=command.by,
            at=command.at,
        )
        for number, (place, surplus, held) in enumerate(going, first)
    ]


def _refundable(state: State, command: OrderRefund) -> int:
    """Return how much goes, or refuse. A deposit that came short goes once its time is over."""
    over = state.deadline is not None and command.at > state.deadline
    free = command.ended or state.ended or (over and not state.paid_on_time)
    most = state.surplus_fen + (state.held_fen if free else 0)
    if command.amount_fen is None:
        require(most > 0 or not state.held_fen, "deposit.not-ended")
        require(most > 0, "deposit.nothing-to-refund")
        return most
    require(command.amount_fen > 0, "deposit.amount-wrong")
    here = command.amount_fen <= state.surplus_fen + state.held_fen
    require(not here or command.amount_fen <= most, "deposit.not-ended")
    require(command.amount_fen <= most, "deposit.not-so-much", most=yuan_text(most))
    return command.amount_fen


def send(state: State, command: SendRefund) -> Sequence[RefundSent]:
    """Refusals: deposit.no-such-refund, deposit.refund-settled, deposit.refund-already-sent."""
    refund = _under_way(state, command.number)
    require(refund.step is RefundStep.ORDERED, "deposit.refund-already-sent")
    batch = Sealed(command.batch)
    return [RefundSent(number=command.number, batch=batch, by=command.by, at=command.at)]


def confirm(state: State, command: ConfirmRefund) -> Sequence[RefundPaid]:
    """Refusals: deposit.no-such-refund, deposit.refund-settled."""
    refund = _under_way(state, command.number)
    return [
        RefundPaid(
            number=command.number,
            amount_fen=sealed_fen(refund.amount_fen),
            booked=sealed_moment(command.booked),
            serial=Sealed(command.serial),
            at=command.at,
        )
    ]


def report_failure(state: State, command: ReportRefundFailure) -> Sequence[RefundFailed]:
    """What stopped counting may have been paid anew since: it counts again if it fits.

    Refusals: deposit.no-such-refund, deposit.refund-settled.
    """
    refund = _under_way(state, command.number)
    room = state.due_fen - state.counted_fen if refund.uncounted else refund.held_fen
    held = min(refund.held_fen, room)
    return [
        RefundFailed(
            number=command.number,
            held_fen=sealed_fen(held),
            surplus_fen=sealed_fen(refund.amount_fen - held),
            reason=Sealed(command.reason[:LONGEST]),
            at=command.at,
        )
    ]


def _under_way(state: State, number: int) -> Refund:
    require(0 < number <= len(state.refunds), "deposit.no-such-refund")
    refund = state.refunds[number - 1]
    require(refund.under_way, "deposit.refund-settled")
    return refund


def ordered(state: State, event: RefundOrdered) -> State:
    held, surplus = fen_of(event.held_fen), fen_of(event.surplus_fen)
    ended = state.ended or event.ended
    refund = Refund(event.arrival, held, surplus, not ended, RefundStep.ORDERED)
    return replace(
        moved(state, event.arrival, -held, -surplus, 0 if ended else -held),
        refunds=(*state.refunds, refund),
        ended=ended,
    )


def sent(state: State, event: RefundSent) -> State:
    return _stepped(state, event.number, RefundStep.SENT)


def paid(state: State, event: RefundPaid) -> State:
    return _stepped(state, event.number, RefundStep.PAID)


def failed(state: State, event: RefundFailed) -> State:
    refund = state.refunds[event.number - 1]
    held, surplus = fen_of(event.held_fen), fen_of(event.surplus_fen)
    counted = held if refund.uncounted else 0
    back = moved(state, refund.arrival, held, surplus, counted)
    return _stepped(back, event.number, RefundStep.FAILED)


def _stepped(state: State, number: int, step: RefundStep) -> State:
    refunds = list(state.refunds)
    refunds[number - 1] = replace(refunds[number - 1], step=step)
    return replace(state, refunds=tuple(refunds))


def order_postings(event: RefundOrdered) -> tuple[Posting, ...]:
    return _payable(fen_of(event.held_fen), fen_of(event.surplus_fen))


def failure_postings(event: RefundFailed) -> tuple[Posting, ...]:
    return _payable(-fen_of(event.held_fen), -fen_of(event.surplus_fen))


def _payable(held: int, surplus: int) -> tuple[Posting, ...]:
    return (
        Posting(Account.HELD, held),
        Posting(Account.SURPLUS, surplus),
        Posting(Account.PAYABLE, -held - surplus),
    )
