"""A deposit (保证金): the sub-account of one application, from opening to closing.

    opened ──arrive──▶ short ──arrive──▶ paid ──┬─order refund─▶ refunding ──paid──▶ settled
                         (late or too much:     ├─forfeit──▶ kept ──pay out, paid──▶   │
                          surplus, to go back)  └─transfer─▶   │                    closed

The stream is named after the application. Amounts, payers, accounts and deadlines are sealed:
the log shows neither who pays nor for what. In events, amounts are fen in decimal, moments
ISO 8601. Read account, arriving, refunding, keeping, payouts in this order: each holds what may
be asked, what may have happened, what we decide, what changes, what moves in the books.
Sources: 招标投标法实施条例 arts. 26, 57; 法释〔2016〕18号 arts. 17, 23-25.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mingtang.core.decider import Decider, require
from mingtang.core.trading.banking import Account, Posting, fen_of, move
from mingtang.core.trading.deposits import account, arriving, keeping, payouts, refunding
from mingtang.core.trading.deposits.account import (
    CloseSubAccount,
    OpenSubAccount,
    RegisterSubAccount,
    SubAccountClosed,
    SubAccountOpened,
    SubAccountRegistered,
)
from mingtang.core.trading.deposits.arriving import (
    BookArrival,
    DepositArrived,
    DepositDeadlineMoved,
    MoveDeadline,
)
from mingtang.core.trading.deposits.keeping import (
    DepositForfeited,
    DepositTransferred,
    Forfeit,
    Transfer,
)
from mingtang.core.trading.deposits.payouts import (
    ApprovePayout,
    ConfirmPayout,
    DeclinePayout,
    OrderPayout,
    PayoutApproved,
    PayoutDeclined,
    PayoutFailed,
    PayoutOrdered,
    PayoutPaid,
    PayoutSent,
    ReportPayoutFailure,
    SendPayout,
)
from mingtang.core.trading.deposits.refunding import (
    ConfirmRefund,
    OrderRefund,
    RefundFailed,
    RefundOrdered,
    RefundPaid,
    RefundSent,
    ReportRefundFailure,
    SendRefund,
)
from mingtang.core.trading.deposits.state import (
    Arrival,
    Kept,
    Refund,
    RefundStep,
    State,
    Status,
    TransferTo,
)

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
    | ApprovePayout
    | DeclinePayout
    | SendPayout
    | ConfirmPayout
    | ReportPayoutFailure
    | CloseSubAccount
)
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
    | PayoutApproved
    | PayoutDeclined
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
    PayoutApproved,
    PayoutDeclined,
    PayoutSent,
    PayoutPaid,
    PayoutFailed,
    SubAccountClosed,
)


def _unmoved(_event: Event) -> tuple[Posting, ...]:
    return ()


def _paid(event: RefundPaid | PayoutPaid) -> tuple[Posting, ...]:
    return move(fen_of(event.amount_fen), debit=Account.PAYABLE, credit=Account.BANK)


_DECIDE: Mapping[type[Command], Callable[[State, Any], Sequence[Event]]] = {
    OpenSubAccount: account.open_account,
    RegisterSubAccount: account.register,
    MoveDeadline: arriving.move_deadline,
    BookArrival: arriving.book,
    OrderRefund: refunding.order,
    SendRefund: refunding.send,
    ConfirmRefund: refunding.confirm,
    ReportRefundFailure: refunding.report_failure,
    Forfeit: keeping.keep,
    Transfer: keeping.keep,
    OrderPayout: payouts.order,
    ApprovePayout: payouts.approve,
    DeclinePayout: payouts.decline,
    SendPayout: payouts.send,
    ConfirmPayout: payouts.confirm,
    ReportPayoutFailure: payouts.report_failure,
    CloseSubAccount: account.close,
}
_EVOLVE: Mapping[type[Event], Callable[[State, Any], State]] = {
    SubAccountOpened: account.opened,
    SubAccountRegistered: account.registered,
    DepositDeadlineMoved: arriving.deadline_moved,
    DepositArrived: arriving.arrived,
    RefundOrdered: refunding.ordered,
    RefundSent: refunding.sent,
    RefundPaid: refunding.paid,
    RefundFailed: refunding.failed,
    DepositForfeited: keeping.kept,
    DepositTransferred: keeping.kept,
    PayoutOrdered: payouts.ordered,
    PayoutApproved: payouts.approved,
    PayoutDeclined: payouts.failed,
    PayoutSent: payouts.sent,
    PayoutPaid: payouts.paid,
    PayoutFailed: payouts.failed,
    SubAccountClosed: account.closed,
}
_POSTINGS: Mapping[type[Event], Callable[[Any], tuple[Posting, ...]]] = {
    SubAccountOpened: _unmoved,
    SubAccountRegistered: _unmoved,
    DepositDeadlineMoved: arriving.counting_postings,
    DepositArrived: arriving.arrival_postings,
    RefundOrdered: refunding.order_postings,
    RefundSent: _unmoved,
    RefundPaid: _paid,
    RefundFailed: refunding.failure_postings,
    DepositForfeited: keeping.keeping_postings,
    DepositTransferred: keeping.keeping_postings,
    PayoutOrdered: payouts.order_postings,
    PayoutApproved: _unmoved,
    PayoutDeclined: payouts.failure_postings,
    PayoutSent: _unmoved,
    PayoutPaid: _paid,
    PayoutFailed: payouts.failure_postings,
    SubAccountClosed: _unmoved,
}


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: deposit.not-open, deposit.closed, and what stands with each rule.
    """
    if not isinstance(command, OpenSubAccount):
        require(state.account != "", "deposit.not-open")
        require(not state.closed, "deposit.closed")
    return _DECIDE[type(command)](state, command)


def evolve(state: State, event: Event) -> State:
    return _EVOLVE[type(event)](state, event)


def postings(event: Event) -> tuple[Posting, ...]:
    """Return what an event moves between accounts (分录): always zero in sum."""
    return _POSTINGS[type(event)](event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = [
    "DECIDER",
    "EVENTS",
    "ApprovePayout",
    "Arrival",
    "BookArrival",
    "CloseSubAccount",
    "Command",
    "ConfirmPayout",
    "ConfirmRefund",
    "DeclinePayout",
    "DepositArrived",
    "DepositDeadlineMoved",
    "DepositForfeited",
    "DepositTransferred",
    "Event",
    "Forfeit",
    "Kept",
    "MoveDeadline",
    "OpenSubAccount",
    "OrderPayout",
    "OrderRefund",
    "PayoutApproved",
    "PayoutDeclined",
    "PayoutFailed",
    "PayoutOrdered",
    "PayoutPaid",
    "PayoutSent",
    "Refund",
    "RefundFailed",
    "RefundOrdered",
    "RefundPaid",
    "RefundSent",
    "RefundStep",
    "RegisterSubAccount",
    "ReportPayoutFailure",
    "ReportRefundFailure",
    "SendPayout",
    "SendRefund",
    "State",
    "Status",
    "SubAccountClosed",
    "SubAccountOpened",
    "SubAccountRegistered",
    "Transfer",
    "TransferTo",
    "decide",
    "evolve",
    "postings",
]
