"""What a witness remembers (见证存档): the last checkpoint it cosigned for each log.

One row a log. A row is replaced only by the statement that also checks what it replaces,
so of two requests at once, in one process or in two, one finds the row changed. It is on
the disk (synchronous FULL) before anybody is told.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mingtang.core import merkle

_TABLE = """
create table if not exists head (
    origin text primary key,
    address text not null unique,
    size integer not null,
    root blob not null,
    signed_at integer not null,
    note text not null
) strict
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The last checkpoint of a log; size 0 and an empty note before the first."""

    size: int
    root: bytes
    signed_at: int  # seconds since 1970
    note: str  # as verified: our cosignature and the log's, no line of anybody else


class Heads:
    def __init__(self, path: Path, origins: Iterable[str]) -> None:
        self._path = path
        with self._open() as db:
            db.execute("pragma journal_mode = wal")
            db.execute(_TABLE)
            for origin in origins:
                address = sha256(origin.encode()).hexdigest()
                first = (origin, address, 0, merkle.EMPTY_ROOT, 0, "")
                db.execute("insert or ignore into head values (?, ?, ?, ?, ?, ?)", first)

    def of(self, origin: str) -> Head:
        with self._open() as db:
            query = "select size, root, signed_at, note from head where origin = ?"
            size, root, signed_at, note = db.execute(query, (origin,)).fetchone()
        return Head(size=size, root=root, signed_at=signed_at, note=note)

    def replace(self, origin: str, *, old: Head, new: Head) -> bool:
        """Put `new` in place of `old`, on disk when this returns; False if `old` is not there."""
        row = (new.size, new.root, new.signed_at, new.note)
        condition = (origin, old.size, old.root, old.signed_at)
        with self._open() as db:
            changed = db.execute(
                "update head set size = ?, root = ?, signed_at = ?, note = ?"
                " where origin = ? and size = ? and root = ? and signed_at = ?",
                (*row, *condition),
            )
            return changed.rowcount == 1

    def note_at(self, address: str) -> str | None:
        """Return the note of the log whose origin has this SHA-256, None before the first."""
        with self._open() as db:
            query = "select note from head where address = ? and note <> ''"
            row = db.execute(query, (address,)).fetchone()
        return row and str(row[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)  # each its own commit
        try:
            db.execute("pragma synchronous = full")
            yield db
        finally:
            db.close()
