"""Notices of other platforms (其他平台项目): looking for them, and one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mingtang.core.capitals import capitals
from mingtang.core.trading.codes import BUSINESS
from mingtang.core.trading.foreign import Amount, ForeignNotice, Moment, NoticeKind, Outcome
from mingtang.trading import queries
from mingtang.trading.queries import ForeignNoticeRow, WantedNotices
from mingtang.trading.templatetags.procedure_words import either
from mingtang.ui import formats
from mingtang.ui.access import public

A_PAGE = 20
LONGEST_TEXT = 100
CHIPS_SHOWN = 12
KINDS = {
    NoticeKind.TENDER_PLAN: gettext_lazy("招标计划"),
    NoticeKind.NOTICE: gettext_lazy("招标采购公告"),
    NoticeKind.LAND_LISTING: gettext_lazy("土地出让公告"),
    NoticeKind.LAND_RESULT: gettext_lazy("土地成交结果"),
}
DETAILS = {
    "tender_content": gettext_lazy("招标内容"),
    "planned_bid_time": gettext_lazy("计划招标时间"),
    "trade_place": gettext_lazy("拟交易场所"),
    "registration_period": gettext_lazy("报名时间"),
    "fund_source": gettext_lazy("资金来源"),
    "supervisor": gettext_lazy("监督部门"),
    "approval": gettext_lazy("批准文件"),
    "fixed_asset_code": gettext_lazy("投资项目代码"),
    "land_use": gettext_lazy("土地用途"),
    "floor_area_ratio": gettext_lazy("容积率"),
    "height_limit": gettext_lazy("限高（米）"),
    # cells that could not be taken for what their column is
    "buyer": gettext_lazy("招标人、采购人一栏的原文"),
    "agency": gettext_lazy("代理机构一栏的原文"),
    "published": gettext_lazy("发布时间一栏的原文"),
    "deadline": gettext_lazy("截止时间一栏的原文"),
    "winner": gettext_lazy("竞得人一栏的原文"),
    "region_code": gettext_lazy("行政区划一栏的原文"),
}

# ── The list ────────────────────────────────────────────────────────────────


@public("what other trading platforms have announced, with where they said it")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request.GET)
    facets = queries.notice_facets(wanted)
    paginator = Paginator(queries.notices(wanted), A_PAGE)
    paginator.count = facets.total  # counted already
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "filters": _filters(request.GET, facets.counts),
        "kept": [(name, request.GET[name]) for name in queries.CHOICES if request.GET.get(name)],
        "page": page,
        "notices": [_line(row) for row in page],
    }
    return render(request, "trading/notices.html", context)


def _wanted(asked: QueryDict) -> WantedNotices:
    """Read what somebody looks for; a choice there is not is no choice."""
    category, kind, year = (asked.get(name, "") for name in ("category", "kind", "year"))
    return WantedNotices(
        text=asked.get("q", "").strip()[:LONGEST_TEXT],
        category=category if category in BUSINESS else "",
        kind=kind if kind in set(NoticeKind) else "",
        area=asked.get("area", ""),
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """One row of choices, the first being no choice (不限)."""

    label: str
    chips: list[Chip]
    more: list[Chip]


def _filters(asked: QueryDict, counts: Mapping[str, Mapping[Any, int]]) -> list[Choices]:
    areas = sorted(counts["area"].items(), key=lambda pair: (-pair[1], pair[0]))
    years = sorted(counts["year"].items(), reverse=True)
    categories, kinds = counts["category"], counts["kind"]
    named = [(code, either(one), categories.get(code, 0)) for code, one in BUSINESS.items()]
    sorts = [(kind.value, str(name), kinds.get(kind, 0)) for kind, name in KINDS.items()]
    return [
        _choices(_("类别"), "category", asked, named),
        _choices(_("公告"), "kind", asked, sorts),
        _choices(_("地区"), "area", asked, [(name, name, count) for name, count in areas]),
        _choices(_("年份"), "year", asked, [(str(y), str(y), count) for y, count in years]),
    ]


def _choices(
    label: str, name: str, asked: QueryDict, choices: Iterable[tuple[str, str, int]]
) -> Choices:
    chosen = asked.get(name, "")
    query = asked.copy()
    for left_out in ("page", name):
        query.pop(left_out, None)
    others = f"{reverse('trading:notices')}?{query.urlencode()}{'&' if query else ''}"
    chips = [Chip(_("不限"), others, None, not chosen)]
    chips += [
        Chip(text, f"{others}{name}={quote(value)}", count, value == chosen)
        for value, text, count in choices
        if count or value == chosen
    ]
    shown = [chip for place, chip in enumerate(chips) if place <= CHIPS_SHOWN or chip.current]
    return Choices(label, shown, [chip for chip in chips if chip not in shown])


def _line(row: ForeignNoticeRow) -> dict[str, Any]:
    """Return a notice as `{% item_row %}` shows it."""
    published = formats.civil_date(row.published_date)
    return {
        "title": row.title,
        "url": reverse("trading:notice", args=[row.key]),
        "department": _("来源平台：%(source)s") % {"source": row.source},
        "note": " · ".join(filter(None, (row.region, published))),
        "chips": _chips(row),
    }


def _chips(row: ForeignNoticeRow) -> list[tuple[str, str]]:
    chips = [(str(KINDS[NoticeKind(row.kind)]), "info"), (_category(row.category), "")]
    if row.outcome == Outcome.FAILED:
        chips.append((_("流拍"), "warn"))
    if row.price_fen is not None:
        chips.append((_("成交价 %(amount)s") % {"amount": formats.wan(row.price_fen)}, "good"))
    if row.amount_fen is not None:
        chips.append((formats.wan(row.amount_fen), ""))
    return chips


def _category(code: str) -> str:
    return either(BUSINESS[code]) if code in BUSINESS else code


# ── One notice ──────────────────────────────────────────────────────────────


@public("one notice of another platform, and what else it said of the project")
@require_safe
def notice(request: HttpRequest, key: str) -> HttpResponse:
    found = queries.notice(key)
    if found is None:
        raise Http404
    content = found.notice
    context = {
        "row": found.row,
        "notice": content,
        "kind": KINDS[content.kind],
        "category": _category(content.category),
        "failed": bool(content.result and content.result.outcome is Outcome.FAILED),
        "facts": [fact for fact in _facts(content) if fact[1]],
        "amounts": [one for one in _amounts(content) if one],
        "others": [_line(row) for row in found.same_project],
    }
    return render(request, "trading/notice.html", context)


def _facts(notice: ForeignNotice) -> list[tuple[str, str]]:
    """Return what the notice says, label and text, in reading order."""
    region = notice.region
    code = f"（{region.code}）" if region.code else ""
    facts = [
        (_("项目"), notice.project if notice.project != notice.title else ""),
        (_("招标人、采购人或出让人"), notice.buyer),
        (_("代理机构"), notice.agency),
        (_("地区"), " ".join(region.path) + code),
        (_("原用行政区划代码"), region.written_code),
        (_("地点"), notice.place),
        (_("面积（平方米，照原文）"), notice.area),
        (_("发布时间"), _moment(notice.published)),
        (_("投标截止"), _moment(notice.deadline)),
        (_("竞得人"), notice.result.winner if notice.result else ""),
    ]
    return facts + [(str(DETAILS.get(one.name, one.name)), one.text) for one in notice.details]


def _moment(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return formats.moment(moment.at) if moment.at else formats.civil_date(moment.day)


def _amounts(notice: ForeignNotice) -> list[dict[str, str]]:
    start = _("起始价") if notice.kind is NoticeKind.LAND_LISTING else _("预算")
    price = notice.result.price if notice.result else None
    return [_amount(start, notice.amount), _amount(_("成交价"), price)]


def _amount(label: str, amount: Amount | None) -> dict[str, str]:
    """Return an amount in figures and in words, and as it was written."""
    if amount is None:
        return {}
    if amount.fen is None:
        return {"label": label, "written": amount.written}
    figures, words = [formats.wan(amount.fen)], [capitals(amount.fen)]
    if amount.upper_fen is not None:
        figures.append(formats.wan(amount.upper_fen))
        words.append(capitals(amount.upper_fen))
    shown = {"figures": " — ".join(figures), "words": " — ".join(words)}
    return {"label": label, "written": amount.written, **shown}
