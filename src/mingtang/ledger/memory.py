"""What this process remembers of the ledger, and how it knows that the memory holds.

The head row counts every entry there is. A process that has digested all of them up to the
head may trust what it remembers; `enact` moves the head from exactly the size it remembers,
so a decision taken on stale memory cannot be written: it is taken again.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from mingtang.ledger.models import LedgerEntry, LedgerHead

P = ParamSpec("P")
T = TypeVar("T")

STREAMS = 20_000  # states kept; the oldest used goes first
DIGEST = 5_000  # more strangers' entries than this, and starting afresh is cheaper


@dataclass(frozen=True, slots=True)
class Known:
    version: int
    state: Any


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
        self.changes: Counter[str] = Counter()
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
            unseen = LedgerEntry.objects.filter(index__gte=self.seen)
            self._changed(unseen.values_list("stream", flat=True))
        edge = bytes(edge)
        self.seen, self.edge = size, [edge[i : i + 32] for i in range(0, len(edge), 32)]

    def learn(self, known: Mapping[str, Known], *, size: int, edge: list[bytes]) -> None:
        """Remember what was just committed, by us, from the size we had seen."""
        self._changed(known)
        self.streams.update(known)
        while len(self.streams) > STREAMS:
            self.streams.popitem(last=False)
        self.seen, self.edge = size, edge

    def _changed(self, streams: Iterable[str]) -> None:
        for stream in streams:
            self.streams.pop(stream, None)
            self.changes[stream.partition("/")[0]] += 1


memory = Memory()


def until_changed(*families: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep a function's answers until anything is written to streams of these families.

    Inside `enact` the answer is exactly as of the entry being written. Elsewhere it costs
    one look at the head row.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        answers: dict[Any, Any] = {}
        as_of: list[Any] = [None]

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            with memory.lock:
                if not memory.writing:
                    memory.catch_up()
                now = (memory.all_changed, *(memory.changes[family] for family in families))
                if as_of[0] != now:
                    answers.clear()
                    as_of[0] = now
                key = (args, *sorted(kwargs.items()))
                if key not in answers:
                    answers[key] = function(*args, **kwargs)
                return answers[key]  # type: ignore[no-any-return]  # as the function gave it

        return answer

    return keep
