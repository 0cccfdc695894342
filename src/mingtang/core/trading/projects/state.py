"""What a project is, from what happened to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from mingtang.core.decider import Refused
from mingtang.core.trading.projects.content import LotOutcome, ProjectContent, read_content
from mingtang.core.trading.projects.events import (
    Event,
    NoticeChanged,
    NoticePublished,
    ProjectAmended,
    ProjectApproved,
    ProjectEnded,
    ProjectEntered,
    ProjectResumed,
    ProjectReturned,
    ProjectSubmitted,
    ProjectSuspended,
    ResultPublished,
)


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
