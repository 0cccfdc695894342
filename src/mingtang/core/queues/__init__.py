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

from typing import get_args

from mingtang.core.queues.commands import (
    BookTicket,
    CallAgain,
    CallNext,
    CancelTicket,
    Command,
    FinishTicket,
    RecallTicket,
    SkipTicket,
    TakeTicket,
    TransferTicket,
)
from mingtang.core.queues.deciding import DECIDER, decide
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
from mingtang.core.queues.figures import HourOfWaiting, waits
from mingtang.core.queues.state import Stage, State, Ticket, evolve, purposes_of
from mingtang.core.queues.terms import LONGEST, MOST_ITEMS, Channel, stream_key

EVENTS = get_args(Event)

__all__ = [
    "DECIDER",
    "EVENTS",
    "LONGEST",
    "MOST_ITEMS",
    "BookTicket",
    "CallAgain",
    "CallNext",
    "CancelTicket",
    "Channel",
    "Command",
    "Event",
    "FinishTicket",
    "HourOfWaiting",
    "RecallTicket",
    "SkipTicket",
    "Stage",
    "State",
    "TakeTicket",
    "Ticket",
    "TicketBooked",
    "TicketCalled",
    "TicketCancelled",
    "TicketFinished",
    "TicketPurposeNamed",
    "TicketRecalled",
    "TicketSkipped",
    "TicketTaken",
    "TicketTransferred",
    "TransferTicket",
    "decide",
    "evolve",
    "purposes_of",
    "stream_key",
    "waits",
]
