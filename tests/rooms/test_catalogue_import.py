import csv
import json
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from mingtang.catalogue import actions, queries
from mingtang.catalogue.models import DraftRow, ItemRow
from mingtang.config.importing import import_items
from mingtang.config.importing.cells import level
from mingtang.config.importing.reading import Unusable, decode, read
from mingtang.config.wiring import SUBJECTS
from mingtang.core.catalogue import Category, key_of
from mingtang.core.wire import plain
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import shadow
from mingtang.people import queries as people
from tests.core.item_examples import COMPLETE, item

REAL = Path(__file__).parents[3] / "shared/data/catalogue/sichuan_guangan_items.csv"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
HEADING = "department,main_item,name,areaCode,itemCode,taskType,deptCode,link"
ROWS = [
    "区教科体局,未分类,学生资助政策咨询,511602000000,512C-1,20,0833,http://example.test/1",
    "区教科体局,教师资格,教师资格认定,511602000000,511A-2,1,0833,http://example.test/2",
    "区林业局,未分类,林木采伐许可证核发,511602000000,511A-3,1,11511301008778220W,",
]
SMALL = "\n".join([HEADING, *ROWS]) + "\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(tmp_path, capsys):
    """Import bytes or text as a file of this name; return exit code and report."""

    def run(content, name="items.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = import_items(file, as_json=True)
        return code, json.loads(capsys.readouterr().out)

    return run


def counts(found):
    return tuple(found[name] for name in ("read", "new", "changed", "unchanged"))


# ── The real list ───────────────────────────────────────────────────────────


@pytest.mark.skipif(not REAL.exists(), reason="the real list is not beside this working copy")
def test_the_real_list_comes_in_whole_and_says_why_nothing_of_it_may_be_published(report):
    code, found = report(REAL.read_bytes())

    assert code == 0
    assert counts(found) == (1135, 1135, 0, 0)
    assert (found["bad"], found["departments"], found["registered"]) == ([], 34, 34)
    assert (found["quality"]["drafts"], found["quality"]["complete"]) == (1135, 0)
    missing = {one["code"]: one["items"] for one in found["quality"]["missing"]}
    assert missing["quality.basis-missing"] == 1135
    assert missing["quality.materials-missing"] == 536  # the licences

    with REAL.open(encoding="utf-8", newline="") as file:
        codes = {row["itemCode"] for row in csv.DictReader(file)}
    assert set(ItemRow.objects.values_list("code", flat=True)) == codes
    assert set(ItemRow.objects.values_list("item_type", flat=True)) == {
        "01", "05", "07", "08", "09", "10", "20",
    }  # fmt: skip
    before = LedgerEntry.objects.count()
    code, again = report(REAL.read_bytes())
    assert (code, counts(again), again["registered"]) == (0, (1135, 0, 0, 1135), 0)
    assert LedgerEntry.objects.count() == before


# ── Formats and encodings ───────────────────────────────────────────────────


def test_a_foreign_list_becomes_drafts_with_codes_kept_and_types_put_in_order(report):
    code, found = report(SMALL)

    assert (code, counts(found), found["departments"]) == (0, (3, 3, 0, 0), 2)
    draft = queries.item_file(key_of("511A-2")).draft
    assert (draft.code, draft.code_scheme, draft.item_type) == ("511A-2", "sichuan", "01")
    assert (draft.category, draft.main_item) == (Category.LICENCE, "教师资格")
    assert (draft.department, draft.department_name) == ("0833", "区教科体局")
    assert draft.authority_level == "4"
    assert (draft.division, draft.source) == ("511602000000", "http://example.test/2")
    assert queries.item_file(key_of("512C-1")).draft.category is Category.SERVICE
    assert people.organisation_names()["11511301008778220W"] == "区林业局"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (SMALL.encode("utf-8-sig"), "utf-8"),
        (SMALL.encode("gb18030"), "gb18030"),
        (SMALL.encode("utf-16"), "utf-16"),
        (SMALL.replace("\n", "\r\n").encode(), "utf-8"),
        (SMALL.replace(",", ";").encode(), "utf-8"),
        (SMALL.replace(",", "\t").encode("gb18030"), "gb18030"),
    ],
)
def test_every_way_offices_save_a_csv_can_be_read(report, content, encoding):
    code, found = report(content)

    assert (code, found["new"], found["encoding"]) == (0, 3, encoding)
    assert queries.item_file(key_of("511A-3")).draft.name == "林木采伐许可证核发"


