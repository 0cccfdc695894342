"""Papers that are not there yet."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from mingtang.cases.queries.files import CaseFile
from mingtang.cases.queries.joint import JointFile
from mingtang.core.notices import HEARD
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import Written
from mingtang.papers import queries as papers

PAPERS_READER = "cases.papers"  # who orders the papers of cases


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A decision point whose paper has not been ordered yet, and whether that failed."""

    written: Written
    failed: bool


def unwritten(case: CaseFile | JointFile, ordered: Collection[str]) -> list[Unwritten]:
    """Return the decision points of a case, or joint case, without a paper.

    `ordered`: keys of those there are. What was done before there were papers asks for none.
    """
    points = {
        one.index: one
        for seq, one in enumerate(case.history, 1)
        if isinstance(one.event, HEARD) and f"{case.row.number}-{seq}" not in ordered
    }
    undone = reactions.undone(PAPERS_READER, points) if points else {}
    return [Unwritten(points[index], failed) for index, failed in undone.items()]


def without_papers(numbers: Collection[str]) -> set[str]:
    """Return those of these cases and batches that have a paper which is not made yet."""
    abouts = [f"{family}/{number}" for number in numbers for family in ("case", "licence")]
    unmade = papers.waiting().filter(Q(about__in=abouts) | Q(batch__in=list(numbers)))
    found = {name for pair in unmade.values_list("about", "batch") for name in pair}
    points = _decision_points(numbers)
    found |= {points[index] for index in reactions.undone(PAPERS_READER, points)}
    return {name.rpartition("/")[2] for name in found} & set(numbers)


def _decision_points(numbers: Collection[str]) -> dict[int, str]:
    """Return the entries of these cases that ask for a paper: index → stream."""
    streams, kinds = [f"case/{number}" for number in numbers], [event.kind for event in HEARD]
    found = LedgerEntry.objects.filter(stream__in=streams, kind__in=kinds)
    return dict(found.values_list("index", "stream"))
