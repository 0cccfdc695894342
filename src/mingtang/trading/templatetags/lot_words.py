"""Lots in words (标的用语): parts, ends, prices with what they say. `{% load lot_words %}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.core.capitals import capitals
from mingtang.core.trading.lots.events import Part, Stopping, Verdict
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.parameters import Direction, Procedure
from mingtang.trading.templatetags.procedure_words import moves
from mingtang.ui import formats

register = template.Library()
register.filter("capitals", capitals)

PARTS = {
    Part.BEFORE: _("未开始"),
    Part.FREE: _("自由报价中"),
    Part.BLACKOUT: _("静默期"),
    Part.ASKING: _("询问是否参加限时竞价"),
    Part.TIMED: _("限时竞价中"),
    Part.OPEN: _("竞价中"),
    Part.SEALED: _("密封报价中"),
    Part.FALLING: _("减价中"),
    Part.CEILING: _("已达最高限价，询问是否参加"),
    Part.ONE_SHOT: _("一次报价中"),
    Part.PAUSED: _("已中止"),
    Part.OVER: _("报价已结束"),
}
# In a table of bids: in which part one was made.
PART_NAMES = {
    Part.FREE: _("自由报价"),
    Part.TIMED: _("限时竞价"),
    Part.OPEN: _("竞价"),
    Part.FALLING: _("减价"),
    Part.SEALED: _("密封报价"),
    Part.ONE_SHOT: _("一次报价"),
}
UNTIL = {
    Part.BEFORE: _("距开始"),
    Part.FREE: _("距自由报价截止"),
    Part.BLACKOUT: _("静默期，距结束"),
    Part.ASKING: _("询问，距截止"),
    Part.TIMED: _("距限时竞价结束"),
    Part.OPEN: _("距结束"),
    Part.SEALED: _("距报价截止"),
    Part.FALLING: _("距下次降价"),
    Part.CEILING: _("询问，距截止"),
    Part.ONE_SHOT: _("距一次报价截止"),
    Part.PAUSED: _("距恢复"),
    Part.OVER: _("已结束"),
}
LAMPS = {
    Part.BEFORE: "idle",
    Part.BLACKOUT: "paused",
    Part.ASKING: "warn",
    Part.CEILING: "warn",
    Part.PAUSED: "paused",
    Part.OVER: "idle",
}
VERDICTS = {
    Verdict.SOLD: _("成交"),
    Verdict.NO_BIDS: _("流拍"),
    Verdict.BELOW_RESERVE: _("流拍"),
    Verdict.TOO_FEW: _("流拍"),
    Verdict.LEADER_BARRED: _("流拍"),
}
UNSOLD = {
    Verdict.NO_BIDS: _("没有人报价。"),
    Verdict.BELOW_RESERVE: _("最优报价没有达到底价。"),
    Verdict.TOO_FEW: _("有效报价的竞买人少于规程要求的家数。"),
    Verdict.LEADER_BARRED: _("最优报价的竞买人已被取消竞买资格。"),
}
STOPPINGS = {Stopping.PAUSE: _("中止"), Stopping.END: _("终止")}
APPLICATIONS = {
    "filed": ("warn", _("等待资格审查")),
    "admitted": ("good", _("已准予参加竞买")),
    "refused": ("bad", _("不予参加竞买")),
    "withdrawn": ("idle", _("已撤回")),
}
WAN_FROM = 100_000_000  # fen: lots that start at a million yuan are spoken of in 万元


@register.filter
def part(value: str) -> str:
    return str(PARTS[Part(value)])


@register.filter
def part_name(value: str) -> str:
    found = Part(value)
    return str(PART_NAMES.get(found, PARTS[found]))


@register.filter
def until(value: str) -> str:
    return str(UNTIL[Part(value)])


@register.filter
def verdict(value: str) -> str:
    return str(VERDICTS[Verdict(value)])


@register.filter
def unsold(value: str) -> str:
    return str(UNSOLD[Verdict(value)])


@register.filter
def stopping(value: str) -> str:
    return str(STOPPINGS[Stopping(value)])


@register.filter
def moves_in_words(procedure: Procedure) -> str:
    """How late bids move the end; nothing where they do not."""
    return moves(procedure.extension) if procedure.extension else ""


@register.simple_tag
def bidding_url() -> str:
    """Where the bidding room is, beside the pages."""
    return str(settings.BIDDING_URL)


@register.inclusion_tag("ui/pieces/lamp.html")
def application_lamp(status: str) -> dict[str, str]:
    state, word = APPLICATIONS[status]
    return {"state": state, "word": str(word)}


@register.inclusion_tag("ui/pieces/lamp.html")
def lot_lamp(row: Any, standing: Any) -> dict[str, str]:
    """`{% lot_lamp row standing %}`: where a lot stands, with shape and word."""
    state, word = lot_state(row, standing)
    return {"state": state, "word": word}


def lot_state(row: Any, standing: Any) -> tuple[str, str]:
    if row.status == Status.STOPPED:
        return "bad", str(_("已终止"))
    if row.status == Status.CLOSED:
        sold = row.verdict == Verdict.SOLD
        return ("good" if sold else "warn"), verdict(row.verdict)
    return LAMPS.get(standing.part, "good"), part(standing.part)


# ── Prices ──────────────────────────────────────────────────────────────────


def in_wan(content: LotContent) -> bool:
    """Whether this lot's prices are spoken of in 万元."""
    english = (get_language() or "").startswith("en")
    return not english and content.quantity == 1 and content.start_fen >= WAN_FROM


