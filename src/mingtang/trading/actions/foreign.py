"""Bring in notices of other platforms (导入其他平台项目)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice

from mingtang.core.trading.foreign import ForeignNotice, RecordForeignNotice, key_of
from mingtang.ledger.enact import Outcome, enact
from mingtang.ledger.orders import Order
from mingtang.trading.projection import FOREIGN

CHUNK = 200  # orders that share a commit
Progress = Callable[[int], None]  # told how many more are done


def import_notices(
    notices: Sequence[ForeignNotice], *, by: str, at: datetime, progress: Progress | None = None
) -> list[Outcome]:
    """Record notices, or correct what is known of them, many to a commit.

    One that reads as it did is Refused foreign-notice.unchanged and writes nothing, so that a
    file can be read as often as one likes.
    """
    outcomes: list[Outcome] = []
    waiting = iter(notices)
    while chunk := list(islice(waiting, CHUNK)):
        outcomes += enact([_reading(notice, by=by, at=at) for notice in chunk])
        if progress:
            progress(len(chunk))
    return outcomes


def _reading(notice: ForeignNotice, *, by: str, at: datetime) -> Order:
    key = key_of(notice.source, notice.kind, notice.source_id)
    return Order(FOREIGN, key, RecordForeignNotice(notice=notice, by=by, at=at))
