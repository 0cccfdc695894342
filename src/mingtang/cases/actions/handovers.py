"""Hand-overs between window clerks (交接): offered, confirmed, declined, taken back."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from mingtang.cases import access, queries
from mingtang.cases.projection import HANDOVER
from mingtang.core import handovers
from mingtang.core.cases import Officer
from mingtang.core.people import Power
from mingtang.ledger.enact import enact_one, known_state
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def offer(
    *,
    numbers: Sequence[str],
    receiver: str,
    note: str,
    giver: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Offer open applications to another clerk (提出交接). The receipt's key is the list's.

    Raises Refused: see `core.handovers.decide`.
    """
    key = secrets.token_hex(8)

    def command() -> handovers.OfferHandover:
        serves = Power.CASE_INTAKE in people.actor(receiver).powers
        waiting = _waiting(giver.person, numbers) & _waiting(receiver, numbers)
        return handovers.OfferHandover(
            handover=key,
            cases=tuple(numbers),
            note=note,
            giver=giver,
            receiver=receiver,
            receiver_serves=serves,
            waiting=waiting,
            held=queries.held_by_others(numbers, person=giver.person),
            at=at,
        )

    return enact_one(Order(HANDOVER, key, command, once))


def confirm(
    *,
    key: str,
    seen: Sequence[str],
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Take the cases over (确认交接), as the list was read.

    Raises Refused: see `core.handovers.decide`.
    """

    def command() -> handovers.ConfirmHandover:
        numbers = known_state(HANDOVER, key).state.cases
        actor, rows = people.actor(officer.person), queries.cases_with(numbers)
        return handovers.ConfirmHandover(
            seen=tuple(seen),
            waiting=_waiting(officer.person, numbers),
            own=frozenset(number for number, row in rows.items() if access.is_own(actor, row)),
            officer=officer,
            at=at,
        )

    return enact_one(Order(HANDOVER, key, command, once))


def decline(*, key: str, reason: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Give the list back (不接), with a reason."""
    command = handovers.DeclineHandover(reason=reason, by=by, at=at)
    return enact_one(Order(HANDOVER, key, command, once))


def withdraw(*, key: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Take an offer back (收回交接) before anybody confirmed it."""
    return enact_one(Order(HANDOVER, key, handovers.WithdrawHandover(by=by, at=at), once))


def _waiting(person: str, numbers: Collection[str]) -> frozenset[str]:
    """Return those of the cases that wait at a window this person serves."""
    actor = people.actor(person)
    if Power.CASE_INTAKE not in actor.powers:
        return frozenset()
    departments = access.departments_served(actor, Power.CASE_INTAKE)
    return queries.waiting_at_window(numbers, departments)