@register.filter
def price(fen: int | None, content: LotContent) -> str:
    """`{{ fen|price:content }}`: an amount in the unit this lot is spoken of in."""
    if fen is None:
        return ""
    return formats.wan(fen) if in_wan(content) else formats.yuan(fen)


@register.filter
def figures(fen: int | None, content: LotContent) -> str:
    """`{{ fen|figures:content }}`: the same without its unit, which stands elsewhere."""
    return re.sub(r"[^\d.,-]", "", price(fen, content))


@register.filter
def unit_of_price(content: LotContent) -> str:
    """万元 or 元, per unit where it is sold by units."""
    unit = "万元" if in_wan(content) else str(_("元"))
    return f"{unit}/{content.unit}" if content.unit and content.quantity > 1 else unit


@register.filter
def unit_of_yuan(content: LotContent) -> str:
    """What an offer is typed in: 元, per unit where it is sold by units."""
    yuan = str(_("元"))
    return f"{yuan}/{content.unit}" if content.quantity > 1 else yuan


@register.filter
def premium(fen: int | None, content: LotContent) -> str:
    """By how much a price lies above the start price (溢价率): `25.92%`. Below: with a minus."""
    if fen is None or not content.start_fen:
        return ""
    hundredths = round(Decimal(fen - content.start_fen) * 10_000 / content.start_fen)
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}%"


@register.filter
def premium_word(direction: str) -> str:
    return str(_("溢价率") if direction == Direction.ASCENDING else _("较起始价"))


@register.filter
def milliseconds(at: datetime | None) -> str:
    """The time of day in China to the millisecond: `10:04:12.318`."""
    if at is None:
        return ""
    return at.astimezone(formats.CHINA).strftime("%H:%M:%S.%f")[:-3]


# ── Prices of a unit, where the facts of a lot allow ────────────────────────

AREA = re.compile(r"面积")
SQUARE_METRES = re.compile(r"^\s*([\d,]+(?:\.\d+)?)\s*(?:平方米|㎡|m²)")
MU = re.compile(r"^\s*([\d,]+(?:\.\d+)?)\s*亩")
RATIO = re.compile(r"^\s*[≤<不高于大超过]*\s*(\d+(?:\.\d+)?)\s*$")
MU_METRES = Decimal(10_000) / 15


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price divided by something: what it is called, by what, and in which unit it is given."""

    label: str
    square_metres: Decimal


def unit_prices(content: LotContent) -> Iterator[UnitPrice]:
    """Yield what a price of this lot can be divided by: its area, its floor area."""
    area = next((found for fact in content.facts if (found := _area(fact.name, fact.value))), None)
    if area is None:
        return
    yield UnitPrice(str(_("平均地价")), area)
    ratios = (_number(RATIO, fact.value) for fact in content.facts if "容积率" in fact.name)
    ratio = next(filter(None, ratios), None)
    if ratio:
        yield UnitPrice(str(_("楼面价")), area * ratio)


def _area(name: str, value: str) -> Decimal | None:
    """Return an area in square metres; what is built is none of the land's."""
    if not AREA.search(name) or "建" in name:
        return None
    mu = _number(MU, value)
    return mu * MU_METRES if mu else _number(SQUARE_METRES, value)


def _number(form: re.Pattern[str], text: str) -> Decimal | None:
    found = form.match(text)
    try:
        number = Decimal(found[1].replace(",", "")) if found else Decimal(0)
    except InvalidOperation:
        return None
    return number or None
