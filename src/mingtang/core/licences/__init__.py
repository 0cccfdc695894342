"""An e-licence (电子证照): registered from a decision, issued with its paper, and its life.

    ──register──▶ making ──issue──▶ valid ◀──resume── suspended
                                     │ └──suspend──▶
                                     ├──reissue──▶ making (next version) ──issue──▶ valid
                                     ├──revoke──▶ revoked    ├──cancel──▶ cancelled
                                     └──replace──▶ replaced, by the one a renewal gave

"Expired" is worked out from the last day, never stored. A renewal that nobody decided in time is
deemed granted (行政许可法 art. 50). The stream is named after the case that granted the licence;
identifier, holder and fields are sealed: the log is no register to look people up in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, require
from mingtang.core.licences.acts import (
    ApplyForRenewal,
    CancellationGround,
    CancelLicence,
    DeemRenewed,
    DeliveredHow,
    DeliverLicence,
    EndRenewal,
    Holder,
    IssueLicence,
    LicenceCancelled,
    LicenceDeemedRenewed,
    LicenceDelivered,
    LicenceIssued,
    LicenceRegistered,
    LicenceReissued,
    LicenceReplaced,
    LicenceResumed,
    LicenceRevoked,
    LicenceSuspended,
    RegisterLicence,
    ReissueLicence,
    ReissueReason,
    RenewalAppliedFor,
    RenewalEnded,
    ReplaceLicence,
    ResumeLicence,
    RevocationGround,
    RevokeLicence,
    Signatory,
    SuspendLicence,
    Value,
)
from mingtang.core.licences.identifier import Identifier, format_identifier
from mingtang.core.licences.types import last_day
from mingtang.core.wire import ERASED, Sealed, canonical

Command = (
    RegisterLicence
    | IssueLicence
    | DeliverLicence
    | SuspendLicence
    | ResumeLicence
    | RevokeLicence
    | CancelLicence
    | ReissueLicence
    | ApplyForRenewal
    | EndRenewal
    | ReplaceLicence
    | DeemRenewed
)
Event = (
    LicenceRegistered
    | LicenceIssued
    | LicenceDelivered
    | LicenceSuspended
    | LicenceResumed
    | LicenceRevoked
    | LicenceCancelled
    | LicenceReissued
    | RenewalAppliedFor
    | RenewalEnded
    | LicenceReplaced
    | LicenceDeemedRenewed
)
EVENTS = (
    LicenceRegistered,
    LicenceIssued,
    LicenceDelivered,
    LicenceSuspended,
    LicenceResumed,
    LicenceRevoked,
    LicenceCancelled,
    LicenceReissued,
    RenewalAppliedFor,
    RenewalEnded,
    LicenceReplaced,
    LicenceDeemedRenewed,
)


class Stage(StrEnum):
    NONE = "none"
    MAKING = "making"  # 制证中
    VALID = "valid"  # 有效
    SUSPENDED = "suspended"  # 暂停
    REVOKED = "revoked"  # 撤销
    CANCELLED = "cancelled"  # 注销
    REPLACED = "replaced"  # 已换证


ENDED = frozenset({Stage.REVOKED, Stage.CANCELLED, Stage.REPLACED})
EXPIRED = "expired"  # 已过期: how a valid one is shown after its last day


@dataclass(frozen=True)
class State:
    stage: Stage = Stage.NONE
    version: int = 0
    type_code: str = ""
    issuer: str = ""
    organ: str = ""
    item: str = ""
    case: str = ""
    serial: str = ""
    applicant: str = ""
    agent: str = ""
    holder: Holder | None = None
    values: str = ""  # canonical JSON, as sealed
    valid_from: date | None = None
    valid_to: date | None = None
    validity_months: int = 0
    renewal_days: int = 0
    delivered: bool = False  # this version, into a hand
    renewal: str = ""  # case that applies for its renewal
    renewal_in_time: bool = False

    def expired(self, today: date) -> bool:
        return self.valid_to is not None and today > self.valid_to


def shown(stage: Stage, valid_to: date | None, today: date) -> str:
    """Return how a licence stands today: its stage, or "expired"."""
    if stage is Stage.VALID and valid_to is not None and today > valid_to:
        return EXPIRED
    return stage.value


# ── The rules ───────────────────────────────────────────────────────────────


def decide(licence: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: licence.already-registered, licence.holder-missing, licence.field-missing
    (facts: field), licence.unknown, licence.not-making, licence.not-issued,
    licence.already-delivered, licence.recipient-missing, licence.not-valid,
    licence.not-suspended, licence.ended, licence.reason-missing, licence.other-department,
    licence.erased, licence.renewal-under-way, licence.not-yours, licence.no-such-renewal,
    licence.not-over, licence.no-end.
    """
    match command:
        case RegisterLicence():
            return [_register(licence, command)]
        case IssueLicence():
            require(licence.stage is Stage.MAKING, "licence.not-making")
            return [LicenceIssued(version=licence.version, paper=command.paper, at=command.at)]
        case DeliverLicence():
            return [_deliver(licence, command)]
        case SuspendLicence():
            _require_acting(licence, command)
            require(licence.stage is Stage.VALID, "licence.not-valid")
            return [LicenceSuspended(reason=Sealed(command.reason), by=command.by, at=command.at)]
        case ResumeLicence():
            _require_acting(licence, command)
            require(licence.stage is Stage.SUSPENDED, "licence.not-suspended")
            return [LicenceResumed(reason=Sealed(command.reason), by=command.by, at=command.at)]
        case RevokeLicence():
            _require_acting(licence, command)
            return [
                LicenceRevoked(
                    ground=command.ground,
                    reason=Sealed(command.reason),
                    by=command.by,
                    at=command.at,
                )
            ]
        case CancelLicence():
            _require_acting(licence, command)
            return [
                LicenceCancelled(
                    ground=command.ground,
                    reason=Sealed(command.reason),
                    by=command.by,
                    at=command.at,
                )
            ]
        case ReissueLicence():
            return [_reissue(licence, command)]
        case ApplyForRenewal():
            return [_apply_for_renewal(licence, command)]
        case EndRenewal():
            require(
                bool(command.case) and licence.renewal == command.case, "licence.no-such-renewal"
            )
            return [RenewalEnded(case=command.case, at=command.at)]
        case ReplaceLicence():
            _require_standing(licence)
            return [LicenceReplaced(successor=command.successor, at=command.at)]
        case DeemRenewed():
            return [_deem_renewed(licence, command)]
        case _:
            assert_never(command)


