"""What the codes of a font say: ToUnicode maps, known encodings, names (ISO 32000-1 § 9)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fontTools import agl

UNKNOWN = "�"
MOST_CODES = 200_000  # of one map: Unicode has fewer ideographs
HEX = rb"<\s*([0-9A-Fa-f\s]*)>"
SECTION = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end\1", re.S)
SPAN = re.compile(HEX + rb"\s*" + HEX)
RANGE = re.compile(HEX + rb"\s*" + HEX + rb"\s*(?:" + HEX + rb"|\[(.*?)\])", re.S)
ONE = re.compile(HEX)
# Encodings of Chinese, Japanese and Korean fonts by the end of their names, as Python knows them.
NAMED = (
    (re.compile(r"-(UTF16|UCS2)-[HV]$"), "utf-16-be"),
    (re.compile(r"^GB"), "gb18030"),
    (re.compile(r"^(ETen-)?B5|^HK"), "big5hkscs"),
    (re.compile(r"RKSJ"), "cp932"),
    (re.compile(r"^KSC"), "cp949"),
)
SINGLE = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


@dataclass(frozen=True)
class Shown:
    """One code of a string: what it says, how far it moves on (thousandths), whether it is 32."""

    text: str
    width: float
    is_space: bool


Font = Callable[[bytes], Iterator[Shown]]


def entry(dictionary: Any, key: str, otherwise: Any = None) -> Any:
    """Return what stands under a key, followed to where it is written."""
    try:
        return dictionary[key]  # its `get` does not follow references
    except KeyError:
        return otherwise


def font_of(found: Any) -> Font:
    """Return how strings in a font are read. Raises what the file makes pyHanko raise."""
    to_unicode = entry(found, "/ToUnicode")
    codes = _Codes.read(to_unicode.data) if hasattr(to_unicode, "data") else None
    if entry(found, "/Subtype") == "/Type0":
        return _composite(found, codes)
    return _simple(found, codes)


@dataclass(frozen=True)
class _Codes:
    """A ToUnicode map: how long codes are, and what each says."""

    lengths: frozenset[int]
    said: Mapping[tuple[int, int], str]  # (length, code)

    @classmethod
    def read(cls, data: bytes) -> "_Codes":
        lengths: set[int] = set()
        said: dict[tuple[int, int], str] = {}
        for section, body in SECTION.findall(data):
            if section == b"codespacerange":
                lengths |= {len(_bytes(low)) for low, _high in SPAN.findall(body)}
            elif section == b"bfchar":
                for code, text in SPAN.findall(body):
                    said[_code(code)] = _utf16(_bytes(text))
            else:
                for low, high, first, texts in RANGE.findall(body):
                    said.update(_range(low, high, first, texts))
            if len(said) > MOST_CODES:
                raise ValueError("a map with more codes than there are signs")
        return cls(frozenset(lengths - {0}) or frozenset(n for n, _ in said), said)


def _range(low: bytes, high: bytes, first: bytes, texts: bytes) -> Iterator[Any]:
    (length, start), (_, end) = _code(low), _code(high)
    each = [_utf16(_bytes(text)) for text in ONE.findall(texts)]
    begin = _utf16(_bytes(first))
    for place in range(min(end - start + 1, MOST_CODES)):
        if first and begin:
            yield (length, start + place), begin[:-1] + chr(min(ord(begin[-1]) + place, 0x10FFFF))
        elif place < len(each):
            yield (length, start + place), each[place]


def _bytes(digits: bytes) -> bytes:
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode())


def _code(digits: bytes) -> tuple[int, int]:
    raw = _bytes(digits)
    return len(raw), int.from_bytes(raw)


def _utf16(raw: bytes) -> str:
    return raw.decode("utf-16-be", "replace") if len(raw) > 1 else raw.decode("latin-1")


# ── Composite fonts ─────────────────────────────────────────────────────────


def _composite(found: Any, codes: _Codes | None) -> Font:
    descendant = found["/DescendantFonts"][0]
    widths, usual = _wide(descendant), float(entry(descendant, "/DW", 1000))
    encoding = entry(found, "/Encoding")
    name = encoding[1:] if isinstance(encoding, str) else ""
    codec = next((codec for pattern, codec in NAMED if pattern.search(name)), "")
    lengths = _lengths(name, codec, encoding, codes)

    def read(string: bytes) -> Iterator[Shown]:
        place = 0
        while place < len(string):
            length = lengths(string, place)
            raw = string[place : place + length]
            code = int.from_bytes(raw)
            text = codes.said.get((length, code)) if codes else None
            if text is None:
                text = raw.decode(codec, "replace") if codec else UNKNOWN
            yield Shown(text, widths.get(code, usual), length == 1 and code == 32)
            place += length

    return read


def _lengths(
    name: str, codec: str, encoding: Any, codes: _Codes | None
) -> Callable[[bytes, int], int]:
    """Return how to tell how many bytes the next code has."""
    if codec == "utf-16-be":
        return lambda string, place: 4 if 0xD8 <= string[place] <= 0xDB else 2
    if codec:
        return lambda string, place: 1 if string[place] < 0x80 else 2
    known = codes.lengths if codes else frozenset()
    if not name and hasattr(encoding, "data"):  # a map of the file's own
        known = _Codes.read(encoding.data).lengths or known
    fixed = min(known) if len(known) == 1 and not name.startswith("Identity") else 2
    return lambda string, place: fixed


def _wide(descendant: Any) -> dict[int, float]:
    """Return the widths of glyphs: `first [w …]` or `first last w`, one after another."""
    found: dict[int, float] = {}
    given = entry(descendant, "/W", [])
    values = [given[place] for place in range(len(given))]
    place = 0
    while place + 1 < len(values):
        first, second = int(values[place]), values[place + 1]
        if isinstance(second, list):
            found.update({first + n: float(width) for n, width in enumerate(second)})
            place += 2
        elif place + 2 < len(values):
            last = min(int(second), first + 0xFFFF)
            found.update(dict.fromkeys(range(first, last + 1), float(values[place + 2])))
            place += 3
        else:
            break
    return found


# ── Simple fonts ────────────────────────────────────────────────────────────


def _simple(found: Any, codes: _Codes | None) -> Font:
    names = _names(found)
    first = int(entry(found, "/FirstChar", 0))
    widths = entry(found, "/Widths", [])
    scale = 1000 * float(found["/FontMatrix"][0]) if entry(found, "/Subtype") == "/Type3" else 1.0
    each = {first + place: scale * float(widths[place]) for place in range(min(len(widths), 256))}

    def read(string: bytes) -> Iterator[Shown]:
        for code in string:
            text = codes.said.get((1, code)) if codes else None
            yield Shown(names[code] if text is None else text, each.get(code, 500), code == 32)

    return read


def _names(found: Any) -> list[str]:
    """Return what the 256 codes say: an encoding, and where the file says it differs."""
    encoding = entry(found, "/Encoding")
    differing = encoding if hasattr(encoding, "keys") else {}
    base = encoding if isinstance(encoding, str) else entry(differing, "/BaseEncoding", "")
    said = [bytes([code]).decode(SINGLE.get(base, "cp1252"), "replace") for code in range(256)]
    code = 0
    differences = entry(differing, "/Differences", [])
    for place in range(len(differences)):
        value = differences[place]
        if isinstance(value, str):
            if code < 256:
                said[code] = agl.toUnicode(value[1:]) or UNKNOWN
            code += 1
        else:
            code = int(value)
    return said
