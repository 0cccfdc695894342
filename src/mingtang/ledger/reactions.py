"""Hearing the ledger: readers that follow it in commit order, each at its own place.

At least once: a reader's place moves after its work is done, so a crash between the two
shows it an entry again. What a reader does must bear being done twice.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mingtang.core.history import WIRE
from mingtang.ledger.models import LedgerEntry, LedgerHead, Place
from mingtang.ledger.replay import disclosed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """One entry as a reaction sees it."""

    index: int
    stream: str
    event: Any


@dataclass(frozen=True, slots=True)
class Reaction:
    """Something a room does when something happens elsewhere."""

    reader: str  # its name, forever: its place is kept under it
    hears: Sequence[type[Any]]
    act: Callable[[Heard], None]


def run(reaction: Reaction) -> int:
    """Show the reaction everything it has not seen; return how many entries it was shown.

    An entry it fails on stays its next one: the failure is logged and tried again.
    """
    kinds = [event.kind for event in reaction.hears]
    place, _ = Place.objects.get_or_create(reader=reaction.reader)
    end = LedgerHead.objects.get(pk=1).size
    entries = LedgerEntry.objects.filter(index__gte=place.index, index__lt=end, kind__in=kinds)
    shown = 0
    for index, stream, body in entries.order_by("index").values_list("index", "stream", "body"):
        event = WIRE.decode(bytes(body), disclosed(index, index).get(index))
        try:
            reaction.act(Heard(index, stream, event))
        except Exception:
            log.exception("%s failed on entry %d; it will be shown again", reaction.reader, index)
            return shown
        Place.objects.filter(reader=reaction.reader).update(index=index + 1)
        shown += 1
    Place.objects.filter(reader=reaction.reader).update(index=end)
    return shown
