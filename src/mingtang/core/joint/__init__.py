"""A joint case (并联审批件): one application, a branch for every item, one result.

    filed ──accept──▶ handling ──all branches ended──▶ concluding ──▶ granted | partly | refused
      └──── every branch ended without a decision ────▶ lapsed

The branches are ordinary cases (办件), filed in the same commit, each with its own department,
clock, decision and papers. Read filing, joining, consulting, extending, withdrawing. Sources:
行政许可法 art. 26 para. 2, art. 42 para. 2; 优化营商环境条例 art. 41, 42.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mingtang.core.decider import Decider
from mingtang.core.joint import consulting, extending, filing, joining, withdrawing
from mingtang.core.joint.consulting import (
    AnswerConsultation,
    AskDepartments,
    ConsultationAnswered,
    DepartmentsAsked,
)
from mingtang.core.joint.extending import (
    AnswerExtension,
    AskExtension,
    ExtensionAsked,
    ExtensionDenied,
    JointExtended,
)
from mingtang.core.joint.filing import FileJoint, JointFiled
from mingtang.core.joint.joining import (
    AcceptJoint,
    BranchClosed,
    BranchesJoined,
    ConcludeJoint,
    JointAccepted,
    JointConcluded,
    JointLapsed,
    JointPauseNoted,
    JointRedated,
    TakeStock,
)
from mingtang.core.joint.state import (
    EXTENSION_BASIS,
    OPEN,
    WAITING,
    Branch,
    Consultation,
    JointStage,
    Standing,
    State,
    term_of,
)
from mingtang.core.joint.withdrawing import JointWithdrawn, WithdrawJoint

Command = (
    FileJoint
    | AcceptJoint
    | TakeStock
    | AskDepartments
    | AnswerConsultation
    | AskExtension
    | AnswerExtension
    | ConcludeJoint
    | WithdrawJoint
)
Event = (
    JointFiled
    | JointAccepted
    | BranchClosed
    | JointPauseNoted
    | JointRedated
    | DepartmentsAsked
    | ConsultationAnswered
    | ExtensionAsked
    | JointExtended
    | ExtensionDenied
    | BranchesJoined
    | JointLapsed
    | JointConcluded
    | JointWithdrawn
)
EVENTS = (
    JointFiled,
    JointAccepted,
    BranchClosed,
    JointPauseNoted,
    JointRedated,
    DepartmentsAsked,
    ConsultationAnswered,
    ExtensionAsked,
    JointExtended,
    ExtensionDenied,
    BranchesJoined,
    JointLapsed,
    JointConcluded,
    JointWithdrawn,
)

_DECIDE: Mapping[type[Command], Callable[[State, Any], Sequence[Event]]] = {
    FileJoint: filing.file,
    AcceptJoint: joining.accept,
    TakeStock: joining.take_stock,
    AskDepartments: consulting.ask,
    AnswerConsultation: consulting.answer,
    AskExtension: extending.ask,
    AnswerExtension: extending.answer,
    ConcludeJoint: joining.conclude,
    WithdrawJoint: withdrawing.withdraw,
}
_EVOLVE: Mapping[type[Event], Callable[[State, Any], State]] = {
    JointFiled: filing.filed,
    JointAccepted: joining.accepted,
    BranchClosed: joining.branch_closed,
    JointPauseNoted: joining.pause_noted,
    JointRedated: joining.redated,
    DepartmentsAsked: consulting.asked,
    ConsultationAnswered: consulting.answered,
    ExtensionAsked: extending.asked,
    JointExtended: extending.extended,
    ExtensionDenied: extending.denied,
    BranchesJoined: joining.joined,
    JointLapsed: joining.lapsed,
    JointConcluded: joining.concluded,
    JointWithdrawn: withdrawing.withdrawn,
}


def decide(joint: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to. The refusals stand with each rule."""
    return _DECIDE[type(command)](joint, command)


def evolve(joint: State, event: Event) -> State:
    return _EVOLVE[type(event)](joint, event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = [
    "DECIDER",
    "EVENTS",
    "EXTENSION_BASIS",
    "OPEN",
    "WAITING",
    "AcceptJoint",
    "AnswerConsultation",
    "AnswerExtension",
    "AskDepartments",
    "AskExtension",
    "Branch",
    "BranchClosed",
    "BranchesJoined",
    "Command",
    "ConcludeJoint",
    "Consultation",
    "ConsultationAnswered",
    "DepartmentsAsked",
    "Event",
    "ExtensionAsked",
    "ExtensionDenied",
    "FileJoint",
    "JointAccepted",
    "JointConcluded",
    "JointExtended",
    "JointFiled",
    "JointLapsed",
    "JointPauseNoted",
    "JointRedated",
    "JointStage",
    "JointWithdrawn",
    "Standing",
    "State",
    "TakeStock",
    "WithdrawJoint",
    "term_of",
]
