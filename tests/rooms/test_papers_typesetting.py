"""A sheet set in type: every word is there, the seal has its place, one page where one is due."""

import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core.decider import Refused
from mingtang.core.sheets import Layout, Sheet, facts, heading, listed, text, texts
from mingtang.papers.ports.typesetting import SEAL_MM, Typeset, missing_glyphs, typeset
from mingtang.trust.ports import fonts
from mingtang.trust.ports.seal_pictures import MM, seal_picture
from tests.rooms.paper_words import words_of

POINTS = 72 / 25.4  # in a millimetre
ADDRESS = "https://mingtang.example/check/7K2P9QXD4M8RT3VW/"
RARE = "䶮㛃"  # of names of people: in GB 18030-2022, in few fonts
SANS_ALONE = "𰻝"  # U+30EDD, of a noodle and of shops that sell it
NOWHERE = "𪚳𮧵"  # U+2A6B3 and U+2E9F5, which no font of ours has
MARK = "测试印章，不具法律效力"
TOOL = shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(TOOL is None, reason="poppler (pdftotext) is not there")
ONE_PAGE = pytest.mark.parametrize("layout", [Layout.CERTIFICATE, Layout.PLATE, Layout.CARD])
NOTICE = Sheet(
    layout=Layout.NOTICE,
    title="受理通知书",
    organ="演示明州省市场监督管理局",
    number="市场监管局受〔2026〕7号",
    addressee="演示甲",
    blocks=(
        text("您提出的下列申请，材料齐全、符合法定形式，本机关自2026年3月16日起予以受理。"),
        facts(("申请事项", "食品经营许可"), ("办件编号", "MT-7K2P-9QXD")),
        heading("收到的材料"),
        listed(("平面图", "标注面积"), ("申请书", "")),
        text("特此通知。"),
    ),
    date=date(2026, 3, 16),
    notes=("经办：7 号综合窗口，工号 07。", "咨询电话 0990-0120000。"),
    code="7K2P9QXD4M8RT3VW",
)
LICENCE = replace(
    NOTICE,
    title="演示食品经营许可证",
    title_en="Food Business Licence Office",
    number="演市监证〔2026〕1号",
    identifier="1.2.156.3005.2.11100000000013127D0990100.1199900000000001.0000000001.001.X",
    addressee="",
    blocks=(facts(("经营者", "演示甲"), ("有效期", "2026年3月16日至2031年3月15日")),),
)
SEVERAL = replace(
    NOTICE,
    blocks=(listed(*((f"材料{number}", "没有标注面积，请补正。") for number in range(1, 81))),),
)


def made(sheet: Sheet, *, test: bool = False) -> Typeset:
    return typeset(sheet, address=ADDRESS, test=test)


def refusal_of(sheet: Sheet) -> tuple[str, Mapping[str, object]]:
    with pytest.raises(Refused) as refusal:
        made(sheet)
    return refusal.value.code, refusal.value.facts


# ── What poppler reads ──────────────────────────────────────────────────────


