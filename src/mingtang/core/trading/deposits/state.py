"""Where the money of a sub-account stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mingtang.core.decider import require
from mingtang.core.trading.banking import LONGEST, same_name


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
    ordered_by: str = ""  # this and what follows: of its newest payout
    approved: bool = False

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


def moved(state: State, number: int, held: int, surplus: int, counted: int) -> State:
    """Add to what an arrival still holds, has over, and counts for."""
    arrivals = list(state.arrivals)
    arrival = arrivals[number - 1]
    arrivals[number - 1] = replace(
        arrival,
        counted_fen=arrival.counted_fen + counted,
        held_fen=arrival.held_fen + held,
        surplus_fen=arrival.surplus_fen + surplus,
    )
    return replace(state, arrivals=tuple(arrivals))


def require_reason(reason: str) -> None:
    require(reason.strip() != "", "deposit.reason-missing")
    require(len(reason) <= LONGEST, "deposit.too-long", limit=LONGEST)
