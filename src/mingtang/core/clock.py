"""The clocks of a case (办件时限): from what happened to a due date, explained day by day.

A clock is a pure function of a term and a calendar. Nothing here is stored: a due date, the
days used and "overdue" are worked out anew from the acts, so they cannot disagree with them.

Two ways to stop a clock, never mixed up:

    suspension 中止     paused days are not counted, then the count goes on where it stood
    interruption 中断   what was counted is void, then the whole term begins anew

Days are civil days in China. The day of an act that starts a term is not counted (民法典 art.
201); a paused span is written [from_date, until_date): its first day is not counted, the day
the count goes on is. Stopping and going on within one day therefore moves nothing, and k
worked days of pause move the due date by k worked days. The due date is the last day in time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from mingtang.core.worktime import (
    DayKind,
    Due,
    WorkCalendar,
    add_working_days,
    working_days_between,
)

# China keeps one time zone and has had no daylight saving since 1991: a fixed offset is exact
# for every moment this house records, and needs no time zone data.
CHINA = timezone(timedelta(hours=8))
NEAR_PERCENT = 90  # of the term used: the light turns yellow
_DAY = timedelta(days=1)

# ── What a clock is told ────────────────────────────────────────────────────


class Clock(StrEnum):
    """The three clocks shown side by side; they share the acts and differ in the budget."""

    STATUTORY = "statutory"  # 法定: what the law allows
    PROMISED = "promised"  # 承诺: what the published item promises
    ACTUAL = "actual"  # 实际: no budget, only the days used


@dataclass(frozen=True)
class Extension:
    """延长期限: working days added to the term, e.g. 10 under 行政许可法 art. 42."""

    days: int
    basis: str


@dataclass(frozen=True)
class Pause:
    """中止: days in [from_date, until_date) are not counted; until None: still going on."""

    kind: str
    from_date: date
    until_date: date | None
    basis: str


@dataclass(frozen=True)
class Interruption:
    """中断: the term, extensions included, begins anew; `restart_date` is its day of start."""

    kind: str
    from_date: date
    restart_date: date | None
    basis: str


@dataclass(frozen=True)
class Term:
    """期限: a budget of working days and the acts that bear on it, in any order."""

    budget_days: int
    started: date  # the day of the act that starts it, itself not counted
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    interruptions: tuple[Interruption, ...] = ()

    @property
    def allowed_days(self) -> int:
        """The budget with every extension."""
        return self.budget_days + sum(extension.days for extension in self.extensions)


# ── What a clock says ───────────────────────────────────────────────────────


class LineKind(StrEnum):
    START = "start"
    COUNTED = "counted"
    MAKEUP = "makeup"  # counted: a weekend day that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"

    @property
    def counted(self) -> bool:
        return self in (LineKind.COUNTED, LineKind.MAKEUP)


@dataclass(frozen=True)
class DayLine:
    """One civil day of an explanation."""

    day: date
    kind: LineKind
    number: int  # working days used so far; past the budget it goes on counting
    provisional: bool  # the year of this day is not official
    basis: str  # what makes the day special: notice, pause, extension; often empty


class Standing(StrEnum):
    IN_TIME = "in_time"
    NEAR = "near"
    OVER = "over"
    PAUSED = "paused"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"


_LINE_KINDS = {
    DayKind.WORKING: LineKind.COUNTED,
    DayKind.MAKEUP: LineKind.MAKEUP,
    DayKind.WEEKEND: LineKind.WEEKEND,
    DayKind.HOLIDAY: LineKind.HOLIDAY,
}

# ── The rules ───────────────────────────────────────────────────────────────


def civil_day(moment: datetime) -> date:
    """Return the day it is in China at `moment`. Raises ValueError without an offset."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its offset")
    return moment.astimezone(CHINA).date()


def due(term: Term, *, calendar: WorkCalendar) -> Due | None:
    """Return the last day in time, or None while the clock stands still with no end known.

    A pause or interruption that begins after the due date comes too late and moves nothing.
    A term of 0 days (即办) is due on the day it starts, or, paused that day, when it goes on.
    """
    run = _runs(term, calendar)[-1]
    return None if run.cut else _due_of_run(term, run.begin, calendar)


def used(term: Term, *, today: date, calendar: WorkCalendar, closed: date | None = None) -> int:
    """Return the working days used up to and including `today`, or the day it was `closed`."""
    last = today if closed is None else min(today, closed)
    for run in reversed(_runs(term, calendar)):
        if run.begin <= last:
            return 0 if run.stopped(last) else _count(term, run.begin, last, calendar)
    return 0


def standing(
    term: Term,
    *,
    today: date,
    calendar: WorkCalendar,
    closed: date | None = None,
    near_percent: int = NEAR_PERCENT,
) -> Standing:
    """Return where the term stands on `today`. Closed on the due date is in time.

    Near is from `near_percent` of the term on. What is closed while its clock stands still is
    in time.
    """
    last = due(term, calendar=calendar)
    if closed is not None:
        in_time = last is None or closed <= last.date
        return Standing.DONE_IN_TIME if in_time else Standing.DONE_LATE
    if last is not None and today > last.date:
        return Standing.OVER
    if last is None or _stands_still(term, today, calendar):
        return Standing.PAUSED
    near = 100 * used(term, today=today, calendar=calendar) >= near_percent * term.allowed_days
    return Standing.NEAR if near else Standing.IN_TIME


def explain(term: Term, *, until: date, calendar: WorkCalendar) -> tuple[DayLine, ...]:
    """Return a line for every day from the start to `until`, both included.

    On the due date `number` is the number of days allowed. A restart after an interruption is
    a second START line, and counting begins at 1 again.
    """
    return tuple(_lines(term, calendar, until))


