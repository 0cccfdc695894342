"""Numbers are taken and booked, for oneself and for what one comes for."""

from collections.abc import Sequence
from datetime import timedelta

from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.halls import Door, HallRules, door, is_open_on, serving, slots
from mingtang.core.queues.commands import BookTicket, TakeTicket
from mingtang.core.queues.events import TicketBooked, TicketPurposeNamed, TicketTaken
from mingtang.core.queues.state import State
from mingtang.core.queues.terms import LONGEST, MOST_ITEMS
from mingtang.core.wire import Sealed, canonical


def take(queue: State, command: TakeTicket) -> TicketTaken:
    """Give a number on the day itself (取号)."""
    rules, day = arranged(command.rules), civil_day(command.at)
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


def book(queue: State, command: BookTicket) -> TicketBooked:
    """Give a number for a quarter-hour (预约)."""
    rules, day = arranged(command.rules), civil_day(command.slot)
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


def arranged(rules: HallRules | None) -> HallRules:
    """Return the rules of a hall. Raises Refused: queue.not-arranged."""
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


def purposes_named(queue: State, command: TakeTicket | BookTicket) -> Sequence[TicketPurposeNamed]:
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
