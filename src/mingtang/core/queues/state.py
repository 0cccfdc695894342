"""How a queue stands, from what happened in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, assert_never

from mingtang.core.halls import HallRules, Purpose, may_call
from mingtang.core.queues.events import (
    Event,
    TicketBooked,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketPurposeNamed,
    TicketRecalled,
    TicketSkipped,
    TicketTaken,
    TicketTransferred,
)
from mingtang.core.wire import ERASED, read


class Stage(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SKIPPED = "skipped"  # 过号
    FINISHED = "finished"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """一个号."""

    number: str  # A001 taken on the day, B001 booked
    serial: int  # in the order in which the day's numbers were given
    moment: datetime  # its place in the queue
    booked: bool
    page_key: str
    visitor: str
    purposes: tuple[Purpose, ...] = ()
    stage: Stage = Stage.WAITING
    window: str = ""  # where it was called last
    wants: str = ""  # the window it waits for; empty: any
    calls: int = 0
    first_called: datetime | None = None

    @property
    def rank(self) -> tuple[datetime, bool, int]:
        """The published order: the least goes first."""
        return self.moment, not self.booked, self.serial


@dataclass(frozen=True)
class State:
    day: date | None = None  # None: no number yet
    tickets: Mapping[str, Ticket] = field(default_factory=dict)

    def at_window(self, window: str) -> Ticket | None:
        """Return the number that is being served there."""
        here = (t for t in self.tickets.values() if t.stage is Stage.CALLED)
        return next((t for t in here if t.window == window), None)

    def next_for(self, window: str, at: datetime, rules: HallRules) -> Ticket | None:
        """Return whom this window calls next at `at`."""
        line = [
            ticket
            for ticket in self.tickets.values()
            if ticket.stage is Stage.WAITING
            and ticket.wants in ("", window)
            and ticket.moment <= at
            and may_call(rules, window, ticket.purposes)
        ]
        return min(line, key=lambda ticket: ticket.rank, default=None)

    def booked_for(self, slot: datetime) -> int:
        """Return how many seats of a quarter-hour are taken. A cancelled one is free again."""
        return sum(
            ticket.booked and ticket.moment == slot and ticket.stage is not Stage.CANCELLED
            for ticket in self.tickets.values()
        )

    def held_by(self, visitor: str) -> int:
        """Return how many numbers of this person wait or are called."""
        standing = (Stage.WAITING, Stage.CALLED)
        return sum(
            ticket.visitor == visitor and ticket.stage in standing
            for ticket in self.tickets.values()
        )


def evolve(queue: State, event: Event) -> State:
    match event:
        case TicketTaken():
            return _with(queue, _given(queue, event, moment=event.at, booked=False), event.day)
        case TicketBooked():
            return _with(queue, _given(queue, event, moment=event.slot, booked=True), event.day)
        case TicketPurposeNamed():
            return _turned(queue, event.number, purposes=purposes_of(event.purposes))
        case TicketCancelled():
            return _turned(queue, event.number, stage=Stage.CANCELLED)
        case TicketCalled():
            return _called(queue, event)
        case TicketRecalled():
            return _turned(queue, event.number, calls=queue.tickets[event.number].calls + 1)
        case TicketSkipped():
            return _turned(queue, event.number, stage=Stage.SKIPPED)
        case TicketTransferred():
            return _turned(queue, event.number, stage=Stage.WAITING, wants=event.to)
        case TicketFinished():
            return _turned(queue, event.number, stage=Stage.FINISHED)
        case _:
            assert_never(event)


def purposes_of(sealed: str) -> tuple[Purpose, ...]:
    """Return what was sealed as purposes; nothing once it was erased."""
    if sealed == ERASED:
        return ()
    found: tuple[Purpose, ...] = read(tuple[Purpose, ...], json.loads(sealed))
    return found


def _given(
    queue: State, event: TicketTaken | TicketBooked, *, moment: datetime, booked: bool
) -> Ticket:
    return Ticket(
        number=event.number,
        serial=len(queue.tickets) + 1,
        moment=moment,
        booked=booked,
        page_key=event.page_key,
        visitor=event.visitor,
    )


def _called(queue: State, event: TicketCalled) -> State:
    ticket = queue.tickets[event.number]
    return _turned(
        queue,
        event.number,
        stage=Stage.CALLED,
        window=event.window,
        wants="",
        calls=ticket.calls + 1,
        first_called=ticket.first_called or event.at,
    )


def _turned(queue: State, number: str, **changed: Any) -> State:
    return _with(queue, replace(queue.tickets[number], **changed), queue.day)


def _with(queue: State, ticket: Ticket, day: date | None) -> State:
    return State(day, {**queue.tickets, ticket.number: ticket})
