"""Time is up (时间到): the room asks the rules to close what is over, twice a second.

Any number of rooms may ask; a lot is closed once. It goes through the same queue as bids: what
this room had received before is decided before. Each time the room says that it lives, too: after
an interruption deadlines are moved before anything is closed.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from mingtang.bidding.committing import Committer, NotRecorded
from mingtang.trading.actions import bids
from mingtang.trading.actions.outages import BIDDING, SignOfLife

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds


async def close_what_is_due(committer: Committer) -> None:
    """Ask again and again, until the room closes."""
    sign = SignOfLife(BIDDING)

    def close(asked: Sequence[None]) -> Sequence[Any]:
        now = timezone.localtime()
        sign.give(at=now)
        bids.close_due(at=now)
        return [None] * len(asked)

    while committer.open:
        try:
            await committer.enact(close, None, once="close")
        except NotRecorded:
            log.warning("lots that are over could not be closed; trying again")
        await asyncio.sleep(EVERY)
