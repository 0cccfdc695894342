"""Time is up (时间到): the room asks the rules to close what is over, twice a second.

Any number of rooms may ask; a lot is closed once. It goes through the same queue as bids: what
this room had received before is decided before.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from mingtang.bidding.committing import Committer, NotRecorded
from mingtang.trading.actions import bids

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds


async def close_what_is_due(committer: Committer) -> None:
    """Ask again and again, until the room closes."""
    while committer.open:
        try:
            await committer.enact(_close, None, once="close")
        except NotRecorded:
            log.warning("lots that are over could not be closed; trying again")
        await asyncio.sleep(EVERY)


def _close(asked: Sequence[None]) -> Sequence[Any]:
    bids.close_due(at=timezone.localtime())
    return [None] * len(asked)
