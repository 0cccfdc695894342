"""Letters of authorisation (授权书): granted, published, revoked."""

from collections.abc import Iterable
from datetime import datetime

from mingtang.core import mandates
from mingtang.core.mandates import Mandate
from mingtang.core.people import HEADS, REPRESENTATIVES
from mingtang.ledger.enact import Outcome, enact, enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries
from mingtang.people.projection import MANDATE


def grant_mandate(*, letter: Mandate, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Grant a mandate (授权): the organ's head to one of its representatives."""
    return enact_one(_grant(letter, by, at, once))


def grant_mandates(*, letters: Iterable[tuple[Mandate, str]], at: datetime) -> list[Outcome]:
    """Grant many (letter, by whom) in one commit."""
    return enact([_grant(letter, by, at, None) for letter, by in letters])


def _grant(letter: Mandate, by: str, at: datetime, once: str | None) -> Order:
    def command() -> mandates.GrantMandate:
        return mandates.GrantMandate(
            mandate=letter,
            holder_is_chief=queries.is_holder(
                person=letter.person,
                roles=REPRESENTATIVES,
                organisation=letter.organ,
            ),
            granter_manages=_manages(by, letter.organ),
            by=by,
            at=at,
        )

    return Order(MANDATE, mandates.key(letter.letter_no), command, once)


def publish_mandate(
    *, key: str, office: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish a letter (公示授权书) at an office and online."""
    return enact_one(_publication(key, office, by, at, once))


def publish_mandates(*, letters: Iterable[tuple[str, str, str]], at: datetime) -> list[Outcome]:
    """Publish many (key, office, by whom) in one commit."""
    return enact([_publication(key, office, by, at, None) for key, office, by in letters])


def _publication(key: str, office: str, by: str, at: datetime, once: str | None) -> Order:
    def command() -> mandates.PublishMandate:
        return mandates.PublishMandate(
            office=office,
            office_open=office in queries.open_offices(),
            granter_manages=_manages(by, _organ(key)),
            by=by,
            at=at,
        )

    return Order(MANDATE, key, command, once)


def revoke_mandate(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Revoke a letter (撤销授权)."""

    def command() -> mandates.RevokeMandate:
        return mandates.RevokeMandate(
            reason=reason, granter_manages=_manages(by, _organ(key)), by=by, at=at
        )

    return enact_one(Order(MANDATE, key, command, once))


def _organ(key: str) -> str:
    row = queries.letter(key)
    return row.organ if row else ""


def _manages(person: str, organ: str) -> bool:
    return queries.is_holder(person=person, roles=HEADS, organisation=organ)
