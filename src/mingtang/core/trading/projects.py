"""A trading project (交易项目): from entering it to its notice, and what becomes of the notice.

    entered ──submit──▶ submitted ──approve──▶ approved ──publish notice──▶ published
       ▲                   └──────return──────────┘ │                        │  ▲ │
       └──amend──── returned ◀──────────────────────┘                 suspend▼  │ └─▶ completed
                                                                    suspended ──┘ resume

Whoever entered a project does not review it. What is entered stays sealed until the notice is
out, so that everybody learns of a lot at the same moment. A notice that is out is never altered:
what changes is said in a notice of its own. Prices, deposit and procedure never change: that
would be another offer, for which this one is ended.
Sources: 拍卖法 arts. 45-47; 39号令 arts. 8-12; the rule to resume after a notice is that of a
deployed land trading system (field notes, mark A for the system, no article seen).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, Refused, require
from mingtang.core.trading.announcing import EarlierLots, Procedures, require_announceable
from mingtang.core.trading.codes import TradeCode
from mingtang.core.trading.kinds import Kind, TradeCategory
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.timetables import never_earlier
from mingtang.core.wire import ERASED, Sealed, canonical, read
from mingtang.core.worktime import WorkCalendar

MOST_LOTS = 30
MOST_BYTES = 56_000  # of a project in the log, whose entries end at 65,535
LONGEST = {  # characters
    "title": 200,
    "seller": 120,
    "seller_code": 18,
    "region": 120,
    "summary": 4_000,
    "contact": 300,
}
LONGEST_REASON, LONGEST_NUMBER = 500, 60
RESUMPTION_DAYS = 5  # from the notice of resumption to the resumption itself, at least


class NoticeSort(StrEnum):
    """What a project's own notices are."""

    OFFER = "offer"  # 交易公告
    CHANGE = "change"  # 变更公告
    SUSPENSION = "suspension"  # 中止公告
    RESUMPTION = "resumption"  # 恢复公告
    END = "end"  # 终止公告
    RESULT = "result"  # 结果公告


class Status(StrEnum):
    NONE = "none"
    ENTERED = "entered"  # 已录入
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 已退回
    APPROVED = "approved"  # 审核通过
    PUBLISHED = "published"  # 已公告
    SUSPENDED = "suspended"  # 中止
    ENDED = "ended"  # 终止
    COMPLETED = "completed"  # 已有结果


WRITTEN = (Status.ENTERED, Status.RETURNED)  # may still be written
OUT = (Status.PUBLISHED, Status.SUSPENDED)


class LotOutcome(StrEnum):
    """How a lot ended, as far as a project asks. The rest stands in the lot's own stream."""

    SOLD = "sold"  # 成交
    FAILED = "failed"  # 流拍
    STOPPED = "stopped"  # 终止


@dataclass(frozen=True, kw_only=True)
class ProjectContent:
    """交易项目: everything its notice says."""

    kind: str  # code of a kind of trades
    title: str
    seller: str  # 转让方、出让人、采购人: who sells, or buys in a reverse auction
    seller_code: str = ""  # unified social credit code
    region: str = ""
    summary: str = ""  # conditions, what bidders need, where to look at it
    contact: str = ""
    lots: tuple[LotContent, ...]


# ── Commands ────────────────────────────────────────────────────────────────


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

# ── Events ──────────────────────────────────────────────────────────────────


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
EVENTS = (
    ProjectEntered,
    ProjectAmended,
    ProjectSubmitted,
    ProjectReturned,
    ProjectApproved,
    NoticePublished,
    NoticeChanged,
    ProjectSuspended,
    ProjectResumed,
    ProjectEnded,
    ResultPublished,
)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class State:
    status: Status = Status.NONE
    content: ProjectContent | None = None  # None once entered: its sealed text was erased
    authors: frozenset[str] = frozenset()  # whoever wrote any of it
    noticed: datetime | None = None  # when its notice went up
    notices: int = 0
    outcomes: tuple[tuple[int, LotOutcome], ...] = ()  # by lot

    @property
    def written(self) -> ProjectContent:
        """What there is of it. Raises Refused: trade.content-erased."""
        if self.content is None:
            raise Refused("trade.content-erased")
        return self.content


