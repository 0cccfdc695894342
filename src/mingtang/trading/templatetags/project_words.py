"""Projects and their notices in words (交易项目用语). `{% load project_words %}`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.capitals import capitals
from mingtang.core.trading.lots.terms import LotContent, Timetable
from mingtang.core.trading.parameters import Direction, Procedure
from mingtang.core.trading.projects import LotOutcome, NoticeSort, Status
from mingtang.trading.queries import NoticeRow, TradeRow
from mingtang.ui.formats import moment, number, yuan

register = template.Library()

STATUSES: Mapping[str, tuple[str, Any]] = {
    Status.ENTERED: ("idle", _("录入中")),
    Status.SUBMITTED: ("warn", _("待审核")),
    Status.RETURNED: ("bad", _("已退回")),
    Status.APPROVED: ("warn", _("待公告")),
    Status.PUBLISHED: ("good", _("已公告")),
    Status.SUSPENDED: ("paused", _("已中止")),
    Status.ENDED: ("bad", _("已终止")),
    Status.COMPLETED: ("idle", _("已有结果")),
}
WHENS: Mapping[str, tuple[str, Any]] = {
    "coming": ("idle", _("即将开始")),
    "sign-up": ("good", _("正在报名")),
    "bidding": ("good", _("正在竞价")),
    "over": ("idle", _("竞价结束")),
    "suspended": ("paused", _("已中止")),
    "ended": ("bad", _("已终止")),
}
SORTS: Mapping[str, Any] = {
    NoticeSort.OFFER: _("交易公告"),
    NoticeSort.CHANGE: _("变更公告"),
    NoticeSort.SUSPENSION: _("中止公告"),
    NoticeSort.RESUMPTION: _("恢复公告"),
    NoticeSort.END: _("终止公告"),
    NoticeSort.RESULT: _("结果公告"),
}
OUTCOMES: Mapping[str, Any] = {
    LotOutcome.SOLD: _("成交"),
    LotOutcome.FAILED: _("流拍"),
    LotOutcome.STOPPED: _("已终止"),
}
TIMES: Mapping[str, Any] = {
    "sign_up_from": _("报名开始"),
    "sign_up_until": _("报名截止"),
    "deposit_until": _("保证金到账截止"),
    "opens": _("竞价开始"),
    "closes": _("竞价截止"),
}


@register.inclusion_tag("ui/pieces/lamp.html")
def project_lamp(row: TradeRow) -> dict[str, Any]:
    """`{% project_lamp row %}`: where it stands on the desk."""
    state, word = STATUSES[row.status]
    return {"state": state, "word": str(word)}


@register.inclusion_tag("ui/pieces/lamp.html")
def when_lamp(when: str) -> dict[str, Any]:
    """`{% when_lamp "sign-up" %}`: where it stands for everybody."""
    state, word = WHENS[when]
    return {"state": state, "word": str(word)}


@register.filter
def notice_sort(notice: NoticeRow) -> str:
    return str(SORTS[notice.sort])


@register.filter
def notice_number(notice: NoticeRow, trade: TradeRow) -> str:
    """`{{ notice|notice_number:trade }}`: its own number; those after the first count on."""
    return trade.number if notice.no == 1 else f"{trade.number}-{notice.no}"


@register.filter
def outcome(code: str) -> str:
    return str(OUTCOMES[code])


@register.filter
def amount(fen: int | None) -> str:
    """`{{ lot.start_fen|amount }}`: in figures and in capitals."""
    return f"{yuan(fen)}（{capitals(fen)}）" if fen else ""


# ── A lot ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    text: str


def lot_lines(lot: LotContent, procedure: Procedure | None) -> list[Line]:
    """Return what a notice says of a lot, but for its times, in reading order."""
    return [Line(*pair) for pair in _said(lot, procedure) if pair[1]]


def _said(lot: LotContent, procedure: Procedure | None) -> Iterator[tuple[str, str]]:
    for fact in lot.facts:
        yield fact.name, fact.value
    if lot.unit:
        yield gettext("数量"), f"{number(lot.quantity)} {lot.unit}"
    falls = procedure is not None and procedure.direction is Direction.REVERSE
    yield gettext("最高限价") if falls else gettext("起始价"), _price(lot.start_fen, lot)
    yield gettext("竞价幅度"), _price(lot.step_fen, lot)
    yield gettext("最高限价"), _price(lot.ceiling_fen, lot)
    yield gettext("底价"), _price(lot.reserve_fen, lot)
    yield gettext("评估价"), amount(lot.appraisal_fen)
    yield gettext("保证金"), amount(lot.deposit_fen)
    yield gettext("优先购买权人"), lot.priority
    yield gettext("原标的编号"), lot.again_of


def _price(fen: int, lot: LotContent) -> str:
    """Return a price; of one unit where a lot is sold by units."""
    if not fen:
        return ""
    return f"{yuan(fen)}/{lot.unit}" if lot.unit else amount(fen)


@register.filter
def time_lines(times: Timetable) -> list[tuple[str, datetime, str]]:
    """`{% for label, at, left in lot.times|time_lines %}`: the times and how long it is to each."""
    return [
        (str(label), at, left(at))
        for name, label in TIMES.items()
        if (at := getattr(times, name)) is not None
    ]


@register.filter
def left(at: datetime) -> str:
    """`{{ times.opens|left }}`: 还有 3 天 4 小时; empty for what is past."""
    seconds = int((at - timezone.now()).total_seconds())
    if seconds <= 0:
        return ""
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
    if days:
        return gettext("还有 %(days)s %(hours)s") % {
            "days": ngettext("%d 天", "%d 天", days) % days,
            "hours": ngettext("%d 小时", "%d 小时", hours) % hours,
        }
    if hours:
        return gettext("还有 %(hours)s %(minutes)s") % {
            "hours": ngettext("%d 小时", "%d 小时", hours) % hours,
            "minutes": ngettext("%d 分钟", "%d 分钟", minutes) % minutes,
        }
    return gettext("还有 %s") % (ngettext("%d 分钟", "%d 分钟", minutes) % minutes)


def next_time(row: TradeRow) -> str:
    """Return the next of a project's times and how long it is to it, in one sentence."""
    names = [name for name in TIMES if name != "deposit_until"]
    for name in names:
        at = getattr(row, name)
        if at and at > timezone.now():
            return gettext("%(what)s %(at)s，%(left)s") % {
                "what": TIMES[name],
                "at": moment(at)[:16],
                "left": left(at),
            }
    return ""


# ── What a change notice changed ────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: str
    after: str


def differences(before: LotContent, after: LotContent) -> list[Difference]:
    """Return what reads otherwise, line by line, in words."""
    was, now = _lines(before), _lines(after)
    labels = [*was, *(label for label in now if label not in was)]
    return [
        Difference(label, was.get(label, ""), now.get(label, ""))
        for label in labels
        if was.get(label, "") != now.get(label, "")
    ]


def _lines(lot: LotContent) -> dict[str, str]:
    lines = {gettext("标的名称"): lot.title}
    lines |= {line.label: line.text for line in lot_lines(lot, None)}
    return lines | {
        str(label): moment(getattr(lot.times, name))[:16] for name, label in TIMES.items()
    }
