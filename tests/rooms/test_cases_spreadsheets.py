"""The rows of a batch out of a spreadsheet: what people and Excel put there, what is refused."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from mingtang.cases.forms import workbooks
from mingtang.cases.forms.rows import Rows
from mingtang.cases.forms.spreadsheets import Line, read
from mingtang.core import batches
from mingtang.core.catalogue import Choice, FormField
from mingtang.core.formfields import KINDS
from tests.architecture.sources import ROOT, SOURCE
from tests.rooms.batch_town import WORKERS, resident
from tests.words import refused

FIELDS = batches.differing(WORKERS)  # 姓名* 身份证号码* 岗位* 从事日期
HEADINGS = ["姓名", "身份证号码", "岗位", "从事日期"]
GOOD = ["演示员1", resident(1), "放射诊断", "2020-01-31"]
SAID = {"name": "演示员1", "number": resident(1), "job": "x", "since": date(2020, 1, 31)}


def xlsx(*lines, sheet="Sheet"):
    book = Workbook()
    book.active.title = sheet
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            book.active.cell(number, column, value)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv(*lines, encoding="utf-8"):
    return "\r\n".join(",".join(line) for line in lines).encode(encoding)


def judged(*lines, fields=FIELDS):
    """Return the rows of an XLSX with our headings and these lines."""
    return Rows(fields, read(xlsx(HEADINGS, *lines), fields).lines)


def wrong(rows):
    """Return what is wrong, cell by cell: line, label, sentence."""
    return [
        (row.number, cell.field.label, cell.wrong)
        for row in rows.rows
        for cell in row.cells
        if cell.wrong
    ]


def one(field, text):
    """Return what one cell says, and what is wrong with it."""
    rows = Rows([field], [Line(2, {field.name: text})])
    [row] = rows.rows
    return rows.answers[0].get(field.name), row.cells[0].wrong


# ── The template ────────────────────────────────────────────────────────────


def test_a_template_has_a_column_for_each_field_that_differs_and_lists_to_choose_from():
    book = load_workbook(io.BytesIO(workbooks.template(FIELDS, name="演示证", version=3)))
    sheet = book["申请表"]
    assert [cell.value for cell in sheet[1]] == ["姓名*", "身份证号码*", "岗位*", "从事日期"]
    assert {cell.number_format for row in sheet.iter_rows(min_row=2) for cell in row} == {"@"}
    assert sheet.max_row == 501
    [rule] = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("C2:C501", "options!$A$1:$A$2")
    assert [cell.value for cell in book["options"]["A"]] == ["放射诊断", "核医学"]
    assert book["options"].sheet_state == "hidden"


def test_a_template_says_how_it_is_filled_in():
    book = load_workbook(io.BytesIO(workbooks.template(FIELDS, name="演示证", version=3)))
    said = [[cell.value for cell in row] for row in book["填表说明"].iter_rows()]
    assert said[0][0] == "演示证：批量申请"
    assert said[6:] == [
        ["姓名", "必填", "文字", None],
        ["身份证号码", "必填", "18 位公民身份号码，整批不得重复", None],
        ["岗位", "必填", "从下拉列表里选一项", "放射诊断、核医学"],
        ["从事日期", "可以不填", "日期，例如 2026-03-16", None],
    ]


def test_a_template_comes_in_the_readers_language_and_is_read_in_either():
    with translation.override("en"):
        data = workbooks.template(FIELDS, name="x", version=1)
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Name*", "ID number*", "Post*", "Since"]
    for column, value in enumerate(["演示员1", resident(1), "Diagnosis", "2020-01-31"], 1):
        sheet.cell(2, column, value)
    rows = Rows(FIELDS, read(saved(book), FIELDS).lines)
    assert (rows.answers, wrong(rows)) == ([SAID], [])


def test_an_empty_template_has_no_rows():
    with refused("spreadsheet.no-rows"):
        read(workbooks.template(FIELDS, name="x", version=1), FIELDS)


# ── What is read ────────────────────────────────────────────────────────────


def test_every_filled_line_is_a_row_with_the_number_the_sheet_gives_it():
    data = xlsx(HEADINGS, GOOD, [], ["  ", None, "\u3000"], ["演示员2", resident(2), "核医学"])
    assert [(line.number, line.cells["name"]) for line in read(data, FIELDS).lines] == [
        (2, "演示员1"),
        (5, "演示员2"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_offices_use(encoding):
    rows = Rows(FIELDS, read(csv(HEADINGS, GOOD, encoding=encoding), FIELDS).lines)
    assert (rows.answers, wrong(rows)) == ([SAID], [])


def test_csv_counts_lines_as_the_file_does_also_after_a_cell_of_two_lines():
    data = '姓名,身份证号码,岗位\n"演示\n甲",1,2\n\n演示乙,1,2\n'.encode()
    assert [(line.number, line.cells["name"]) for line in read(data, FIELDS).lines] == [
        (2, "演示\n甲"),
        (5, "演示乙"),
    ]


def test_columns_are_found_by_name_wherever_they_stand_below_a_title():
    data = xlsx(
        ["演示医院 2026 年名单"],
        [],
        ["序号", "岗位 ", "＊身份证号码", "姓名*", "备注"],
        [1, "核医学", resident(3), "演示员3", "夜班"],
    )
    sheet = read(data, FIELDS)
    assert sheet.lines == [Line(4, {"job": "核医学", "number": resident(3), "name": "演示员3"})]
    assert sheet.unused == ["序号", "备注"]


def test_the_sheet_that_has_the_columns_is_taken():
    book = Workbook()
    book.active.append(["说明", "请填第二张"])
    second = book.create_sheet("名单")
    second.append(HEADINGS)
    second.append(GOOD)
    assert len(read(saved(book), FIELDS).lines) == 1


def test_columns_that_must_be_there_are_named():
    with refused("spreadsheet.columns-missing") as caught:
        read(xlsx(["姓名", "备注"], ["演示员1", "x"]), FIELDS)
    assert caught.value.facts == {"columns": ["身份证号码", "岗位"]}


def test_two_fields_of_one_label_are_told_apart_by_their_order():
    fields = (FormField(name="a", label="电话"), FormField(name="b", label="电话"))
    assert read(xlsx(["电话", "电话"], ["1", "2"]), fields).lines == [Line(2, {"a": "1", "b": "2"})]


def test_five_hundred_rows_are_read_and_one_more_is_refused():
    lines = [[f"演示{n}", "1", "x"] for n in range(501)]
    assert len(read(xlsx(HEADINGS, *lines[:500]), FIELDS).lines) == 500
    with refused("batch.too-many") as caught:
        read(xlsx(HEADINGS, *lines), FIELDS)
    assert caught.value.facts == {"limit": 500}


# ── What spreadsheets do ────────────────────────────────────────────────────


def test_dates_and_numbers_in_cells_are_read_as_they_are_seen():
    rows = judged(["演示员1", resident(1), "放射诊断", date(2020, 1, 31)])
    assert (rows.answers, wrong(rows)) == ([SAID], [])
    assert rows.lines[0].cells["since"] == "2020-01-31"


@pytest.mark.parametrize(
    "text",
    [
        "2020/1/31",
        "2020.1.31",
        "2020年1月31日",
        "20200131",
        "２０２０－０１－３１",
        "2020-01-31 00:00:00",
    ],
)
def test_a_day_however_it_is_written(text):
    assert one(FIELDS[3], text) == (date(2020, 1, 31), "")


def test_a_day_typed_as_a_number_is_a_day():
    rows = judged(["演示员1", resident(1), "放射诊断", 20200131])
    assert rows.answers == [SAID]


@pytest.mark.parametrize("text", ["43861", "2020-02-30", "2020年", "31/1/2020"])
def test_what_is_no_day_is_said_to_be_none(text):
    assert one(FIELDS[3], text) == (None, "输入一个有效的日期。")


def test_an_identity_number_excel_has_counted_is_named_for_what_it_is():
    rows = judged(["演示员1", int(resident(1)), "放射诊断", None])
    assert rows.lines[0].cells["number"] == "1.10101E+17"
    assert wrong(rows) == [
        (
            2,
            "身份证号码",
            "号码被表格软件变成了科学计数法，末几位已经丢失。请把这一列设成“文本”格式再重新填写。",
        )
    ]


@pytest.mark.parametrize("text", ["1.10101E+17", "1.1E17", "1.10101e+17"])
def test_so_is_one_in_a_csv(text):
    rows = Rows(FIELDS, read(csv(HEADINGS, ["演示员1", text, "放射诊断", ""]), FIELDS).lines)
    [(line, label, said)] = wrong(rows)
    assert (line, label, said[:15]) == (2, "身份证号码", "号码被表格软件变成了科学计数法")


FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "dirt",
    [
        lambda n: n.translate(FULL_WIDTH),
        lambda n: f" {n[:6]} {n[6:14]}\u3000{n[14:]}\xa0",
        lambda n: f"'{n}",
        lambda n: f"\u200b{n}\ufeff",
        lambda n: n.lower(),
    ],
    ids=["full width", "blanks", "apostrophe", "unseen marks", "small x"],
)
def test_an_identity_number_is_read_through_what_sticks_to_it(dirt):
    number = next(n for n in map(resident, range(99)) if n.endswith("X"))
    assert judged(["演示", dirt(number), "核医学"]).answers[0]["number"] == number


def test_a_number_kept_as_text_by_an_exporting_program_is_read():
    data = csv(HEADINGS, ["演示员1", f'"=""{resident(1)}"""', "放射诊断", "2020-01-31"])
    assert Rows(FIELDS, read(data, FIELDS).lines).answers == [SAID]


