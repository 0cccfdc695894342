"""What may have happened to a need. Who publishes, and for which case, is sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.special import SpecialKind
from mingtang.core.cases.terms import Document
from mingtang.core.intermediaries.choosing import Entrant
from mingtang.core.intermediaries.needs.terms import Mark, NeedTerms, PublisherKind, Scorer
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class NeedPublished:
    kind: ClassVar[str] = "need.published.v1"
    terms: NeedTerms
    publisher_kind: PublisherKind
    publisher: Sealed
    publisher_name: Sealed
    case: Sealed  # number; empty: for no case
    seed: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedSignedUp:
    """The digest binds body, quotation and nonce; all are published at the opening."""

    kind: ClassVar[str] = "need.signed-up.v1"
    no: int
    digest: str
    body: Sealed
    body_name: Sealed
    price_fen: Sealed
    nonce: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedSignUpWithdrawn:
    """What was sealed with it stays sealed: nobody learns who it was, or what they quoted."""

    kind: ClassVar[str] = "need.sign-up-withdrawn.v1"
    no: int
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedOpened:
    kind: ClassVar[str] = "need.opened.v1"
    seed: str
    entrants: tuple[Entrant, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedScored:
    kind: ClassVar[str] = "need.scored.v1"
    body: str
    marks: tuple[Mark, ...]
    scorer: Scorer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedChosen:
    """选取结果公告. `price_fen`: the quotation; 0 where none was asked."""

    kind: ClassVar[str] = "need.chosen.v1"
    body: str
    body_name: str
    price_fen: int
    by: Sealed  # empty: the published formula, when the time came
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedFailed:
    kind: ClassVar[str] = "need.failed.v1"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedContracted:
    kind: ClassVar[str] = "need.contracted.v1"
    price_fen: int
    days: int
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedServiceBegun:
    kind: ClassVar[str] = "need.service-begun.v1"
    round: int  # 1, and one more after each return
    body: str
    body_name: str
    service: str
    procedure: SpecialKind | None
    items: tuple[str, ...]  # whose review needs it by law
    case: Sealed
    days: int  # working days it may take
    due: date
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedDelivered:
    kind: ClassVar[str] = "need.delivered.v1"
    round: int
    documents: tuple[Document, ...]
    note: Sealed
    case: Sealed
    days: int  # working days this round took
    late_days: int  # of them after it was due
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedAccepted:
    kind: ClassVar[str] = "need.accepted.v1"
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedReturned:
    kind: ClassVar[str] = "need.returned.v1"
    reason: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedRated:
    kind: ClassVar[str] = "need.rated.v1"
    body: str
    stars: int
    comment: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedComplained:
    kind: ClassVar[str] = "need.complained.v1"
    text: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedComplaintAnswered:
    kind: ClassVar[str] = "need.complaint-answered.v1"
    body: str
    upheld: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedEnded:
    kind: ClassVar[str] = "need.ended.v1"
    round: int  # of the service that was under way; 0: none was
    case: Sealed
    reason: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedTimeExcluded:
    kind: ClassVar[str] = "need.time-excluded.v1"
    round: int
    since: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedTimeCounted:
    kind: ClassVar[str] = "need.time-counted.v1"
    round: int
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedTimeResumed:
    kind: ClassVar[str] = "need.time-resumed.v1"
    round: int
    days: int
    at: datetime


Event = (
    NeedPublished
    | NeedSignedUp
    | NeedSignUpWithdrawn
    | NeedOpened
    | NeedScored
    | NeedChosen
    | NeedFailed
    | NeedContracted
    | NeedServiceBegun
    | NeedDelivered
    | NeedAccepted
    | NeedReturned
    | NeedRated
    | NeedComplained
    | NeedComplaintAnswered
    | NeedEnded
    | NeedTimeExcluded
    | NeedTimeCounted
    | NeedTimeResumed
)
