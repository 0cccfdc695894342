"""Legs to other bodies and opinions asked for, as rows."""

from collections.abc import Iterable
from typing import Any

from mingtang.cases.models import LegRow, OpinionRow
from mingtang.core import cases
from mingtang.ledger.rows import Fact, Put, Row


def asides(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the leg or the request this event is about; all of them when the case is withdrawn."""
    number, state = fact.key, fact.state
    whole = isinstance(event, cases.CaseWithdrawn)
    leg, request = getattr(event, "leg", None), getattr(event, "request", None)
    for one in state.legs if whole else ():
        yield Put(LegRow, f"{number}.{one.number}", _leg(fact, one))
    for asked in state.requests if whole else ():
        yield Put(OpinionRow, f"{number}.{asked.number}", _request(fact, asked))
    if leg is not None:
        yield Put(LegRow, f"{number}.{leg}", _leg(fact, state.leg(leg)))
    if request is not None:
        yield Put(OpinionRow, f"{number}.{request}", _request(fact, state.request(request)))


def _leg(fact: Fact, leg: cases.Leg) -> dict[str, Any]:
    return {
        "case": fact.key,
        "leg": leg.number,
        "department": fact.state.terms.department,
        "body": leg.body,
        "days": leg.days,
        "basis": leg.basis,
        "standstill": leg.standstill,
        "ordered_date": leg.ordered_date,
        "handed_date": leg.handed_date,
        "reminded": leg.reminded,
        "urged": leg.urged,
        "answer": leg.answer,
        "answer_no": leg.answer_no,
        "answer_date": leg.answer_date,
        "closed_date": leg.closed_date,
    }


def _request(fact: Fact, request: cases.Request) -> dict[str, Any]:
    return {
        "case": fact.key,
        "request": request.number,
        "body": request.body,
        "due_date": request.due_date,
        "declined_by": list(request.declined_by),
        "person": request.person,
        "conclusion": request.conclusion,
        "closed_date": request.closed_date,
    }
