"""Deposits and stray money as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core.trading import deposits, strays
from mingtang.core.trading.banking import Booking, fen_of, moment_of, reference
from mingtang.core.trading.deposits import (
    DepositArrived,
    DepositDeadlineMoved,
    DepositForfeited,
    DepositTransferred,
    PayoutApproved,
    PayoutDeclined,
    PayoutFailed,
    PayoutOrdered,
    PayoutPaid,
    PayoutSent,
    RefundFailed,
    RefundOrdered,
    RefundPaid,
    RefundSent,
    RefundStep,
    SubAccountClosed,
    SubAccountOpened,
    SubAccountRegistered,
)
from mingtang.core.trading.strays import (
    StrayArrived,
    StrayReturned,
    StrayReturnFailed,
    StrayReturnOrdered,
    StrayReturnSent,
    StrayStatus,
)
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.trading.models import (
    DepositBookingRow,
    DepositKeptRow,
    DepositRefundRow,
    DepositRow,
    StrayRow,
)


def project_deposit(fact: Fact) -> Iterable[Row]:
    event: deposits.Event = fact.event
    match event:
        case SubAccountOpened():
            yield Put(DepositRow, fact.key, _opened(fact, event))
        case DepositArrived():
            yield Put(DepositBookingRow, f"{fact.key}.{event.number}", _booking(fact, event))
            yield Change(DepositRow, fact.key, _standing(fact))
        case DepositDeadlineMoved():
            moved = {**_standing(fact), "deadline": moment_of(event.deadline)}
            yield Change(DepositRow, fact.key, moved)
            for number, arrival in enumerate(fact.state.arrivals, 1):
                late = {"late": fact.state.late(arrival)}
                yield Change(DepositBookingRow, f"{fact.key}.{number}", late)
        case RefundOrdered():
            yield Put(DepositRefundRow, f"{fact.key}.{event.number}", _refund(fact, event))
            yield Change(DepositRow, fact.key, _standing(fact))
        case RefundSent():
            yield _stepped(fact, RefundStep.SENT, {"batch": event.batch})
            yield Change(DepositRow, fact.key, _standing(fact))
        case RefundPaid():
            yield _stepped(fact, RefundStep.PAID, {"booked": moment_of(event.booked)})
            yield Change(DepositRow, fact.key, _standing(fact))
        case RefundFailed():
            yield _stepped(fact, RefundStep.FAILED, {"failure": event.reason})
            yield Change(DepositRow, fact.key, _standing(fact))
        case SubAccountClosed():
            closed = {**_standing(fact), "closed_at": event.at}
            yield Change(DepositRow, fact.key, closed)
        case DepositForfeited() | DepositTransferred():
            yield Put(DepositKeptRow, f"{fact.key}.{event.number}", _kept(fact, event))
            yield Change(DepositRow, fact.key, _standing(fact))
        case (
            PayoutOrdered()
            | PayoutApproved()
            | PayoutDeclined()
            | PayoutSent()
            | PayoutPaid()
            | PayoutFailed()
        ):
            yield _paying(fact, event)
            yield Change(DepositRow, fact.key, _standing(fact))
        case SubAccountRegistered():
            yield Change(DepositRow, fact.key, _standing(fact))
        case _:
            assert_never(event)


def _opened(fact: Fact, event: SubAccountOpened) -> dict[str, Any]:
    return {
        "account": event.account,
        "due_fen": fen_of(event.due_fen),
        "deadline": moment_of(event.deadline),
        "payer_name": event.payer_name,
        "opened_at": event.at,
        "closed_at": None,
        **_standing(fact),
    }


def _standing(fact: Fact) -> dict[str, Any]:
    state: deposits.State = fact.state
    return {
        "registered": state.registered,
        "arrived_fen": state.arrived_fen,
        "held_fen": state.held_fen,
        "surplus_fen": state.surplus_fen,
        "payable_fen": state.payable_fen,
        "refunded_fen": state.refunded_fen,
        "forfeited_fen": state.waiting_fen(forfeited=True),
        "transferred_fen": state.waiting_fen(forfeited=False),
        "paid_out_fen": state.paid_out_fen,
        "paid_on_time": state.paid_on_time,
        "payer_differs": state.payer_differs,
        "ended": state.ended,
        "status": state.status.value,
        "last_index": fact.index,
    }


def _booking(fact: Fact, event: DepositArrived) -> dict[str, Any]:
    arrival = fact.state.arrivals[event.number - 1]
    return {
        "application": fact.key,
        "number": event.number,
        "digest": arrival.key,
        **_told(event),
        "late": fact.state.late(arrival),
        "recorded_at": event.at,
        "index": fact.index,
    }


def _told(event: DepositArrived | StrayArrived) -> dict[str, Any]:
    return {
        "institution": event.institution,
        "booked": moment_of(event.booked),
        "amount_fen": fen_of(event.amount_fen),
        "memo": event.memo,
        "serial": event.serial,
        "sequence": event.sequence,
        "payer_account": event.payer_account,
        "payer_name": event.payer_name,
    }


def _refund(fact: Fact, event: RefundOrdered) -> dict[str, Any]:
    return {
        "application": fact.key,
        "number": event.number,
        "reference": reference(fact.stream, event.number),
        "amount_fen": fen_of(event.held_fen) + fen_of(event.surplus_fen),
        "to_account": event.to_account,
        "to_name": event.to_name,
        "reason": event.reason,
        "due_at": moment_of(event.due_at),
        "step": RefundStep.ORDERED.value,
        "batch": "",
        "booked": None,
        "failure": "",
        "ordered_by": event.by,
        "ordered_at": event.at,
        "last_index": fact.index,
    }


def _stepped(fact: Fact, step: RefundStep, values: dict[str, Any]) -> Change:
    changed = {"step": step.value, **values, "last_index": fact.index}
    return Change(DepositRefundRow, f"{fact.key}.{fact.event.number}", changed)


def _kept(fact: Fact, event: DepositForfeited | DepositTransferred) -> dict[str, Any]:
    return {
        "application": fact.key,
        "number": event.number,
        "amount_fen": fen_of(event.amount_fen),
        "forfeited": isinstance(event, DepositForfeited),
        "to": event.to,
        "reason": event.reason,
        "due_at": moment_of(event.due_at),
        "kept_by": event.by,
        "kept_at": event.at,
        "payout": None,
        "reference": "",
        "to_account": "",
        "to_name": "",
        "ordered_by": "",
        "approved_by": "",
        "step": "",
        "batch": "",
        "booked": None,
        "failure": "",
        "last_index": fact.index,
    }


def _paying(
    fact: Fact,
    event: PayoutOrdered | PayoutApproved | PayoutDeclined | PayoutSent | PayoutPaid | PayoutFailed,
) -> Change:
    state: deposits.State = fact.state
    match event:
        case PayoutOrdered():
            step, values = RefundStep.ORDERED, _payout(fact, event)
        case PayoutApproved():
            step, values = RefundStep.ORDERED, {"approved_by": event.by}
        case PayoutDeclined():
            step, values = RefundStep.FAILED, {"failure": event.reason}
        case PayoutSent():
            step, values = RefundStep.SENT, {"batch": event.batch}
        case PayoutPaid():
            step, values = RefundStep.PAID, {"booked": moment_of(event.booked)}
        case PayoutFailed():
            step, values = RefundStep.FAILED, {"failure": event.reason}
        case _:
            assert_never(event)
    changed = {"step": step.value, **values, "last_index": fact.index}
    return Change(DepositKeptRow, f"{fact.key}.{state.payouts[event.number - 1]}", changed)


def _payout(fact: Fact, event: PayoutOrdered) -> dict[str, Any]:
    return {
        "payout": event.number,
        "reference": reference(fact.stream, event.number, "P"),
        "to_account": event.to_account,
        "to_name": event.to_name,
        "ordered_by": event.by,
        "approved_by": "",
        "batch": "",
        "failure": "",
    }


def project_stray(fact: Fact) -> Iterable[Row]:
    event: strays.Event = fact.event
    match event:
        case StrayArrived():
            yield Put(StrayRow, fact.key, _stray(fact, event))
        case StrayReturnOrdered():
            ordered = {
                "status": StrayStatus.ORDERED.value,
                "reference": reference(fact.stream, event.number),
                "reason": event.reason,
                "due_at": moment_of(event.due_at),
                "batch": "",
                "failure": "",
            }
            yield _changed(fact, ordered)
        case StrayReturnSent():
            sent = {"status": StrayStatus.SENT.value, "batch": event.batch}
            yield _changed(fact, sent)
        case StrayReturned():
            returned = {"status": StrayStatus.RETURNED.value, "returned": moment_of(event.booked)}
            yield _changed(fact, returned)
        case StrayReturnFailed():
            failed = {"status": StrayStatus.HERE.value, "failure": event.reason}
            yield _changed(fact, failed)
        case _:
            assert_never(event)


def _changed(fact: Fact, values: dict[str, Any]) -> Change:
    return Change(StrayRow, fact.key, {**values, "last_index": fact.index})


def _stray(fact: Fact, event: StrayArrived) -> dict[str, Any]:
    return {
        "digest": _digest(event),
        "account": event.account,
        **_told(event),
        "status": StrayStatus.HERE.value,
        "reference": "",
        "reason": "",
        "due_at": None,
        "batch": "",
        "returned": None,
        "failure": "",
        "recorded_at": event.at,
        "last_index": fact.index,
    }


def _digest(event: StrayArrived) -> str:
    """Return the key of the booking; empty once its moment was erased."""
    told = _told(event)
    return Booking(**told).key if told["booked"] else ""


DEPOSIT = Subject(
    "deposit",
    deposits.DECIDER,
    project_deposit,
    (DepositRow, DepositBookingRow, DepositRefundRow, DepositKeptRow),
)
STRAY = Subject("stray", strays.DECIDER, project_stray, (StrayRow,))
