"""Hearing the holder before a licence is revoked (撤销前的告知和申辩).

`at` is the moment it happens, `once` the form's idempotency key.
"""

from datetime import datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core import licences
from mingtang.core.cases.terms import Officer
from mingtang.core.decider import Refused
from mingtang.core.licences import RevocationGround
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.licences import queries
from mingtang.licences.actions import letter_of, not_before
from mingtang.licences.projection import LICENCE
from mingtang.people import queries as people

SETTLED = ("licence.hearing-open", "licence.ended")  # opened before, or there is nothing to revoke


def open_for(*, case: str, finding: str, at: datetime) -> bool:
    """Open it for what a case gave (启动撤销程序), if it gave a licence; return whether.

    Bears being done twice. Raises Refused while a licence that was granted is not registered yet.
    """

    def command() -> licences.OpenRevocation:
        return licences.OpenRevocation(case=case, finding=finding, at=not_before(case, at))

    try:
        return not enact_one(Order(LICENCE, case, command)).repeated
    except Refused as refused:
        stuck = refused.code == "licence.unknown" and queries.stuck_one(case) is not None
        if stuck or refused.code not in (*SETTLED, "licence.unknown"):
            raise
    return False


def tell(
    *,
    key: str,
    ground: RevocationGround,
    reason: str,
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Tell the holder that it is to be revoked, and why (拟撤销告知)."""

    def command() -> licences.TellHolder:
        return licences.TellHolder(
            ground=ground,
            reason=reason,
            officer=officer,
            mandate=letter_of(key, officer, at),
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(LICENCE, key, command, once))


def answer(*, key: str, person: str, answer: str, at: datetime, once: str | None = None) -> Receipt:
    """Say what the holder has to say (陈述申辩)."""

    def command() -> licences.AnswerRevocation:
        represents = people.actor(person).represents
        return licences.AnswerRevocation(person=person, represents=represents, answer=answer, at=at)

    return enact_one(Order(LICENCE, key, command, once))


def drop(
    *, key: str, reason: str, officer: Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Leave it as it is (终止撤销程序)."""

    def command() -> licences.DropRevocation:
        letter = letter_of(key, officer, at)
        return licences.DropRevocation(reason=reason, officer=officer, mandate=letter, at=at)

    return enact_one(Order(LICENCE, key, command, once))
