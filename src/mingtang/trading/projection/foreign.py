"""Notices of other platforms as rows. Only copies."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, assert_never

from mingtang.core.bigrams import bigrams
from mingtang.core.trading import foreign
from mingtang.core.trading.foreign import (
    ForeignNotice,
    ForeignNoticeCorrected,
    ForeignNoticeRecorded,
)
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Fact, Put, Row
from mingtang.trading.models import ForeignNoticeRow

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
    words = [notice.title, notice.project, notice.buyer, notice.agency, notice.place]
    words += [*notice.region.path, notice.source, notice.source_id, result.winner if result else ""]
    words += [detail.text for detail in notice.details]
    return bigrams("\n".join(words))


def _rowno(key: str) -> int:
    """Return the number of a notice in the search index: positive, 63 bits, never another's."""
    return int.from_bytes(sha256(key.encode()).digest()[:8]) >> 1


FOREIGN = Subject("foreign-notice", foreign.DECIDER, project_foreign, (ForeignNoticeRow,))
