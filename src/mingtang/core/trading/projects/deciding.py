"""Which act leads to which event."""

from collections.abc import Sequence
from typing import assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.trading.projects.after import change, end, result, resume
from mingtang.core.trading.projects.commands import (
    AmendProject,
    ApproveProject,
    ChangeNotice,
    Command,
    EndProject,
    EnterProject,
    PublishNotice,
    PublishResult,
    ResumeProject,
    ReturnProject,
    SubmitProject,
    SuspendProject,
)
from mingtang.core.trading.projects.events import (
    Event,
    ProjectApproved,
    ProjectReturned,
    ProjectSuspended,
)
from mingtang.core.trading.projects.requiring import (
    require_reason,
    require_reviewer,
    require_status,
)
from mingtang.core.trading.projects.state import State, Status, evolve
from mingtang.core.trading.projects.writing import amend, enter, publish, submit
from mingtang.core.wire import Sealed


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
            return [enter(state, command)]
        case AmendProject():
            return [amend(state, command)]
        case SubmitProject():
            return [submit(state, command)]
        case ReturnProject():
            require_reviewer(state, command)
            require_status(state, Status.SUBMITTED, Status.APPROVED)
            require_reason(command.reason)
            return [ProjectReturned(reason=Sealed(command.reason), by=command.by, at=command.at)]
        case ApproveProject():
            require_reviewer(state, command)
            require_status(state, Status.SUBMITTED)
            return [ProjectApproved(by=command.by, at=command.at)]
        case PublishNotice():
            return [publish(state, command)]
        case ChangeNotice():
            return [change(state, command)]
        case SuspendProject():
            require(command.reviews, "trade.not-a-reviewer")
            require_status(state, Status.PUBLISHED)
            require_reason(command.reason)
            no, reason = state.notices + 1, command.reason
            return [ProjectSuspended(no=no, reason=reason, by=command.by, at=command.at)]
        case ResumeProject():
            return [resume(state, command)]
        case EndProject():
            return [end(state, command)]
        case PublishResult():
            return [result(state, command)]
        case _:
            assert_never(command)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
