"""Renewal (延续): applied for by a case, ended with it, or deemed granted by the law.

行政许可法 art. 50: whoever wants to go on applies thirty days before the term ends, and what the
organ has not decided by then is deemed granted (视为准予延续).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.licences.state import Stage, State, identifier_of, require_standing
from mingtang.core.licences.types import last_day
from mingtang.core.wire import ERASED, Sealed

_DAY = timedelta(days=1)

# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ApplyForRenewal:
    """申请延续: a case was filed to renew it."""

    case: str
    item: str  # code of the item the case is of: what it gives is what is renewed
    applicant: str  # id, to be the holder or whoever applied for the licence
    filed_date: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndRenewal:
    """延续申请已办结 without a new licence: refused, withdrawn or not accepted."""

    case: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplaceLicence:
    """换证: the renewal's licence has been issued."""

    successor: str  # key of the licence that takes its place: the number of the renewal's case
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeemRenewed:
    """视为准予延续: applied for in time, and nobody decided before the last day was over."""

    decided: bool  # whether the case has been decided, or ended otherwise, by now
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RenewalAppliedFor:
    kind: ClassVar[str] = "licence.renewal-applied-for.v1"
    case: str
    in_time: bool  # at least `renewal_days` before its last day was over
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RenewalEnded:
    kind: ClassVar[str] = "licence.renewal-ended.v1"
    case: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceReplaced:
    kind: ClassVar[str] = "licence.replaced.v1"
    successor: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceDeemedRenewed:
    kind: ClassVar[str] = "licence.deemed-renewed.v1"
    case: str  # the application nobody decided
    version: int
    identifier: Sealed
    valid_from: date
    valid_to: date | None
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def apply_for_renewal(licence: State, command: ApplyForRenewal) -> Sequence[RenewalAppliedFor]:
    """Refusals: licence.unknown, licence.ended, licence.no-end, licence.renewal-under-way,
    licence.other-item, licence.not-yours."""
    require_standing(licence)
    require(licence.valid_to is not None, "licence.no-end")
    require(not licence.renewal, "licence.renewal-under-way")
    require(command.item == licence.item, "licence.other-item")
    held_by = licence.holder.id if licence.holder else ""
    own = command.applicant in {held_by, licence.applicant} - {"", ERASED}
    require(own, "licence.not-yours")
    in_time = command.filed_date <= latest_day(licence)
    return [RenewalAppliedFor(case=command.case, in_time=in_time, at=command.at)]


def latest_day(licence: State) -> date:
    """Return the last day on which renewal is applied for in time.

    Thirty days before the term ends (art. 50). Calendar days: it is the applicant's period, not
    one of the organ's, so art. 82 does not make them working days.
    """
    assert licence.valid_to is not None
    return licence.valid_to - timedelta(days=licence.renewal_days)


def end_renewal(licence: State, command: EndRenewal) -> Sequence[RenewalEnded]:
    """Refusals: licence.no-such-renewal."""
    applied = bool(command.case) and licence.renewal == command.case
    require(applied, "licence.no-such-renewal")
    return [RenewalEnded(case=command.case, at=command.at)]


def replace_licence(licence: State, command: ReplaceLicence) -> Sequence[LicenceReplaced]:
    """Refusals: licence.unknown, licence.ended, licence.no-such-renewal."""
    require_standing(licence)
    applied = bool(command.successor) and licence.renewal == command.successor
    require(applied, "licence.no-such-renewal")
    return [LicenceReplaced(successor=command.successor, at=command.at)]


def deem_renewed(licence: State, command: DeemRenewed) -> Sequence[LicenceDeemedRenewed]:
    """Refusals: licence.unknown, licence.ended, licence.no-such-renewal, licence.not-over,
    licence.renewal-decided, licence.erased."""
    require_standing(licence)
    require(bool(licence.renewal) and licence.renewal_in_time, "licence.no-such-renewal")
    require(licence.expired(civil_day(command.at)), "licence.not-over")
    require(not command.decided, "licence.renewal-decided")
    assert licence.valid_to is not None
    version, first = licence.version + 1, licence.valid_to + _DAY
    return [
        LicenceDeemedRenewed(
            case=licence.renewal,
            version=version,
            identifier=identifier_of(licence, version),
            valid_from=first,
            valid_to=last_day(first, licence.validity_months),
            at=command.at,
        )
    ]


# ── What changes ────────────────────────────────────────────────────────────


def renewal_applied_for(licence: State, event: RenewalAppliedFor) -> State:
    return replace(licence, renewal=event.case, renewal_in_time=event.in_time)


def renewal_ended(licence: State, event: RenewalEnded) -> State:
    return replace(licence, renewal="", renewal_in_time=False)


def replaced(licence: State, event: LicenceReplaced) -> State:
    return replace(licence, stage=Stage.REPLACED, renewal="", renewal_in_time=False, hearing=None)


def deemed_renewed(licence: State, event: LicenceDeemedRenewed) -> State:
    return replace(
        licence,
        stage=Stage.MAKING,
        version=event.version,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        sent=False,
        delivered=False,
        renewal="",
        renewal_in_time=False,
        deemed=event.case,
    )
