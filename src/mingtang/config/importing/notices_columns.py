"""Which column becomes what of a notice: tables, one for each format there is.

To read another platform's list, add a table. What has no place of its own in a notice is kept
as a detail, under the name of its element.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mingtang.config.importing import notices_cells as cells
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import Column, Format
from mingtang.core.trading.codes import BUSINESSES
from mingtang.core.trading.foreign import NoticeKind, Outcome

CATEGORIES: Mapping[str, str] = {
    **{business.name: business.code for business in BUSINESSES},
    "国有企业生产资料": "90",  # a name one portal has beside the national ones
}
SOURCES = {  # what the name of a platform says of all it publishes
    "政府采购": "02",
    "军队采购": "02",
    "工程建设": "01",
    "招标投标公共服务平台": "01",
}
KINDS: Mapping[str, NoticeKind] = {
    "招标计划": NoticeKind.TENDER_PLAN,
    "公告": NoticeKind.NOTICE,
    "招标公告": NoticeKind.NOTICE,
    "采购公告": NoticeKind.NOTICE,
    "交易公告": NoticeKind.NOTICE,
    "出让公告": NoticeKind.LAND_LISTING,
    "成交结果": NoticeKind.LAND_RESULT,
    "成交宗地": NoticeKind.LAND_RESULT,
}
FAILED = {"流拍", "未成交", "流标"}
DETAILS = (
    "approval",
    "fixed_asset_code",
    "floor_area_ratio",
    "fund_source",
    "height_limit",
    "land_use",
    "planned_bid_time",
    "registration_period",
    "supervisor",
    "tender_content",
    "trade_place",
)


def category(value: Any) -> str:
    """Return the national code of a category given by code or name."""
    written = cells.stated(value)
    if written in CATEGORIES.values():
        return written
    if written not in CATEGORIES:
        raise Unreadable("notice.category-unknown")
    return CATEGORIES[written]


def category_of_source(name: str) -> str:
    return next((code for part, code in SOURCES.items() if part in name), "90")


def kind(value: Any) -> NoticeKind:
    written = cells.text(value)
    if written in set(NoticeKind):
        return NoticeKind(written)
    if written not in KINDS:
        raise Unreadable("notice.kind-unknown")
    return KINDS[written]


def place(value: Any) -> str:
    """Return a place; one platform writes the category of some notices where theirs belongs."""
    found = cells.stated(value)
    return "" if found in CATEGORIES else found


def category_in_place(value: Any) -> str | None:
    return CATEGORIES.get(cells.stated(value))


def outcome(value: Any) -> Outcome:
    return Outcome.FAILED if cells.text(value) in FAILED else Outcome.SOLD


def winner(value: Any) -> str:
    return "" if cells.text(value) in FAILED else cells.winner(value)


def division(value: Any) -> str:
    """Return the division in a project code (投资项目代码): 2604-520221-60-01-332521."""
    found = re.fullmatch(r"\d{4}-(\d{6})-\d\d-\d\d-\d{6}", cells.text(value))
    return found[1] if found else ""


def _both(*headings: str) -> tuple[str, ...]:
    """Return headings with full-width and with plain brackets."""
    plain = str.maketrans("（）", "()")
    return tuple(dict.fromkeys(h for one in headings for h in (one, one.translate(plain))))


def _money(element: str, *names: str) -> tuple[Column, ...]:
    """Return the columns of an amount: unit beside the number, or in the heading."""
    units: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("", cells.amount),
        ("（万元）", cells.wan),
        ("（元）", cells.yuan),
    )
    return tuple((element, _both(*(f"{n}{unit}" for n in names)), read) for unit, read in units)


# ── Plans and notices ───────────────────────────────────────────────────────

COMMON: tuple[Column, ...] = (
    ("source", ("source_name", "source", "来源", "来源平台"), cells.stated),
    ("source_id", ("source_notice_id", "source_id", "公告编号", "编号"), cells.stated),
    ("title", ("title", "标题", "公告标题"), cells.text),
    ("project", ("project_name", "project", "项目名称"), cells.stated),
    ("category", ("category", "交易类别", "类别"), category),
    ("region", ("project_location", "region", "行政区划", "地区"), cells.stated),
    ("region_code", ("region_code", "division", "areacode", "行政区划代码"), cells.stated),
    ("buyer", ("buyer", "招标人", "采购人", "出让人"), cells.name),
    ("agency", ("agency", "招标代理", "代理机构"), cells.name),
    ("published", ("published_at", "发布时间", "发布日期"), cells.moment),
    ("url", ("url", "网址"), cells.stated),
    ("fixed_asset_code", ("fixed_asset_code", "投资项目代码"), cells.stated),
    ("division", ("fixed_asset_code", "投资项目代码"), division),
    ("approval", ("approval", "批准文件"), cells.stated),
    ("fund_source", ("fund_source", "资金来源"), cells.stated),
    ("supervisor", ("supervisor", "监督部门"), cells.stated),
    *_money("amount", "budget", "预算", "预算金额", "估算投资"),
)
TENDER_PLANS = Format(
    name="tender-plans",
    needed=("title", "planned_bid_time"),
    columns=(
        *COMMON,
        ("planned_bid_time", ("planned_bid_time", "计划招标时间"), cells.stated),
        ("tender_content", ("planned_tender_content", "招标内容"), cells.stated),
        ("trade_place", ("planned_trade_place", "拟交易场所"), cells.stated),
    ),
    constants={"kind": NoticeKind.TENDER_PLAN, "category": "01"},
)
NOTICES = Format(
    name="notices",
    needed=("title", "published"),
    columns=(
        *COMMON,
        ("kind", ("kind", "公告种类"), kind),
        ("place", ("location", "地点"), place),
        ("category_in_place", ("location", "地点"), category_in_place),
        ("deadline", ("bid_deadline", "投标截止时间", "截止时间"), cells.moment),
        ("registration_period", ("registration_period", "报名时间"), cells.stated),
    ),
    constants={"kind": NoticeKind.NOTICE},
)

# ── Land ────────────────────────────────────────────────────────────────────

LOT: tuple[Column, ...] = (
    ("lot", ("地块编号", "宗地编号", "lot"), cells.lot),
    ("source", ("source_name", "source", "来源", "来源平台"), cells.stated),
    ("region", ("region", "行政区划", "地区"), cells.stated),
    ("region_code", ("region_code", "division", "行政区划代码"), cells.stated),
    ("place", ("宗地位置", "土地位置", "location"), cells.stated),
    ("area", _both("地块面积（平方米）", "地块面积", "土地面积", "area"), cells.stated),
    ("land_use", ("用途", "土地用途", "land_use"), cells.stated),
    ("buyer", ("出让人", "buyer"), cells.name),
    ("published", ("published_at", "发布时间", "公告时间"), cells.moment),
    ("url", ("url", "网址"), cells.stated),
)
LAND_RESULTS = Format(
    name="land-results",
    needed=("lot", "price"),
    columns=(
        *LOT,
        *_money("price", "成交价格", "成交价", "price"),
        ("winner", ("受让单位", "受让人", "竞得人", "winner"), winner),
        ("outcome", ("受让单位", "受让人", "竞得人", "winner"), outcome),
    ),
    constants={"kind": NoticeKind.LAND_RESULT, "category": "03"},
)
LAND_LISTINGS = Format(
    name="land-listings",
    needed=("lot", "amount"),
    columns=(
        *LOT,
        ("amount", _both("起始价格（万元）", "起始价（万元）"), cells.land_price),
        *_money("amount", "起始价格", "起始价", "start_price"),
        ("height_limit", ("限高",), cells.stated),
        ("floor_area_ratio", ("容积率",), cells.stated),
        ("deadline", ("截止时间", "deadline"), cells.moment),
    ),
    constants={"kind": NoticeKind.LAND_LISTING, "category": "03"},
)
FORMATS = (TENDER_PLANS, LAND_RESULTS, LAND_LISTINGS, NOTICES)
