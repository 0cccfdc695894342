"""Events of services, bodies and needs as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core.intermediaries import needs, register, services
from mingtang.core.intermediaries.needs import events
from mingtang.core.intermediaries.needs.terms import Stage
from mingtang.core.wire import canonical, plain
from mingtang.intermediaries.models import BodyRow, NeedRow, ServiceRow, SignUpRow
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row


def project_service(fact: Fact) -> Iterable[Row]:
    event: services.Event = fact.event
    match event:
        case services.IntermediaryServicePublished(content=content):
            yield Put(
                ServiceRow,
                fact.key,
                {
                    "name": content.name,
                    "name_en": content.name_en,
                    "procedure": content.procedure or "",
                    "content": canonical(content),
                    "in_force": True,
                    "reason": "",
                    "published_at": event.at,
                    "last_index": fact.index,
                },
            )
        case services.IntermediaryServiceWithdrawn():
            changed = {"in_force": False, "reason": event.reason, "last_index": fact.index}
            yield Change(ServiceRow, fact.key, changed)
        case _:
            assert_never(event)


def project_body(fact: Fact) -> Iterable[Row]:
    event: register.Event = fact.event
    standing = _standing(fact, event)
    match event:
        case register.IntermediaryAsked() | register.IntermediaryRequested():
            if fact.version == 1:
                first = {"content": "", "services": "", "reason": "", "listed_at": None}
                yield Put(BodyRow, fact.key, {**first, **standing, "asked_at": event.at})
            else:
                yield Change(BodyRow, fact.key, {**standing, "asked_at": event.at})
        case register.IntermediaryAdmitted():
            admitted = {**_published(fact), "reason": "", "listed_at": event.at}
            yield Change(BodyRow, fact.key, {**standing, **admitted})
        case register.IntermediaryTurnedDown():
            yield Change(BodyRow, fact.key, {**standing, "turned_down": event.reason})
        case register.IntermediarySuspended() | register.IntermediaryRemoved():
            yield Change(BodyRow, fact.key, {**standing, "reason": event.reason})
        case register.IntermediaryReinstated():
            yield Change(BodyRow, fact.key, {**standing, "reason": ""})
        case _:
            assert_never(event)


def _standing(fact: Fact, event: register.Event) -> dict[str, Any]:
    body: register.State = fact.state
    shown = body.content or body.asked
    return {
        **({"name": shown.name} if shown else {}),
        "standing": body.standing,
        "asked": canonical(body.asked) if body.asked else "",
        "turned_down": "",
        "changed_at": event.at,
        "last_index": fact.index,
    }


def _published(fact: Fact) -> dict[str, Any]:
    content: register.BodyContent = fact.state.content
    codes = sorted({one.service for one in content.qualifications})
    return {"content": canonical(content), "services": f" {' '.join(codes)} "}


# ── Needs ───────────────────────────────────────────────────────────────────


def project_need(fact: Fact) -> Iterable[Row]:
    event: needs.Event = fact.event
    match event:
        case events.NeedPublished():
            yield Put(NeedRow, fact.key, _new_need(fact, event))
        case events.NeedSignedUp():
            yield _sign_up(fact, event)
            yield _changed(fact)
        case events.NeedSignUpWithdrawn():
            withdrawn = {"withdrawn_at": event.at, "last_index": fact.index}
            yield Change(SignUpRow, f"{fact.key}.{event.no}", withdrawn)
            yield _changed(fact)
        case events.NeedOpened():
            yield _changed(fact, seed=event.seed, entrants=plain(event.entrants))
        case events.NeedScored():
            scores = [_score(one) for one in fact.state.scores]
            yield _changed(fact, scores=scores)
        case events.NeedChosen():
            yield _changed(fact, chosen_at=event.at)
        case events.NeedServiceBegun():
            yield _changed(fact, begun_at=event.at, due=event.due)
        case events.NeedDelivered():
            yield _delivered(fact, event)
        case events.NeedReturned():
            yield _changed(fact, returned=event.reason)
        case events.NeedRated():
            yield _changed(fact, comment=event.comment)
        case events.NeedComplained():
            yield _changed(fact, complaint=event.text, answer="")
        case events.NeedComplaintAnswered():
            yield _changed(fact, answer=event.reason)
        case events.NeedEnded():
            yield _changed(fact, end_reason=event.reason)
        case (
            events.NeedFailed()
            | events.NeedContracted()
            | events.NeedAccepted()
            | events.NeedTimeExcluded()
            | events.NeedTimeCounted()
            | events.NeedTimeResumed()
        ):
            yield _changed(fact)
        case _:
            assert_never(event)


def _new_need(fact: Fact, event: events.NeedPublished) -> dict[str, Any]:
    content, service = event.terms.content, event.terms.service
    return {
        "title": content.title,
        "service": content.service,
        "service_name": service.name,
        "way": content.way,
        "ceiling_fen": content.ceiling_fen,
        "sign_up_until": content.sign_up_until,
        "organ": content.organ,
        "publisher_kind": event.publisher_kind,
        "publisher": event.publisher,
        "publisher_name": event.publisher_name,
        "case": event.case,
        "terms": canonical(event.terms),
        "seed": "",
        "entrants": [],
        "scores": [],
        "due": None,
        "documents": [],
        "note": "",
        "returned": "",
        "comment": "",
        "complaint": "",
        "answer": "",
        "end_reason": "",
        "published_at": event.at,
        "chosen_at": None,
        "begun_at": None,
        "delivered_at": None,
        **_now(fact),
    }


def _now(fact: Fact) -> dict[str, Any]:
    """Return what a need's state says of it."""
    need: needs.State = fact.state
    quoted = need.stage in (Stage.OPEN, Stage.SCORING)
    return {
        "stage": need.stage,
        "sign_ups": len(need.entrants),
        "body": need.body,
        "body_name": need.body_name,
        "price_fen": 0 if quoted else need.price_fen,
        "days": need.days,
        "rounds": plain(need.rounds),
        "served_days": sum(one.served_days for one in need.rounds),
        "late_days": sum(one.late_days for one in need.rounds),
        "excluded_days": sum(one.excluded_days or 0 for one in need.rounds),
        "excluded": any(one.stands_still for one in need.rounds),
        "stars": need.stars,
        "complaint_open": need.complaint,
        "last_index": fact.index,
    }


def _changed(fact: Fact, **columns: Any) -> Row:
    return Change(NeedRow, fact.key, {**_now(fact), **columns})


def _delivered(fact: Fact, event: events.NeedDelivered) -> Row:
    documents = plain(event.documents)
    return _changed(fact, documents=documents, note=event.note, delivered_at=event.at)


def _score(event: events.NeedScored) -> dict[str, Any]:
    return {"body": event.body, "marks": plain(event.marks), "scorer": plain(event.scorer)}


def _sign_up(fact: Fact, event: events.NeedSignedUp) -> Row:
    return Put(
        SignUpRow,
        f"{fact.key}.{event.no}",
        {
            "need": fact.key,
            "no": event.no,
            "body": event.body,
            "body_name": event.body_name,
            "price_fen": event.price_fen,
            "nonce": event.nonce,
            "digest": event.digest,
            "signed_up_at": event.at,
            "withdrawn_at": None,
            "last_index": fact.index,
        },
    )


SERVICE = Subject("intermediary-service", services.DECIDER, project_service, (ServiceRow,))
BODY = Subject("intermediary", register.DECIDER, project_body, (BodyRow,))
NEED = Subject("need", needs.DECIDER, project_need, (NeedRow, SignUpRow))
SUBJECTS = (SERVICE, BODY, NEED)
