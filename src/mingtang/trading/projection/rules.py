"""Kinds of trades and procedures as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core.trading import kinds, procedures
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.trading.models import KindRow, ProcedureRow, ProcedureVersionRow


def project_kinds(fact: Fact) -> Iterable[Row]:
    event: kinds.Event = fact.event
    for code in event.dropped:
        yield Change(KindRow, code, {"in_use": False, "last_index": fact.index})
    for place, kind in enumerate(event.kinds):
        yield Put(KindRow, kind.code, _kind(fact, place, kind))


def _kind(fact: Fact, place: int, kind: kinds.Kind) -> dict[str, Any]:
    return {
        "place": place,
        "in_use": True,
        "name": kind.name,
        "name_en": kind.name_en,
        "category": kind.category.value,
        "business": kind.business,
        "procedure": kind.procedure,
        "illustrative": kind.illustrative,
        "version": fact.event.version,
        "last_index": fact.index,
    }


def project_procedure(fact: Fact) -> Iterable[Row]:
    event: procedures.Event = fact.event
    match event:
        case procedures.ProcedurePublished():
            yield Put(ProcedureRow, fact.key, _procedure(fact, event))
            yield Put(ProcedureVersionRow, f"{fact.key}.{event.version}", _version(fact, event))
        case procedures.ProcedureWithdrawn():
            withdrawn = {
                "in_use": False,
                "withdrawn_at": event.at,
                "withdrawn_reason": event.reason,
                "last_index": fact.index,
            }
            yield Change(ProcedureRow, fact.key, withdrawn)
        case _:
            assert_never(event)


def _procedure(fact: Fact, event: procedures.ProcedurePublished) -> dict[str, Any]:
    procedure = event.content
    return {
        "version": event.version,
        "in_use": True,
        "name": procedure.name,
        "name_en": procedure.name_en,
        "bidding": procedure.bidding.value,
        "direction": procedure.direction.value,
        "published_by": event.by,
        "published_at": event.at,
        "withdrawn_at": None,
        "withdrawn_reason": "",
        "last_index": fact.index,
    }


def _version(fact: Fact, event: procedures.ProcedurePublished) -> dict[str, Any]:
    return {
        "code": fact.key,
        "version": event.version,
        "content": canonical(event.content),
        "published_by": event.by,
        "published_at": event.at,
        "index": fact.index,
    }


TRADE_KINDS = Subject("trade-kinds", kinds.DECIDER, project_kinds, (KindRow,))
TRADE_PROCEDURE = Subject(
    "trade-procedure", procedures.DECIDER, project_procedure, (ProcedureRow, ProcedureVersionRow)
)
