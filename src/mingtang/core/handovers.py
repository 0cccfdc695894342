"""A hand-over between window clerks (交接): a list of open applications that both sign.

    ──offer──▶ offered ──confirm──▶ confirmed
                  ├──decline──▶ declined       the receiver, with a reason
                  └──withdraw──▶ withdrawn     the giver

Five working days run from filing whoever sits at the window (行政许可法 art. 32), so nothing may
fall between two shifts. It says who answers for a case that waits; it takes from no other clerk of
the window the right to handle it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.cases.terms import Officer
from mingtang.core.decider import Decider, Refused, require
from mingtang.core.wire import Sealed

MOST = 200  # cases: what two people can still go through together


class HandoverStage(StrEnum):
    NONE = "none"
    OFFERED = "offered"  # 待确认
    CONFIRMED = "confirmed"  # 已交接
    DECLINED = "declined"  # 未接
    WITHDRAWN = "withdrawn"  # 已收回


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OfferHandover:
    """提出交接. `waiting`: those of the cases that wait at a window of both; `held`: those
    somebody else took over before."""

    handover: str
    cases: tuple[str, ...]
    note: str
    giver: Officer
    receiver: str  # person
    receiver_serves: bool  # takes in applications at all
    waiting: frozenset[str]
    held: frozenset[str]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConfirmHandover:
    """确认交接. `seen`: the list as the receiver read it; `waiting`: those still open; `own`:
    applications of the receiver's own."""

    seen: tuple[str, ...]
    waiting: frozenset[str]
    own: frozenset[str]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeclineHandover:
    """不接."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawHandover:
    """收回交接."""

    by: str
    at: datetime


Command = OfferHandover | ConfirmHandover | DeclineHandover | WithdrawHandover

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class HandoverOffered:
    kind: ClassVar[str] = "handover.offered.v1"
    handover: str
    cases: tuple[str, ...]
    note: Sealed
    giver: Officer
    receiver: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HandoverConfirmed:
    kind: ClassVar[str] = "handover.confirmed.v1"
    cases: tuple[str, ...]  # taken over
    finished: tuple[str, ...]  # handled by somebody since it was offered
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HandoverDeclined:
    kind: ClassVar[str] = "handover.declined.v1"
    reason: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HandoverWithdrawn:
    kind: ClassVar[str] = "handover.withdrawn.v1"
    by: str
    at: datetime


Event = HandoverOffered | HandoverConfirmed | HandoverDeclined | HandoverWithdrawn
EVENTS = (HandoverOffered, HandoverConfirmed, HandoverDeclined, HandoverWithdrawn)


@dataclass(frozen=True)
class State:
    stage: HandoverStage = HandoverStage.NONE
    cases: tuple[str, ...] = ()
    giver: str = ""
    receiver: str = ""


# ── The rules ───────────────────────────────────────────────────────────────


def decide(handover: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: handover.already-offered, handover.to-oneself, handover.receiver-not-at-window,
    handover.empty, handover.too-many (facts: limit), handover.repeated, handover.not-waiting
    (facts: number), handover.held-by-another (facts: number); handover.not-offered,
    handover.not-receiver, handover.list-differs, handover.own-case (facts: number),
    handover.all-finished; handover.reason-missing; handover.not-giver.
    """
    match command:
        case OfferHandover():
            return [_offer(handover, command)]
        case _:
            require(handover.stage is HandoverStage.OFFERED, "handover.not-offered")
    match command:
        case ConfirmHandover():
            return [_confirm(handover, command)]
        case DeclineHandover():
            require(command.by == handover.receiver, "handover.not-receiver")
            require(bool(command.reason.strip()), "handover.reason-missing")
            return [HandoverDeclined(reason=Sealed(command.reason), by=command.by, at=command.at)]
        case WithdrawHandover():
            require(command.by == handover.giver, "handover.not-giver")
            return [HandoverWithdrawn(by=command.by, at=command.at)]
        case _:
            assert_never(command)


def _offer(handover: State, command: OfferHandover) -> HandoverOffered:
    require(handover.stage is HandoverStage.NONE, "handover.already-offered")
    require(command.receiver != command.giver.person, "handover.to-oneself")
    require(command.receiver_serves, "handover.receiver-not-at-window")
    require(bool(command.cases), "handover.empty")
    require(len(command.cases) <= MOST, "handover.too-many", limit=MOST)
    require(len({*command.cases}) == len(command.cases), "handover.repeated")
    for number in command.cases:
        if number not in command.waiting:
            raise Refused("handover.not-waiting", number=number)
        if number in command.held:
            raise Refused("handover.held-by-another", number=number)
    return HandoverOffered(
        handover=command.handover,
        cases=command.cases,
        note=Sealed(command.note),
        giver=command.giver,
        receiver=command.receiver,
        at=command.at,
    )


def _confirm(handover: State, command: ConfirmHandover) -> HandoverConfirmed:
    require(command.officer.person == handover.receiver, "handover.not-receiver")
    require(command.seen == handover.cases, "handover.list-differs")
    taken = tuple(number for number in handover.cases if number in command.waiting)
    require(bool(taken), "handover.all-finished")
    for number in taken:
        if number in command.own:
            raise Refused("handover.own-case", number=number)
    return HandoverConfirmed(
        cases=taken,
        finished=tuple(number for number in handover.cases if number not in command.waiting),
        officer=command.officer,
        at=command.at,
    )


def evolve(handover: State, event: Event) -> State:
    match event:
        case HandoverOffered():
            return State(HandoverStage.OFFERED, event.cases, event.giver.person, event.receiver)
        case HandoverConfirmed():
            return replace(handover, stage=HandoverStage.CONFIRMED, cases=event.cases)
        case HandoverDeclined():
            return replace(handover, stage=HandoverStage.DECLINED)
        case HandoverWithdrawn():
            return replace(handover, stage=HandoverStage.WITHDRAWN)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
