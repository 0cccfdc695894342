"""The queue of one hall on one day (排队叫号): walk-in, online and booked together.

The published order: whoever has the earlier moment goes first. The moment of a number taken on the
day is when it was taken, of a booked one the quarter-hour it was booked for. So a booking that is
due goes before all who came after its time, and behind all who came before; at the very same
moment the booking goes first. A booking is not called before its time.

    waiting ──call──▶ called ──finish──▶ finished
       │  ▲             │ ├──skip──────▶ skipped ──call again──▶ called
       │  └──transfer───┘ └──recall (called once more, same window)
       └──cancel──▶ cancelled

A number that is sent on to another window keeps its moment and waits for that window; like one
that was skipped, it can be called by number at any window, so that nobody waits for a closed one.
Whoever says what they come for is called by a window that serves it, by the rules that hold when
it calls (`core.halls.may_call`). What they come for is sealed: the public log does not say who
came for what, and so not why a window passed a number over.
One stream holds one hall's day: whatever is asked at once is answered one after the other.
Numbers begin anew every civil day in China. Who holds a number is sealed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, assert_never

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.decider import Decider, Refused, require
from mingtang.core.halls import (
    Door,
    HallRules,
    Purpose,
    door,
    is_open_on,
    may_call,
    serving,
    slots,
)
from mingtang.core.wire import ERASED, Sealed, canonical, read

LONGEST = 40  # signs of a name or a phone number
MOST_ITEMS = 5  # somebody may come for at once


class Channel(StrEnum):
    COUNTER = "counter"  # 现场
    ONLINE = "online"  # 网上


class Stage(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SKIPPED = "skipped"  # 过号
    FINISHED = "finished"
    CANCELLED = "cancelled"


def stream_key(hall: str, day: date) -> str:
    """Return the key of the stream that holds a hall's day."""
    return f"{hall}.{day:%Y%m%d}"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TakeTicket:
    """取号. Name and phone may be empty."""

    hall: str
    rules: HallRules | None  # None: the hall was never arranged
    working: bool  # today is a working day
    page_key: str  # random: whoever knows it holds the number
    visitor: str  # person; empty at the counter
    name: str = ""
    phone: str = ""
    purposes: tuple[Purpose, ...] = ()  # empty: not said
    channel: Channel
    by: str  # member of staff; empty: the visitor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BookTicket:
    """预约 a quarter-hour."""

    hall: str
    rules: HallRules | None
    working: bool  # the day of `slot` is a working day
    slot: datetime  # when the quarter-hour begins
    page_key: str
    visitor: str
    name: str = ""
    phone: str = ""
    purposes: tuple[Purpose, ...] = ()
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelTicket:
    """取消: by whoever knows the key of its page."""

    number: str
    page_key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallNext:
    """叫号. `own_window`: the clerk is stationed there and takes in cases."""

    window: str
    rules: HallRules | None
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallAgain:
    """按号呼叫: one that was skipped, or sent on to a window."""

    number: str
    window: str
    rules: HallRules | None
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecallTicket:
    """重呼: the number now at the window, once more."""

    window: str
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SkipTicket:
    """过号: nobody came."""

    window: str
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TransferTicket:
    """转窗."""

    window: str
    to: str
    rules: HallRules | None
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FinishTicket:
    """办结离窗."""

    window: str
    own_window: bool
    by: str
    at: datetime


AtWindow = CallNext | CallAgain | RecallTicket | SkipTicket | TransferTicket | FinishTicket
Command = TakeTicket | BookTicket | CancelTicket | AtWindow

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TicketTaken:
    kind: ClassVar[str] = "queue.ticket-taken.v1"
    hall: str
    day: date
    number: str
    page_key: Sealed
    visitor: Sealed
    name: Sealed
    phone: Sealed
    channel: Channel
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketBooked:
    kind: ClassVar[str] = "queue.ticket-booked.v1"
    hall: str
    day: date
    number: str
    slot: datetime
    page_key: Sealed
    visitor: Sealed
    name: Sealed
    phone: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketPurposeNamed:
    """What somebody comes for, said when the number was given."""

    kind: ClassVar[str] = "queue.purpose-named.v1"
    number: str
    purposes: Sealed  # canonical JSON: items with their topics
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketCancelled:
    kind: ClassVar[str] = "queue.ticket-cancelled.v1"
    number: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketCalled:
    """Called to a window, next in line or by its number."""

    kind: ClassVar[str] = "queue.ticket-called.v1"
    number: str
    window: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketRecalled:
    kind: ClassVar[str] = "queue.ticket-recalled.v1"
    number: str
    window: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketSkipped:
    kind: ClassVar[str] = "queue.ticket-skipped.v1"
    number: str
    window: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketTransferred:
    kind: ClassVar[str] = "queue.ticket-transferred.v1"
    number: str
    window: str
    to: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketFinished:
    kind: ClassVar[str] = "queue.ticket-finished.v1"
    number: str
    window: str
    by: str
    at: datetime


