"""Reading the rows of a batch from a spreadsheet (读取批量申请表): XLSX, or CSV as offices save it.

A file may be hostile. What it costs is bounded before it is understood: its bytes, the bytes it
says it unpacks to (zipfile gives no more than that), the tags in them, the signs in its cells.
What stands in a cell comes back as text, as it is seen; what it means is for `rows`.

Format of the file: docs/formats/batch.md.
"""

import csv
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as BadDeflate

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.exceptions import InvalidFileException

from mingtang.core.batches import MOST
from mingtang.core.catalogue import FormField
from mingtang.core.decider import Refused, require
from mingtang.core.formfields import TEXTAREA_MAX

MEGABYTE = 1024 * 1024
MOST_BYTES = 4 * MEGABYTE
MOST_UNPACKED = 16 * MEGABYTE
MOST_PARTS = 500  # files in an XLSX
MOST_TAGS = 200_000  # a second's work; fifty thousand cells have fewer
MOST_SHEETS = 5
MOST_COLUMNS = 100
MOST_SIGNS = 1_000_000  # characters in all cells
HEADING_WITHIN = 10  # filled lines: a title may stand above the headings
EXACT = 10**15  # Excel keeps no more digits of a number
FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\xd0\xcf\x11\xe0", "XLS / DOC"),
    (b"Rar!", "RAR"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
)
UNREADABLE = (
    BadZipFile,
    BadDeflate,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)

# Another sheet may be the one. What is said when none is: the first of these that was found.
NEXT_SHEET = ("spreadsheet.no-rows", "spreadsheet.columns-missing", "spreadsheet.empty")

Cells = Sequence[str]
Table = Iterator[tuple[int, Cells]]  # number of the line in the sheet from 1, its cells


@dataclass(frozen=True, slots=True)
class Line:
    """One filled line of the sheet."""

    number: int  # as the sheet counts, from 1
    cells: dict[str, str]  # field name → text


@dataclass(frozen=True, slots=True)
class Sheet:
    lines: Sequence[Line]
    unused: Sequence[str] = ()  # headings that are no field's


