"""Cases of other systems, read-only history."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import QuerySet, Sum

from mingtang.cases.models import ForeignCaseRow
from mingtang.core import foreigncases
from mingtang.ledger.replay import Written, history


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A case of another system with its history."""

    row: ForeignCaseRow
    state: foreigncases.State
    history: list[Written]


def foreign_file(key: str) -> ForeignFile | None:
    row = ForeignCaseRow.objects.filter(pk=key).first()
    if row is None:
        return None
    written = history(f"foreign-case/{key}")
    return ForeignFile(row, foreigncases.DECIDER.replay(w.event for w in written), written)


def foreign_cases(
    *, text: str = "", source: str = "", standing: str = ""
) -> QuerySet[ForeignCaseRow]:
    """Return the cases that hold every word of `text` somewhere, the newest first."""
    found = ForeignCaseRow.objects.all()
    for word in text.lower().split():
        found = found.filter(searched__contains=word)
    if source:
        found = found.filter(source=source)
    if standing:
        found = found.filter(standing=standing)
    return found.order_by("-began_at", "key")


def foreign_keys() -> set[str]:
    """Return the keys of all of them."""
    return set(ForeignCaseRow.objects.values_list("key", flat=True))


def foreign_steps() -> int:
    """Return how many steps all of them have."""
    return ForeignCaseRow.objects.aggregate(total=Sum("steps"))["total"] or 0


def foreign_sources() -> list[str]:
    return list(
        ForeignCaseRow.objects.order_by("source").values_list("source", flat=True).distinct()
    )


@dataclass(frozen=True, slots=True)
class ForeignFigures:
    """What the cases of one log add up to."""

    source: str
    cases: int
    steps: int
    activities: tuple[tuple[str, int], ...]  # how often each, the most frequent first
    standings: Mapping[str, int]  # cases by core.foreigncases.ForeignStanding
    median_seconds: int | None  # of those with an end that is not before their beginning
    first: date  # beginnings, days of the place
    last: date

    @property
    def judged(self) -> int:
        """Cases that have both an end and a deadline."""
        return self.late + self.standings.get(foreigncases.ForeignStanding.IN_TIME, 0)

    @property
    def late(self) -> int:
        return self.standings.get(foreigncases.ForeignStanding.LATE, 0)


def foreign_figures() -> list[ForeignFigures]:
    """Return the figures of every log there is, by its name."""
    return [_figures(source) for source in foreign_sources()]


def _figures(source: str) -> ForeignFigures:
    done: Counter[str] = Counter()
    standings: Counter[str] = Counter()
    seconds: list[int] = []
    began: list[date] = []
    rows = ForeignCaseRow.objects.filter(source=source)
    columns = rows.values_list("activities", "standing", "seconds", "began_date")
    for activities, standing, lasted, begun in columns.iterator():
        done.update(dict(activities))
        standings[standing] += 1
        began.append(begun)
        if lasted is not None and lasted >= 0:
            seconds.append(lasted)
    return ForeignFigures(
        source=source,
        cases=len(began),
        steps=done.total(),
        activities=tuple(sorted(done.items(), key=lambda pair: (-pair[1], pair[0]))),
        standings=standings,
        median_seconds=int(median(seconds)) if seconds else None,
        first=min(began),
        last=max(began),
    )
