"""Hand-overs between clerks as rows."""

from collections.abc import Iterable
from typing import assert_never

from mingtang.cases.models import HandoverRow, HeldRow
from mingtang.core import handovers
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row


def project_handover(fact: Fact) -> Iterable[Row]:
    event: handovers.Event = fact.event
    ended = {"stage": fact.state.stage, "settled_at": event.at, "last_index": fact.index}
    match event:
        case handovers.HandoverOffered():
            values = {
                **ended,
                "settled_at": None,
                "giver": event.giver.person,
                "office": event.giver.office,
                "receiver": event.receiver,
                "cases": list(event.cases),
                "note": event.note,
                "offered_at": event.at,
                "reason": "",
            }
            yield Put(HandoverRow, fact.key, values)
        case handovers.HandoverConfirmed():
            yield Change(HandoverRow, fact.key, {**ended, "cases": list(event.cases)})
            for number in event.cases:
                yield Put(
                    HeldRow,
                    number,
                    {
                        "person": event.officer.person,
                        "handover": fact.key,
                        "since": event.at,
                        "last_index": fact.index,
                    },
                )
        case handovers.HandoverDeclined():
            yield Change(HandoverRow, fact.key, {**ended, "reason": event.reason})
        case handovers.HandoverWithdrawn():
            yield Change(HandoverRow, fact.key, ended)
        case _:
            assert_never(event)


HANDOVER = Subject("handover", handovers.DECIDER, project_handover, (HandoverRow, HeldRow))