def poppler(tool: str, pdf: bytes, *how: str) -> str:
    run = subprocess.run([tool, *how], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


@dataclass(frozen=True)
class Box:
    """Where a word stands: points from the upper left corner of its page."""

    word: str
    page: int
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        apart = self.bottom <= other.top or other.bottom <= self.top
        return not (beside or apart)


@dataclass(frozen=True)
class Page:
    width: float
    height: float


def seen(pdf: bytes) -> tuple[list[Page], list[Box]]:
    tree = ElementTree.fromstring(poppler("pdftotext", pdf, "-bbox", "-", "-"))
    pages, boxes = [], []
    for number, page in enumerate(tree.findall(".//{*}page"), start=1):
        pages.append(Page(float(page.attrib["width"]), float(page.attrib["height"])))
        for word in page.findall(".//{*}word"):
            corners = (float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax"))
            boxes.append(Box(word.text or "", number, *corners))
    return pages, boxes


def of_signs(boxes: Sequence[Box], signs: str) -> list[Box]:
    """Return the words made of these characters alone."""
    return [box for box in boxes if box.word and set(box.word) <= set(signs)]


def seal_of(found: Typeset, sheet: Sheet) -> Box:
    """Return the square the seal will cover."""
    page = seen(found.pdf)[0][found.spot.page - 1]
    half = SEAL_MM[sheet.layout] * POINTS / 2
    x, y = found.spot.x, page.height - found.spot.y
    return Box("", found.spot.page, x - half, y - half, x + half, y + half)


# ── Every word ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("layout", Layout)
def test_every_text_of_the_sheet_is_on_the_paper(layout):
    sheet = replace(NOTICE if layout is Layout.NOTICE else LICENCE, layout=layout)
    written = words_of(made(sheet).pdf)
    assert [words for words in texts(sheet) if squeezed(words) not in written] == []
    assert "2026年3月16日" in written


def test_what_would_be_markup_is_set_as_it_is():
    signs = (
        r"""#let x = 1 *a* _b_ $c$ \d @e <f> [g] `h` ~ // i /* j */ - k + l = m "n" 'o' --- 1."""
    )
    assert squeezed(signs) in words_of(made(replace(NOTICE, blocks=(text(signs),))).pdf)


def test_rare_characters_of_names_are_set():
    assert RARE in words_of(made(replace(NOTICE, addressee=RARE)).pdf)


def test_what_the_serif_lacks_is_set_in_the_sans():
    pdf = made(replace(NOTICE, title=SANS_ALONE)).pdf  # titles are bold
    assert "NotoSansSC-Bold" in poppler("pdffonts", pdf, "-")
    assert "NotoSansSC-Bold" not in poppler("pdffonts", made(NOTICE).pdf, "-")


def test_what_no_font_of_ours_has_is_refused_by_name():
    blocks = (facts(("经营者", f"演{NOWHERE[0]}示")), listed(("一", NOWHERE)))
    assert refusal_of(replace(NOTICE, blocks=blocks)) == (
        "paper.glyph-missing",
        {"characters": list(NOWHERE)},
    )


def test_a_character_nobody_could_see_is_refused_by_its_number():
    signs = "\ue863\U0003fff0\u0007"  # for private use, as old registers have them; new; a bell
    assert refusal_of(replace(NOTICE, addressee=f"演示{signs}")) == (
        "paper.glyph-missing",
        {"characters": ["U+E863", "U+3FFF0", "U+0007"]},
    )


@given(words=st.text(st.sampled_from(sorted(map(chr, fonts.glyphs()))), max_size=60))
@settings(max_examples=15, deadline=None)
def test_any_text_of_our_characters_is_set(words):
    assert made(replace(NOTICE, blocks=(text(words),))).pdf.startswith(b"%PDF-")


@given(words=st.text(max_size=20), at=st.sampled_from(["title", "number", "addressee", "code"]))
@settings(max_examples=25, deadline=None)
def test_any_other_text_is_refused_and_nothing_else_happens(words, at):
    sheet = replace(NOTICE, **{at: words})
    lacking = missing_glyphs(sheet)
    if lacking:
        code, told = refusal_of(sheet)
        assert (code, len(told["characters"])) == ("paper.glyph-missing", len(lacking))
    else:
        assert made(sheet).pages == 1


def test_fonts_missing_names_each_once_in_order_and_no_space():
    assert fonts.missing(["演\n示\u3000", f"{NOWHERE}甲", NOWHERE[::-1]]) == NOWHERE
    assert fonts.missing([RARE, SANS_ALONE, "Aé〔〕“”"]) == ""


def test_both_weights_of_a_family_draw_the_same():
    for family in fonts.FAMILIES:
        regular, bold = (fonts.code_points(fonts.file(family, weight)) for weight in fonts.WEIGHTS)
        assert regular == bold


# ── Where the seal goes ─────────────────────────────────────────────────────


@pytest.mark.parametrize(("sheet", "pages"), [(NOTICE, 1), (SEVERAL, 3)])
def test_the_seal_rides_on_organ_and_date_of_the_last_page(sheet, pages):
    found = made(sheet)
    seal = seal_of(found, sheet)
    sheets, boxes = seen(found.pdf)
    organ = [box for box in boxes if box.word == sheet.organ and box.page == pages][-1]
    [day] = [b for b in boxes if b.word == "2026年3月16日" and b.top > organ.bottom]
    assert (found.pages, len(sheets), found.spot.page) == (pages, pages, pages)
    assert 0 < seal.left < seal.right < sheets[-1].width
    assert organ.bottom < (seal.top + seal.bottom) / 2 < day.top
    assert (organ.left + organ.right) / 2 == pytest.approx(found.spot.x, abs=3)


@pytest.mark.parametrize("layout", Layout)
def test_the_seal_lies_on_the_page_and_beside_the_small_print(layout):
    signs = "零壹贰叁肆伍陆柒捌玖"  # nowhere else on the paper
    sheet = replace(LICENCE, layout=layout, notes=(signs * 6, signs * 5))
    found = made(sheet)
    seal = seal_of(found, sheet)
    [page], boxes = seen(found.pdf)
    notes = of_signs(boxes, signs)
    assert "".join(box.word for box in notes) == signs * 11
    assert [box for box in notes if box.meets(seal)] == []
    assert 0 < seal.left < seal.right < page.width
    assert 0 < seal.top < seal.bottom < page.height


def test_pages_set_at_the_same_time_do_not_mix():
    sheets = [replace(NOTICE, blocks=(text("特此通知。\n" * count),)) for count in range(1, 13)]
    alone = [made(sheet) for sheet in sheets]
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = list(pool.map(made, sheets))
    assert together == alone
    assert len({found.spot for found in alone}) == 12


# ── Long ones ───────────────────────────────────────────────────────────────


@ONE_PAGE
def test_a_licence_with_long_values_stays_on_one_page_and_above_its_foot(layout):
    signs = "甲乙丙丁戊己庚辛壬癸"
    scope, short = signs * 20, signs + signs[:6]
    sheet = replace(
        LICENCE,
        layout=layout,
        organ="演示" + "明州省自治州自治县" * 2 + "市场监督管理与审批服务局",
        blocks=(facts(*[(signs[:6], short)] * 11, (signs[:4], scope)),),
    )
    found = made(sheet, test=True)
    _pages, boxes = seen(found.pdf)
    values = of_signs(boxes, signs)
    [scan] = [box for box in boxes if box.word == "扫码核验"]
    foot = min(scan.top - 17 * POINTS, seal_of(found, sheet).top)
    assert len(sheet.organ) == 32
    assert found.pages == 1
    assert sum(len(box.word) for box in values) == 11 * (6 + 16) + 4 + 200
    assert max(box.bottom for box in values) <= foot


@ONE_PAGE
def test_what_fits_no_page_is_set_on_two_with_the_seal_on_the_last(layout):
    sheet = replace(LICENCE, layout=layout, blocks=(facts(("范围", "预包装食品销售，" * 900)),))
    found = made(sheet)
    assert found.pages == found.spot.page > 1


def test_whoever_signs_signs_no_empty_page():
    """However much text there is: two lines of it at least stand above the name."""
    for count in range(12, 33, 3):
        last = listed(*((f"材料{number}", "请补正。") for number in range(count)))
        for blocks in [(last,), (last, text("特此通知。"))]:
            sheet = replace(NOTICE, blocks=blocks)
            found = made(sheet)
            _pages, boxes = seen(found.pdf)
            organ = max((b for b in boxes if b.word == sheet.organ), key=lambda b: (b.page, b.top))
            above = {b.top for b in boxes if b.page == organ.page and b.bottom < organ.top}
            assert len(above) >= 2
            assert found.spot.page == found.pages


def test_what_has_no_place_to_break_stays_on_the_page():
    [page], boxes = seen(made(replace(NOTICE, blocks=(text("A" * 200),))).pdf)
    runs = of_signs(boxes, "A")
    assert "".join(box.word for box in runs) == "A" * 200
    assert max(box.right for box in runs) <= page.width - 25 * POINTS + 1


def test_lines_typed_in_a_field_are_paragraphs():
    _pages, boxes = seen(made(replace(NOTICE, blocks=(text("甲乙\n\n丙丁"),))).pdf)
    [first], [second] = of_signs(boxes, "甲乙"), of_signs(boxes, "丙丁")
    assert first.left == second.left
    assert first.top < second.top


def test_pages_are_numbered_where_there_are_several():
    assert "第1页共3页" in words_of(made(SEVERAL).pdf)
    assert "第1页" not in words_of(made(NOTICE).pdf)


@pytest.mark.parametrize("layout", Layout)
def test_a_paper_of_a_test_seal_says_so(layout):
    sheet = replace(LICENCE, layout=layout)
    assert MARK in words_of(made(sheet, test=True).pdf)
    assert MARK not in words_of(made(sheet, test=False).pdf)


def test_the_file_says_what_it_is():
    about = poppler("pdfinfo", made(NOTICE).pdf, "-rawdates", "-")
    said = dict(line.split(":", 1) for line in about.splitlines() if ":" in line)
    wanted = {
        "Title": "受理通知书 市场监管局受〔2026〕7号",
        "Author": "演示明州省市场监督管理局",
        "CreationDate": "D:20260315160000Z",  # midnight in China
        "Tagged": "yes",
    }
    assert {name: said[name].strip() for name in wanted} == wanted


def test_the_same_sheet_gives_the_same_bytes():
    assert made(LICENCE).pdf == made(LICENCE).pdf


# ── The seal itself ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [4, 9, 14, 20, 28])
def test_a_seal_is_one_small_page_with_every_character(count):
    organ = "演示明州省自治州自治县市场监督管理与行政审批政务服务局"[: count - 1] + "局"
    pdf = seal_picture(organ, "行政审批专用章", test=True)
    about = poppler("pdfinfo", pdf, "-")
    wide, high = map(float, re.findall(r"Page size: +([\d.]+) x ([\d.]+) pts", about)[0])
    assert re.findall(r"Pages: +(\d+)", about) == ["1"]
    assert (wide / POINTS, high / POINTS) == pytest.approx((MM, MM), abs=0.01)
    assert Counter(words_of(pdf)) == Counter(f"{organ}行政审批专用章测试")


def test_a_seal_in_force_does_not_say_test():
    assert "测试" not in words_of(seal_picture("演示省市场局", "行政审批专用章", test=False))


def test_a_seal_with_a_character_no_font_has_is_not_drawn():
    with pytest.raises(Refused) as refusal:
        seal_picture(f"演示{NOWHERE[0]}局", "行政审批专用章", test=True)
    assert refusal.value.code == "paper.glyph-missing"
    assert refusal.value.facts == {"characters": [NOWHERE[0]]}


def test_a_seal_is_drawn_once():
    first = seal_picture("演示省市场局", "审批章", test=True)
    assert seal_picture("演示省市场局", "审批章", test=True) is first


def test_the_signs_the_tests_rely_on_are_where_they_are_said_to_be():
    assert [unicodedata.category(sign) for sign in RARE + SANS_ALONE] == ["Lo"] * 3
