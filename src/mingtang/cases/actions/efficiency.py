"""Measuring decided cases (效能计量), once each."""

from collections.abc import Mapping
from datetime import datetime

from mingtang.cases.projection import CASE, EFFICIENCY
from mingtang.catalogue import queries as catalogue
from mingtang.core.decider import Refused
from mingtang.core.efficiency import MeasureCase
from mingtang.ledger.enact import enact, known_state
from mingtang.ledger.orders import Order, Receipt


def measure(decided: Mapping[str, datetime]) -> int:
    """Measure decided cases, given when each was; return how many were measured now."""
    outcomes = enact([_order(number, at) for number, at in decided.items()])
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _order(number: str, at: datetime) -> Order:
    def command() -> MeasureCase:
        case = known_state(CASE, number).state
        return MeasureCase(case=case, calendar=catalogue.calendar(), at=at)

    return Order(EFFICIENCY, number, command)
