"""The delivery list as a spreadsheet (发证清单). Every text is written as text."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "@"
WIDTHS = (8, 16, 24, 26, 74, 18)
LINE = Border(*(Side(style="thin", color="999999"),) * 4)


def listing(number: str, lines: Sequence[dict[str, Any]]) -> bytes:
    """Return the list: a row each, with room for whoever takes it to sign."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(number)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings()])
    for place, line in enumerate(lines, 1):
        row = line["row"]
        said = (str(row.place or place), line["holder"], line["number"], row.number)
        sheet.append([_cell(sheet, text) for text in (*said, row.identifier, "")])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def headings() -> list[str]:
    return [
        _("序号"),
        _("姓名或者名称"),
        _("证件号码"),
        _("证照编号"),
        _("证照标识"),
        _("领取人签字"),
    ]


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # nothing a person typed is ever taken for a formula
    cell.number_format = TEXT
    cell.font, cell.border = Font(bold=bold), LINE
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell
