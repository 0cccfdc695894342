"""Time is up (时间到): the room asks the rules to close what is over, twice a second.

Any number of rooms may ask; a lot is closed once. It goes through the same queue as bids: what
this room had received before is decided before. Each time the room says that it lives, too: after
an interruption deadlines are moved before anything is closed.
"""

import asyncio
import contextlib

from mingtang.bidding.committing import Committer
from mingtang.bidding.writing import NotRecorded

EVERY = 0.5  # seconds


async def close_what_is_due(committer: Committer) -> None:
    """Ask again and again, until the room closes."""
    while committer.open:
        with contextlib.suppress(NotRecorded):
            await committer.enact(None, once="time")
        await asyncio.sleep(EVERY)
