"""Call-backs (差评回访和整改): what is done about a bad rating, and by whom.

    (bad rating) ──call back──▶ called ──rectify──▶ rectified ──answer──▶ settled
                      ▲                                 │
                      └──────────── not settled ◀───────┘

In the hands of whoever supervises at the centre, never of the department that was rated. The
stream is named by a one-way function of what only the rating holds, and begins with the first
act: the public log does not say which rating was a bad one.

The rater decides whether it is settled, by the secret they were given when they rated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, require
from mingtang.core.ratings import BAD
from mingtang.core.wire import Sealed
from mingtang.core.worktime import Due, WorkCalendar, add_working_days

# Working days from a bad rating to its rectification: one city's rule; the national limit was not
# verified. Whoever publishes another one changes this line.
TERM_DAYS = 15
LONGEST = 1_000  # characters


class Stage(StrEnum):
    NONE = "none"
    CALLED = "called"  # 已回访
    RECTIFIED = "rectified"  # 已整改，待评价人确认
    SETTLED = "settled"  # 已解决
    UNSETTLED = "unsettled"  # 评价人认为没有解决


OPEN = frozenset({Stage.NONE, Stage.CALLED, Stage.UNSETTLED})


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The rating an act is about, as its row says."""

    rating: str  # key of its stream
    grade: str
    department: str


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """回访. `posts`: every organisation and window the caller holds a post in."""

    subject: Subject
    reached: bool
    note: str  # what was said, or why nobody was reached
    posts: frozenset[str]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Rectify:
    """整改: what was put right, in words for the rater."""

    subject: Subject
    result: str
    posts: frozenset[str]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerRectification:
    """评价人确认: is it settled?"""

    settled: bool
    at: datetime


Command = CallBack | Rectify | AnswerRectification


@dataclass(frozen=True, kw_only=True)
class CallbackMade:
    kind: ClassVar[str] = "callback.made.v1"
    rating: Sealed
    reached: Sealed  # "yes" or "no"
    note: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RatingRectified:
    kind: ClassVar[str] = "callback.rectified.v1"
    result: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RectificationAnswered:
    kind: ClassVar[str] = "callback.answered.v1"
    settled: bool
    at: datetime


Event = CallbackMade | RatingRectified | RectificationAnswered
EVENTS = (CallbackMade, RatingRectified, RectificationAnswered)


@dataclass(frozen=True)
class State:
    stage: Stage = Stage.NONE
    since: date | None = None  # when the term began anew, after the rater said it is not settled


def due(given: date, *, since: date | None = None, calendar: WorkCalendar) -> Due:
    """Return the last day on which it is put right in time."""
    return add_working_days(since or given, TERM_DAYS, calendar=calendar)


def decide(callback: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: callback.not-bad, callback.own-department, callback.already-called,
    callback.note-missing, callback.too-long (facts: limit), callback.call-first,
    callback.result-missing, callback.nothing-to-answer.
    """
    match command:
        case CallBack():
            _require_supervisor(command)
            open_stages = (Stage.NONE, Stage.UNSETTLED)
            require(callback.stage in open_stages, "callback.already-called")
            require(bool(command.note.strip()), "callback.note-missing")
            _require_length(command.note)
            return [
                CallbackMade(
                    rating=Sealed(command.subject.rating),
                    reached=Sealed("yes" if command.reached else "no"),
                    note=Sealed(command.note.strip()),
                    by=command.by,
                    at=command.at,
                )
            ]
        case Rectify():
            _require_supervisor(command)
            require(callback.stage is Stage.CALLED, "callback.call-first")
            require(bool(command.result.strip()), "callback.result-missing")
            _require_length(command.result)
            return [
                RatingRectified(result=Sealed(command.result.strip()), by=command.by, at=command.at)
            ]
        case AnswerRectification():
            require(callback.stage is Stage.RECTIFIED, "callback.nothing-to-answer")
            return [RectificationAnswered(settled=command.settled, at=command.at)]
        case _:
            assert_never(command)


def _require_supervisor(command: CallBack | Rectify) -> None:
    subject = command.subject
    require(subject.grade in map(str, BAD), "callback.not-bad")
    # Whoever was rated is not the one to ask what was wrong.
    require(subject.department not in command.posts, "callback.own-department")


def _require_length(text: str) -> None:
    require(len(text) <= LONGEST, "callback.too-long", limit=LONGEST)


def evolve(callback: State, event: Event) -> State:
    match event:
        case CallbackMade():
            return replace(callback, stage=Stage.CALLED)
        case RatingRectified():
            return replace(callback, stage=Stage.RECTIFIED)
        case RectificationAnswered():
            if event.settled:
                return replace(callback, stage=Stage.SETTLED)
            return State(Stage.UNSETTLED, civil_day(event.at))
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
