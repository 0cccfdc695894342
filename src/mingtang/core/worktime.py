"""Statutory time: which days are worked (工作日), and periods counted in them.

Source: 行政许可法 art. 82: the organ's periods are working days, statutory holidays not
included. The day of the act that starts a period is not counted (民法典 art. 201).

The State Council says once a year, for one year, which days are off and which weekend days are
worked instead (调休). So every year is either official or provisional, and a date counted
through a provisional year is provisional too: it is given, marked, and may move.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from mingtang.core.wire import canonical

Day = date  # where a field is itself called `date`
_SATURDAY = 5


@dataclass(frozen=True)
class CalendarYear:
    """年度节假日安排: what is known of one year. Plain weekends are not listed."""

    year: int
    official: bool
    off_days: tuple[date, ...]  # whole holidays as announced, weekend days inside them included
    makeup_days: tuple[date, ...]  # 调休上班: Saturdays and Sundays that are worked
    source: str  # the notice, or where a provisional year comes from

    def __post_init__(self) -> None:
        object.__setattr__(self, "off_days", tuple(sorted(set(self.off_days))))
        object.__setattr__(self, "makeup_days", tuple(sorted(set(self.makeup_days))))


class DayKind(StrEnum):
    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"  # a weekend day that is worked

    @property
    def worked(self) -> bool:
        return self in (DayKind.WORKING, DayKind.MAKEUP)


@dataclass(frozen=True)
class WorkCalendar:
    """工作日历: the years known, in order. Other years are plain weekends, provisional.

    Raises ValueError when one year is given twice.
    """

    years: tuple[CalendarYear, ...]

    def __post_init__(self) -> None:
        known = {year.year: year for year in self.years}
        if len(known) != len(self.years):
            raise ValueError("a calendar holds each year once")
        object.__setattr__(self, "years", tuple(known[year] for year in sorted(known)))

    def __hash__(self) -> int:
        return hash(self.version)  # worked out once, not over a thousand dates each time

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when anything known of any year changes."""
        return sha256(canonical(self.years).encode()).hexdigest()[:12]

    @cached_property
    def _known(self) -> dict[int, CalendarYear]:
        return {year.year: year for year in self.years}

    @cached_property
    def _off(self) -> frozenset[int]:
        return frozenset(day.toordinal() for year in self.years for day in year.off_days)

    @cached_property
    def _makeup(self) -> frozenset[int]:
        return frozenset(day.toordinal() for year in self.years for day in year.makeup_days)

    def is_working(self, day: date) -> bool:
        return self.reason(day).worked

    def is_official(self, day: date) -> bool:
        year = self._known.get(day.year)
        return year is not None and year.official

    def reason(self, day: date) -> DayKind:
        """Return why `day` is worked or not. A holiday on a weekend is a holiday."""
        ordinal = day.toordinal()
        if ordinal in self._makeup:
            return DayKind.MAKEUP
        if ordinal in self._off:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKING

    def source(self, day: date) -> str:
        """Return what the year of `day` rests on; empty when nothing is known of it."""
        year = self._known.get(day.year)
        return year.source if year else ""

    def is_provisional(self, *, after: date, until: date) -> bool:
        """Whether any day in (after, until] lies in a year that is not official."""
        if until <= after:
            return False
        first = (after + timedelta(days=1)).year
        return any(
            (known := self._known.get(year)) is None or not known.official
            for year in range(first, until.year + 1)
        )


@dataclass(frozen=True)
class Due:
    """期限届满日: the last day of a period, itself included."""

    date: Day
    provisional: bool  # counted through a year that is not official: it may move


def add_working_days(start: date, days: int, *, calendar: WorkCalendar) -> Due:
    """Return the last day of a period of `days` working days that starts the day after `start`.

    Zero days is `start` itself, worked or not. Raises ValueError for a negative number.
    """
    if days < 0:
        raise ValueError(f"a period cannot have {days} days")
    off, makeup = calendar._off, calendar._makeup
    ordinal = start.toordinal()
    while days:
        ordinal += 1
        # ordinal 1 is a Monday, so remainder 6 is a Saturday and 0 a Sunday
        if ordinal in makeup or (0 < ordinal % 7 < 6 and ordinal not in off):
            days -= 1
    due = date.fromordinal(ordinal)
    return Due(due, calendar.is_provisional(after=start, until=due))


def working_days_between(after: date, until: date, *, calendar: WorkCalendar) -> int:
    """Return how many days in (after, until] are worked; 0 when there are none."""
    off, makeup = calendar._off, calendar._makeup
    return sum(
        ordinal in makeup or (0 < ordinal % 7 < 6 and ordinal not in off)
        for ordinal in range(after.toordinal() + 1, until.toordinal() + 1)
    )
