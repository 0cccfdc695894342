"""What was handed in with cases."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from mingtang.core import batches, cases
from mingtang.core.history import WIRE
from mingtang.core.wire import ERASED
from mingtang.ledger.models import LedgerEntry, Opened
from mingtang.ledger.queries import entries_since
from mingtang.ledger.replay import history

WITH_FORM = (cases.CaseFiled, cases.CorrectionsReceived, cases.ChangeRequested)


HANDED_IN = (*WITH_FORM, cases.DeferredReceived)  # the events that carry documents


def documents_of(number: str) -> set[str]:
    """Return the ids of every document ever handed in for a case, replaced ones too."""
    events = [written.event for written in history(f"case/{number}")]
    return {document.id for event in events for document in getattr(event, "documents", ())}


def documents_recorded() -> Iterator[cases.Document]:
    """Yield every document any case's record holds the digests of; what a batch shares, once."""
    kinds = (batches.BatchFiled.kind, *(event.kind for event in HANDED_IN))
    shared: set[cases.Document] = set()
    for entry in entries_since(0, kinds=kinds):
        event = WIRE.decode(bytes(entry.body))
        if isinstance(event, batches.BatchFiled):
            shared.update(event.documents)
        elif getattr(event, "batch", ""):
            yield from set(event.documents) - shared
            continue
        yield from event.documents
    for entry in entries_since(0, kinds=(cases.LegAnswered.kind,)):
        answer = WIRE.decode(bytes(entry.body))
        if answer.document is not None:
            yield answer.document
    for entry in entries_since(0, kinds=(cases.HearingHeld.kind,)):
        yield WIRE.decode(bytes(entry.body)).document


def forms_of(numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the latest answers of many cases by field; those whose values were erased are not."""
    kinds = tuple(event.kind for event in WITH_FORM)
    streams = [f"case/{number}" for number in numbers]
    entries = LedgerEntry.objects.filter(stream__in=streams, kind__in=kinds).order_by("index")
    stream_of = dict(entries.values_list("index", "stream"))
    opened = Opened.objects.filter(index__in=list(stream_of), name="form").order_by("index")
    return {
        stream_of[index].partition("/")[2]: json.loads(form)["fields"]
        for index, form in opened.values_list("index", "value")
        if form and form != ERASED
    }
