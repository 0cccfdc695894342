"""Delegation (委托代办) of one's tasks to a colleague for some days."""

import secrets
from datetime import date, datetime

from mingtang.cases import access, queries
from mingtang.cases.projection import DELEGATION
from mingtang.core import cases, delegations
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def give_delegation(
    *,
    giver: cases.Officer,
    deputy: str,
    from_date: date,
    until_date: date,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Let a colleague who holds the same powers do one's tasks from one day until another.

    It is for the department of `giver`; whoever belongs to several gives one for each.

    Raises Refused: see `core.delegations`.
    """

    def command() -> delegations.GiveDelegation:
        return delegations.GiveDelegation(
            giver=giver,
            deputy=_equal(giver, deputy),
            from_date=from_date,
            until_date=until_date,
            overlaps=queries.delegation_overlaps(
                giver.person, giver.organisation, from_date, until_date
            ),
            at=at,
        )

    return enact_one(Order(DELEGATION, secrets.token_hex(8), command, once))


def end_delegation(*, key: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Take it back (收回委托). Raises Refused: see `core.delegations`."""
    command = delegations.EndDelegation(by=by, at=at)
    return enact_one(Order(DELEGATION, key, command, once))


def _equal(giver: cases.Officer, deputy: str) -> cases.Officer | None:
    """Return a colleague who may do all that the giver may in their department."""
    equal = access.may_stand_in(
        people.actor(deputy), people.actor(giver.person), giver.organisation
    )
    return access.colleague(deputy, giver.organisation, access.SIGNING) if equal else None
