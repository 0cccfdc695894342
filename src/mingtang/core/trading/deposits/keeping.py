"""What is kept (不予退还、转出): a forfeited deposit, or a winner's that goes into the price.

It is not the centre's: `payouts` pays it on to the seller or the court.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.decider import require
from mingtang.core.trading.banking import (
    Account,
    Posting,
    fen_of,
    move,
    sealed_fen,
    sealed_moment,
    yuan_text,
)
from mingtang.core.trading.deposits.state import (
    Kept,
    State,
    TransferTo,
    moved,
    require_reason,
)
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class Forfeit:
    """不予退还. `due_at`: until when it is to be paid on (转付期限)."""

    amount_fen: int
    to: TransferTo
    reason: str
    due_at: datetime
    ended: bool
    founded: bool  # looked up: this bidder defaulted, or was barred
    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """转出: the winner's deposit goes into the price, to the seller or to the court."""

    amount_fen: int
    to: TransferTo
    reason: str
    due_at: datetime
    ended: bool
    founded: bool  # looked up: this bidder won
    may_manage: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositForfeited:
    kind: ClassVar[str] = "deposit.forfeited.v1"
    number: int  # counts what is kept, from 1
    amount_fen: Sealed
    to: Sealed  # of TransferTo
    reason: Sealed
    due_at: Sealed  # until when it is to be paid on
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositTransferred:
    kind: ClassVar[str] = "deposit.transferred.v1"
    number: int  # counts what is kept, from 1
    amount_fen: Sealed
    to: Sealed  # of TransferTo
    reason: Sealed
    due_at: Sealed  # until when it is to be paid on
    by: str
    at: datetime


def keep(
    state: State, command: Forfeit | Transfer
) -> Sequence[DepositForfeited | DepositTransferred]:
    """Refusals: deposit.not-treasurer, deposit.reason-missing, deposit.too-long (facts: limit),
    deposit.not-ended, deposit.not-founded, deposit.amount-wrong,
    deposit.not-so-much (facts: most, in yuan)."""
    require(command.may_manage, "deposit.not-treasurer")
    require_reason(command.reason)
    require(command.ended, "deposit.not-ended")
    require(command.founded, "deposit.not-founded")
    require(command.amount_fen > 0, "deposit.amount-wrong")
    most = state.held_fen
    require(command.amount_fen <= most, "deposit.not-so-much", most=yuan_text(most))
    make = DepositForfeited if isinstance(command, Forfeit) else DepositTransferred
    return [
        make(
            number=len(state.kept) + 1,
            amount_fen=sealed_fen(command.amount_fen),
            to=Sealed(command.to.value),
            reason=Sealed(command.reason),
            due_at=sealed_moment(command.due_at),
            by=command.by,
            at=command.at,
        )
    ]


def kept(state: State, event: DepositForfeited | DepositTransferred) -> State:
    part = Kept(fen_of(event.amount_fen), isinstance(event, DepositForfeited))
    after = replace(state, kept=(*state.kept, part), ended=True)
    return _less_held(after, part.amount_fen)


def keeping_postings(event: DepositForfeited | DepositTransferred) -> tuple[Posting, ...]:
    account = account_of(forfeited=isinstance(event, DepositForfeited))
    return move(fen_of(event.amount_fen), debit=Account.HELD, credit=account)


def account_of(*, forfeited: bool) -> Account:
    """Return the account on which what was kept waits to be paid on."""
    return Account.FORFEITED if forfeited else Account.TRANSFERRED


def _less_held(state: State, amount: int) -> State:
    """Take what is kept from the arrivals in their order."""
    for number, arrival in enumerate(state.arrivals, 1):
        taken = min(arrival.held_fen, amount)
        amount -= taken
        state = moved(state, number, -taken, 0, 0)
    return state
