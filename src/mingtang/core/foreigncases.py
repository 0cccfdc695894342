"""A case of another system (外部办件): its history, brought in from that system's event log.

History is only read here: nothing is decided in it. One case is one stream,
`foreign-case/<key>`. Its steps stand in the order of their times, in one event or, where they do
not fit the limit of an entry, in several. Reading the same log again says nothing new and is
refused; a log that has grown adds what it has more. A step that was brought in stays: where a
later log tells it otherwise under the same id, the case is refused and not rewritten.

Names of people (who did a step, who is responsible) are sealed: the log shows steps and times, and
whose they were is opened, or erased, beside it.

Days are civil days where the case was handled, as the offset written with each moment says:
never days of UTC. The due date is the last day in time, so closing on it is in time.
"""

import json
from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, Refused, require
from mingtang.core.wire import ERASED, Sealed, canonical
from mingtang.core.worktime import WorkCalendar, working_days_between

LONGEST = 200  # characters of any one text
STEPS_BYTES = 50_000  # of an entry's 65,535: the rest is for what stands beside the steps
_TEXTS = ("channel", "department", "group", "responsible")


class Counting(StrEnum):
    """How a deadline is meant."""

    DAY = "day"  # the whole day it falls on is in time
    MOMENT = "moment"  # to the second


@dataclass(frozen=True, kw_only=True)
class ForeignStep:
    """Something done in the case (环节)."""

    activity: str
    at: datetime  # with the offset of the place
    id: str = ""  # of the other system; empty: it has none
    resource: str = ""  # who did it, as the other system names them
    group: str = ""
    transition: str = ""  # complete, start …


@dataclass(frozen=True, kw_only=True)
class ForeignOutline:
    """What the log says of the case as a whole. Moments with the offset of the place."""

    started: datetime | None = None
    deadline: datetime | None = None
    counting: Counting = Counting.DAY
    planned: datetime | None = None  # planned end
    closed: datetime | None = None  # None: the log knows no end
    channel: str = ""
    department: str = ""
    group: str = ""
    responsible: str = ""


def key_of(source: str, number: str) -> str:
    """Return the key of a case: 20 letters and digits, the same for ever."""
    named = f"{source}\n{number}"
    return b32encode(sha256(named.encode()).digest())[:20].decode().lower()


# ── Command, events ─────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RecordForeignCase:
    """导入外部办件, or what a grown log has more of it. `steps` in any order."""

    source: str  # the system the log is from
    number: str  # of the case there
    outline: ForeignOutline
    steps: tuple[ForeignStep, ...]
    by: str
    at: datetime


Command = RecordForeignCase


@dataclass(frozen=True, kw_only=True)
class ForeignCaseRecorded:
    kind: ClassVar[str] = "foreign-case.recorded.v1"
    source: str
    number: str
    outline: ForeignOutline  # without a name
    steps: tuple[ForeignStep, ...]  # in the order of their times, without names
    names: Sealed  # JSON list: who is responsible, then who did each step
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ForeignCaseContinued:
    kind: ClassVar[str] = "foreign-case.continued.v1"
    outline: ForeignOutline  # as they read now, whole, without a name
    steps: tuple[ForeignStep, ...]  # those not told before, without names
    names: Sealed  # JSON list: who is responsible, then who did each step
    by: str
    at: datetime


Event = ForeignCaseRecorded | ForeignCaseContinued
EVENTS = (ForeignCaseRecorded, ForeignCaseContinued)