def _register(licence: State, command: RegisterLicence) -> LicenceRegistered:
    content, holder = command.content, command.holder
    require(licence.stage is Stage.NONE, "licence.already-registered")
    require(bool(holder.name.strip()), "licence.holder-missing")
    _require_filled(command)
    return LicenceRegistered(
        type=command.type,
        type_version=command.type_version,
        type_code=content.code,
        name=content.name,
        name_en=content.name_en,
        organ=content.organ,
        organ_name=content.organ_name,
        issuer=command.issuer,
        item=command.item,
        case=command.case,
        batch=command.batch,
        serial=Sealed(command.serial),
        identifier=_identifier(content.code, command.issuer, command.serial, 1),
        applicant=Sealed(command.applicant),
        agent=Sealed(command.agent),
        holder_kind=holder.kind,
        holder=Sealed(holder.id),
        holder_name=Sealed(holder.name),
        holder_number=Sealed(holder.number),
        values=Sealed(canonical(command.values)),
        related=command.related,
        validity_months=content.validity_months,
        renewal_days=content.renewal_days,
        valid_from=command.decided_date,
        valid_to=last_day(command.decided_date, content.validity_months),
        at=command.at,
    )


def _require_filled(command: RegisterLicence) -> None:
    given = {value.name: value.value for value in command.values}
    for field in command.content.fields:
        filled = not field.required or bool(given.get(field.name, "").strip())
        require(filled, "licence.field-missing", field=field.label)


def _deliver(licence: State, command: DeliverLicence) -> LicenceDelivered:
    issued = licence.stage in (Stage.VALID, Stage.SUSPENDED)
    require(issued, "licence.not-issued")
    electronic = command.how is DeliveredHow.ELECTRONIC
    require(electronic or not licence.delivered, "licence.already-delivered")
    require(bool(command.recipient.strip()), "licence.recipient-missing")
    return LicenceDelivered(
        version=licence.version,
        how=command.how,
        recipient=Sealed(command.recipient),
        by=command.by,
        at=command.at,
    )


def _reissue(licence: State, command: ReissueLicence) -> LicenceReissued:
    _require_acting(licence, command)
    require(licence.stage is Stage.VALID, "licence.not-valid")
    require(not licence.expired(civil_day(command.at)), "licence.not-valid")
    require(licence.serial != ERASED, "licence.erased")
    require(bool(command.holder.name.strip()), "licence.holder-missing")
    version = licence.version + 1
    return LicenceReissued(
        version=version,
        why=command.why,
        reason=Sealed(command.reason),
        identifier=_identifier(licence.type_code, licence.issuer, licence.serial, version),
        holder=Sealed(command.holder.id),
        holder_name=Sealed(command.holder.name),
        holder_number=Sealed(command.holder.number),
        values=Sealed(canonical(command.values)),
        by=command.by,
        at=command.at,
    )


def _apply_for_renewal(licence: State, command: ApplyForRenewal) -> RenewalAppliedFor:
    _require_standing(licence)
    require(licence.valid_to is not None, "licence.no-end")
    assert licence.valid_to is not None
    require(not licence.renewal, "licence.renewal-under-way")
    holder = licence.holder.id if licence.holder else ""
    own = command.applicant in {holder, licence.applicant} - {"", ERASED}
    require(own, "licence.not-yours")
    # art. 50: thirty days before the term ends. Calendar days: it is the applicant's period,
    # not one of the organ's, so art. 82 does not make them working days.
    latest = licence.valid_to - timedelta(days=licence.renewal_days)
    return RenewalAppliedFor(
        case=command.case, in_time=civil_day(command.at) <= latest, at=command.at
    )


