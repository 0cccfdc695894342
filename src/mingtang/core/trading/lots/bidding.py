"""Whether a bid counts (报价是否有效). Every rule a bidder can meet in the room stands here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mingtang.core.decider import Refused, require
from mingtang.core.trading.lots.commands import DeclareEntry, PlaceBid
from mingtang.core.trading.lots.course import (
    ASKED,
    Span,
    ends_at,
    in_time,
    is_settling,
    price_at,
    span_at,
)
from mingtang.core.trading.lots.events import (
    BidPlaced,
    CeilingReached,
    EntryDeclared,
    Event,
    PaddleAppeared,
    Part,
)
from mingtang.core.trading.lots.state import Paddle, State, Status
from mingtang.core.trading.lots.terms import MOST_FEN
from mingtang.core.trading.parameters import Direction, Entry, TimedStart
from mingtang.core.wire import Sealed

BIDDING = (Part.FREE, Part.TIMED, Part.OPEN, Part.FALLING)
CODES = {
    Part.BEFORE: "lot.not-open-yet",
    Part.BLACKOUT: "lot.silent",
    Part.ASKING: "lot.asking",
    Part.CEILING: "lot.ceiling-reached",
    Part.ONE_SHOT: "lot.ceiling-reached",
    Part.PAUSED: "lot.suspended",
    Part.OVER: "lot.over",
    Part.SEALED: "lot.sealed",
}


def place_bid(state: State, command: PlaceBid) -> Sequence[Event]:
    """Return the bid, after the paddle's first appearance if it is that.

    Raises Refused: those of `require_in_time` and `known_paddle`; lot.settling, one of CODES
    (facts: until); lot.not-entitled, lot.bids-used-up (facts: most), lot.leading-already,
    lot.price-below (facts: least_fen), lot.price-above (facts: most_fen), lot.price-not-stepped
    (facts: step_fen), lot.price-too-far (facts: most_fen).
    """
    span = require_in_time(state, command.received, command.at)
    if span.part is Part.OVER:
        require(not is_settling(state, command.at), "lot.settling")
    if span.part not in BIDDING or state.ceiling:
        raise Refused(CODES.get(span.part, "lot.ceiling-reached"), until=span.until)
    paddle, appeared = known_paddle(state, command)
    if span.part is Part.TIMED:
        require(_may_enter(state, paddle), "lot.not-entitled")
    content, procedure = state.terms
    most = procedure.most_bids
    require(not most or paddle.bids < most, "lot.bids-used-up", most=most)
    if span.part is Part.FALLING:
        _require_taken(state, command)
    else:
        _require_price(state, command, timed=span.part is Part.TIMED)
    bid = BidPlaced(
        no=state.bids + 1,
        paddle=command.paddle,
        price_fen=command.price_fen,
        part=span.part,
        ref=command.ref,
        signature=command.signature,
        received=command.received,
        at=command.at,
    )
    if content.ceiling_fen and command.price_fen == content.ceiling_fen:
        reached = CeilingReached(paddle=command.paddle, at=command.received)
        return [*appeared, bid, reached]
    return [*appeared, bid]


def declare_entry(state: State, command: DeclareEntry) -> Sequence[Event]:
    """Return the declaration, after the paddle's first appearance if it is that.

    Raises Refused: those of `require_in_time` and `known_paddle`; lot.nothing-asked,
    lot.declared-already, lot.not-entitled.
    """
    span = require_in_time(state, command.received, command.at)
    _, procedure = state.terms
    asked = procedure.entry in ASKED and not state.ceiling
    asks = span.part is Part.CEILING or (asked and span.part is Part.ASKING)
    require(asks, "lot.nothing-asked")
    paddle, appeared = known_paddle(state, command)
    if state.ceiling:
        said = command.paddle in dict(state.ceiling.nonces)
        require(not said, "lot.declared-already")
    else:
        require(not paddle.declared, "lot.declared-already")
        quoted = paddle.quoted or procedure.entry is not Entry.QUOTED_AND_ASKED
        require(quoted, "lot.not-entitled")
    declared = EntryDeclared(
        paddle=command.paddle,
        part=span.part,
        nonce=Sealed(command.nonce),
        ref=command.ref,
        signature=command.signature,
        received=command.received,
        at=command.at,
    )
    return [*appeared, declared]


def require_in_time(state: State, received: datetime, at: datetime) -> Span:
    """Return the part a message falls in: that of the moment it was received.

    Raises Refused: lot.not-announced, lot.clock-ahead, lot.too-slow.
    """
    require(state.status is not Status.NONE, "lot.not-announced")
    require(received <= at, "lot.clock-ahead")
    span = span_at(state, received)
    if span.part not in (Part.OVER, Part.PAUSED):  # those say more
        require(in_time(span.until, at), "lot.too-slow")
    return span


def known_paddle(
    state: State, command: PlaceBid | DeclareEntry
) -> tuple[Paddle, Sequence[PaddleAppeared]]:
    """Return the paddle, and its appearance if it or its key is new.

    Raises Refused: lot.paddle-barred, lot.key-replaced, lot.key-differs.
    """
    paddle = state.paddles.get(command.paddle)
    require(paddle is None or not paddle.barred, "lot.paddle-barred")
    if paddle is not None and command.key_no == paddle.key_no:
        same = (paddle.key, paddle.rank) == (command.key, command.rank)
        require(same, "lot.key-differs")
        return paddle, []
    require(paddle is None or command.key_no > paddle.key_no, "lot.key-replaced")
    appeared = PaddleAppeared(
        paddle=command.paddle,
        key=command.key,
        key_no=command.key_no,
        rank=command.rank,
        at=command.received,
    )
    known = paddle or Paddle(command.key, command.key_no, command.rank)
    return known, [appeared]


def _may_enter(state: State, paddle: Paddle) -> bool:
    _, procedure = state.terms
    match procedure.entry:
        case Entry.QUOTED:
            return paddle.quoted
        case Entry.ASKED:
            return paddle.declared
        case Entry.QUOTED_AND_ASKED:
            return paddle.quoted and paddle.declared
        case _:
            return True


# ── Prices ──────────────────────────────────────────────────────────────────


def _require_taken(state: State, command: PlaceBid) -> None:
    """Whoever takes a falling price takes one there was: the present one, or one before it."""
    least = price_at(state, command.received)
    content, _ = state.terms
    require(command.price_fen >= least, "lot.price-below", least_fen=least)
    most = content.start_fen
    require(command.price_fen <= most, "lot.price-above", most_fen=most)


def _require_price(state: State, command: PlaceBid, *, timed: bool) -> None:
    content, procedure = state.terms
    up = 1 if procedure.direction is Direction.ASCENDING else -1
    best = state.best
    if best is not None:
        require(best.paddle != command.paddle, "lot.leading-already")
        if _matches(state, command):
            return
    price, ceiling = command.price_fen, content.ceiling_fen
    base, fewest = next_step(state, timed=timed)
    step = step_fen(state, base)
    least = base + up * fewest * step
    # a ceiling is reached even where the last step is a shorter one
    to_ceiling = bool(ceiling) and base < price == ceiling
    if up > 0:
        require(
            price >= least or to_ceiling, "lot.price-below", least_fen=min(least, ceiling or least)
        )
    else:
        require(price > 0, "lot.price-below", least_fen=1)
        require(price <= least, "lot.price-above", most_fen=least)
    bound = ceiling or MOST_FEN
    require(price <= bound, "lot.price-above", most_fen=bound)
    steps, left = divmod(abs(price - base), step)
    require(left == 0 or to_ceiling, "lot.price-not-stepped", step_fen=step)
    most = procedure.step.most_at_once if procedure.step else 0
    furthest = base + up * most * step
    require(not most or steps + bool(left) <= most, "lot.price-too-far", most_fen=furthest)


def next_step(state: State, *, timed: bool) -> tuple[int, int]:
    """Return the price a bid is measured from, and by how many steps at least it goes beyond."""
    content, procedure = state.terms
    best = state.best
    if best is None:
        return content.start_fen, 0
    first = timed and not best.timed and procedure.timed_start is TimedStart.HIGHEST
    return best.price_fen, 0 if first else 1


def step_fen(state: State, price: int) -> int:
    """Return the step at a price, in fen; never 0."""
    content, procedure = state.terms
    if content.step_fen:
        return content.step_fen
    rows = procedure.step.table if procedure.step else ()
    fitting = [row.step_fen for row in rows if row.from_fen <= price]
    return fitting[-1] if fitting else max(1, procedure.step.least_fen if procedure.step else 1)


def _matches(state: State, command: PlaceBid) -> bool:
    """Whether a holder of a priority right takes the same price (法释〔2016〕18号 art. 21)."""
    _, procedure = state.terms
    best = state.best
    assert best is not None
    if procedure.priority is None or not command.rank or command.price_fen != best.price_fen:
        return False
    return not best.rank or (procedure.priority.ranked and command.rank < best.rank)


def least_next(state: State, moment: datetime) -> int | None:
    """Return the lowest price (of a reverse auction the highest) that would count now."""
    span = span_at(state, moment)
    if state.ceiling:
        return None
    if span.part is Part.FALLING:
        return price_at(state, moment)
    if span.part not in BIDDING:
        return None
    content, procedure = state.terms
    base, fewest = next_step(state, timed=span.part is Part.TIMED)
    up = 1 if procedure.direction is Direction.ASCENDING else -1
    least = base + up * fewest * step_fen(state, base)
    if least <= 0:
        return None
    return min(least, content.ceiling_fen) if content.ceiling_fen else least


# ── Extensions ──────────────────────────────────────────────────────────────


def end_after(state: State, bid: BidPlaced) -> datetime | None:
    """Return the end once this bid counts, or None where it still follows from the others."""
    _, procedure = state.terms
    if bid.part is Part.FALLING:
        return bid.received  # taken
    extension = procedure.extension
    if not extension or bid.part not in (Part.TIMED, Part.OPEN):
        return state.end
    end = ends_at(state)
    if extension.most and state.extensions >= extension.most:
        return state.end
    if end - bid.received > timedelta(seconds=extension.window_seconds):
        return state.end
    later = bid.received + timedelta(seconds=extension.by_seconds)
    return later if later > end else state.end
