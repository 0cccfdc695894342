"""Paddles (号牌): signing up, qualification, and the token that opens the room.

`at` is the moment, given by the face; `once` is the form's idempotency key.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from mingtang.core.decider import Refused, require
from mingtang.core.trading import applications, lots
from mingtang.core.trading.applications import PADDLES, Bidder
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.participation import deposit_deadline as deposit_deadline
from mingtang.core.trading.participation import has_bid, sign_up_deadline
from mingtang.ledger.enact import enact_one, known_state
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people
from mingtang.trading import access, queries
from mingtang.trading.ports import tokens
from mingtang.trading.projection import APPLICATION, LOT
from mingtang.trading.queries import deposits

TOKEN_LASTS = timedelta(hours=12)


def new_application() -> str:
    """Return a name for an application that tells nothing: 80 random bits."""
    return secrets.token_hex(10)


def sign_up(
    *,
    lot: str,
    bidder: Bidder,
    key: str,
    priority: str = "",
    documents: Sequence[dict[str, object]] = (),
    promised: bool,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Sign up for a lot (报名). Raises Refused as `core.trading.applications` says."""

    def command() -> applications.FileApplication:
        state = _announced(lot)
        content, _ = state.terms
        return applications.FileApplication(
            lot=lot,
            bidder=bidder,
            key=key,
            priority=priority,
            documents=json.dumps(list(documents), ensure_ascii=False, sort_keys=True),
            promised=promised,
            sign_up_from=content.times.sign_up_from,
            sign_up_until=sign_up_deadline(state),
            filed_before=queries.applied_before(lot, bidder.id_number),
            excluded=_defaulted(content.again_of, bidder.id_number),
            at=at,
        )

    return enact_one(Order(APPLICATION, new_application(), command, once))


def _announced(lot: str) -> lots.State:
    state: lots.State = known_state(LOT, lot).state
    open_to_it = state.status in (Status.ANNOUNCED, Status.SUSPENDED)
    require(open_to_it, "lot.not-running")
    return state


def _defaulted(again_of: str, id_number: str) -> bool:
    """Whether this bidder won the lot before and let it go (法释〔2016〕18号 art. 24)."""
    if not again_of:
        return False
    before: lots.State = known_state(LOT, again_of).state
    if before.closing is None or not before.closing.defaults:
        return False
    rows = queries.of_paddles(again_of, sorted(before.closing.defaults))
    return id_number in {row.id_number for row in rows}


def admit(
    *, application: str, rank: int = 0, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Admit a bidder (准予参加竞买) and draw their paddle; `rank` of a priority right, 0: none."""

    def command() -> applications.AdmitApplication:
        state: applications.State = known_state(APPLICATION, application).state
        free = sorted({str(n) for n in PADDLES} - queries.paddles_taken(state.lot))
        return applications.AdmitApplication(
            paddle=secrets.choice(free) if free else "",
            rank=rank,
            qualifies=_qualifies(by, application),
            by=by,
            at=at,
        )

    return enact_one(Order(APPLICATION, application, command, once))


def refuse(
    *, application: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Refuse a bidder (不予参加竞买), with the reason."""

    def command() -> applications.RefuseApplication:
        return applications.RefuseApplication(
            reason=reason, qualifies=_qualifies(by, application), by=by, at=at
        )

    return enact_one(Order(APPLICATION, application, command, once))


def withdraw(*, application: str, person: str, at: datetime, once: str | None = None) -> Receipt:
    """Take a sign-up back (撤回报名)."""

    def command() -> applications.WithdrawApplication:
        own: applications.State = known_state(APPLICATION, application).state
        lot = _announced(own.lot)
        return applications.WithdrawApplication(
            person=person,
            sign_up_until=sign_up_deadline(lot),
            has_bid=has_bid(lot, own.paddle),
            at=at,
        )

    return enact_one(Order(APPLICATION, application, command, once))


def replace_key(
    *, application: str, person: str, key: str, at: datetime, once: str | None = None
) -> Receipt:
    """Go on with another browser (更换会话密钥)."""
    command = applications.ReplaceKey(person=person, key=key, at=at)
    return enact_one(Order(APPLICATION, application, command, once))


def _qualifies(person: str, application: str) -> bool:
    row = queries.application(application)
    lot = queries.lot(row.lot) if row else None
    return lot is not None and access.qualifies(people.actor(person), lot)


# ── The way into the room ───────────────────────────────────────────────────


def is_paid(application: str, lot: str) -> bool:
    """Whether the deposit of this application came in time, or the lot asks for none."""
    state: lots.State = known_state(LOT, lot).state
    content, _ = state.terms
    if not content.deposit_fen:
        return True
    standing = deposits.standing(application)
    return standing is not None and standing.paid_on_time


def token_for(*, application: str, person: str, at: datetime) -> str:
    """Return the token with which this bidder's page bids.

    Raises Refused: application.not-yours, application.not-admitted, application.not-paid.
    """
    own: applications.State = known_state(APPLICATION, application).state
    require(bool(own.person) and own.person == person, "application.not-yours")
    require(own.status == "admitted", "application.not-admitted")
    if not is_paid(application, own.lot):
        raise Refused("application.not-paid")
    token = tokens.PaddleToken(
        lot=own.lot,
        paddle=own.paddle,
        key=own.key,
        key_no=own.key_no,
        rank=own.rank,
        application=application,
        until=at + TOKEN_LASTS,
    )
    return tokens.issue(token, secret=settings.SECRET_KEY)
