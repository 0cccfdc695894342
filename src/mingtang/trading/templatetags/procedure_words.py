"""Procedures and kinds in words (交易规程用语). `{% load procedure_words %}`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.codes import BUSINESS
from mingtang.core.trading.kinds import TradeCategory
from mingtang.core.trading.parameters import (
    PARAMETERS,
    AfterCeiling,
    Award,
    Base,
    Bidding,
    DepositDue,
    Direction,
    Entry,
    Extension,
    Payee,
    Period,
    Procedure,
    Secrecy,
    Source,
    Sureness,
    TimedStart,
    Unit,
    said,
)
from mingtang.trading.queries import KindRow
from mingtang.ui.formats import yuan

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()

CATEGORIES = {
    TradeCategory.WORKS: _("工程建设"),
    TradeCategory.PROCUREMENT: _("政府采购"),
    TradeCategory.LAND: _("土地使用权"),
    TradeCategory.MINING: _("矿业权"),
    TradeCategory.PROPERTY: _("国有产权"),
    TradeCategory.OTHERS: _("其他交易"),
}
NAMES = {
    "bidding": _("竞价方式"),
    "direction": _("竞价方向"),
    "award": _("怎样确定成交"),
    "notice": _("公告期"),
    "free": _("自由报价期"),
    "blackout_seconds": _("静默期"),
    "asking_seconds": _("询问期"),
    "entry": _("谁可以参加限时竞价"),
    "timed_start": _("限时竞价从什么价格起"),
    "countdown_seconds": _("限时竞价倒计时"),
    "extension": _("延时"),
    "clock": _("降价节奏"),
    "step": _("竞价幅度"),
    "reserve": _("底价"),
    "ceiling": _("最高限价"),
    "priority": _("优先购买权"),
    "least_bidders": _("最少竞买人数"),
    "most_bids": _("每家报价次数"),
    "allocation": _("配售"),
    "deposit": _("保证金"),
    "signing": _("成交确认和签约"),
    "publication": _("结果公示"),
    "refund": _("退还保证金"),
    "payout": _("转付竞得人的保证金"),
    "again": _("流拍后再次交易"),
}
PAYEES = {Payee.SELLER: _("委托方（转让方）"), Payee.COURT: _("人民法院")}
BIDDINGS = {
    Bidding.LISTING: _("挂牌加限时竞价"),
    Bidding.AUCTION: _("网络拍卖，到时没有新报价即结束"),
    Bidding.SEALED: _("一次性密封报价"),
    Bidding.DUTCH: _("减价竞价，第一个应价的成交"),
    Bidding.MULTI_UNIT: _("多家按各自报价成交"),
}
DIRECTIONS = {
    Direction.ASCENDING: _("增价"),
    Direction.DESCENDING: _("减价"),
    Direction.REVERSE: _("反向，报价越低越优"),
}
AWARDS = {Award.BEST_PRICE: _("最优报价成交"), Award.EVALUATION: _("由评审委员会综合评审")}
ENTRIES = {
    Entry.ALL: _("缴清保证金的都可以"),
    Entry.QUOTED: _("有过有效报价的"),
    Entry.ASKED: _("询问期内确认参加的"),
    Entry.QUOTED_AND_ASKED: _("有过有效报价，并在询问期内确认参加的"),
}
STARTS = {
    TimedStart.HIGHEST: _("自由报价的最高价"),
    TimedStart.NEXT: _("最高价再加一个幅度"),
}
UNITS = {
    Unit.WORKING_DAYS: _("工作日"),
    Unit.CALENDAR_DAYS: _("自然日"),
    Unit.HOURS: _("小时"),
}
BASES = {Base.START_PRICE: _("起始价"), Base.ESTIMATE: _("项目估算价"), Base.BUDGET: _("采购预算")}
DUES = {DepositDue.SIGN_UP_END: _("报名截止前"), DepositDue.BIDDING_START: _("竞价开始前")}
CEILINGS = {
    AfterCeiling.ONE_SHOT: _("转为一次报价，最接近平均价的成交"),
    AfterCeiling.LOT: _("转为摇号"),
}
SECRECIES = {Secrecy.PUBLIC: _("公开"), Secrecy.SEALED: _("保密，截止时公开")}
SURENESS = {
    Sureness.A: ("good", _("已核对原文")),
    Sureness.B: ("idle", _("据转引")),
    Sureness.C: ("warn", _("待核对")),
}


@register.filter
def either(holder: Any) -> str:
    """`{{ row|either }}`: its name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return str(holder.name_en if english and holder.name_en else holder.name)


