"""What a log and a witness say to each other (见证协议): C2SP tlog-witness, add-checkpoint.

The log posts:

    old <size>                  of the checkpoint the witness cosigned last, 0 if none
    <base64 hash>               consistency proof from there, at most 63 lines, none from 0
                                <- one empty line
    <the new checkpoint with its signatures>

The witness answers with its signature lines, or with "<size>\\n" of the checkpoint it
holds if that is not the old one (409, Content-Type text/x.tlog.size).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mingtang.core import note
from mingtang.core.strict import Malformed, format_base64, parse_decimal, parse_hash

MAX_HASHES = 63
MAX_REQUEST = 1 << 17  # bytes: 16 post-quantum signatures and to spare
MAX_RESPONSE = 1 << 16
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True, kw_only=True, slots=True)
class AddCheckpoint:
    old: int
    proof: tuple[bytes, ...]
    checkpoint: str  # a signed note


def format_request(old: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    lines = [f"old {old}", *map(format_base64, proof)]
    return ("\n".join(lines) + "\n\n" + checkpoint).encode()


def parse_request(body: bytes) -> AddCheckpoint:
    """Return what a log asks. Raises Malformed."""
    if len(body) > MAX_REQUEST:
        raise Malformed(f"more than {MAX_REQUEST} bytes")
    try:
        head, empty, checkpoint = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 at byte {error.start}") from error
    first, *hashes = head.split("\n")
    if not first.startswith("old ") or not empty:
        raise Malformed("a request begins with 'old <size>' and has an empty line")
    if len(hashes) > MAX_HASHES:
        raise Malformed(f"more than {MAX_HASHES} hashes")
    return AddCheckpoint(
        old=parse_decimal(first[4:]), proof=tuple(map(parse_hash, hashes)), checkpoint=checkpoint
    )


def parse_response(
    body: bytes, *, text: str, witnesses: Sequence[note.Verifier]
) -> list[tuple[note.Key, note.Signature]]:
    """Return the signatures of `witnesses` on the checkpoint `text`, and no other line.

    Only these may be stored: a line nobody checked would spoil every note it is added to.
    Raises Malformed, note.NoteRefused.
    """
    if len(body) > MAX_RESPONSE:
        raise Malformed(f"more than {MAX_RESPONSE} bytes")
    try:
        lines = body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 at byte {error.start}") from error
    signed = note.Note(text=text, signatures=note.parse_signatures(lines))
    return list(note.open_note(note.format_note(signed), witnesses).verified)


def parse_size(body: bytes) -> int:
    """Return the size a 409 answer names: plain decimal and a newline."""
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("not a size") from error
    if not text.endswith("\n"):
        raise Malformed("no newline after the size")
    return parse_decimal(text[:-1])
