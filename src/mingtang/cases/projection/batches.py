"""Batches as rows."""

from collections.abc import Iterable

from mingtang.cases.models import BatchRow
from mingtang.core import batches
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Fact, Put, Row


def project_batch(fact: Fact) -> Iterable[Row]:
    event: batches.Event = fact.event
    terms = event.terms
    values = {
        "item": terms.item,
        "item_code": terms.code,
        "item_version": terms.version,
        "item_name": terms.name,
        "item_name_en": terms.name_en,
        "department": terms.department,
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "phone_tail": event.phone[-4:],
        "count": event.count,
        "channel": event.channel,
        "office": event.taken_by.office if event.taken_by else "",
        "filed_at": event.at,
        "last_index": fact.index,
    }
    yield Put(BatchRow, fact.key, values)


BATCH = Subject("batch", batches.DECIDER, project_batch, (BatchRow,))