def written_as(content: ProjectContent) -> Sealed:
    """Return the sealed text of a project."""
    return Sealed(canonical(content))


def read_content(text: Sealed) -> ProjectContent | None:
    """Return what a sealed text says; None once it is erased."""
    return None if text == ERASED else read(ProjectContent, json.loads(text))


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: trade.not-an-officer, trade.not-a-reviewer, trade.own-project,
    trade.wrong-status (facts: status), trade.content-erased; trade.entered-already,
    trade.kind-not-traded, trade.kind-fixed, trade.centre-without-code, trade.title-missing,
    trade.seller-missing, trade.too-long (facts: limit), trade.too-much, trade.too-many-lots
    (facts: most), trade.unchanged; trade.no-lots, trade.lots-misnumbered, and what `announcing`
    says of a lot; trade.number-missing, trade.number-taken; trade.reason-missing,
    trade.reason-too-long; and what change, resumption and result say below.
    """
    match command:
        case EnterProject():
            return [_enter(state, command)]
        case AmendProject():
            return [_amend(state, command)]
        case SubmitProject():
            return [_submit(state, command)]
        case ReturnProject():
            _require_reviewer(state, command)
            _require_status(state, Status.SUBMITTED, Status.APPROVED)
            _require_reason(command.reason)
            return [ProjectReturned(reason=Sealed(command.reason), by=command.by, at=command.at)]
        case ApproveProject():
            _require_reviewer(state, command)
            _require_status(state, Status.SUBMITTED)
            return [ProjectApproved(by=command.by, at=command.at)]
        case PublishNotice():
            return [_publish(state, command)]
        case ChangeNotice():
            return [_change(state, command)]
        case SuspendProject():
            require(command.reviews, "trade.not-a-reviewer")
            _require_status(state, Status.PUBLISHED)
            _require_reason(command.reason)
            no, reason = state.notices + 1, command.reason
            return [ProjectSuspended(no=no, reason=reason, by=command.by, at=command.at)]
        case ResumeProject():
            return [_resume(state, command)]
        case EndProject():
            return [_end(state, command)]
        case PublishResult():
            return [_result(state, command)]
        case _:
            assert_never(command)


def _require_status(state: State, *statuses: Status) -> None:
    require(state.status in statuses, "trade.wrong-status", status=state.status.value)


def _require_reviewer(
    state: State, command: ReturnProject | ApproveProject | PublishNotice
) -> None:
    """Two persons: whoever wrote any of it does not review it."""
    require(command.reviews, "trade.not-a-reviewer")
    require(command.by not in state.authors, "trade.own-project")


def _require_reason(reason: str) -> None:
    require(bool(reason.strip()), "trade.reason-missing")
    require(len(reason) <= LONGEST_REASON, "trade.reason-too-long", limit=LONGEST_REASON)


# ── Written and reviewed ────────────────────────────────────────────────────


def _enter(state: State, command: EnterProject) -> ProjectEntered:
    require(state.status is Status.NONE, "trade.entered-already")
    require(command.enters, "trade.not-an-officer")
    kind, code = command.kind, command.code
    if kind is None or kind.code != command.content.kind:
        raise Refused("trade.kind-not-traded")
    if code is None:
        raise Refused("trade.centre-without-code")
    _require_writable(command.content)
    return ProjectEntered(
        centre=command.centre,
        trade_code=str(code),
        trade_kind=kind.code,
        category=kind.category,
        business=kind.business,
        text=written_as(command.content),
        by=command.by,
        at=command.at,
    )


def _amend(state: State, command: AmendProject) -> ProjectAmended:
    require(command.enters, "trade.not-an-officer")
    _require_status(state, *WRITTEN)
    # the trade code, which is for the whole life of a project, begins with the kind
    kept = state.content is None or command.content.kind == state.content.kind
    require(kept, "trade.kind-fixed")
    _require_writable(command.content)
    require(command.content != state.content, "trade.unchanged")
    return ProjectAmended(text=written_as(command.content), by=command.by, at=command.at)


def _require_writable(content: ProjectContent) -> None:
    """What may be kept of a project, finished or not."""
    require(bool(content.title.strip()), "trade.title-missing")
    for element, limit in LONGEST.items():
        require(len(getattr(content, element)) <= limit, "trade.too-long", limit=limit)
    require(len(content.lots) <= MOST_LOTS, "trade.too-many-lots", most=MOST_LOTS)
    require(len(canonical(content).encode()) <= MOST_BYTES, "trade.too-much")


def _submit(state: State, command: SubmitProject) -> ProjectSubmitted:
    require(command.enters, "trade.not-an-officer")
    _require_status(state, *WRITTEN)
    _require_complete(state.written, command)
    return ProjectSubmitted(by=command.by, at=command.at)


def _require_complete(content: ProjectContent, command: SubmitProject | PublishNotice) -> None:
    require(bool(content.seller.strip()), "trade.seller-missing")
    require(bool(content.lots), "trade.no-lots")
    numbers = [lot.no for lot in content.lots]
    require(numbers == [*range(1, len(numbers) + 1)], "trade.lots-misnumbered")
    require_announceable(
        content.lots,
        command.procedures,
        noticed=command.at,
        calendar=command.calendar,
        earlier=command.earlier,
    )


def _publish(state: State, command: PublishNotice) -> NoticePublished:
    _require_reviewer(state, command)
    _require_status(state, Status.APPROVED)
    number = command.number.strip()
    require(0 < len(number) <= LONGEST_NUMBER, "trade.number-missing", limit=LONGEST_NUMBER)
    require(not command.number_taken, "trade.number-taken")
    content = state.written
    _require_complete(content, command)
    lots = tuple(
        replace(lot, procedure_version=command.procedures[lot.procedure].version)
        for lot in content.lots
    )
    return NoticePublished(
        number=number, content=replace(content, lots=lots), by=command.by, at=command.at
    )


# ── What becomes of a notice ────────────────────────────────────────────────

# What a change notice may say anew: everything else was what bidders counted on.
CHANGEABLE = ("title", "facts", "unit", "times", "priority", "appraisal_fen")


def _change(state: State, command: ChangeNotice) -> NoticeChanged:
    """Raises Refused: trade.unchanged, and of one lot (facts: lot) trade.lot-unknown,
    trade.lot-bidding-open, trade.lot-terms-fixed, trade.lot-time-earlier."""
    require(command.reviews, "trade.not-a-reviewer")
    _require_status(state, Status.PUBLISHED)
    _require_reason(command.reason)
    known = {lot.no: lot for lot in state.written.lots}
    require(bool(command.lots), "trade.unchanged")
    require(len({lot.no for lot in command.lots}) == len(command.lots), "trade.lots-misnumbered")
    for lot in command.lots:
        require(lot.no in known, "trade.lot-unknown", lot=lot.no)
        _require_changeable(known[lot.no], lot, command.at)
    assert state.noticed is not None
    require_announceable(
        command.lots,
        command.procedures,
        noticed=state.noticed,
        calendar=command.calendar,
        earlier=command.earlier,
    )
    return NoticeChanged(
        no=state.notices + 1,
        lots=command.lots,
        reason=command.reason,
        by=command.by,
        at=command.at,
    )


def _require_changeable(before: LotContent, after: LotContent, at: datetime) -> None:
    require(before != after, "trade.unchanged")
    require(at < before.times.opens, "trade.lot-bidding-open", lot=before.no)
    others = {name: getattr(before, name) for name in CHANGEABLE}
    require(replace(after, **others) == before, "trade.lot-terms-fixed", lot=before.no)
    later = never_earlier(before.times, after.times)
    require(later, "trade.lot-time-earlier", lot=before.no)


def _resume(state: State, command: ResumeProject) -> ProjectResumed:
    """Raises Refused: trade.resumes-too-soon (facts: days)."""
    require(command.reviews, "trade.not-a-reviewer")
    _require_status(state, Status.SUSPENDED)
    _require_reason(command.reason)
    soonest = command.at + timedelta(days=command.least_days)
    in_time = command.resumes >= soonest
    require(in_time, "trade.resumes-too-soon", days=command.least_days)
    return ProjectResumed(
        no=state.notices + 1,
        resumes=command.resumes,
        reason=command.reason,
        by=command.by,
        at=command.at,
    )


def _end(state: State, command: EndProject) -> ProjectEnded:
    require(command.reviews, "trade.not-a-reviewer")
    ended = state.status in (Status.NONE, Status.ENDED, Status.COMPLETED)
    require(not ended, "trade.wrong-status", status=state.status.value)
    _require_reason(command.reason)
    no = state.notices + 1 if state.notices else 0
    return ProjectEnded(no=no, reason=command.reason, by=command.by, at=command.at)


def _result(state: State, command: PublishResult) -> ResultPublished:
    """Raises Refused: trade.lot-unknown, trade.lot-has-result (facts: lot)."""
    _require_status(state, *OUT)
    known = [lot.no for lot in state.written.lots]
    require(command.lot in known, "trade.lot-unknown", lot=command.lot)
    told = command.lot in dict(state.outcomes)
    require(not told, "trade.lot-has-result", lot=command.lot)
    return ResultPublished(
        no=state.notices + 1,
        lot=command.lot,
        outcome=command.outcome,
        by=command.by,
        at=command.at,
    )


# ── What then is ────────────────────────────────────────────────────────────


def evolve(state: State, event: Event) -> State:
    match event:
        case ProjectEntered() | ProjectAmended():
            status = Status.ENTERED if isinstance(event, ProjectEntered) else state.status
            return replace(
                state,
                status=status,
                content=read_content(event.text),
                authors=state.authors | {event.by},
            )
        case ProjectSubmitted():
            authors = state.authors | {event.by}
            return replace(state, status=Status.SUBMITTED, authors=authors)
        case ProjectReturned():
            return replace(state, status=Status.RETURNED)
        case ProjectApproved():
            return replace(state, status=Status.APPROVED)
        case NoticePublished():
            return replace(
                state,
                status=Status.PUBLISHED,
                content=event.content,
                noticed=event.at,
                notices=1,
            )
        case NoticeChanged():
            return replace(state, content=_changed(state, event), notices=event.no)
        case ProjectSuspended():
            return replace(state, status=Status.SUSPENDED, notices=event.no)
        case ProjectResumed():
            return replace(state, status=Status.PUBLISHED, notices=event.no)
        case ProjectEnded():
            return replace(state, status=Status.ENDED, notices=max(event.no, state.notices))
        case ResultPublished():
            return _told(state, event)
        case _:
            assert_never(event)


def _changed(state: State, event: NoticeChanged) -> ProjectContent:
    assert state.content is not None, "a notice that is out is public"
    changed = {lot.no: lot for lot in event.lots}
    lots = tuple(changed.get(lot.no, lot) for lot in state.content.lots)
    return replace(state.content, lots=lots)


def _told(state: State, event: ResultPublished) -> State:
    assert state.content is not None, "a notice that is out is public"
    outcomes = (*state.outcomes, (event.lot, event.outcome))
    complete = len(outcomes) == len(state.content.lots)
    status = Status.COMPLETED if complete else state.status
    return replace(state, status=status, outcomes=outcomes, notices=event.no)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
