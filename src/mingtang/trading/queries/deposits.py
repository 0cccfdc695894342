"""What pages and other modules ask about deposits and the bank's money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from mingtang.core.capitals import capitals
from mingtang.core.trading.banking import Account, balanced
from mingtang.core.trading.deposits import RefundStep, Status
from mingtang.core.trading.strays import StrayStatus
from mingtang.trading.models import (
    DepositBookingRow,
    DepositKeptRow,
    DepositRefundRow,
    DepositRow,
    StrayRow,
)
from mingtang.trading.ports.bank import Bank, bank

__all__ = ["DepositKeptRow", "DepositRow"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the deposit of an application stands (保证金到账情况)."""

    application: str
    account: str
    due_fen: int
    deadline: datetime | None
    status: Status
    paid_on_time: bool  # by the bank's booking, whole; it stays so after the end
    held_fen: int
    surplus_fen: int  # late, or more than was due: goes back
    payable_fen: int  # refunds the bank has not paid yet
    refunded_fen: int
    kept_fen: int  # forfeited, or gone into the price
    payer_differs: bool  # somebody else than expected paid
    bank: Bank

    @property
    def missing_fen(self) -> int:
        return 0 if self.paid_on_time else self.due_fen - self.held_fen

    @property
    def due_capitals(self) -> str:
        return capitals(self.due_fen)


def standing(application: str) -> Standing | None:
    """Return how the deposit of an application stands; None without a sub-account."""
    row = DepositRow.objects.filter(pk=application).first()
    if row is None:
        return None
    return Standing(
        application=row.application,
        account=row.account,
        due_fen=row.due_fen,
        deadline=row.deadline,
        status=Status(row.status),
        paid_on_time=row.paid_on_time,
        held_fen=row.held_fen,
        surplus_fen=row.surplus_fen,
        payable_fen=_sum(refunds_of(row.application, *UNDER_WAY), "amount_fen"),
        refunded_fen=row.refunded_fen,
        kept_fen=_sum(DepositKeptRow.objects.filter(application=row.application), "amount_fen"),
        payer_differs=row.payer_differs,
        bank=bank(),
    )


# ── Sub-accounts ────────────────────────────────────────────────────────────


def sub_accounts(status: str = "") -> QuerySet[DepositRow]:
    """Return the sub-accounts, those opened last first."""
    found = DepositRow.objects.order_by("-opened_at", "account")
    return found.filter(status=status) if status else found


def sub_account(application: str) -> DepositRow | None:
    return DepositRow.objects.filter(pk=application).first()


def application_of(account: str) -> str:
    """Return the application whose sub-account this is; empty if there is none such."""
    rows = DepositRow.objects.filter(account=account)
    return rows.values_list("application", flat=True).first() or ""


def account_used(account: str) -> bool:
    """Whether a sub-account ever had this number."""
    return DepositRow.objects.filter(account=account).exists()


def unregistered() -> list[DepositRow]:
    """Return the sub-accounts the bank has not opened yet, the oldest first."""
    waiting = DepositRow.objects.filter(registered=False, closed_at=None)
    return list(waiting.order_by("opened_at", "application"))


def emptied(before: datetime) -> list[DepositRow]:
    """Return the open sub-accounts nothing is left on whose deadline was before a moment."""
    empty = Q(held_fen=0, surplus_fen=0, payable_fen=0, forfeited_fen=0, transferred_fen=0)
    return list(DepositRow.objects.filter(empty, closed_at=None, deadline__lt=before))


def bookings(application: str) -> list[DepositBookingRow]:
    """Return the arrivals on a sub-account in the order they were told."""
    return list(DepositBookingRow.objects.filter(application=application).order_by("number"))


def refunds_of(application: str, *steps: str) -> QuerySet[DepositRefundRow]:
    return DepositRefundRow.objects.filter(application=application, step__in=steps)


def refunds(application: str) -> list[DepositRefundRow]:
    return list(DepositRefundRow.objects.filter(application=application).order_by("number"))


