"""The text of OFD and DOCX, read and compared: what stands in them, and files that are none."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from mingtang.core.differences import Fate, Line, Piece
from mingtang.vault.actions import media_type_of
from mingtang.vault.ports import packages, reading
from mingtang.vault.ports.beside import Hindrance, compare
from mingtang.vault.queries import WITH_TEXT
from tests.rooms.package_words import WORD, docx, ofd, package, put, run


def texts(path):
    return [line.text for line in packages.lines_of(path)]


# ── DOCX ────────────────────────────────────────────────────────────────────


def test_a_docx_reads_paragraph_by_paragraph(kept):
    data = docx(run("设立") + run("申请书"), "", run("面积 120 平方米"))
    assert packages.lines_of(kept(data)) == [Line("设立申请书"), Line("面积 120 平方米")]


def test_breaks_tabs_and_cells_keep_words_apart(kept):
    table = f"<w:tbl><w:tr><w:tc><w:p>{run('姓名')}</w:p></w:tc></w:tr></w:tbl>"
    data = docx("<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t></w:r>", table)
    assert texts(kept(data)) == ["一 二", "三", "姓名"]


def test_what_was_deleted_with_its_mark_is_gone_and_what_was_put_in_is_there(kept):
    data = docx(
        f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{run('新')}</w:ins>"
        f"<w:moveFrom>{run('走')}</w:moveFrom><w:moveTo>{run('来')}</w:moveTo>"
    )
    assert texts(kept(data)) == ["新来"]


def test_a_paragraph_in_a_text_box_stands_for_itself_once(kept):
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('框里')}</w:p></w:txbxContent></w:pict></w:r>"
    assert texts(kept(docx(run("框外") + box))) == ["框外", "框里"]


# ── XLSX ────────────────────────────────────────────────────────────────────


def xlsx(**sheets):
    """Return an XLSX of these sheets, each a list of rows."""
    book, made = Workbook(), BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(made)
    return made.getvalue()


def test_a_row_of_a_sheet_is_a_line_and_a_sheet_begins_with_its_name(kept):
    data = xlsx(名单=[["姓名", "人数"], ["张三", None, 12], []], 附表=[["合计", 1.5]])
    assert texts(kept(data)) == ["名单", "姓名 人数", "张三 12", "附表", "合计 1.5"]


def test_two_spreadsheets_are_compared_in_a_process_of_their_own(kept):
    before, after = (kept(xlsx(名单=[["张三", n]]), str(n)) for n in (12, 13))
    found = compare([before], [after])
    assert found.is_made
    [changed] = [passage for passage in found.passages if passage.changed]
    assert Piece(Fate.GONE, "12") in changed.pieces
    assert Piece(Fate.NEW, "13") in changed.pieces


# ── OFD ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("namespace", ["http://www.ofdspec.org/2016", "http://www.ofdspec.org"])
def test_an_ofd_reads_page_by_page_from_the_top(kept, namespace):
    data = ofd(
        put("第二行", 20, 40) + put("第一行", 20, 30), put("次页", 20, 30), namespace=namespace
    )
    assert packages.lines_of(kept(data)) == [
        Line("第一行", 1),
        Line("第二行", 1),
        Line("次页", 2),
    ]


def test_what_stands_at_one_height_is_a_line_and_a_gap_parts_words(kept):
    data = ofd(
        put("李四", 60, 30.2, width=8) + put("姓", 20, 30, width=4) + put("名", 24, 30, width=4)
    )
    assert texts(kept(data)) == ["姓名 李四"]


def test_a_form_below_what_was_filled_in_is_read_with_it(kept):
    data = ofd(put("王五", 60, 30, width=8), template=put("申请人", 20, 30, width=12))
    assert texts(kept(data)) == ["申请人 王五"]


def test_places_may_be_given_from_the_root(kept):
    data = ofd(put("在此", 20, 30), root="/Doc_0", base="/Doc_0/Pages")
    assert texts(kept(data)) == ["在此"]


def test_many_codes_of_one_object_and_an_object_moved_by_a_matrix_stand_where_they_show(kept):
    codes = (
        '<o:TextObject Boundary="20 26 60 4" Size="4"><o:TextCode X="0" Y="4">甲</o:TextCode>'
        '<o:TextCode X="4" Y="4">乙</o:TextCode><o:TextCode X="0" Y="14">丙</o:TextCode>'
        "</o:TextObject>"
    )
    moved = put("丁", 0, 0, width=4, more='CTM="1 0 0 1 28 30"')
    assert texts(kept(ofd(codes + moved))) == ["甲乙丁", "丙"]


# ── Compared, and files that are none ───────────────────────────────────────


def test_a_docx_is_compared_with_the_ofd_that_replaced_it(kept):
    before = kept(docx(run("申请书"), run("面积 120 平方米")), "before")
    after = kept(ofd(put("申请书", 20, 30) + put("面积 180 平方米", 20, 40)), "after")
    found = compare([before], [after])
    assert found.is_made
    changed = [passage for passage in found.passages if passage.changed]
    assert [piece for passage in changed for piece in passage.pieces] == [
        Piece(Fate.SAME, "面积 "),
        Piece(Fate.GONE, "120"),
        Piece(Fate.NEW, "180"),
        Piece(Fate.SAME, " 平方米\n"),
    ]


def test_what_is_compared_is_what_the_vault_takes(kept):
    files = (b"%PDF-1.7", docx(run("一")), ofd(put("一", 1, 1)), xlsx(甲=[["一"]]))
    assert [media_type_of(one[: 64 * 1024]) for one in files] == [
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/ofd",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    assert {media_type_of(one) for one in files} == set(WITH_TEXT)


def document(inner, head=""):
    return package(
        {"word/document.xml": f'{head}<w:document xmlns:w="{WORD}">{inner}</w:document>'}
    )


BILLION = '<!DOCTYPE a [<!ENTITY b "c">]>'


@pytest.mark.parametrize(
    ("data", "hindrance"),
    [
        (b"PK\x03\x04 and nothing more", "broken"),
        (package({"xl/workbook.xml": "<workbook/>"}), "broken"),
        (document("&b;", BILLION), "broken"),
        (document("<w:p>"), "broken"),
        (ofd(put("一", 1, 1), base="/Nowhere")[:-40], "broken"),
        (package({"OFD.xml": "<OFD><Encryptions>a</Encryptions></OFD>"}), "protected"),
        (docx(run("一" * 1_000_001)), "too-much"),
        (ofd(*["<a/>"] * 201), "too-much"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(kept, data, hindrance):
    assert reading.read(kept(data)) == ([], hindrance)


def test_a_part_that_unpacks_to_more_than_is_read_is_not_unpacked(kept, monkeypatch):
    monkeypatch.setattr(packages, "LARGEST_PART", 1_000)
    assert reading.read(kept(docx(run("一" * 2_000)))) == ([], "too-much")


@pytest.mark.parametrize("data", [docx(run("一")), xlsx(甲=[["一"]])], ids=["docx", "xlsx"])
def test_a_member_under_a_password_is_protected(kept, data):
    data = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    assert reading.read(kept(bytes(data))) == ([], "protected")


def test_a_package_that_grows_without_end_ends_with_its_process(kept):
    path = kept(package({"word/document.xml": b"<a>" * 20_000_000}))
    found = compare([path], [path])
    assert not found.is_made
    assert {found.whole, *found.before} & {
        Hindrance.TOO_SLOW,
        Hindrance.TOO_MUCH,
        Hindrance.BROKEN,
    }
