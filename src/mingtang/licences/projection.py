"""Events of licences and their types as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core import licences
from mingtang.core.licences import DeliveredHow, Stage, types
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.licences.models import LicenceRow, LicenceTypeRow, TypeVersionRow, VersionRow

NOT_DELIVERED = {
    "delivered_at": None,
    "delivered_how": "",
    "recipient": "",
    "delivered_by": "",
}
NOT_MADE = {"issued_at": None, "paper": "", **NOT_DELIVERED}
NO_RENEWAL = {"renewal": "", "renewal_in_time": False}
NO_HEARING = {"hearing": "", "answer_due": None}


def project(fact: Fact) -> Iterable[Row]:
    event: licences.Event = fact.event
    match event:
        case licences.LicenceRegistered():
            yield Put(LicenceRow, fact.key, _registered(fact, event))
            yield _version(fact, "granted")
        case licences.LicenceIssued():
            paper = {"paper": event.paper, "issued_at": event.at}
            yield _turn(fact, number=event.number, **paper)
            issued = {**paper, "issued_index": fact.index}
            yield Change(VersionRow, f"{fact.key}.{event.version}", issued)
        case licences.LicenceDelivered():
            yield from _delivered(fact, event)
        case licences.LicenceSuspended() | licences.LicenceResumed():
            yield _turn(fact)
        case licences.LicenceRevoked() | licences.LicenceCancelled():
            yield _turn(fact, **NO_RENEWAL, **NO_HEARING)
        case licences.LicenceReplaced():
            yield _turn(fact, successor=event.successor, **NO_RENEWAL, **NO_HEARING)
        case licences.LicenceReissued():
            yield _turn(fact, **_holder(fact), **_newest(fact, event.identifier))
            yield _version(fact, event.why)
        case licences.RenewalAppliedFor():
            yield _change(fact, renewal=event.case, renewal_in_time=event.in_time)
        case licences.RenewalEnded():
            yield _change(fact, **NO_RENEWAL)
        case (
            licences.RevocationOpened()
            | licences.RevocationTold()
            | licences.RevocationAnswered()
            | licences.RevocationDropped()
        ):
            yield _change(fact, **_hearing(fact))
        case licences.LicenceDeemedRenewed():
            yield _turn(fact, **_newest(fact, event.identifier), **_term(fact), **NO_RENEWAL)
            yield _version(fact, "deemed")
        case _:
            assert_never(event)


def _registered(fact: Fact, event: licences.LicenceRegistered) -> dict[str, Any]:
    return {
        "stage": Stage.MAKING.value,
        "stage_since": event.at,
        "type": event.type,
        "type_version": event.type_version,
        "name": event.name,
        "name_en": event.name_en,
        "organ": event.organ,
        "organ_name": event.organ_name,
        "issuer": event.issuer,
        "item": event.item,
        "batch": event.batch,
        "place": event.place,
        "number": "",
        "holder_kind": event.holder_kind,
        **_holder(fact),
        "applicant": event.applicant,
        "agent": event.agent,
        "related": event.related,
        "successor": "",
        "renewal_days": event.renewal_days,
        "registered_at": event.at,
        "last_index": fact.index,
        **_newest(fact, event.identifier),
        **_term(fact),
        **NO_RENEWAL,
        **NO_HEARING,
    }


def _change(fact: Fact, **columns: Any) -> Row:
    return Change(LicenceRow, fact.key, {"last_index": fact.index, **columns})


def _turn(fact: Fact, **columns: Any) -> Row:
    """From now on it stands otherwise."""
    stage = {"stage": fact.state.stage.value, "stage_since": fact.event.at}
    return _change(fact, **stage, **columns)


def _hearing(fact: Fact) -> dict[str, Any]:
    hearing: licences.Hearing | None = fact.state.hearing
    if hearing is None:
        return NO_HEARING
    return {"hearing": hearing.stage.value, "answer_due": hearing.answer_due}


def _holder(fact: Fact) -> dict[str, Any]:
    holder = fact.state.holder
    return {"holder": holder.id, "holder_name": holder.name, "holder_number": holder.number}


def _newest(fact: Fact, identifier: str) -> dict[str, Any]:
    return {"version": fact.state.version, "identifier": identifier, **NOT_MADE}


def _term(fact: Fact) -> dict[str, Any]:
    return {"valid_from": fact.state.valid_from, "valid_to": fact.state.valid_to}


def _delivered(fact: Fact, event: licences.LicenceDelivered) -> Iterable[Row]:
    """Whoever took it into their hands is not overwritten by its electronic delivery."""
    if event.how is DeliveredHow.ELECTRONIC and fact.state.delivered:
        yield _change(fact)
        return
    yield _change(
        fact,
        delivered_at=event.at,
        delivered_how=event.how.value,
        recipient=event.recipient,
        delivered_by=event.by,
    )


def _version(fact: Fact, why: str) -> Row:
    state: licences.State = fact.state
    assert state.holder is not None
    values = {
        "licence": fact.key,
        "version": state.version,
        "why": str(why),
        "identifier": fact.event.identifier,
        "holder_name": state.holder.name,
        "values": state.values,
        **_term(fact),
        "paper": "",
        "registered_at": fact.event.at,
        "index": fact.index,
        "issued_at": None,
        "issued_index": None,
    }
    return Put(VersionRow, f"{fact.key}.{state.version}", values)


LICENCE = Subject("licence", licences.DECIDER, project, (LicenceRow, VersionRow))


# ── Types ───────────────────────────────────────────────────────────────────


def project_type(fact: Fact) -> Iterable[Row]:
    event: types.Event = fact.event
    match event:
        case types.TypePublished():
            yield Put(LicenceTypeRow, fact.key, _type(fact, event))
            yield Put(TypeVersionRow, f"{fact.key}.{event.version}", _type_version(fact, event))
        case types.TypeWithdrawn():
            withdrawn = {"in_use": False, "withdrawn_at": event.at, "last_index": fact.index}
            yield Change(LicenceTypeRow, fact.key, withdrawn)
        case _:
            assert_never(event)


def _type(fact: Fact, event: types.TypePublished) -> dict[str, Any]:
    content = event.content
    return {
        "version": event.version,
        "in_use": True,
        "name": content.name,
        "name_en": content.name_en,
        "organ": content.organ,
        "organ_name": content.organ_name,
        "layout": content.layout.value,
        "validity_months": content.validity_months,
        "items": list(content.items),
        "published_by": event.by,
        "published_at": event.at,
        "withdrawn_at": None,
        "last_index": fact.index,
    }


def _type_version(fact: Fact, event: types.TypePublished) -> dict[str, Any]:
    return {
        "key": fact.key,
        "version": event.version,
        "content": canonical(event.content),
        "published_by": event.by,
        "published_at": event.at,
        "index": fact.index,
    }


LICENCE_TYPE = Subject(
    "licence-type", types.DECIDER, project_type, (LicenceTypeRow, TypeVersionRow)
)