def strays() -> QuerySet[StrayRow]:
    """Return the stray money, what is still here first."""
    return StrayRow.objects.order_by("returned", "-recorded_at", "key")


def stray(key: str) -> StrayRow | None:
    return StrayRow.objects.filter(pk=key).first()


def known_booking(digest: str) -> bool:
    """Whether the bank's booking with these six fields has been recorded anywhere."""
    deposits = DepositBookingRow.objects.filter(digest=digest)
    return deposits.exists() or StrayRow.objects.filter(digest=digest).exists()


def told_otherwise(account: str, serial: str, amount_fen: int, since: datetime) -> bool:
    """Whether this payment was told of by the bank on another way, under its own serial number.

    `since`: the beginning of the day it was booked.
    """
    same = {"serial": serial, "amount_fen": amount_fen, "booked__gte": since}
    application = application_of(account)
    if application:
        return DepositBookingRow.objects.filter(application=application, **same).exists()
    return StrayRow.objects.filter(account=account, **same).exists()


# ── What is kept, and paid on ───────────────────────────────────────────────

NOT_ORDERED = ("", RefundStep.FAILED.value)


def kept(application: str) -> list[DepositKeptRow]:
    """Return what was kept of a deposit, and what became of it."""
    return list(DepositKeptRow.objects.filter(application=application).order_by("number"))


def kept_waiting() -> list[DepositKeptRow]:
    """Return what is kept and nobody has ordered the payout of, the earliest due first."""
    waiting = DepositKeptRow.objects.filter(step__in=NOT_ORDERED)
    return list(waiting.order_by("due_at", "application", "number"))


def waits_for_a_check(row: DepositKeptRow) -> bool:
    """Whether a second person has to look at its payout (待复核)."""
    return row.step == RefundStep.ORDERED and not row.approved_by


def payouts_to_approve() -> list[DepositKeptRow]:
    """Return the payouts a second person has to look at, the earliest due first."""
    rows = DepositKeptRow.objects.filter(step=RefundStep.ORDERED, approved_by="")
    return list(rows.order_by("due_at", "id"))


def last_account_of(name: str) -> str:
    """Return the account a payout to this name went to last; empty if to none."""
    known = DepositKeptRow.objects.filter(to_name=name).exclude(to_account="")
    return known.order_by("-last_index").values_list("to_account", flat=True).first() or ""


# ── Payments to be made ─────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Payment:
    """A refund, a return or a payout, as the bank is told to pay it (付款指令)."""

    reference: str
    family: str  # deposit | kept | stray
    key: str
    number: int  # of the refund or payout; 0 for stray money
    from_account: str  # 子账号 it came in on
    to_account: str
    to_name: str
    amount_fen: int
    reason: str
    due_at: datetime | None
    batch: str


UNDER_WAY = (RefundStep.ORDERED.value, RefundStep.SENT.value)


def payments_waiting() -> list[Payment]:
    """Return what is ordered and not yet sent to the bank, the earliest due first."""
    rows = DepositRefundRow.objects.filter(step=RefundStep.ORDERED)
    payouts = DepositKeptRow.objects.filter(step=RefundStep.ORDERED).exclude(approved_by="")
    returns = StrayRow.objects.filter(status=StrayStatus.ORDERED)
    return _by_due([*_payments(rows), *_payouts(payouts), *map(_of_stray, returns)])


def payments_of(batch: str) -> list[Payment]:
    """Return what was sent to the bank in one batch."""
    if not batch:
        return []
    rows = DepositRefundRow.objects.filter(batch=batch)
    payouts = DepositKeptRow.objects.filter(batch=batch)
    returns = StrayRow.objects.filter(batch=batch)
    return _by_due([*_payments(rows), *_payouts(payouts), *map(_of_stray, returns)])


