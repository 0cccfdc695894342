"""Withdrawal (整体撤回): the applicant takes back whatever of it is still open, in one act.

What a department has decided already stands, and is said: a decision is contested or given up
by other means. Each branch that is withdrawn is closed by its own event, in the same commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.decider import require
from mingtang.core.joint.state import OPEN, Standing, State, require_known
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class WithdrawJoint:
    """撤回全部分项, by the applicant or whoever applied for them."""

    person: str
    represents: frozenset[str] = frozenset()  # for whom else this person may act today
    branches: tuple[Standing, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointWithdrawn:
    """Of its branches, which were taken back and which had ended before."""

    kind: ClassVar[str] = "joint.withdrawn.v1"
    withdrawn: tuple[str, ...]  # cases
    kept: tuple[str, ...]
    reason: Sealed
    at: datetime


def withdraw(joint: State, command: WithdrawJoint) -> Sequence[JointWithdrawn]:
    """Refusals: joint.unknown, case.not-yours, joint.closed, joint.nothing-to-withdraw."""
    require_known(joint)
    filers = {joint.applicant, joint.agent} - {""}
    own = command.person in filers or joint.applicant in command.represents
    require(own, "case.not-yours")
    require(joint.stage in OPEN, "joint.closed")
    still_open = tuple(one.case for one in command.branches if not one.is_closed)
    require(bool(still_open), "joint.nothing-to-withdraw")
    return [
        JointWithdrawn(
            withdrawn=still_open,
            kept=tuple(one.case for one in command.branches if one.is_closed),
            reason=Sealed(command.reason),
            at=command.at,
        )
    ]


def withdrawn(joint: State, event: JointWithdrawn) -> State:
    return replace(joint, withdrawn=event.withdrawn)
