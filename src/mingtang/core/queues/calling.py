"""Numbers are called, skipped, sent on and finished."""

from typing import assert_never

from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.halls import may_call
from mingtang.core.queues.commands import (
    AtWindow,
    CallAgain,
    CallNext,
    FinishTicket,
    RecallTicket,
    SkipTicket,
    TransferTicket,
)
from mingtang.core.queues.events import (
    Event,
    TicketCalled,
    TicketFinished,
    TicketRecalled,
    TicketSkipped,
    TicketTransferred,
)
from mingtang.core.queues.state import Stage, State, Ticket
from mingtang.core.queues.taking import arranged


def known(queue: State, number: str) -> Ticket:
    """Return a number of the day. Raises Refused: queue.unknown-number."""
    ticket = queue.tickets.get(number)
    if ticket is None:
        raise Refused("queue.unknown-number")
    return ticket


def serve(queue: State, command: AtWindow) -> Event:
    """Do what a window does with its next number, or with one by name."""
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
            rules = arranged(command.rules)
            require(to in rules.windows, "queue.window-not-here")
            require(to != window, "queue.same-window")
            require(may_call(rules, to, here.purposes), "queue.not-served-there")
            return TicketTransferred(number=number, window=window, to=to, by=by, at=at)
        case _:
            assert_never(command)


def _call(queue: State, command: CallNext | CallAgain) -> TicketCalled:
    rules = arranged(command.rules)
    require(command.window in rules.windows, "queue.window-not-here")
    require(queue.day in (None, civil_day(command.at)), "queue.other-day")
    here = queue.at_window(command.window)
    if here is not None:
        raise Refused("queue.window-busy", number=here.number)
    if isinstance(command, CallAgain):
        ticket = known(queue, command.number)
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
