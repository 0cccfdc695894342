"""What may be asked of a project."""

from dataclasses import dataclass
from datetime import datetime

from mingtang.core.trading.announcing import EarlierLots, Procedures
from mingtang.core.trading.codes import TradeCode
from mingtang.core.trading.kinds import Kind
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.projects.content import LotOutcome, ProjectContent
from mingtang.core.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class EnterProject:
    """录入项目. Looked up: the centre `by` enters projects at; the kind, if it is traded now; the
    next trade code of the day, if the centre has a credit code to make it from."""

    content: ProjectContent
    centre: str
    kind: Kind | None
    code: TradeCode | None
    enters: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AmendProject:
    """修改项目, as long as it is not submitted."""

    content: ProjectContent
    enters: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SubmitProject:
    """提交审核. What the procedures in use ask of each lot has to be there.

    `earlier`: looked up, the lots its lots offer anew.
    """

    procedures: Procedures
    earlier: EarlierLots
    calendar: WorkCalendar
    enters: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReturnProject:
    """退回修改."""

    reason: str
    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApproveProject:
    """审核通过: by somebody who did not write any of it."""

    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PublishNotice:
    """发布公告: from here on the terms are fixed, each lot by the version in use.

    `number_taken`: looked up, whether another notice has this number.
    """

    number: str
    number_taken: bool
    procedures: Procedures
    earlier: EarlierLots  # looked up, the lots its lots offer anew
    calendar: WorkCalendar
    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChangeNotice:
    """变更公告: facts, and times that move later, before bidding for the lot opens.

    `procedures`: looked up, each in the version the notice named.
    """

    lots: tuple[LotContent, ...]  # the changed ones, whole
    reason: str
    procedures: Procedures
    earlier: EarlierLots  # looked up
    calendar: WorkCalendar
    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SuspendProject:
    """中止公告: nothing goes on until a notice says when."""

    reason: str
    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResumeProject:
    """恢复公告: it goes on at `resumes`, some days after this notice."""

    resumes: datetime
    reason: str
    least_days: int  # looked up: RESUMPTION_DAYS, or what a platform's rules say
    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndProject:
    """终止: for good. Before its notice is out, the project is just dropped."""

    reason: str
    reviews: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PublishResult:
    """结果公告 of one lot, once its own stream says how it ended."""

    lot: int
    outcome: LotOutcome
    by: str
    at: datetime


Command = (
    EnterProject
    | AmendProject
    | SubmitProject
    | ReturnProject
    | ApproveProject
    | PublishNotice
    | ChangeNotice
    | SuspendProject
    | ResumeProject
    | EndProject
    | PublishResult
)
