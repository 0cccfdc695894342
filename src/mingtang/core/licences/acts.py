"""What may be asked of an e-licence, and what may have happened to it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.licences.types import TypeContent
from mingtang.core.mandates import Authority
from mingtang.core.wire import Sealed


class RevocationGround(StrEnum):
    """撤销: 行政许可法 art. 69."""

    ABUSE = "abuse"  # 滥用职权、玩忽职守作出
    BEYOND_POWERS = "beyond_powers"  # 超越法定职权
    AGAINST_PROCEDURE = "against_procedure"  # 违反法定程序
    NOT_ELIGIBLE = "not_eligible"  # 不具备申请资格或不符合法定条件
    FRAUD = "fraud"  # 以欺骗、贿赂等不正当手段取得
    OTHER = "other"  # 依法可以撤销的其他情形


class CancellationGround(StrEnum):
    """注销: 行政许可法 art. 70."""

    NOT_RENEWED = "not_renewed"  # 有效期届满未延续
    DECEASED = "deceased"  # 公民死亡或丧失行为能力
    DISSOLVED = "dissolved"  # 法人或其他组织依法终止
    WITHDRAWN = "withdrawn"  # 许可依法被撤销、撤回，或证件依法被吊销
    IMPOSSIBLE = "impossible"  # 因不可抗力无法实施
    REQUESTED = "requested"  # 应当注销的其他情形，含持有人申请


class ReissueReason(StrEnum):
    """换发、补发."""

    LOST = "lost"  # 遗失
    DAMAGED = "damaged"  # 污损
    CHANGED = "changed"  # 登记事项变更
    CORRECTED = "corrected"  # 更正制证错误


class DeliveredHow(StrEnum):
    """发证方式."""

    ELECTRONIC = "electronic"  # 电子证照已送入持有人证照库
    WINDOW = "window"  # 窗口领取
    POST = "post"  # 邮寄


@dataclass(frozen=True, kw_only=True)
class Holder:
    """持有主体. All of it is sealed in the record."""

    kind: str  # person | organisation
    id: str  # person id or organisation code, where one is registered; or empty
    name: str
    number: str  # identity number or unified social credit code


@dataclass(frozen=True, kw_only=True)
class Value:
    """One printed field."""

    name: str
    label: str
    label_en: str = ""
    value: str


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who of the organ acted, and under which letter."""

    person: str
    staff_no: str
    organisation: str
    authority: Authority


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RegisterLicence:
    """登记证照: a decision was granted whose item gives a licence of this type."""

    type: str  # key of the type
    type_version: int
    content: TypeContent
    issuer: str  # USCC of the issuing organ
    serial: str
    item: str  # code
    case: str  # number
    batch: str
    applicant: str  # id of who applied: sees it, may hand it out
    agent: str
    holder: Holder
    values: tuple[Value, ...]
    related: str  # key of the licence this one renews, or empty
    decided_date: date  # the validity counts from here
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IssueLicence:
    """签发证照: its paper has been made and sealed."""

    paper: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeliverLicence:
    """发证."""

    how: DeliveredHow
    recipient: str
    by: str  # empty: the electronic one, by itself
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SuspendLicence:
    """暂停."""

    reason: str
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResumeLicence:
    """恢复."""

    reason: str
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevokeLicence:
    """撤销."""

    ground: RevocationGround
    reason: str
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelLicence:
    """注销."""

    ground: CancellationGround
    reason: str
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReissueLicence:
    """换发、补发: the next version, with the same serial and the same last day."""

    why: ReissueReason
    reason: str
    holder: Holder
    values: tuple[Value, ...]
    by: Signatory
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplyForRenewal:
    """申请延续: a case was filed to renew it."""

    case: str
    applicant: str  # id, to be the holder or whoever applied for the licence
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndRenewal:
    """延续申请已办结 without a new licence: refused, withdrawn or not accepted."""

    case: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplaceLicence:
    """换证: the renewal's licence has been issued."""

    successor: str  # key of the licence that takes its place
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeemRenewed:
    """视为准予延续: applied for in time, and nobody decided before the last day was over."""

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
    serial: Sealed
    identifier: Sealed
    applicant: Sealed
    agent: Sealed
    holder_kind: str
    holder: Sealed  # id
    holder_name: Sealed
    holder_number: Sealed
    values: Sealed  # canonical JSON, a list of Value
    related: str
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