@register.filter
def category(code: str) -> str:
    return str(CATEGORIES[TradeCategory(code)])


@register.filter
def business(row: KindRow) -> str:
    """`{{ kind|business }}`: its category on the national portal, code first."""
    found = BUSINESS[row.business]
    return f"{found.code} {either(found)}"


@register.filter
def bidding(code: str) -> str:
    return str(BIDDINGS[Bidding(code)])


@register.filter
def direction(code: str) -> str:
    return str(DIRECTIONS[Direction(code)])


@register.filter
def rule(source: Source) -> str:
    english = (get_language() or "").startswith("en")
    return source.rule_en if english and source.rule_en else source.rule


@register.filter
def note(source: Source) -> str:
    english = (get_language() or "").startswith("en")
    return source.note_en if english and source.note_en else source.note


@register.inclusion_tag("ui/pieces/lamp.html")
def sureness(source: Source) -> dict[str, Any]:
    state, word = SURENESS[source.sure]
    return {"state": state, "word": str(word)}


# ── Parameters ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter: what it is, in words, and by which rules."""

    name: str
    label: str
    words: tuple[str, ...]
    sources: tuple[Source, ...]


@register.filter
def parameters(procedure: Procedure) -> list[Line]:
    """`{% for line in procedure|parameters %}`: everything it says, in order."""
    return [
        Line(
            name,
            str(NAMES[name]),
            tuple(in_words(procedure, name)),
            tuple(source for source in procedure.sources if name in source.parameters),
        )
        for name in PARAMETERS
        if name in said(procedure)
    ]


def in_words(procedure: Procedure, name: str) -> Iterator[str]:
    """Return what a parameter says, a sentence each."""
    value = getattr(procedure, name)
    if name in CHOICES:
        yield str(CHOICES[name][value])
    elif name.endswith("_seconds"):
        yield span(value)
    elif isinstance(value, Period):
        at_most = name in ("signing", "refund")
        yield (gettext("不超过 %s") if at_most else gettext("不少于 %s")) % period(value)
    else:
        yield from SPOKEN[name](value)


CHOICES: Mapping[str, Mapping[Any, "StrOrPromise"]] = {
    "bidding": BIDDINGS,
    "direction": DIRECTIONS,
    "award": AWARDS,
    "entry": ENTRIES,
    "timed_start": STARTS,
}


def span(seconds: int) -> str:
    """Return a span in the largest unit it is whole in."""
    if seconds % 3_600 == 0:
        count = seconds // 3_600
        return ngettext("%d 小时", "%d 小时", count) % count
    if seconds % 60 == 0:
        count = seconds // 60
        return ngettext("%d 分钟", "%d 分钟", count) % count
    return ngettext("%d 秒", "%d 秒", seconds) % seconds


@register.filter
def again_words(procedure: Procedure) -> list[str]:
    """`{% for line in procedure|again_words %}`: what it says of offering a lot anew."""
    return list(in_words(procedure, "again"))


@register.filter("period_words")
def period(value: Period) -> str:
    count = value.number
    match value.unit:
        case Unit.WORKING_DAYS:
            return ngettext("%d 个工作日", "%d 个工作日", count) % count
        case Unit.CALENDAR_DAYS:
            return ngettext("%d 日（自然日）", "%d 日（自然日）", count) % count
        case Unit.HOURS:
            return ngettext("%d 小时", "%d 小时", count) % count


