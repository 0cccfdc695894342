"""What this process remembers of the ledger, and how it knows that the memory holds.

The head row counts every entry there is. A process that has digested all of them up to the
head may trust what it remembers; `enact` moves the head from exactly the size it remembers,
so a decision taken on stale memory cannot be written: it is taken again.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from mingtang.core.history import WIRE
from mingtang.ledger.models import LedgerEntry, LedgerHead, Opened

P = ParamSpec("P")
T = TypeVar("T")

STREAMS = 20_000  # states kept; the oldest used goes first
DIGEST = 5_000  # more strangers' entries than this, and starting afresh is cheaper
ANSWERS = 10_000  # kept of one function; a stranger may ask for any address there is
ERASURES = "erasure"  # the one family whose entries change what other streams hold


@dataclass(frozen=True, slots=True)
class Known:
    version: int
    state: Any
    at: datetime | None = None  # of the last event; None before the first
    evolve: Callable[[Any, Any], Any] | None = None  # how what others write is learnt


class Memory:
    """Stream states, the tree's edge, and a count of changes per family of streams."""

    def __init__(self) -> None:
        self.lock = threading.RLock()  # one writer at a time in this process
        self.writing = False
        self.forget()

    def forget(self) -> None:
        self.seen = -1  # nothing digested yet
        self.edge: list[bytes] = []
        self.streams: OrderedDict[str, Known] = OrderedDict()
        self.pending: Mapping[str, Known] = {}  # by orders before this one in the same commit
        self.changes: Counter[str] = Counter()
        self.distrust_answers()

    def distrust_answers(self) -> None:
        """Keep no answer that was given before this."""
        self.all_changed = object()

    def catch_up(self, *, lock: bool = False) -> None:
        """Digest what other processes wrote. With `lock`, nobody writes until we commit."""
        heads = LedgerHead.objects.select_for_update() if lock else LedgerHead.objects
        size, edge = heads.values_list("size", "edge").get(pk=1)
        if size == self.seen:
            return
        if self.seen < 0 or not 0 < size - self.seen <= DIGEST:
            self.forget()
        else:
            self._learn_from(self.seen)
        edge = bytes(edge)
        self.seen, self.edge = size, [edge[i : i + 32] for i in range(0, len(edge), 32)]

    def learn(self, known: Mapping[str, Known], *, size: int, edge: list[bytes]) -> None:
        """Remember what was just committed, by us, from the size we had seen."""
        self._changed(known)
        self.streams.update(known)
        self.seen, self.edge = size, edge

    def _learn_from(self, start: int) -> None:
        """Learn what was written from this index on. A stream we know goes on from where it was,
        so that following one costs what was written to it, not its whole history."""
        unseen = LedgerEntry.objects.filter(index__gte=start).order_by("index")
        places = list(unseen.values_list("index", "stream", "version"))
        known = {stream for _, stream, _ in places if stream in self.streams}
        written = self._written(start, known) if known else {}
        for index, stream, version in places:
            before = self.streams.get(stream)
            self._changed([stream])
            if before is None or before.evolve is None:
                continue
            if version <= before.version:  # a replay read ahead of us: it knows this already
                self.streams[stream] = before
            elif version == before.version + 1 and index in written:
                event = written[index]
                state = before.evolve(before.state, event)
                self.streams[stream] = Known(version, state, event.at, before.evolve)

    def _written(self, start: int, streams: Collection[str]) -> dict[int, Any]:
        """Return the events written to these streams from an index on."""
        entries = LedgerEntry.objects.filter(index__gte=start, stream__in=streams)
        bodies = list(entries.values_list("index", "body"))
        opened: dict[int, dict[str, str]] = {}
        values = Opened.objects.filter(index__in=[index for index, _ in bodies])
        for index, name, value in values.values_list("index", "name", "value"):
            opened.setdefault(index, {})[name] = value
        return {index: WIRE.decode(bytes(body), opened.get(index)) for index, body in bodies}

    def trim(self) -> None:
        """Forget the streams touched longest ago. Refused orders are remembered, too."""
        while len(self.streams) > STREAMS:
            self.streams.popitem(last=False)

    def _changed(self, streams: Iterable[str]) -> None:
        for stream in streams:
            family = stream.partition("/")[0]
            self.streams.pop(stream, None)
            self.changes[family] += 1
            if family == ERASURES:
                self.streams.clear()
                self.distrust_answers()


memory = Memory()


def until_changed(*families: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep a function's answers until anything is written to streams of these families.

    Inside `enact` the answer is exactly as of the entry being written. Elsewhere it costs
    one look at the head row. In a transaction of its own a page does not wait for a writer,
    who may be waiting for that very transaction: it asks the database instead.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        answers: dict[Any, Any] = {}
        as_of: list[Any] = [None]

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            if not memory.lock.acquire(blocking=not connection.in_atomic_block):
                return function(*args, **kwargs)
            try:
                if not memory.writing:
                    memory.catch_up()
                now = (memory.all_changed, *(memory.changes[family] for family in families))
                if as_of[0] != now or len(answers) >= ANSWERS:
                    answers.clear()
                    as_of[0] = now
                key = (args, *sorted(kwargs.items()))
                if key not in answers:
                    answers[key] = function(*args, **kwargs)
                return answers[key]  # type: ignore[no-any-return]  # as the function gave it
            finally:
                memory.lock.release()

        return answer

    return keep
