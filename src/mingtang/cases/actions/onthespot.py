"""On the spot (当场办结): accepted and decided in one act at the window."""

from datetime import datetime

from mingtang.cases import queries
from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.core.clock import civil_day
from mingtang.ledger.enact import enact_one, known_state
from mingtang.ledger.orders import Order, Receipt


def settle(
    *,
    number: str,
    granted: bool,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Accept and decide at once (当场办结), under a mandate in force at this moment.

    The receipt is the decision's. Raises Refused: see `core.cases.onthespot`.
    """

    def command() -> cases.SettleOnTheSpot:
        terms = known_state(CASE, number).state.terms
        return cases.SettleOnTheSpot(
            granted=granted,
            reason=reason,
            officer=officer,
            mandate=queries.mandate_for(
                person=officer.person,
                organ=officer.organisation,
                item=terms.code if terms else "",
                day=civil_day(at),
            ),
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))