def test_the_same_rows_come_in_from_a_workbook(report, tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("说明", 0).append(["这张表是说明"])
    sheet = book["Sheet"]
    sheet.append([None])
    for row in csv.reader(StringIO(SMALL)):
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    sheet.append([None, None])
    book.save(tmp_path / "made.xlsx")

    code, found = report((tmp_path / "made.xlsx").read_bytes(), "items.xlsx")

    assert (code, found["kind"], found["bad"]) == (0, "XLSX", [])
    assert counts(found) == (3, 3, 0, 0)
    assert queries.item_file(key_of("512C-1")).draft.item_type == "20"


@pytest.mark.parametrize("lines", [False, True])
def test_whole_items_come_in_from_json_with_everything_they_have(report, lines):
    objects = [plain(COMPLETE), plain(item(code="DEMO-002", fees=(), name="另一事项"))]
    text = "\n".join(map(json.dumps, objects)) if lines else json.dumps(objects)

    code, found = report(text, "items.json")

    assert (code, found["new"], found["kind"]) == (0, 2, "JSON lines" if lines else "JSON")
    assert queries.item_file(key_of(COMPLETE.code)).draft == COMPLETE
    assert found["quality"]["complete"] == 2


def test_our_own_columns_may_be_chinese_and_what_repeats_is_json_or_names(report):
    columns = {
        "事项编码": "X-1",
        "事项名称": "某许可",
        "事项类别": "行政许可",
        "部门": "演示局",
        "部门代码": "demo",
        "服务对象": "1、2",
        "设定依据": "甲法；乙条例",
        "申请材料": "申请书；平面图",
        "办理环节": json.dumps([{"key": "a", "name": "审查", "days": 3}]),
        "承诺办结时限": "5",
        "支持邮寄": "是",
        "结果类型": "出证",
    }
    table = StringIO()
    csv.writer(table).writerows([columns.keys(), columns.values()])

    code, found = report(table.getvalue())

    assert (code, found["bad"]) == (0, [])
    draft = queries.item_file(key_of("X-1")).draft
    assert (draft.category, draft.item_type, draft.audience) == ("licence", "01", ("1", "2"))
    assert [basis.title for basis in draft.legal_basis] == ["甲法", "乙条例"]
    assert [(m.key, m.name) for m in draft.materials] == [("m1", "申请书"), ("m2", "平面图")]
    assert (draft.steps[0].days, draft.promised_days, draft.by_post) == (3, 5, True)


@pytest.mark.parametrize(
    ("division", "expected"),
    [
        ("520000", "2"),
        ("520000000000", "2"),
        ("520100000000", "3"),
        ("511602000000", "4"),
        ("511602001000", "5"),
        ("511602001001", "6"),
    ],
)
def test_a_division_code_shows_the_level_of_authority(division, expected):
    assert level(division) == expected


# ── Bad rows ────────────────────────────────────────────────────────────────


def test_bad_rows_are_listed_with_line_and_reason_and_good_ones_are_kept(report):
    rows = [
        ROWS[0],
        "区教科体局,,没有编码,511602000000,,20,0833,",
        ",,没有部门,511602000000,511A-9,20,,",
        "区教科体局,未分类,少一格,511602000000,511A-8,20",
        ROWS[0].replace("学生资助政策咨询", "同一编码的另一事项"),
        "区教科体局,,,511602000000,511A-7,20,0833,",
        ROWS[2],
    ]

    code, found = report("\n".join([HEADING, *rows]))

    assert code == 1
    assert counts(found) == (7, 2, 0, 0)
    assert [(bad["line"], bad["code"]) for bad in found["bad"]] == [
        (3, "item.code-missing"),
        (4, "import.department-unknown"),
        (5, "import.wrong-number-of-cells"),
        (6, "import.same-code"),
        (7, "item.name-missing"),
    ]
    assert found["bad"][2]["reason"] == "有 6 格，表头有 8 格"
    assert found["bad"][3]["reason_en"] == "Same code as row 2, other content"
    assert DraftRow.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"promised_days": "五天"}, "import.not-a-number"),
        ({"promised_days": "10000"}, "item.out-of-range"),
        ({"by_post": "也许"}, "import.not-yes-or-no"),
        ({"category": "许可"}, "import.unknown-word"),
        ({"steps": "审查"}, "import.needs-json"),
        ({"steps": "[{"}, "import.broken-json-cell"),
        ({"steps": [{"key": "a"}]}, "import.other-shape"),
        ({"steps": [{"key": "a", "name": "审查", "days": "3"}]}, "import.other-shape"),
        ({"steps": [{"key": "a", "name": "审查", "join": "some"}]}, "import.unknown-word"),
        ({"materials": [{"key": "m", "name": "x", "colour": "red"}]}, "import.other-shape"),
        ({"name": {"zh": "名"}}, "import.not-text"),
        ({"name": "\ud800"}, "import.not-text"),
        ({"conditions": "a\u0000b"}, "import.not-text"),
        ({"name": "名" * 301}, "item.too-long"),
        ({"conditions": "字" * 40_000}, "ledger.entry-too-large"),
        ({"category": "", "item_type": ""}, "import.element-missing"),
    ],
)
def test_what_does_not_fit_an_element_is_named(report, change, code):
    good = plain(item(code="GOOD"))
    text = json.dumps([{**plain(COMPLETE), **change}, good])

    exit_code, found = report(text, "items.json")

    assert (exit_code, found["new"]) == (1, 1)
    assert [(bad["line"], bad["code"]) for bad in found["bad"]] == [(1, code)]


