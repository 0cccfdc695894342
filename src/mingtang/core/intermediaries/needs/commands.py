"""What may be asked of a need. `own`: whoever asks is its publisher, or acts for them."""

from dataclasses import dataclass
from datetime import date, datetime

from mingtang.core.cases.terms import Document
from mingtang.core.intermediaries.needs.terms import (
    Candidate,
    Mark,
    NeedContent,
    Publisher,
    Scorer,
)
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class PublishNeed:
    """发布采购公告. `case`: number of the case it is for, or empty."""

    need: str
    content: NeedContent
    service: ServiceContent | None  # None: not in force
    publisher: Publisher
    own: bool
    case: str
    case_own: bool  # the case is under way, and the publisher's affair
    invited: Candidate | None  # 直接选取: whom
    seed: str  # random, secret until the opening
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """报名. `price_fen`: the quotation, 0 where none is asked."""

    candidate: Candidate
    price_fen: int
    nonce: str
    represents: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawSignUp:
    """撤回报名, before the time to sign up is over."""

    body: str
    represents: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OpenNeed:
    """开启: the time to sign up is over. `barred`: whom the register bars by now, and why."""

    barred: tuple[tuple[str, str], ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ScoreBody:
    """评分. `may`: of the publishing department's staff, and no agent of a body that signed up."""

    body: str
    marks: tuple[Mark, ...]
    scorer: Scorer
    may: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChooseBest:
    """择优选定: the highest sum of marks."""

    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteContract:
    """登记合同."""

    price_fen: int
    days: int
    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BeginService:
    """开始服务: the body confirms the contract."""

    represents: bool
    by: str
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class DeliverResult:
    """交付成果."""

    documents: tuple[Document, ...]
    note: str
    represents: bool
    by: str
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class AcceptResult:
    """验收."""

    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReturnResult:
    """退回重做. `days`: working days the work on it may take."""

    reason: str
    days: int
    own: bool
    by: str
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class RateService:
    """评价. One star is as easy as five."""

    stars: int
    comment: str
    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplainOfService:
    """投诉."""

    text: str
    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerComplaint:
    """处理投诉. Upheld, the body is suspended."""

    upheld: bool
    reason: str
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndNeed:
    """终止, before the result is accepted: by its publisher, or by the centre."""

    reason: str
    own: bool
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteExcluded:
    """The case said that its clock stands still for this round of the service."""

    round: int
    since: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteCounted:
    """The case said that this round's time is counted, and why."""

    round: int
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteResumed:
    """The case said that its clock goes on. `days`: working days that were not counted."""

    round: int
    days: int
    at: datetime


Command = (
    PublishNeed
    | SignUp
    | WithdrawSignUp
    | OpenNeed
    | ScoreBody
    | ChooseBest
    | NoteContract
    | BeginService
    | DeliverResult
    | AcceptResult
    | ReturnResult
    | RateService
    | ComplainOfService
    | AnswerComplaint
    | EndNeed
    | NoteExcluded
    | NoteCounted
    | NoteResumed
)