def share(permille: int) -> str:
    whole, rest = divmod(permille, 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"


def moves(extension: Extension) -> str:
    return gettext("最后 %(window)s内有有效报价，截止时间改为该报价之后 %(by)s") % {
        "window": span(extension.window_seconds),
        "by": span(extension.by_seconds),
    }


def _extension(value: Any) -> Iterator[str]:
    yield moves(value)
    if value.most:
        times = ngettext("最多延时 %d 次", "最多延时 %d 次", value.most) % value.most
        yield times
    else:
        yield gettext("延时次数不限")


def _clock(value: Any) -> Iterator[str]:
    yield gettext("每 %(every)s降起始价的 %(fall)s") % {
        "every": span(value.every_seconds),
        "fall": share(value.fall_permille),
    }


def _step(value: Any) -> Iterator[str]:
    for row in value.table:
        yield gettext("%(price)s起，每次 %(step)s") % {
            "price": yuan(row.from_fen),
            "step": yuan(row.step_fen),
        }
    if value.least_fen:
        yield gettext("不低于 %s") % yuan(value.least_fen)
    if value.most_fen:
        yield gettext("不高于 %s") % yuan(value.most_fen)
    if not (value.table or value.least_fen or value.most_fen):
        yield gettext("由每宗公告确定")
    if value.most_at_once:
        most = value.most_at_once
        yield ngettext("一次最多 %d 个幅度", "一次最多 %d 个幅度", most) % most
    else:
        yield gettext("一次可以加几个整幅度")


def _reserve(value: Any) -> Iterator[str]:
    yield str(SECRECIES[value.secrecy])
    if value.of_start_permille:
        yield gettext("等于起始价的 %s") % share(value.of_start_permille)
    if value.least_of_appraisal_permille:
        yield gettext("不低于评估价的 %s") % share(value.least_of_appraisal_permille)
    if value.entered_within_seconds:
        yield gettext("在截止前 %s内、在监督下录入") % span(value.entered_within_seconds)


def _ceiling(value: Any) -> Iterator[str]:
    yield str(CEILINGS[value.then])
    if value.asking_seconds:
        yield gettext("先用 %s询问谁参加") % span(value.asking_seconds)
    if value.quoting_seconds:
        yield gettext("报价时长 %s") % span(value.quoting_seconds)
    least = value.least_bidders
    yield ngettext("至少 %d 家达到限价", "至少 %d 家达到限价", least) % least


def _priority(value: Any) -> Iterator[str]:
    yield gettext("优先购买权人可以出相同的价，出了就由其成交")
    if value.ranked:
        yield gettext("几位优先购买权人先比顺位，再比报价时间")


def _least_bidders(value: Any) -> Iterator[str]:
    yield ngettext("%d 家", "%d 家", value) % value


def _most_bids(value: Any) -> Iterator[str]:
    yield ngettext("最多 %d 次", "最多 %d 次", value) % value


def _allocation(value: Any) -> Iterator[str]:
    yield gettext("报价从高到低依次配售，同价先到先得，各付各价")
    for row in value.table:
        count = row.from_bidders
        yield ngettext(
            "%(count)d 家以上有效报价：前 %(share)s 成交",
            "%(count)d 家以上有效报价：前 %(share)s 成交",
            count,
        ) % {"count": count, "share": share(row.winners_permille)}
    yield gettext("最后一家可以部分成交") if value.partly else gettext("最后一家不够数的不配售")


def _payout(value: Any) -> Iterator[str]:
    since = gettext("成交后") if value.at_end else gettext("签订合同后")
    yield gettext("%(since)s不超过 %(within)s，付给%(to)s") % {
        "since": since,
        "within": period(value.within),
        "to": PAYEES[value.to],
    }
    yield gettext("不予退还的也付给%s") % PAYEES[value.to]


def _again(value: Any) -> Iterator[str]:
    yield gettext("流拍后不超过 %s开始") % period(value.within)
    yield gettext("公告不少于 %s") % period(value.notice)
    yield gettext("起始价比前次最多降 %s") % share(value.fall_permille)


def _deposit(value: Any) -> Iterator[str]:
    shares = {"least": share(value.least_permille), "most": share(value.most_permille)}
    base = str(BASES[value.base])
    if value.least_permille == value.most_permille:
        yield gettext("%(base)s的 %(share)s") % {"base": base, "share": shares["most"]}
    elif value.least_permille:
        yield gettext("%(base)s的 %(least)s 到 %(most)s") % {"base": base, **shares}
    else:
        yield gettext("不超过%(base)s的 %(most)s") % {"base": base, "most": shares["most"]}
    yield gettext("%s到账，以银行入账时间为准") % DUES[value.due]


SPOKEN = {
    "extension": _extension,
    "clock": _clock,
    "step": _step,
    "reserve": _reserve,
    "ceiling": _ceiling,
    "priority": _priority,
    "least_bidders": _least_bidders,
    "most_bids": _most_bids,
    "allocation": _allocation,
    "deposit": _deposit,
    "payout": _payout,
    "again": _again,
}
