"""What a lot asks of those who take part (参加竞买条件): by when to pay, what to offer.

Orders to other streams look these up in the lot; whoever checks a record does the same.
"""

from datetime import datetime

from mingtang.core.trading import lots
from mingtang.core.trading.applications import OfferTerms
from mingtang.core.trading.lots.bidding import step_fen
from mingtang.core.trading.lots.course import span_at
from mingtang.core.trading.lots.events import Part
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.parameters import Bidding, DepositDue, Direction

NOT_ANNOUNCED = OfferTerms(
    part=Part.BEFORE,
    until=None,
    least_fen=0,
    most_fen=0,
    step_fen=0,
    quantity=0,
    most_offers=0,
    entered=False,
    barred=False,
)


def offer_terms(lot: lots.State, paddle: str, *, received: datetime) -> OfferTerms:
    """Return what a lot says of this paddle's sealed offer received at a moment."""
    if lot.status is Status.NONE:
        return NOT_ANNOUNCED
    content, procedure = lot.terms
    span = span_at(lot, received)
    several = procedure.bidding is Bidding.MULTI_UNIT
    falls = procedure.direction is Direction.REVERSE
    one_shot = span.part is Part.ONE_SHOT
    least = content.ceiling_fen if one_shot else content.start_fen
    seen = lot.paddles.get(paddle)
    entered = lot.ceiling is not None and paddle in dict(lot.ceiling.nonces)
    return OfferTerms(
        part=span.part,
        until=span.until,
        least_fen=0 if falls else least,
        most_fen=content.start_fen if falls else 0,
        step_fen=step_fen(lot, content.start_fen) if several else 0,
        quantity=content.quantity if several else 1,
        most_offers=procedure.most_bids,
        entered=not one_shot or entered,
        barred=seen is not None and seen.barred,
    )


def sign_up_deadline(lot: lots.State) -> datetime:
    """Return until when one can sign up for an announced lot, or withdraw."""
    assert lot.sign_up_until is not None, "nothing is asked of a lot before it is announced"
    return lot.sign_up_until


def deposit_deadline(lot: lots.State) -> datetime:
    """Return by when the bank has to have booked a deposit for an announced lot."""
    _, procedure = lot.terms
    if procedure.deposit and procedure.deposit.due is DepositDue.BIDDING_START:
        return lot.hours[0]
    assert lot.deposit_until is not None, "nothing is asked of a lot before it is announced"
    return lot.deposit_until


def has_bid(lot: lots.State, paddle: str) -> bool:
    """Whether a paddle bid for a lot, or said that it takes part in what follows."""
    seen = lot.paddles.get(paddle)
    entered = lot.ceiling is not None and paddle in dict(lot.ceiling.nonces)
    return entered or (seen is not None and (seen.quoted or seen.declared))
