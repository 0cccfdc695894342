"""A service hall (办事大厅) and the rules of its queue: windows, hours, limits. All is public.

One hall has one queue for everybody (一个队列). What differs between halls is data of its rules:
which windows call, when numbers are given, how many may book a quarter-hour, how far ahead.
Source: the practice of service halls (field notes).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from mingtang.core.clock import CHINA
from mingtang.core.decider import Decider, require

QUARTER = 15  # minutes
WHOLE_DAY = 24 * 60
MOST_SEATS, MOST_DAYS, MOST_TICKETS = 99, 60, 9


@dataclass(frozen=True, kw_only=True)
class HallRules:
    """排队规则. Times are minutes since midnight in China, whole quarters of an hour."""

    name: str
    windows: tuple[str, ...]  # offices that call
    opens: int
    closes: int  # numbers are given before it; who has one is still called after it
    every_day: bool = False  # otherwise on working days only
    seats: int  # bookings for one quarter-hour; 0: nobody books
    days_ahead: int  # 0: for today only
    per_person: int  # numbers of one person that wait on one day


def begins(rules: HallRules, day: date) -> datetime:
    """Return when the hall opens on `day`."""
    return _moment(day, rules.opens)


def slots(rules: HallRules, day: date) -> tuple[datetime, ...]:
    """Return the quarter-hours one may book on `day` as the moments they begin."""
    return tuple(_moment(day, at) for at in range(rules.opens, rules.closes, QUARTER))


def is_open(rules: HallRules, at: datetime) -> bool:
    """Whether the clock of `at` is within the hours."""
    local = at.astimezone(CHINA)
    return rules.opens <= local.hour * 60 + local.minute < rules.closes


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(minutes=minutes)


@dataclass(frozen=True, kw_only=True)
class ArrangeHall:
    """设定大厅: for the first time, or anew."""

    hall: str  # code of the centre whose hall it is
    rules: HallRules
    manages: bool  # whoever asks arranges this centre's hall
    all_open: bool  # every window is an open one of that centre
    elsewhere: bool  # one of the windows calls for another hall
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HallArranged:
    kind: ClassVar[str] = "hall.arranged.v1"
    hall: str
    rules: HallRules
    by: str
    at: datetime


Command = ArrangeHall
Event = HallArranged
EVENTS = (HallArranged,)


@dataclass(frozen=True)
class State:
    rules: HallRules | None = None


def decide(hall: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: hall.not-its-manager, hall.name-missing, hall.no-window, hall.window-not-open,
    hall.window-elsewhere, hall.hours-wrong, hall.limits-wrong, hall.unchanged.
    """
    rules = command.rules
    require(command.manages, "hall.not-its-manager")
    require(rules.name.strip() != "", "hall.name-missing")
    require(rules.windows != (), "hall.no-window")
    require(command.all_open, "hall.window-not-open")
    require(not command.elsewhere, "hall.window-elsewhere")
    require(
        0 <= rules.opens < rules.closes <= WHOLE_DAY
        and rules.opens % QUARTER == rules.closes % QUARTER == 0,
        "hall.hours-wrong",
    )
    require(
        0 <= rules.seats <= MOST_SEATS
        and 0 <= rules.days_ahead <= MOST_DAYS
        and 1 <= rules.per_person <= MOST_TICKETS,
        "hall.limits-wrong",
    )
    require(rules != hall.rules, "hall.unchanged")
    return [HallArranged(hall=command.hall, rules=rules, by=command.by, at=command.at)]


def evolve(hall: State, event: Event) -> State:
    return State(event.rules)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
