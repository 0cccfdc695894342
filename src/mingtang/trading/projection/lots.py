"""Lots, applications and interruptions as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core.trading import applications, lots, outages
from mingtang.core.trading.applications import (
    ApplicationAdmitted,
    ApplicationFiled,
    ApplicationRefused,
    ApplicationWithdrawn,
    KeyReplaced,
    OfferSealed,
)
from mingtang.core.trading.lots.course import ends_at
from mingtang.core.trading.lots.events import (
    BidPlaced,
    CeilingReached,
    ContractRecorded,
    DeadlinesShifted,
    EntryDeclared,
    LotAnnounced,
    LotChanged,
    LotClosed,
    LotResumed,
    LotStopped,
    LotSuspended,
    PaddleAppeared,
    PaddleBarred,
    ReserveEntered,
    StopDeclined,
    StopProposed,
    WinnerDefaulted,
    WinnersNamed,
)
from mingtang.core.trading.lots.state import Status
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.trading.models import ApplicationRow, LotRow, OutageRow, ShiftRow


def project_lot(fact: Fact) -> Iterable[Row]:
    event: lots.Event = fact.event
    match event:
        case BidPlaced():
            yield Change(LotRow, fact.key, _bid(fact, event))
        case PaddleAppeared() | PaddleBarred() | StopProposed() | StopDeclined():
            pass  # the lot's own stream is read for these
        case LotAnnounced():
            yield Put(LotRow, fact.key, _announced(fact, event))
        case LotChanged():
            changed = {**_terms(fact), **_course(fact), "last_index": fact.index}
            yield Change(LotRow, fact.key, changed)
        case LotClosed():
            yield Change(LotRow, fact.key, _closed(fact, event))
        case WinnersNamed():
            named = {"winners": canonical(event.names), "last_index": fact.index}
            yield Change(LotRow, fact.key, named)
        case DeadlinesShifted():
            yield Change(LotRow, fact.key, {**_course(fact), "last_index": fact.index})
            yield Put(ShiftRow, f"{fact.key}.{event.outage}", _shift(fact, event))
        case (
            ReserveEntered()
            | EntryDeclared()
            | CeilingReached()
            | LotSuspended()
            | LotResumed()
            | LotStopped()
            | ContractRecorded()
            | WinnerDefaulted()
        ):
            yield Change(LotRow, fact.key, {**_course(fact), "last_index": fact.index})
        case _:
            assert_never(event)


def _bid(fact: Fact, event: BidPlaced) -> dict[str, Any]:
    state: lots.State = fact.state
    return {
        "ends": ends_at(state),
        "best_fen": event.price_fen,
        "best_paddle": event.paddle,
        "bids": event.no,
        "extensions": state.extensions,
        "last_index": fact.index,
    }


def _announced(fact: Fact, event: LotAnnounced) -> dict[str, Any]:
    return {
        "project": event.project,
        "no": event.content.no,
        "procedure": event.content.procedure,
        "procedure_version": event.content.procedure_version,
        "bidding": event.procedure.bidding.value,
        **_terms(fact),
        **_course(fact),
        "best_fen": None,
        "best_paddle": "",
        "bids": 0,
        "extensions": 0,
        "verdict": "",
        "awards": "",
        "winners": "",
        "announced_at": event.at,
        "closed_at": None,
        "last_index": fact.index,
    }


def _terms(fact: Fact) -> dict[str, Any]:
    content = fact.state.content
    return {
        "title": content.title,
        "again_of": content.again_of,
        "content": canonical(content),
        "start_fen": content.start_fen,
    }


def _course(fact: Fact) -> dict[str, Any]:
    """Return where the lot stands: whatever an event may have moved of it."""
    state: lots.State = fact.state
    opens, closes = state.hours
    return {
        "status": state.status.value,
        "running": state.status is Status.ANNOUNCED,
        "sign_up_until": state.sign_up_until,
        "opens": opens,
        "closes": closes,
        "ends": ends_at(state),
    }


def _closed(fact: Fact, event: LotClosed) -> dict[str, Any]:
    return {
        **_course(fact),
        "ends": event.ended,
        "bids": event.bids,
        "verdict": event.verdict.value,
        "awards": canonical(event.awards),
        "closed_at": event.at,
        "last_index": fact.index,
    }


def _shift(fact: Fact, event: DeadlinesShifted) -> dict[str, Any]:
    return {
        "lot": fact.key,
        "outage": event.outage,
        "opens": event.opens,
        "closes": event.closes,
        "ends": ends_at(fact.state),
        "index": fact.index,
    }


LOT = Subject("lot", lots.DECIDER, project_lot, (LotRow, ShiftRow))


# ── Applications ────────────────────────────────────────────────────────────


def project_application(fact: Fact) -> Iterable[Row]:
    event: applications.Event = fact.event
    match event:
        case ApplicationFiled():
            yield Put(ApplicationRow, fact.key, _filed(fact, event))
        case ApplicationAdmitted():
            state: applications.State = fact.state
            admitted = {"status": "admitted", "paddle": event.paddle, "rank": state.rank}
            yield Change(ApplicationRow, fact.key, {**admitted, **_decided(fact)})
        case ApplicationRefused():
            refused = {"status": "refused", "reason": event.reason}
            yield Change(ApplicationRow, fact.key, {**refused, **_decided(fact)})
        case ApplicationWithdrawn():
            withdrawn = {"status": "withdrawn", "last_index": fact.index}
            yield Change(ApplicationRow, fact.key, withdrawn)
        case KeyReplaced():
            key = {"signing_key": event.key, "signing_key_no": event.no, "last_index": fact.index}
            yield Change(ApplicationRow, fact.key, key)
        case OfferSealed():
            offers = {"offers": event.no, "last_index": fact.index}
            yield Change(ApplicationRow, fact.key, offers)
        case _:
            assert_never(event)


def _filed(fact: Fact, event: ApplicationFiled) -> dict[str, Any]:
    return {
        "lot": event.lot,
        "person": event.person,
        "name": event.name,
        "id_number": event.id_number,
        "phone": event.phone,
        "priority": event.priority,
        "documents": event.documents,
        "status": "filed",
        "paddle": "",
        "rank": 0,
        "reason": "",
        "signing_key": event.key,
        "signing_key_no": 1,
        "offers": 0,
        "filed_at": event.at,
        "decided_by": "",
        "decided_at": None,
        "last_index": fact.index,
    }


def _decided(fact: Fact) -> dict[str, Any]:
    return {"decided_by": fact.event.by, "decided_at": fact.event.at, "last_index": fact.index}


APPLICATION = Subject("application", applications.DECIDER, project_application, (ApplicationRow,))


# ── Interruptions ───────────────────────────────────────────────────────────


def project_outage(fact: Fact) -> Iterable[Row]:
    event: outages.Event = fact.event
    values = {
        "service": event.service,
        "began": event.began,
        "recovered": event.recovered,
        "rule": canonical(event.rule),
        "index": fact.index,
    }
    yield Put(OutageRow, fact.key, values)


OUTAGE = Subject("outage", outages.DECIDER, project_outage, (OutageRow,))
