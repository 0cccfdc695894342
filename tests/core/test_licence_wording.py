"""What stands on a licence (证面): every field in words, its term, by what act it was given."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core.catalogue import Choice, FormField
from mingtang.core.licences import ReissueReason
from mingtang.core.licences.wording import (
    Face,
    compose,
    deemed,
    form_words,
    granted,
    reissued,
    specimen,
    term,
    values_of,
)
from mingtang.core.sheets import Layout, Sheet, facts
from tests.core.licence_examples import CONTENT, HOLDER, KIND, LAST, PREMISES

FIRST = date(2026, 3, 16)
FACE = Face(
    content=CONTENT,
    identifier="1.2.156.3005.2.x",
    holder=HOLDER,
    values=(PREMISES, KIND),
    valid_from=FIRST,
    valid_to=LAST,
    dated=FIRST,
    grounds="依据演示。",
)


def test_a_licence_says_whose_it_is_what_for_and_how_long():
    assert compose(FACE) == Sheet(
        layout=Layout.PLATE,
        title="演示食品经营许可证",
        title_en="Food Business Licence",
        organ="演示市场监督管理局",
        identifier="1.2.156.3005.2.x",
        addressee="演示甲",
        blocks=(
            facts(
                ("经营者名称", "演示甲"),
                ("证件号码", "110101199003071234"),
                ("经营场所", "演示路 1 号"),
                ("业态", "食品店"),
                ("有效期", "2026年3月16日至2031年3月15日"),
            ),
        ),
        date=FIRST,
        notes=("依据演示。", "悬挂于显著位置（演示）。"),
    )


def test_what_is_empty_is_left_out():
    bare = replace(FACE, content=replace(CONTENT, remarks=""), values=(PREMISES,), grounds="")
    assert compose(bare).notes == ()
    assert [line.label for line in compose(bare).blocks[0].lines] == [
        "经营者名称",
        "证件号码",
        "经营场所",
        "有效期",
    ]


def test_a_later_version_keeps_the_number():
    assert compose(replace(FACE, number="演市监证〔2026〕1号")).number == "演市监证〔2026〕1号"


def test_without_an_end_it_is_good_for_ever():
    assert term(FIRST, None) == "长期"


def test_it_says_by_what_act_it_was_given():
    assert granted(case="MT-7K2P-9QXD", day=FIRST, letter_no="演授〔2026〕1号") == (
        "依据2026年3月16日准予许可决定核发，办件编号 MT-7K2P-9QXD，授权书 演授〔2026〕1号。"
    )
    assert deemed(case="MT-7K2P-9QXD") == (
        "依据《中华人民共和国行政许可法》第五十条，延续申请逾期未作决定，视为准予延续，"
        "办件编号 MT-7K2P-9QXD。由系统依法自动制证。"
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (ReissueReason.LOST, "原证遗失，补发"),
        (ReissueReason.DAMAGED, "原证污损，换发"),
        (ReissueReason.CHANGED, "登记事项变更，换发"),
        (ReissueReason.CORRECTED, "更正制证错误，换发"),
    ],
)
def test_it_says_why_it_was_issued_anew(why, words):
    assert reissued(why=why, day=FIRST, version=2, letter_no="演授〔2026〕1号") == (
        f"{words}，2026年3月16日，第 2 版，授权书 演授〔2026〕1号。以前各版同时作废，有效期不变。"
    )


# ── What an application says ────────────────────────────────────────────────

OPTIONS = (Choice(value="x", label="放射诊断"), Choice(value="n", label="核医学"))


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("text", "演示路 1 号", "演示路 1 号"),
        ("integer", 12, "12"),
        ("integer", 0, "0"),
        ("money", 123_456_70, "123,456.70 元"),
        ("money", 5, "0.05 元"),
        ("date", "2026-03-16", "2026年3月16日"),
        ("choice", "n", "核医学"),
        ("choice", "gone", "gone"),
        ("multichoice", ["x", "n"], "放射诊断、核医学"),
        ("multichoice", [], ""),
        ("boolean", True, "是"),
        ("boolean", False, "否"),
        ("text", None, ""),
        ("text", "", ""),
    ],
)
def test_an_answer_in_words(kind, answer, words):
    field = FormField(name="f", label="栏", kind=kind, options=OPTIONS)
    assert form_words([field], {"f": answer}) == {"f": words}


def test_the_printed_fields_in_their_order():
    said = values_of(CONTENT, applicant={}, form={"premises": "演示路 1 号", "kind": "食品店"})
    assert said == (PREMISES, KIND)


def test_a_specimen_holds_nobodys_data_and_says_what_it_is():
    sheet = specimen(CONTENT, day=FIRST, last=LAST)
    assert (sheet.number, sheet.identifier, sheet.title) == (
        "样本",
        "样本",
        "演示食品经营许可证（样本）",
    )
    assert sheet.notes[0] == "本页是样本，没有签章，不是证照。"
    assert [(line.label, line.value) for line in sheet.blocks[0].lines] == [
        ("经营者名称", "（姓名或者名称）"),
        ("证件号码", "（证件号码）"),
        ("经营场所", "（经营场所）"),
        ("业态", "（业态）"),
        ("有效期", "2026年3月16日至2031年3月15日"),
    ]
