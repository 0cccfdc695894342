"""A file of rows, whatever it is: CSV in the encodings offices use, XLSX, JSON, JSON lines.

Nothing is guessed silently: a file that cannot be read for certain is `Unusable`, with the
place where it breaks; a row that cannot is listed with its line and the others are kept.
"""

import csv
import gzip
import json
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import FORMATS, Format, format_of

MOST_BYTES = 200 * 1024 * 1024
DELIMITERS = ",;\t|"
GZIP = b"\x1f\x8b"
FOREIGN_FILES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\xd0\xcf\x11\xe0", "XLS / DOC"),
    (b"Rar!", "RAR"),
    (GZIP, "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
)
CHINESE = re.compile("[\u4e00-\u9fff]")


class Unusable(Exception):
    """Nothing can be read from this file. `code` and `facts` say why (see words.py)."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # in the file, from 1; in a JSON list, which object
    values: dict[str, Any] = field(default_factory=dict)  # by heading
    bad: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Table:
    kind: str  # CSV, XLSX, JSON, JSON lines
    encoding: str
    format: Format
    rows: Sequence[Row]


def read(path: Path, formats: Sequence[Format] = FORMATS) -> Table:
    """Return all rows of the file, which has one of these formats. Raises Unusable."""
    return table_of(_bytes(path), formats)


def unpacked(path: Path) -> bytes:
    """Return what the file holds, taken out of its .gz where it is in one. Raises Unusable."""
    data = _bytes(path)
    if not data.startswith(GZIP):
        return data
    try:
        with gzip.open(BytesIO(data)) as packed:
            data = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unusable("import.broken-gzip") from error
    if len(data) > MOST_BYTES:
        raise Unusable("import.too-large", size=f"> {MOST_BYTES}", limit=MOST_BYTES)
    if not data.strip():
        raise Unusable("import.empty")
    return data


def table_of(data: bytes, formats: Sequence[Format]) -> Table:
    """Return all rows of a file by what it holds. Raises Unusable."""
    for magic, name in FOREIGN_FILES:
        if data.startswith(magic):
            raise Unusable("import.wrong-file", kind=name)
    if data.startswith(b"PK"):
        return _xlsx(data, formats)
    text, encoding = decode(data)
    if text.lstrip()[:1] in ("[", "{"):
        kind, rows = _json(text)
    else:
        kind, rows = "CSV", list(_csv(text, formats))
    headings = dict.fromkeys(name for row in rows for name in row.values)
    if not rows:
        raise Unusable("import.empty")
    return Table(kind, encoding, _recognised(list(headings), formats), rows)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Unusable("import.directory")
        if size > MOST_BYTES:
            raise Unusable("import.too-large", size=size, limit=MOST_BYTES)
        data = path.read_bytes()
    except OSError as error:
        raise Unusable("import.cannot-open", error=error.strerror or str(error)) from error
    if not data.strip():
        raise Unusable("import.empty")
    return data


def _recognised(headings: Sequence[str], formats: Sequence[Format]) -> Format:
    found = format_of(headings, formats)
    if found is None:
        raise Unusable("import.unknown-columns", columns="、".join(headings)[:200])
    return found


# ── Encodings ───────────────────────────────────────────────────────────────


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    UTF-8 first, then GB18030, each strictly. A file that holds Chinese in good UTF-8 before the
    first bad byte is broken UTF-8 and never taken for GB18030, which would read it as other
    characters without a word. Raises Unusable with the byte offset.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16")
    if b"\x00" in data:
        raise Unusable("import.binary", offset=data.index(b"\x00"))
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        marked = data.startswith(b"\xef\xbb\xbf")
        offset = error.start + 3 * marked  # counted without the mark, told with it
        if marked or CHINESE.search(data[:offset].decode()):
            raise Unusable("import.encoding", encoding="UTF-8", offset=offset) from error
    return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise Unusable("import.encoding", encoding=encoding.upper(), offset=error.start) from error


# ── CSV ─────────────────────────────────────────────────────────────────────


def _csv(text: str, formats: Sequence[Format]) -> Iterator[Row]:
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=_delimiter(text, formats), strict=True
    )
    headings: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, bad=Unreadable("import.broken-quotes", error=str(error)))
            continue
        if not any(cells):
            continue
        if not headings:
            headings = cells
        else:
            yield _row(line, headings, cells)


def _delimiter(text: str, formats: Sequence[Format]) -> str:
    """Return the sign that cuts the first line into the most columns we know."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    cut = {sign: next(csv.reader([first], delimiter=sign)) for sign in DELIMITERS}
    known = {sign: format_of(cells, formats) for sign, cells in cut.items()}
    best = max(DELIMITERS, key=lambda sign: (known[sign] is not None, len(cut[sign])))
    _recognised([cell.strip() for cell in cut[best]], formats)
    return best


