"""What watchers see (旁听): the lines of each lot, read from the ledger once for all of them.

A watcher is a place in its lot's lines and nothing else: it is sent what lies after its place,
so a slow socket costs no memory, and one that comes back with `Last-Event-ID` goes on exactly
where it was. The id of a line is its version in the lot's stream; its data are the very bytes
that were hashed into the log. One reader a process asks the ledger what is new: at once when this
process has written, else a few times a second, in one question for all lots.

    id: 7
    event: line
    data: {"index":9041,"entry":{"at":...,"kind":"lot.bid-placed.v1",...}}

    event: standing
    data: {"part":"timed","until":...}
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone

from mingtang.core.history import WIRE
from mingtang.core.trading import lots
from mingtang.core.wire import plain
from mingtang.ledger import queries as ledger
from mingtang.ledger.memory import Known
from mingtang.ledger.queries import Face
from mingtang.trading.queries.lots import standing_of

log = logging.getLogger(__name__)
FAMILY = "lot"
KINDS = tuple(event.kind for event in lots.EVENTS)
POLL = 0.2  # seconds between looks at what other processes wrote
BEAT = 0.02  # seconds between two sendings at least
SHARE = 1.0  # times as long as a sending took, nothing is sent: bids get half of the time
PULSE = 10.0  # seconds between two signs of life
SLOW = 10.0  # seconds a socket may take to swallow what it is sent
KEPT = 60.0  # seconds the lines of a lot nobody watches stay in memory

Send = Callable[[bytes], Awaitable[None]]
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NoSuchLot(Exception):
    pass


@dataclass(slots=True)
class Lot:
    """The lines of one lot, those of versions 1, 2, 3 …, as they are sent, and where it stands."""

    lines: list[bytes] = field(default_factory=list)
    said: bytes = b""  # where it stands, as JSON
    standing: bytes = b""  # the same as a message
    told: int = 0  # how often its standing changed
    until: datetime | None = None  # when its standing changes by itself
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    watchers: int = 0
    left: float = 0.0  # when the last watcher went


@dataclass(slots=True, eq=False)
class _Watcher:
    task: asyncio.Task[None]
    sending: float = 0.0  # since when; 0: not


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look at the ledger brought."""

    size: int
    faces: Sequence[Face]
    whole: Mapping[str, Sequence[Face]]  # of lots asked for anew
    standings: Mapping[str, Mapping[str, Any] | None]


