"""Events of halls and queues as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core import halls, queues
from mingtang.core.wire import canonical, plain
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.windows.models import HallRow, TicketRow


def project_hall(fact: Fact) -> Iterable[Row]:
    event: halls.HallArranged = fact.event
    yield Put(
        HallRow,
        fact.key,
        {
            "name": event.rules.name,
            "rules": canonical(event.rules),
            "windows": list(event.rules.windows),
            "arranged_by": event.by,
            "arranged_at": event.at,
            "last_index": fact.index,
        },
    )


def project_queue(fact: Fact) -> Iterable[Row]:
    event: queues.Event = fact.event
    match event:
        case queues.TicketTaken():
            yield _new(fact, event, event.channel)
        case queues.TicketBooked():
            yield _new(fact, event, queues.Channel.ONLINE)
        case queues.TicketPurposeNamed():
            named = plain(fact.state.tickets[event.number].purposes)
            yield _changed(fact, event.number, purposes=named, taken_index=fact.index)
        case queues.TicketCalled() | queues.TicketRecalled():
            yield _changed(fact, event.number, called_at=event.at)
        case queues.TicketSkipped() | queues.TicketTransferred():
            yield _changed(fact, event.number)
        case queues.TicketFinished() | queues.TicketCancelled():
            yield _changed(fact, event.number, ended_at=event.at)
        case _:
            assert_never(event)


def _new(
    fact: Fact, event: queues.TicketTaken | queues.TicketBooked, channel: queues.Channel
) -> Row:
    ticket: queues.Ticket = fact.state.tickets[event.number]
    return Put(
        TicketRow,
        f"{fact.key}.{event.number}",
        {
            "hall": event.hall,
            "day": event.day,
            "number": event.number,
            "serial": ticket.serial,
            "moment": ticket.moment,
            "booked": ticket.booked,
            "page_key": event.page_key,
            "visitor": event.visitor,
            "name": event.name,
            "phone": event.phone,
            "purposes": [],
            "channel": channel.value,
            "taken_at": event.at,
            "taken_index": fact.index,
            "called_at": None,
            "ended_at": None,
            **_standing(fact, ticket),
        },
    )


def _changed(fact: Fact, number: str, **columns: Any) -> Row:
    ticket = fact.state.tickets[number]
    return Change(TicketRow, f"{fact.key}.{number}", {**columns, **_standing(fact, ticket)})


def _standing(fact: Fact, ticket: queues.Ticket) -> dict[str, Any]:
    return {
        "stage": ticket.stage.value,
        "window": ticket.window,
        "wants": ticket.wants,
        "calls": ticket.calls,
        "first_called_at": ticket.first_called,
        "last_index": fact.index,
    }


HALL = Subject("hall", halls.DECIDER, project_hall, (HallRow,))
QUEUE = Subject("queue", queues.DECIDER, project_queue, (TicketRow,))
