"""Asking for a legal opinion on a case, and giving one (法律顾问)."""

from datetime import date, datetime

from mingtang.cases.projection import CASE
from mingtang.core import cases
from mingtang.core.people import Role
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def ask(
    *,
    number: str,
    body: str,
    question: str,
    due_date: date,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask counsel of a body (征求法律意见). Raises Refused: see `core.cases.counsel.ask`."""

    def command() -> cases.AskOpinion:
        return cases.AskOpinion(
            body=body,
            has_counsel=body in people.organisations_with_role(Role.COUNSEL),
            question=question,
            due_date=due_date,
            officer=officer,
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def give(
    *,
    number: str,
    request: int,
    conclusion: cases.Conclusion,
    opinion: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Give an opinion (出具法律意见). Raises Refused: see `core.cases.counsel.give`."""
    command = cases.GiveOpinion(
        request=request, conclusion=conclusion, opinion=opinion, officer=officer, at=at
    )
    return enact_one(Order(CASE, number, command, once))


def decline(
    *,
    number: str,
    request: int,
    interest: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Step back for an interest (回避). Raises Refused: see `core.cases.counsel.decline`."""
    command = cases.DeclineOpinion(request=request, interest=interest, officer=officer, at=at)
    return enact_one(Order(CASE, number, command, once))
