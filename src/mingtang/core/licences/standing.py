"""What the organ does to a licence it issued: suspend (暂停), resume, revoke (撤销), cancel (注销).

By a chief representative, under a letter that gives the power to decide on the item, with a
reason. Who holds a licence, or applied for it, leaves it to somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.licences.state import RevocationGround, Stage, State, require_standing
from mingtang.core.licences.terms import Signatory
from mingtang.core.mandates import Mandate, MandatePower, authority, why_not
from mingtang.core.wire import Sealed


class CancellationGround(StrEnum):
    """注销: 行政许可法 art. 70."""

    NOT_RENEWED = "not_renewed"  # 有效期届满未延续
    DECEASED = "deceased"  # 公民死亡或丧失行为能力
    DISSOLVED = "dissolved"  # 法人或其他组织依法终止
    WITHDRAWN = "withdrawn"  # 许可依法被撤销、撤回，或证件依法被吊销
    IMPOSSIBLE = "impossible"  # 因不可抗力无法实施
    REQUESTED = "requested"  # 应当注销的其他情形，含持有人申请


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class SuspendLicence:
    """暂停. `mandate`: the letter relied on, as in force at this moment."""

    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResumeLicence:
    """恢复."""

    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevokeLicence:
    """撤销, on the ground its holder was told."""

    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelLicence:
    """注销."""

    ground: CancellationGround
    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class LicenceSuspended:
    kind: ClassVar[str] = "licence.suspended.v1"
    reason: Sealed
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceResumed:
    kind: ClassVar[str] = "licence.resumed.v1"
    reason: Sealed
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceRevoked:
    kind: ClassVar[str] = "licence.revoked.v1"
    ground: RevocationGround
    reason: Sealed
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceCancelled:
    kind: ClassVar[str] = "licence.cancelled.v1"
    ground: CancellationGround
    reason: Sealed
    by: Signatory
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


class Act(Protocol):
    """What every act of the organ says."""

    @property
    def reason(self) -> str: ...
    @property
    def officer(self) -> Officer: ...
    @property
    def mandate(self) -> Mandate | None: ...
    @property
    def at(self) -> datetime: ...


def signed(licence: State, act: Act) -> Signatory:
    """Return who acts in whose name.

    Refusals: licence.unknown, licence.ended, licence.own-licence, licence.other-department,
    licence.no-mandate, mandate.* (why the letter does not reach; facts: letter_no),
    licence.reason-missing.
    """
    require_standing(licence)
    officer, mandate = act.officer, act.mandate
    held_by = licence.holder.id if licence.holder else ""
    own = officer.person in (held_by, licence.applicant, licence.agent)
    require(not own, "licence.own-licence")
    require(officer.organisation == licence.organ, "licence.other-department")
    require(mandate is not None and mandate.person == officer.person, "licence.no-mandate")
    assert mandate is not None
    obstacle = why_not(
        mandate,
        organ=licence.organ,
        item=licence.item,
        power=MandatePower.DECIDE,
        day=civil_day(act.at),
    )
    if obstacle is not None:
        raise Refused(obstacle, letter_no=mandate.letter_no)
    require(bool(act.reason.strip()), "licence.reason-missing")
    return Signatory(
        person=officer.person,
        staff_no=officer.staff_no,
        organisation=officer.organisation,
        authority=authority(mandate),
    )


def suspend(licence: State, command: SuspendLicence) -> Sequence[LicenceSuspended]:
    """Refusals: those of `signed`, licence.not-valid."""
    by = signed(licence, command)
    valid = licence.stage is Stage.VALID and not licence.expired(civil_day(command.at))
    require(valid, "licence.not-valid")
    return [LicenceSuspended(reason=Sealed(command.reason), by=by, at=command.at)]


def resume(licence: State, command: ResumeLicence) -> Sequence[LicenceResumed]:
    """Refusals: those of `signed`, licence.not-suspended."""
    by = signed(licence, command)
    require(licence.stage is Stage.SUSPENDED, "licence.not-suspended")
    return [LicenceResumed(reason=Sealed(command.reason), by=by, at=command.at)]


def revoke(licence: State, command: RevokeLicence) -> Sequence[LicenceRevoked]:
    """The holder is told and heard first, whatever the ground (行政许可法 art. 7): what cannot
    wait is suspended. What is still being made can be revoked, too.

    Refusals: those of `signed`, licence.holder-not-told, licence.holder-not-heard (facts: until).
    """
    by = signed(licence, command)
    told = licence.hearing
    require(told is not None and told.ground is not None, "licence.holder-not-told")
    assert told is not None
    assert told.ground is not None
    heard = told.is_over(civil_day(command.at))
    require(heard, "licence.holder-not-heard", until=told.answer_due)
    reason = Sealed(command.reason)
    return [LicenceRevoked(ground=told.ground, reason=reason, by=by, at=command.at)]


def cancel(licence: State, command: CancelLicence) -> Sequence[LicenceCancelled]:
    """Refusals: those of `signed`; for want of renewal: licence.not-over,
    licence.renewal-under-way."""
    by = signed(licence, command)
    if command.ground is CancellationGround.NOT_RENEWED:
        require(licence.expired(civil_day(command.at)), "licence.not-over")
        require(not licence.renewal, "licence.renewal-under-way")
    reason = Sealed(command.reason)
    return [LicenceCancelled(ground=command.ground, reason=reason, by=by, at=command.at)]


# ── What changes ────────────────────────────────────────────────────────────


def suspended(licence: State, event: LicenceSuspended) -> State:
    return replace(licence, stage=Stage.SUSPENDED, suspended=True)


def resumed(licence: State, event: LicenceResumed) -> State:
    return replace(licence, stage=Stage.VALID, suspended=False)


def revoked(licence: State, event: LicenceRevoked) -> State:
    return replace(licence, stage=Stage.REVOKED, renewal="", renewal_in_time=False, hearing=None)


def cancelled(licence: State, event: LicenceCancelled) -> State:
    return replace(licence, stage=Stage.CANCELLED, renewal="", renewal_in_time=False, hearing=None)
