"""What pages and actions ask about halls and their queues."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from mingtang.catalogue import queries as catalogue
from mingtang.core.catalogue import key_of
from mingtang.core.clock import civil_day
from mingtang.core.halls import HallRules, Purpose, may_call, serving
from mingtang.core.queues import HourOfWaiting, Stage, waits
from mingtang.core.wire import read
from mingtang.windows.models import HallRow, TicketRow

__all__ = ["HallRow", "TicketRow"]

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


def halls_serving(item: str) -> list[HallRow]:
    """Return the halls where some window serves this item. Raises Refused: item.not-in-force,
    item.legacy."""
    _, content = catalogue.in_force(item)
    purpose = Purpose(item=key_of(content.code), topics=content.topics)
    return [row for row in halls() if serving(rules_of(row), [purpose])]


def are_in_force(items: Collection[str]) -> bool:
    """Whether each of these keys is an item in force."""
    return {row.key for row in catalogue.named(items) if row.state == "in_force"} == set(items)


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


def line_at(row: HallRow, day: date, window: str) -> list[TicketRow]:
    """Return who waits and can be called to this window, in the published order; bookings that
    are not due yet among them."""
    rules = rules_of(row)
    return [
        one
        for one in line(row.key, day)
        if one.wants in ("", window) and may_call(rules, window, purposes_of(one))
    ]


def at_window(hall: str, day: date, window: str) -> TicketRow | None:
    return _of(hall, day, Stage.CALLED).filter(window=window).first()


def last_served(hall: str, day: date, window: str) -> TicketRow | None:
    """Return the number that was served last at this window."""
    rows = _of(hall, day, Stage.FINISHED).filter(window=window)
    return rows.order_by("-ended_at", "-last_index").first()


def booked(hall: str, days: Collection[date]) -> Mapping[datetime, int]:
    """Return how many seats of each quarter-hour are taken."""
    rows = TicketRow.objects.filter(hall=hall, day__in=days, booked=True)
    return Counter(rows.exclude(stage=Stage.CANCELLED.value).values_list("moment", flat=True))


def waiting_times(hall: str, day: date) -> Sequence[HourOfWaiting]:
    """Return how long people waited for their first call, by the hour of their moment."""
    rows = TicketRow.objects.filter(hall=hall, day=day, first_called_at__isnull=False)
    called = rows.order_by(*ORDER).values_list("moment", "first_called_at")
    return waits((moment, first) for moment, first in called if first is not None)


# ── One number ──────────────────────────────────────────────────────────────


def ticket(page_key: str) -> TicketRow | None:
    """Return the number whose page this is."""
    return TicketRow.objects.filter(page_key=page_key).first()


def ticket_taken(index: int) -> TicketRow:
    """Return the number this entry of the ledger gave."""
    return TicketRow.objects.get(taken_index=index)


def purposes_of(row: TicketRow) -> tuple[Purpose, ...]:
    """Return what somebody comes for; nothing where it was not said, or erased."""
    found: tuple[Purpose, ...] = read(tuple[Purpose, ...], row.purposes)
    return found


def before(row: TicketRow) -> int:
    """Return how many go before this number, if they all come; 0 where it does not wait.

    Only those count that are called to one of the windows this one is called to.
    """
    of_hall = hall(row.hall)
    if row.stage != Stage.WAITING or of_hall is None:
        return 0
    rules = rules_of(of_hall)
    mine, ahead = _windows_of(row, rules), 0
    for one in line(row.hall, row.day):
        if one.number == row.number:
            break
        ahead += bool(mine & _windows_of(one, rules))
    return ahead


def _windows_of(row: TicketRow, rules: HallRules) -> frozenset[str]:
    """Return the windows that may call this number."""
    if row.wants:
        return frozenset([row.wants])
    purposes = purposes_of(row)
    return frozenset(window for window in rules.windows if may_call(rules, window, purposes))


def held_by(visitor: str, since: date) -> list[TicketRow]:
    """Return the numbers of this person from a day on that are not over."""
    open_stages = [Stage.WAITING.value, Stage.CALLED.value, Stage.SKIPPED.value]
    rows = TicketRow.objects.filter(visitor=visitor, day__gte=since, stage__in=open_stages)
    return list(rows.order_by("moment")) if visitor else []
