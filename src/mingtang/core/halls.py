"""A service hall (办事大厅) and the rules of its queue: windows, hours, limits. All is public.

One hall has one queue for everybody (一个队列). What differs between halls is data of its rules:
which windows call and what each of them serves, when numbers are given, when there is a break or
the hall is closed, how many may book a quarter-hour, how far ahead.
Source: the practice of service halls (field notes).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from mingtang.core.clock import CHINA
from mingtang.core.decider import Decider, require

QUARTER = 15  # minutes
WHOLE_DAY = 24 * 60
MOST_SEATS, MOST_DAYS, MOST_TICKETS = 99, 60, 9


@dataclass(frozen=True, kw_only=True)
class HallBreak:
    """休息: no numbers are given, no quarter-hour begins. Minutes since midnight."""

    begins: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class ClosedDay:
    """停办日: a day on which the hall is closed though it would be open."""

    day: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class WindowServes:
    """窗口办理范围. A window of which nothing is said serves everything (综合窗口)."""

    window: str
    items: tuple[str, ...] = ()  # keys of items
    topics: tuple[str, ...] = ()  # every item of the topic


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """来办事项: one item somebody comes for, with its topics when they said so."""

    item: str  # its key
    topics: tuple[str, ...] = ()


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
    breaks: tuple[HallBreak, ...] = ()
    closed: tuple[ClosedDay, ...] = ()
    serving: tuple[WindowServes, ...] = ()


class Door(StrEnum):
    """Whether numbers are given, and if not, why not."""

    OPEN = "open"
    EARLY = "early"  # opens later today
    BREAK = "break"
    LATE = "late"  # no more today
    SHUT = "shut"  # not on this day


def begins(rules: HallRules, day: date) -> datetime:
    """Return when the hall opens on `day`."""
    return _moment(day, rules.opens)


def slots(rules: HallRules, day: date) -> tuple[datetime, ...]:
    """Return the quarter-hours one may book on `day` as the moments they begin; none in a break."""
    return tuple(
        _moment(day, at)
        for at in range(rules.opens, rules.closes, QUARTER)
        if not any(one.begins <= at < one.ends for one in rules.breaks)
    )


def closed_on(rules: HallRules, day: date) -> ClosedDay | None:
    """Return why the hall is closed on a day on which it would be open."""
    return next((one for one in rules.closed if one.day == day), None)


def is_open_on(rules: HallRules, day: date, *, working: bool) -> bool:
    """Whether the hall is open on `day`. `working`: it is a working day."""
    return (working or rules.every_day) and closed_on(rules, day) is None


def door(rules: HallRules, at: datetime, *, working: bool) -> tuple[Door, datetime | None]:
    """Return whether numbers are given at `at`; if not, and they are later today, from when."""
    local = at.astimezone(CHINA)
    day, minutes = local.date(), local.hour * 60 + local.minute
    if not is_open_on(rules, day, working=working):
        return Door.SHUT, None
    if minutes < rules.opens:
        return Door.EARLY, _moment(day, rules.opens)
    if minutes >= rules.closes:
        return Door.LATE, None
    for one in rules.breaks:
        if one.begins <= minutes < one.ends:
            return Door.BREAK, _moment(day, one.ends)
    return Door.OPEN, None


# ── Who serves what ─────────────────────────────────────────────────────────


def serves(rules: HallRules, window: str, purposes: Sequence[Purpose]) -> bool:
    """Whether a window serves all that somebody comes for."""
    said = next((one for one in rules.serving if one.window == window), None)
    if said is None:
        return True
    topics = set(said.topics)
    return all(one.item in said.items or topics & set(one.topics) for one in purposes)


def serving(rules: HallRules, purposes: Sequence[Purpose]) -> tuple[str, ...]:
    """Return the windows that serve all that somebody comes for."""
    return tuple(window for window in rules.windows if serves(rules, window, purposes))


def may_call(rules: HallRules, window: str, purposes: Sequence[Purpose]) -> bool:
    """Whether a window may call somebody: it serves what they come for, or by now no window does,
    so that nobody is left behind when the rules change while they wait."""
    found = serving(rules, purposes)
    return window in found or not found


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
    items_known: bool  # every item a window is said to serve is in force
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
    hall.window-elsewhere, hall.hours-wrong, hall.break-wrong, hall.closed-day-wrong,
    hall.serving-wrong, hall.item-unknown, hall.limits-wrong, hall.unchanged.
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
    _require_breaks(rules)
    days = {one.day for one in rules.closed}
    whole = all(one.reason.strip() for one in rules.closed)
    require(len(days) == len(rules.closed) and whole, "hall.closed-day-wrong")
    _require_serving(rules)
    require(command.items_known, "hall.item-unknown")
    require(
        0 <= rules.seats <= MOST_SEATS
        and 0 <= rules.days_ahead <= MOST_DAYS
        and 1 <= rules.per_person <= MOST_TICKETS,
        "hall.limits-wrong",
    )
    require(rules != hall.rules, "hall.unchanged")
    return [HallArranged(hall=command.hall, rules=rules, by=command.by, at=command.at)]


def _require_breaks(rules: HallRules) -> None:
    """Whole quarters within the hours, one after the other, each with an opening on both sides."""
    edges = [rules.opens]
    for one in rules.breaks:
        edges += [one.begins, one.ends]
    edges.append(rules.closes)
    in_order = all(earlier < later for earlier, later in pairwise(edges))
    require(in_order and all(edge % QUARTER == 0 for edge in edges), "hall.break-wrong")


def _require_serving(rules: HallRules) -> None:
    windows = [one.window for one in rules.serving]
    known = set(windows) <= set(rules.windows) and len(windows) == len(set(windows))
    said = all(one.items or one.topics for one in rules.serving)
    require(known and said, "hall.serving-wrong")


def evolve(hall: State, event: Event) -> State:
    return State(event.rules)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
