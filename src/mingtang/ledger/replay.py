"""The ledger read from the beginning: events, states, and the rows they should have made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingtang.core.history import WIRE
from mingtang.core.wire import Disclosure
from mingtang.ledger.memory import memory
from mingtang.ledger.models import LedgerEntry, LedgerHead, Opened
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Fact, Put, Shadow, write

PAGE = 5_000


def facts(subjects: Iterable[Subject], *, stream: str = "") -> Iterator[tuple[Subject, Fact]]:
    """Yield every event in log order with its stream's state after it.

    Keeps one state per stream. `stream` limits it to a single stream.
    """
    by_family = {subject.family: subject for subject in subjects}
    states: dict[str, object] = {}
    for index, name, version, body, values in _entries(stream):
        subject = by_family[name.partition("/")[0]]
        event = WIRE.decode(body, values)
        before = states[name] if version > 1 else subject.decider.initial
        states[name] = state = subject.decider.evolve(before, event)
        yield subject, Fact(name, index, version, event, state)


def _entries(stream: str) -> Iterator[tuple[int, str, int, bytes, Mapping[str, str]]]:
    start = 0
    entries = LedgerEntry.objects.filter(stream=stream) if stream else LedgerEntry.objects.all()
    while True:
        page = list(
            entries.filter(index__gte=start)
            .order_by("index")
            .values_list("index", "stream", "version", "body")[:PAGE]
        )
        if not page:
            return
        values = disclosed(page[0][0], page[-1][0])
        for index, name, version, body in page:
            yield index, name, version, bytes(body), values.get(index, {})
        start = page[-1][0] + 1


def disclosed(first: int, last: int) -> dict[int, dict[str, str]]:
    """Return the opened values of the entries from `first` to `last`."""
    found: dict[int, dict[str, str]] = {}
    rows = Opened.objects.filter(index__gte=first, index__lte=last)
    for index, name, value in rows.values_list("index", "name", "value"):
        found.setdefault(index, {})[name] = value
    return found


def shadow(subjects: Sequence[Subject]) -> Shadow:
    """Return every projected table as the ledger alone says it should be."""
    copy = Shadow(table for subject in subjects for table in subject.tables)
    for subject, fact in facts(subjects):
        copy.apply(subject.project(fact))
    return copy


def rebuild(subjects: Sequence[Subject]) -> Mapping[str, int]:
    """Throw every projected row away and write it again from the ledger.

    Runs in the caller's transaction, and nobody else writes until it ends: a row written
    between the replay and the removal would be lost. Returns rows written by table.
    """
    LedgerHead.objects.select_for_update().get(pk=1)
    copy = shadow(subjects)
    memory.distrust_answers()  # they came from the rows that go; states come from the ledger
    for table, rows in copy.tables.items():
        table._default_manager.all().delete()
        write([Put(table, key, values) for key, values in rows.items()])
    return {table._meta.db_table: len(rows) for table, rows in copy.tables.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """One event of a stream, and where it stands in the log."""

    index: int
    event: Any


def history(stream: str) -> list[Written]:
    """Return everything that happened to one stream, in order."""
    return histories([stream]).get(stream, [])


def public_history(
    stream: str, *, after: int = 0, most: int = 0, kind: str = ""
) -> list[tuple[int, int, Any]]:
    """Return version, index and event of a stream's entries in order, sealed fields closed.

    `after`: only those of a later version; `most`: only the newest ones; `kind`: only of that.
    """
    entries = LedgerEntry.objects.filter(stream=stream, version__gt=after)
    if kind:
        entries = entries.filter(kind=kind)
    rows = entries.values_list("version", "index", "body")
    found = list(rows.order_by("-version")[:most])[::-1] if most else rows.order_by("version")
    return [(version, index, WIRE.decode(bytes(body))) for version, index, body in found]


def histories(streams: Sequence[str]) -> dict[str, list[Written]]:
    """Return everything that happened to each of these streams that exists, in order."""
    found: dict[str, list[Written]] = {}
    for start in range(0, len(streams), PAGE):
        entries = LedgerEntry.objects.filter(stream__in=streams[start : start + PAGE])
        rows = list(entries.order_by("index").values_list("index", "stream", "body"))
        opened = disclosed_at([index for index, _, _ in rows])
        for index, stream, body in rows:
            event = WIRE.decode(bytes(body), opened.get(index))
            found.setdefault(stream, []).append(Written(index, event))
    return found


def disclosed_at(indexes: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the opened values of these entries."""
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(indexes), PAGE):
        rows = Opened.objects.filter(index__in=indexes[start : start + PAGE])
        for index, name, value in rows.values_list("index", "name", "value"):
            found.setdefault(index, {})[name] = value
    return found


def disclosures(index: int) -> list[Disclosure]:
    """Return what opens the sealed fields of one entry, in the order of their names."""
    rows = Opened.objects.filter(index=index).order_by("name")
    return [Disclosure(*row) for row in rows.values_list("name", "salt", "value")]


def disclosures_at(indexes: Sequence[int]) -> dict[int, list[Disclosure]]:
    """Return what opens the sealed fields of these entries, in the order of their names."""
    found: dict[int, list[Disclosure]] = {}
    for start in range(0, len(indexes), PAGE):
        rows = Opened.objects.filter(index__in=indexes[start : start + PAGE]).order_by("name")
        for index, *row in rows.values_list("index", "name", "salt", "value"):
            found.setdefault(index, []).append(Disclosure(*row))
    return found
