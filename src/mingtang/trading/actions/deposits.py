"""What is done with deposits (保证金): sub-accounts, arrivals, refunds, what is kept.

`at` is the moment, given by the face. Acts of a person name who does it in `by`; the
installation itself acts as SYSTEM. `once` is the form's idempotency key.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from secrets import randbelow, token_hex
from typing import Any

from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.trading import deposits, strays
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.deposits import TransferTo
from mingtang.ledger.enact import Outcome, enact, enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people
from mingtang.trading.ports.bank import bank
from mingtang.trading.projection import DEPOSIT, STRAY
from mingtang.trading.queries import deposits as queries

SYSTEM = "system"  # who acts when the installation itself does
DIGITS = 12  # random ones of an account number


class Told(StrEnum):
    """What the bank is answered that tells of money."""

    BOOKED = "00"
    KNOWN = "01"  # told before: it need not be told again


# ── Sub-accounts ────────────────────────────────────────────────────────────


def open_sub_account(
    application: str, due_fen: int, deadline: datetime, payer_name: str, at: datetime
) -> Receipt:
    """Open the sub-account of an application (开立子账号) under a number never used before.

    Done again for the same application it gives the first receipt.
    """

    def command() -> deposits.OpenSubAccount:
        return deposits.OpenSubAccount(
            account=_new_account(),
            due_fen=due_fen,
            deadline=deadline,
            payer_name=payer_name,
            at=at,
        )

    return enact_one(Order(DEPOSIT, application, command, f"deposit/{application}"))


def _new_account() -> str:
    prefix = bank().prefix
    while True:
        account = f"{prefix}{randbelow(10**DIGITS):0{DIGITS}}"
        if not queries.account_used(account):
            return account


def register_sub_account(*, application: str, at: datetime) -> Receipt:
    """Note that the bank has opened it."""
    return enact_one(Order(DEPOSIT, application, deposits.RegisterSubAccount(at=at)))


def move_deadline(*, application: str, deadline: datetime, by: str, at: datetime) -> Receipt:
    """Give more time to pay (顺延交纳截止时间), because the lot's time was moved."""
    command = deposits.MoveDeadline(deadline=deadline, by=by, at=at)
    return enact_one(Order(DEPOSIT, application, command))


def close_sub_account(*, application: str, by: str, at: datetime) -> Receipt:
    """Close a sub-account nothing is left on (销户)."""
    return enact_one(
        _managed(
            application,
            by,
            lambda may: deposits.CloseSubAccount(may_manage=may, by=by, at=at),
        )
    )


# ── Arrivals ────────────────────────────────────────────────────────────────


def book_arrival(*, account: str, booking: Booking, at: datetime) -> Told:
    """Book what the bank says arrived (入账), once.

    Money for an account there is not, or not any more, is recorded as stray: it is booked as
    well, to be returned. Raises Refused deposit.booking-wrong or stray.booking-wrong.
    """
    application = queries.application_of(account)
    try:
        if application:
            return _book(application, booking, at)
    except Refused as refused:
        if refused.code == "deposit.already-booked":
            return Told.KNOWN
        if refused.code != "deposit.closed":
            raise
    return _book_stray(account, booking, at)


def _book(application: str, booking: Booking, at: datetime) -> Told:
    def command() -> deposits.BookArrival:
        if queries.known_booking(booking.key):
            raise Refused("deposit.already-booked")
        return deposits.BookArrival(booking=booking, at=at)

    enact_one(Order(DEPOSIT, application, command))
    return Told.BOOKED


def _book_stray(account: str, booking: Booking, at: datetime) -> Told:
    def command() -> strays.BookStray:
        return strays.BookStray(
            booking=booking,
            account=account,
            known=queries.known_booking(booking.key),
            at=at,
        )

    try:
        enact_one(Order(STRAY, token_hex(10), command))
    except Refused as refused:
        if refused.code != "stray.already-booked":
            raise
        return Told.KNOWN
    return Told.BOOKED


# ── Refunds ─────────────────────────────────────────────────────────────────


