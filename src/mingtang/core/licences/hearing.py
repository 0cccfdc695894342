"""Hearing the holder before a licence is revoked (撤销前的告知和申辩).

    nothing ──open──▶ opened ──tell──▶ told ──answer──▶ answered ──revoke | drop──▶ nothing
       └──────────────tell───────────────▲      └──── its days over ───────▲

A promise in place of a material that turns out false (告知承诺, 国办发〔2020〕42号) is a ground to
revoke what was granted on it (行政许可法 art. 69 para. 2), and opens this by itself; for any other
ground the organ begins with telling. Nobody is deprived unheard (art. 7: 陈述权、申辩权): the
organ says what it means to do and why, the holder may answer, and only then is it revoked, on
that ground and no other, or the matter dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.licences.standing import signed
from mingtang.core.licences.state import (
    Hearing,
    HearingStage,
    RevocationGround,
    State,
    require_standing,
)
from mingtang.core.licences.terms import Signatory
from mingtang.core.mandates import Mandate
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar, add_working_days

ANSWER_DAYS = 5  # working days; no law says how many: as 行政处罚法 art. 64 has it [C]
LONGEST = 2_000  # characters of an answer


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OpenRevocation:
    """启动撤销程序: the check found false what the grant rests on."""

    case: str  # the number it was granted under
    finding: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TellHolder:
    """拟撤销告知. `mandate`: the letter relied on, as in force at this moment."""

    ground: RevocationGround
    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class AnswerRevocation:
    """陈述申辩, by the holder, whoever applied for it, or who acts for them today."""

    person: str
    represents: frozenset[str] = frozenset()
    answer: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DropRevocation:
    """终止撤销程序: it stays as it is."""

    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RevocationOpened:
    kind: ClassVar[str] = "licence.revocation-opened.v1"
    case: str
    finding: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevocationTold:
    kind: ClassVar[str] = "licence.revocation-told.v1"
    ground: RevocationGround
    reason: Sealed
    answer_due: date  # last day to answer, inclusive
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevocationAnswered:
    kind: ClassVar[str] = "licence.revocation-answered.v1"
    answer: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevocationDropped:
    kind: ClassVar[str] = "licence.revocation-dropped.v1"
    reason: Sealed
    by: Signatory
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def open_revocation(licence: State, command: OpenRevocation) -> Sequence[RevocationOpened]:
    """Refusals: licence.unknown, licence.ended, licence.other-case, licence.hearing-open."""
    require_standing(licence)
    require(command.case == licence.case, "licence.other-case")
    require(licence.hearing is None, "licence.hearing-open")
    return [
        RevocationOpened(case=command.case, finding=Sealed(command.finding), at=command.at),
    ]


def tell_holder(licence: State, command: TellHolder) -> Sequence[RevocationTold]:
    """Refusals: those of `standing.signed`, licence.told-already."""
    by = signed(licence, command)
    told = licence.hearing is not None and licence.hearing.stage is not HearingStage.OPENED
    require(not told, "licence.told-already")
    last = add_working_days(civil_day(command.at), ANSWER_DAYS, calendar=command.calendar)
    return [
        RevocationTold(
            ground=command.ground,
            reason=Sealed(command.reason),
            answer_due=last.date,
            by=by,
            at=command.at,
        )
    ]


def answer(licence: State, command: AnswerRevocation) -> Sequence[RevocationAnswered]:
    """Late is better than never: it is heard as long as nobody has decided.

    Refusals: licence.unknown, licence.ended, licence.not-yours, licence.nothing-told,
    licence.answered-already, licence.answer-missing, licence.answer-too-long (facts: limit).
    """
    require_standing(licence)
    mine = {command.person, *command.represents} - {""}
    holder = licence.holder.id if licence.holder else ""
    require(bool(mine & {holder, licence.applicant, licence.agent}), "licence.not-yours")
    hearing = licence.hearing
    told = hearing is not None and hearing.stage is not HearingStage.OPENED
    require(told, "licence.nothing-told")
    assert hearing is not None
    require(hearing.stage is HearingStage.TOLD, "licence.answered-already")
    require(bool(command.answer.strip()), "licence.answer-missing")
    require(len(command.answer) <= LONGEST, "licence.answer-too-long", limit=LONGEST)
    return [RevocationAnswered(answer=Sealed(command.answer), at=command.at)]


def drop(licence: State, command: DropRevocation) -> Sequence[RevocationDropped]:
    """Refusals: those of `standing.signed`, licence.no-hearing."""
    by = signed(licence, command)
    require(licence.hearing is not None, "licence.no-hearing")
    return [RevocationDropped(reason=Sealed(command.reason), by=by, at=command.at)]


# ── What changes ────────────────────────────────────────────────────────────


def opened(licence: State, event: RevocationOpened) -> State:
    return replace(licence, hearing=Hearing(HearingStage.OPENED))


def told(licence: State, event: RevocationTold) -> State:
    hearing = Hearing(HearingStage.TOLD, event.ground, event.answer_due)
    return replace(licence, hearing=hearing)


def answered(licence: State, event: RevocationAnswered) -> State:
    assert licence.hearing is not None
    return replace(licence, hearing=replace(licence.hearing, stage=HearingStage.ANSWERED))


def dropped(licence: State, event: RevocationDropped) -> State:
    return replace(licence, hearing=None)
