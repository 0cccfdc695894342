"""Hearing the ledger: readers that follow it in commit order, each at its own place.

At least once: a reader's place moves after its work is done, so a crash between the two
shows it an entry again. What a reader does must bear being done twice.

A reader stops at what it fails on, unless it sets such entries aside: then they wait apart, and
those after them wait for nobody.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError

from mingtang.core.history import WIRE
from mingtang.ledger.models import LedgerEntry, LedgerHead, Place, SetAside
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
    when it fails they are shown to it again: all of them, or, where it sets aside, one by one.
    """

    reader: str  # its name, forever: its place is kept under it
    hears: Sequence[type[Any]]
    act: Callable[[Heard], None] | None = None
    together: Callable[[Sequence[Heard]], None] | None = None
    # A reader that is new to a log that has a history begins at its end: what an older version
    # left undone is not done years later under today's date.
    from_now: bool = False
    # For entries that have nothing to do with one another: none waits for one that fails.
    sets_aside: bool = False


PAGE = 200  # entries shown to `together` at once


def begin(reaction: Reaction) -> None:
    """Give a reader its place, if it has none yet: the beginning of the log, or its end now."""
    start = LedgerHead.objects.get(pk=1).size if reaction.from_now else 0
    Place.objects.get_or_create(reader=reaction.reader, defaults={"index": start})


def pass_over(reaction: Reaction) -> None:
    """Let a reader that begins from now pass over everything there is (不追溯既往)."""
    begin(reaction)
    if reaction.from_now:
        end = LedgerHead.objects.get(pk=1).size
        Place.objects.filter(reader=reaction.reader).update(index=end)


def run(reaction: Reaction) -> int:
    """Show the reaction everything it has not seen; return how many entries it was shown.

    An entry it fails on stays its next one, or is set aside: the failure is logged.
    """
    begin(reaction)
    place = Place.objects.get(reader=reaction.reader)
    end = LedgerHead.objects.get(pk=1).size
    page = PAGE if reaction.together else 1
    shown = 0
    for entries in _pages(reaction, place.index, end, page):
        heard = _heard(entries)
        if not _dealt_with(reaction, heard):
            return shown
        Place.objects.filter(reader=reaction.reader).update(index=heard[-1].index + 1)
        shown += len(heard)
    Place.objects.filter(reader=reaction.reader).update(index=end)
    return shown


def try_again(reaction: Reaction) -> int:
    """Show the reaction what it set aside; return how many entries it has done now."""
    aside = SetAside.objects.filter(reader=reaction.reader)
    found = LedgerEntry.objects.filter(index__in=aside.values("index")).order_by("index")
    done = 0
    for one in _heard(list(found.values_list("index", "stream", "body"))):
        if _failure(reaction, [one]) is None:
            aside.filter(index=one.index).delete()
            done += 1
    return done


def undone(reader: str, indexes: Collection[int]) -> Mapping[int, bool]:
    """Return which of these entries a reader has yet to do, and whether it set them aside.

    Nothing, before the reader has a place of its own.
    """
    place = Place.objects.filter(reader=reader).values_list("index", flat=True).first()
    if place is None:
        return {}
    aside = SetAside.objects.filter(reader=reader, index__in=list(indexes))
    failed = set(aside.values_list("index", flat=True))
    return {i: i in failed for i in sorted(indexes) if i >= place or i in failed}


def _dealt_with(reaction: Reaction, heard: Sequence[Heard]) -> bool:
    """Whether the reader may go on: these entries are done, or it set aside what it failed on.

    A database that does not answer is no entry's fault: then everything waits.
    """
    failure = _failure(reaction, heard)
    if failure is None:
        return True
    if not reaction.sets_aside or isinstance(failure, InterfaceError | OperationalError):
        return False
    if len(heard) > 1:
        return all(_dealt_with(reaction, [one]) for one in heard)
    SetAside.objects.get_or_create(reader=reaction.reader, index=heard[0].index)
    return True


def _failure(reaction: Reaction, heard: Sequence[Heard]) -> Exception | None:
    """Show the reaction these entries; return what it failed with, if it did."""
    try:
        if reaction.together:
            reaction.together(heard)
        elif reaction.act:
            for one in heard:
                reaction.act(one)
    except Exception as failure:
        index = heard[0].index
        log.exception("%s failed on entry %d; it will be shown again", reaction.reader, index)
        return failure
    return None


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
