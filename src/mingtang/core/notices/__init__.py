"""Notices (文书): what each decision point of a case, or a joint case, tells the applicant.

A paper is a Chinese document with legal effect, so its words stand here, with the rules, and are
not translated. `HEARD` are the events that ask for a paper: the decision points. What is personal
comes from the case's own events and goes into the sealed sheet.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mingtang.core import cases
from mingtang.core.joint import JointExtended
from mingtang.core.notices import ending, filing, hearing, intake, joint, moving
from mingtang.core.notices.wording import (
    BY_ITSELF,
    Facts,
    JointWording,
    Letterhead,
    Notice,
    Remedies,
    Wording,
    remedies_at,
)
from mingtang.core.papers import PaperKind

_COMPOSE: Mapping[type[Any], Callable[[Any, Any], Notice]] = {
    cases.CaseFiled: filing.received,
    cases.CorrectionsReceived: filing.corrections_received,
    cases.CorrectionsNotified: intake.corrections,
    cases.CaseAccepted: intake.accepted,
    cases.CaseDeemedAccepted: intake.deemed,
    cases.CaseNotAccepted: intake.not_accepted,
    cases.CaseExtended: moving.extended,
    cases.SpecialBegun: moving.special_begun,
    cases.ContractedBegun: moving.contracted_begun,
    cases.TermRestarted: moving.restarted,
    cases.HearingRightTold: hearing.right_told,
    cases.HearingNotified: hearing.notified,
    cases.CaseDecided: ending.decided,
    JointExtended: joint.extended,
}
HEARD = tuple(_COMPOSE)
_KINDS: Mapping[type[Any], PaperKind] = {
    cases.CaseFiled: PaperKind.RECEIVED,
    cases.CorrectionsReceived: PaperKind.RECEIVED,
    cases.CorrectionsNotified: PaperKind.CORRECTIONS,
    cases.CaseAccepted: PaperKind.ACCEPTED,
    cases.CaseDeemedAccepted: PaperKind.ACCEPTED,
    cases.CaseNotAccepted: PaperKind.NOT_ACCEPTED,
    cases.CaseExtended: PaperKind.EXTENDED,
    cases.SpecialBegun: PaperKind.SPECIAL,
    cases.ContractedBegun: PaperKind.SPECIAL,
    cases.TermRestarted: PaperKind.RESTARTED,
    JointExtended: PaperKind.EXTENDED,
    cases.HearingRightTold: PaperKind.HEARING_RIGHT,
    cases.HearingNotified: PaperKind.HEARING_NOTICE,
}


def notice(wording: Wording | JointWording, event: Any) -> Notice:
    """Return the paper a decision point asks for. Raises KeyError for any other event.

    `wording`: of a case or, for an event of a joint case, of that.
    """
    return _COMPOSE[type(event)](wording, event)


def kind_of(event: Any) -> PaperKind:
    """Return which paper a decision point asks for, without writing it."""
    if isinstance(event, cases.CaseDecided):
        return PaperKind.GRANTED if event.granted else PaperKind.REFUSED
    return _KINDS[type(event)]


def officer_of(event: Any) -> cases.Officer | None:
    """Return who acted at a decision point, None where nobody did: at home, or by law."""
    match event:
        case cases.CaseFiled():
            return event.taken_by
        case cases.CaseExtended() | JointExtended():
            return event.approver
        case cases.CorrectionsReceived() | cases.CaseDeemedAccepted() | cases.ContractedBegun():
            return None
    officer: cases.Officer = event.officer
    return officer


__all__ = [
    "BY_ITSELF",
    "HEARD",
    "Facts",
    "JointWording",
    "Letterhead",
    "Notice",
    "Remedies",
    "Wording",
    "kind_of",
    "notice",
    "officer_of",
    "remedies_at",
]
