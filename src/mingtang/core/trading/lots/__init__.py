"""A lot (标的) from its notice to its end: quotation, timed bidding, closing, what follows.

    announced ──bids──▶ … ──close──▶ closed ──name winners──▶ ──contract or default──▶
        │  └──pause──▶ suspended ──resume──┘
        └──stop──▶ stopped

One stream a lot, so every check stands in the step that appends the bid. Nothing here keeps an
end: it follows from what was announced and from the bids (`course`). A refused bid moves nothing.
Sealed offers lie in the streams of those who make them and are opened when the lot is closed.
Sources: 拍卖法 arts. 36, 50; 法释〔2016〕18号 arts. 18-22; what the procedure cites.
"""

from typing import get_args

from mingtang.core.trading.lots.commands import Command
from mingtang.core.trading.lots.deciding import DECIDER, decide, evolve
from mingtang.core.trading.lots.events import Event
from mingtang.core.trading.lots.state import State

EVENTS = get_args(Event)

__all__ = ["DECIDER", "EVENTS", "Command", "Event", "State", "decide", "evolve"]
