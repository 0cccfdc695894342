"""Amounts in Chinese capitals (人民币大写), with the examples of 支付结算办法 annex 1."""

import pytest

from mingtang.core.capitals import capitals


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (140_950, "壹仟肆佰零玖元伍角整"),  # the annex writes 1,409.50
        (600_714, "陆仟零柒元壹角肆分"),  # 6,007.14
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),  # 1,680.32
        (10_700_053, "壹拾万柒仟元零伍角叁分"),  # 107,000.53
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),  # 16,409.02
        (32_504, "叁佰贰拾伍元零肆分"),  # 325.04
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (1_000_000, "壹万元整"),
        (100_010_000_00, "壹亿零壹万元整"),
        (100_000_005_00, "壹亿零伍元整"),
        (277_000_000_00, "贰亿柒仟柒佰万元整"),
        (1_000_000_000_000_00, "壹万亿元整"),
        (1_000_100_000_000_00, "壹万零壹亿元整"),
        (12_345_678_901_234_56, "壹拾贰万叁仟肆佰伍拾陆亿柒仟捌佰玖拾万壹仟贰佰叁拾肆元伍角陆分"),
    ],
)
def test_an_amount_is_written_as_the_rule_writes_it(fen, words):
    assert capitals(fen) == words


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_what_is_no_amount_has_no_words(fen):
    with pytest.raises(ValueError, match="no such amount"):
        capitals(fen)
