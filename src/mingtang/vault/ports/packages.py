"""The lines of text in packages of XML: OFD (GB/T 33190), DOCX and XLSX (ISO/IEC 29500).

Files come from anybody: only `reading` uses this, in a process of its own that may be ended.
Names are looked for without their namespaces, since two generations of OFD differ in them alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile, ZipInfo

from openpyxl import load_workbook

from mingtang.core.differences import Line
from mingtang.vault.ports.pages import MOST_PAGES, MOST_SIGNS, Protected, TooMuch, usual

LARGEST_PART = 64 * 1024 * 1024  # bytes, unpacked
ENCRYPTED = 0x1  # flag of a member of a ZIP
SAME_LINE = 0.5  # of the size of its signs: what stands that near in height is one line
GAP = 0.6  # of the same: what stands that far behind is another word


def is_package(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


def lines_of(path: Path) -> list[Line]:
    """Return the lines of an OFD, a DOCX or an XLSX, in the order in which they are read.

    Raises Protected, TooMuch, and whatever a broken file makes its readers raise.
    """
    with ZipFile(path) as package:
        names = set(package.namelist())
        if "OFD.xml" in names:
            found = _ofd(package)
        elif "xl/workbook.xml" in names:
            found = _xlsx(package, path)
        else:
            found = _docx(package)
        lines, signs = [], 0
        for line in found:
            for text in usual(line.text):
                signs += len(text)
                if signs > MOST_SIGNS:
                    raise TooMuch
                lines.append(Line(text, line.page))
        return lines


def _require_readable(part: ZipInfo) -> None:
    if part.flag_bits & ENCRYPTED:
        raise Protected
    if part.file_size > LARGEST_PART:
        raise TooMuch


def _part(package: ZipFile, name: str) -> Element:
    info = package.getinfo(name)
    _require_readable(info)
    data = package.read(info)
    if b"<!DOCTYPE" in data:
        raise ValueError("no part of these packages has a document type")
    return fromstring(data)


def _named(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if _name(one) == name)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


# ── DOCX: paragraphs, as they stand ─────────────────────────────────────────


def _docx(package: ZipFile) -> Iterator[Line]:
    """What is marked as deleted (修订) is not part of the text; what is marked as put in is."""
    for paragraph in _named(_part(package, "word/document.xml"), "p"):
        yield Line("".join(_written(paragraph)))


def _written(paragraph: Element) -> Iterator[str]:
    for one in paragraph:
        match _name(one):
            case "t":
                yield one.text or ""
            case "tab":
                yield " "
            case "br" | "cr":
                yield "\n"
            case "p" | "del" | "moveFrom" | "pPr":  # a paragraph within one stands for itself
                continue
            case _:
                yield from _written(one)


# ── XLSX: a row is a line ───────────────────────────────────────────────────


def _xlsx(package: ZipFile, path: Path) -> Iterator[Line]:
    """Cells are as they were last reckoned; a sheet begins with its name."""
    for part in package.infolist():
        _require_readable(part)
    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield Line(sheet.title)
            for row in sheet.iter_rows(values_only=True):
                yield Line(" ".join(str(cell) for cell in row if cell is not None))


# ── OFD: words at their places on pages ─────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Run:
    x: float  # millimetres from the left, of where it begins
    y: float  # from the top, of its baseline
    end: float
    size: float
    text: str


def _ofd(package: ZipFile) -> Iterator[Line]:
    book = _part(package, "OFD.xml")
    if next(_named(book, "Encryptions"), None) is not None:
        raise Protected
    number = 0
    for root in _named(book, "DocRoot"):
        place = _joined("", root.text or "")
        document = _part(package, place)
        templates = {  # forms below what was filled in
            _attribute(one, "ID"): list(
                _runs(_part(package, _joined(place, _attribute(one, "BaseLoc"))))
            )
            for one in _named(document, "TemplatePage")
        }
        for page in _named(document, "Page"):
            number += 1
            if number > MOST_PAGES:
                raise TooMuch
            content = _part(package, _joined(place, _attribute(page, "BaseLoc")))
            runs = list(_runs(content))
            for one in _named(content, "Template"):
                runs += templates[_attribute(one, "TemplateID")]
            yield from (Line(text, number) for text in _lines(runs))


def _joined(document: str, location: str) -> str:
    """Return the name of the member that a location (ST_Loc) means, seen from a document."""
    base = PurePosixPath("/") if location.startswith("/") else PurePosixPath("/", document).parent
    return str(base / location.strip().lstrip("/")).lstrip("/")


def _runs(content: Element) -> Iterator[_Run]:
    for text in _named(content, "TextObject"):
        left, top, width, _height = _numbers(_attribute(text, "Boundary"), 4)
        size = _numbers(_attribute(text, "Size"), 1)[0] or 1.0
        a, b, c, d, e, f = _numbers(_attribute(text, "CTM") or "1 0 0 1 0 0", 6)
        codes = list(_named(text, "TextCode"))
        for code in codes:
            x, y = (_numbers(_attribute(code, axis), 1)[0] for axis in "XY")
            begin = left + a * x + c * y + e
            end = left + width if len(codes) == 1 else begin + size * len(code.text or "")
            yield _Run(begin, top + b * x + d * y + f, end, abs(size * d), code.text or "")


def _numbers(text: str, count: int) -> list[float]:
    found = [float(one) for one in text.split()[:count]]
    return found + [0.0] * (count - len(found))


def _lines(runs: list[_Run]) -> Iterator[str]:
    """Yield what stands at one height as a line, from the top, each from left to right."""
    line: list[_Run] = []
    for run in sorted(runs, key=lambda run: (run.y, run.x)):
        if line and run.y - line[0].y > SAME_LINE * max(run.size, line[0].size):
            yield _said(line)
            line = []
        line.append(run)
    if line:
        yield _said(line)


def _said(line: list[_Run]) -> str:
    said, end = "", None
    for run in sorted(line, key=lambda run: run.x):
        if end is not None and run.x - end > GAP * run.size:
            said += " "
        said, end = said + run.text, run.end
    return said
