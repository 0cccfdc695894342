"""From the notice to the choice (采购、报名、开启、评审)."""

import logging
import secrets
from datetime import datetime

from mingtang.core.decider import Refused
from mingtang.core.intermediaries.needs import commands
from mingtang.core.intermediaries.needs.terms import Mark, NeedContent, Publisher, Scorer
from mingtang.intermediaries import access, queries
from mingtang.intermediaries.projection import NEED
from mingtang.ledger.enact import enact_one
from mingtang.ledger.numbers import drawn_number
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people

log = logging.getLogger(__name__)


def new_key() -> str:
    """Return a need's number (采购编号): 40 random bits."""
    return drawn_number("ZJ")


def publish(
    *,
    content: NeedContent,
    publisher: Publisher,
    case: str = "",
    invited: str = "",
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Publish a need (发布采购公告). `receipt.key` is its number.

    `case`: number of the case it is for. `invited`: code of the body that is named directly.
    Raises Refused: see `core.intermediaries.needs.selecting.publish`.
    """
    key, seed = new_key(), secrets.token_hex(32)

    def command() -> commands.PublishNeed:
        named = queries.candidate(
            invited, service=content.service, publisher=publisher, case=case, at=at
        )
        return commands.PublishNeed(
            need=key,
            content=content,
            service=queries.service_in_force(content.service),
            publisher=publisher,
            own=access.may_publish_as(people.actor(by), publisher),
            case=case,
            case_own=queries.is_affair_of(queries.case_in_hand(case), publisher),
            invited=named if invited else None,
            seed=seed,
            by=by,
            at=at,
        )

    return enact_one(Order(NEED, key, command, once))


def sign_up(
    *,
    need: str,
    body: str,
    nonce: str,
    price_fen: int = 0,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Sign a body up (报名). Raises Refused: see `core…selecting.sign_up`."""

    def command() -> commands.SignUp:
        row = _known(need)
        return commands.SignUp(
            candidate=queries.candidate(
                body,
                service=row.service,
                publisher=queries.publisher_of(row),
                case=row.case,
                at=at,
            ),
            price_fen=price_fen,
            nonce=nonce,
            represents=access.represents(people.actor(by), body),
            by=by,
            at=at,
        )

    return enact_one(Order(NEED, need, command, once))


def withdraw(*, need: str, body: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Withdraw a body's sign-up (撤回报名). Raises Refused: need.sign-up-over, …"""

    def command() -> commands.WithdrawSignUp:
        represents = access.represents(people.actor(by), body)
        return commands.WithdrawSignUp(body=body, represents=represents, by=by, at=at)

    return enact_one(Order(NEED, need, command, once))


def open_due(*, at: datetime) -> int:
    """Open every need whose time to sign up is over (开启); return how many were."""
    opened = 0
    for key in queries.due_to_open(at):
        try:
            open_need(need=key, at=at)
            opened += 1
        except Refused as refused:  # somebody else opened it meanwhile
            log.info("need %s was not opened: %s", key, refused.code)
    return opened


def open_need(*, need: str, at: datetime) -> Receipt:
    """Open one (开启). Raises Refused: need.not-open, need.sign-up-running."""

    def command() -> commands.OpenNeed:
        row = _known(need)
        publisher = queries.publisher_of(row)
        found = [
            queries.candidate(code, service=row.service, publisher=publisher, case=row.case, at=at)
            for code in queries.entered(need)
        ]
        barred = tuple((one.body, one.barred) for one in found if one.barred)
        return commands.OpenNeed(barred=barred, at=at)

    return enact_one(Order(NEED, need, command))


def score(
    *,
    need: str,
    body: str,
    marks: tuple[Mark, ...],
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Score a body (评分). Raises Refused: see `core…selecting.score`."""

    def command() -> commands.ScoreBody:
        scorer = access.scorer(people.actor(by), _known(need))
        return commands.ScoreBody(
            body=body,
            marks=marks,
            scorer=scorer or Scorer(person=by, name="", staff_no=""),
            may=scorer is not None,
            at=at,
        )

    return enact_one(Order(NEED, need, command, once))


def choose_best(*, need: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Choose whoever has the highest sum (择优选定). Raises Refused: need.scores-missing, …"""

    def command() -> commands.ChooseBest:
        own = access.is_publisher(people.actor(by), _known(need))
        return commands.ChooseBest(own=own, by=by, at=at)

    return enact_one(Order(NEED, need, command, once))


def _known(need: str) -> queries.NeedRow:
    row = queries.need(need)
    if row is None:
        raise Refused("need.unknown")
    return row
