"""A project is written, handed in, reviewed and announced."""

from dataclasses import replace

from mingtang.core.decider import Refused, require
from mingtang.core.trading.announcing import require_announceable
from mingtang.core.trading.projects.commands import (
    AmendProject,
    EnterProject,
    PublishNotice,
    SubmitProject,
)
from mingtang.core.trading.projects.content import (
    LONGEST,
    LONGEST_NUMBER,
    MOST_BYTES,
    MOST_LOTS,
    ProjectContent,
    written_as,
)
from mingtang.core.trading.projects.events import (
    NoticePublished,
    ProjectAmended,
    ProjectEntered,
    ProjectSubmitted,
)
from mingtang.core.trading.projects.requiring import require_reviewer, require_status
from mingtang.core.trading.projects.state import WRITTEN, State, Status
from mingtang.core.wire import canonical


def enter(state: State, command: EnterProject) -> ProjectEntered:
    """Enter a project (录入)."""
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


def amend(state: State, command: AmendProject) -> ProjectAmended:
    """Write a project otherwise (修改)."""
    require(command.enters, "trade.not-an-officer")
    require_status(state, *WRITTEN)
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


def submit(state: State, command: SubmitProject) -> ProjectSubmitted:
    """Hand a project in for review (提交审核)."""
    require(command.enters, "trade.not-an-officer")
    require_status(state, *WRITTEN)
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


def publish(state: State, command: PublishNotice) -> NoticePublished:
    """Put up the notice of a project (发布公告)."""
    require_reviewer(state, command)
    require_status(state, Status.APPROVED)
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
