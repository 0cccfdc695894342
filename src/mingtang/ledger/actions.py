"""What can be done to the ledger itself: erase a sealed value."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from mingtang.core import erasure
from mingtang.core.decider import Refused
from mingtang.core.history import WIRE
from mingtang.ledger import queries
from mingtang.ledger.enact import enact_one
from mingtang.ledger.memory import ERASURES
from mingtang.ledger.models import Opened
from mingtang.ledger.orders import Order, Receipt, Subject
from mingtang.ledger.replay import facts
from mingtang.ledger.rows import Fact, Row


def _project(fact: Fact) -> Iterable[Row]:
    """Nothing to copy: what was erased is simply not there when rows are made again."""
    return ()


ERASURE = Subject(ERASURES, erasure.DECIDER, _project, ())


def erase(
    *,
    index: int,
    names: Sequence[str],
    basis: str,
    by: str,
    at: datetime,
    subjects: Sequence[Subject],
) -> Receipt:
    """Erase sealed fields of one entry, and what its rows copied of them, in one act.

    Raises Refused: ledger.no-such-entry, erasure.*.
    """
    entry = queries.entry(index)
    if entry is None:
        raise Refused("ledger.no-such-entry")
    stream = entry.stream
    command = erasure.Erase(
        index=index,
        names=tuple(names),
        sealed=tuple(WIRE.sealed_fields(entry.kind)),
        basis=basis,
        by=by,
        at=at,
    )

    def project(fact: Fact) -> Iterable[Row]:
        # The values go before the rows of their stream are made again from what is left.
        Opened.objects.filter(index=index, name__in=names).delete()
        return _rows_again(subjects, stream)

    return enact_one(Order(replace(ERASURE, project=project), str(index), command))


def _rows_again(subjects: Sequence[Subject], stream: str) -> list[Row]:
    """Return every row change of the stream from its beginning, in order."""
    return [
        row for subject, fact in facts(subjects, stream=stream) for row in subject.project(fact)
    ]