class Hub:
    def __init__(self) -> None:
        self.open = True
        self._lots: dict[str, Lot] = {}
        self._watchers: set[_Watcher] = set()
        self._states: dict[str, Known] = {}  # the reader's own; it alone touches it
        self._seen = 0  # entries of the ledger up to here are in `_lots`
        self._wanted = asyncio.Event()
        self._pulse = b""
        self._pulses = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    def wake(self) -> None:
        """Look at the ledger now: something was written."""
        if self._lots:
            self._wanted.set()

    async def lot(self, key: str) -> Lot:
        """Return a lot's lines, read if nobody has asked lately. Raises NoSuchLot."""
        lot = self._lots.get(key)
        if lot is None:
            lot = self._lots[key] = Lot(left=_now())
            self._wanted.set()
        await lot.ready.wait()
        if not lot.lines:
            self._lots.pop(key, None)
            raise NoSuchLot
        return lot

    async def watch(self, lot: Lot, after: int, send: Send) -> None:
        """Send what comes after version `after`, until cancelled or closed."""
        task = asyncio.current_task()
        assert task is not None
        watcher = _Watcher(task)
        self._watchers.add(watcher)
        lot.watchers += 1
        place, told, pulses = after, -1, self._pulses
        try:
            while self.open:
                parts = lot.lines[place:]
                if told != lot.told:
                    parts.append(lot.standing)
                if pulses != self._pulses:
                    parts.append(self._pulse)
                place, told, pulses = max(place, len(lot.lines)), lot.told, self._pulses
                if parts:
                    watcher.sending = _now()
                    await send(b"".join(parts))
                    watcher.sending = 0.0
                if place >= len(lot.lines) and told == lot.told and pulses == self._pulses:
                    await lot.news.wait()
        finally:
            lot.watchers -= 1
            lot.left = _now()
            self._watchers.discard(watcher)

    async def run(self) -> None:
        """Read and tell until closed."""
        pulse = _now() + PULSE
        while self.open:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), POLL)
            self._wanted.clear()
            if _now() >= pulse:
                pulse = _now() + PULSE
                self._live()
            if self._lots:
                await self._look()
        await asyncio.get_running_loop().run_in_executor(self._thread, _hang_up)
        self._thread.shutdown()

    def close(self) -> None:
        """Let every watcher go; they come back to whoever serves then."""
        self.open = False
        self._wanted.set()
        for lot in self._lots.values():
            lot.ready.set()
            _tell(lot)

    # ── Reading ─────────────────────────────────────────────────────────────

    async def _look(self) -> None:
        asked = [key for key, lot in self._lots.items() if not lot.ready.is_set()]
        now = timezone.localtime()
        due = [key for key, lot in self._lots.items() if lot.until and lot.until <= now]
        watched = frozenset(self._lots)
        # Where nothing was read before, the whole lots tell it all.
        seen = self._seen if len(asked) < len(self._lots) else -1
        job = partial(self._read, seen, asked, due, watched, now)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, job)
        except Exception:
            log.exception("the ledger could not be read; the next look tries again")
            await asyncio.sleep(POLL)
            return
        self._take(found)
        began = _now()
        await asyncio.sleep(0)  # every watcher that was told goes first
        await asyncio.sleep(max(BEAT, SHARE * (_now() - began)))

    def _read(
        self,
        seen: int,
        asked: Sequence[str],
        due: Sequence[str],
        watched: Collection[str],
        now: datetime,
    ) -> _Found:
        close_old_connections()
        size = ledger.size()
        new = ledger.faces(KINDS, since=seen, until=size) if 0 <= seen < size else []
        faces = [face for face in new if _key(face) in watched]
        whole = {key: ledger.faces_of(f"{FAMILY}/{key}", until=size) for key in asked}
        begun = {key: Known(0, lots.DECIDER.initial) for key in asked}
        kept = {key: known for key, known in self._states.items() if key in watched}
        self._states = kept | begun
        for face in chain(faces, *whole.values()):
            self._evolve(face)
        changed = {*asked, *due, *map(_key, faces)}
        return _Found(size, faces, whole, {key: self._standing(key, now) for key in changed})

    def _evolve(self, face: Face) -> None:
        """Take a line into what its lot is, for whoever sees the public record alone."""
        key = _key(face)
        known = self._states[key]
        if face.version == known.version + 1:
            state = lots.DECIDER.evolve(known.state, WIRE.decode(face.body))
            self._states[key] = Known(face.version, state)

    def _standing(self, key: str, now: datetime) -> Mapping[str, Any] | None:
        known = self._states[key]
        if not known.version:
            return None
        stands: Mapping[str, Any] = plain(standing_of(key, known.version, known.state, at=now))
        return stands

    def _take(self, found: _Found) -> None:
        for key, faces in found.whole.items():
            self._lots[key].lines = [_line(face) for face in faces]
        for face in found.faces:
            lot = self._lots.get(_key(face))
            if lot is not None and face.version == len(lot.lines) + 1:
                lot.lines.append(_line(face))
        self._seen = found.size
        for key, standing in found.standings.items():
            lot = self._lots.get(key)
            if lot is None:
                continue
            if standing is not None:
                self._stands(lot, standing)
            lot.ready.set()
            _tell(lot)

    def _stands(self, lot: Lot, standing: Mapping[str, Any]) -> None:
        said = _dumps(standing).encode()
        until = _moment(standing.get("until"))
        # One that is past and still there waits for somebody to close the lot: that is a line.
        lot.until = until if until and until > timezone.now() else None
        if said != lot.said:
            lot.said, lot.standing = said, _message("standing", said)
            lot.told += 1

    def _live(self) -> None:
        """Give a sign of life, close what is stuck, forget what nobody watches."""
        now = _now()
        said = _dumps({"now": timezone.localtime().isoformat()}).encode()
        self._pulse = _message("time", said)
        self._pulses += 1
        for watcher in self._watchers:
            if watcher.sending and now - watcher.sending > SLOW:
                watcher.task.cancel()
        for key, lot in list(self._lots.items()):
            if not lot.watchers and lot.ready.is_set() and now - lot.left > KEPT:
                del self._lots[key]
            else:
                _tell(lot)


def _tell(lot: Lot) -> None:
    lot.news.set()
    lot.news.clear()


def _line(face: Face) -> bytes:
    data = b'{"index":%d,"entry":%b}' % (face.index, face.body)
    return b"id: %d\n%b" % (face.version, _message("line", data))


def _message(event: str, data: bytes) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event.encode(), data)


def _key(face: Face) -> str:
    return face.stream.partition("/")[2]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _now() -> float:
    return asyncio.get_running_loop().time()


def _hang_up() -> None:
    """Close this thread's own connection."""
    connection.close()
