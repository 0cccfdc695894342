"""Licences in words (证照用语). `{% load licence_words %}`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.licences import (
    EXPIRED,
    CancellationGround,
    DeliveredHow,
    HearingStage,
    ReissueReason,
    RevocationGround,
    Stage,
    shown,
)
from mingtang.core.sheets import Layout
from mingtang.core.wire import ERASED
from mingtang.licences.queries import NEAR_END, LicenceRow
from mingtang.ui.formats import masked

register = template.Library()

LAMPS = {
    Stage.MAKING.value: ("idle", _("制证中")),
    Stage.VALID.value: ("good", _("有效")),
    Stage.SUSPENDED.value: ("paused", _("已暂停")),
    Stage.REVOKED.value: ("bad", _("已撤销")),
    Stage.CANCELLED.value: ("idle", _("已注销")),
    Stage.REPLACED.value: ("idle", _("已换证")),
    EXPIRED: ("bad", _("已过期")),
}
# What one may look for, beside how a licence stands.
STANDINGS = {
    "valid": _("有效"),
    "near": _("60 天内到期"),
    "renewing": _("延续办理中"),
    "hearing": _("拟撤销"),
    "making": _("制证中"),
    "suspended": _("已暂停"),
    EXPIRED: _("已过期"),
    "revoked": _("已撤销"),
    "cancelled": _("已注销"),
    "replaced": _("已换证"),
}
REVOCATIONS = {
    RevocationGround.ABUSE: _("工作人员滥用职权、玩忽职守作出准予决定"),
    RevocationGround.BEYOND_POWERS: _("超越法定职权作出准予决定"),
    RevocationGround.AGAINST_PROCEDURE: _("违反法定程序作出准予决定"),
    RevocationGround.NOT_ELIGIBLE: _("对不具备资格或者不符合法定条件的申请人准予许可"),
    RevocationGround.FRAUD: _("以欺骗、贿赂等不正当手段取得"),
    RevocationGround.OTHER: _("依法可以撤销的其他情形"),
}
HEARINGS = {
    HearingStage.OPENED: ("bad", _("待告知持有人")),
    HearingStage.TOLD: ("paused", _("已告知，等陈述申辩")),
    HearingStage.ANSWERED: ("warn", _("已陈述申辩，待决定")),
}
OVER = ("warn", _("申辩期限已过，待决定"))
CANCELLATIONS = {
    CancellationGround.NOT_RENEWED: _("有效期届满未延续"),
    CancellationGround.DECEASED: _("持有人死亡或者丧失行为能力"),
    CancellationGround.DISSOLVED: _("法人或者其他组织依法终止"),
    CancellationGround.WITHDRAWN: _("许可依法被撤销、撤回，或者证件依法被吊销"),
    CancellationGround.IMPOSSIBLE: _("因不可抗力无法实施"),
    CancellationGround.REQUESTED: _("应当注销的其他情形，含持有人申请"),
}
WHYS = {
    ReissueReason.LOST: _("遗失补发"),
    ReissueReason.DAMAGED: _("污损换发"),
    ReissueReason.CHANGED: _("登记事项变更"),
    ReissueReason.CORRECTED: _("更正制证错误"),
}
VERSIONS = {
    "granted": _("准予许可"),
    "deemed": _("视为准予延续"),
    **{why.value: words for why, words in WHYS.items()},
}
WAYS = {
    DeliveredHow.ELECTRONIC: _("电子证照"),
    DeliveredHow.WINDOW: _("窗口领取"),
    DeliveredHow.POST: _("邮寄"),
}
LAYOUTS = {
    Layout.CARD: _("证件（148×105 毫米）"),
    Layout.CERTIFICATE: _("证书（A4 竖版）"),
    Layout.PLATE: _("许可证（A4 横版）"),
}


def standing(row: LicenceRow, today: date) -> tuple[str, str]:
    """Return state and word of a licence's lamp."""
    state = shown(Stage(row.stage), row.valid_to, today)
    if state == Stage.VALID and row.valid_to and row.valid_to <= today + NEAR_END:
        left = (row.valid_to - today).days
        return "warn", ngettext("还有 %(n)s 天到期", "还有 %(n)s 天到期", left) % {"n": left}
    lamp, word = LAMPS[state]
    return lamp, str(word)


@register.inclusion_tag("ui/pieces/lamp.html")
def licence_lamp(row: LicenceRow) -> Mapping[str, Any]:
    """`{% licence_lamp row %}`: how a licence stands today."""
    state, word = standing(row, timezone.localdate())
    return {"state": state, "word": word}


def hearing(row: LicenceRow, today: date) -> tuple[str, str]:
    """Return state and word of how far the hearing before its revocation is."""
    stage = HearingStage(row.hearing)
    late = stage is HearingStage.TOLD and row.answer_due is not None and today > row.answer_due
    lamp, word = OVER if late else HEARINGS[stage]
    return lamp, str(word)


@register.filter
def licence_name(row: Any) -> str:
    """`{{ row|licence_name }}`: what it is called in the reader's language."""
    english = (get_language() or "").startswith("en")
    name: str = (english and row.name_en) or row.name
    return name


@register.filter
def months(count: int) -> str:
    """`{{ type.validity_months|months }}`: how long it is good for."""
    if not count:
        return str(_("长期"))
    years, rest = divmod(count, 12)
    if not rest:
        return ngettext("%(n)s 年", "%(n)s 年", years) % {"n": years}
    return ngettext("%(n)s 个月", "%(n)s 个月", count) % {"n": count}


@register.filter
def why(version: str) -> str:
    """`{{ version.why|why }}`: what gave this version."""
    return str(VERSIONS.get(version, version))


@register.filter
def way(how: str) -> str:
    """`{{ row.delivered_how|way }}`: how it was delivered."""
    return str(WAYS[DeliveredHow(how)]) if how else ""


@register.filter
def layout(value: str) -> str:
    return str(LAYOUTS.get(Layout(value), value))


def shown_name(row: LicenceRow, *, full: bool) -> str:
    """Return the holder's name as somebody may read it."""
    if row.holder_name == ERASED:
        return str(_("已删除"))
    person = row.holder_kind == "person"
    return masked(row.holder_name, "name") if person and not full else row.holder_name


def shown_number(row: LicenceRow, *, full: bool) -> str:
    """Return the holder's number as somebody may read it."""
    if row.holder_number == ERASED:
        return str(_("已删除"))
    person = row.holder_kind == "person"
    return masked(row.holder_number) if person and not full else row.holder_number
