"""A deposit (保证金): the sub-account of one application, from opening to closing.

    opened ──arrive──▶ short ──arrive──▶ paid ──┬─order refund─▶ refunding ──paid──▶ settled
                         (late or too much:     ├─forfeit──▶ kept ──pay out, paid──▶   │
                          surplus, to go back)  └─transfer─▶   │                    closed

What is kept (forfeited, or a winner's that goes into the price) is not the centre's: it is paid
on to the seller or the court, in time (法释〔2016〕18号 art. 25).

The stream is named after the application. Amounts, payers, accounts and deadlines are sealed:
the log shows neither who pays nor for what. Money counts by the moment the bank booked it
(入账时间) against the deadline, so the order in which a bank tells of it changes nothing. What
is late or beyond the amount due goes back, as everything does, to the account it came from.
Sources: 招标投标法实施条例 arts. 26, 57; 法释〔2016〕18号 arts. 17, 23-25.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, Refused, require
from mingtang.core.trading.banking import (
    LONGEST,
    Account,
    Booking,
    Posting,
    fen_of,
    moment_of,
    move,
    same_name,
    sealed_fen,
    sealed_moment,
    yuan_text,
)
from mingtang.core.wire import Sealed


class TransferTo(StrEnum):
    """What becomes of the winner's deposit."""

    PRICE = "price"  # 转作价款
    SELLER = "seller"  # 转给委托方
    COURT = "court"  # 划付法院


class RefundStep(StrEnum):
    ORDERED = "ordered"
    SENT = "sent"  # the bank has been told
    PAID = "paid"
    FAILED = "failed"  # came back: it may be ordered anew


class Status(StrEnum):
    AWAITED = "awaited"  # nothing in time has come
    SHORT = "short"  # not all of it yet
    PAID = "paid"  # 足额
    REFUNDING = "refunding"
    KEPT = "kept"  # 待转付: forfeited or a winner's, the bank has not paid it on yet
    SETTLED = "settled"  # nothing of it is here any more
    CLOSED = "closed"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OpenSubAccount:
    """开立子账号: one for each application, its number used once and never again."""

    account: str
    due_fen: int
    deadline: datetime
    payer_name: str  # who is expected to pay
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RegisterSubAccount:
    """The bank has opened it: from now on it takes money."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class MoveDeadline:
    """顺延交纳截止时间: what was late may be in time now. `by`: whoever moved the lot's."""

    deadline: datetime
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BookArrival:
    """入账."""

    booking: Booking
    at: datetime


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
class Forfeit:
    """不予退还. `due_at`: until when it is to be paid on (转付期限)."""

    amount_fen: int
    to: TransferTo
    reason: str
    due_at: datetime
    ended: bool
    founded: bool  # looked up: this bidder defaulted, or was barred
    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """转出: the winner's deposit goes into the price, to the seller or to the court."""

    amount_fen: int
    to: TransferTo
    reason: str
    due_at: datetime
    ended: bool
    founded: bool  # looked up: this bidder won
    may_manage: bool
    by: str
    at: datetime


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
class CloseSubAccount:
    """销户: nothing is left on it."""

    may_manage: bool
    by: str
    at: datetime


Command = (
    OpenSubAccount
    | RegisterSubAccount
    | MoveDeadline
    | BookArrival
    | OrderRefund
    | SendRefund
    | ConfirmRefund
    | ReportRefundFailure
    | Forfeit
    | Transfer
    | OrderPayout
    | SendPayout
    | ConfirmPayout
    | ReportPayoutFailure
    | CloseSubAccount
)

# ── Events: amounts are fen in decimal, moments ISO 8601 ────────────────────


@dataclass(frozen=True, kw_only=True)
class SubAccountOpened:
    kind: ClassVar[str] = "deposit.opened.v1"
    account: Sealed
    due_fen: Sealed
    deadline: Sealed  # the last moment in time
    payer_name: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SubAccountRegistered:
    kind: ClassVar[str] = "deposit.registered.v1"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositDeadlineMoved:
    kind: ClassVar[str] = "deposit.deadline-moved.v1"
    deadline: Sealed
    counted_fen: Sealed  # of what had been late, in time now
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


