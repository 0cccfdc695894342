"""Hearing the ledger: readers that follow it in commit order, each at its own place.

At least once: a reader's place moves after its work is done, so a crash between the two
shows it an entry again. What a reader does must bear being done twice.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mingtang.core.history import WIRE
from mingtang.ledger.models import LedgerEntry, LedgerHead, Place
from mingtang.ledger.replay import disclosed_at

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """One entry as a reaction sees it."""

    index: int
    stream: str
    event: Any


@dataclass(frozen=True, slots=True)
class Reaction:
    """Something a room does when something happens elsewhere, entry by entry or many at once.

    `together` is given up to `PAGE` entries in order, so that what it does can share commits;
    when it fails they are all shown to it again.
    """

    reader: str  # its name, forever: its place is kept under it
    hears: Sequence[type[Any]]
    act: Callable[[Heard], None] | None = None
    together: Callable[[Sequence[Heard]], None] | None = None
    # A reader that is new to a log that has a history begins at its end: what an older version
    # left undone is not done years later under today's date.
    from_now: bool = False


PAGE = 200  # entries shown to `together` at once


def begin(reaction: Reaction) -> None:
    """Give a reader its place, if it has none yet: the beginning of the log, or its end now."""
    start = LedgerHead.objects.get(pk=1).size if reaction.from_now else 0
    Place.objects.get_or_create(reader=reaction.reader, defaults={"index": start})


def run(reaction: Reaction) -> int:
    """Show the reaction everything it has not seen; return how many entries it was shown.

    An entry it fails on stays its next one: the failure is logged and tried again.
    """
    begin(reaction)
    place = Place.objects.get(reader=reaction.reader)
    end = LedgerHead.objects.get(pk=1).size
    page = PAGE if reaction.together else 1
    shown = 0
    for entries in _pages(reaction, place.index, end, page):
        heard = _heard(entries)
        try:
            if reaction.together:
                reaction.together(heard)
            elif reaction.act:
                reaction.act(heard[0])
        except Exception:
            index = heard[0].index
            log.exception("%s failed on entry %d; it will be shown again", reaction.reader, index)
            return shown
        Place.objects.filter(reader=reaction.reader).update(index=heard[-1].index + 1)
        shown += len(heard)
    Place.objects.filter(reader=reaction.reader).update(index=end)
    return shown


Entry = tuple[int, str, bytes | memoryview]


def _pages(reaction: Reaction, start: int, end: int, size: int) -> Iterator[list[Entry]]:
    kinds = [event.kind for event in reaction.hears]
    found = LedgerEntry.objects.filter(index__gte=start, index__lt=end, kind__in=kinds)
    entries = list(found.order_by("index").values_list("index", "stream", "body"))
    for first in range(0, len(entries), size):
        yield entries[first : first + size]


def _heard(entries: Sequence[Entry]) -> list[Heard]:
    opened = disclosed_at([index for index, _, _ in entries])
    return [
        Heard(index, stream, WIRE.decode(bytes(body), opened.get(index)))
        for index, stream, body in entries
    ]
