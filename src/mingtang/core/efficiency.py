"""Efficiency (效能): what a decided case took, measured by the calendar it was decided under.

One measurement for each decided case, in public: it names the case, and everything in it can be
worked out from the case's own entries and the published calendars. Figures of departments and
items are sums of measurements, counted by working days so that a median needs no case again.
What was saved (少跑、少环节、少盖章) is the difference to what the item, in the version the case
began under, says it took before; where it says nothing, nothing is claimed.

Source: 优化营商环境条例 art. 36 (within the time promised, or on the spot); 行政许可法 art. 82.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from operator import add
from typing import ClassVar

from mingtang.core import cases, clock
from mingtang.core.cases import Effort
from mingtang.core.cases.state import first_review_term, term_of
from mingtang.core.clock import Standing
from mingtang.core.decider import Decider, require
from mingtang.core.worktime import WorkCalendar


class Act(StrEnum):
    """What was measured: a case is counted by its decision, and by it alone."""

    DECISION = "decision"
    FIRST_REVIEW = "first_review"  # 初审


DECIDED = (cases.Stage.GRANTED, cases.Stage.REFUSED)


@dataclass(frozen=True, kw_only=True)
class MeasureCase:
    """计量: work out what a decided case took."""

    case: cases.State
    calendar: WorkCalendar
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MeasureFirstReview:
    """计量初审: work out what the first review of a case took, once it was handed over."""

    case: cases.State
    calendar: WorkCalendar
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseMeasured:
    kind: ClassVar[str] = "efficiency.measured.v1"
    item: str
    department: str
    month: str  # "2026-11", of the decision
    statutory_days: int
    promised_days: int
    used_days: int  # working days from acceptance, or from its hand-over after a first review,
    # to the decision, suspensions left out
    in_time: bool  # not later than promised
    on_the_spot: bool  # 即办件, decided on the day it was accepted
    calendar: str  # version it was measured by
    effort: Effort | None = None  # what it took until it was decided; early measurements: unknown
    before: Effort | None = None  # what the item says it took before (改革前)
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FirstReviewMeasured:
    """初审用时: the lower organ's share. The case itself is counted once, where it is decided."""

    kind: ClassVar[str] = "efficiency.first-review-measured.v1"
    item: str
    department: str  # organ that reviewed first
    month: str  # "2026-11", of the hand-over
    allowed_days: int
    used_days: int  # working days from acceptance to the hand-over, suspensions left out
    in_time: bool
    calendar: str  # version it was measured by
    at: datetime


Command = MeasureCase | MeasureFirstReview
Event = CaseMeasured | FirstReviewMeasured
EVENTS = (CaseMeasured, FirstReviewMeasured)


@dataclass(frozen=True)
class State:
    measured: bool = False


