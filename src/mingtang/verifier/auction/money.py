"""The deposits run again (保证金复算): paid in time by the bank's booking, and gone where it may.

Payers, accounts and reasons are not shown; nothing here follows from them.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from mingtang.core.trading import deposits
from mingtang.core.trading.banking import Booking, fen_of, moment_of
from mingtang.core.trading.lots.state import Closing
from mingtang.core.trading.participation import deposit_deadline
from mingtang.core.wire import Sealed
from mingtang.verifier.auction.course import Auction
from mingtang.verifier.auction.entries import Entry
from mingtang.verifier.auction.ruling import Act, ruled
from mingtang.verifier.words import Refused


@dataclass(frozen=True, slots=True)
class Books:
    """What became of all deposits of an auction, in fen."""

    arrived: int = 0
    refunded: int = 0
    forfeited: int = 0
    transferred: int = 0
    here: int = 0  # held, or on its way back


def run_deposit(auction: Auction, application: str, act: Act) -> None:
    """Take one act of a sub-account's stream further."""
    state = auction.deposits.get(application, deposits.State())
    order = partial(_command, auction, application, act)
    auction.deposits[application] = ruled(deposits.DECIDER, state, order, act, auction.findings)
    for entry in act:
        _check_against_lot(auction, entry)
        _note_payment(auction, application, entry.event)


def _command(auction: Auction, application: str, act: Act) -> deposits.Command:
    """Return the order that led to an act. Raises Refused where an amount is none."""
    first, event = act[0], act[0].event
    over = auction.over_for(application)
    try:
        if isinstance(event, deposits.RefundOrdered):
            parts = [e.event for e in act]
            amount = sum(fen_of(part.held_fen) + fen_of(part.surplus_fen) for part in parts)
            return deposits.OrderRefund(
                amount_fen=amount,
                reason=event.reason,
                due_at=datetime.fromisoformat(event.due_at),
                ended=over and event.ended,
                may_manage=True,
                by=event.by,
                at=event.at,
            )
        return _of_one(first, over)
    except ValueError as error:
        raise Refused(first.where, "form", detail=error) from error


def _of_one(entry: Entry, over: bool) -> deposits.Command:
    event: Any = entry.event
    match event:
        case deposits.SubAccountOpened():
            return deposits.OpenSubAccount(
                account=event.account,
                due_fen=int(event.due_fen),
                deadline=datetime.fromisoformat(event.deadline),
                payer_name=event.payer_name,
                at=event.at,
            )
        case deposits.SubAccountRegistered():
            return deposits.RegisterSubAccount(at=event.at)
        case deposits.DepositDeadlineMoved():
            deadline = datetime.fromisoformat(event.deadline)
            return deposits.MoveDeadline(deadline=deadline, by=event.by, at=event.at)
        case deposits.DepositArrived():
            return deposits.BookArrival(booking=_booking(entry), at=event.at)
        case deposits.SubAccountClosed():
            return deposits.CloseSubAccount(may_manage=True, by=event.by, at=event.at)
        case deposits.DepositForfeited():
            return deposits.Forfeit(
                amount_fen=int(event.amount_fen),
                to=deposits.TransferTo(event.to),
                reason=event.reason,
                due_at=datetime.fromisoformat(event.due_at),
                ended=over,
                founded=True,  # `check_books` says whether it was
                may_manage=True,
                by=event.by,
                at=event.at,
            )
        case deposits.DepositTransferred():
            return deposits.Transfer(
                amount_fen=int(event.amount_fen),
                to=deposits.TransferTo(event.to),
                reason=event.reason,
                due_at=datetime.fromisoformat(event.due_at),
                ended=over,
                founded=True,
                may_manage=True,
                by=event.by,
                at=event.at,
            )
        case _:
            return _of_payment(entry)


def _of_payment(entry: Entry) -> deposits.Command:
    event: Any = entry.event
    match event:
        case deposits.RefundSent():
            return deposits.SendRefund(
                number=event.number, batch=event.batch, by=event.by, at=event.at
            )
        case deposits.RefundPaid():
            return deposits.ConfirmRefund(
                number=event.number,
                booked=datetime.fromisoformat(event.booked),
                serial=event.serial,
                at=event.at,
            )
        case deposits.RefundFailed():
            return deposits.ReportRefundFailure(
                number=event.number, reason=event.reason, at=event.at
            )
        case _:
            return _of_payout(entry)