Event = (
    TicketTaken
    | TicketBooked
    | TicketPurposeNamed
    | TicketCancelled
    | TicketCalled
    | TicketRecalled
    | TicketSkipped
    | TicketTransferred
    | TicketFinished
)
EVENTS = (
    TicketTaken,
    TicketBooked,
    TicketPurposeNamed,
    TicketCancelled,
    TicketCalled,
    TicketRecalled,
    TicketSkipped,
    TicketTransferred,
    TicketFinished,
)

# ── State ───────────────────────────────────────────────────────────────────


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


# ── The rules ───────────────────────────────────────────────────────────────


def decide(queue: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: queue.not-arranged, queue.closed-day, queue.closed-now, queue.on-break
    (until), queue.other-day, queue.too-long (limit), queue.too-many-items (limit),
    queue.nobody-serves, queue.holds-already (limit); queue.slot-past, queue.too-far-ahead (days),
    queue.not-a-slot, queue.slot-full; queue.unknown-number, queue.not-yours, queue.not-waiting;
    queue.not-your-window, queue.window-not-here, queue.window-busy (number),
    queue.nobody-waiting, queue.not-callable, queue.not-served-here, queue.nobody-here,
    queue.same-window, queue.not-served-there.
    """
    match command:
        case TakeTicket():
            return [_take(queue, command), *_named(queue, command)]
        case BookTicket():
            return [_book(queue, command), *_named(queue, command)]
        case CancelTicket():
            ticket = _known(queue, command.number)
            require(command.page_key == ticket.page_key, "queue.not-yours")
            require(ticket.stage is Stage.WAITING, "queue.not-waiting")
            return [TicketCancelled(number=ticket.number, at=command.at)]
        case _:
            return [_serve(queue, command)]


def _take(queue: State, command: TakeTicket) -> TicketTaken:
    rules, day = _rules(command.rules), civil_day(command.at)
    found, opens = door(rules, command.at, working=command.working)
    require(found is not Door.SHUT, "queue.closed-day")
    require(found is not Door.BREAK, "queue.on-break", until=f"{opens:%H:%M}" if opens else "")
    require(found is Door.OPEN, "queue.closed-now")
    require(queue.day in (None, day), "queue.other-day")
    _require_holder(queue, rules, command)
    return TicketTaken(
        hall=command.hall,
        day=day,
        number=_number(queue, booked=False),
        page_key=Sealed(command.page_key),
        visitor=Sealed(command.visitor),
        name=Sealed(command.name),
        phone=Sealed(command.phone),
        channel=command.channel,
        by=command.by,
        at=command.at,
    )


def _book(queue: State, command: BookTicket) -> TicketBooked:
    rules, day = _rules(command.rules), civil_day(command.slot)
    require(command.slot > command.at, "queue.slot-past")
    last = civil_day(command.at) + timedelta(days=rules.days_ahead)
    require(day <= last, "queue.too-far-ahead", days=rules.days_ahead)
    require(is_open_on(rules, day, working=command.working), "queue.closed-day")
    require(command.slot in slots(rules, day), "queue.not-a-slot")
    require(queue.day in (None, day), "queue.other-day")
    require(queue.booked_for(command.slot) < rules.seats, "queue.slot-full")
    _require_holder(queue, rules, command)
    return TicketBooked(
        hall=command.hall,
        day=day,
        number=_number(queue, booked=True),
        slot=command.slot,
        page_key=Sealed(command.page_key),
        visitor=Sealed(command.visitor),
        name=Sealed(command.name),
        phone=Sealed(command.phone),
        at=command.at,
    )


def _rules(rules: HallRules | None) -> HallRules:
    if rules is None:
        raise Refused("queue.not-arranged")
    return rules


def _require_holder(queue: State, rules: HallRules, command: TakeTicket | BookTicket) -> None:
    longest = max(len(command.name), len(command.phone))
    require(longest <= LONGEST, "queue.too-long", limit=LONGEST)
    require(len(command.purposes) <= MOST_ITEMS, "queue.too-many-items", limit=MOST_ITEMS)
    require(serving(rules, command.purposes) != (), "queue.nobody-serves")
    free = not command.visitor or queue.held_by(command.visitor) < rules.per_person
    require(free, "queue.holds-already", limit=rules.per_person)


def _named(queue: State, command: TakeTicket | BookTicket) -> Sequence[TicketPurposeNamed]:
    """Return what the number just given is for, where it was said."""
    if not command.purposes:
        return ()
    return [
        TicketPurposeNamed(
            number=_number(queue, booked=isinstance(command, BookTicket)),
            purposes=Sealed(canonical(command.purposes)),
            at=command.at,
        )
    ]


def _number(queue: State, *, booked: bool) -> str:
    before = sum(ticket.booked is booked for ticket in queue.tickets.values())
    return f"{'B' if booked else 'A'}{before + 1:03}"


def _known(queue: State, number: str) -> Ticket:
    ticket = queue.tickets.get(number)
    if ticket is None:
        raise Refused("queue.unknown-number")
    return ticket


def _serve(queue: State, command: AtWindow) -> Event:
    require(command.own_window, "queue.not-your-window")
    match command:
        case CallNext() | CallAgain():
            return _call(queue, command)
        case _:
            pass
    here = queue.at_window(command.window)
    if here is None:
        raise Refused("queue.nobody-here")
    number, window, by, at = here.number, command.window, command.by, command.at
    match command:
        case RecallTicket():
            return TicketRecalled(number=number, window=window, by=by, at=at)
        case SkipTicket():
            return TicketSkipped(number=number, window=window, by=by, at=at)
        case FinishTicket():
            return TicketFinished(number=number, window=window, by=by, at=at)
        case TransferTicket(to=to):
            rules = _rules(command.rules)
            require(to in rules.windows, "queue.window-not-here")
            require(to != window, "queue.same-window")
            require(may_call(rules, to, here.purposes), "queue.not-served-there")
            return TicketTransferred(number=number, window=window, to=to, by=by, at=at)
        case _:
            assert_never(command)


def _call(queue: State, command: CallNext | CallAgain) -> TicketCalled:
    rules = _rules(command.rules)
    require(command.window in rules.windows, "queue.window-not-here")
    require(queue.day in (None, civil_day(command.at)), "queue.other-day")
    here = queue.at_window(command.window)
    if here is not None:
        raise Refused("queue.window-busy", number=here.number)
    if isinstance(command, CallAgain):
        ticket = _known(queue, command.number)
        sent_on = ticket.stage is Stage.WAITING and ticket.wants != ""
        require(ticket.stage is Stage.SKIPPED or sent_on, "queue.not-callable")
        here_too = may_call(rules, command.window, ticket.purposes)
        require(here_too, "queue.not-served-here")
    else:
        first = queue.next_for(command.window, command.at, rules)
        if first is None:
            raise Refused("queue.nobody-waiting")
        ticket = first
    return TicketCalled(number=ticket.number, window=command.window, by=command.by, at=command.at)


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


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)


# ── Figures ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class HourOfWaiting:
    """How long those waited whose moment lies in one hour of the day. Whole seconds."""

    hour: int
    people: int
    mean_seconds: int
    longest_seconds: int


def waits(calls: Iterable[tuple[datetime, datetime]]) -> tuple[HourOfWaiting, ...]:
    """Return the waits by hour, from each number's moment and when it was first called."""
    hours: dict[int, list[int]] = {}
    for moment, called in calls:
        waited = int((called - moment).total_seconds())
        hours.setdefault(moment.astimezone(CHINA).hour, []).append(waited)
    return tuple(
        HourOfWaiting(
            hour=hour,
            people=len(waited),
            mean_seconds=sum(waited) // len(waited),
            longest_seconds=max(waited),
        )
        for hour, waited in sorted(hours.items())
    )