@dataclass(frozen=True, kw_only=True)
class DepositForfeited:
    kind: ClassVar[str] = "deposit.forfeited.v1"
    number: int  # counts what is kept, from 1
    amount_fen: Sealed
    to: Sealed  # of TransferTo
    reason: Sealed
    due_at: Sealed  # until when it is to be paid on
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositTransferred:
    kind: ClassVar[str] = "deposit.transferred.v1"
    number: int  # counts what is kept, from 1
    amount_fen: Sealed
    to: Sealed  # of TransferTo
    reason: Sealed
    due_at: Sealed  # until when it is to be paid on
    by: str
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


@dataclass(frozen=True, kw_only=True)
class SubAccountClosed:
    kind: ClassVar[str] = "deposit.closed.v1"
    by: str
    at: datetime


Event = (
    SubAccountOpened
    | SubAccountRegistered
    | DepositDeadlineMoved
    | DepositArrived
    | RefundOrdered
    | RefundSent
    | RefundPaid
    | RefundFailed
    | DepositForfeited
    | DepositTransferred
    | PayoutOrdered
    | PayoutSent
    | PayoutPaid
    | PayoutFailed
    | SubAccountClosed
)
EVENTS = (
    SubAccountOpened,
    SubAccountRegistered,
    DepositDeadlineMoved,
    DepositArrived,
    RefundOrdered,
    RefundSent,
    RefundPaid,
    RefundFailed,
    DepositForfeited,
    DepositTransferred,
    PayoutOrdered,
    PayoutSent,
    PayoutPaid,
    PayoutFailed,
    SubAccountClosed,
)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Arrival:
    """One booking, and what of it is still here."""

    key: str
    booked: datetime | None  # None: erased
    payer_account: str
    payer_name: str
    amount_fen: int
    counted_fen: int  # in time, within what is due, not sent back before the end
    held_fen: int  # of that, still held
    surplus_fen: int  # of the rest, not yet ordered back


@dataclass(frozen=True)
class Refund:
    arrival: int
    held_fen: int
    surplus_fen: int
    uncounted: bool  # went back before the end, so it does not count as paid
    step: RefundStep

    @property
    def amount_fen(self) -> int:
        return self.held_fen + self.surplus_fen

    @property
    def under_way(self) -> bool:
        return self.step in (RefundStep.ORDERED, RefundStep.SENT)


@dataclass(frozen=True)
class Kept:
    """What was kept of a deposit, and is to be paid on."""

    amount_fen: int
    forfeited: bool
    step: RefundStep | None = None  # of its newest payout; None: none is ordered

    @property
    def waiting(self) -> bool:
        """Whether somebody has to order its payout."""
        return self.step in (None, RefundStep.FAILED)

    @property
    def under_way(self) -> bool:
        return self.step in (RefundStep.ORDERED, RefundStep.SENT)


