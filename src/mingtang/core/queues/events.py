"""What happened in a queue."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.queues.terms import Channel
from mingtang.core.wire import Sealed


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
