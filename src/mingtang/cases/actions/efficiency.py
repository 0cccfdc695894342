"""Measuring decided cases (效能计量), once each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mingtang.cases.projection import CASE, EFFICIENCY
from mingtang.catalogue import queries as catalogue
from mingtang.core.decider import Refused
from mingtang.core.efficiency import Act, MeasureCase, MeasureFirstReview
from mingtang.ledger.enact import enact, known_state
from mingtang.ledger.orders import Order, Receipt


def measure(decided: Mapping[str, datetime]) -> int:
    """Measure decided cases, given when each was; return how many were measured now."""
    return _enacted([_order(number, at) for number, at in decided.items()])


def measure_first_reviews(handed_up: Mapping[str, datetime]) -> int:
    """Measure first reviews (初审), given when each was handed up; return how many were now."""
    return _enacted([_first_review_order(number, at) for number, at in handed_up.items()])


def stream_of(number: str, act: Act) -> str:
    """Return the key of the stream a case's measurement stands in."""
    return number if act is Act.DECISION else f"{number}.{act}"


def _enacted(orders: Sequence[Order]) -> int:
    outcomes = enact(orders)
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _order(number: str, at: datetime) -> Order:
    def command() -> MeasureCase:
        case = known_state(CASE, number).state
        return MeasureCase(case=case, calendar=catalogue.calendar(), at=at)

    return Order(EFFICIENCY, number, command)


def _first_review_order(number: str, at: datetime) -> Order:
    def command() -> MeasureFirstReview:
        case = known_state(CASE, number).state
        return MeasureFirstReview(case=case, calendar=catalogue.calendar(), at=at)

    return Order(EFFICIENCY, stream_of(number, Act.FIRST_REVIEW), command)
