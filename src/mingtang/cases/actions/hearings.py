"""Hearings (听证): what the organ does, what parties do, and what a served notice does."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.core.people import IdKind, Role
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def announce(
    *,
    number: str,
    ground: cases.HearingGround,
    matter: str,
    basis: str,
    interested: Sequence[cases.Interested] = (),
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Announce a hearing of the organ's own accord (公告听证).

    Raises Refused: see `core.cases.hearingright.announce`.
    """
    command = cases.AnnounceHearing(
        ground=ground,
        matter=matter,
        basis=basis,
        interested=tuple(interested),
        officer=officer,
        at=at,
    )
    return enact_one(Order(CASE, number, command, once))


def tell(
    *,
    number: str,
    interest: str,
    interested: Sequence[cases.Interested] = (),
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Tell applicant and those with an interest of their right to one (告知听证权利).

    Raises Refused: see `core.cases.hearingright.tell`.
    """
    command = cases.TellOfHearing(
        interest=interest, interested=tuple(interested), officer=officer, at=at
    )
    return enact_one(Order(CASE, number, command, once))


def interested(name: str, id_number: str = "") -> cases.Interested:
    """Return somebody with an interest; whoever is registered under this number acts online."""
    found = (people.person_with(id_kind=kind, id_number=id_number) for kind in IdKind if id_number)
    return cases.Interested(name=name, person=next(filter(None, found), ""))


def note_reached(
    *, number: str, hearing: int, party: int, reached_date: date, at: datetime
) -> Receipt:
    """A party's notice was served (送达): its five days begin.

    Raises Refused: see `core.cases.hearingright.reach`.
    """

    def command() -> cases.NoteRightReached:
        return cases.NoteRightReached(
            hearing=hearing,
            party=party,
            reached_date=reached_date,
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command))


# ── What parties do ─────────────────────────────────────────────────────────


def ask(
    *,
    number: str,
    hearing: int,
    party: int = cases.APPLICANT,
    reason: str = "",
    person: str = "",
    taken_by: cases.Officer | None = None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask for it (申请听证). Raises Refused: see `core.cases.hearingright.ask`."""

    def command() -> cases.AskForHearing:
        return cases.AskForHearing(
            **_acting(hearing, party, person, taken_by, at),
            reason=reason,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def forgo(
    *,
    number: str,
    hearing: int,
    party: int = cases.APPLICANT,
    person: str = "",
    taken_by: cases.Officer | None = None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Say that one does not want it (放弃听证).

    Raises Refused: see `core.cases.hearingright.forgo`.
    """

    def command() -> cases.ForgoHearing:
        return cases.ForgoHearing(**_acting(hearing, party, person, taken_by, at))

    return enact_one(Order(CASE, number, command, once))


def withdraw(
    *,
    number: str,
    hearing: int,
    party: int = cases.APPLICANT,
    reason: str = "",
    person: str = "",
    taken_by: cases.Officer | None = None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Take back that one asked for it (撤回听证申请).

    Raises Refused: see `core.cases.hearingright.withdraw`.
    """

    def command() -> cases.WithdrawFromHearing:
        return cases.WithdrawFromHearing(
            **_acting(hearing, party, person, taken_by, at),
            reason=reason,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def challenge(
    *,
    number: str,
    hearing: int,
    party: int = cases.APPLICANT,
    reason: str,
    person: str = "",
    taken_by: cases.Officer | None = None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask for another chair (申请主持人回避).

    Raises Refused: see `core.cases.hearingday.challenge`.
    """

    def command() -> cases.ChallengeChair:
        return cases.ChallengeChair(**_acting(hearing, party, person, taken_by, at), reason=reason)

    return enact_one(Order(CASE, number, command, once))


def _acting(
    hearing: int, party: int, person: str, taken_by: cases.Officer | None, at: datetime
) -> dict[str, Any]:
    return {
        "hearing": hearing,
        "party": party,
        "person": person,
        "represents": people.actor(person).represents if person else frozenset(),
        "taken_by": taken_by,
        "at": at,
    }


# ── The hearing itself ──────────────────────────────────────────────────────


def schedule(
    *,
    number: str,
    hearing: int,
    starts_at: datetime,
    place: str,
    chair: cases.Officer,
    private_reason: str = "",
    reason: str = "",
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Say when and where it is held, and who chairs it (通知听证), or put it off (改期).

    Raises Refused: see `core.cases.hearingday.schedule`.
    """

    def command() -> cases.ScheduleHearing:
        return cases.ScheduleHearing(
            hearing=hearing,
            starts_at=starts_at,
            place=place,
            chair=chair,
            chair_heads=heads(chair),
            private_reason=private_reason,
            reason=reason,
            officer=officer,
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def rule(
    *,
    number: str,
    hearing: int,
    upheld: bool,
    reason: str,
    chair: cases.Officer | None,
    approver: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Rule on a challenge (决定是否回避), as the organ's head of this very day.

    Raises Refused: see `core.cases.hearingday.rule`.
    """

    def command() -> cases.RuleOnChallenge:
        return cases.RuleOnChallenge(
            hearing=hearing,
            upheld=upheld,
            reason=reason,
            chair=chair,
            chair_heads=heads(chair) if chair else False,
            approver=approver,
            heads=heads(approver),
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def change_chair(
    *,
    number: str,
    hearing: int,
    chair: cases.Officer,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Let another chair it (更换主持人).

    Raises Refused: see `core.cases.hearingday.change_chair`.
    """

    def command() -> cases.ChangeChair:
        return cases.ChangeChair(
            hearing=hearing,
            chair=chair,
            chair_heads=heads(chair),
            reason=reason,
            officer=officer,
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def record(
    *,
    number: str,
    hearing: int,
    presenters: Sequence[cases.Officer],
    evidence: str,
    statements: str,
    attendance: Sequence[cases.Attendance],
    document: cases.Document | None,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record what was said, and who signed (制作听证笔录): the clocks go on.

    Raises Refused: see `core.cases.hearingday.record`.
    """

    def command() -> cases.RecordHearing:
        return cases.RecordHearing(
            hearing=hearing,
            presenters=tuple(presenters),
            evidence=evidence,
            statements=statements,
            attendance=tuple(attendance),
            document=document,
            officer=officer,
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def heads(officer: cases.Officer) -> bool:
    """Whether an officer is the organ's manager today."""
    return people.is_holder(
        person=officer.person,
        roles={Role.DEPARTMENT_MANAGER},
        organisation=officer.organisation,
    )
