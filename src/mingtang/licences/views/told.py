"""What happened to a licence, in plain words (证照经过)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.core import licences
from mingtang.core.licences import Signatory
from mingtang.core.wire import ERASED
from mingtang.ledger.replay import Written
from mingtang.licences.templatetags import licence_words as words
from mingtang.people import queries as people
from mingtang.ui.formats import civil_date


@dataclass(frozen=True)
class Told:
    """One event as a sentence."""

    what: str
    who: str = ""
    note: str = ""


def timeline(key: str, history: Sequence[Written], *, full: bool) -> list[dict[str, Any]]:
    """Return every event, newest first. `full`: to somebody who may read what is sealed."""
    staff = people.names(
        [
            by
            for one in history
            if (by := getattr(one.event, "by", "")) != "" and isinstance(by, str)
        ]
    )
    lines = []
    for written in reversed(history):
        told = _told(written.event, full=full, names=staff)
        lines.append(
            {
                "at": written.event.at,
                "what": told.what,
                "who": told.who,
                "note": told.note,
                "index": written.index,
                "receipt_url": reverse("licences:receipt", args=[key, written.index]),
            }
        )
    return lines


def what(event: Any) -> str:
    """Return what an event says, without what is sealed."""
    return _told(event, full=False, names={}).what


def _told(event: Any, *, full: bool, names: Any) -> Told:
    reason = _open(getattr(event, "reason", ""), full=full)
    match event:
        case licences.LicenceRegistered():
            note = _("延续自 %(key)s") % {"key": event.related} if event.related else ""
            return Told(_("依准予许可决定登记证照"), _("系统自动记录"), note)
        case licences.LicenceIssued():
            what = _("签发证照，编号 %(number)s") % {"number": event.number}
            return Told(what, _("系统自动制证、用印、核验"), _version(event.version))
        case licences.LicenceDelivered():
            return _delivered(event, full=full, names=names)
        case licences.LicenceSuspended():
            return Told(_("暂停证照"), _by(event.by), _letter(event.by, reason))
        case licences.LicenceResumed():
            return Told(_("恢复证照"), _by(event.by), _letter(event.by, reason))
        case licences.LicenceRevoked():
            ground = str(words.REVOCATIONS[event.ground])
            what = _("撤销证照：%(ground)s") % {"ground": ground}
            return Told(what, _by(event.by), _letter(event.by, reason))
        case licences.LicenceCancelled():
            ground = str(words.CANCELLATIONS[event.ground])
            what = _("注销证照：%(ground)s") % {"ground": ground}
            return Told(what, _by(event.by), _letter(event.by, reason))
        case licences.LicenceReissued():
            what = _("%(why)s，制作第 %(version)s 版") % {
                "why": words.WHYS[event.why],
                "version": event.version,
            }
            return Told(what, _by(event.by), _letter(event.by, reason))
        case (
            licences.RevocationOpened()
            | licences.RevocationTold()
            | licences.RevocationAnswered()
            | licences.RevocationDropped()
        ):
            return _hearing(event, reason, full=full)
        case _:
            return _renewal(event)


def _hearing(event: Any, reason: str, *, full: bool) -> Told:
    match event:
        case licences.RevocationOpened():
            what = _("承诺经核查不实，启动撤销程序")
            return Told(what, _("系统自动记录"), _open(event.finding, full=full))
        case licences.RevocationTold():
            what = _("告知持有人拟撤销：%(ground)s") % {"ground": words.REVOCATIONS[event.ground]}
            until = _("最迟 %(day)s 陈述申辩") % {"day": civil_date(event.answer_due)}
            note = _("；").join(filter(None, [reason, until]))
            return Told(what, _by(event.by), _letter(event.by, note))
        case licences.RevocationAnswered():
            return Told(_("持有人陈述申辩"), "", _open(event.answer, full=full))
        case licences.RevocationDropped():
            return Told(_("终止撤销程序，证照照旧"), _by(event.by), _letter(event.by, reason))
        case _:
            assert_never(event)


def _renewal(event: Any) -> Told:
    case = {"case": getattr(event, "case", "")}
    match event:
        case licences.RenewalAppliedFor():
            what = _("申请延续，办件 %(case)s") % case
            note = _("在期限内提出") if event.in_time else _("提出时已不足法定期限")
            return Told(what, _("持有人或者申请人"), note)
        case licences.RenewalEnded():
            return Told(_("延续申请已办结，未准予，办件 %(case)s") % case)
        case licences.LicenceReplaced():
            return Told(_("已换证，新证照 %(key)s") % {"key": event.successor})
        case licences.LicenceDeemedRenewed():
            what = _("逾期未作决定，视为准予延续，办件 %(case)s") % case
            until = _("延续至 %(day)s") % {"day": civil_date(event.valid_to)}
            law = _("行政许可法第五十条，系统自动记录")
            return Told(what, law, until if event.valid_to else "")
        case _:
            assert_never(event)


def _delivered(event: licences.LicenceDelivered, *, full: bool, names: Any) -> Told:
    if event.how is licences.DeliveredHow.ELECTRONIC:
        whose = _open(event.recipient, full=full)
        note = _("送入%(whose)s的证照库") % {"whose": whose} if whose else ""
        return Told(_("电子证照已送达"), _("系统自动记录"), note)
    taken = _open(event.recipient, full=full)
    note = _("领取人：%(name)s") % {"name": taken} if taken else ""
    return Told(str(words.WAYS[event.how]), names.get(event.by, ""), note)


def _open(sealed: str, *, full: bool) -> str:
    if not full or not sealed:
        return ""
    return _("（已删除）") if sealed == ERASED else sealed


def _version(number: int) -> str:
    return "" if number == 1 else _("第 %(n)s 版") % {"n": number}


def _by(by: Signatory) -> str:
    body = people.organisation_name(by.organisation)
    return _("%(where)s · 工号 %(number)s") % {"where": body, "number": by.staff_no}


def _letter(by: Signatory, reason: str) -> str:
    letter = _("依据授权书 %(letter)s") % {"letter": by.authority.letter_no}
    return _("；").join(filter(None, [reason, letter]))
