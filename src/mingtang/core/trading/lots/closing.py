"""How a lot ends (竞价结果): who wins, at which price, or why nobody does.

`outcome` is computed from the state and the opened offers alone: whoever has the published record
computes the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from mingtang.core.trading.lots.commands import Offer
from mingtang.core.trading.lots.events import LotAward, LotDraw, Verdict
from mingtang.core.trading.lots.state import Best, State
from mingtang.core.trading.parameters import AfterCeiling, Bidding, Direction


@dataclass(frozen=True, slots=True)
class Result:
    verdict: Verdict
    awards: tuple[LotAward, ...] = ()
    draw: LotDraw | None = None
    bidders: int = 0


def outcome(state: State, offers: Sequence[Offer]) -> Result:
    """Return how the lot ends."""
    _, procedure = state.terms
    if state.ceiling:
        return _after_ceiling(state, offers)
    if procedure.bidding in (Bidding.SEALED, Bidding.MULTI_UNIT):
        return _of_offers(state, offers)
    bidders = sum(1 for paddle in state.paddles.values() if paddle.quoted)
    if state.best is None:
        return Result(Verdict.NO_BIDS)
    if bidders < procedure.least_bidders:
        return Result(Verdict.TOO_FEW, bidders=bidders)
    if not reaches_reserve(state, state.best.price_fen):
        return Result(Verdict.BELOW_RESERVE, bidders=bidders)
    return _to_the_leader(state, bidders)


def _to_the_leader(state: State, bidders: int) -> Result:
    """Whoever leads has it, unless barred: then nobody has, for the others did not bid it out."""
    assert state.best is not None
    if _is_barred(state, state.best.paddle):
        return Result(Verdict.LEADER_BARRED, bidders=bidders)
    return Result(Verdict.SOLD, (_whole(state.best),), bidders=bidders)


def _is_barred(state: State, name: str) -> bool:
    paddle = state.paddles.get(name)
    return paddle is not None and paddle.barred


def _whole(best: Best) -> LotAward:
    return LotAward(paddle=best.paddle, price_fen=best.price_fen, quantity=1)


def reserve_fen(state: State) -> int:
    """Return the reserve: entered by two persons, or announced, or said by the procedure."""
    content, procedure = state.terms
    share = procedure.reserve.of_start_permille if procedure.reserve else 0
    return state.reserve_fen or content.reserve_fen or content.start_fen * share // 1_000


def reaches_reserve(state: State, price: int) -> bool:
    """Whether a price has effect (拍卖法 art. 50); in a reverse auction, from above."""
    _, procedure = state.terms
    reserve = reserve_fen(state)
    if not reserve:
        return True
    return price <= reserve if procedure.direction is Direction.REVERSE else price >= reserve


# ── Sealed offers ───────────────────────────────────────────────────────────


def _of_offers(state: State, offers: Sequence[Offer]) -> Result:
    _, procedure = state.terms
    counted = [offer for offer in offers if not _is_barred(state, offer.paddle)]
    bidders = len(counted)
    if not counted:
        return Result(Verdict.NO_BIDS)
    if bidders < procedure.least_bidders:
        return Result(Verdict.TOO_FEW, bidders=bidders)
    effective = [offer for offer in counted if reaches_reserve(state, offer.price_fen)]
    if not effective:
        return Result(Verdict.BELOW_RESERVE, bidders=bidders)
    up = -1 if procedure.direction is Direction.REVERSE else 1
    ranked = sorted(effective, key=lambda o: (-up * o.price_fen, o.received, o.paddle))
    if procedure.bidding is Bidding.MULTI_UNIT:
        awards = allocate(state, ranked, bidders=bidders)
        return Result(Verdict.SOLD, awards, bidders=bidders)
    first = ranked[0]
    award = LotAward(paddle=first.paddle, price_fen=first.price_fen, quantity=1)
    return Result(Verdict.SOLD, (award,), bidders=bidders)


def allocate(state: State, ranked: Sequence[Offer], *, bidders: int) -> tuple[LotAward, ...]:
    """Serve the best offers until nothing is left (配售); each pays what they bid.

    Of so many bidders the table serves a share, rounded down, one at least. The last one served
    gets what is left, or nothing where the procedure does not divide.
    """
    content, procedure = state.terms
    assert procedure.allocation is not None
    rows = [row for row in procedure.allocation.table if row.from_bidders <= bidders]
    winners = max(1, bidders * rows[-1].winners_permille // 1_000)
    left, awards = content.quantity, []
    for offer in ranked[:winners]:
        got = min(offer.quantity, left)
        if got < offer.quantity and not (got and procedure.allocation.partly):
            break
        awards.append(LotAward(paddle=offer.paddle, price_fen=offer.price_fen, quantity=got))
        left -= got
    return tuple(awards)


# ── After a ceiling ─────────────────────────────────────────────────────────


def _after_ceiling(state: State, offers: Sequence[Offer]) -> Result:
    _, procedure = state.terms
    assert state.ceiling is not None
    assert procedure.ceiling is not None
    assert state.best is not None
    entered = dict(state.ceiling.nonces)
    bidders = len({name for name, paddle in state.paddles.items() if paddle.quoted} | {*entered})
    if bidders < procedure.least_bidders:
        return Result(Verdict.TOO_FEW, bidders=bidders)
    if procedure.ceiling.then is AfterCeiling.LOT:
        paddles = tuple(sorted(name for name in entered if not _is_barred(state, name)))
        if len(paddles) < procedure.ceiling.least_bidders:
            return _to_the_leader(state, bidders)
        draw = LotDraw(
            seed=state.seed, paddles=paddles, nonces=tuple(entered[paddle] for paddle in paddles)
        )
        award = LotAward(paddle=drawn(draw), price_fen=state.best.price_fen, quantity=1)
        return Result(Verdict.SOLD, (award,), draw, bidders)
    quoted = [o for o in offers if o.paddle in entered and not _is_barred(state, o.paddle)]
    if not quoted:
        return _to_the_leader(state, bidders)
    average = Fraction(sum(o.price_fen for o in quoted), len(quoted))
    nearest = min(quoted, key=lambda o: (abs(o.price_fen - average), o.received, o.paddle))
    award = LotAward(paddle=nearest.paddle, price_fen=nearest.price_fen, quantity=1)
    return Result(Verdict.SOLD, (award,), bidders=bidders)


def drawn(draw: LotDraw) -> str:
    """Return the paddle that is drawn (摇号).

    SHA-256 over the seed and every bidder's nonce, in the order of the paddles, each on a line; as
    an integer modulo the number of paddles, taken again with a counter where it would favour some.
    Nobody can aim at a result: the seed was bound before anyone had declared, and each nonce is
    sealed until the end.
    """
    count = len(draw.paddles)
    fair = 2**256 - 2**256 % count
    for turn in range(1_000):
        text = "\n".join((draw.seed, *draw.nonces, str(turn)))
        number = int.from_bytes(sha256(text.encode()).digest())
        if number < fair:
            return draw.paddles[number % count]
    raise AssertionError("a thousand digests in the last sliver of all there are")
