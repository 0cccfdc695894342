"""The course of a lot (竞价进程): in which part it is at a moment, until when, and when it ends.

Everything follows from what was announced, what moved it and the bids there were. Spans hold their
beginning and not their end: a bid received at the very end is too late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mingtang.core.trading.lots.events import Part
from mingtang.core.trading.lots.state import State, Status
from mingtang.core.trading.parameters import AfterCeiling, Bidding, Entry

# A message received before the end has this long after it to reach its turn; nobody closes a lot
# earlier than this after its end. So nothing that came in time is left out for want of a turn, and
# no end is final before this has passed.
SETTLE = timedelta(seconds=1)
ASKED = (Entry.ASKED, Entry.QUOTED_AND_ASKED)


@dataclass(frozen=True, slots=True)
class Span:
    """A part and its bounds; None where it has none that can be told."""

    part: Part
    since: datetime | None
    until: datetime | None


def span_at(state: State, moment: datetime) -> Span:
    """Return where an announced lot stands at a moment."""
    opens, closes = state.hours
    if state.status is Status.SUSPENDED:
        return Span(Part.PAUSED, state.suspended_at, None)
    if state.status in (Status.STOPPED, Status.CLOSED):
        return Span(Part.OVER, None, None)
    if state.paused and moment < state.paused[1]:
        # also what came before the pause: when it did, the spans were others
        return Span(Part.PAUSED, *state.paused)
    if state.ceiling and moment >= state.ceiling.begins:
        return _after_ceiling(state, moment)
    if moment < opens:
        return Span(Part.BEFORE, None, opens)
    return _bidding(state, moment, opens, closes)


def _bidding(state: State, moment: datetime, opens: datetime, closes: datetime) -> Span:
    _, procedure = state.terms
    match procedure.bidding:
        case Bidding.LISTING:
            return _listing(state, moment)
        case Bidding.DUTCH:
            part, end = Part.FALLING, ends_at(state)
            until = min(next_fall(state, moment), end)
        case Bidding.AUCTION:
            part, end = Part.OPEN, ends_at(state)
            until = end
        case _:
            part, end = Part.SEALED, closes
            until = end
    return Span(part, opens, until) if moment < end else Span(Part.OVER, end, None)


def _listing(state: State, moment: datetime) -> Span:
    _, procedure = state.terms
    opens, closes = state.hours
    silent = closes - timedelta(seconds=procedure.blackout_seconds)
    timed, end = timed_from(state), ends_at(state)
    if moment < silent:
        return Span(Part.FREE, opens, silent)
    if moment < closes:
        return Span(Part.BLACKOUT, silent, closes)
    if moment < timed:
        return Span(Part.ASKING, closes, timed)
    return Span(Part.TIMED, timed, end) if moment < end else Span(Part.OVER, end, None)


def _after_ceiling(state: State, moment: datetime) -> Span:
    assert state.ceiling is not None
    begins, asked = state.ceiling.begins, state.ceiling.asked
    end = ends_at(state)
    if moment < asked:
        return Span(Part.CEILING, begins, asked)
    return Span(Part.ONE_SHOT, asked, end) if moment < end else Span(Part.OVER, end, None)


def timed_from(state: State) -> datetime:
    """Return when the timed part of a listing begins."""
    _, procedure = state.terms
    if state.asked is not None:
        return state.asked
    return state.hours[1] + timedelta(seconds=procedure.asking_seconds)


def asked_until(state: State) -> datetime:
    """Return until when one may say that one takes part in what follows."""
    return state.ceiling.asked if state.ceiling else timed_from(state)


def ends_at(state: State) -> datetime:
    """Return when bidding ends, by what is known so far."""
    _, procedure = state.terms
    opens, closes = state.hours
    if state.end is not None:
        return state.end
    if state.ceiling:
        assert procedure.ceiling is not None
        asked = state.ceiling.asked
        if procedure.ceiling.then is AfterCeiling.LOT or len(state.ceiling.nonces) < 2:
            return asked
        return asked + timedelta(seconds=procedure.ceiling.quoting_seconds)
    if procedure.bidding is Bidding.DUTCH:
        return min(closes, opens + _falls(state) * fall_every(state))
    if procedure.bidding is Bidding.LISTING:
        timed = timed_from(state)
        if not _somebody_enters(state):
            return timed
        return timed + timedelta(seconds=procedure.countdown_seconds)
    return closes


def in_time(until: datetime | None, at: datetime) -> bool:
    """Whether what was received before `until` reaches its turn early enough to count."""
    return until is None or at < until + SETTLE


def is_settling(state: State, at: datetime) -> bool:
    """Whether the end is past, but what was received before it may still move it."""
    _, procedure = state.terms
    moves = procedure.bidding in (Bidding.LISTING, Bidding.AUCTION) and not state.ceiling
    return moves and state.status is Status.ANNOUNCED and in_time(ends_at(state), at)


def told_end(state: State) -> datetime:
    """Return the end as bidders may know it: nobody is told how far a price may fall."""
    _, procedure = state.terms
    falling = procedure.bidding is Bidding.DUTCH and state.end is None
    return state.hours[1] if falling else ends_at(state)


def _somebody_enters(state: State) -> bool:
    """Whether anybody may bid in the timed part. Before it has begun, somebody still may."""
    _, procedure = state.terms
    paddles = state.paddles.values()
    match procedure.entry:
        case Entry.QUOTED:
            return any(paddle.quoted for paddle in paddles)
        case Entry.ASKED:
            return any(paddle.declared for paddle in paddles)
        case Entry.QUOTED_AND_ASKED:
            return any(paddle.quoted and paddle.declared for paddle in paddles)
        case _:
            return True


# ── The falling price ───────────────────────────────────────────────────────


def fall_every(state: State) -> timedelta:
    _, procedure = state.terms
    assert procedure.clock is not None
    return timedelta(seconds=procedure.clock.every_seconds)


def fall_fen(state: State) -> int:
    """Return by how much the price falls at once: a share of the start price, one fen at least."""
    content, procedure = state.terms
    assert procedure.clock is not None
    return max(1, content.start_fen * procedure.clock.fall_permille // 1_000)


def _falls(state: State) -> int:
    """Return how many prices there are, the start price among them, down to the reserve."""
    content, _ = state.terms
    return max(0, content.start_fen - floor_fen(state)) // fall_fen(state) + 1


def floor_fen(state: State) -> int:
    """Return the price no falling price goes below: the reserve, and never nothing."""
    content, procedure = state.terms
    share = procedure.reserve.of_start_permille if procedure.reserve else 0
    return max(1, state.reserve_fen, content.reserve_fen, content.start_fen * share // 1_000)


def price_at(state: State, moment: datetime) -> int:
    """Return what a falling price is at a moment while it falls."""
    content, _ = state.terms
    opens, _ = state.hours
    fallen = max(0, (moment - opens) // fall_every(state))
    return content.start_fen - min(fallen, _falls(state) - 1) * fall_fen(state)


def next_fall(state: State, moment: datetime) -> datetime:
    opens, _ = state.hours
    return opens + ((moment - opens) // fall_every(state) + 1) * fall_every(state)
