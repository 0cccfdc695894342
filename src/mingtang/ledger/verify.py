"""Check everything against everything (全面核验), trusting no table.

Three passes, each naming exactly what does not fit:

    the tree     every entry hashed again, every stored node, the head, every checkpoint
    the sealed   every disclosure opens a digest in its entry; every missing one was erased
    the copies   every projected row equals what a replay of the entries gives
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, models

from mingtang.core import checkpoint as checkpoints
from mingtang.core import cosignature, erasure, merkle, note
from mingtang.core.history import WIRE
from mingtang.core.strict import Malformed
from mingtang.core.wire import Disclosure
from mingtang.ledger import keys, publishing, witnesses
from mingtang.ledger.models import Checkpoint, LedgerEntry, LedgerHead, Opened, TreeNode
from mingtang.ledger.moment import one_moment
from mingtang.ledger.orders import Subject
from mingtang.ledger.replay import shadow
from mingtang.ledger.rows import Table

Progress = Callable[[int], None]
PAGE = 20_000
COLUMNS = ("index", "stream", "version", "body", "leaf", "kind", "once")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    code: str  # stable, e.g. "verify.row-altered"
    where: str  # entry, table and row, file
    what: str = ""


def verify(subjects: Sequence[Subject], *, progress: Progress | None = None) -> Iterator[Finding]:
    """Yield a finding for everything that was altered, added or removed by hand.

    People may go on working meanwhile: all of it is checked as it was at one moment.
    """
    published = publishing.published_checkpoint()  # first: the database has all it speaks of
    with one_moment():
        broken = False
        for finding in _tree(published, progress or (lambda _: None)):
            broken = True
            yield finding
        yield from _sealed()
        if broken:
            # Rows cannot be judged by a history that is itself in doubt.
            yield Finding("verify.copies-not-compared", "the entries above come first")
            return
        yield from _copies(subjects)


# ── The tree ────────────────────────────────────────────────────────────────


def _tree(published: str | None, progress: Progress) -> Iterator[Finding]:
    edge: list[bytes] = []
    nodes: dict[merkle.Node, bytes] = {}
    roots: dict[int, bytes] = {}
    signed = set(Checkpoint.objects.values_list("size", flat=True))
    sizes = sorted(signed | {_claimed_size(published)})
    size, versions = 0, dict[str, int]()
    for page in _pages():
        leaves: list[bytes] = []
        for index, stream, version, body, leaf, kind, once in page:
            expected = size + len(leaves)
            if index != expected:
                yield Finding("verify.entry-missing", f"entry {expected}", f"found {index}")
                return
            hashed = merkle.leaf_hash(_raw(body))
            if hashed != _raw(leaf):
                yield Finding("verify.entry-altered", f"entry {index}", f"{stream} v{version}")
            if _columns_differ(_raw(body), stream, version, kind, once):
                yield Finding("verify.entry-altered", f"entry {index}", "its place or kind")
            elif version != versions.get(stream, 0) + 1:
                yield Finding("verify.entry-out-of-order", f"entry {index}", stream)
            versions[stream] = version
            leaves.append(hashed)
        edge, size = yield from _grow(edge, size, leaves, sizes, roots, nodes)
        progress(size)
    yield from _head(size, edge)
    yield from _stored_nodes(nodes)
    yield from _checkpoints(size, roots)
    yield from _published(published, size, roots, signed)


def _pages() -> Iterator[list[Any]]:
    start = 0
    while True:
        rows = LedgerEntry.objects.filter(index__gte=start).order_by("index")
        page = list(
            rows.values_list("index", "stream", "version", "body", "leaf", "kind", "once")[:PAGE]
        )
        if not page:
            return
        yield page
        start = page[-1][0] + 1


def _columns_differ(body: bytes, stream: str, version: int, kind: str, once: str | None) -> bool:
    """The columns beside the hashed bytes are not hashed themselves: they must follow them."""
    face = _face(body)
    columns = {"_stream": stream, "_seq": version, "kind": kind, "_once": once}
    return any(face.get(name) != value for name, value in columns.items())


def _raw(value: Any) -> bytes:
    """Return stored bytes; SQLite lets an insider put text in their place."""
    return value.encode() if isinstance(value, str) else bytes(value)


def _face(body: bytes) -> dict[str, Any]:
    """Return what an entry says; nothing where somebody wrote over it what is no entry."""
    try:
        face = json.loads(body)
    except ValueError:
        return {}
    return face if isinstance(face, dict) else {}


def _grow(
    edge: list[bytes],
    size: int,
    leaves: list[bytes],
    sizes: list[int],
    roots: dict[int, bytes],
    nodes: dict[merkle.Node, bytes],
) -> Any:
    """Grow the tree, stopping at each signed size to take its root."""
    done = 0
    for stop in [s - size for s in sizes if size < s <= size + len(leaves)]:
        edge, full = merkle.grow(edge, size + done, leaves[done:stop])
        nodes.update(full)
        done = stop
        roots[size + done] = merkle.edge_root(edge)
    edge, full = merkle.grow(edge, size + done, leaves[done:])
    nodes.update(full)
    return edge, size + len(leaves)
    yield  # a generator, so that the caller reads as one pass


def _head(size: int, edge: list[bytes]) -> Iterator[Finding]:
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None:
        yield Finding("verify.head-missing", "ledger head")
    elif head.size != size:
        what = f"says {head.size}, there are {size}"
        code = "verify.entries-cut-off" if head.size > size else "verify.entries-added"
        yield Finding(code, "ledger head", what)
    elif _raw(head.edge) != b"".join(edge):
        yield Finding("verify.head-altered", "ledger head")


def _stored_nodes(nodes: dict[merkle.Node, bytes]) -> Iterator[Finding]:
    stored = {
        (level, n): _raw(hash_)
        for level, n, hash_ in TreeNode.objects.values_list("level", "n", "hash")
    }
    for place in sorted(stored.keys() | nodes.keys()):
        if stored.get(place) != nodes.get(place):
            yield Finding("verify.node-altered", f"tree node {place}")


def _checkpoints(size: int, roots: dict[int, bytes]) -> Iterator[Finding]:
    previous = 0
    log = note.ed25519_verifier(keys.public(), keys.verify)
    parties = [party.key for party in witnesses.policy_in_force().witnesses.values()]
    cosigners = cosignature.verifiers(parties, keys.verify)
    for row in Checkpoint.objects.order_by("size"):
        where = f"checkpoint {row.size}"
        try:
            text = witnesses.cosigned_note(row)
            head, _ = checkpoints.open_checkpoint(text, log, cosigners)
        except (Malformed, note.NoteRefused) as error:
            yield Finding("verify.checkpoint-not-ours", where, str(error))
            continue
        if row.previous != previous or head.size != row.size:
            yield Finding("verify.checkpoint-moved", where)
        if row.size > size:
            yield Finding("verify.entries-cut-off", where, f"only {size} entries are left")
        elif head.root != roots.get(row.size):
            yield Finding("verify.history-rewritten", where, "another root than the entries give")
        previous = row.size


def _claimed_size(published: str | None) -> int:
    """Return the size the published checkpoint claims; 0 where there is none to read."""
    try:
        text = published or ""
        return checkpoints.parse_checkpoint(note.parse_note(text).text).size
    except Malformed:
        return 0


def _published(
    text: str | None, size: int, roots: dict[int, bytes], signed: set[int]
) -> Iterator[Finding]:
    if text is None:
        return
    try:
        verifier = note.ed25519_verifier(keys.public(), keys.verify)
        head, _ = checkpoints.open_checkpoint(text, verifier)
    except (Malformed, note.NoteRefused) as error:
        yield Finding("verify.checkpoint-not-ours", "published checkpoint", str(error))
        return
    if head.size > size:
        yield Finding("verify.entries-cut-off", "published checkpoint", f"has {head.size}")
    elif roots.get(head.size) != head.root:
        yield Finding("verify.history-rewritten", "published checkpoint")
    elif head.size not in signed:
        yield Finding("verify.checkpoint-missing", f"checkpoint {head.size}", "it was published")


# ── The sealed ──────────────────────────────────────────────────────────────


def _sealed() -> Iterator[Finding]:
    erased = _erased()
    sealed_kinds = [kind for kind in WIRE.events if WIRE.sealed_fields(kind)]
    entries = LedgerEntry.objects.filter(kind__in=sealed_kinds).order_by("index")
    seen = 0
    for index, kind, body in entries.values_list("index", "kind", "body").iterator():
        digests = set(_face(_raw(body)).get("_sd", ()))
        rows = Opened.objects.filter(index=index).values_list("name", "salt", "value")
        opened = {name: Disclosure(name, salt, value) for name, salt, value in rows}
        seen += len(opened)
        for name in WIRE.sealed_fields(kind):
            if name in opened and opened[name].digest not in digests:
                yield Finding("verify.disclosure-altered", f"entry {index}", name)
            elif (name in opened) == ((index, name) in erased):
                code = "erasure-undone" if name in opened else "disclosure-missing"
                yield Finding(f"verify.{code}", f"entry {index}", name)
    if seen != Opened.objects.count():
        yield Finding("verify.disclosure-added", "opened values", "some belong to no entry")


def _erased() -> set[tuple[int, str]]:
    """Return (entry, field) of everything an erasure entry says was erased."""
    kind = erasure.Erased.kind
    bodies = LedgerEntry.objects.filter(kind=kind).values_list("body", flat=True)
    faces = [_face(_raw(body)) for body in bodies]
    return {(face.get("index", -1), name) for face in faces for name in face.get("names", ())}


# ── The copies ──────────────────────────────────────────────────────────────


def _copies(subjects: Sequence[Subject]) -> Iterator[Finding]:
    for table, expected in shadow(subjects).tables.items():
        yield from _compare(table, expected)


def _compare(table: Table, expected: dict[Any, dict[str, Any]]) -> Iterator[Finding]:
    name, key = table._meta.db_table, table._meta.pk
    assert key is not None
    columns = [f for f in table._meta.local_concrete_fields if f is not key]
    names = [key.attname, *(f.attname for f in columns)]
    missing = set(expected)
    for pk, *values in _rows(table, names):
        wanted = expected.get(pk)
        if wanted is None:
            yield Finding("verify.row-added", f"{name} {pk}")
            continue
        missing.discard(pk)
        for field, value in zip(columns, values, strict=True):
            if _plain(field, wanted[field.name]) != value:
                yield Finding("verify.row-altered", f"{name} {pk}", field.name)
    for pk in sorted(missing, key=str):
        yield Finding("verify.row-removed", f"{name} {pk}")


def _rows(table: Table, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield every row, key first, with `UNREADABLE` for what is not even of its kind.

    SQLite lets an insider write `9999-99-99` into a date, or bytes that are no text; reading
    them then fails for a whole page of rows, so these are read one by one.
    """
    rows, key, read = table._default_manager, names[0], set()
    try:
        for row in rows.values_list(*names).iterator():
            read.add(row[0])
            yield row
    except NOT_OF_ITS_KIND:
        for pk in rows.order_by(key).values_list(key, flat=True):
            if pk not in read:
                yield (pk, *(_value(rows.filter(pk=pk), name) for name in names[1:]))


NOT_OF_ITS_KIND = (ValueError, OperationalError)
UNREADABLE = object()


def _value(row: "models.QuerySet[Any]", name: str) -> Any:
    try:
        return row.values_list(name, flat=True).get()
    except NOT_OF_ITS_KIND:
        return UNREADABLE


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Return a projected value as the database gives it back."""
    return field.to_python(value)
