"""Spreadsheets we write (导出表格): the template of an item's batches, and lists of results.

Every text is written as text: nothing a person typed is ever taken for a formula.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mingtang.core.batches import MOST
from mingtang.core.catalogue import FormField

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = PatternFill("solid", fgColor="F1EFEA")
TEXT = "@"  # Excel keeps what is typed into such a cell as it is typed
KINDS = {
    "text": gettext_lazy("文字"),
    "textarea": gettext_lazy("文字，可以较长"),
    "integer": gettext_lazy("整数"),
    "money": gettext_lazy("金额，单位元，最多两位小数"),
    "date": gettext_lazy("日期，例如 2026-03-16"),
    "choice": gettext_lazy("从下拉列表里选一项"),
    "multichoice": gettext_lazy("一项或几项，用顿号隔开"),
    "boolean": gettext_lazy("填“是”或“否”"),
    "idnumber": gettext_lazy("18 位公民身份号码，整批不得重复"),
    "uscc": gettext_lazy("18 位统一社会信用代码"),
    "phone": gettext_lazy("11 位手机号，或带区号的固定电话"),
}


def template(fields: Sequence[FormField], *, name: str, version: int) -> bytes:
    """Return the empty spreadsheet of an item's batches (批量申请模板), in the reader's language.

    One sheet with a column for each field, `MOST` rows ready for text, lists to choose from; a
    second one that says how to fill it in.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("申请表"))
    advice, options = book.create_sheet(_("填表说明")), book.create_sheet("options")
    options.sheet_state = "hidden"
    sheet.freeze_panes = "A2"
    for place in range(1, len(fields) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 24
    sheet.append([_head(sheet, label(field)) for field in fields])
    for _row in range(MOST):
        sheet.append([_cell(sheet, "", number_format=TEXT) for _field in fields])
    for row in _choices(sheet, fields):
        options.append(row)
    for line in _advice(fields, name, version):
        advice.append([_cell(advice, text) for text in line])
    for column, width in zip("ABCD", (24, 10, 30, 60), strict=True):
        advice.column_dimensions[column].width = width
    return _bytes(book)


def label(field: FormField) -> str:
    """Return a column's heading; a star marks what must be filled in."""
    return f"{_either(field.label, field.label_en)}{'*' if field.required else ''}"


def _choices(sheet: Any, fields: Sequence[FormField]) -> list[list[str]]:
    """Let one option be chosen from a list; return the lists, a column each, row by row."""
    lists: list[list[str]] = []
    for place, field in enumerate(fields, 1):
        words = _words_to_choose(field)
        if not words:
            continue
        lists.append(words)
        column = get_column_letter(len(lists))
        rule = DataValidation(
            type="list",
            formula1=f"options!${column}$1:${column}${len(words)}",
            allow_blank=True,
        )
        rule.error = _("请从列表里选一项。")
        letter = get_column_letter(place)
        rule.add(f"{letter}2:{letter}{MOST + 1}")
        sheet.data_validations.append(rule)
    longest = max(map(len, lists), default=0)
    return [[words[row] if row < len(words) else "" for words in lists] for row in range(longest)]


def _words_to_choose(field: FormField) -> list[str]:
    if field.kind == "boolean":
        return [_("是"), _("否")]
    if field.kind == "choice":
        return [_either(option.label, option.label_en) for option in field.options]
    return []


def _advice(fields: Sequence[FormField], name: str, version: int) -> list[list[str]]:
    lines = [
        [_("%(name)s：批量申请") % {"name": name}],
        [_("按办事指南第 %(version)s 版生成") % {"version": version}],
        [_("一行一个；最多 %(most)s 行。列名不要改，列的顺序可以改。") % {"most": MOST}],
        [_("号码请保持“文本”格式，否则 Excel 会把末几位变成 0。不要用公式。")],
        [""],
        [_("列"), _("必填"), _("怎么填"), _("说明")],
    ]
    for field in fields:
        options = _("、").join(_either(o.label, o.label_en) for o in field.options)
        advice = _("；").join(filter(None, [_either(field.help, field.help_en), options]))
        needed = _("必填") if field.required else _("可以不填")
        lines.append([label(field).rstrip("*"), needed, str(KINDS[field.kind]), advice])
    return lines


def listing(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a list as a spreadsheet: one sheet, a heading line, every cell a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 20
    sheet.append([_head(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, text, number_format=TEXT) for text in row])
    return _bytes(book)


def _head(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text, number_format=TEXT)
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(sheet: Any, text: str, *, number_format: str = "General") -> Any:
    cell = WriteOnlyCell(sheet, value=text or None)
    if text:
        cell.data_type = "s"  # text, also where it begins with "="
    cell.number_format = number_format
    return cell


def _bytes(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _either(chinese: str, in_english: str) -> str:
    return (in_english if (get_language() or "").startswith("en") else "") or chinese
