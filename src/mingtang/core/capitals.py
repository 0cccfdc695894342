"""Amounts in Chinese capitals (人民币大写), as papers and bids write them.

    1_234_050_00 fen  →  壹佰贰拾叁万肆仟零伍拾元整

Source: 支付结算办法 annex 1, 正确填写票据和结算凭证的基本规定.
"""

import re

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("", "万", "亿", "万亿")
MOST_FEN = 10**18 - 1  # below 万亿亿


def capitals(fen: int) -> str:
    """Return the amount in capitals. Raises ValueError for less than nothing or 万亿亿 元."""
    if not 0 <= fen <= MOST_FEN:
        raise ValueError("no such amount")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    whole = _whole(yuan) + "元" if yuan or not rest else ""
    if not rest:
        return whole + "整"
    zero = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    tenths = DIGITS[jiao] + "角" if jiao else ""
    return whole + zero + tenths + (DIGITS[cents] + "分" if cents else "整")


def _whole(number: int) -> str:
    """Return a whole number: groups of four digits, one 零 for all that are missing between."""
    if not number:
        return DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for place in reversed(range(len(groups))):
        group = groups[place]
        words += _group(group) + GROUPS[place] if group else "零"
    words = words.replace("万亿", "万亿" if not _has(groups, 2) else "万")
    return re.sub("零+", "零", words).strip("零")


def _has(groups: list[int], place: int) -> bool:
    return len(groups) > place and groups[place] > 0


def _group(group: int) -> str:
    """Return four digits, with a 零 in front where the first of them is missing."""
    digits = f"{group:04}"
    words = "".join(
        DIGITS[int(digit)] + place if digit != "0" else "零"
        for digit, place in zip(digits, PLACES, strict=True)
    )
    return re.sub("零+", "零", words).rstrip("零")
