"""Everything that can be done to ratings. One function per command; nothing else writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from mingtang.core import callbacks, ratings, tallies
from mingtang.core.ballots import IssueBallot, ServedAt
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.ledger.enact import enact, enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.ratings import queries
from mingtang.ratings.ports import tokens
from mingtang.ratings.projection import BALLOT, CALLBACK, RATING, TALLY


@dataclass(frozen=True, slots=True)
class Finished:
    """A service that came to its end, of whatever kind: what a ballot is issued for."""

    origin: str  # its stream, e.g. "case/MT-7K2P-9QXD"
    item: str
    department: str
    channel: ServedAt
    at: datetime


def token_of(origin: str) -> str:
    """Return the token for what was finished; it is made again each time, and never kept."""
    return tokens.token_for(origin, secret=settings.SECRET_KEY)


def origin_of_number(stream: str, number: str) -> str:
    """Return the origin of the ballot of a number of a hall's day: `stream` with the number."""
    return f"{stream}.{number}"


def issue(finished: Sequence[Finished]) -> int:
    """Issue the ballots of finished services (发放评价凭证), one each; return how many are new."""
    outcomes = enact([_ballot(one) for one in finished])
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _ballot(one: Finished) -> Order:
    command = IssueBallot(
        origin=one.origin,
        digest=tokens.digest_of(token_of(one.origin)),
        item=one.item,
        department=one.department,
        channel=one.channel,
        at=one.at,
    )
    return Order(BALLOT, one.origin.replace("/", "-"), command)


def give(
    *,
    token: str,
    grade: int,
    reply: str,
    at: datetime,
    aspects: Mapping[str, int] | None = None,
    text: str = "",
    contact: str = "",
    once: str | None = None,
) -> Receipt:
    """Rate a finished service (评价) by its token. `reply`: the secret the rater comes back with.

    Raises Refused: what `core.ratings` says.
    """

    def command() -> ratings.GiveRating:
        return ratings.GiveRating(
            ballot=queries.ballot(tokens.digest_of(token)),
            grade=grade,
            aspects=aspects or {},
            text=text,
            contact=contact,
            reply=tokens.reply_digest(reply),
            at=at,
        )

    return enact_one(Order(RATING, tokens.rating_of(token), command, once))


def publish(*, at: datetime) -> int:
    """Count what was given before today and can be counted (公布评价); return how many tallies.

    What cannot be told apart from too few others waits. May die anywhere and start again.
    """
    day, published = civil_day(at), 0

    def command() -> tallies.CountRatings:
        return tallies.CountRatings(day=day, waiting=queries.waiting(), at=at)

    while tallies.countable(queries.waiting(), day):
        enact_one(Order(TALLY, f"{day}-{queries.tallies_on(day) + 1}", command))
        published += 1
    return published


def call_back(
    *,
    rating: str,
    reached: bool,
    note: str,
    posts: frozenset[str],
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Call back whoever gave a bad rating (回访), or write down that it was tried."""
    bad = _bad(rating)
    command = callbacks.CallBack(
        subject=_subject(bad), reached=reached, note=note, posts=posts, by=by, at=at
    )
    return enact_one(_callback(bad, command, once))


def rectify(
    *,
    rating: str,
    result: str,
    posts: frozenset[str],
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record what was put right (整改), in words for the rater."""
    bad = _bad(rating)
    command = callbacks.Rectify(subject=_subject(bad), result=result, posts=posts, by=by, at=at)
    return enact_one(_callback(bad, command, once))


def answer(*, reply: str, settled: bool, at: datetime, once: str | None = None) -> Receipt:
    """Say whether it is settled (评价人确认), by the secret of whoever rated.

    Raises Refused: rating.unknown-token, callback.nothing-to-answer.
    """
    row = queries.rating_with_reply(tokens.reply_digest(reply))
    if row is None:
        raise Refused("rating.unknown-token")
    command = callbacks.AnswerRectification(settled=settled, at=at)
    return enact_one(_callback(row, command, once))


def _bad(rating: str) -> queries.RatingRow:
    row = queries.rating(rating)
    if row is None:
        raise Refused("callback.not-bad")
    return row


def _subject(row: queries.RatingRow) -> callbacks.Subject:
    return callbacks.Subject(rating=row.key, grade=row.grade, department=row.department)


def _callback(row: queries.RatingRow, command: callbacks.Command, once: str | None) -> Order:
    return Order(CALLBACK, tokens.callback_of(row.reply), command, once)