def _deem_renewed(licence: State, command: DeemRenewed) -> LicenceDeemedRenewed:
    _require_standing(licence)
    require(bool(licence.renewal) and licence.renewal_in_time, "licence.no-such-renewal")
    require(licence.expired(civil_day(command.at)), "licence.not-over")
    require(licence.serial != ERASED, "licence.erased")
    assert licence.valid_to is not None
    version, first = licence.version + 1, licence.valid_to + timedelta(days=1)
    return LicenceDeemedRenewed(
        case=licence.renewal,
        version=version,
        identifier=_identifier(licence.type_code, licence.issuer, licence.serial, version),
        valid_from=first,
        valid_to=last_day(first, licence.validity_months),
        at=command.at,
    )


def _identifier(type: str, issuer: str, serial: str, version: int) -> Sealed:
    return Sealed(format_identifier(Identifier(type, issuer, serial, version)))


def _require_standing(licence: State) -> None:
    require(licence.stage is not Stage.NONE, "licence.unknown")
    require(licence.stage not in ENDED, "licence.ended")


Acting = SuspendLicence | ResumeLicence | RevokeLicence | CancelLicence | ReissueLicence


def _require_acting(licence: State, command: Acting) -> None:
    """Only the organ that issued it acts on it, with a reason."""
    _require_standing(licence)
    require(command.by.authority.organ == licence.organ, "licence.other-department")
    require(bool(command.reason.strip()), "licence.reason-missing")


# ── What changes ────────────────────────────────────────────────────────────


def evolve(licence: State, event: Event) -> State:
    match event:
        case LicenceRegistered():
            return _registered(event)
        case LicenceIssued():
            return replace(licence, stage=Stage.VALID)
        case LicenceDelivered():
            by_hand = event.how is not DeliveredHow.ELECTRONIC
            return replace(licence, delivered=licence.delivered or by_hand)
        case LicenceSuspended():
            return replace(licence, stage=Stage.SUSPENDED)
        case LicenceResumed():
            return replace(licence, stage=Stage.VALID)
        case LicenceRevoked():
            return replace(licence, stage=Stage.REVOKED)
        case LicenceCancelled():
            return replace(licence, stage=Stage.CANCELLED)
        case LicenceReissued():
            return replace(
                licence,
                stage=Stage.MAKING,
                version=event.version,
                holder=Holder(
                    kind=licence.holder.kind if licence.holder else "",
                    id=event.holder,
                    name=event.holder_name,
                    number=event.holder_number,
                ),
                values=event.values,
                delivered=False,
            )
        case RenewalAppliedFor():
            return replace(licence, renewal=event.case, renewal_in_time=event.in_time)
        case RenewalEnded():
            return replace(licence, renewal="", renewal_in_time=False)
        case LicenceReplaced():
            return replace(licence, stage=Stage.REPLACED, renewal="", renewal_in_time=False)
        case LicenceDeemedRenewed():
            return replace(
                licence,
                stage=Stage.MAKING,
                version=event.version,
                valid_from=event.valid_from,
                valid_to=event.valid_to,
                delivered=False,
                renewal="",
                renewal_in_time=False,
            )
        case _:
            assert_never(event)


def _registered(event: LicenceRegistered) -> State:
    return State(
        stage=Stage.MAKING,
        version=1,
        type_code=event.type_code,
        issuer=event.issuer,
        organ=event.organ,
        item=event.item,
        case=event.case,
        serial=event.serial,
        applicant=event.applicant,
        agent=event.agent,
        holder=Holder(
            kind=event.holder_kind,
            id=event.holder,
            name=event.holder_name,
            number=event.holder_number,
        ),
        values=event.values,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        validity_months=event.validity_months,
        renewal_days=event.renewal_days,
    )


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = [
    "DECIDER",
    "ENDED",
    "EVENTS",
    "EXPIRED",
    "ApplyForRenewal",
    "CancelLicence",
    "CancellationGround",
    "Command",
    "DeemRenewed",
    "DeliverLicence",
    "DeliveredHow",
    "EndRenewal",
    "Event",
    "Holder",
    "IssueLicence",
    "LicenceCancelled",
    "LicenceDeemedRenewed",
    "LicenceDelivered",
    "LicenceIssued",
    "LicenceRegistered",
    "LicenceReissued",
    "LicenceReplaced",
    "LicenceResumed",
    "LicenceRevoked",
    "LicenceSuspended",
    "RegisterLicence",
    "ReissueLicence",
    "ReissueReason",
    "RenewalAppliedFor",
    "RenewalEnded",
    "ReplaceLicence",
    "ResumeLicence",
    "RevocationGround",
    "RevokeLicence",
    "Signatory",
    "Stage",
    "State",
    "SuspendLicence",
    "Value",
    "shown",
]