@pytest.mark.parametrize("formula", ["=A1", '=HYPERLINK("http://evil.example","x")', "=1+1"])
def test_a_formula_is_not_worked_out(formula):
    rows = judged([formula, resident(1), "放射诊断"])
    assert wrong(rows) == [(2, "姓名", "这一格是公式。请复制后“选择性粘贴”为数值，或者直接填写。")]


def test_what_a_formula_failed_to_give_is_no_answer():
    assert one(FIELDS[0], "#N/A") == (None, "这一格是公式算出的错误值，请直接填写。")


# ── What cells say ──────────────────────────────────────────────────────────

SEVERAL = FormField(
    name="kinds",
    label="种类",
    kind="multichoice",
    options=(Choice(value="a", label="甲类"), Choice(value="b", label="乙类", label_en="Second")),
)

LINE = FormField(name="t", label="t")


@pytest.mark.parametrize(
    ("field", "text", "answer"),
    [
        (FIELDS[2], "核医学", "n"),
        (FIELDS[2], "nuclear medicine", "n"),
        (FIELDS[2], "n", "n"),
        (SEVERAL, "甲类、second", ["a", "b"]),
        (SEVERAL, "乙类;甲类", ["b", "a"]),
        (FormField(name="b", label="b", kind="boolean"), "是", True),
        (FormField(name="b", label="b", kind="boolean", required=False), "否", False),
        (FormField(name="b", label="b", kind="boolean", required=False), "", False),
        (FormField(name="i", label="i", kind="integer"), "１２", 12),
        (FormField(name="m", label="m", kind="money"), "¥1,234.5", 123450),
        (FormField(name="p", label="p", kind="phone"), "138 0000 1234", "13800001234"),
        (FormField(name="u", label="u", kind="uscc"), "９1350100M000100Y43", "91350100M000100Y43"),
        (FormField(name="t", label="t"), "张·三（演示）", "张·三（演示）"),
        (FormField(name="t", label="t"), "2E25", "2E25"),
        (FormField(name="t", label="t", required=False), "", ""),
    ],
)
def test_a_cell_says_what_the_form_would_record(field, text, answer):
    assert one(field, text) == (answer, "")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (FIELDS[0], "", "这个字段是必填项。"),
        (FIELDS[1], "110101199001010000", "公民身份号码末位校验不符，请逐位核对。"),
        (FIELDS[2], "外科", "应是其中之一：放射诊断、核医学。"),
        (SEVERAL, "甲类、丙类", "应是其中之一：甲类、乙类。"),
        (FormField(name="b", label="b", kind="boolean"), "也许", "请填“是”或者“否”。"),
        (FormField(name="b", label="b", kind="boolean"), "否", "这个字段是必填项。"),
        (
            FormField(name="t", label="t"),
            "长" * 501,
            "确保该变量包含不超过 500 字符 (目前字符数 501)。",
        ),
    ],
)
def test_a_cell_is_judged_by_the_field_of_the_form(field, text, said):
    assert one(field, text)[1] == said


