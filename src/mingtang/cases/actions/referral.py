"""Sending a case above and taking in the answer (转报)."""

from datetime import date, datetime

from mingtang.cases import queries
from mingtang.cases.actions import done, enact_many
from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt


def refer(
    *,
    number: str,
    body: str,
    days: int,
    basis: str,
    reason: str,
    documents: tuple[str, ...],
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Order a case to be sent to a body outside the system (转报).

    `days` and `basis` are the item's own where it names this body. Raises Refused: see
    `core.cases.referral.refer`.
    """
    command = cases.ReferCase(
        body=body,
        days=days,
        basis=basis,
        reason=reason,
        documents=documents,
        officer=officer,
        at=at,
    )
    return enact_one(Order(CASE, number, command, once))


def hand_over(
    *,
    number: str,
    leg: int,
    receipt_no: str,
    received_by: str,
    received_date: date,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record that the body took it, and its receipt (登记交接): its own clock starts.

    Raises Refused: see `core.cases.referral.hand_over`.
    """
    command = cases.RecordHandover(
        leg=leg,
        receipt_no=receipt_no,
        received_by=received_by,
        received_date=received_date,
        officer=officer,
        at=at,
    )
    return enact_one(Order(CASE, number, command, once))


def urge(
    *,
    number: str,
    leg: int,
    message: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask the body for its answer (催办). Raises Refused: see `core.cases.referral.urge`."""

    def command() -> cases.UrgeLeg:
        return cases.UrgeLeg(
            leg=leg, message=message, officer=officer, at=at, calendar=catalogue.calendar()
        )

    return enact_one(Order(CASE, number, command, once))


def answer(
    *,
    number: str,
    leg: int,
    answer: cases.Answer,
    answer_no: str,
    answer_date: date,
    received_date: date,
    document: cases.Document | None,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record what the body answered (登记答复): the case goes on.

    Raises Refused: see `core.cases.referral.answer`.
    """

    def command() -> cases.RecordAnswer:
        return cases.RecordAnswer(
            leg=leg,
            answer=answer,
            answer_no=answer_no,
            answer_date=answer_date,
            received_date=received_date,
            document=document,
            officer=officer,
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def recall(
    *,
    number: str,
    leg: int,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Take it back (撤回转报). Raises Refused: see `core.cases.referral.recall`."""

    def command() -> cases.RecallLeg:
        return cases.RecallLeg(
            leg=leg, reason=reason, officer=officer, at=at, calendar=catalogue.calendar()
        )

    return enact_one(Order(CASE, number, command, once))


def remind(*, at: datetime) -> int:
    """Do what time does (临期、逾期提醒): say of each open leg that it is near its term, or over.

    Returns how many reminders there were. May die anywhere and start again.
    """
    near = queries.legs_to_remind_of(at, catalogue.calendar())
    orders = [_reminder(row.case_id, row.leg, at) for row in near]
    # One that was answered meanwhile is refused, and that is right.
    return done(enact_many(orders))


def _reminder(number: str, leg: int, at: datetime) -> Order:
    def command() -> cases.RemindOfLeg:
        return cases.RemindOfLeg(leg=leg, at=at, calendar=catalogue.calendar())

    return Order(CASE, number, command)
