"""Cases filed together (批量申报)."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, QuerySet

from mingtang.cases.models import BatchRow, CaseRow, TaskRow
from mingtang.core import batches
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import history


def batch(number: str) -> BatchRow | None:
    return BatchRow.objects.filter(pk=number).first()


def batch_event(number: str) -> batches.BatchFiled | None:
    """Return how a batch was filed, its rows opened unless they have been erased."""
    written = history(f"batch/{number}")
    return written[0].event if written else None


def of_batch(number: str) -> QuerySet[CaseRow]:
    """Return the cases of a batch in the order of its rows."""
    return CaseRow.objects.filter(batch=number).order_by("place")


def batches_with(numbers: Iterable[str]) -> dict[str, BatchRow]:
    return BatchRow.objects.in_bulk(list(numbers))


def stages_of(numbers: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how many cases of each batch stand where: batch → stage → cases."""
    rows = CaseRow.objects.filter(batch__in=list(numbers)).values_list("batch", "stage")
    found: dict[str, dict[str, int]] = {}
    for number, stage, count in rows.annotate(Count("pk")).order_by("batch", "stage"):
        found.setdefault(number, {})[stage] = count
    return found


def tasks_of_batch(number: str, key: str) -> list[TaskRow]:
    """Return the tasks of one kind in a batch, open or done, in the order of its rows."""
    tasks = TaskRow.objects.filter(batch=number, key=key, returned=False).select_related("case")
    return list(tasks.order_by("case__place")) if number else []


def all_tasks_of_batch(number: str) -> Iterator[TaskRow]:
    return TaskRow.objects.filter(batch=number).order_by("id").iterator() if number else iter(())


def places_of(number: str) -> set[int]:
    """Return the rows of a batch that have become cases."""
    return set(of_batch(number).values_list("place", flat=True))


def recorded(receipts: Iterable[Receipt]) -> set[Receipt]:
    """Return those of the receipts whose entry stands in the ledger: read back, not believed."""
    wanted = list(receipts)
    entries = LedgerEntry.objects.filter(index__in=[receipt.index for receipt in wanted])
    found = {
        index: (stream, bytes(leaf))
        for index, stream, leaf in entries.values_list("index", "stream", "leaf")
    }
    return {one for one in wanted if found.get(one.index) == (one.stream, one.leaf)}
