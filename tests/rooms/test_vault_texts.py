"""The text of PDFs, read and compared: what stands in them, and files that are none."""

import zlib
from io import BytesIO
from threading import BoundedSemaphore

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from mingtang.core.differences import Fate, Line, Passage, Piece
from mingtang.papers.ports.typesetting import typeset
from mingtang.vault.ports import beside, pages, reading
from mingtang.vault.ports.beside import Compared, Hindrance, compare
from tests.rooms import pdf_words
from tests.rooms.paper_words import SHEET
from tests.rooms.pdf_words import CODES, stream, text

PLAIN = pdf_words.pages(text("Floor area 120 sqm", "Two storeys"))


def texts(path):
    return [line.text for line in pages.lines_of(path)]


# ── What stands in them ─────────────────────────────────────────────────────


def test_a_paper_of_ours_reads_as_it_was_set(kept):
    sheet = typeset(SHEET, address="https://mingtang.example/check/7K2P9QXD/", test=False)
    assert texts(kept(sheet.pdf))[:4] == [
        "演示education",
        "受理通知书",
        "演示甲：",
        "您提交的申请已经受理。",
    ]


def test_lines_stand_on_their_pages(kept):
    data = pdf_words.pages(text("first", "second"), text("third"))
    assert pages.lines_of(kept(data)) == [Line("first", 1), Line("second", 1), Line("third", 2)]


def test_strings_side_by_side_are_one_line_whatever_moves_the_pen(kept):
    content = b"""q 2 0 0 2 10 10 cm BT /F 5 Tf 1 0 0 1 30 300 Tm (Name) Tj ET Q
    BT /F 10 Tf 130 610 Td [(Ha) 37 (ll) -250 (No\\056)] TJ 0 -12 TD (below) Tj ET"""
    assert texts(kept(pdf_words.pages(content))) == ["Name Hall No.", "below"]


def test_a_font_says_what_its_codes_mean(kept):
    font = b"""<< /Type /Font /Subtype /Type1 /FirstChar 65 /Widths [500 600] /Encoding
    << /Differences [65 /fi /B 67 /Euro /uni5E97] >> >>"""
    assert texts(kept(pdf_words.pages(text("ABCDE"), font=font))) == ["fiB€店E"]


def composite(encoding, to_unicode=b""):
    return (
        b"<< /Type /Font /Subtype /Type0 /Encoding %s /DescendantFonts [<< /Type /Font "
        b"/Subtype /CIDFontType2 /DW 1000 /W [1 [500 600] 16 18 700] >>] %s >>"
        % (encoding, to_unicode)
    )


@pytest.mark.parametrize(
    ("font", "shown", "said"),
    [
        (composite(b"/Identity-H", b"/ToUnicode 5 0 R"), "0001 0002 0011 0021", "店\U00020000丁示"),
        (composite(b"/UniGB-UTF16-H"), "5E97 0041 D840DC00", "店A\U00020000"),
        (composite(b"/GBK-EUC-H"), "B5EA 41", "店A"),
        (composite(b"/UniGB-UCS2-H"), "2F08", "人"),  # a radical that stands for the sign
    ],
    ids=["map of its own", "UTF-16", "GBK", "radical"],
)
def test_chinese_fonts_are_read_by_map_or_by_name(kept, font, shown, said):
    content = b"BT /F 12 Tf 72 700 Td <%s> Tj ET" % shown.encode()
    data = pdf_words.pages(content, font=font, more=[stream(CODES)])
    assert texts(kept(data)) == [said]


def test_forms_within_the_page_are_read_and_pictures_passed_over(kept):
    form = stream(text("inside"), b"/Type /XObject /Subtype /Form /Resources 3 0 R")
    content = b"BI /W 1 /H 1 ID \x00(\xff EI /X Do BT /F 12 Tf 72 600 Td (after) Tj ET"
    data = pdf_words.pages(content, more=[form], head=b"/XObject << /X 5 0 R >>")
    assert texts(kept(data)) == ["inside", "after"]


def test_a_form_that_draws_itself_is_read_once(kept):
    form = stream(b"/X Do " + text("again"), b"/Subtype /Form /Resources 3 0 R")
    data = pdf_words.pages(b"/X Do", more=[form], head=b"/XObject << /X 5 0 R >>")
    assert texts(kept(data)) == ["again"]