def test_what_is_wrong_is_said_in_the_readers_language():
    with translation.override("en"):
        assert one(FIELDS[0], "")[1] == "This field is required."


def test_the_same_person_twice_is_wrong_by_the_line_of_the_sheet():
    rows = judged(
        GOOD, ["演示员2", resident(2), "核医学"], [], ["别名", f" {resident(1)}", "核医学"]
    )
    assert wrong(rows) == [(5, "身份证号码", "与第 2 行相同，请删去一行。")]
    assert rows.wrong == 1


def test_where_no_number_tells_them_apart_whole_rows_are_compared():
    fields = (FormField(name="a", label="型号"), FormField(name="b", label="编号"))
    lines = [
        Line(2, {"a": "x", "b": "1"}),
        Line(3, {"a": "x", "b": "2"}),
        Line(4, {"a": "x", "b": "1"}),
    ]
    assert wrong(Rows(fields, lines)) == [(4, "型号", "整行与第 2 行相同，请删去一行。")]


def test_all_rows_are_judged_at_once_and_good_ones_keep_their_answers():
    rows = judged(GOOD, ["", "1", "外科", "x"], ["演示员3", resident(3), "核医学"])
    assert [(line, label) for line, label, _ in wrong(rows)] == [
        (3, "姓名"),
        (3, "身份证号码"),
        (3, "岗位"),
        (3, "从事日期"),
    ]
    assert rows.answers[2]["number"] == resident(3)