def _of_payout(entry: Entry) -> deposits.Command:
    event: Any = entry.event
    match event:
        case deposits.PayoutOrdered():
            return deposits.OrderPayout(
                kept=event.kept,
                to_account=event.to_account,
                to_name=event.to_name,
                may_manage=True,
                by=event.by,
                at=event.at,
            )
        case deposits.PayoutApproved():
            return deposits.ApprovePayout(
                number=event.number, may_manage=True, by=event.by, at=event.at
            )
        case deposits.PayoutDeclined():
            return deposits.DeclinePayout(
                number=event.number,
                reason=event.reason,
                may_manage=True,
                by=event.by,
                at=event.at,
            )
        case deposits.PayoutSent():
            return deposits.SendPayout(
                number=event.number, batch=event.batch, by=event.by, at=event.at
            )
        case deposits.PayoutPaid():
            return deposits.ConfirmPayout(
                number=event.number,
                booked=datetime.fromisoformat(event.booked),
                serial=event.serial,
                at=event.at,
            )
        case deposits.PayoutFailed():
            return deposits.ReportPayoutFailure(
                number=event.number, reason=event.reason, at=event.at
            )
        case _:
            raise Refused(entry.where, "other-stream", kind=event.kind)


def _booking(entry: Entry) -> Booking:
    """Return the booking; what is not shown of it must not make two of them look like one."""
    event = entry.event
    return Booking(
        institution=event.institution,
        booked=datetime.fromisoformat(event.booked),
        amount_fen=int(event.amount_fen),
        memo=event.memo,
        serial=event.serial,
        sequence=event.sequence if "sequence" in entry.opened else f"{entry.index}",
        payer_account=event.payer_account,
        payer_name=event.payer_name,
    )


def _check_against_lot(auction: Auction, entry: Entry) -> None:
    """What is due, and until when, is what was announced: also where the time was moved."""
    event, content = entry.event, auction.lot.content
    if content is None:
        return
    said: dict[str, tuple[object, object]] = {}
    if isinstance(event, deposits.SubAccountOpened):
        said["due_fen"] = (content.deposit_fen, fen_of(event.due_fen))
    if isinstance(event, (deposits.SubAccountOpened, deposits.DepositDeadlineMoved)):
        said["deadline"] = (deposit_deadline(auction.lot), moment_of(event.deadline))
    for name, (due, found) in said.items():
        if due != found:
            auction.findings.add(entry.where, "not-as-ruled", name=name, due=due, found=found)


def _note_payment(auction: Auction, application: str, event: deposits.Event) -> None:
    """Count what the bank paid after it was due: not against the record, but to be told."""
    due = auction.payments_due
    match event:
        case deposits.RefundOrdered():
            due[application, "refund", event.number] = moment_of(event.due_at)
        case deposits.DepositForfeited() | deposits.DepositTransferred():
            due[application, "kept", event.number] = moment_of(event.due_at)
        case deposits.PayoutOrdered():
            kept = due.get((application, "kept", event.kept))
            due[application, "payout", event.number] = kept
        case deposits.RefundPaid():
            _count_late(auction, event.booked, due.get((application, "refund", event.number)))
        case deposits.PayoutPaid():
            _count_late(auction, event.booked, due.get((application, "payout", event.number)))


def _count_late(auction: Auction, booked: Sealed, due: datetime | None) -> None:
    paid = moment_of(booked)
    auction.payments_late += paid is not None and due is not None and paid > due


# ── After the end ───────────────────────────────────────────────────────────


def check_books(auction: Auction) -> Books:
    """Return what became of all deposits; name what may not be so.

    Only a winner's goes into the price, only who defaulted or was barred loses it, and whoever is
    paid back at all after the end is paid back in full.
    """
    closing = auction.lot.closing
    books = Books()
    for key, deposit in auction.deposits.items():
        application = auction.applications.get(key)
        paddle = application.paddle if application else ""
        where = f"deposit/{key}"
        if deposit.transferred_fen and not _won(closing, paddle):
            auction.findings.add(where, "transfer-unfounded", paddle=paddle)
        if deposit.forfeited_fen and not _lost_right(auction, paddle):
            auction.findings.add(where, "forfeit-unfounded", paddle=paddle)
        here = deposit.held_fen + deposit.surplus_fen
        paid_back = any(r.held_fen and not r.uncounted for r in deposit.refunds)
        failed = any(r.step is deposits.RefundStep.FAILED for r in deposit.refunds)
        if paid_back and here and not failed and not _won(closing, paddle):
            auction.findings.add(where, "refund-incomplete", paddle=paddle, left=here)
        books = Books(
            books.arrived + deposit.arrived_fen,
            books.refunded + deposit.refunded_fen,
            books.forfeited + deposit.forfeited_fen,
            books.transferred + deposit.transferred_fen,
            books.here + here + deposit.refunding_fen,
        )
    return books


def _won(closing: Closing | None, paddle: str) -> bool:
    return closing is not None and paddle in {award.paddle for award in closing.awards}


def _lost_right(auction: Auction, paddle: str) -> bool:
    known = auction.lot.paddles.get(paddle)
    closing = auction.lot.closing
    defaulted = closing is not None and paddle in closing.defaults
    return defaulted or (known is not None and known.barred)
