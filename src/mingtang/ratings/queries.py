"""What pages ask about ratings. Never whose one is: no row says it."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from mingtang.core import callbacks, ratings
from mingtang.core.ballots import ServedAt
from mingtang.core.clock import civil_day
from mingtang.core.tallies import FLOOR, Waiting
from mingtang.core.wire import ERASED
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.memory import until_changed
from mingtang.ratings.models import (
    BallotRow,
    CallbackRow,
    CountedRow,
    RatingFigureRow,
    RatingRow,
    TallyRow,
)

__all__ = ["BallotRow", "RatingRow"]

BAD = tuple(map(str, ratings.BAD))


# ── Ballots and ratings ─────────────────────────────────────────────────────


def ballot(digest: str) -> ratings.Ballot | None:
    """Return what the ballot with this digest of a token says."""
    row = BallotRow.objects.filter(pk=digest).first()
    if row is None:
        return None
    return ratings.Ballot(
        item=row.item,
        department=row.department,
        channel=ServedAt(row.channel),
        last_date=row.last_date,
    )


def rating(key: str) -> RatingRow | None:
    return RatingRow.objects.filter(pk=key).first()


def rating_with_reply(digest: str) -> RatingRow | None:
    """Return the rating whose giver knows the reply with this digest."""
    return RatingRow.objects.filter(reply=digest).first()


def waiting() -> tuple[Waiting, ...]:
    """Return the ratings that are not counted yet. Looks at every rating: asked once a day."""
    counted = CountedRow.objects.filter(rating=OuterRef("key"))
    found = RatingRow.objects.filter(~Exists(counted)).order_by("key")
    return tuple(
        Waiting(
            rating=row.key,
            department=row.department,
            item=row.item,
            grade=row.grade,
            given=civil_day(row.given_at),
        )
        for row in found
    )


# ── Published counts ────────────────────────────────────────────────────────


def months() -> list[str]:
    """Return the months that have counts, newest first."""
    found = RatingFigureRow.objects.order_by("-month").values_list("month", flat=True)
    return list(found.distinct())


def departments() -> list[str]:
    """Return the departments that have counts of their own."""
    found = RatingFigureRow.objects.exclude(department="").order_by("department")
    return list(found.values_list("department", flat=True).distinct())


@until_changed("rating")
def given() -> int:
    """Return how many ratings there are."""
    return RatingRow.objects.count()


@until_changed("tally")
def counted() -> int:
    """Return how many of them are counted."""
    return CountedRow.objects.count()


def figures(*, month: str = "", department: str = "") -> QuerySet[RatingFigureRow]:
    """Return the published counts, those of one month or department where one is named."""
    rows = RatingFigureRow.objects.order_by("department", "item", "month", "grade")
    if month:
        rows = rows.filter(month=month)
    return rows.filter(department=department) if department else rows


def grades_by_item(*, month: str = "", department: str = "") -> dict[tuple[str, str], list[int]]:
    """Return the counts of grades 1 to 5 under each department and item."""
    found: dict[tuple[str, str], list[int]] = {}
    rows = figures(month=month, department=department).order_by()
    for code, item, grade, number in rows.values_list("department", "item", "grade").annotate(
        Sum("number")
    ):
        found.setdefault((code, item), [0] * len(ratings.GRADES))[grade - 1] = number
    return found


def tallies() -> QuerySet[TallyRow]:
    """Return what was published, newest first."""
    return TallyRow.objects.order_by("-index")


def tallies_on(day: date) -> int:
    return TallyRow.objects.filter(key__startswith=f"{day}-").count()


# ── What a department is told ───────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Told:
    """What a department is told of the ratings of one item in one month: never of one alone."""

    department: str
    item: str
    month: str
    grades: list[int]  # ratings of each grade, 1 to 5
    aspects: dict[str, tuple[int, int]]  # aspect → sum of grades, answers
    texts: list[str]  # in the order of the texts: not of the ratings


def told(departments: Collection[str] | None) -> Iterator[Told]:
    """Yield what these departments (None: all) are told, newest month first.

    Aspects and texts of fewer than FLOOR ratings in one group are not told.
    """
    rows = RatingFigureRow.objects.order_by("-month", "department", "item", "grade")
    if departments is not None:
        rows = rows.filter(department__in=list(departments))
    cells: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        cell = (row.department, row.item, row.month)
        cells.setdefault(cell, [0] * len(ratings.GRADES))[row.grade - 1] = row.number
    for (department, item, month), grades in cells.items():
        said = _said(department, item, month)
        enough = len(said) >= FLOOR
        yield Told(
            department=department,
            item=item,
            month=month,
            grades=grades,
            aspects=_aspects(said) if enough else {},
            texts=sorted(text for _, text in said if text not in ("", ERASED)) if enough else [],
        )


def _said(department: str, item: str, month: str) -> list[tuple[str, str]]:
    cell = CountedRow.objects.filter(department=department, item=item, month=month)
    rows = RatingRow.objects.filter(key__in=cell.values("rating"))
    return list(rows.values_list("aspects", "text"))


def _aspects(said: list[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return sums of the aspects that at least FLOOR people answered."""
    sums: dict[str, list[int]] = {}
    for answers, _ in said:
        for name, grade in aspects_of(answers).items():
            sums.setdefault(name, []).append(grade)
    return {
        name: (sum(all_), len(all_)) for name, all_ in sorted(sums.items()) if len(all_) >= FLOOR
    }


def aspects_of(text: str) -> dict[str, int]:
    """Return a rating's answers by aspect; none where they were erased."""
    return {} if text == ERASED else json.loads(text)


# ── Call-backs ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class BadRating:
    """A bad rating, with what was done about it so far."""

    rating: RatingRow
    callback: CallbackRow | None

    @property
    def stage(self) -> callbacks.Stage:
        return callbacks.Stage(self.callback.stage) if self.callback else callbacks.Stage.NONE

    @property
    def given(self) -> date:
        return civil_day(self.rating.given_at)

    @property
    def since(self) -> date | None:
        return self.callback.since if self.callback else None

    def due(self, calendar: WorkCalendar) -> date:
        """Return the last day on which it is put right in time."""
        return callbacks.due(self.given, since=self.since, calendar=calendar).date


def bad_ratings(*, done: bool) -> QuerySet[RatingRow]:
    """Return the bad ratings that are dealt with, newest first, or those that are not, oldest."""
    open_stages = [stage.value for stage in callbacks.OPEN]
    finished = CallbackRow.objects.filter(rating=OuterRef("key")).exclude(stage__in=open_stages)
    rows = RatingRow.objects.filter(
        Q(grade__in=BAD), Exists(finished) if done else ~Exists(finished)
    )
    return rows.order_by("-given_at" if done else "given_at", "key")


def with_callbacks(rows: Collection[RatingRow]) -> list[BadRating]:
    found = {
        one.rating: one for one in CallbackRow.objects.filter(rating__in=[r.key for r in rows])
    }
    return [BadRating(row, found.get(row.key)) for row in rows]


def bad_rating(key: str) -> BadRating | None:
    row = RatingRow.objects.filter(pk=key, grade__in=BAD).first()
    return with_callbacks([row])[0] if row else None
