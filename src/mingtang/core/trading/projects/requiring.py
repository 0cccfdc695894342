"""What more than one act asks of a project."""

from mingtang.core.decider import require
from mingtang.core.trading.projects.commands import ApproveProject, PublishNotice, ReturnProject
from mingtang.core.trading.projects.content import LONGEST_REASON
from mingtang.core.trading.projects.state import State, Status


def require_status(state: State, *statuses: Status) -> None:
    """Raises Refused: trade.wrong-status (facts: status)."""
    require(state.status in statuses, "trade.wrong-status", status=state.status.value)


def require_reviewer(state: State, command: ReturnProject | ApproveProject | PublishNotice) -> None:
    """Two persons: whoever wrote any of it does not review it."""
    require(command.reviews, "trade.not-a-reviewer")
    require(command.by not in state.authors, "trade.own-project")


def require_reason(reason: str) -> None:
    """Raises Refused: trade.reason-missing, trade.reason-too-long (facts: limit)."""
    require(bool(reason.strip()), "trade.reason-missing")
    require(len(reason) <= LONGEST_REASON, "trade.reason-too-long", limit=LONGEST_REASON)
