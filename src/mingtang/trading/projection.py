"""Events of trading as rows. Only copies."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, assert_never

from mingtang.core.bigrams import bigrams
from mingtang.core.trading import foreign, kinds, procedures
from mingtang.core.trading.foreign import (
    ForeignNotice,
    ForeignNoticeCorrected,
    ForeignNoticeRecorded,
)
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.trading.models import (
    ForeignNoticeRow,
    KindRow,
    ProcedureRow,
    ProcedureVersionRow,
)

_YEAR = re.compile(r"[〔\[（(【](20\d\d|19\d\d)[〕\]）)】]")


def project_foreign(fact: Fact) -> Iterable[Row]:
    event: foreign.Event = fact.event
    match event:
        case ForeignNoticeRecorded() | ForeignNoticeCorrected():
            yield Put(ForeignNoticeRow, fact.key, _notice(fact, event))
        case _:
            assert_never(event)


def _notice(fact: Fact, event: foreign.Event) -> dict[str, Any]:
    notice = event.notice
    published, result = notice.published, notice.result
    return {
        "rowno": _rowno(fact.key),
        "source": notice.source[:200],
        "kind": notice.kind,
        "category": notice.category,
        "title": notice.title,
        "project_key": _project_key(notice),
        "area": " ".join(notice.region.path[:2])[:200],
        "region": " ".join(notice.region.path)[:300],
        "region_code": notice.region.code[:20],
        "buyer": notice.buyer,
        "amount_fen": notice.amount.fen if notice.amount else None,
        "outcome": result.outcome if result else "",
        "price_fen": result.price.fen if result and result.price else None,
        "published_date": published.day if published else None,
        "published_at": published.at if published else None,
        "year": _year(notice),
        "content": canonical(notice),
        "corrections": fact.state.corrections,
        "bigrams": _searched(notice),
        "recorded_at": event.at,
        "index": fact.index,
    }


def _project_key(notice: ForeignNotice) -> str:
    named = f"{notice.source}\n{notice.project or notice.title}"
    return sha256(named.encode()).hexdigest()[:20]


def _year(notice: ForeignNotice) -> int | None:
    """Return the year it was published in, or the one its lot's number names: 〔2020〕16号."""
    if notice.published:
        return notice.published.day.year
    named = _YEAR.search(notice.project)
    return int(named[1]) if named else None


def _searched(notice: ForeignNotice) -> str:
    """Return what a search looks through."""
    result = notice.result
    words = (notice.title, notice.project, notice.buyer, notice.agency, notice.place)
    words += (*notice.region.path, notice.source, notice.source_id, result.winner if result else "")
    words += tuple(detail.text for detail in notice.details)
    return bigrams("\n".join(words))


def _rowno(key: str) -> int:
    """Return the number of a notice in the search index: positive, 63 bits, never another's."""
    return int.from_bytes(sha256(key.encode()).digest()[:8]) >> 1


FOREIGN = Subject("foreign-notice", foreign.DECIDER, project_foreign, (ForeignNoticeRow,))


# ── Kinds and procedures ────────────────────────────────────────────────────


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
