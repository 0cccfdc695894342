"""The entries of a record (记录条目): each in the log, readable, its sealed fields as they were.

What is read here is only what the log holds and what opens it. An entry that cannot be shown to
be in the log, or that cannot be read, is named and left out of everything after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mingtang.core import checkpoint, merkle
from mingtang.core.documents import parse_object
from mingtang.core.history import WIRE
from mingtang.core.strict import Malformed
from mingtang.core.trading.records import SHOWN, AuctionRecord, Piece
from mingtang.core.wire import PLACE, Sealed, canonical
from mingtang.verifier.words import Refused

CLOCKS_DIFFER = timedelta(minutes=1)  # as much as the ledger itself lets pass


@dataclass(frozen=True, slots=True)
class Entry:
    """One event where it stands. `opened` are the sealed fields the record shows."""

    index: int
    stream: str
    seq: int
    event: Any
    opened: frozenset[str]

    @property
    def where(self) -> str:
        return f"entry {self.index} ({self.stream} #{self.seq})"


class Findings:
    """What is wrong, in the order it is found."""

    def __init__(self) -> None:
        self.found: list[Refused] = []

    def add(self, where: str, code: str, **details: object) -> None:
        self.found.append(Refused(where, code, **details))


def read_entries(
    record: AuctionRecord, head: checkpoint.Checkpoint, findings: Findings
) -> dict[str, list[Entry]]:
    """Return the entries by stream, in the order of the log."""
    streams: dict[str, list[Entry]] = {}
    for piece in record.pieces:
        try:
            entry = _entry(piece, head)
        except Refused as refused:
            findings.found.append(refused)
        else:
            streams.setdefault(entry.stream, []).append(entry)
    for entries in streams.values():
        _require_whole(entries, findings)
    return streams


def _require_whole(entries: list[Entry], findings: Findings) -> None:
    """A stream has every entry from its first on, in order, and shows what it has to."""
    due, last = 1, entries[0].event.at
    for entry in entries:
        if entry.seq != due:
            findings.add(entry.where, "not-in-sequence", due=due, found=entry.seq)
        if entry.event.at < last - CLOCKS_DIFFER:
            findings.add(entry.where, "time-goes-back", last=last.isoformat())
        due, last = entry.seq + 1, entry.event.at
        for name in SHOWN.get(entry.event.kind, ()):
            if name not in entry.opened:
                findings.add(entry.where, "not-shown", name=name)


def _entry(piece: Piece, head: checkpoint.Checkpoint) -> Entry:
    where = f"entry {piece.index}"
    try:
        merkle.check_inclusion(
            piece.path,
            index=piece.index,
            leaf=merkle.leaf_hash(piece.leaf),
            size=head.size,
            root=head.root,
        )
    except merkle.ProofFailed as error:
        raise Refused(where, "inclusion") from error
    try:
        body = parse_object(piece.leaf.decode())
        if canonical(body).encode() != piece.leaf:
            raise Malformed("not in its one spelling")
        stream, seq = body.get("_stream"), body.get("_seq")
        if not isinstance(stream, str) or type(seq) is not int:
            raise Malformed("it does not say where it stands")
        opened = _opened(piece, body, where)
        return Entry(piece.index, stream, seq, _event(piece.leaf, body, opened), frozenset(opened))
    except (RecursionError, TypeError, ValueError) as error:  # JSON can hold what no entry may
        raise Refused(where, "form", detail=error) from error


def _opened(piece: Piece, body: Mapping[str, Any], where: str) -> dict[str, str]:
    listed = body.get("_sd", [])
    digests = [digest for digest in listed if isinstance(digest, str)]
    opened: dict[str, str] = {}
    for disclosure in piece.disclosures:
        if disclosure.digest not in digests:
            raise Refused(where, "disclosure", name=disclosure.name)
        if disclosure.name in opened:
            raise Refused(where, "disclosure-twice", name=disclosure.name)
        opened[disclosure.name] = disclosure.value
    return opened


def _event(leaf: bytes, body: Mapping[str, Any], opened: Mapping[str, str]) -> Any:
    """Return the event, every field of it of the type the format says. Raises Malformed."""
    kind = WIRE.events.get(str(body.get("kind")))
    if kind is None:
        raise Malformed(f"unknown kind {body.get('kind')!r}")
    try:
        event = WIRE.decode(leaf, opened)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(f"not an entry of kind {kind.kind}: {error!r}") from error
    _require_types(event, kind.kind)
    written = {name: value for name, value in body.items() if name not in (*PLACE, "kind")}
    if not written.keys() <= {field.name for field in fields(event)}:
        raise Malformed(f"not an entry of kind {kind.kind}")
    return event


def _require_types(value: Any, where: str) -> None:
    for name, hint in _hints(value.__class__).items():
        if not _fits(getattr(value, name), hint):
            raise Malformed(f"{where}: {name} is not what it should be")


def _fits(value: Any, hint: Any) -> bool:
    if hint is Sealed:
        return isinstance(value, str)
    if hint in (str, int, bool, date, NoneType):
        return type(value) is hint
    if hint is datetime:
        return isinstance(value, datetime) and value.utcoffset() is not None
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, part) for part in get_args(hint))
    if get_origin(hint) is tuple:
        return type(value) is tuple and all(_fits(part, get_args(hint)[0]) for part in value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return isinstance(value, hint)
    if not (is_dataclass(hint) and isinstance(hint, type) and isinstance(value, hint)):
        return False
    return all(_fits(getattr(value, name), part) for name, part in _hints(hint).items())


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