def order_refund(
    *,
    application: str,
    amount_fen: int | None = None,
    reason: str,
    due_at: datetime,
    ended: bool = False,
    to_account: str = "",
    to_name: str = "",
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Order a refund (退还), of all that may go unless an amount is given.

    `ended`: the auction is over for this application, so what was paid in time may go, too.
    """
    return enact_one(
        _refund(
            application,
            amount_fen=amount_fen,
            reason=reason,
            due_at=due_at,
            ended=ended,
            to_account=to_account,
            to_name=to_name,
            by=by,
            at=at,
            once=once,
        )
    )


def order_refunds(
    *,
    applications: Sequence[str],
    reason: str,
    due_at: datetime,
    ended: bool = True,
    by: str = SYSTEM,
    at: datetime,
) -> list[Outcome]:
    """Order the refunds of many applications in one commit; each has its own outcome."""
    return enact(
        [
            _refund(application, reason=reason, due_at=due_at, ended=ended, by=by, at=at)
            for application in applications
        ]
    )


def _refund(
    application: str,
    *,
    by: str,
    once: str | None = None,
    amount_fen: int | None = None,
    **said: Any,
) -> Order:
    return _managed(
        application,
        by,
        lambda may: deposits.OrderRefund(amount_fen=amount_fen, may_manage=may, by=by, **said),
        once,
    )


def order_stray_return(
    *,
    key: str,
    reason: str,
    due_at: datetime,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Order stray money back to where it came from (退回不明来款)."""

    def command() -> strays.OrderStrayReturn:
        return strays.OrderStrayReturn(
            reason=reason, due_at=due_at, may_manage=_may_manage(by), by=by, at=at
        )

    return enact_one(Order(STRAY, key, command, once))


def send_payments(*, by: str, at: datetime, most: int) -> str:
    """Put up to `most` ordered payments into a batch of their own; return its name, or empty.

    They are recorded as sent before the bank hears of them, so that none can be paid twice: a
    batch the bank did not get is sent again under the same name.
    """
    batch = "B" + token_hex(6).upper()
    orders = [_sending(payment, batch, by, at) for payment in queries.payments_waiting()[:most]]
    outcomes = enact(orders) if orders else []
    return batch if any(isinstance(outcome, Receipt) for outcome in outcomes) else ""


def _sending(payment: queries.Payment, batch: str, by: str, at: datetime) -> Order:
    if payment.family == "stray":
        return Order(STRAY, payment.key, strays.SendStrayReturn(batch=batch, by=by, at=at))
    send = deposits.SendPayout if payment.family == "kept" else deposits.SendRefund
    return Order(DEPOSIT, payment.key, send(number=payment.number, batch=batch, by=by, at=at))


def confirm_payment(*, reference: str, booked: datetime, serial: str, at: datetime) -> Told:
    """Note that the bank paid what we ordered (到账). Raises Refused deposit.no-such-refund."""
    payment = _payment(reference)
    command: Any
    if payment.family == "stray":
        command = strays.ConfirmStrayReturn(booked=booked, serial=serial, at=at)
        return _told(Order(STRAY, payment.key, command))
    confirm = deposits.ConfirmPayout if payment.family == "kept" else deposits.ConfirmRefund
    command = confirm(number=payment.number, booked=booked, serial=serial, at=at)
    return _told(Order(DEPOSIT, payment.key, command))


def report_payment_failure(*, reference: str, reason: str, at: datetime) -> Told:
    """Note that the bank could not pay what we ordered (付款未成): it may be ordered anew."""
    payment = _payment(reference)
    command: Any
    if payment.family == "stray":
        command = strays.ReportStrayReturnFailure(reason=reason, at=at)
        return _told(Order(STRAY, payment.key, command))
    kept = payment.family == "kept"
    report = deposits.ReportPayoutFailure if kept else deposits.ReportRefundFailure
    command = report(number=payment.number, reason=reason, at=at)
    return _told(Order(DEPOSIT, payment.key, command))


def _payment(reference: str) -> queries.Payment:
    payment = queries.payment(reference)
    if payment is None:
        raise Refused("deposit.no-such-refund")
    return payment


def _told(order: Order) -> Told:
    """Return whether the bank told us something new."""
    try:
        enact_one(order)
    except Refused as refused:
        if refused.code not in ("deposit.refund-settled", "stray.nothing-ordered"):
            raise
        return Told.KNOWN
    return Told.BOOKED


# ── What is kept, and paid on ────────────────────────────────────────────────────────────


def forfeit(
    *,
    application: str,
    amount_fen: int,
    to: TransferTo,
    reason: str,
    due_at: datetime,
    ended: bool,
    founded: bool,
    by: str = SYSTEM,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Keep a deposit (不予退还), e.g. of a winner who does not sign; `to`: who gets it."""
    return enact_one(
        _managed(
            application,
            by,
            lambda may: deposits.Forfeit(
                amount_fen=amount_fen,
                to=to,
                reason=reason,
                due_at=due_at,
                ended=ended,
                founded=founded,
                may_manage=may,
                by=by,
                at=at,
            ),
            once,
        )
    )


def transfer(
    *,
    application: str,
    amount_fen: int,
    to: TransferTo,
    reason: str,
    due_at: datetime,
    ended: bool,
    founded: bool,
    by: str = SYSTEM,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Let the winner's deposit go into the price, to the seller or to the court (转出)."""
    return enact_one(
        _managed(
            application,
            by,
            lambda may: deposits.Transfer(
                amount_fen=amount_fen,
                to=to,
                reason=reason,
                due_at=due_at,
                ended=ended,
                founded=founded,
                may_manage=may,
                by=by,
                at=at,
            ),
            once,
        )
    )


def order_payout(
    *,
    application: str,
    kept: int,
    to_account: str,
    to_name: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Order what was kept to be paid on (转付); `kept`: its number on this sub-account."""
    return enact_one(
        _managed(
            application,
            by,
            lambda may: deposits.OrderPayout(
                kept=kept, to_account=to_account, to_name=to_name, may_manage=may, by=by, at=at
            ),
            once,
        )
    )


def approve_payout(
    *, application: str, payout: int, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Let the bank be told to pay it (复核通过): by another person than who ordered it."""
    return enact_one(
        _managed(
            application,
            by,
            lambda may: deposits.ApprovePayout(number=payout, may_manage=may, by=by, at=at),
            once,
        )
    )


def decline_payout(
    *, application: str, payout: int, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Turn a payout down (复核退回): it may be ordered anew."""
    return enact_one(
        _managed(
            application,
            by,
            lambda may: deposits.DeclinePayout(
                number=payout, reason=reason, may_manage=may, by=by, at=at
            ),
            once,
        )
    )


def _managed(
    application: str,
    by: str,
    make: Callable[[bool], deposits.Command],
    once: str | None = None,
) -> Order:
    """Return the order of what only who manages deposits may do, looked up when its turn comes."""
    return Order(DEPOSIT, application, lambda: make(_may_manage(by)), once)


def _may_manage(person: str) -> bool:
    return person == SYSTEM or Power.DEPOSIT_MANAGE in people.actor(person).powers