def unanswered_batches() -> list[str]:
    """Return the batches of which the bank has not answered for every payment."""
    sent = (
        DepositRefundRow.objects.filter(step=RefundStep.SENT),
        DepositKeptRow.objects.filter(step=RefundStep.SENT),
        StrayRow.objects.filter(status=StrayStatus.SENT),
    )
    return sorted({batch for rows in sent for batch in rows.values_list("batch", flat=True)})


def payment(reference: str) -> Payment | None:
    """Return the payment the bank knows by this reference."""
    if not reference:
        return None
    row = DepositRefundRow.objects.filter(reference=reference).first()
    if row:
        [found] = _payments([row])
        return found
    kept = DepositKeptRow.objects.filter(reference=reference).first()
    if kept:
        [found] = _payouts([kept])
        return found
    returned = StrayRow.objects.filter(reference=reference).first()
    return _of_stray(returned) if returned else None


def _payments(rows: Iterable[DepositRefundRow]) -> list[Payment]:
    rows = list(rows)
    accounts = DepositRow.objects.in_bulk({row.application for row in rows})
    return [
        Payment(
            reference=row.reference,
            family="deposit",
            key=row.application,
            number=row.number,
            from_account=accounts[row.application].account,
            to_account=row.to_account,
            to_name=row.to_name,
            amount_fen=row.amount_fen,
            reason=row.reason,
            due_at=row.due_at,
            batch=row.batch,
        )
        for row in rows
    ]


def _payouts(rows: Iterable[DepositKeptRow]) -> list[Payment]:
    rows = list(rows)
    accounts = DepositRow.objects.in_bulk({row.application for row in rows})
    return [
        Payment(
            reference=row.reference,
            family="kept",
            key=row.application,
            number=row.payout or 0,
            from_account=accounts[row.application].account,
            to_account=row.to_account,
            to_name=row.to_name,
            amount_fen=row.amount_fen,
            reason=row.reason,
            due_at=row.due_at,
            batch=row.batch,
        )
        for row in rows
    ]


def _of_stray(row: StrayRow) -> Payment:
    return Payment(
        reference=row.reference,
        family="stray",
        key=row.key,
        number=0,
        from_account=row.account,
        to_account=row.payer_account,
        to_name=row.payer_name,
        amount_fen=row.amount_fen,
        reason=row.reason,
        due_at=row.due_at,
        batch=row.batch,
    )


def _by_due(payments: Sequence[Payment]) -> list[Payment]:
    return sorted(payments, key=lambda p: (p.due_at is None, p.due_at, p.reference))


# ── The books ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Books:
    """试算平衡表."""

    balance: Mapping[Account, int]

    @property
    def balanced(self) -> bool:
        return balanced(self.balance)


def books() -> Books:
    """Return what each account holds now.

    What the bank holds is worked out from its own bookings, everything else from how each
    sub-account stands: that both sides agree says something.
    """
    came = _sum(DepositBookingRow.objects, "amount_fen") + _sum(StrayRow.objects, "amount_fen")
    returned = StrayRow.objects.filter(status=StrayStatus.RETURNED)
    returning = StrayRow.objects.filter(status__in=[StrayStatus.ORDERED, StrayStatus.SENT])
    here = StrayRow.objects.filter(status=StrayStatus.HERE)
    paid = DepositRefundRow.objects.filter(step=RefundStep.PAID)
    passed_on = DepositKeptRow.objects.filter(step=RefundStep.PAID)
    sums: dict[Account, int] = {
        account: _sum(DepositRow.objects, f"{account.value}_fen")
        for account in Account
        if account not in (Account.BANK, Account.STRAY)
    }
    return Books(
        {
            Account.BANK: came - sum(_sum(r, "amount_fen") for r in (paid, passed_on, returned)),
            **sums,
            Account.PAYABLE: sums[Account.PAYABLE] + _sum(returning, "amount_fen"),
            Account.STRAY: _sum(here, "amount_fen"),
        }
    )


def _sum(rows: Any, column: str) -> int:
    return int(rows.aggregate(Sum(column))[f"{column}__sum"] or 0)
