"""What pages, the room and readers ask about lots."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from mingtang.core.trading.lots import DECIDER, State
from mingtang.core.trading.lots.bidding import least_next, next_step, step_fen
from mingtang.core.trading.lots.course import SETTLE, Span, price_at, span_at, told_end
from mingtang.core.trading.lots.events import (
    BidPlaced,
    LotAward,
    LotClosed,
    Part,
    WinnerName,
)
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.wire import read
from mingtang.ledger import replay
from mingtang.ledger.knowing import present_state
from mingtang.trading.models import LotRow, ShiftRow

LIVE = timedelta(minutes=30)  # before it opens, a lot is shown as about to begin


def lot(key: str) -> LotRow | None:
    return LotRow.objects.filter(pk=key).first()


def lots_of(project: str) -> list[LotRow]:
    """Return a project's lots in their order."""
    return list(LotRow.objects.filter(project=project).order_by("no"))


def state_of(key: str) -> State:
    """Return what a lot is now, by the last commit of anybody."""
    state: State = present_state("lot", DECIDER, key).state
    return state


def content_of(row: LotRow) -> LotContent:
    content: LotContent = read(LotContent, json.loads(row.content))
    return content


def awards_of(row: LotRow) -> tuple[LotAward, ...]:
    """Return who got what; nothing before it is closed or where it was not sold."""
    found: tuple[LotAward, ...] = read(tuple[LotAward, ...], json.loads(row.awards or "[]"))
    return found


def winners_of(row: LotRow) -> tuple[WinnerName, ...]:
    found: tuple[WinnerName, ...] = read(tuple[WinnerName, ...], json.loads(row.winners or "[]"))
    return found


def due_to_close(*, at: datetime, among: Collection[str] = ()) -> list[str]:
    """Return the lots whose end is past, by an index; of `among` only, where given."""
    found = LotRow.objects.filter(running=True, ends__lte=at - SETTLE)
    if among:
        found = found.filter(pk__in=list(among))
    return list(found.order_by("ends").values_list("pk", flat=True))


def next_end() -> datetime | None:
    """Return when the next of all running lots ends, as far as is known."""
    return (
        LotRow.objects.filter(running=True).order_by("ends").values_list("ends", flat=True).first()
    )


def running() -> list[str]:
    """Return the keys of all lots that are announced and not over."""
    return list(LotRow.objects.filter(running=True).values_list("pk", flat=True))


def unfinished() -> QuerySet[LotRow]:
    """Return the lots that are announced and not over, paused ones too, the first to end first."""
    going = [Status.ANNOUNCED.value, Status.SUSPENDED.value]
    return LotRow.objects.filter(status__in=going).order_by("ends", "key")


def running_rows() -> list[LotRow]:
    """Return all lots that are announced and not over, the first to end first."""
    return list(LotRow.objects.filter(running=True).order_by("ends", "key"))


def live(*, at: datetime) -> QuerySet[LotRow]:
    """Return the lots people can bid for now or soon, the first to end first."""
    return LotRow.objects.filter(running=True, opens__lte=at + LIVE).order_by("ends", "key")


def coming(*, at: datetime) -> QuerySet[LotRow]:
    """Return the lots that were announced and open later."""
    return LotRow.objects.filter(running=True, opens__gt=at + LIVE).order_by("opens", "key")


def over() -> QuerySet[LotRow]:
    """Return the lots that are over, the last one first."""
    done = [Status.CLOSED.value, Status.STOPPED.value]
    return LotRow.objects.filter(status__in=done).order_by("-ends", "key")


def shifts_of(key: str) -> list[ShiftRow]:
    return list(ShiftRow.objects.filter(lot=key).order_by("index"))


def shifted_of(project: str) -> list[LotRow]:
    """Return the lots of a project whose deadlines an interruption moved."""
    lots = list(lots_of(project))
    keys = [lot.key for lot in lots]
    moved = set(ShiftRow.objects.filter(lot__in=keys).values_list("lot", flat=True))
    return [lot for lot in lots if lot.key in moved]


# ── The room ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Line:
    """One public line of a lot's record, as the room shows it."""

    version: int
    index: int
    kind: str  # of the event
    event: Any


def lines(key: str, after: int = 0, *, most: int = 0) -> list[Line]:
    """Return the lines of a lot's stream after this version, in order; the last `most`, if any.

    Sealed fields stay closed: this is what the public log shows.
    """
    return [
        Line(version, index, event.kind, event)
        for version, index, event in replay.public_history(f"lot/{key}", after=after, most=most)
    ]


def last_bids(key: str, most: int = 15) -> list[BidPlaced]:
    """Return the newest bids of a lot, the newest first."""
    found = replay.public_history(f"lot/{key}", most=most, kind=BidPlaced.kind)
    return [event for _, _, event in reversed(found)]


@dataclass(frozen=True, slots=True)
class LotStanding:
    """Where a lot stands at a moment, for the room and its pages. Amounts in fen."""

    lot: str
    version: int
    status: Status
    part: Part
    since: datetime | None
    until: datetime | None  # end of this part, as far as is known
    ends: datetime
    bids: int
    extensions: int
    best_fen: int | None
    best_paddle: str
    best_received: datetime | None
    next_fen: int | None  # the least price that would count now
    step_fen: int  # 0: none
    start_fen: int
    ceiling_fen: int
    price_fen: int | None  # of a falling price, the present one


def standing(key: str, *, at: datetime) -> LotStanding | None:
    """Return where a lot stands, or None where there is no such lot."""
    known = present_state("lot", DECIDER, key)
    state: State = known.state
    if state.status is Status.NONE:
        return None
    return standing_of(key, known.version, state, at=at)


def standing_of(key: str, version: int, state: State, *, at: datetime) -> LotStanding:
    content, procedure = state.terms
    span: Span = span_at(state, at)
    best = state.best
    falling = span.part is Part.FALLING
    base, _ = next_step(state, timed=span.part is Part.TIMED)
    return LotStanding(
        lot=key,
        version=version,
        status=state.status,
        part=span.part,
        since=span.since,
        until=span.until,
        ends=state.closing.ended if state.closing else told_end(state),
        bids=state.bids,
        extensions=state.extensions,
        best_fen=best.price_fen if best else None,
        best_paddle=best.paddle if best else "",
        best_received=best.received if best else None,
        next_fen=least_next(state, at),
        step_fen=step_fen(state, base) if procedure.step else 0,
        start_fen=content.start_fen,
        ceiling_fen=content.ceiling_fen,
        price_fen=price_at(state, at) if falling else None,
    )


def closings(keys: Sequence[str]) -> list[LotClosed]:
    """Return how these lots ended, of those that did."""
    return [
        event
        for key in keys
        for _, _, event in replay.public_history(f"lot/{key}", kind=LotClosed.kind)
    ]
