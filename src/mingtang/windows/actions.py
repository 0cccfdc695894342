"""Everything that can be done to a hall and its queue. Nothing else writes them.

`by` names the member of staff, `at` is the moment, given by the face; `once` is the form's
idempotency key. Who may call where is asked when the order's turn comes.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core import halls, queues
from mingtang.core.catalogue import key_of
from mingtang.core.clock import civil_day
from mingtang.core.halls import HallRules, Purpose
from mingtang.core.organisations import OfficeKind
from mingtang.core.queues import Channel, stream_key
from mingtang.ledger.enact import enact_one, known_state
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people
from mingtang.windows import access, queries
from mingtang.windows.projection import HALL, QUEUE


def arrange(
    *, hall: str, rules: HallRules, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Arrange a hall, or arrange it anew (设定大厅). Raises Refused: see `core.halls`."""

    def command() -> halls.ArrangeHall:
        own = {row.code for row in people.offices(hall) if row.kind == OfficeKind.WINDOW.value}
        return halls.ArrangeHall(
            hall=hall,
            rules=rules,
            manages=hall in access.halls_of(people.actor(by)),
            all_open=set(rules.windows) <= own,
            elsewhere=bool(queries.windows_elsewhere(hall) & set(rules.windows)),
            items_known=queries.are_in_force([key for one in rules.serving for key in one.items]),
            by=by,
            at=at,
        )

    return enact_one(Order(HALL, hall, command, once))


# ── Whoever comes ───────────────────────────────────────────────────────────


def take(
    *,
    hall: str,
    channel: Channel,
    visitor: str = "",
    name: str = "",
    phone: str = "",
    items: Sequence[str] = (),
    by: str = "",
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Take a number (取号). `queries.ticket_taken(receipt.index)` is what was given.

    `items`: keys of what they come for; empty: not said. Raises Refused: see `core.queues`;
    item.not-in-force, item.legacy.
    """

    def command() -> queues.TakeTicket:
        return queues.TakeTicket(
            hall=hall,
            rules=_rules(hall),
            working=_working(civil_day(at)),
            page_key=secrets.token_urlsafe(16),
            visitor=visitor,
            name=name,
            phone=phone,
            purposes=_purposes(items),
            channel=channel,
            by=by,
            at=at,
        )

    return enact_one(_order(hall, civil_day(at), command, once))


def book(
    *,
    hall: str,
    slot: datetime,
    visitor: str,
    name: str = "",
    phone: str = "",
    items: Sequence[str] = (),
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Book a quarter-hour (预约). `items` and refusals: as for `take`."""

    def command() -> queues.BookTicket:
        return queues.BookTicket(
            hall=hall,
            rules=_rules(hall),
            working=_working(civil_day(slot)),
            slot=slot,
            page_key=secrets.token_urlsafe(16),
            visitor=visitor,
            name=name,
            phone=phone,
            purposes=_purposes(items),
            at=at,
        )

    return enact_one(_order(hall, civil_day(slot), command, once))


def cancel(
    *, hall: str, day: date, number: str, page_key: str, at: datetime, once: str | None = None
) -> Receipt:
    """Give a number back (取消). Raises Refused: queue.not-yours, queue.not-waiting."""
    command = queues.CancelTicket(number=number, page_key=page_key, at=at)
    return enact_one(Order(QUEUE, stream_key(hall, day), command, once))


# ── At the window ───────────────────────────────────────────────────────────


def call(*, hall: str, window: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Call the next (叫号). Raises Refused: queue.nobody-waiting, queue.window-busy, …"""

    def command() -> queues.CallNext:
        return queues.CallNext(
            window=window, rules=_rules(hall), own_window=_is_at(by, window), by=by, at=at
        )

    return enact_one(_order(hall, civil_day(at), command, once))


def call_again(
    *, hall: str, number: str, window: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Call one that was skipped or sent on (按号呼叫). Raises Refused: queue.not-callable, …"""

    def command() -> queues.CallAgain:
        return queues.CallAgain(
            number=number,
            window=window,
            rules=_rules(hall),
            own_window=_is_at(by, window),
            by=by,
            at=at,
        )

    return enact_one(_order(hall, civil_day(at), command, once))


def recall(*, hall: str, window: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Call the number at the window once more (重呼). Raises Refused: queue.nobody-here."""

    def command() -> queues.RecallTicket:
        return queues.RecallTicket(window=window, own_window=_is_at(by, window), by=by, at=at)

    return enact_one(_order(hall, civil_day(at), command, once))


def skip(*, hall: str, window: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Nobody came (过号). Raises Refused: queue.nobody-here."""

    def command() -> queues.SkipTicket:
        return queues.SkipTicket(window=window, own_window=_is_at(by, window), by=by, at=at)

    return enact_one(_order(hall, civil_day(at), command, once))


def transfer(
    *, hall: str, window: str, to: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Send the number on to another window (转窗). Raises Refused: queue.same-window, …"""

    def command() -> queues.TransferTicket:
        return queues.TransferTicket(
            window=window, to=to, rules=_rules(hall), own_window=_is_at(by, window), by=by, at=at
        )

    return enact_one(_order(hall, civil_day(at), command, once))


def finish(*, hall: str, window: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """The number is served (办结离窗). Raises Refused: queue.nobody-here."""

    def command() -> queues.FinishTicket:
        return queues.FinishTicket(window=window, own_window=_is_at(by, window), by=by, at=at)

    return enact_one(_order(hall, civil_day(at), command, once))


ACTS: Mapping[str, Callable[..., Receipt]] = {
    "call": call,
    "recall": recall,
    "skip": skip,
    "finish": finish,
}


def _order(hall: str, day: date, command: Callable[[], queues.Command], once: str | None) -> Order:
    return Order(QUEUE, stream_key(hall, day), command, once)


def _rules(hall: str) -> HallRules | None:
    rules: HallRules | None = known_state(HALL, hall).state.rules
    return rules


def _purposes(items: Sequence[str]) -> tuple[Purpose, ...]:
    """Return what somebody comes for. Raises Refused: item.not-in-force, item.legacy."""
    contents = [catalogue.in_force(key)[1] for key in dict.fromkeys(items)]
    return tuple(Purpose(item=key_of(one.code), topics=one.topics) for one in contents)


def _working(day: date) -> bool:
    return catalogue.calendar().is_working(day)


def _is_at(person: str, window: str) -> bool:
    return access.is_at(people.actor(person), window)
