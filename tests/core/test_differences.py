"""Two texts compared: what went, what came, and nothing that did not change is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import differences
from mingtang.core.differences import Fate, Line, Passage, Piece, compared, counts, edits_between

SAME, GONE, NEW = Fate.SAME, Fate.GONE, Fate.NEW


def lines(*texts, page=0):
    return [Line(text, page) for text in texts]


def pieces(before, after):
    return [
        (piece.fate, piece.text)
        for passage in compared(lines(*before), lines(*after))
        for piece in passage.pieces
    ]


def test_a_chinese_sentence_is_compared_sign_by_sign_and_figures_whole():
    assert pieces(["经营面积120.5平方米，两层。"], ["经营面积1200.5平方米，共两层。"]) == [
        (SAME, "经营面积"),
        (GONE, "120.5"),
        (NEW, "1200.5"),
        (SAME, "平方米，"),
        (NEW, "共"),
        (SAME, "两层。\n"),
    ]


def test_words_of_an_alphabet_are_compared_whole():
    assert pieces(["the whole shop"], ["the whale shop"]) == [
        (SAME, "the "),
        (GONE, "whole"),
        (NEW, "whale"),
        (SAME, " shop\n"),
    ]


def test_a_lone_sign_between_two_changes_goes_with_them():
    assert pieces(["由张三的店经营烟酒茶叶"], ["由李四的馆经营烟酒茶叶"]) == [
        (SAME, "由"),
        (GONE, "张三的店"),
        (NEW, "李四的馆"),
        (SAME, "经营烟酒茶叶\n"),
    ]


def test_where_lines_break_does_not_count():
    before = ["申请人在演示路开店，", "面积一百平方米。"]
    after = ["申请人在演示路", "开店，面积一百平方米。"]
    [passage] = compared(lines(*before), lines(*after))
    assert not passage.changed
    assert passage.pieces == (Piece(SAME, "申请人在演示路\n开店，面积一百平方米。\n"),)


@pytest.mark.parametrize(
    ("before", "after"), [(["甲", "乙"], ["甲", "乙"]), ([" 甲  乙 "], ["甲 乙"])]
)
def test_what_says_the_same_has_no_change(before, after):
    assert not any(passage.changed for passage in compared(lines(*before), lines(*after)))


def test_lines_far_from_a_change_are_counted_and_not_shown():
    before = [f"第 {number} 条" for number in range(1, 21)]
    after = [*before[:9], "第十条", *before[10:]]
    found = compared(
        [Line(text, 1 + place // 10) for place, text in enumerate(before)],
        [Line(text, 1 + place // 8) for place, text in enumerate(after)],
    )
    assert [(one.skipped, one.changed) for one in found] == [
        (7, False),
        (0, False),
        (0, True),
        (0, False),
        (8, False),
    ]
    assert found[1].pieces == (Piece(SAME, "第 8 条\n第 9 条"),)
    assert (found[2].page_before, found[2].page_after) == (1, 2)
    assert counts(found) == (1, 1)


def test_a_line_that_came_and_one_that_went():
    assert compared(lines("甲方"), lines("甲方", "乙方", page=3)) == (
        Passage((Piece(SAME, "甲方"),), 0, 3),
        Passage((Piece(NEW, "乙方"), Piece(SAME, "\n")), 0, 3),
    )
    assert compared(lines("甲方", "乙方", page=2), lines("乙方")) == (
        Passage((Piece(GONE, "甲方"),), 2, 0),
        Passage((Piece(SAME, "乙方"),), 2, 0),
    )


def test_nothing_at_all_has_no_passage():
    assert compared([], []) == ()
    assert compared([], lines("甲")) == (Passage((Piece(NEW, "甲"), Piece(SAME, "\n"))),)


def test_of_very_many_signs_every_one_is_told(monkeypatch):
    monkeypatch.setattr(differences, "MANY", 10)
    before, after = "甲" * 300 + "乙", "甲" * 300 + "丙"
    assert edits_between(before, after) == [
        (SAME, 0, 300, 0, 300),
        (GONE, 300, 301, 300, 300),
        (NEW, 301, 301, 300, 301),
    ]


@given(st.text("ab"), st.text("ab"))
def test_the_edits_lead_from_one_text_to_the_other(before, after):
    edits = edits_between(before, after)
    assert "".join(before[a:b] for fate, a, b, _, _ in edits if fate is not NEW) == before
    assert "".join(after[c:d] for fate, _, _, c, d in edits if fate is not GONE) == after
    for fate, a, b, c, d in edits:
        assert (before[a:b] == after[c:d]) is (fate is SAME)


TEXTS = st.lists(st.text("甲乙a1 ，", min_size=1, max_size=12).filter(str.strip), max_size=12)


@given(TEXTS, TEXTS)
def test_old_and_new_can_be_read_off_what_is_shown(before, after):
    found = compared(lines(*before), lines(*after))
    for text, unwanted in ((before, NEW), (after, GONE)):
        shown = "".join(p.text for one in found for p in one.pieces if p.fate is not unwanted)
        if not any(one.skipped for one in found):
            assert "".join(shown.split()) == "".join("".join(text).split())
