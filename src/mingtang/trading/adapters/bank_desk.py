"""The centre's side of the pushed protocol (银行接口，中心端): what it answers, what it asks."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from mingtang.core.decider import Refused
from mingtang.core.trading.banking import Account, yuan_text
from mingtang.trading.actions import deposits as actions
from mingtang.trading.actions.deposits import SYSTEM, Told
from mingtang.trading.adapters.bank_line import exchange
from mingtang.trading.adapters.bank_messages import (
    ROWS,
    Code,
    Message,
    Result,
    booking_of,
    fen,
    moment,
    moment_text,
)
from mingtang.trading.adapters.xml import Malformed
from mingtang.trading.ports.bank import bank
from mingtang.trading.queries import deposits as queries

log = logging.getLogger(__name__)
KEPT_OPEN = timedelta(days=30)  # after the deadline, for money that comes late


# ── What the bank asks ──────────────────────────────────────────────────────


def answer(message: Message, *, at: datetime | None = None) -> Message:
    """Answer a message of the bank, after what it tells is committed. Raises Malformed."""
    at = at or timezone.localtime()
    match message.code:
        case Code.LINK:
            return message.answer(Result.DONE)
        case Code.ARRIVAL:
            account, booking = booking_of(message.fields)
            try:
                told = actions.book_arrival(account=account, booking=booking, at=at)
            except Refused as refused:
                return message.answer(Result.REFUSED, refused.code)
            return message.answer(Result(told.value))
        case Code.REFUNDED:
            rows = [_heard_of(row, at) for row in message.rows]
            known = all(row["Result"] == Result.KNOWN for row in rows)
            return message.answer(Result.KNOWN if known else Result.DONE, rows=rows)
        case _:
            return message.answer(Result.UNKNOWN)


def answer_and_let_go(message: Message) -> Message:
    """Answer in a thread of its own, whose database connection goes with the answer."""
    try:
        return answer(message)
    finally:
        connection.close()


def _heard_of(row: Mapping[str, str], at: datetime) -> dict[str, str]:
    """Return whether we took note of one refund that was paid, or could not be."""
    reference = row.get("Reference", "")
    try:
        result = _settle(reference, row, at)
    except (Refused, Malformed) as problem:
        log.warning("refund %s: %s", reference, problem)
        result = Result.REFUSED
    return {"Reference": reference, "Result": result.value}


def _settle(reference: str, row: Mapping[str, str], at: datetime) -> Result:
    if row.get("Result") == Result.DONE:
        booked, serial = moment(row.get("PaidDate", "")), row.get("BankFLCode", "")
        told = actions.confirm_payment(reference=reference, booked=booked, serial=serial, at=at)
    else:
        reason = row.get("AddWord", "") or row.get("Result", "")
        told = actions.report_payment_failure(reference=reference, reason=reason, at=at)
    return Result.DONE if told is Told.BOOKED else Result.KNOWN


# ── What we ask of the bank ─────────────────────────────────────────────────


@dataclass(slots=True)
class Round:
    """What one round of dealings with the bank did."""

    opened: int = 0
    sent: int = 0
    settled: int = 0
    closed: int = 0


def deal(*, at: datetime) -> Round:
    """Tell the bank of new sub-accounts and refunds, ask after those sent, close what is empty.

    Whatever is interrupted is done again by the next round: the bank knows accounts and batches
    by their names and does nothing twice. Raises OSError or Malformed when it cannot be reached.
    """
    done = Round()
    for row in queries.unregistered():
        if _ask(Code.OPEN, AccNo=row.account, ExpDate=_expiry(row.deadline, at)):
            actions.register_sub_account(application=row.application, at=at)
            done.opened += 1
    for batch in queries.unanswered_batches():
        done.settled += _ask_after(batch, at)
    while batch := actions.send_payments(by=SYSTEM, at=at, most=ROWS):
        done.sent += send_batch(batch)
    for row in queries.emptied(at - KEPT_OPEN):
        if _ask(Code.CLOSE, AccNo=row.account):
            actions.close_sub_account(application=row.application, by=SYSTEM, at=at)
            done.closed += 1
    return done


def send_batch(batch: str) -> int:
    """Send the refunds of a batch and return how many they are. Sent again it changes nothing."""
    payments = queries.payments_of(batch)
    rows = [
        {
            "Reference": payment.reference,
            "AccNo": payment.from_account,
            "InAcct": payment.to_account,
            "InName": payment.to_name,
            "Amount": yuan_text(payment.amount_fen),
            "Memo": payment.reason,
        }
        for payment in payments
    ]
    fields = {"InstCode": bank().institution, "BatchNo": batch}
    answered = _exchange(Message(Code.REFUNDS, fields, rows))
    if answered.result not in (Result.DONE, Result.KNOWN):
        raise Malformed(f"batch {batch}: {answered.result} {answered.fields.get('AddWord', '')}")
    return len(payments)


def _ask_after(batch: str, at: datetime) -> int:
    """Ask what became of a batch; one the bank never got is sent again. Returns those settled."""
    answered = _exchange(Message(Code.BATCH, {"BatchNo": batch}))
    if answered.result == Result.UNKNOWN:
        send_batch(batch)
        return 0
    told = [row for row in answered.rows if row.get("Result") != Result.UNDER_WAY]
    return sum(_heard_of(row, at)["Result"] == Result.DONE for row in told)


def ask_arrivals(account: str, *, at: datetime) -> int:
    """Ask what came on a sub-account and book what we did not know; return how much that was."""
    answered = _exchange(Message(Code.ARRIVALS, {"AccNo": account}))
    told = [booking_of(row) for row in answered.rows]
    found = (actions.book_arrival(account=a, booking=b, at=at) for a, b in told)
    return sum(one is Told.BOOKED for one in found)


@dataclass(frozen=True, slots=True)
class Compared:
    """The bank's balance beside ours (余额核对)."""

    bank_fen: int
    books_fen: int

    @property
    def agree(self) -> bool:
        return self.bank_fen == self.books_fen


def compare_balance() -> Compared:
    """Ask the bank for the balance of all sub-accounts and return it beside our books'."""
    answered = _exchange(Message(Code.BALANCE, {"InstCode": bank().institution}))
    ours = queries.books().balance[Account.BANK]
    return Compared(fen(answered.fields.get("Balance", "")), ours)


def is_there() -> bool:
    """Whether the bank answers (链路检测)."""
    try:
        return _ask(Code.LINK)
    except (OSError, Malformed):
        return False


def _ask(code: Code, **fields: str) -> bool:
    answered = _exchange(Message(code, {"InstCode": bank().institution, **fields}))
    done = answered.result in (Result.DONE, Result.KNOWN)
    if not done:
        log.warning("%s: %s %s", code, answered.result, answered.fields.get("AddWord", ""))
    return done


def _exchange(message: Message) -> Message:
    host, _, port = bank().address.rpartition(":")
    if not host or not port.isdigit():
        raise OSError("bank.json names no address of the bank")
    return exchange((host, int(port)), message)


def _expiry(deadline: datetime | None, at: datetime) -> str:
    return moment_text((deadline or at) + KEPT_OPEN)
