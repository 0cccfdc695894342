"""Bring in cases of other systems (外部办件), read-only history."""

from collections.abc import Callable, Sequence
from itertools import islice

from mingtang.cases.projection import FOREIGN_CASE
from mingtang.core.foreigncases import RecordForeignCase, key_of
from mingtang.ledger.enact import Outcome, enact
from mingtang.ledger.orders import Order

CHUNK = 100  # cases that share a commit
Progress = Callable[[int], None]  # told how many more are done


def import_cases(
    cases: Sequence[RecordForeignCase], *, progress: Progress | None = None
) -> list[Outcome]:
    """Record cases, or what a grown log has more of them, many to a commit.

    One that reads as it did is Refused foreign-case.unchanged and writes nothing, so that a log
    can be read as often as one likes.
    """
    outcomes: list[Outcome] = []
    waiting = iter(cases)
    while chunk := list(islice(waiting, CHUNK)):
        outcomes += enact(
            [Order(FOREIGN_CASE, key_of(case.source, case.number), case) for case in chunk]
        )
        if progress:
            progress(len(chunk))
    return outcomes
