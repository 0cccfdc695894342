"""Which act leads to which event."""

from collections.abc import Sequence

from mingtang.core.decider import Decider, require
from mingtang.core.queues.calling import known, serve
from mingtang.core.queues.commands import BookTicket, CancelTicket, Command, TakeTicket
from mingtang.core.queues.events import Event, TicketCancelled
from mingtang.core.queues.state import Stage, State, evolve
from mingtang.core.queues.taking import book, purposes_named, take


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
            return [take(queue, command), *purposes_named(queue, command)]
        case BookTicket():
            return [book(queue, command), *purposes_named(queue, command)]
        case CancelTicket():
            ticket = known(queue, command.number)
            require(command.page_key == ticket.page_key, "queue.not-yours")
            require(ticket.stage is Stage.WAITING, "queue.not-waiting")
            return [TicketCancelled(number=ticket.number, at=command.at)]
        case _:
            return [serve(queue, command)]


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
