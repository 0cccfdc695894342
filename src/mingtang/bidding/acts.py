"""What a bidder can do in the room: read from JSON, handed to trading with others' in one commit.

    {"price_fen": 1250000, "ref": "…", "signature": "…"}                    a bid
    {"price_fen": 1250000, "quantity": 20, "ref": "…", "signature": "…"}    a sealed offer
    {"nonce": "…", "ref": "…", "signature": "…"}                            a declaration

`ref` is a random name the browser gives its request: sent again, it is the same act.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingtang.bidding.signatures import Signed, signed
from mingtang.core.clock import CHINA
from mingtang.core.decider import Refused
from mingtang.core.trading.applications import bid_message, declaration_message
from mingtang.ledger.orders import Outcome
from mingtang.trading.actions.bids import Declaring, Message, Offering, Placing, place_bids
from mingtang.trading.ports.tokens import PaddleToken

REF = re.compile(r"[A-Za-z0-9_-]{16,64}")
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}")
MOST_FEN = 10**15  # ten trillion yuan; far below what a column holds
MOST_QUANTITY = 10**9


@dataclass(frozen=True, slots=True)
class Act:
    """A message on its way, what its sender signed, and by which key it has to be."""

    message: Message
    signed: Signed
    once: str  # what makes it this very act


def read_bid(token: PaddleToken, said: Mapping[str, Any], received: datetime) -> Act:
    """Return a bid (报价). Raises Refused: room.malformed."""
    price = _number(said.get("price_fen"), MOST_FEN)
    ref, signature = _text(said.get("ref"), REF), _text(said.get("signature"), SIGNATURE)
    bid = Placing(
        lot=token.lot,
        paddle=token.paddle,
        key=token.key,
        key_no=token.key_no,
        rank=token.rank,
        price_fen=price,
        ref=ref,
        signature=signature,
        received=received,
    )
    text = bid_message(
        lot=token.lot, paddle=token.paddle, price_fen=price, quantity=1, ref=ref
    ).decode()
    return Act(bid, (text, token.key, signature), f"{token.lot} {token.paddle} {ref}")


def read_declaration(token: PaddleToken, said: Mapping[str, Any], received: datetime) -> Act:
    """Return a declaration (参加限时竞价). Raises Refused: room.malformed."""
    nonce = _text(said.get("nonce"), NONCE)
    ref, signature = _text(said.get("ref"), REF), _text(said.get("signature"), SIGNATURE)
    declaration = Declaring(
        lot=token.lot,
        paddle=token.paddle,
        key=token.key,
        key_no=token.key_no,
        rank=token.rank,
        nonce=nonce,
        ref=ref,
        signature=signature,
        received=received,
    )
    text = declaration_message(lot=token.lot, paddle=token.paddle, nonce=nonce, ref=ref).decode()
    return Act(declaration, (text, token.key, signature), f"{token.lot} {token.paddle} {ref}")


def read_offer(token: PaddleToken, said: Mapping[str, Any], received: datetime) -> Act:
    """Return a sealed offer (密封报价). Raises Refused: room.malformed."""
    price = _number(said.get("price_fen"), MOST_FEN)
    quantity = _number(said.get("quantity", 1), MOST_QUANTITY)
    ref, signature = _text(said.get("ref"), REF), _text(said.get("signature"), SIGNATURE)
    offer = Offering(
        lot=token.lot,
        application=token.application,
        price_fen=price,
        quantity=quantity,
        ref=ref,
        signature=signature,
        received=received,
    )
    text = bid_message(
        lot=token.lot, paddle=token.paddle, price_fen=price, quantity=quantity, ref=ref
    ).decode()
    return Act(offer, (text, token.key, signature), f"{token.application} {ref}")


def enact(acts: Sequence[Act]) -> Sequence[Outcome]:
    """Enact those whose signature fits, in one commit; the others are refused, each alone."""
    fits = [signed(*act.signed) for act in acts]
    sound = [act.message for act, fit in zip(acts, fits, strict=True) if fit]
    outcomes = iter(place_bids(sound, clock=_now) if sound else ())
    return [next(outcomes) if fit else Refused("room.signature-wrong") for fit in fits]


def _now() -> datetime:
    return datetime.now(CHINA)


def _number(value: object, most: int) -> int:
    if type(value) is not int or not 0 < value <= most:
        raise Refused("room.malformed")
    return value


def _text(value: object, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Refused("room.malformed")
    return value
