"""How a licence comes to be: registered, issued (签发), delivered (发证), issued anew (换发)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.licences.standing import signed
from mingtang.core.licences.state import Stage, State, identifier, identifier_of
from mingtang.core.licences.terms import Holder, Signatory, Value
from mingtang.core.licences.types import LicenceField, TypeContent, all_fields, last_day
from mingtang.core.mandates import Mandate
from mingtang.core.wire import Sealed, canonical


class ReissueReason(StrEnum):
    """换发、补发."""

    LOST = "lost"  # 遗失
    DAMAGED = "damaged"  # 污损
    CHANGED = "changed"  # 登记事项变更
    CORRECTED = "corrected"  # 更正制证错误


LONGEST = 500  # characters of one printed value; of a holder's name and number:
LONGEST_NAME, LONGEST_NUMBER = 200, 100
REWRITING = frozenset({ReissueReason.CHANGED, ReissueReason.CORRECTED})


class DeliveredHow(StrEnum):
    """发证方式."""

    ELECTRONIC = "electronic"  # 电子证照已送入持有人证照库
    WINDOW = "window"  # 窗口领取
    POST = "post"  # 邮寄


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RegisterLicence:
    """登记证照: a decision was granted whose item gives a licence of this type.

    `renews` is the key of the licence the case asked to renew, or empty; `renewed` is that
    licence as it stands at this moment.
    """

    type: str  # key of the type
    type_version: int
    content: TypeContent
    issuer: str  # USCC of the issuing organ
    serial: str
    item: str  # code
    case: str  # number
    batch: str
    place: int  # row of the batch, from 1
    applicant: str  # id of who applied: sees it, may hand it out
    agent: str
    holder: Holder
    values: tuple[Value, ...]
    renews: str = ""
    renewed: State | None = None
    decided_date: date  # the validity counts from here
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IssueLicence:
    """签发证照: the paper of this version has been made and sealed."""

    version: int
    paper: str
    number: str  # 证照编号, as it stands on the paper
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeliverLicence:
    """发证."""

    how: DeliveredHow
    recipient: str
    by: str  # empty: the electronic one, by itself
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReissueLicence:
    """换发、补发: the next version, with the same serial and the same last day."""

    why: ReissueReason
    reason: str
    content: TypeContent  # of the version of its type it was made by
    holder: Holder
    values: tuple[Value, ...]
    officer: Officer
    mandate: Mandate | None
    at: datetime


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class LicenceRegistered:
    kind: ClassVar[str] = "licence.registered.v1"
    type: str
    type_version: int
    type_code: str
    name: str
    name_en: str
    organ: str
    organ_name: str
    issuer: str
    item: str
    case: str
    batch: str
    place: int  # row of the batch, from 1
    serial: Sealed
    identifier: Sealed
    applicant: Sealed
    agent: Sealed
    holder_kind: str
    holder: Sealed  # id
    holder_name: Sealed
    holder_number: Sealed
    values: Sealed  # canonical JSON, a list of Value
    related: str  # key of the licence it renews, or empty
    validity_months: int
    renewal_days: int
    valid_from: date
    valid_to: date | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceIssued:
    kind: ClassVar[str] = "licence.issued.v1"
    version: int
    paper: str
    number: str  # as it stands on the paper
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceDelivered:
    kind: ClassVar[str] = "licence.delivered.v1"
    version: int
    how: DeliveredHow
    recipient: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LicenceReissued:
    kind: ClassVar[str] = "licence.reissued.v1"
    version: int
    why: ReissueReason
    reason: Sealed
    identifier: Sealed
    holder: Sealed
    holder_name: Sealed
    holder_number: Sealed
    values: Sealed
    by: Signatory
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def register(licence: State, command: RegisterLicence) -> Sequence[LicenceRegistered]:
    """Refusals: licence.already-registered, licence.already-renewed, licence.holder-missing,
    licence.field-missing (facts: field), licence.too-long (facts: field, limit),
    licence.issuer-unknown."""
    content, holder = command.content, command.holder
    require(licence.stage is Stage.NONE, "licence.already-registered")
    renewed = command.renewed or State()
    require(renewed.deemed != command.case, "licence.already-renewed")
    _require_printable(content, holder, command.values)
    return [
        LicenceRegistered(
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
            place=command.place,
            serial=Sealed(command.serial),
            identifier=identifier(content.code, command.issuer, command.serial, 1),
            applicant=Sealed(command.applicant),
            agent=Sealed(command.agent),
            holder_kind=holder.kind,
            holder=Sealed(holder.id),
            holder_name=Sealed(holder.name),
            holder_number=Sealed(holder.number),
            values=Sealed(canonical(command.values)),
            related=command.renews if renewed.renewal == command.case else "",
            validity_months=content.validity_months,
            renewal_days=content.renewal_days,
            valid_from=command.decided_date,
            valid_to=last_day(command.decided_date, content.validity_months),
            at=command.at,
        )
    ]


def _require_printable(content: TypeContent, holder: Holder, values: Sequence[Value]) -> None:
    """Refuse what lacks something that has to be printed, or is too long to be."""
    require(bool(holder.name.strip()), "licence.holder-missing")
    name, number = content.holder_name, content.holder_number
    given = {value.name: value.value for value in values}
    given |= {name.name: holder.name, number.name: holder.number}
    wanting = [field.label for field in all_fields(content) if _lacks(field, given)]
    require(not wanting, "licence.field-missing", field=wanting)
    limits = {name.name: LONGEST_NAME, number.name: LONGEST_NUMBER}
    for field in all_fields(content):
        limit = limits.get(field.name, LONGEST)
        fits = len(given.get(field.name, "")) <= limit
        require(fits, "licence.too-long", field=field.label, limit=limit)


def _lacks(field: LicenceField, given: Mapping[str, str]) -> bool:
    return field.required and not given.get(field.name, "").strip()


def issue(licence: State, command: IssueLicence) -> Sequence[LicenceIssued]:
    """Refusals: licence.not-making; so is a version that was overtaken by the next."""
    making = licence.stage is Stage.MAKING and command.version == licence.version
    require(making, "licence.not-making")
    return [
        LicenceIssued(
            version=licence.version, paper=command.paper, number=command.number, at=command.at
        )
    ]


def deliver(licence: State, command: DeliverLicence) -> Sequence[LicenceDelivered]:
    """Refusals: licence.not-issued, licence.not-valid, licence.already-delivered,
    licence.recipient-missing. What is suspended is handed to nobody."""
    require(licence.stage in (Stage.VALID, Stage.SUSPENDED), "licence.not-issued")
    electronic = command.how is DeliveredHow.ELECTRONIC
    require(electronic or licence.stage is Stage.VALID, "licence.not-valid")
    done = licence.sent if electronic else licence.delivered
    require(not done, "licence.already-delivered")
    require(bool(command.recipient.strip()), "licence.recipient-missing")
    return [
        LicenceDelivered(
            version=licence.version,
            how=command.how,
            recipient=Sealed(command.recipient),
            by=command.by,
            at=command.at,
        )
    ]


def reissue(licence: State, command: ReissueLicence) -> Sequence[LicenceReissued]:
    """Refusals: those of `standing.signed`, licence.not-valid, licence.erased,
    licence.holder-missing, licence.field-missing (facts: field), licence.too-long (facts: field,
    limit), licence.unchanged, licence.nothing-may-change."""
    by = signed(licence, command)
    valid = licence.stage is Stage.VALID and not licence.expired(civil_day(command.at))
    require(valid, "licence.not-valid")
    version = licence.version + 1
    identifier = identifier_of(licence, version)
    _require_printable(command.content, command.holder, command.values)
    holder, values = command.holder, Sealed(canonical(command.values))
    changed = (holder, values) != (licence.holder, licence.values)
    rewriting = command.why in REWRITING
    require(changed or not rewriting, "licence.unchanged")
    require(rewriting or not changed, "licence.nothing-may-change")
    return [
        LicenceReissued(
            version=version,
            why=command.why,
            reason=Sealed(command.reason),
            identifier=identifier,
            holder=Sealed(holder.id),
            holder_name=Sealed(holder.name),
            holder_number=Sealed(holder.number),
            values=values,
            by=by,
            at=command.at,
        )
    ]


# ── What changes ────────────────────────────────────────────────────────────


def registered(licence: State, event: LicenceRegistered) -> State:
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


def issued(licence: State, event: LicenceIssued) -> State:
    return replace(licence, stage=Stage.SUSPENDED if licence.suspended else Stage.VALID)


def delivered(licence: State, event: LicenceDelivered) -> State:
    if event.how is DeliveredHow.ELECTRONIC:
        return replace(licence, sent=True)
    return replace(licence, delivered=True)


def reissued(licence: State, event: LicenceReissued) -> State:
    assert licence.holder is not None
    holder = replace(
        licence.holder, id=event.holder, name=event.holder_name, number=event.holder_number
    )
    return replace(
        licence,
        stage=Stage.MAKING,
        version=event.version,
        holder=holder,
        values=event.values,
        sent=False,
        delivered=False,
    )
