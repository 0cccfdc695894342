"""Hearings (听证) in words: what happened, how each stands, and why a decision waits for one."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.cases.forms import hearings as forms
from mingtang.cases.queries import HearingRow
from mingtang.core import cases
from mingtang.core.cases import APPLICANT, Ending, Hearing, Party, Stand
from mingtang.core.cases.hearingright import require_heard
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.ui import refusals
from mingtang.ui.formats import CHINA, civil_date

GROUNDS = dict(forms.GROUNDS)
ENDINGS = {
    Ending.HELD: gettext_lazy("已举行"),
    Ending.OFF: gettext_lazy("不再举行"),
    Ending.CLOSED: gettext_lazy("办件已办结"),
}
STANDS = {
    Stand.OPEN: gettext_lazy("还没有表示"),
    Stand.ASKED: gettext_lazy("已申请听证"),
    Stand.FORGONE: gettext_lazy("放弃听证"),
    Stand.WITHDRAWN: gettext_lazy("已撤回听证申请"),
}


def party_word(number: int) -> str:
    """Return what a party is called wherever its name is not everybody's to read."""
    return _("申请人") if number == APPLICANT else _("利害关系人 %(n)s") % {"n": number}


def moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def lamp(hearing: Hearing, *, today: date) -> tuple[str, str]:
    """Return the lamp of a hearing: how far it has come."""
    if hearing.ended:
        ending = Ending(hearing.ended)
        return ("good" if ending is Ending.HELD else "idle"), str(ENDINGS[ending])
    if hearing.challenge is not None:
        return "warn", _("等待决定是否回避")
    if hearing.starts_at is not None:
        over = civil_day(hearing.starts_at) < today
        if over:
            return "bad", _("听证日已过，没有笔录")
        return "good", _("%(at)s举行") % {"at": moment(hearing.starts_at)}
    if hearing.needed:
        late = hearing.hold_due is not None and today > hearing.hold_due
        return ("bad", _("已过举行期限")) if late else ("warn", _("等待安排"))
    if hearing.may_be_asked_for(today):
        return "paused", _("等待当事人表示")
    return "idle", _("期满没有人申请")


def row_lamp(row: HearingRow, *, today: date) -> tuple[str, str]:
    """Return the lamp of a hearing in a list, from its row alone."""
    if row.ended_date is not None:
        ending = Ending(row.stage)
        return ("good" if ending is Ending.HELD else "idle"), str(ENDINGS[ending])
    if row.starts_at is not None:
        return "good", _("%(at)s举行") % {"at": moment(row.starts_at)}
    if row.stage == "needed":
        return "warn", _("等待安排")
    if row.next_date is not None and today > row.next_date:
        return "idle", _("期满没有人申请")
    return "paused", _("等待当事人表示")


def stand_word(party: Party, *, today: date) -> str:
    """Return what a party made of its right, or until when it may."""
    if party.told_date is None:
        return _("通知参加")
    if party.stand is not Stand.OPEN:
        return str(STANDS[party.stand])
    if party.ask_due is None:
        return _("告知书还没有送达")
    if today > party.ask_due:
        return _("期满没有申请")
    return _("可以申请，最迟 %(day)s") % {"day": civil_date(party.ask_due)}


def obstacle(case: cases.State, *, at: datetime) -> str:
    """Return why nothing is decided yet for a hearing, in a sentence; empty: nothing waits."""
    held = [one.number for one in case.hearings if one.ended == Ending.HELD]
    try:
        require_heard(case, cites=held, at=at)
    except Refused as refused:
        return refusals.sentence(refused)
    return ""


def to_cite(case: cases.State) -> list[tuple[str, str]]:
    """Return the hearings on whose records a decision is taken: number, in words."""
    return [
        (str(one.number), record_word(one)) for one in case.hearings if one.ended == Ending.HELD
    ]


def record_word(held: Hearing) -> str:
    return _("根据 %(day)s听证笔录") % {"day": civil_date(held.ended_date)}


# ── What happened ───────────────────────────────────────────────────────────


def told(event: Any, by: str, *, full: bool) -> tuple[str, str, str]:
    """Return an event of a hearing as a sentence: what, who, note. Parties stay without names."""
    what, who, note, sealed = _told(event, by)
    return what, who, _("；").join(filter(None, [note, sealed if full else ""]))


def _told(event: Any, by: str) -> tuple[str, str, str, str]:
    party = party_word(event.party) if hasattr(event, "party") else ""
    taken = getattr(event, "taken_by", None)
    clerk = _("工号 %(no)s 的工作人员代为登记") % {"no": taken.staff_no} if taken else ""
    match event:
        case cases.HearingAnnounced():
            ground = str(GROUNDS[event.ground])
            return _("公告举行听证：%(matter)s") % {"matter": event.matter}, by, ground, event.basis
        case cases.HearingPartyNamed():
            return _("列明%(party)s") % {"party": party}, by, "", ""
        case cases.HearingRightTold():
            what = _("告知%(party)s听证权利") % {"party": party}
            return what, by, "", event.stake if event.party == APPLICANT else ""
        case cases.HearingRightReached():
            what = _("听证告知书已送达%(party)s") % {"party": party}
            due = _("申请听证最迟 %(day)s") % {"day": civil_date(event.ask_due)}
            return what, _("系统按送达自动记录"), due, ""
        case cases.HearingAsked():
            due = _("最迟 %(day)s 举行") % {"day": civil_date(event.hold_due)}
            note = _("；").join(filter(None, [due, clerk]))
            return _("%(party)s申请听证") % {"party": party}, party, note, event.reason
        case cases.HearingForgone():
            return _("%(party)s放弃听证") % {"party": party}, party, clerk, ""
        case cases.HearingWithdrawn():
            return _("%(party)s撤回听证申请") % {"party": party}, party, clerk, event.reason
        case cases.HearingScheduled():
            when = {"at": moment(event.starts_at), "place": event.place}
            late = _("已过二十个工作日的期限") if event.late else ""
            private = "" if event.public else _("不公开举行")
            note = _("；").join(
                filter(None, [_("主持人工号 %(no)s") % {"no": event.chair.staff_no}, private, late])
            )
            put_off = _("听证改期：%(at)s，%(place)s")
            what = put_off if event.reason else _("通知听证：%(at)s，%(place)s")
            return what % when, by, note, event.reason
        case cases.HearingNotified():
            return _("通知%(party)s参加听证") % {"party": party}, by, "", ""
        case cases.ChairChallenged():
            return _("%(party)s申请主持人回避") % {"party": party}, party, clerk, event.reason
        case cases.ChallengeRuled():
            what = _("决定主持人回避") if event.upheld else _("决定主持人不回避")
            approver = _("工号 %(no)s") % {"no": event.approver.staff_no}
            return what, approver, "", event.reason
        case cases.ChairChanged():
            what = _("更换听证主持人：工号 %(no)s") % {"no": event.chair.staff_no}
            return what, by, "", event.reason
        case _:
            came = _("、").join(party_word(number) for number in event.came) or _("无人到场")
            what = _("举行听证，制作笔录")
            chair = _("工号 %(no)s") % {"no": event.chair.staff_no}
            return what, chair, _("到场：%(who)s") % {"who": came}, event.unsigned