def _row(line: int, headings: Sequence[str], cells: Sequence[Any]) -> Row:
    cells = list(cells)
    while len(cells) > len(headings) and cells[-1] in ("", None):
        cells.pop()
    if len(cells) != len(headings):
        return Row(
            line,
            bad=Unreadable("import.wrong-number-of-cells", found=len(cells), wanted=len(headings)),
        )
    return Row(line, dict(zip(headings, cells, strict=True)))


# ── XLSX ────────────────────────────────────────────────────────────────────


def _xlsx(data: bytes, formats: Sequence[Format]) -> Table:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions it does not know
        try:
            book = load_workbook(BytesIO(data), read_only=True, data_only=True)
            sheets = [list(_sheet(sheet)) for sheet in book.worksheets]
        except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
            raise Unusable("import.wrong-file", kind="ZIP / DOCX / …") from error
    filled = [lines for lines in sheets if lines]
    if not filled:
        raise Unusable("import.empty")
    lines = next((lines for lines in filled if format_of(lines[0][1], formats)), filled[0])
    (_, headings), *rest = lines
    found = _recognised(headings, formats)
    width = len(headings)
    rows = [_row(line, headings, cells[:width] + _beyond(cells[width:])) for line, cells in rest]
    if not rows:
        raise Unusable("import.empty")
    return Table("XLSX", "", found, rows)


def _beyond(cells: list[Any]) -> list[Any]:
    return cells if any(cell != "" for cell in cells) else []


def _sheet(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Yield the filled lines of a sheet with their numbers, short ones padded like the first."""
    width = 0
    for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        values = [_cell(cell) for cell in cells]
        if not any(value != "" for value in values):
            continue
        if not width:
            while values and values[-1] == "":
                values.pop()
            width = len(values)
        yield line, values + [""] * (width - len(values))


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a code or a number of days typed into a number cell
    return str(value).strip()


# ── JSON ────────────────────────────────────────────────────────────────────


def _json(text: str) -> tuple[str, list[Row]]:
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise Unusable("import.broken-json", line=1, column=1) from error
    except ValueError as error:
        lines = list(_json_lines(text))
        if sum(row.bad is None for row in lines) > 0 and len(lines) > 1:
            return "JSON lines", lines
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise Unusable("import.broken-json", line=line, column=column) from error
    objects = whole if isinstance(whole, list) else [whole]
    return "JSON", [_object(number, one) for number, one in enumerate(objects, 1)]


def _json_lines(text: str) -> Iterator[Row]:
    for line, one in enumerate(text.splitlines(), 1):
        if one.strip():
            try:
                yield _object(line, json.loads(one))
            except (ValueError, RecursionError):
                yield Row(line, bad=Unreadable("import.broken-line"))


def _object(line: int, one: Any) -> Row:
    return (
        Row(line, one) if isinstance(one, dict) else Row(line, bad=Unreadable("import.broken-line"))
    )