def test_what_was_typed_into_a_form_is_read(kept):
    field = b"<< /FT /Tx /T (name) /V (typed in) /Subtype /Widget /Rect [72 500 200 512] >>"
    data = pdf_words.pages(text("Name:"), more=[field])
    data = data.replace(b"/Pages 2 0 R", b"/Pages 2 0 R /AcroForm << /Fields [5 0 R] >>")
    assert pages.lines_of(kept(data)) == [Line("Name:", 1), Line("name：typed in")]


# ── Files that are none ─────────────────────────────────────────────────────


def locked():
    writer = copy_into_new_writer(PdfFileReader(BytesIO(PLAIN)))
    writer.encrypt(owner_pass="owner", user_pass="user")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


LOOP = b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"
BOMB = stream(zlib.compress(b" " * (100 * 1024 * 1024)), b"/Filter /FlateDecode")
FILES = {
    "made up": (b"%PDF-1.4 made up", "broken"),
    "empty": (b"", "broken"),
    "cut off": (PLAIN[: len(PLAIN) // 2], "broken"),
    "a scan": (pdf_words.pages(b"q 595 0 0 842 0 0 cm /Scan Do Q"), "no-text"),
    "no pages": (pdf_words.pages(), "no-text"),
    "signs that say nothing": (
        pdf_words.pages(b"BT /F 12 Tf <00010002> Tj ET", font=composite(b"/Identity-H")),
        "no-text",
    ),
    "with a password": (locked(), "protected"),
    "a tree that is a loop": (pdf_words.pdf(b"<< /Pages 2 0 R >>", LOOP), "broken"),
    "a bomb": (pdf_words.pages(b"x", more=[BOMB]).replace(b"7 0 R", b"5 0 R"), "too-much"),
}


@pytest.mark.parametrize(("data", "hindrance"), FILES.values(), ids=FILES)
def test_what_cannot_be_read_is_said(kept, data, hindrance):
    assert reading.read(kept(data)) == ([], hindrance)


@pytest.mark.parametrize("limit", ["MOST_PAGES", "MOST_SIGNS"])
def test_long_files_are_not_read(kept, monkeypatch, limit):
    monkeypatch.setattr(pages, limit, 1)
    assert reading.read(kept(pdf_words.pages(text("a"), text("b")))) == ([], "too-much")


# ── Two sides ───────────────────────────────────────────────────────────────


def test_what_went_and_what_came_is_told(kept):
    before = kept(PLAIN, "before.pdf")
    after = kept(pdf_words.pages(text("Floor area 200 sqm", "Two storeys")), "after.pdf")
    first = Passage(
        (
            Piece(Fate.SAME, "Floor area "),
            Piece(Fate.GONE, "120"),
            Piece(Fate.NEW, "200"),
            Piece(Fate.SAME, " sqm\n"),
        ),
        1,
        1,
    )
    second = Passage((Piece(Fate.SAME, "Two storeys"),), 1, 1)
    assert compare([before], [after]) == Compared((None,), (None,), None, (first, second))


def test_one_file_that_cannot_be_read_keeps_both_from_being_compared(kept):
    found = compare([kept(PLAIN)], [kept(b"%PDF-1.4", "two.pdf"), kept(PLAIN, "three.pdf")])
    assert found == Compared((None,), (Hindrance.BROKEN, None))
    assert not found.is_made


def test_passages_beyond_the_most_are_counted(kept, monkeypatch):
    old = [kept(pdf_words.pages(text(*"abcdefghijkl")), "a.pdf")]
    new = [kept(pdf_words.pages(text(*"aBcdefghijkL")), "b.pdf")]
    assert reading.differences(old, new)["left_out"] == 0
    monkeypatch.setattr(reading, "MOST_PASSAGES", 2)
    found = reading.differences(old, new)
    assert (len(found["passages"]), found["left_out"]) == (2, 4)
    monkeypatch.setattr(reading, "MOST_SHOWN", 1)
    assert len(reading.differences(old, new)["passages"]) == 1


def test_what_is_too_large_too_slow_or_too_many_at_once_is_said(kept, monkeypatch):
    path = kept(PLAIN)
    monkeypatch.setattr(beside, "SECONDS", 0.001)
    assert compare([path], [path]) == Compared(whole=Hindrance.TOO_SLOW)
    monkeypatch.setattr(beside, "_turns", turns := BoundedSemaphore(1))
    monkeypatch.setattr(beside, "WAITS", 0)
    turns.acquire()
    assert compare([path], [path]) == Compared(whole=Hindrance.BUSY)
    monkeypatch.setattr(beside, "LARGEST", 10)
    large = (Hindrance.TOO_MUCH,)
    assert compare([path], [path]) == Compared(before=large, after=large)
