"""Lots that examples start from: one of each way of bidding, on one Friday from nine to twelve."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mingtang.core.trading import lots
from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.commands import Offer
from mingtang.core.trading.lots.events import BidPlaced, LotAnnounced, PaddleAppeared, Part
from mingtang.core.trading.lots.terms import LotContent, Timetable
from mingtang.core.trading.parameters import (
    AfterCeiling,
    Bidding,
    Ceiling,
    Direction,
    Entry,
    Priority,
    PriorityRight,
)
from mingtang.core.wire import Sealed
from tests.core.trading_examples import AUCTION, LISTING, MONDAY, sourced

MICRO = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

OPENS = MONDAY + timedelta(days=4)
CLOSES = OPENS + 3 * HOUR
TIMES = Timetable(
    sign_up_from=MONDAY,
    sign_up_until=OPENS - 24 * HOUR,
    deposit_until=OPENS - 24 * HOUR,
    opens=OPENS,
    closes=CLOSES,
)
START, STEP = 1_000_000, 100_000  # fen
CENTRE, HOST, OTHER_HOST = "P-centre", "P-host", "P-other-host"
A, B, C = "4711", "5088", "6203"  # paddles
SEED = "5eed"

REVERSE = {**AUCTION, "code": "reverse", "direction": Direction.REVERSE, "least_bidders": 2}
PRIORITY = {"priority": Priority(right=PriorityRight.SAME_PRICE, ranked=False)}
RANKED = {"priority": Priority(right=PriorityRight.SAME_PRICE, ranked=True)}
ONE_SHOT = {
    "ceiling": Ceiling(then=AfterCeiling.ONE_SHOT, asking_seconds=1_800, quoting_seconds=600)
}
LOT = {"ceiling": Ceiling(then=AfterCeiling.LOT, asking_seconds=1_800, least_bidders=2)}
OPEN_LISTING = {  # as most land is sold: everybody goes on, at once, a step beyond
    **LISTING,
    "code": "open-listing",
    "blackout_seconds": 0,
    "asking_seconds": 0,
    "entry": Entry.ALL,
}


def content(way: dict[str, Any], **said: Any) -> LotContent:
    """Return what is announced of a lot: a step where bids rise or fall by steps."""
    stepped = way["bidding"] in (Bidding.LISTING, Bidding.AUCTION)
    several = way["bidding"] is Bidding.MULTI_UNIT
    values: dict[str, Any] = {
        "no": 1,
        "title": "演示地块",
        "procedure": way["code"],
        "procedure_version": 1,
        "times": TIMES,
        "start_fen": START,
        "step_fen": STEP if stepped else 50_000 if several else 0,
        "quantity": 100 if several else 1,
        "unit": "吨" if several else "",
    }
    return LotContent(**values | said)


def announced(way: dict[str, Any], rules: dict[str, Any] | None = None, **said: Any) -> Any:
    """Given such a lot was announced: `rules` changed of the procedure, `said` of the lot."""
    return LotAnnounced(
        project="JY-7K2P-9QXD",
        content=content(way, **said),
        procedure=sourced(**way | (rules or {})),
        seed=Sealed(SEED),
        by=CENTRE,
        at=MONDAY - 24 * HOUR,
    )


# ── What is asked of it ─────────────────────────────────────────────────────


def bid(
    paddle: str,
    price: int,
    received: datetime,
    *,
    late: timedelta = timedelta(),
    rank: int = 0,
    key_no: int = 1,
) -> commands.PlaceBid:
    """A bid whose turn comes `late` after it was received."""
    return commands.PlaceBid(
        paddle=paddle,
        key=key_of(paddle, key_no),
        key_no=key_no,
        rank=rank,
        price_fen=price,
        ref=ref_of(paddle, price),
        signature="signed",
        received=received,
        at=received + late,
    )


def declare(
    paddle: str, received: datetime, *, late: timedelta = timedelta(), nonce: str = ""
) -> commands.DeclareEntry:
    return commands.DeclareEntry(
        paddle=paddle,
        key=key_of(paddle, 1),
        key_no=1,
        rank=0,
        nonce=nonce or f"nonce of {paddle}",
        ref=ref_of(paddle, 0),
        signature="signed",
        received=received,
        at=received + late,
    )


def key_of(paddle: str, no: int) -> str:
    return f"key {no} of {paddle}"


def ref_of(paddle: str, price: int) -> str:
    return f"{paddle}-{price}"


def close(at: datetime, *offers: Offer) -> commands.CloseLot:
    return commands.CloseLot(offers=offers, at=at)


def offer(paddle: str, price: int, quantity: int = 1, *, received: datetime = OPENS) -> Offer:
    return Offer(
        application=f"application of {paddle}",
        paddle=paddle,
        price_fen=price,
        quantity=quantity,
        received=received,
    )


def propose(at: datetime, stopping: str = "pause", by: str = HOST) -> commands.ProposeStop:
    return commands.ProposeStop(
        stopping=lots.events.Stopping(stopping), reason="系统故障", hosts=True, by=by, at=at
    )


def confirm(at: datetime, by: str = OTHER_HOST, *, agrees: bool = True) -> commands.ConfirmStop:
    return commands.ConfirmStop(agrees=agrees, hosts=True, by=by, at=at)


def resume(at: datetime, resumes: datetime) -> commands.ResumeLot:
    return commands.ResumeLot(resumes=resumes, may_resume=True, by=HOST, at=at)


def bar(paddle: str, at: datetime) -> commands.BarPaddle:
    return commands.BarPaddle(paddle=paddle, reason="弄虚作假", hosts=True, by=HOST, at=at)


# ── What comes of it ────────────────────────────────────────────────────────


def appeared(paddle: str, at: datetime, *, rank: int = 0, key_no: int = 1) -> PaddleAppeared:
    return PaddleAppeared(
        paddle=paddle, key=key_of(paddle, key_no), key_no=key_no, rank=rank, at=at
    )


def placed(
    no: int,
    paddle: str,
    price: int,
    received: datetime,
    part: Part,
    *,
    late: timedelta = timedelta(),
) -> BidPlaced:
    return BidPlaced(
        no=no,
        paddle=paddle,
        price_fen=price,
        part=part,
        ref=ref_of(paddle, price),
        signature="signed",
        received=received,
        at=received + late,
    )


Step = lots.Command | lots.Event


def after(*steps: Step) -> lots.State:
    """Given these events happened and these commands were carried out."""
    state = lots.State()
    for step in steps:
        events = [step] if hasattr(step, "kind") else lots.decide(state, step)
        for event in events:
            state = lots.evolve(state, event)
    return state


def when(given: Sequence[Step], command: lots.Command) -> list[lots.Event]:
    return list(lots.decide(after(*given), command))
