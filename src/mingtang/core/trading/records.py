"""Auction records (竞价存证): all that lets anybody run an auction again, in one file.

A document in one spelling (`core.documents`). Files are named *.auction.json.

    {"checkpoint":"<a signed note>",
     "entries":[{"disclosures":[...],"index":7,"leaf":"<base64>","path":["<base64>",...]}, ...],
     "format":"mingtang.auction.v1",
     "lot":"<key of the lot>",
     "sha256":"<hex digest of this document without this member>"}

Entries stand in the order of the log. Which stream one belongs to, and its place in it, its own
bytes say. Nothing else is in the file: whatever follows from the entries is worked out anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mingtang.core.documents import (
    format_document,
    parse_disclosures,
    parse_document,
    parse_member,
    plain_disclosures,
    text_of,
)
from mingtang.core.strict import LARGEST, Malformed, format_base64, parse_base64, parse_hash
from mingtang.core.wire import Disclosure

FORMAT = "mingtang.auction.v1"
SUFFIX = ".auction.json"
MOST_HASHES = 63
_MEMBERS = ("checkpoint", "entries", "lot")
_OF_ENTRY = {"disclosures", "index", "leaf", "path"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One entry of the log, shown to be in it."""

    index: int
    leaf: bytes  # the entry
    path: tuple[bytes, ...]  # its audit path, leaf end first
    disclosures: tuple[Disclosure, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AuctionRecord:
    lot: str
    pieces: tuple[Piece, ...]  # in the order of the log
    checkpoint: str  # a signed note


def format_record(record: AuctionRecord) -> str:
    """Return the document. The same record gives the same bytes."""
    return format_document(
        {
            "format": FORMAT,
            "lot": record.lot,
            "checkpoint": record.checkpoint,
            "entries": [_plain(piece) for piece in record.pieces],
        }
    )


def parse_record(text: str) -> AuctionRecord:
    """Return what the document holds, only its form and its own digest checked.

    Raises Malformed, naming the member or the character.
    """
    document = parse_document(text, FORMAT, _MEMBERS)
    entries = document["entries"]
    if not isinstance(entries, list):
        raise Malformed("member 'entries' is not a list")
    pieces = tuple(_piece(place, entry) for place, entry in enumerate(entries))
    for place, (one, other) in enumerate(pairwise(pieces), 1):
        if one.index >= other.index:
            raise Malformed(f"entry {place} does not come after the one before it")
    return AuctionRecord(
        lot=text_of("lot", document["lot"]),
        pieces=pieces,
        checkpoint=text_of("checkpoint", document["checkpoint"]),
    )


def _plain(piece: Piece) -> Mapping[str, Any]:
    return {
        "index": piece.index,
        "leaf": format_base64(piece.leaf),
        "path": [format_base64(hash) for hash in piece.path],
        "disclosures": plain_disclosures(piece.disclosures),
    }


def _piece(place: int, entry: object) -> Piece:
    try:
        if not isinstance(entry, dict) or entry.keys() != _OF_ENTRY:
            raise Malformed("not an index, a leaf, a path and disclosures")
        return Piece(
            index=_index(entry["index"]),
            leaf=parse_member("leaf", parse_base64, entry["leaf"]),
            path=_path(entry["path"]),
            disclosures=parse_disclosures(entry["disclosures"]),
        )
    except Malformed as error:
        raise Malformed(f"entry {place}: {error}") from error


def _index(value: object) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Malformed("member 'index' is not a place in a log")
    return value


def _path(values: object) -> tuple[bytes, ...]:
    if not isinstance(values, list) or len(values) > MOST_HASHES:
        raise Malformed(f"member 'path' is not a list of at most {MOST_HASHES} hashes")
    parse: Callable[[str], bytes] = parse_hash
    return tuple(parse_member("path", parse, value) for value in values)


# Sealed fields a record shows, by kind: what an auction follows from, and no name, account or
# reason. A reader asks for all of them.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "lot.announced.v1": ("seed",),
    "lot.reserve-entered.v1": ("amount",),
    "lot.entry-declared.v1": ("nonce",),
    "application.filed.v1": ("lot", "key"),
    "application.admitted.v1": ("paddle", "rank"),
    "application.key-replaced.v1": ("key",),
    "application.offer-sealed.v1": ("price", "quantity", "signature"),
    "deposit.opened.v1": ("due_fen", "deadline"),
    "deposit.deadline-moved.v1": ("deadline", "counted_fen"),
    "deposit.arrived.v1": ("booked", "amount_fen", "counted_fen"),
    "deposit.refund-ordered.v1": ("held_fen", "surplus_fen", "due_at"),
    "deposit.refund-paid.v1": ("amount_fen", "booked"),
    "deposit.refund-failed.v1": ("held_fen", "surplus_fen"),
    "deposit.forfeited.v1": ("amount_fen", "to", "due_at"),
    "deposit.transferred.v1": ("amount_fen", "to", "due_at"),
    "deposit.payout-ordered.v1": ("amount_fen",),
    "deposit.payout-paid.v1": ("amount_fen", "booked"),
    "deposit.payout-failed.v1": ("amount_fen",),
}
