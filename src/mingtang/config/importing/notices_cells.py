"""One cell of a notice, as platforms leave it: invisible signs, HTML, labels stuck to names."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from html import unescape
from typing import Any
from unicodedata import category as sign_category
from unicodedata import normalize

from mingtang.config.importing import cells
from mingtang.config.importing.cells import Unreadable
from mingtang.core.clock import civil_day
from mingtang.core.trading.foreign import Amount, Moment

CHINA = timezone(timedelta(hours=8))
MOST_FEN = 10**15
NOTHING = {
    "",
    "/",
    "\\",
    "-",
    "—",
    "无",
    "暂无",
    "待定",
    "X" * 3,
    "暂未委托",
    "公告未载明",
    "未载明",
}
LABELS = {"统一社会信用代码", "名称", "地址", "联系人", "联系方式"}  # of the next field
TERMS = {"40", "50", "70"}  # 城镇国有土地使用权出让和转让暂行条例 art. 12
FEN = {"元": 100, "万元": 1_000_000, "万": 1_000_000, "亿元": 10**10, "亿": 10**10}

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_STUCK = re.compile(r"\s*(?:查看)?(?:详细|详情)$")
_TWO_NAMES = re.compile(r"(?<=有限公司)(?=[^,，、\s]{4,}有限公司)")
_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"(亿元|万元|元|亿|万)?"
_AMOUNT = re.compile(
    rf"(?:人民币)?(¥)?{_NUMBER}{_UNIT}(?:(?:-|~|—|–|至)¥?{_NUMBER}{_UNIT})?(?:人民币|整)?"
)
_MOMENT = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))"
    r"(?:[T ]*(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)


def text(value: Any) -> str:
    """Return the text without HTML and invisible signs, spaces run together."""
    whole = unescape(_TAG.sub(" ", cells.text(value)))
    seen = "".join(sign for sign in whole if sign_category(sign) != "Cf")
    return " ".join(seen.split())


def stated(value: Any) -> str:
    """Return the text, empty where it only says that there is none."""
    found = text(value)
    return "" if found in NOTHING else found


def name(value: Any) -> str:
    """Return a name. Raises Unreadable for a label, and for a name with sentences after it."""
    found = _STUCK.sub("", stated(value)).strip("? ，,、")
    if found in LABELS or ":" in normalize("NFKC", found):
        raise Unreadable("notice.not-a-name")
    return "" if found in NOTHING else found


def winner(value: Any) -> str:
    """Return who won, several with 、 between them: platforms run their names together."""
    return re.sub(r"[,，、]+", "、", _TWO_NAMES.sub("、", name(value)))


def lot(value: Any) -> str:
    """Return the number of a lot, its brackets and spaces always written alike."""
    found = "".join(text(value).split())
    return re.sub(r"[\[【［(（](\d{4})[\]】］)）]", r"〔\1〕", found)


# ── Amounts ─────────────────────────────────────────────────────────────────


def amount(value: Any, *, unit: str = "") -> Amount | None:
    """Return an amount in fen beside its own words. `unit` is what the heading says.

    Raises Unreadable where the words give no certain amount: no unit, about so much, two sums.
    """
    written = stated(value)
    if not written:
        return None
    found = _AMOUNT.fullmatch("".join(normalize("NFKC", written).split()))
    if not found:
        raise Unreadable("notice.amount-shape")
    sign, low, first, high, last = found.groups()
    last = last or first or unit or ("元" if sign else "")
    fen = _fen(low, first or last)
    upper = _fen(high, last) if high else None
    if upper is not None and upper < fen:
        raise Unreadable("notice.amount-shape")
    return Amount(written=written, fen=fen, upper_fen=upper)


def wan(value: Any) -> Amount | None:
    return amount(value, unit="万元")


def land_price(value: Any) -> Amount | None:
    """Return a price in 万元. Raises Unreadable for a bare 40, 50 or 70: that is the term of
    the land use right in years, slipped in from the next column."""
    if cells.text(value) in TERMS:
        raise Unreadable("notice.amount-term")
    return wan(value)


def yuan(value: Any) -> Amount | None:
    return amount(value, unit="元")


def _fen(number: str, unit: str) -> int:
    if not unit:
        raise Unreadable("notice.amount-unit")
    fen = Decimal(number.replace(",", "")) * FEN[unit]
    if fen != int(fen) or fen > MOST_FEN:
        raise Unreadable("notice.amount-shape")
    return int(fen)


# ── Days and moments ────────────────────────────────────────────────────────


def moment(value: Any) -> Moment | None:
    """Return a day, with its hour where one is written; without an offset it is in China.

    Midnight to the second is how spreadsheets write a day.
    """
    written = stated(value)
    if not written:
        return None
    found = _MOMENT.fullmatch(normalize("NFKC", written))
    if not found:
        raise Unreadable("notice.not-a-date")
    year, *days, hour, minute, second, offset = found.groups()
    month, day = days[:2] if days[0] else days[2:]
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    try:
        at = datetime(int(year), int(month), int(day), *clock, tzinfo=_offset(offset))
    except ValueError:
        raise Unreadable("notice.not-a-date") from None
    whole_day = hour is None or (clock == (0, 0, 0) and second is not None and not offset)
    return Moment(written=written, day=civil_day(at), at=None if whole_day else at)


def _offset(written: str | None) -> timezone:
    if not written:
        return CHINA
    if written == "Z":
        return UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=minutes if written[0] == "+" else -minutes))
