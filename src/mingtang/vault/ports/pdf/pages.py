"""The lines of text on the pages of a PDF, in the order in which they were written."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from pyhanko.pdf_utils.crypt.api import AuthStatus
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DocumentDecodeBudget,
    MiB,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.reader import PdfFileReader

from mingtang.core.differences import Line
from mingtang.vault.ports.pdf.content import operations
from mingtang.vault.ports.pdf.fonts import Font, Shown, entry, font_of

MOST_PAGES = 200
MOST_SIGNS = 1_000_000
UNPACKED = DecodeLimits(  # a small file may unpack to a very large one
    per_stream=StreamDecodeLimits(max_output_size=32 * MiB),
    document_budget=DocumentDecodeBudget(base_allowance=64 * MiB, max_ratio=1),
)
DEEPEST = 8  # forms within forms
DEEPEST_TREE = 50
LAST_LETTER = "\u2e7f"  # ideographs and their punctuation come after it
ODD = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)


class Protected(Exception):
    """The file asks for a password."""


class TooMuch(Exception):
    """More pages or signs than are read."""


def lines_of(path: Path) -> list[Line]:
    """Return the lines of a file. Raises Protected, TooMuch, and whatever a broken file causes."""
    with path.open("rb") as file:
        reader = PdfFileReader(file, strict=False, decode_limits=UNPACKED)
        if reader.encrypted and reader.decrypt(b"").status is AuthStatus.FAILED:
            raise Protected
        found: list[Line] = []
        signs = 0
        for number, page in enumerate(_pages(reader), 1):
            if number > MOST_PAGES:
                raise TooMuch
            for text in _lines_on(page):
                signs += len(text)
                if signs > MOST_SIGNS:
                    raise TooMuch
                found.append(Line(text, number))
        return found


def _pages(reader: PdfFileReader) -> Iterator[tuple[Any, Any]]:
    """Yield each page and its resources, which a page may have from the tree above it."""
    nodes = 0

    def below(node: Any, inherited: Any, depth: int) -> Iterator[tuple[Any, Any]]:
        nonlocal nodes
        nodes += 1
        if nodes > 10 * MOST_PAGES or depth > DEEPEST_TREE:
            raise TooMuch
        resources = entry(node, "/Resources", inherited)
        kids = entry(node, "/Kids")
        if kids is None:
            yield node, resources
            return
        for place in range(len(kids)):
            yield from below(kids[place], resources, depth + 1)

    yield from below(reader.root["/Pages"], {}, 0)


def _lines_on(page: tuple[Any, Any]) -> list[str]:
    node, resources = page
    sheet = _Sheet()
    contents = entry(node, "/Contents", [])
    parts = (
        [contents[n] for n in range(len(contents))] if isinstance(contents, list) else [contents]
    )
    _write(sheet, b"\n".join(part.data for part in parts), resources, UNIT, 0)
    marks = entry(node, "/Annots", [])
    for place in range(len(marks)):
        with suppress(KeyError, AttributeError, TypeError):
            _write_mark(sheet, marks[place])
    return sheet.lines()


def _write_mark(sheet: "_Sheet", mark: Any) -> None:
    """What was typed into a form is drawn in marks over the page."""
    if mark["/Subtype"] not in ("/Widget", "/FreeText"):
        return
    shown = mark["/AP"]["/N"]
    if not hasattr(shown, "data"):  # one look for every state
        shown = shown[mark["/AS"]]
    left, bottom = (float(mark["/Rect"][n]) for n in (0, 1))
    sheet.break_line()
    _write(sheet, shown.data, entry(shown, "/Resources", {}), (1, 0, 0, 1, left, bottom), 1)


# ── A sheet: where strings fall ─────────────────────────────────────────────


@dataclass
class _Sheet:
    """Strings put side by side where they stand on one line of the page."""

    written: list[list[str]] = field(default_factory=lambda: [[]])
    end: Point | None = None

    def put(
        self, text: str, at: tuple[float, float], end: tuple[float, float], size: float
    ) -> None:
        line = self.written[-1]
        if self.end is not None and line:
            (x, y), (end_x, end_y) = at, self.end
            if abs(y - end_y) > 0.5 * size or x < end_x - size:
                self.written.append([])
            elif x - end_x > _gap(line[-1], text) * size:
                line.append(" ")
        self.written[-1].append(text)
        self.end = end

    def break_line(self) -> None:
        self.written.append([])
        self.end = None

    def lines(self) -> list[str]:
        texts = (_usual(" ".join("".join(parts).split())) for parts in self.written)
        return [text for text in texts if text]


def _gap(before: str, after: str) -> float:
    """Return from where on a gap is a space: ideographs set wide are not words apart."""
    return 1 if before[-1:] > LAST_LETTER and after[:1] > LAST_LETTER else 0.15


def _usual(text: str) -> str:
    """Write ligatures and radicals, which stand for whole signs in some files, as those signs."""
    return ODD.sub(lambda match: normalize("NFKC", match[0]), text)


@dataclass(frozen=True)
class _Pen:
    """How strings are written (text state), and where lines begin and go on (text matrices)."""

    font: Font | None = None
    size: float = 0
    spacing: float = 0
    word_spacing: float = 0
    scale: float = 1
    leading: float = 0
    line: Matrix = UNIT
    text: Matrix = UNIT

    def next_line(self, x: float, y: float) -> "_Pen":
        line = _times((1, 0, 0, 1, x, y), self.line)
        return replace(self, line=line, text=line)

    def moved_on(self, by: float) -> "_Pen":
        return replace(self, text=_times((1, 0, 0, 1, by, 0), self.text))


def _write(sheet: _Sheet, data: bytes, resources: Any, base: Matrix, depth: int) -> None:
    """Go through the operators of a page or a form, and put down what they write."""
    fonts: dict[str, Font] = {}
    pen, here = _Pen(), base
    kept: list[tuple[_Pen, Matrix]] = []
    for operator, given in operations(data):
        with suppress(IndexError, ValueError, TypeError, KeyError, AttributeError):
            match operator:
                case "q":
                    kept.append((pen, here))
                case "Q":
                    pen, here = kept.pop()
                case "cm":
                    here = _times(_matrix(given), here)
                case "Do" if depth < DEEPEST:
                    _write_form(sheet, resources["/XObject"][given[0]], resources, here, depth)
                case "Tf":
                    if given[0] not in fonts:
                        fonts[given[0]] = font_of(resources["/Font"][given[0]])
                    pen = replace(pen, font=fonts[given[0]], size=given[1])
                case '"':
                    pen = replace(pen, word_spacing=given[0], spacing=given[1])
                    pen = _show(sheet, pen.next_line(0, -pen.leading), here, given[2:])
                case "'":
                    pen = _show(sheet, pen.next_line(0, -pen.leading), here, given)
                case "Tj":
                    pen = _show(sheet, pen, here, given)
                case "TJ":
                    pen = _show(sheet, pen, here, given[0])
                case _:
                    pen = _set(pen, operator, given)


def _set(pen: _Pen, operator: str, given: Sequence[Any]) -> _Pen:
    """Return the pen after an operator that writes nothing."""
    match operator:
        case "BT":
            return replace(pen, line=UNIT, text=UNIT)
        case "Tm":
            return replace(pen, line=_matrix(given), text=_matrix(given))
        case "Td":
            return pen.next_line(given[0], given[1])
        case "TD":
            return replace(pen, leading=-given[1]).next_line(given[0], given[1])
        case "T*":
            return pen.next_line(0, -pen.leading)
        case "TL":
            return replace(pen, leading=given[0])
        case "Tc":
            return replace(pen, spacing=given[0])
        case "Tw":
            return replace(pen, word_spacing=given[0])
        case "Tz":
            return replace(pen, scale=given[0] / 100)
        case _:
            return pen


def _write_form(sheet: _Sheet, form: Any, above: Any, here: Matrix, depth: int) -> None:
    if form["/Subtype"] == "/Form":
        own = entry(form, "/Matrix", UNIT)
        at = _times(_matrix([own[place] for place in range(6)]), here)
        _write(sheet, form.data, entry(form, "/Resources", above), at, depth + 1)


def _show(sheet: _Sheet, pen: _Pen, here: Matrix, parts: Sequence[Any]) -> _Pen:
    """Put down strings and the gaps between them; return the pen where they end."""
    for part in parts:
        if isinstance(part, float):
            pen = pen.moved_on(-part / 1000 * pen.size * pen.scale)
        elif pen.font is not None:
            shown = list(pen.font(part))
            begin = _times(pen.text, here)
            pen = pen.moved_on(sum(_advance(pen, one) for one in shown))
            end = _times(pen.text, here)
            size = abs(pen.size) * max(abs(begin[0]), abs(begin[1]), abs(begin[3]))
            text = "".join(one.text for one in shown)
            sheet.put(text, begin[4:], end[4:], size)
    return pen


def _advance(pen: _Pen, one: Shown) -> float:
    space = pen.word_spacing if one.is_space else 0
    return (one.width / 1000 * pen.size + pen.spacing + space) * pen.scale


def _matrix(given: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in given[-6:])
    return a, b, c, d, e, f


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
