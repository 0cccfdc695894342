"""Bidding (报价): what the room sends, many at a time, each with its own answer.

`received` is the server's clock when a message arrived; the moment of its turn is taken when it
comes, inside the commit. A message asked for again is answered with its first receipt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from mingtang.core.decider import require
from mingtang.core.trading import applications, lots
from mingtang.core.trading.lots.commands import DeclareEntry, Offer, PlaceBid
from mingtang.core.trading.participation import offer_terms
from mingtang.ledger.enact import Outcome, enact, known_state
from mingtang.ledger.orders import Order, Receipt
from mingtang.trading import queries
from mingtang.trading.actions import paddles
from mingtang.trading.projection import APPLICATION, LOT

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """One bid on its way: paddle, key and rank are those of its token, the signature checked."""

    lot: str
    paddle: str
    key: str
    key_no: int
    rank: int
    price_fen: int
    ref: str
    signature: str
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaring:
    """One declaration on its way (参加限时竞价)."""

    lot: str
    paddle: str
    key: str
    key_no: int
    rank: int
    nonce: str
    ref: str
    signature: str
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """One sealed offer on its way."""

    lot: str
    application: str
    price_fen: int
    quantity: int
    ref: str
    signature: str
    received: datetime


Message = Placing | Declaring | Offering


def place_bids(messages: Sequence[Message], *, clock: Clock = timezone.localtime) -> list[Outcome]:
    """Let the rules decide each in turn, all in one commit; return an outcome for each.

    Raises only when nothing at all could be written.
    """
    return enact([_order(message, clock) for message in messages])


def _order(message: Message, clock: Clock) -> Order:
    if isinstance(message, Offering):
        once = f"offer {message.application} {message.ref}"
        return Order(APPLICATION, message.application, _offer(message, clock), once)
    once = f"bid {message.lot} {message.paddle} {message.ref}"
    if isinstance(message, Placing):
        return Order(LOT, message.lot, _bid(message, clock), once)
    return Order(LOT, message.lot, _declaration(message, clock), once)


def _bid(bid: Placing, clock: Clock) -> Callable[[], PlaceBid]:
    def command() -> PlaceBid:
        _require_admitted(bid)
        return PlaceBid(
            paddle=bid.paddle,
            key=bid.key,
            key_no=bid.key_no,
            rank=bid.rank,
            price_fen=bid.price_fen,
            ref=bid.ref,
            signature=bid.signature,
            received=bid.received,
            at=max(clock(), bid.received),  # both are of one clock, which may be set back
        )

    return command


def _declaration(said: Declaring, clock: Clock) -> Callable[[], DeclareEntry]:
    def command() -> DeclareEntry:
        _require_admitted(said)
        return DeclareEntry(
            paddle=said.paddle,
            key=said.key,
            key_no=said.key_no,
            rank=said.rank,
            nonce=said.nonce,
            ref=said.ref,
            signature=said.signature,
            received=said.received,
            at=max(clock(), said.received),
        )

    return command


def _require_admitted(message: Placing | Declaring) -> None:
    """A token outlives what it was given for: what became of that since is asked here.

    It is asked once a paddle and key: whoever acted cannot withdraw, and the lot knows the key.
    Raises Refused: application.not-admitted, lot.key-replaced.
    """
    lot: lots.State = known_state(LOT, message.lot).state
    seen = lot.paddles.get(message.paddle)
    if seen is not None and seen.key_no == message.key_no:
        return
    for row in queries.of_paddles(message.lot, [message.paddle]):
        own: applications.State = known_state(APPLICATION, row.key).state
        require(own.status == "admitted", "application.not-admitted")
        require(own.key_no == message.key_no, "lot.key-replaced")


def _offer(offer: Offering, clock: Clock) -> Callable[[], applications.PlaceOffer]:
    def command() -> applications.PlaceOffer:
        own: applications.State = known_state(APPLICATION, offer.application).state
        lot: lots.State = known_state(LOT, own.lot).state
        return applications.PlaceOffer(
            person=own.person,  # the token is theirs
            price_fen=offer.price_fen,
            quantity=offer.quantity,
            ref=offer.ref,
            signature=offer.signature,
            terms=offer_terms(lot, own.paddle, received=offer.received),
            paid=paddles.is_paid(offer.application, own.lot),
            received=offer.received,
            at=max(clock(), offer.received),
        )

    return command


# ── Closing ─────────────────────────────────────────────────────────────────


def close_due(*, at: datetime, among: Sequence[str] = ()) -> int:
    """Close every lot whose time is up (结束竞价); return how many.

    Each stands alone: one that cannot be closed keeps no other waiting. A bid that came meanwhile
    and moved the end makes this a refusal, and nothing has happened.
    """
    due = queries.due_to_close(at=at, among=among)
    outcomes = [_closed(lot, at) for lot in due]
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _closed(lot: str, at: datetime) -> Outcome:
    def command() -> lots.commands.CloseLot:
        return lots.commands.CloseLot(offers=sealed_offers(lot), at=at)

    [outcome] = enact([Order(LOT, lot, command)])
    return outcome


def sealed_offers(lot: str) -> tuple[Offer, ...]:
    """Return every sealed offer for a lot there is, one a bidder, as it is opened at the end."""
    found = []
    for row in queries.admitted_to(lot):
        if not row.offers:
            continue
        state: applications.State = known_state(APPLICATION, row.key).state
        if state.offer is not None:
            found.append(
                Offer(
                    application=row.key,
                    paddle=state.paddle,
                    price_fen=state.offer.price_fen,
                    quantity=state.offer.quantity,
                    received=state.offer.received,
                )
            )
    return tuple(found)
