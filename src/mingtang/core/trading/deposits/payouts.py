"""What is paid on (转付): all of what was kept at once, to the seller or the court.

    ──order──▶ ordered ──approve──▶ approved ──send──▶ sent ──▶ paid, or failed
                  └──decline──▶ failed: it may be ordered anew

Name and account are typed by hand, so another person checks them before the bank is told (复核,
不相容岗位分离: 会计法 (2024) art. 25 [C]). In time: 法释〔2016〕18号 art. 25.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from mingtang.core.decider import require
from mingtang.core.trading.banking import (
    LONGEST,
    Account,
    Posting,
    fen_of,
    move,
    sealed_fen,
    sealed_moment,
)
from mingtang.core.trading.deposits.keeping import account_of
from mingtang.core.trading.deposits.state import Kept, RefundStep, State, require_reason
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class OrderPayout:
    """转付: all of what was kept at once (`kept`: its number) to whom it is for."""

    kept: int
    to_account: str
    to_name: str
    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApprovePayout:
    """复核通过: by another person than who ordered it."""

    number: int
    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeclinePayout:
    """复核退回: the money is here again, and it may be ordered anew."""

    number: int
    reason: str
    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SendPayout:
    """送银行: from here on it must not be sent in another batch."""

    number: int
    batch: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConfirmPayout:
    """转付到账: the bank booked it out."""

    number: int
    booked: datetime
    serial: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportPayoutFailure:
    """转付未成: the money is here again, and it may be ordered anew."""

    number: int
    reason: str  # as the bank says it
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PayoutOrdered:
    kind: ClassVar[str] = "deposit.payout-ordered.v1"
    number: int  # counts the payouts, from 1
    kept: int  # of what was kept
    forfeited: bool
    amount_fen: Sealed
    to_account: Sealed
    to_name: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PayoutApproved:
    kind: ClassVar[str] = "deposit.payout-approved.v1"
    number: int
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PayoutDeclined:
    kind: ClassVar[str] = "deposit.payout-declined.v1"
    number: int
    forfeited: bool
    amount_fen: Sealed
    reason: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PayoutSent:
    kind: ClassVar[str] = "deposit.payout-sent.v1"
    number: int
    batch: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PayoutPaid:
    kind: ClassVar[str] = "deposit.payout-paid.v1"
    number: int
    amount_fen: Sealed
    booked: Sealed
    serial: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PayoutFailed:
    kind: ClassVar[str] = "deposit.payout-failed.v1"
    number: int
    forfeited: bool
    amount_fen: Sealed
    reason: Sealed
    at: datetime


def order(state: State, command: OrderPayout) -> Sequence[PayoutOrdered]:
    """Refusals: deposit.not-treasurer, deposit.no-such-kept, deposit.payout-ordered-already,
    deposit.payee-missing, deposit.too-long (facts: limit)."""
    require(command.may_manage, "deposit.not-treasurer")
    require(0 < command.kept <= len(state.kept), "deposit.no-such-kept")
    kept = state.kept[command.kept - 1]
    require(kept.waiting, "deposit.payout-ordered-already")
    payee = (command.to_account.strip(), command.to_name.strip())
    require(all(payee), "deposit.payee-missing")
    require(max(map(len, payee)) <= LONGEST, "deposit.too-long", limit=LONGEST)
    account, name = payee
    return [
        PayoutOrdered(
            number=len(state.payouts) + 1,
            kept=command.kept,
            forfeited=kept.forfeited,
            amount_fen=sealed_fen(kept.amount_fen),
            to_account=Sealed(account),
            to_name=Sealed(name),
            by=command.by,
            at=command.at,
        )
    ]


def approve(state: State, command: ApprovePayout) -> Sequence[PayoutApproved]:
    """Refusals: see `_checked`."""
    _checked(state, command)
    return [PayoutApproved(number=command.number, by=command.by, at=command.at)]


def decline(state: State, command: DeclinePayout) -> Sequence[PayoutDeclined]:
    """Refusals: see `_checked`; deposit.reason-missing, deposit.too-long (facts: limit)."""
    kept = _checked(state, command)
    require_reason(command.reason)
    return [
        PayoutDeclined(
            number=command.number,
            forfeited=kept.forfeited,
            amount_fen=sealed_fen(kept.amount_fen),
            reason=Sealed(command.reason),
            by=command.by,
            at=command.at,
        )
    ]


def _checked(state: State, command: ApprovePayout | DeclinePayout) -> Kept:
    """Return what waits to be looked at by a second person.

    Refusals: deposit.not-treasurer, deposit.no-such-refund, deposit.refund-settled,
    deposit.payout-approved-already, deposit.own-payout.
    """
    require(command.may_manage, "deposit.not-treasurer")
    kept = _under_way(state, command.number)
    waits = kept.step is RefundStep.ORDERED and not kept.approved
    require(waits, "deposit.payout-approved-already")
    require(command.by != kept.ordered_by, "deposit.own-payout")
    return kept


def send(state: State, command: SendPayout) -> Sequence[PayoutSent]:
    """Refusals: deposit.no-such-refund, deposit.refund-settled, deposit.refund-already-sent,
    deposit.payout-not-approved."""
    kept = _under_way(state, command.number)
    require(kept.step is RefundStep.ORDERED, "deposit.refund-already-sent")
    require(kept.approved, "deposit.payout-not-approved")
    batch = Sealed(command.batch)
    return [PayoutSent(number=command.number, batch=batch, by=command.by, at=command.at)]


def confirm(state: State, command: ConfirmPayout) -> Sequence[PayoutPaid]:
    """Refusals: deposit.no-such-refund, deposit.refund-settled."""
    kept = _under_way(state, command.number)
    return [
        PayoutPaid(
            number=command.number,
            amount_fen=sealed_fen(kept.amount_fen),
            booked=sealed_moment(command.booked),
            serial=Sealed(command.serial),
            at=command.at,
        )
    ]


def report_failure(state: State, command: ReportPayoutFailure) -> Sequence[PayoutFailed]:
    """Refusals: deposit.no-such-refund, deposit.refund-settled."""
    kept = _under_way(state, command.number)
    return [
        PayoutFailed(
            number=command.number,
            forfeited=kept.forfeited,
            amount_fen=sealed_fen(kept.amount_fen),
            reason=Sealed(command.reason[:LONGEST]),
            at=command.at,
        )
    ]


def _under_way(state: State, number: int) -> Kept:
    """Return what a payout pays on, while it is its newest and not settled."""
    require(0 < number <= len(state.payouts), "deposit.no-such-refund")
    place = state.payouts[number - 1]
    newest = place not in state.payouts[number:]
    kept = state.kept[place - 1]
    require(newest and kept.under_way, "deposit.refund-settled")
    return kept


def ordered(state: State, event: PayoutOrdered) -> State:
    paying = replace(state, payouts=(*state.payouts, event.kept))
    step = RefundStep.ORDERED
    return _changed(paying, event.number, step=step, ordered_by=event.by, approved=False)


def approved(state: State, event: PayoutApproved) -> State:
    return _changed(state, event.number, approved=True)


def sent(state: State, event: PayoutSent) -> State:
    return _changed(state, event.number, step=RefundStep.SENT)


def paid(state: State, event: PayoutPaid) -> State:
    return _changed(state, event.number, step=RefundStep.PAID)


def failed(state: State, event: PayoutFailed | PayoutDeclined) -> State:
    return _changed(state, event.number, step=RefundStep.FAILED)


def order_postings(event: PayoutOrdered) -> tuple[Posting, ...]:
    account = account_of(forfeited=event.forfeited)
    return move(fen_of(event.amount_fen), debit=account, credit=Account.PAYABLE)


def failure_postings(event: PayoutFailed | PayoutDeclined) -> tuple[Posting, ...]:
    account = account_of(forfeited=event.forfeited)
    return move(fen_of(event.amount_fen), debit=Account.PAYABLE, credit=account)


def _changed(state: State, number: int, **changed: Any) -> State:
    kept, place = list(state.kept), state.payouts[number - 1] - 1
    kept[place] = replace(kept[place], **changed)
    return replace(state, kept=tuple(kept))