def decide(measurement: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: efficiency.already-measured, efficiency.not-decided, efficiency.not-handed-up.
    """
    require(not measurement.measured, "efficiency.already-measured")
    if isinstance(command, MeasureFirstReview):
        return [_first_review(command)]
    case, calendar = command.case, command.calendar
    require(case.stage in DECIDED, "efficiency.not-decided")
    terms, closed = case.terms, case.closed_date
    assert terms is not None
    assert closed is not None
    promise = term_of(case, promised=True)
    standing = clock.standing(promise, today=closed, calendar=calendar, closed=closed)
    return [
        CaseMeasured(
            item=terms.item,
            department=terms.department,
            month=f"{closed:%Y-%m}",
            statutory_days=terms.statutory_days,
            promised_days=terms.promised_days,
            used_days=clock.used(promise, today=closed, calendar=calendar, closed=closed),
            in_time=standing is Standing.DONE_IN_TIME,
            on_the_spot=_on_the_spot(case),
            calendar=calendar.version,
            effort=effort_of(case),
            before=terms.before,
            at=command.at,
        )
    ]


def _first_review(command: MeasureFirstReview) -> FirstReviewMeasured:
    case, calendar = command.case, command.calendar
    require(case.handed is not None, "efficiency.not-handed-up")
    term, handed, terms = first_review_term(case), case.handed, case.terms
    assert handed is not None
    assert term is not None
    assert terms is not None
    assert terms.first_review is not None
    day = handed.day
    standing = clock.standing(term, today=day, calendar=calendar, closed=day)
    return FirstReviewMeasured(
        item=terms.item,
        department=terms.first_review.organ,
        month=f"{day:%Y-%m}",
        allowed_days=terms.first_review.days,
        used_days=clock.used(term, today=day, calendar=calendar, closed=day),
        in_time=standing is Standing.DONE_IN_TIME,
        calendar=calendar.version,
        at=command.at,
    )


def _on_the_spot(case: cases.State) -> bool:
    """当场办结: an item of the kind (即办件), decided on the civil day it was accepted."""
    assert case.terms is not None
    return case.terms.on_the_spot and case.closed_date == case.accepted_date


def effort_of(case: cases.State) -> Effort:
    """Return what a decided case took: visits to a window, steps done, seals set.

    A seal is the deciding organ's own, or stands under the opinion of the lower organ that
    reviewed it first, or under the answer of a body the case was referred to.
    """
    answers = sum(1 for leg in case.legs if leg.answer)
    opinions = int(case.handed is not None)
    steps = len(case.done_steps()) + answers
    return Effort(visits=case.visits, steps=steps, seals=1 + opinions + answers)


def evolve(measurement: State, event: Event) -> State:
    return State(measured=True)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)


# ── Figures ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over decided cases, those of one number of working days or of any."""

    cases: int = 0
    in_time: int = 0
    on_the_spot: int = 0
    statutory_days: int = 0
    promised_days: int = 0
    # of those alone whose item says what it took before
    compared: int = 0
    visits: int = 0
    steps: int = 0
    seals: int = 0
    visits_before: int = 0
    steps_before: int = 0
    seals_before: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*map(add, astuple(self), astuple(other)))


def sums_of(event: Event) -> Sums:
    """Return what one measured case, or first review, adds to the sums.

    Of a first review the law's days are all there are: nothing else is promised.
    """
    if isinstance(event, FirstReviewMeasured):
        days = event.allowed_days
        in_time = int(event.in_time)
        return Sums(cases=1, in_time=in_time, statutory_days=days, promised_days=days)
    counted = Sums(
        cases=1,
        in_time=int(event.in_time),
        on_the_spot=int(event.on_the_spot),
        statutory_days=event.statutory_days,
        promised_days=event.promised_days,
    )
    now, before = event.effort, event.before
    if now is None or before is None:
        return counted
    return replace(
        counted,
        compared=1,
        visits=now.visits,
        steps=now.steps,
        seals=now.seals,
        visits_before=before.visits,
        steps_before=before.steps,
        seals_before=before.seals,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a group of decided cases. Days are working days; shares are exact."""

    sums: Sums
    used_days: int  # of all cases together
    median: int
    p90: int

    @property
    def mean(self) -> Fraction:
        return _share(self.used_days, self.sums.cases)

    @property
    def used_of_statutory(self) -> Fraction | None:
        return _share_or_none(self.used_days, self.sums.statutory_days)

    @property
    def promised_of_statutory(self) -> Fraction | None:
        return _share_or_none(self.sums.promised_days, self.sums.statutory_days)

    @property
    def in_time(self) -> Fraction:
        return _share(self.sums.in_time, self.sums.cases)

    @property
    def on_the_spot(self) -> Fraction:
        return _share(self.sums.on_the_spot, self.sums.cases)


def figures(by_days: Mapping[int, Sums]) -> Figures:
    """Return the figures of cases counted by the working days they took; one case at least."""
    total = sum(by_days.values(), Sums())
    return Figures(
        sums=total,
        used_days=sum(days * sums.cases for days, sums in by_days.items()),
        median=percentile(by_days, 50),
        p90=percentile(by_days, 90),
    )


def percentile(by_days: Mapping[int, Sums], percent: int) -> int:
    """Return the fewest days within which at least `percent` of the cases were done."""
    total = sum(sums.cases for sums in by_days.values())
    done = 0
    for days in sorted(by_days):
        done += by_days[days].cases
        if 100 * done >= percent * total:
            return days
    raise ValueError("there are no cases")


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole)


def _share_or_none(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
