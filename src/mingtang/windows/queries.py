"""What pages and actions ask about halls and their queues."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from mingtang.core.clock import civil_day
from mingtang.core.halls import HallRules
from mingtang.core.queues import HourOfWaiting, Stage, waits
from mingtang.core.wire import read
from mingtang.windows.models import HallRow, TicketRow

# The published order, as `core.queues.Ticket.rank` has it.
ORDER = ("moment", "-booked", "serial")
ON_SCREEN = 8  # numbers shown large, the newest call first


def halls() -> list[HallRow]:
    return list(HallRow.objects.order_by("name", "key"))


def hall(key: str) -> HallRow | None:
    return HallRow.objects.filter(pk=key).first()


def rules_of(row: HallRow) -> HallRules:
    rules: HallRules = read(HallRules, json.loads(row.rules))
    return rules


def hall_of_window(window: str) -> HallRow | None:
    """Return the hall a window calls for."""
    return next((row for row in halls() if window in row.windows), None)


def windows_elsewhere(key: str) -> frozenset[str]:
    """Return the windows that call for other halls than this one."""
    return frozenset(window for row in halls() if row.key != key for window in row.windows)


# ── A hall's day ────────────────────────────────────────────────────────────


def _of(hall: str, day: date, *stages: Stage) -> QuerySet[TicketRow]:
    return TicketRow.objects.filter(hall=hall, day=day, stage__in=[stage.value for stage in stages])


def line(hall: str, day: date) -> list[TicketRow]:
    """Return who waits, in the published order; bookings that are not due yet among them."""
    return list(_of(hall, day, Stage.WAITING).order_by(*ORDER))


def due(hall: str, now: datetime) -> list[TicketRow]:
    """Return who can be called at `now`, in the published order."""
    return [row for row in line(hall, civil_day(now)) if row.moment <= now]


def called(hall: str, day: date) -> list[TicketRow]:
    """Return the numbers at the windows, the newest call first."""
    return list(_of(hall, day, Stage.CALLED).order_by("-called_at", "-last_index"))


def skipped(hall: str, day: date) -> list[TicketRow]:
    """Return the numbers nobody came for, the newest first."""
    return list(_of(hall, day, Stage.SKIPPED).order_by("-called_at", "-last_index"))


def at_window(hall: str, day: date, window: str) -> TicketRow | None:
    return _of(hall, day, Stage.CALLED).filter(window=window).first()


def booked(hall: str, days: Collection[date]) -> Mapping[datetime, int]:
    """Return how many seats of each quarter-hour are taken."""
    rows = TicketRow.objects.filter(hall=hall, day__in=days, booked=True)
    return Counter(rows.exclude(stage=Stage.CANCELLED.value).values_list("moment", flat=True))


def waiting_times(hall: str, day: date) -> Sequence[HourOfWaiting]:
    """Return how long people waited for their first call, by the hour of their moment."""
    rows = TicketRow.objects.filter(hall=hall, day=day, first_called_at__isnull=False)
    return waits(rows.order_by(*ORDER).values_list("moment", "first_called_at"))


# ── One number ──────────────────────────────────────────────────────────────


def ticket(page_key: str) -> TicketRow | None:
    """Return the number whose page this is."""
    return TicketRow.objects.filter(page_key=page_key).first()


def ticket_taken(index: int) -> TicketRow:
    """Return the number this entry of the ledger gave."""
    return TicketRow.objects.get(taken_index=index)


def before(row: TicketRow) -> int:
    """Return how many go before this number, if they all come; 0 where it does not wait."""
    if row.stage != Stage.WAITING:
        return 0
    numbers = _of(row.hall, row.day, Stage.WAITING).order_by(*ORDER)
    return [*numbers.values_list("number", flat=True)].index(row.number)


def held_by(visitor: str, since: date) -> list[TicketRow]:
    """Return the numbers of this person from a day on that are not over."""
    open_stages = [Stage.WAITING.value, Stage.CALLED.value, Stage.SKIPPED.value]
    rows = TicketRow.objects.filter(visitor=visitor, day__gte=since, stage__in=open_stages)
    return list(rows.order_by("moment")) if visitor else []