def redated(
    term: Term, *, before: WorkCalendar, after: WorkCalendar
) -> tuple[Due | None, Due | None] | None:
    """Return the old and the new due date when a change of calendar moved or confirmed it.

    A date that stays but is no longer provisional counts as a change: it is now firm.
    """
    old, new = due(term, calendar=before), due(term, calendar=after)
    return None if old == new else (old, new)


# ── Runs: a term is counted from its start, and anew after each interruption ─


@dataclass(frozen=True)
class _Run:
    begin: date
    cut: Interruption | None  # what voided it; None for the run that stands

    def stopped(self, day: date) -> bool:
        return self.cut is not None and self.cut.from_date <= day


def _runs(term: Term, calendar: WorkCalendar) -> Sequence[_Run]:
    """Return the runs in order. The last has a cut only when no restart is known yet."""
    runs: list[_Run] = []
    begin = term.started
    for cut in sorted(term.interruptions, key=_place):
        last = _due_of_run(term, begin, calendar)
        if last is not None and cut.from_date > last.date:
            break  # the term had run out
        if cut.restart_date is None:
            return [*runs, _Run(begin, cut)]
        restart = max(cut.from_date, cut.restart_date)
        if restart > begin:
            runs.append(_Run(begin, cut))
            begin = restart
    return [*runs, _Run(begin, None)]


def _place(cut: Interruption) -> tuple[date, date]:
    return cut.from_date, cut.restart_date or date.max


def _due_of_run(term: Term, begin: date, calendar: WorkCalendar) -> Due | None:
    days = term.allowed_days
    if not term.pauses:
        return add_working_days(begin, days, calendar=calendar)
    if days == 0 and _pause_on(term, begin):
        days = 1  # on the spot was not possible: the first day that counts is the last
    last = add_working_days(begin, days, calendar=calendar).date
    for first, until in _spans(term.pauses):
        if first > last:
            break
        if until is None:
            return None
        lost = _worked(first, until - _DAY, begin, calendar)
        last = add_working_days(last, lost, calendar=calendar).date
    return Due(last, calendar.is_provisional(after=begin, until=last))


def _count(term: Term, begin: date, last: date, calendar: WorkCalendar) -> int:
    lost = sum(
        _worked(first, last if until is None else min(until - _DAY, last), begin, calendar)
        for first, until in _spans(term.pauses)
    )
    return working_days_between(begin, last, calendar=calendar) - lost


def _worked(first: date, last: date, begin: date, calendar: WorkCalendar) -> int:
    """Return the worked days from `first` to `last`, both included, that lie after `begin`."""
    return working_days_between(max(first - _DAY, begin), last, calendar=calendar)


def _spans(pauses: Sequence[Pause]) -> Sequence[tuple[date, date | None]]:
    """Return the pauses in order as spans apart from each other, the empty ones left out."""
    spans: list[tuple[date, date | None]] = []
    for pause in sorted(pauses, key=lambda pause: pause.from_date):
        first, until = pause.from_date, pause.until_date
        if until is not None and until <= first:
            continue
        if not spans:
            spans.append((first, until))
            continue
        begun, ended = spans[-1]
        if ended is not None and first > ended:
            spans.append((first, until))
        elif ended is not None:
            spans[-1] = (begun, None if until is None else max(ended, until))
    return spans


def _pause_on(term: Term, day: date) -> Pause | None:
    for pause in term.pauses:
        if pause.from_date <= day and (pause.until_date is None or day < pause.until_date):
            return pause
    return None


def _stands_still(term: Term, day: date, calendar: WorkCalendar) -> bool:
    if _pause_on(term, day):
        return True
    begun = [run for run in _runs(term, calendar) if run.begin <= day]
    return bool(begun) and begun[-1].stopped(day)


# ── Explanation ─────────────────────────────────────────────────────────────


def _lines(term: Term, calendar: WorkCalendar, until: date) -> Iterator[DayLine]:
    runs = _runs(term, calendar)
    basis = ""
    for place, run in enumerate(runs):
        follows = runs[place + 1].begin if place + 1 < len(runs) else until + _DAY
        for day in _days(run.begin, min(run.begin, until)):
            yield _line(day, LineKind.START, 0, calendar, basis)
        number = 0
        for day in _days(run.begin + _DAY, min(follows - _DAY, until)):
            if run.cut is not None and run.stopped(day):
                yield _line(day, LineKind.INTERRUPTED, 0, calendar, run.cut.basis)
                continue
            kind, reason = _kind(term, day, calendar)
            number += kind.counted
            if kind is LineKind.COUNTED:
                reason = _extension_basis(term, number)
            yield _line(day, kind, number, calendar, reason)
        basis = run.cut.basis if run.cut else ""


def _line(day: date, kind: LineKind, number: int, calendar: WorkCalendar, basis: str) -> DayLine:
    return DayLine(day, kind, number, not calendar.is_official(day), basis)


def _kind(term: Term, day: date, calendar: WorkCalendar) -> tuple[LineKind, str]:
    if pause := _pause_on(term, day):
        return LineKind.PAUSED, pause.basis
    kind = _LINE_KINDS[calendar.reason(day)]
    announced = kind in (LineKind.HOLIDAY, LineKind.MAKEUP)
    return kind, calendar.source(day) if announced else ""


def _extension_basis(term: Term, number: int) -> str:
    """Return the basis of the extension that day `number` is owed to, or nothing."""
    reached = term.budget_days
    for extension in term.extensions:
        if reached < number <= reached + extension.days:
            return extension.basis
        reached += extension.days
    return ""


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