@dataclass(frozen=True)
class State:
    source: str = ""  # empty: never recorded
    number: str = ""
    outline: ForeignOutline = ForeignOutline()
    steps: tuple[ForeignStep, ...] = ()  # in the order they were brought in


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events a reading of a case leads to.

    Raises Refused: foreign-case.source-missing, foreign-case.steps-missing,
    foreign-case.activity-missing, foreign-case.too-long (facts: limit), foreign-case.same-id
    (facts: step), foreign-case.step-changed (facts: step), foreign-case.other-case,
    foreign-case.unchanged.
    """
    _require_usable(command)
    told = sorted(dict.fromkeys(command.steps), key=lambda step: step.at)
    _require_one_of_each(told)
    if not state.source:
        first, *more = _portions(told)
        recorded = ForeignCaseRecorded(
            source=command.source,
            number=command.number,
            outline=_nameless(command.outline),
            steps=tuple(map(_nobody, first)),
            names=_names(command.outline, first),
            by=command.by,
            at=command.at,
        )
        return [recorded, *(_continued(command, steps) for steps in more)]
    same = (state.source, state.number) == (command.source, command.number)
    require(same, "foreign-case.other-case")
    fresh = _not_told(state, told)
    changed = command.outline != state.outline
    require(bool(fresh) or changed, "foreign-case.unchanged")
    return [_continued(command, steps) for steps in _portions(fresh)]


def _require_usable(command: Command) -> None:
    named = bool(command.source.strip() and command.number.strip())
    require(named, "foreign-case.source-missing")
    require(bool(command.steps), "foreign-case.steps-missing")
    acted = all(step.activity.strip() for step in command.steps)
    require(acted, "foreign-case.activity-missing")
    texts = [command.source, command.number]
    texts += [getattr(command.outline, name) for name in _TEXTS]
    for step in command.steps:
        texts += (step.activity, step.id, step.resource, step.group, step.transition)
    require(max(map(len, texts)) <= LONGEST, "foreign-case.too-long", limit=LONGEST)


def _require_one_of_each(steps: Sequence[ForeignStep]) -> None:
    seen: set[str] = set()
    for step in steps:
        require(step.id not in seen, "foreign-case.same-id", step=step.id)
        seen |= {step.id} if step.id else set()


def _not_told(state: State, steps: Sequence[ForeignStep]) -> list[ForeignStep]:
    """Return the steps that are new; one whose id is known must read as it did."""
    known, by_id = set(state.steps), {step.id: step for step in state.steps if step.id}
    fresh = [step for step in steps if step not in known]
    for step in fresh:
        if step.id in by_id:
            raise Refused("foreign-case.step-changed", step=step.id)
    return fresh


def _portions(steps: Sequence[ForeignStep]) -> Iterator[tuple[ForeignStep, ...]]:
    """Yield the steps in portions that fit an entry each, one at least; none make an empty one."""
    portion: list[ForeignStep] = []
    size = 0
    for step in steps:
        length = len(canonical(step).encode()) + 1  # and a comma
        if portion and size + length > STEPS_BYTES:
            yield tuple(portion)
            portion, size = [], 0
        portion.append(step)
        size += length
    yield tuple(portion)


def _continued(command: Command, steps: tuple[ForeignStep, ...]) -> ForeignCaseContinued:
    return ForeignCaseContinued(
        outline=_nameless(command.outline),
        steps=tuple(map(_nobody, steps)),
        names=_names(command.outline, steps),
        by=command.by,
        at=command.at,
    )


# ── Names ───────────────────────────────────────────────────────────────────


def _nameless(outline: ForeignOutline) -> ForeignOutline:
    return replace(outline, responsible="")


def _nobody(step: ForeignStep) -> ForeignStep:
    return replace(step, resource="")


def _names(outline: ForeignOutline, steps: Sequence[ForeignStep]) -> Sealed:
    return Sealed(canonical([outline.responsible, *(step.resource for step in steps)]))


def _named(event: Event) -> tuple[ForeignOutline, tuple[ForeignStep, ...]]:
    """Return outline and steps with their names, or with the sign of what was erased."""
    if event.names == ERASED:
        responsible, *did = [ERASED] * (1 + len(event.steps))
    else:
        responsible, *did = json.loads(event.names)
    steps = zip(event.steps, did, strict=True)
    return (
        replace(event.outline, responsible=responsible),
        tuple(replace(step, resource=name) for step, name in steps),
    )


def evolve(state: State, event: Event) -> State:
    match event:
        case ForeignCaseRecorded():
            return State(event.source, event.number, *_named(event))
        case ForeignCaseContinued():
            outline, steps = _named(event)
            return replace(state, outline=outline, steps=state.steps + steps)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

# ── The clock ───────────────────────────────────────────────────────────────


class ForeignStanding(StrEnum):
    """How a case stands against its deadline."""

    IN_TIME = "in_time"  # closed
    LATE = "late"  # closed after its deadline
    OPEN = "open"  # the log knows no end
    NO_DEADLINE = "no_deadline"  # closed; nothing says until when it should have been


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"  # some day lies in a year our calendar does not cover


@dataclass(frozen=True)
class ForeignClock:
    """Days of one case, the day it started not counted (民法典 art. 201)."""

    unit: Unit
    started: date
    until: date  # the day it was closed, or of the last step known
    used_days: int
    due: date | None
    allowed_days: int | None
    over_days: int  # days of `until` past `due`; 0: none of them, or no deadline


def began(outline: ForeignOutline, steps: Sequence[ForeignStep]) -> datetime:
    """Return when a case began: as the log says, or with its first step."""
    return outline.started or min(step.at for step in steps)


def standing(outline: ForeignOutline) -> ForeignStanding:
    """Return how a case stands. Closed on the due date, or at the very deadline, is in time."""
    closed, deadline = outline.closed, outline.deadline
    if closed is None:
        return ForeignStanding.OPEN
    if deadline is None:
        return ForeignStanding.NO_DEADLINE
    return ForeignStanding.LATE if is_past(closed, outline) else ForeignStanding.IN_TIME


def is_past(moment: datetime, outline: ForeignOutline) -> bool:
    """Whether the deadline was over at that moment."""
    deadline = outline.deadline
    if deadline is None:
        return False
    if outline.counting is Counting.MOMENT:
        return moment > deadline
    return moment.date() > deadline.date()


def clock_of(
    outline: ForeignOutline, steps: Sequence[ForeignStep], *, calendar: WorkCalendar
) -> ForeignClock:
    """Return the days a case took: working days where every day is in an official year.

    A case without an end is counted to its last step: of later days the log knows nothing.
    """
    start = began(outline, steps).date()
    until = (outline.closed or max(step.at for step in steps)).date()
    due = outline.deadline.date() if outline.deadline else None
    last = max(start, until, due or until)
    # The start is not counted, so what is asked of the calendar is (start, last]; a deadline
    # before the start has days before it.
    first = min(start, due or start)
    covered = not calendar.is_provisional(after=first, until=last)

    def days(after: date, through: date) -> int:
        if not covered:
            return max(0, (through - after).days)
        return working_days_between(after, through, calendar=calendar)

    return ForeignClock(
        unit=Unit.WORKING_DAYS if covered else Unit.CALENDAR_DAYS,
        started=start,
        until=until,
        used_days=days(start, until),
        due=due,
        allowed_days=None if due is None else days(start, due),
        over_days=0 if due is None else days(due, until),
    )