def test_a_quote_that_never_closes_spoils_only_what_it_swallows(report):
    code, found = report("\n".join([HEADING, ROWS[0], '"' + ROWS[1], ROWS[2]]))

    assert (code, found["new"]) == (1, 1)
    assert [(bad["line"], bad["code"]) for bad in found["bad"]] == [(3, "import.broken-quotes")]


# ── Files that cannot be used ───────────────────────────────────────────────


BROKEN_UTF8 = SMALL.encode().replace("林业".encode(), b"\xe6\x9e\xff\xe4\xb8\x9a")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.empty"),
        (b" \n\n", "import.empty"),
        (HEADING, "import.empty"),
        ("甲,乙\n1,2\n", "import.unknown-columns"),
        (b"%PDF-1.7 ...", "import.wrong-file"),
        (b"PK\x03\x04 not a workbook", "import.wrong-file"),
        (b"\xd0\xcf\x11\xe0old", "import.wrong-file"),
        (b"\x00\x01\x02", "import.binary"),
        (BROKEN_UTF8, "import.encoding"),
        (SMALL.encode("gb18030") + b"\xff\xff", "import.encoding"),
        ('[{"code": "X",', "import.broken-json"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(report, content, code):
    exit_code, found = report(content)

    assert exit_code == 2
    assert found["unusable"]["code"] == code
    assert found["unusable"]["reason"]
    assert not ItemRow.objects.exists()


def test_broken_utf8_is_never_taken_for_another_encoding_and_the_byte_is_named():
    with pytest.raises(Unusable) as unusable:
        decode(BROKEN_UTF8)

    assert unusable.value.facts == {
        "encoding": "UTF-8",
        "offset": BROKEN_UTF8.index(b"\xe6\x9e\xff"),
    }
    with pytest.raises(Unusable) as marked:
        decode(b"\xef\xbb\xbf" + BROKEN_UTF8)
    assert marked.value.facts["offset"] == unusable.value.facts["offset"] + 3


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path):
    for path, code in ((tmp_path / "nothing.csv", "cannot-open"), (tmp_path, "directory")):
        with pytest.raises(Unusable, match=code):
            read(path)


def test_the_reason_is_printed_for_people_too(tmp_path, capsys):
    (tmp_path / "x.csv").write_bytes(b"%PDF-1.7")

    assert import_items(tmp_path / "x.csv") == 2

    assert "这是 PDF 文件" in capsys.readouterr().err


def test_the_report_for_people_names_counts_and_lines(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("\n".join([HEADING, *ROWS, "[bold],,,,,,,"]), encoding="utf-8")

    assert import_items(tmp_path / "x.csv") == 1

    printed = capsys.readouterr()
    assert "没有事项编码" in printed.out
    assert "公开要素不齐" in printed.out
    assert "4/4" in printed.err


# ── Reading again ───────────────────────────────────────────────────────────


def test_reading_a_list_again_does_not_undo_what_people_have_written(report):
    report(SMALL)
    key = key_of("511A-2")
    file = queries.item_file(key)
    written = file.draft.__class__(**{**file.draft.__dict__, "name": "改名", "address": "1 号窗口"})
    actions.draft_item(content=written, seen=file.drafts, by="p-1", at=datetime.now(UTC))

    code, found = report(SMALL)
    assert (code, counts(found)) == (0, (3, 0, 0, 3))
    code, found = report(SMALL.replace("教师资格认定", "教师资格认定（高中）"))

    assert (code, counts(found)) == (0, (3, 0, 1, 2))
    draft = queries.item_file(key).draft
    assert (draft.name, draft.address) == ("教师资格认定（高中）", "1 号窗口")


def test_a_department_under_several_codes_is_one_organisation(report):
    other = "区林业局,未分类,林草种子许可,511602000000,511A-4,1,11736,"

    _, found = report("\n".join([HEADING, other, *ROWS]))

    assert (found["departments"], found["registered"]) == (2, 2)
    draft = queries.item_file(key_of("511A-4")).draft
    assert (draft.department, draft.department_code) == ("11511301008778220W", "11736")


def test_the_tables_are_what_the_ledger_says_after_an_import(report):
    report(SMALL)

    copy = shadow(SUBJECTS)
    rows = {row.pop("key"): row for row in DraftRow.objects.values()}
    assert copy.tables[DraftRow] == rows
