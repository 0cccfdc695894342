"""What the rules remember of a licence, and what every one of them asks first."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.core.decider import require
from mingtang.core.licences.identifier import SIGNS, Identifier, format_identifier
from mingtang.core.licences.terms import Holder
from mingtang.core.wire import ERASED, Sealed

ISSUER_LENGTH = 18


class Stage(StrEnum):
    NONE = "none"
    MAKING = "making"  # 制证中
    VALID = "valid"  # 有效
    SUSPENDED = "suspended"  # 暂停
    REVOKED = "revoked"  # 撤销
    CANCELLED = "cancelled"  # 注销
    REPLACED = "replaced"  # 已换证


ENDED = frozenset({Stage.REVOKED, Stage.CANCELLED, Stage.REPLACED})
EXPIRED = "expired"  # 已过期: how one that was issued is shown after its last day


class HearingStage(StrEnum):
    """How far the hearing before a revocation is (撤销程序)."""

    OPENED = "opened"  # 待告知持有人
    TOLD = "told"  # 已告知，等申辩
    ANSWERED = "answered"  # 持有人已陈述申辩


class RevocationGround(StrEnum):
    """撤销: 行政许可法 art. 69."""

    ABUSE = "abuse"  # 滥用职权、玩忽职守作出
    BEYOND_POWERS = "beyond_powers"  # 超越法定职权
    AGAINST_PROCEDURE = "against_procedure"  # 违反法定程序
    NOT_ELIGIBLE = "not_eligible"  # 不具备申请资格或不符合法定条件
    FRAUD = "fraud"  # 以欺骗、贿赂等不正当手段取得
    OTHER = "other"  # 依法可以撤销的其他情形


@dataclass(frozen=True)
class Hearing:
    stage: HearingStage
    ground: RevocationGround | None = None  # that the holder was told
    answer_due: date | None = None  # last day to answer, once the holder was told

    def is_over(self, today: date) -> bool:
        """Whether the holder was heard, or had their time."""
        late = self.answer_due is not None and today > self.answer_due
        return self.stage is HearingStage.ANSWERED or late


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
    suspended: bool = False  # also while the next version is being made
    sent: bool = False  # this version, electronically
    delivered: bool = False  # this version, into a hand
    renewal: str = ""  # case that applies for its renewal
    renewal_in_time: bool = False
    deemed: str = ""  # case that was deemed to have renewed it
    hearing: Hearing | None = None  # before a revocation

    def expired(self, today: date) -> bool:
        return self.valid_to is not None and today > self.valid_to


def shown(stage: Stage, valid_to: date | None, today: date) -> str:
    """Return how a licence stands today: its stage, or "expired"."""
    if stage in (Stage.VALID, Stage.SUSPENDED) and valid_to is not None and today > valid_to:
        return EXPIRED
    return stage.value


def require_standing(licence: State) -> None:
    require(licence.stage is not Stage.NONE, "licence.unknown")
    require(licence.stage not in ENDED, "licence.ended")


def identifier_of(licence: State, version: int) -> Sealed:
    """Return the identifier (证照标识) of a version. Refuses what has been erased."""
    require(licence.serial != ERASED, "licence.erased")
    return identifier(licence.type_code, licence.issuer, licence.serial, version)


def identifier(type: str, issuer: str, serial: str, version: int) -> Sealed:
    proper = 0 < len(issuer) <= ISSUER_LENGTH and not {*issuer} - {*SIGNS}
    require(proper, "licence.issuer-unknown")
    return Sealed(format_identifier(Identifier(type, issuer, serial, version)))
