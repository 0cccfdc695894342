"""Ordering records of service (开具送达回证): what became of a paper, on a paper of its own."""

from collections.abc import Iterator, Sequence

from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind
from mingtang.core.service import WITH_RECORD, WORD, record_of_service
from mingtang.core.wire import ERASED
from mingtang.ledger.orders import Receipt
from mingtang.ledger.reactions import Heard
from mingtang.papers import queries
from mingtang.papers.actions import Draft, order


def order_records(heard: Sequence[Heard]) -> int:
    """Order the record of each service heard of; return how many were ordered now.

    What was served without effect, or has been erased since, has none. May be done twice.
    """
    outcomes = order(list(_drafts(heard)))
    for outcome in outcomes:
        if not isinstance(outcome, Receipt | Refused):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _drafts(heard: Sequence[Heard]) -> Iterator[Draft]:
    for one in heard:
        row = queries.paper(one.stream.partition("/")[2])
        if row is None or PaperKind(row.paper) not in WITH_RECORD:
            continue
        sheet = queries.sheet_of(row)
        if sheet is None or one.event.recipient == ERASED:
            continue
        yield Draft(
            key=f"{row.key}-S",
            paper=PaperKind.SERVICE,
            about=row.about,
            cause=one.index,
            batch=row.batch,
            organ=row.organ,
            word=WORD,
            item=row.item,
            user=one.event.by,
            owner=row.owner,
            sheet=record_of_service(sheet, one.event, index=one.index),
            at=one.event.at,
        )
