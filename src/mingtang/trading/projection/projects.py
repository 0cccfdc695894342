"""Projects and their notices as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core.trading import projects
from mingtang.core.trading.codes import parse_trade_code
from mingtang.core.trading.projects import (
    NoticeChanged,
    NoticePublished,
    NoticeSort,
    ProjectAmended,
    ProjectApproved,
    ProjectContent,
    ProjectEnded,
    ProjectEntered,
    ProjectResumed,
    ProjectReturned,
    ProjectSubmitted,
    ProjectSuspended,
    ResultPublished,
)
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.trading.models import NoticeRow, TradeRow


def project_trade(fact: Fact) -> Iterable[Row]:
    event: projects.Event = fact.event
    match event:
        case ProjectEntered():
            yield Put(TradeRow, fact.key, _entered(fact, event))
        case ProjectAmended():
            yield _change(fact, **_content(fact))
        case ProjectSubmitted():
            yield _change(fact, submitted_at=event.at)
        case ProjectReturned():
            reviewed = {"reviewed_by": event.by, "reviewed_at": event.at}
            yield _change(fact, returned_reason=event.reason, **reviewed)
        case ProjectApproved():
            yield _change(fact, returned_reason="", reviewed_by=event.by, reviewed_at=event.at)
        case NoticePublished():
            out = {"number": event.number, "notices": 1, "published_at": event.at}
            yield _change(fact, **out, **_content(fact))
            yield _notice(fact, event, 1, NoticeSort.OFFER)
        case NoticeChanged():
            yield _change(fact, notices=event.no, **_content(fact))
            yield _notice(fact, event, event.no, NoticeSort.CHANGE, reason=event.reason)
        case ProjectSuspended():
            yield _change(fact, notices=event.no, stopped_reason=event.reason, resumes=None)
            yield _notice(fact, event, event.no, NoticeSort.SUSPENSION, reason=event.reason)
        case ProjectResumed():
            yield _change(fact, notices=event.no, stopped_reason="", resumes=event.resumes)
            said = {"reason": event.reason, "resumes": event.resumes}
            yield _notice(fact, event, event.no, NoticeSort.RESUMPTION, **said)
        case ProjectEnded():
            yield _change(fact, notices=fact.state.notices, stopped_reason=event.reason)
            if event.no:
                yield _notice(fact, event, event.no, NoticeSort.END, reason=event.reason)
        case ResultPublished():
            yield _change(fact, notices=event.no)
            said = {"lot": event.lot, "outcome": event.outcome.value}
            yield _notice(fact, event, event.no, NoticeSort.RESULT, **said)
        case _:
            assert_never(event)


def _change(fact: Fact, **values: Any) -> Change:
    now = {"status": fact.state.status.value, "last_index": fact.index}
    return Change(TradeRow, fact.key, {**values, **now})


def _entered(fact: Fact, event: ProjectEntered) -> dict[str, Any]:
    code = parse_trade_code(event.trade_code)
    return {
        "centre": event.centre,
        "trade_code": event.trade_code,
        "code_day": code.day,
        "code_serial": code.serial,
        "kind": event.trade_kind,
        "category": event.category.value,
        "business": event.business,
        "status": fact.state.status.value,
        **_content(fact),
        "number": "",
        "notices": 0,
        "returned_reason": "",
        "stopped_reason": "",
        "resumes": None,
        "entered_by": event.by,
        "entered_at": event.at,
        "submitted_at": None,
        "reviewed_by": "",
        "reviewed_at": None,
        "published_at": None,
        "last_index": fact.index,
    }


def _content(fact: Fact) -> dict[str, Any]:
    """Return what it says, as columns; nothing once its sealed text was erased."""
    content: ProjectContent | None = fact.state.content
    times = [lot.times for lot in content.lots] if content else []
    return {
        "title": content.title if content else "",
        "seller": content.seller if content else "",
        "region": content.region if content else "",
        "content": canonical(content) if content else "",
        "lots": len(times),
        "sign_up_from": min((one.sign_up_from for one in times), default=None),
        "sign_up_until": max((one.sign_up_until for one in times), default=None),
        "opens": min((one.opens for one in times), default=None),
        "closes": max((one.closes for one in times), default=None),
    }


def _notice(fact: Fact, event: Any, no: int, sort: NoticeSort, **said: Any) -> Put:
    values = {
        "project": fact.key,
        "no": no,
        "sort": sort.value,
        "content": canonical(fact.state.content),
        "reason": "",
        "resumes": None,
        "lot": None,
        "outcome": "",
        "published_by": event.by,
        "published_at": event.at,
        "index": fact.index,
    }
    return Put(NoticeRow, f"{fact.key}.{no}", {**values, **said})


TRADE = Subject("trade", projects.DECIDER, project_trade, (TradeRow, NoticeRow))
