"""What happened to a project."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mingtang.core.trading.kinds import TradeCategory
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.projects.content import LotOutcome, ProjectContent
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class ProjectEntered:
    kind: ClassVar[str] = "trade.entered.v1"
    centre: str  # code of the organisation whose floor it comes to
    trade_code: str  # 统一交易标识码
    trade_kind: str
    category: TradeCategory
    business: str  # of the national portal
    text: Sealed  # canonical JSON of ProjectContent; public with the notice
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectAmended:
    kind: ClassVar[str] = "trade.amended.v1"
    text: Sealed  # canonical JSON of ProjectContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectSubmitted:
    kind: ClassVar[str] = "trade.submitted.v1"
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectReturned:
    kind: ClassVar[str] = "trade.returned.v1"
    reason: Sealed  # it speaks of what is not public yet
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectApproved:
    kind: ClassVar[str] = "trade.approved.v1"
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticePublished:
    """`content` names the version of its procedure in every lot."""

    kind: ClassVar[str] = "trade.notice-published.v1"
    number: str
    content: ProjectContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeChanged:
    kind: ClassVar[str] = "trade.notice-changed.v1"
    no: int  # of the project's notices; the first one is 1
    lots: tuple[LotContent, ...]  # the changed ones, whole
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectSuspended:
    kind: ClassVar[str] = "trade.suspended.v1"
    no: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectResumed:
    kind: ClassVar[str] = "trade.resumed.v1"
    no: int
    resumes: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectEnded:
    kind: ClassVar[str] = "trade.ended.v1"
    no: int  # 0: dropped before its notice was out
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultPublished:
    kind: ClassVar[str] = "trade.result-published.v1"
    no: int
    lot: int
    outcome: LotOutcome
    by: str
    at: datetime


Event = (
    ProjectEntered
    | ProjectAmended
    | ProjectSubmitted
    | ProjectReturned
    | ProjectApproved
    | NoticePublished
    | NoticeChanged
    | ProjectSuspended
    | ProjectResumed
    | ProjectEnded
    | ResultPublished
)