@dataclass(frozen=True)
class State:
    account: str = ""  # empty: never opened
    due_fen: int = 0
    deadline: datetime | None = None
    payer_name: str = ""
    registered: bool = False
    arrivals: tuple[Arrival, ...] = ()
    refunds: tuple[Refund, ...] = ()
    kept: tuple[Kept, ...] = ()
    payouts: tuple[int, ...] = ()  # of each payout, what was kept that it pays on
    ended: bool = False  # what was held may go
    closed: bool = False

    @property
    def arrived_fen(self) -> int:
        return sum(arrival.amount_fen for arrival in self.arrivals)

    @property
    def counted_fen(self) -> int:
        """What came in time, as far as it was due, whatever became of it."""
        return sum(arrival.counted_fen for arrival in self.arrivals)

    @property
    def held_fen(self) -> int:
        return sum(arrival.held_fen for arrival in self.arrivals)

    @property
    def surplus_fen(self) -> int:
        return sum(arrival.surplus_fen for arrival in self.arrivals)

    @property
    def refunding_fen(self) -> int:
        return sum(refund.amount_fen for refund in self.refunds if refund.under_way)

    @property
    def payable_fen(self) -> int:
        """What is ordered, back or on, and the bank has not paid yet."""
        return self.refunding_fen + sum(k.amount_fen for k in self.kept if k.under_way)

    @property
    def forfeited_fen(self) -> int:
        """What was forfeited, whatever became of it since."""
        return sum(kept.amount_fen for kept in self.kept if kept.forfeited)

    @property
    def transferred_fen(self) -> int:
        """What went into the price or to the court, whatever became of it since."""
        return sum(kept.amount_fen for kept in self.kept if not kept.forfeited)

    def waiting_fen(self, *, forfeited: bool) -> int:
        """What is kept so, and its payout not ordered."""
        waiting = (k for k in self.kept if k.waiting and k.forfeited is forfeited)
        return sum(kept.amount_fen for kept in waiting)

    @property
    def paid_out_fen(self) -> int:
        return sum(kept.amount_fen for kept in self.kept if kept.step is RefundStep.PAID)

    @property
    def refunded_fen(self) -> int:
        paid = (r for r in self.refunds if r.step is RefundStep.PAID)
        return sum(refund.amount_fen for refund in paid)

    @property
    def paid_on_time(self) -> bool:
        """按时足额: what was due had been booked by the deadline. It stays so after the end."""
        return self.account != "" and self.counted_fen >= self.due_fen

    @property
    def payer_differs(self) -> bool:
        """Whether anything came from somebody else than was expected (来款户名不一致)."""
        return any(not same_name(a.payer_name, self.payer_name) for a in self.arrivals)

    @property
    def status(self) -> Status:
        if self.closed:
            return Status.CLOSED
        if self.refunding_fen:
            return Status.REFUNDING
        if self.kept and self.paid_out_fen < self.forfeited_fen + self.transferred_fen:
            return Status.KEPT
        if self.arrivals and not self.held_fen and not self.surplus_fen:
            return Status.SETTLED
        if self.held_fen and self.paid_on_time:
            return Status.PAID
        return Status.SHORT if self.held_fen else Status.AWAITED

    def late(self, arrival: Arrival) -> bool:
        """Whether the bank booked it after the deadline. At the deadline is in time."""
        if arrival.booked is None or self.deadline is None:
            return False
        return arrival.booked > self.deadline


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: deposit.already-open, deposit.account-missing, deposit.amount-wrong,
    deposit.not-open, deposit.closed, deposit.already-registered, deposit.deadline-not-later,
    deposit.booking-wrong, deposit.already-booked (facts: number), deposit.not-treasurer,
    deposit.reason-missing, deposit.too-long (facts: limit), deposit.not-ended,
    deposit.nothing-to-refund, deposit.not-so-much (facts: most, in yuan),
    deposit.no-such-refund, deposit.refund-already-sent, deposit.refund-settled,
    deposit.not-founded, deposit.no-such-kept, deposit.payout-ordered-already,
    deposit.payee-missing, deposit.not-empty.
    """
    if isinstance(command, OpenSubAccount):
        return [_open(state, command)]
    require(state.account != "", "deposit.not-open")
    require(not state.closed, "deposit.closed")
    match command:
        case RegisterSubAccount():
            require(not state.registered, "deposit.already-registered")
            return [SubAccountRegistered(at=command.at)]
        case MoveDeadline():
            return [_move_deadline(state, command)]
        case BookArrival():
            return [_book(state, command)]
        case OrderRefund():
            return _order_refund(state, command)
        case SendRefund() | ConfirmRefund() | ReportRefundFailure():
            return [_follow_refund(state, command)]
        case Forfeit() | Transfer():
            return [_keep(state, command)]
        case OrderPayout():
            return [_order_payout(state, command)]
        case SendPayout() | ConfirmPayout() | ReportPayoutFailure():
            return [_follow_payout(state, command)]
        case CloseSubAccount():
            require(command.may_manage, "deposit.not-treasurer")
            kept = sum(one.amount_fen for one in state.kept if one.waiting)
            left = state.held_fen + state.surplus_fen + state.payable_fen + kept
            require(left == 0, "deposit.not-empty")
            return [SubAccountClosed(by=command.by, at=command.at)]
        case _:
            assert_never(command)


def _open(state: State, command: OpenSubAccount) -> SubAccountOpened:
    require(state.account == "", "deposit.already-open")
    require(command.account.strip() != "", "deposit.account-missing")
    require(command.due_fen > 0, "deposit.amount-wrong")
    return SubAccountOpened(
        account=Sealed(command.account),
        due_fen=sealed_fen(command.due_fen),
        deadline=sealed_moment(command.deadline),
        payer_name=Sealed(command.payer_name),
        at=command.at,
    )


def _move_deadline(state: State, command: MoveDeadline) -> DepositDeadlineMoved:
    later = state.deadline is None or command.deadline > state.deadline
    require(later, "deposit.deadline-not-later")
    again = sum(a.counted_fen for a in _recounted(state, command.deadline)) - state.counted_fen
    return DepositDeadlineMoved(
        deadline=sealed_moment(command.deadline),
        counted_fen=sealed_fen(again),
        by=command.by,
        at=command.at,
    )


def _book(state: State, command: BookArrival) -> DepositArrived:
    booking = command.booking
    require(booking.fits, "deposit.booking-wrong")
    for number, known in enumerate(state.arrivals, 1):
        require(known.key != booking.key, "deposit.already-booked", number=number)
    in_time = state.deadline is None or booking.booked <= state.deadline
    counted = min(booking.amount_fen, state.due_fen - state.counted_fen) if in_time else 0
    return DepositArrived(
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


def _order_refund(state: State, command: OrderRefund) -> Sequence[RefundOrdered]:
    """Split what goes back over the accounts it came from: surplus first, then what was held."""
    require(command.may_manage, "deposit.not-treasurer")
    _require_reason(command.reason)
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


def _follow_refund(
    state: State, command: SendRefund | ConfirmRefund | ReportRefundFailure
) -> RefundSent | RefundPaid | RefundFailed:
    if not 0 < command.number <= len(state.refunds):
        raise Refused("deposit.no-such-refund")
    refund = state.refunds[command.number - 1]
    require(refund.under_way, "deposit.refund-settled")
    match command:
        case SendRefund():
            require(refund.step is RefundStep.ORDERED, "deposit.refund-already-sent")
            return RefundSent(
                number=command.number,
                batch=Sealed(command.batch),
                by=command.by,
                at=command.at,
            )
        case ConfirmRefund():
            return RefundPaid(
                number=command.number,
                amount_fen=sealed_fen(refund.amount_fen),
                booked=sealed_moment(command.booked),
                serial=Sealed(command.serial),
                at=command.at,
            )
        case ReportRefundFailure():
            # What stopped counting may have been paid anew since: it counts again if it fits.
            room = state.due_fen - state.counted_fen if refund.uncounted else refund.held_fen
            held = min(refund.held_fen, room)
            return RefundFailed(
                number=command.number,
                held_fen=sealed_fen(held),
                surplus_fen=sealed_fen(refund.amount_fen - held),
                reason=Sealed(command.reason[:LONGEST]),
                at=command.at,
            )
        case _:
            assert_never(command)


def _keep(state: State, command: Forfeit | Transfer) -> DepositForfeited | DepositTransferred:
    require(command.may_manage, "deposit.not-treasurer")
    _require_reason(command.reason)
    require(command.ended, "deposit.not-ended")
    require(command.founded, "deposit.not-founded")
    require(command.amount_fen > 0, "deposit.amount-wrong")
    most = state.held_fen
    require(command.amount_fen <= most, "deposit.not-so-much", most=yuan_text(most))
    make = DepositForfeited if isinstance(command, Forfeit) else DepositTransferred
    return make(
        number=len(state.kept) + 1,
        amount_fen=sealed_fen(command.amount_fen),
        to=Sealed(command.to.value),
        reason=Sealed(command.reason),
        due_at=sealed_moment(command.due_at),
        by=command.by,
        at=command.at,
    )


def _order_payout(state: State, command: OrderPayout) -> PayoutOrdered:
    require(command.may_manage, "deposit.not-treasurer")
    require(0 < command.kept <= len(state.kept), "deposit.no-such-kept")
    kept = state.kept[command.kept - 1]
    require(kept.waiting, "deposit.payout-ordered-already")
    payee = (command.to_account.strip(), command.to_name.strip())
    require(all(payee), "deposit.payee-missing")
    require(max(map(len, payee)) <= LONGEST, "deposit.too-long", limit=LONGEST)
    account, name = payee
    return PayoutOrdered(
        number=len(state.payouts) + 1,
        kept=command.kept,
        forfeited=kept.forfeited,
        amount_fen=sealed_fen(kept.amount_fen),
        to_account=Sealed(account),
        to_name=Sealed(name),
        by=command.by,
        at=command.at,
    )


def _follow_payout(
    state: State, command: SendPayout | ConfirmPayout | ReportPayoutFailure
) -> PayoutSent | PayoutPaid | PayoutFailed:
    require(0 < command.number <= len(state.payouts), "deposit.no-such-refund")
    place = state.payouts[command.number - 1]
    newest = place not in state.payouts[command.number :]
    kept = state.kept[place - 1]
    require(newest and kept.under_way, "deposit.refund-settled")
    match command:
        case SendPayout():
            require(kept.step is RefundStep.ORDERED, "deposit.refund-already-sent")
            batch = Sealed(command.batch)
            return PayoutSent(number=command.number, batch=batch, by=command.by, at=command.at)
        case ConfirmPayout():
            return PayoutPaid(
                number=command.number,
                amount_fen=sealed_fen(kept.amount_fen),
                booked=sealed_moment(command.booked),
                serial=Sealed(command.serial),
                at=command.at,
            )
        case ReportPayoutFailure():
            return PayoutFailed(
                number=command.number,
                forfeited=kept.forfeited,
                amount_fen=sealed_fen(kept.amount_fen),
                reason=Sealed(command.reason[:LONGEST]),
                at=command.at,
            )
        case _:
            assert_never(command)


def _require_reason(reason: str) -> None:
    require(reason.strip() != "", "deposit.reason-missing")
    require(len(reason) <= LONGEST, "deposit.too-long", limit=LONGEST)


def evolve(state: State, event: Event) -> State:
    match event:
        case SubAccountOpened():
            return replace(
                state,
                account=event.account,
                due_fen=fen_of(event.due_fen),
                deadline=moment_of(event.deadline),
                payer_name=event.payer_name,
            )
        case SubAccountRegistered():
            return replace(state, registered=True)
        case DepositDeadlineMoved():
            deadline = moment_of(event.deadline)
            return replace(state, deadline=deadline, arrivals=_recounted(state, deadline))
        case DepositArrived():
            return replace(state, arrivals=(*state.arrivals, _arrival(event)))
        case RefundOrdered():
            held, surplus = fen_of(event.held_fen), fen_of(event.surplus_fen)
            ended = state.ended or event.ended
            refund = Refund(event.arrival, held, surplus, not ended, RefundStep.ORDERED)
            return replace(
                _moved(state, event.arrival, -held, -surplus, 0 if ended else -held),
                refunds=(*state.refunds, refund),
                ended=ended,
            )
        case RefundSent():
            return _stepped(state, event.number, RefundStep.SENT)
        case RefundPaid():
            return _stepped(state, event.number, RefundStep.PAID)
        case RefundFailed():
            refund = state.refunds[event.number - 1]
            held, surplus = fen_of(event.held_fen), fen_of(event.surplus_fen)
            counted = held if refund.uncounted else 0
            back = _moved(state, refund.arrival, held, surplus, counted)
            return _stepped(back, event.number, RefundStep.FAILED)
        case DepositForfeited() | DepositTransferred():
            kept = Kept(fen_of(event.amount_fen), isinstance(event, DepositForfeited))
            after = replace(state, kept=(*state.kept, kept), ended=True)
            return _less_held(after, kept.amount_fen)
        case PayoutOrdered():
            ordered = replace(state, payouts=(*state.payouts, event.kept))
            return _paying(ordered, event.number, RefundStep.ORDERED)
        case PayoutSent():
            return _paying(state, event.number, RefundStep.SENT)
        case PayoutPaid():
            return _paying(state, event.number, RefundStep.PAID)
        case PayoutFailed():
            return _paying(state, event.number, RefundStep.FAILED)
        case SubAccountClosed():
            return replace(state, closed=True)
        case _:
            assert_never(event)


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


def _moved(state: State, number: int, held: int, surplus: int, counted: int) -> State:
    arrivals = list(state.arrivals)
    arrival = arrivals[number - 1]
    arrivals[number - 1] = replace(
        arrival,
        counted_fen=arrival.counted_fen + counted,
        held_fen=arrival.held_fen + held,
        surplus_fen=arrival.surplus_fen + surplus,
    )
    return replace(state, arrivals=tuple(arrivals))


def _less_held(state: State, amount: int) -> State:
    """Take what is kept from the arrivals in their order."""
    for number, arrival in enumerate(state.arrivals, 1):
        taken = min(arrival.held_fen, amount)
        amount -= taken
        state = _moved(state, number, -taken, 0, 0)
    return state


def _stepped(state: State, number: int, step: RefundStep) -> State:
    refunds = list(state.refunds)
    refunds[number - 1] = replace(refunds[number - 1], step=step)
    return replace(state, refunds=tuple(refunds))


def _paying(state: State, number: int, step: RefundStep) -> State:
    kept, place = list(state.kept), state.payouts[number - 1] - 1
    kept[place] = replace(kept[place], step=step)
    return replace(state, kept=tuple(kept))


# ── The books ───────────────────────────────────────────────────────────────


def postings(event: Event) -> tuple[Posting, ...]:
    """Return what an event moves between accounts (分录): always zero in sum."""
    match event:
        case DepositArrived():
            amount, counted = fen_of(event.amount_fen), fen_of(event.counted_fen)
            return (
                Posting(Account.BANK, amount),
                Posting(Account.HELD, -counted),
                Posting(Account.SURPLUS, counted - amount),
            )
        case DepositDeadlineMoved():
            counted = fen_of(event.counted_fen)
            return move(counted, debit=Account.SURPLUS, credit=Account.HELD)
        case RefundOrdered():
            return _ordered(fen_of(event.held_fen), fen_of(event.surplus_fen))
        case RefundFailed():
            return _ordered(-fen_of(event.held_fen), -fen_of(event.surplus_fen))
        case RefundPaid() | PayoutPaid():
            amount = fen_of(event.amount_fen)
            return move(amount, debit=Account.PAYABLE, credit=Account.BANK)
        case DepositForfeited():
            amount = fen_of(event.amount_fen)
            return move(amount, debit=Account.HELD, credit=Account.FORFEITED)
        case DepositTransferred():
            amount = fen_of(event.amount_fen)
            return move(amount, debit=Account.HELD, credit=Account.TRANSFERRED)
        case PayoutOrdered():
            amount, kept = fen_of(event.amount_fen), _account_of(event.forfeited)
            return move(amount, debit=kept, credit=Account.PAYABLE)
        case PayoutFailed():
            amount, kept = fen_of(event.amount_fen), _account_of(event.forfeited)
            return move(amount, debit=Account.PAYABLE, credit=kept)
        case SubAccountOpened() | SubAccountRegistered() | SubAccountClosed():
            return ()
        case RefundSent() | PayoutSent():
            return ()
        case _:
            assert_never(event)


def _account_of(forfeited: bool) -> Account:
    return Account.FORFEITED if forfeited else Account.TRANSFERRED


def _ordered(held: int, surplus: int) -> tuple[Posting, ...]:
    return (
        Posting(Account.HELD, held),
        Posting(Account.SURPLUS, surplus),
        Posting(Account.PAYABLE, -held - surplus),
    )


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
