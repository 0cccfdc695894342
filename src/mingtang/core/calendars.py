"""The working-day calendar of one year (年度工作日历), stream `calendar/<year>`.

    nothing ──publish──▶ provisional ──publish──▶ official ──publish──▶ official, corrected

The State Council's notice makes a year official. A notice may change a year under way (Labour
Day 2019 was changed on 22 March 2019), so an official year may be corrected; it never becomes
provisional again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.worktime import CalendarYear

# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PublishCalendarYear:
    """发布年度工作日历: enter or correct which days of `year` are off and which are made up."""

    year: int
    official: bool
    off_days: tuple[date, ...]
    makeup_days: tuple[date, ...]
    source: str  # title or number of the notice
    by: str
    at: datetime


Command = PublishCalendarYear

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class CalendarYearPublished:
    kind: ClassVar[str] = "calendar.year-published.v1"
    year: int
    official: bool
    off_days: tuple[date, ...]  # in order, each once
    makeup_days: tuple[date, ...]
    source: str
    by: str
    at: datetime


Event = CalendarYearPublished
EVENTS = (CalendarYearPublished,)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    published: CalendarYear | None = None


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: calendar.other-year, calendar.date-outside-year,
    calendar.makeup-not-weekend, calendar.off-and-makeup (facts: dates),
    calendar.official-year-needs-source, calendar.already-official, calendar.unchanged.
    """
    match command:
        case PublishCalendarYear():
            wanted = CalendarYear(
                year=command.year,
                official=command.official,
                off_days=command.off_days,
                makeup_days=command.makeup_days,
                source=command.source.strip(),
            )
            _check_dates(wanted)
            sourced = wanted.source != "" or not wanted.official
            require(sourced, "calendar.official-year-needs-source")
            _check_change(state.published, wanted)
            return [
                CalendarYearPublished(
                    year=wanted.year,
                    official=wanted.official,
                    off_days=wanted.off_days,
                    makeup_days=wanted.makeup_days,
                    source=wanted.source,
                    by=command.by,
                    at=command.at,
                )
            ]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    match event:
        case CalendarYearPublished():
            return State(published=published_year(event))
        case _:
            assert_never(event)


def published_year(event: CalendarYearPublished) -> CalendarYear:
    """Return the year as `WorkCalendar` takes it."""
    return CalendarYear(
        year=event.year,
        official=event.official,
        off_days=event.off_days,
        makeup_days=event.makeup_days,
        source=event.source,
    )


def _check_dates(wanted: CalendarYear) -> None:
    everything = wanted.off_days + wanted.makeup_days
    outside = tuple(day for day in everything if day.year != wanted.year)
    require(not outside, "calendar.date-outside-year", dates=outside)
    both = tuple(day for day in wanted.off_days if day in wanted.makeup_days)
    require(not both, "calendar.off-and-makeup", dates=both)
    weekdays = tuple(day for day in wanted.makeup_days if day.weekday() < 5)
    require(not weekdays, "calendar.makeup-not-weekend", dates=weekdays)


def _check_change(published: CalendarYear | None, wanted: CalendarYear) -> None:
    if published is None:
        return
    require(published.year == wanted.year, "calendar.other-year")
    require(wanted.official or not published.official, "calendar.already-official")
    require(wanted != published, "calendar.unchanged")


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
