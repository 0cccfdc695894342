"""Tallies (评价公布): ratings counted in public, never so few at once that one can be told.

A day's ratings are counted on a later day. What is published at once is a group of at least
`FLOOR` ratings of one item; those of items that few people rate wait, and once they have waited
`MONTH` days are counted with the rest of their department, or of all departments. So every
rating is counted, none alone, and the public log shows how many still wait.

Anybody can do the sums again (`recount`): each rating in the log is counted at most once, and the
numbers published are the sums of the tallies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from mingtang.core.decider import Decider, require
from mingtang.core.ratings import GRADES, RatingGiven
from mingtang.core.wire import Sealed, canonical

# The fewest ratings published together. No rule says how many: five is usual where small groups
# are suppressed in statistics.
FLOOR = 5
MONTH = timedelta(days=31)  # so long ratings wait for others of their item
MOST = 400  # ratings in one tally: an entry of the log has its limit
_GRADES = frozenset(map(str, GRADES))
Cell = tuple[str, str]  # department, item; empty: all that were too few to be told apart


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A rating that was given and not counted yet."""

    rating: str  # key of its stream
    department: str
    item: str
    grade: str  # as it was sealed; an erased one is no grade and is not counted
    given: date


@dataclass(frozen=True, kw_only=True)
class CountRatings:
    """公布评价: count what was given before `day`. `waiting`: all that is not counted yet."""

    day: date
    waiting: tuple[Waiting, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GradeCount:
    """So many ratings of this grade."""

    department: str
    item: str
    grade: int
    number: int


@dataclass(frozen=True, kw_only=True)
class RatingsCounted:
    kind: ClassVar[str] = "tally.published.v1"
    month: str  # "2026-11", in which they are counted
    ratings: tuple[str, ...]  # keys of their streams, in the order of the keys: it tells nothing
    counts: tuple[GradeCount, ...]
    waiting: int  # given before this day, and not counted yet
    cells: Sealed  # canonical JSON: rating → [department, item] it was counted under
    at: datetime


Command = CountRatings
Event = RatingsCounted
EVENTS = (RatingsCounted,)


@dataclass(frozen=True)
class State:
    counted: bool = False


def decide(tally: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: tally.already-published, tally.too-few.
    """
    require(not tally.counted, "tally.already-published")
    ripe = [one for one in command.waiting if one.given < command.day]
    placed = dict(_limited(_cells(ripe, command.day)))
    require(bool(placed), "tally.too-few")
    return [
        RatingsCounted(
            month=f"{command.day:%Y-%m}",
            ratings=tuple(sorted(placed)),
            counts=tuple(_counts(ripe, placed)),
            waiting=len(ripe) - len(placed),
            cells=Sealed(canonical({key: list(cell) for key, cell in sorted(placed.items())})),
            at=command.at,
        )
    ]


def evolve(tally: State, event: Event) -> State:
    return State(counted=True)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)


# ── Groups ──────────────────────────────────────────────────────────────────


def countable(waiting: Iterable[Waiting], day: date) -> bool:
    """Whether anything would be counted on `day`."""
    return any(True for _ in _cells([one for one in waiting if one.given < day], day))


def _cells(ripe: Sequence[Waiting], day: date) -> Iterator[tuple[Cell, list[str]]]:
    """Yield groups of at least FLOOR ratings that may be published together."""
    left = [one for one in ripe if one.grade in _GRADES]
    for coarse in range(3):
        groups: dict[Cell, list[Waiting]] = {}
        for one in left:
            if coarse == 0 or one.given + MONTH <= day:
                groups.setdefault(_cell(one, coarse), []).append(one)
        large = {cell: group for cell, group in groups.items() if len(group) >= FLOOR}
        for cell in sorted(large):
            yield cell, sorted(one.rating for one in large[cell])
        counted = {one.rating for group in large.values() for one in group}
        left = [one for one in left if one.rating not in counted]


def _cell(one: Waiting, coarse: int) -> Cell:
    return ((one.department, one.item), (one.department, ""), ("", ""))[coarse]


def _limited(cells: Iterable[tuple[Cell, list[str]]]) -> Iterator[tuple[str, Cell]]:
    """Yield as many as one tally holds, no group in part unless what is left of it is large."""
    room = MOST
    for cell, ratings in cells:
        taken = len(ratings) if len(ratings) <= room else min(room, len(ratings) - FLOOR)
        if taken < FLOOR:
            return
        room -= taken
        yield from ((rating, cell) for rating in ratings[:taken])


def _counts(ripe: Sequence[Waiting], placed: Mapping[str, Cell]) -> Iterator[GradeCount]:
    numbers: dict[tuple[str, str, int], int] = {}
    for one in ripe:
        if one.rating in placed:
            place = (*placed[one.rating], int(one.grade))
            numbers[place] = numbers.get(place, 0) + 1
    for (department, item, grade), number in sorted(numbers.items()):
        yield GradeCount(department=department, item=item, grade=grade, number=number)


# ── Doing the sums again ────────────────────────────────────────────────────


@dataclass(slots=True)
class Recount:
    """What the public log says of ratings. `findings`: (entry, code) where it does not add up."""

    ballots: int = 0
    given: int = 0
    counted: int = 0
    tallies: int = 0
    # (month, department, item, grade) → ratings
    numbers: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    findings: list[tuple[int, str]] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return self.given - self.counted


def recount(faces: Iterable[tuple[int, Mapping[str, Any]]]) -> Recount:
    """Count all ratings again from the public faces of a log's entries, in their order.

    `faces`: index and JSON object of each entry; kinds that have nothing to do with ratings are
    passed over. Codes of findings: more-ratings-than-ballots, rating-given-twice,
    not-given (counted, but no such rating), counted-twice, sums-differ, too-few.
    """
    found = Recount()
    given: set[str] = set()
    counted: set[str] = set()
    for index, face in faces:
        match face.get("kind"):
            case "ballot.issued.v1":
                found.ballots += 1
            case RatingGiven.kind:
                _given(found, index, str(face["_stream"]).partition("/")[2], given)
            case RatingsCounted.kind:
                _counted(found, index, face, given, counted)
    return found


def _given(found: Recount, index: int, key: str, given: set[str]) -> None:
    if key in given:
        found.findings.append((index, "rating-given-twice"))
    given.add(key)
    found.given += 1
    if found.given > found.ballots:
        found.findings.append((index, "more-ratings-than-ballots"))


def _counted(
    found: Recount, index: int, face: Mapping[str, Any], given: set[str], counted: set[str]
) -> None:
    ratings, cells = list(face["ratings"]), dict[Cell, int]()
    found.tallies += 1
    found.counted += len(ratings)
    for one in face["counts"]:
        cell = (str(one["department"]), str(one["item"]))
        cells[cell] = cells.get(cell, 0) + int(one["number"])
        place = (str(face["month"]), *cell, int(one["grade"]))
        found.numbers[place] = found.numbers.get(place, 0) + int(one["number"])
    problems = {
        "not-given": not given.issuperset(ratings),
        "counted-twice": not counted.isdisjoint(ratings) or len(set(ratings)) < len(ratings),
        "sums-differ": sum(cells.values()) != len(ratings),
        "too-few": any(number < FLOOR for number in cells.values()),
    }
    found.findings += [(index, code) for code, is_so in problems.items() if is_so]
    counted.update(ratings)