def read(data: bytes, fields: Sequence[FormField]) -> Sheet:
    """Return the filled lines below the headings (逐行读取), at most `MOST`.

    Raises Refused: spreadsheet.too-large (facts: limit), spreadsheet.wrong-kind (facts: kind),
    spreadsheet.broken, spreadsheet.encoding, spreadsheet.columns-missing (facts: columns),
    spreadsheet.empty, spreadsheet.no-rows, batch.too-many (facts: limit).
    """
    require(len(data) <= MOST_BYTES, "spreadsheet.too-large", limit=MOST_BYTES // MEGABYTE)
    require(bool(data.strip()), "spreadsheet.empty")
    for signature, kind in FOREIGN:
        require(not data.startswith(signature), "spreadsheet.wrong-kind", kind=kind)
    return _first_that_fits(_xlsx(data) if data.startswith(b"PK") else [_csv(data)], fields)


def _first_that_fits(tables: Iterable[Table], fields: Sequence[FormField]) -> Sheet:
    """Return what stands in the first sheet that has the columns; why not, if none has."""
    why = {"spreadsheet.empty": Refused("spreadsheet.empty")}
    for table in tables:
        try:
            return _sheet(table, fields)
        except Refused as refused:
            if refused.code not in NEXT_SHEET:
                raise
            why.setdefault(refused.code, refused)
    raise next(why[code] for code in NEXT_SHEET if code in why)


# ── Headings and lines ──────────────────────────────────────────────────────


def _sheet(table: Table, fields: Sequence[FormField]) -> Sheet:
    table = _bounded(table)
    first = list(islice(table, HEADING_WITHIN))
    require(bool(first), "spreadsheet.empty")
    columns = [_columns(cells, fields) for _number, cells in first]
    best = max(range(len(first)), key=lambda place: len(columns[place]))
    found = columns[best]
    missing = [
        f.label for f in fields if f.name not in found.values() and (f.required or not found)
    ]
    require(not missing, "spreadsheet.columns-missing", columns=missing)
    lines = list(_lines(chain(first[best + 1 :], table), found))
    require(bool(lines), "spreadsheet.no-rows")
    unused = [text for place, text in enumerate(first[best][1]) if text and place not in found]
    return Sheet(lines, unused)


def _columns(cells: Cells, fields: Sequence[FormField]) -> dict[int, str]:
    """Return which column is which field's: by label in either language, or by its name.

    Two fields of one label are told apart by their order.
    """
    free, found = list(fields), {}
    for place, cell in enumerate(cells):
        heading = cell.strip("*＊ ").casefold()
        field = next((f for f in free if heading in _headings(f)), None)
        if heading and field:
            free.remove(field)
            found[place] = field.name
    return found


def _headings(field: FormField) -> set[str]:
    return {name.strip().casefold() for name in (field.label, field.label_en, field.name) if name}


def _lines(table: Table, columns: dict[int, str]) -> Iterator[Line]:
    count = 0
    for number, cells in table:
        said = {name: cells[place] for place, name in columns.items() if place < len(cells)}
        if any(said.values()):
            count += 1
            require(count <= MOST, "batch.too-many", limit=MOST)
            yield Line(number, said)


def _bounded(table: Table) -> Table:
    """Yield the filled lines as long as they hold no more than people type."""
    signs = 0
    for number, cells in table:
        signs += sum(map(len, cells))
        require(signs <= MOST_SIGNS, "spreadsheet.too-large", limit=MOST_BYTES // MEGABYTE)
        if any(cells):
            yield number, cells


# ── XLSX ────────────────────────────────────────────────────────────────────


def _xlsx(data: bytes) -> Iterator[Table]:
    try:
        _require_harmless(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions it does not know
            book = load_workbook(BytesIO(data), read_only=True)
            sheets = book.worksheets[:MOST_SHEETS]
    except UNREADABLE as error:
        raise Refused("spreadsheet.broken") from error
    return map(_worksheet, sheets)


def _require_harmless(data: bytes) -> None:
    """Refuse what unpacks to more than a sheet of people needs, and XML that defines entities."""
    limit = MOST_BYTES // MEGABYTE
    with ZipFile(BytesIO(data)) as package:
        parts = package.infolist()
        if "xl/workbook.xml" not in package.namelist():
            raise Refused("spreadsheet.wrong-kind", kind="ZIP / DOCX / …")
        unpacked = sum(part.file_size for part in parts)
        fits = len(parts) <= MOST_PARTS and unpacked <= MOST_UNPACKED
        require(fits, "spreadsheet.too-large", limit=limit)
        tags = 0
        for part in parts:
            if part.filename.endswith((".xml", ".rels", ".vml")):
                text = package.read(part).replace(b"\x00", b"")  # of UTF-16, too
                tags += text.count(b"<")
                require(b"<!DOCTYPE" not in text, "spreadsheet.broken")
        require(tags <= MOST_TAGS, "spreadsheet.too-large", limit=limit)


def _worksheet(sheet: Any) -> Table:
    for number, cells in _filled(sheet):
        yield number, [_text(cell) for cell in cells]


def _filled(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield the lines with anything in them. Those a sheet only skips cost next to nothing."""
    blank = None  # one tuple stands for all the lines between two that are there
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
            if cells is blank:
                continue
            if any(cell is not EMPTY_CELL for cell in cells):
                yield number, cells
            else:
                blank = cells
    except UNREADABLE as error:
        raise Refused("spreadsheet.broken") from error


def _text(cell: Any) -> str:
    """Return what is seen in a cell, or a formula as it is written, beginning with `=`."""
    value = cell.value
    if cell.data_type == "f":
        return plain(str(value)) if str(value).startswith("=") else "="
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
        case date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case int() | float() if abs(value) >= EXACT:
            return f"{value:.5E}"  # its last digits are lost: seen and told as such
        case float():
            return f"{value:.15g}"
        case _:
            return plain(str(value))


# ── CSV ─────────────────────────────────────────────────────────────────────


def _csv(data: bytes) -> Table:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in _numbered(reader):
            yield number, [plain(_unquoted(cell)) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise Refused("spreadsheet.broken") from error


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return


def _unquoted(cell: str) -> str:
    """Return the text of `="0990"`, which is how some programs keep Excel from counting it."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8, UTF-16 with a mark, or else GB18030, each strictly."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        require(b"\x00" not in data, "spreadsheet.wrong-kind", kind="…")
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("spreadsheet.encoding")


# ── Text ────────────────────────────────────────────────────────────────────

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def plain(text: str) -> str:
    """Return text without what nobody sees: blanks around it, marks without width, a leading '.

    At most one sign more than the longest answer may have: enough to be told it is too long.
    """
    seen = text[: 2 * TEXTAREA_MAX].translate(UNSEEN)
    if not seen.isprintable():
        seen = "".join(c for c in seen if c.isprintable() or c in "\n\t\u3000\xa0")
    return seen.strip().removeprefix("'").strip()[: TEXTAREA_MAX + 1]
