"""What the centre's manager publishes for trading: procedures and the list of kinds.

`by` names who does it, `at` is the moment, given by the face; `once` is the form's idempotency
key.
"""

from collections.abc import Sequence
from datetime import datetime

from mingtang.core.people import Power
from mingtang.core.trading import kinds, procedures
from mingtang.core.trading.kinds import Kind
from mingtang.core.trading.parameters import Procedure
from mingtang.ledger.enact import Outcome, enact, enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people
from mingtang.trading import queries
from mingtang.trading.projection import TRADE_KINDS, TRADE_PROCEDURE


def publish_procedure(
    *, procedure: Procedure, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish a procedure or its next version (发布交易规程), for lots announced from now on."""
    return enact_one(_publishing(procedure, by=by, at=at, once=once))


def publish_procedures(all_of: Sequence[Procedure], *, by: str, at: datetime) -> list[Outcome]:
    """Publish many procedures in one commit; each has its own outcome."""
    return enact([_publishing(procedure, by=by, at=at) for procedure in all_of])


def withdraw_procedure(
    *, code: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Withdraw a procedure (停用交易规程): no further lot can name it."""

    def command() -> procedures.WithdrawProcedure:
        return procedures.WithdrawProcedure(
            reason=reason,
            publisher_manages=_manages(by),
            usual_for=tuple(kind.name for kind in queries.kinds_by(code)),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE_PROCEDURE, code, command, once))


def publish_kinds(
    *, all_of: Sequence[Kind], by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish the list of kinds of trades (发布交易品类), in place of the one before."""

    def command() -> kinds.PublishKinds:
        return kinds.PublishKinds(
            kinds=tuple(all_of),
            publisher_manages=_manages(by),
            procedures=frozenset(row.code for row in queries.procedures() if row.in_use),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE_KINDS, kinds.KEY, command, once))


def _publishing(procedure: Procedure, *, by: str, at: datetime, once: str | None = None) -> Order:
    def command() -> procedures.PublishProcedure:
        return procedures.PublishProcedure(
            procedure=procedure, publisher_manages=_manages(by), by=by, at=at
        )

    return Order(TRADE_PROCEDURE, procedure.code, command, once)


def _manages(person: str) -> bool:
    return Power.CATALOGUE_PUBLISH in people.actor(person).powers
