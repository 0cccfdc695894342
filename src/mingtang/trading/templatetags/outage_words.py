"""Papers and interruptions in words (交易文书、系统中断). `{% load outage_words %}`."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.outages import OutageRule
from mingtang.papers.queries import Line
from mingtang.trading import queries
from mingtang.trading.queries.outages import BIDDING, WORK, ShiftNotice
from mingtang.trading.queries.papers import Afterwards
from mingtang.trading.templatetags.procedure_words import span

register = template.Library()
register.filter("span", span)

SERVICES = {BIDDING: _("竞价大厅"), WORK: _("后台处理")}
DEADLINES = {
    "sign-up": _("报名截止"),
    "deposit": _("保证金到账截止"),
    "opens": _("报价开始"),
    "closes": _("报价截止"),
    "ends": _("竞价结束"),
}


@register.filter
def service(code: str) -> str:
    """`{{ outage.service|service }}`: what was interrupted."""
    return str(SERVICES.get(code, code))


@register.filter
def deadline(name: str) -> str:
    """`{{ moved.name|deadline }}`: which deadline was moved."""
    return str(DEADLINES[name])


@register.filter
def lasting(length: timedelta) -> str:
    """`{{ outage.lasted|lasting }}`: hours, minutes and seconds, none of them where there is 0."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = (
        ngettext("%d 小时", "%d 小时", hours) % hours if hours else "",
        ngettext("%d 分钟", "%d 分钟", minutes) % minutes if minutes else "",
        ngettext("%d 秒", "%d 秒", seconds) % seconds if seconds or not (hours or minutes) else "",
    )
    return " ".join(filter(None, parts))


@register.filter
def rule_in_words(rule: OutageRule) -> list[str]:
    """`{% for sentence in rule|rule_in_words %}`: the published rule, a sentence a step."""
    said = {
        "least": span(rule.least_seconds),
        "grace": span(rule.grace_seconds),
        "long": span(rule.long_seconds),
        "long_grace": span(rule.long_grace_seconds),
    }
    sentences = (
        gettext("中断不到 %(least)s的，什么也不顺延。"),
        gettext("宽限期是 %(grace)s；中断达到 %(long)s的，宽限期是 %(long_grace)s。"),
        gettext("中断开始以前就到期的，不变。"),
        gettext("在中断期间到期的，改为恢复时间加宽限期。"),
        gettext("在恢复以后、恢复时间加宽限期以前到期的，顺延中断时长和宽限期两者中较长的一个。"),
        gettext("更晚到期的，不变；但和前一个时间的间隔不会比原来短。"),
        gettext("减价竞价的价格在中断期间停住，恢复后接着降。"),
    )
    return [sentence % said for sentence in sentences]


@register.simple_tag
def application_papers(application: str) -> list[Line]:
    """`{% application_papers own.key as papers %}`: what a bidder was given on paper."""
    return queries.papers_of(application)


@register.simple_tag
def confirmations(lot: str) -> list[Line]:
    """`{% confirmations row.key as papers %}`: the confirmations of a lot, once they are issued."""
    return queries.confirmations_of(lot)


@register.simple_tag
def afterwards(lot: str) -> list[Afterwards]:
    """`{% afterwards row.key as notes %}`: what became of the winners of a lot."""
    return queries.afterwards(lot)


@register.simple_tag
def shift_notices(lot: str) -> list[ShiftNotice]:
    """`{% shift_notices row.key as notices %}`: what interruptions moved of a lot."""
    return queries.shift_notices(lot)