# ── What is refused ─────────────────────────────────────────────────────────

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def package(sheet, **parts):
    """Return an XLSX whose sheet is this XML, with further parts."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([]))) as made,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        for name in made.namelist():
            ours = name == "xl/worksheets/sheet1.xml"
            file.writestr(name, sheet if ours else made.read(name))
        for name, content in parts.items():
            file.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "spreadsheet.empty"),
        (b"  \n", "spreadsheet.empty"),
        (b"%PDF-1.7", "spreadsheet.wrong-kind"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "spreadsheet.wrong-kind"),
        (b"\xff\xd8\xff a photo", "spreadsheet.wrong-kind"),
        (b"MZ\x00\x00", "spreadsheet.wrong-kind"),
        (b"PK\x03\x04 not really", "spreadsheet.broken"),
        ("姓名,身份证号码\n".encode() + b"\xff\xff", "spreadsheet.encoding"),
        ('姓名,"身份证'.encode(), "spreadsheet.broken"),
        (b"x" * (4 * 1024 * 1024 + 1), "spreadsheet.too-large"),
        (csv(HEADINGS), "spreadsheet.no-rows"),
        (xlsx(), "spreadsheet.empty"),
        (package("<worksheet"), "spreadsheet.broken"),
        (package('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + HEAD + TAIL), "spreadsheet.broken"),
        (package(HEAD + TAIL, padding=b"\0" * 17_000_000), "spreadsheet.too-large"),
    ],
)
def test_what_is_no_spreadsheet_of_rows_is_refused(data, code):
    with refused(code):
        read(data, FIELDS)


def test_a_document_that_is_zipped_too_is_no_spreadsheet():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("word/document.xml", "<x/>")
    with refused("spreadsheet.wrong-kind"):
        read(data.getvalue(), FIELDS)


def test_cells_that_say_more_than_anybody_types_are_refused():
    with refused("spreadsheet.too-large"):
        read(xlsx(HEADINGS, *[["长" * 6_000] for _ in range(201)]), FIELDS)


BOMBS = {
    "a million lines": ("<row><c><v>1</v></c></row>" * 1_000_000, "too-large"),
    "a million empty lines": ("<row/>" * 1_000_000, "too-large"),
    "a line of a million cells": ("<row>" + "<c/>" * 1_000_000 + "</row>", "too-large"),
    "sixteen megabytes of nothing": (" " * 17_000_000, "too-large"),
    "as many empty lines as are let through": ("<row/>" * 199_000, "empty"),
    "a cell in the last column": ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "empty"),
    "a cell on the last line": (
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        "columns-missing",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_sheet_is_refused(name):
    body, code = BOMBS[name]
    with refused(f"spreadsheet.{code}"):
        read(package(HEAD + body + TAIL), FIELDS)


# ── Lists we write ──────────────────────────────────────────────────────────


def test_a_list_holds_text_alone_even_where_it_looks_like_a_formula():
    data = workbooks.listing("结果", ["编号", "姓名"], [["MT-1", "=cmd|x"], ["007", ""]])
    sheet = load_workbook(io.BytesIO(data)).active
    assert [[cell.value for cell in row] for row in sheet] == [
        ["编号", "姓名"],
        ["MT-1", "=cmd|x"],
        ["007", None],
    ]
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}


def test_the_page_of_the_format_tells_every_refusal_and_every_kind_of_cell():
    page = (ROOT / "docs" / "formats" / "batch.md").read_text(encoding="utf-8")
    source = (SOURCE / "cases" / "forms" / "spreadsheets.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"((?:spreadsheet|batch)\.[a-z-]+)"', source))
    assert set(re.findall(r"^\| `([a-z-]+\.[a-z-]+)` \|", page, re.MULTILINE)) == codes
    told = set(re.findall(r"\w+", page.split("## What a cell holds")[1].split("What cannot")[0]))
    assert set(KINDS) - told == set()
