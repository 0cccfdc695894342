"""Reading the log: heads, proofs, receipts, and what happened since a place."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from mingtang.core import checkpoint as checkpoints
from mingtang.core import cosignature, merkle, note
from mingtang.core.strict import format_base64
from mingtang.ledger.models import Checkpoint, LedgerEntry, LedgerHead
from mingtang.ledger.nodes import Tiles, read_nodes
from mingtang.ledger.publishing import published_checkpoint

__all__ = ["LedgerEntry"]


def size() -> int:
    return LedgerHead.objects.get(pk=1).size


def written() -> int:
    """Return how many entries there are by their own count, whatever the head says."""
    newest = LedgerEntry.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


@dataclass(frozen=True, slots=True)
class Head:
    """The published checkpoint, as a page shows it."""

    origin: str
    size: int
    root: str  # base64
    note: str
    witnesses: tuple[tuple[str, datetime], ...]  # name, when it cosigned


def head() -> Head | None:
    """Return the published head, or None before the first."""
    text = published_checkpoint()
    if text is None:
        return None
    parsed = note.parse_note(text)
    checkpoint = checkpoints.parse_checkpoint(parsed.text)
    return Head(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=format_base64(checkpoint.root),
        note=text,
        witnesses=tuple(
            (line.name, datetime.fromtimestamp(cosignature.timestamp_of(line)).astimezone())
            for line in parsed.signatures
            if len(line.data) == 72
        ),
    )


def entry(index: int) -> LedgerEntry | None:
    return LedgerEntry.objects.filter(pk=index).first()


def entries_of(stream: str) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(stream=stream).order_by("version"))


def entries_among(streams: Sequence[str], *, size: int) -> list[LedgerEntry]:
    """Return the entries of these streams among the first `size` of the log, in order."""
    found: list[LedgerEntry] = []
    for start in range(0, len(streams), 500):
        some = LedgerEntry.objects.filter(stream__in=streams[start : start + 500], index__lt=size)
        found += some.only("index", "stream", "kind", "body")
    return sorted(found, key=lambda entry: entry.index)


def latest(count: int) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.order_by("-index")[:count])


def inclusion_proof(index: int, size: int) -> list[bytes]:
    return merkle.prove_inclusion(index, size, read_nodes)


def inclusion_proofs(indexes: Sequence[int], size: int) -> list[list[bytes]]:
    """Return the audit path of each of these entries: a query for each tile of the tree met."""
    tiles = Tiles()
    return [merkle.prove_inclusion(index, size, tiles.read) for index in indexes]


def newest_checkpoint() -> Checkpoint | None:
    """Return the newest checkpoint we signed, published or still waiting for its witnesses."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoint_for(index: int) -> Checkpoint | None:
    """Return the published checkpoint if it covers an entry, or None while it waits for one.

    Only what its quorum cosigned is published: a proof under our signature alone would prove
    nothing against us.
    """
    text = published_checkpoint()
    if text is None:
        return None
    size = checkpoints.parse_checkpoint(note.parse_note(text).text).size
    return Checkpoint.objects.filter(pk=size).first() if size > index else None


def entries_since(index: int, *, kinds: Collection[str]) -> Iterator[LedgerEntry]:
    """Yield entries of these kinds from `index` on, in order: what reactions read."""
    found = LedgerEntry.objects.filter(index__gte=index, kind__in=kinds)
    return found.order_by("index").iterator()


@dataclass(frozen=True, slots=True)
class Face:
    """The public face of one entry: the very bytes that were hashed, and where they stand."""

    index: int
    stream: str
    version: int
    body: bytes


def faces(kinds: Collection[str], *, since: int, until: int) -> list[Face]:
    """Return the public faces of entries of these kinds with `since` <= index < `until`."""
    found = LedgerEntry.objects.filter(index__gte=since, index__lt=until, kind__in=kinds)
    return _faces(found.order_by("index"))


def faces_of(stream: str, *, until: int) -> list[Face]:
    """Return the public faces of one stream's entries with index < `until`."""
    found = LedgerEntry.objects.filter(stream=stream, index__lt=until)
    return _faces(found.order_by("version"))


def _faces(found: QuerySet[LedgerEntry]) -> list[Face]:
    rows = found.values_list("index", "stream", "version", "body")
    return [Face(index, stream, version, bytes(body)) for index, stream, version, body in rows]
