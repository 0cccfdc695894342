"""What becomes of a notice: changed, suspended, resumed, ended, its result."""

from dataclasses import replace
from datetime import datetime, timedelta

from mingtang.core.decider import require
from mingtang.core.trading.announcing import require_announceable
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.projects.commands import (
    ChangeNotice,
    EndProject,
    PublishResult,
    ResumeProject,
)
from mingtang.core.trading.projects.events import (
    NoticeChanged,
    ProjectEnded,
    ProjectResumed,
    ResultPublished,
)
from mingtang.core.trading.projects.requiring import require_reason, require_status
from mingtang.core.trading.projects.state import OUT, State, Status
from mingtang.core.trading.timetables import never_earlier

# What a change notice may say anew: everything else was what bidders counted on.
CHANGEABLE = ("title", "facts", "unit", "times", "priority", "appraisal_fen")


def change(state: State, command: ChangeNotice) -> NoticeChanged:
    """Raises Refused: trade.unchanged, and of one lot (facts: lot) trade.lot-unknown,
    trade.lot-bidding-open, trade.lot-terms-fixed, trade.lot-time-earlier."""
    require(command.reviews, "trade.not-a-reviewer")
    require_status(state, Status.PUBLISHED)
    require_reason(command.reason)
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


def resume(state: State, command: ResumeProject) -> ProjectResumed:
    """Raises Refused: trade.resumes-too-soon (facts: days)."""
    require(command.reviews, "trade.not-a-reviewer")
    require_status(state, Status.SUSPENDED)
    require_reason(command.reason)
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


def end(state: State, command: EndProject) -> ProjectEnded:
    """End a project (终止)."""
    require(command.reviews, "trade.not-a-reviewer")
    ended = state.status in (Status.NONE, Status.ENDED, Status.COMPLETED)
    require(not ended, "trade.wrong-status", status=state.status.value)
    require_reason(command.reason)
    no = state.notices + 1 if state.notices else 0
    return ProjectEnded(no=no, reason=command.reason, by=command.by, at=command.at)


def result(state: State, command: PublishResult) -> ResultPublished:
    """Raises Refused: trade.lot-unknown, trade.lot-has-result (facts: lot)."""
    require_status(state, *OUT)
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
