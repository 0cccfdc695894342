"""The sub-account itself (子账号): opened for one application, registered by the bank, closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.decider import require
from mingtang.core.trading.banking import fen_of, moment_of, sealed_fen, sealed_moment
from mingtang.core.trading.deposits.state import State
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class OpenSubAccount:
    """开立子账号: one for each application, its number used once and never again."""

    account: str
    due_fen: int
    deadline: datetime
    payer_name: str  # who is expected to pay
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RegisterSubAccount:
    """The bank has opened it: from now on it takes money."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class CloseSubAccount:
    """销户: nothing is left on it."""

    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SubAccountOpened:
    kind: ClassVar[str] = "deposit.opened.v1"
    account: Sealed
    due_fen: Sealed
    deadline: Sealed  # the last moment in time
    payer_name: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SubAccountRegistered:
    kind: ClassVar[str] = "deposit.registered.v1"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SubAccountClosed:
    kind: ClassVar[str] = "deposit.closed.v1"
    by: str
    at: datetime


def open_account(state: State, command: OpenSubAccount) -> Sequence[SubAccountOpened]:
    """Refusals: deposit.already-open, deposit.account-missing, deposit.amount-wrong."""
    require(state.account == "", "deposit.already-open")
    require(command.account.strip() != "", "deposit.account-missing")
    require(command.due_fen > 0, "deposit.amount-wrong")
    return [
        SubAccountOpened(
            account=Sealed(command.account),
            due_fen=sealed_fen(command.due_fen),
            deadline=sealed_moment(command.deadline),
            payer_name=Sealed(command.payer_name),
            at=command.at,
        )
    ]


def opened(state: State, event: SubAccountOpened) -> State:
    return replace(
        state,
        account=event.account,
        due_fen=fen_of(event.due_fen),
        deadline=moment_of(event.deadline),
        payer_name=event.payer_name,
    )


def register(state: State, command: RegisterSubAccount) -> Sequence[SubAccountRegistered]:
    """Refusals: deposit.already-registered."""
    require(not state.registered, "deposit.already-registered")
    return [SubAccountRegistered(at=command.at)]


def registered(state: State, _event: SubAccountRegistered) -> State:
    return replace(state, registered=True)


def close(state: State, command: CloseSubAccount) -> Sequence[SubAccountClosed]:
    """Refusals: deposit.not-treasurer, deposit.not-empty."""
    require(command.may_manage, "deposit.not-treasurer")
    kept = sum(one.amount_fen for one in state.kept if one.waiting)
    left = state.held_fen + state.surplus_fen + state.payable_fen + kept
    require(left == 0, "deposit.not-empty")
    return [SubAccountClosed(by=command.by, at=command.at)]


def closed(state: State, _event: SubAccountClosed) -> State:
    return replace(state, closed=True)
