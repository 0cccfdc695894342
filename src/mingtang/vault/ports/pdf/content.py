"""The marks on a page as operators and what they are given (ISO 32000-1 § 7.8.2)."""

import re
from collections.abc import Iterator
from typing import Any

TOKEN = re.compile(
    rb"[\x00\t\n\f\r ]+|%[^\r\n]*"
    rb"|(?P<string>\()|(?P<dictionary><<|>>)|<(?P<hex>[0-9A-Fa-f\x00\t\n\f\r ]*)>"
    rb"|/(?P<name>[^\x00\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<open>\[)|(?P<close>\])|(?P<word>[^\x00\t\n\f\r ()<>\[\]{}/%]+)|."
)
PAREN = re.compile(rb"\\.|[()]", re.S)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)|\r\n?", re.S)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
IMAGE_ENDS = re.compile(rb"[\x00\t\n\f\r ]EI(?=[\x00\t\n\f\r ]|$)")
MOST_GIVEN = 100  # what an operator is given; more is no page


def operations(data: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Yield operators with what they are given: floats, bytes of strings, names as "/…", lists.

    Pictures inside the page are passed over. What makes no sense is, too.
    """
    given: list[Any] = []
    array: list[Any] | None = None
    place = 0
    while place < len(data):
        match = TOKEN.match(data, place)
        assert match is not None, "any byte is a token"
        place, kind = match.end(), match.lastgroup
        value: Any = None
        if kind == "string":
            value, place = _string(data, place)
        elif kind == "hex":
            value = _hex(match["hex"])
        elif kind == "name":
            value = "/" + match["name"].decode("latin-1")
        elif kind == "open":
            array = []
        elif kind == "close":
            value, array = array, None
        elif kind == "word":
            value = _number(match["word"])
            if value is None:
                operator = match["word"].decode("latin-1")
                yield operator, given
                given = []
                if operator == "ID":
                    ends = IMAGE_ENDS.search(data, place)
                    place = ends.end() if ends else len(data)
        if value is not None:
            (given if array is None else array).append(value)
            del given[:-MOST_GIVEN]


def _number(word: bytes) -> float | None:
    try:
        return float(word) if word[:1] in b"+-.0123456789" else None
    except ValueError:
        return None


def _hex(digits: bytes) -> bytes:
    packed = re.sub(rb"[^0-9A-Fa-f]", b"", digits)
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode())


def _string(data: bytes, start: int) -> tuple[bytes, int]:
    """Return what stands in balanced brackets from `start`, and where it ends."""
    depth, place = 1, start
    for match in PAREN.finditer(data, start):
        if match[0] == b"(":
            depth += 1
        elif match[0] == b")":
            depth -= 1
        place = match.end()
        if not depth:
            return ESCAPE.sub(_escaped, data[start : place - 1]), place
    return b"", len(data)


def _escaped(match: re.Match[bytes]) -> bytes:
    sign = match[1]
    if sign is None:
        return b"\n"  # a line end of any kind
    if sign[:1] in (b"\r", b"\n"):
        return b""  # the line goes on
    if sign[:1].isdigit() and sign[:1] < b"8":
        return bytes([int(sign, 8) & 0xFF])
    return ESCAPED.get(sign, sign)
