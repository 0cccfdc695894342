"""Events about people, organisations, offices and letters as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core import mandates, organisations, people
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Drop, Fact, Put, Row
from mingtang.people.models import (
    AgencyRow,
    AppointmentRow,
    EntrustmentRow,
    MandateRow,
    OfficeRow,
    OrganisationRow,
    PersonRow,
)


def project_person(fact: Fact) -> Iterable[Row]:
    event: people.Event = fact.event
    match event:
        case people.PersonRegistered():
            origin = {"registered_by": event.by, "registered_at": event.at}
            yield Put(PersonRow, fact.key, {**_identity(event, fact), **origin})
        case people.PersonAmended():
            yield Change(PersonRow, fact.key, _identity(event, fact))
        case people.Appointed():
            yield Put(AppointmentRow, f"{fact.key}-{event.number}", _appointment(event, fact))
        case people.AppointmentEnded():
            ended = {
                "ended_by": event.by,
                "ended_at": event.at,
                "ended_index": fact.index,
                "end_reason": event.reason,
            }
            yield Change(AppointmentRow, f"{fact.key}-{event.number}", ended)
        case people.PersonEntrusted():
            values = {
                "person": fact.key,
                "agent": event.agent,
                "scope": event.scope,
                "entrusted_at": event.at,
                "last_index": fact.index,
            }
            yield Put(EntrustmentRow, f"{fact.key}>{event.agent}", values)
        case people.EntrustmentEnded():
            yield Drop(EntrustmentRow, f"{fact.key}>{event.agent}")
        case _:
            assert_never(event)


def _identity(event: people.PersonRegistered | people.PersonAmended, fact: Fact) -> dict[str, Any]:
    return {
        "name": event.name,
        "id_kind": event.id_kind.value,
        "id_number": event.id_number,
        "phone": event.phone,
        "last_index": fact.index,
    }


def _appointment(event: people.Appointed, fact: Fact) -> dict[str, Any]:
    return {
        "person": fact.key,
        "number": event.number,
        "role": event.role.value,
        "organisation": event.organisation,
        "office": event.office,
        "staff_no": event.staff_no,
        "title": event.title,
        "appointed_by": event.by,
        "appointed_at": event.at,
        "appointed_index": fact.index,
        "ended_by": "",
        "ended_at": None,
        "ended_index": None,
        "end_reason": "",
    }


def project_organisation(fact: Fact) -> Iterable[Row]:
    event: organisations.Event = fact.event
    match event:
        case organisations.OrganisationRegistered():
            origin = {
                "kind": event.organisation_kind.value,
                "registered_by": event.by,
                "registered_at": event.at,
            }
            yield Put(OrganisationRow, fact.key, {**_particulars(event, fact), **origin})
        case organisations.OrganisationAmended():
            yield Change(OrganisationRow, fact.key, _particulars(event, fact))
        case organisations.AgentNamed():
            values = {
                "organisation": fact.key,
                "agent": event.person,
                "scope": event.scope,
                "named_by": event.by,
                "named_at": event.at,
                "last_index": fact.index,
            }
            yield Put(AgencyRow, f"{fact.key}>{event.person}", values)
        case organisations.AgentRemoved():
            yield Drop(AgencyRow, f"{fact.key}>{event.person}")
        case _:
            assert_never(event)


def _particulars(
    event: organisations.OrganisationRegistered | organisations.OrganisationAmended, fact: Fact
) -> dict[str, Any]:
    said = event.particulars
    return {
        "name": said.name,
        "name_en": said.name_en,
        "short_name": said.short_name,
        "uscc": said.uscc,
        "phone": said.phone,
        "address": said.address,
        "last_index": fact.index,
    }


def project_office(fact: Fact) -> Iterable[Row]:
    event: organisations.OfficeEvent = fact.event
    match event:
        case organisations.OfficeOpened():
            values = {
                "organisation": event.organisation,
                "kind": event.office_kind.value,
                "name": event.name,
                "address": event.address,
                "opened_at": event.at,
                "closed_at": None,
                "last_index": fact.index,
            }
            yield Put(OfficeRow, fact.key, values)
        case organisations.OfficeClosed():
            closed = {"closed_at": event.at, "last_index": fact.index}
            yield Change(OfficeRow, fact.key, closed)
        case _:
            assert_never(event)


def project_mandate(fact: Fact) -> Iterable[Row]:
    event: mandates.Event = fact.event
    match event:
        case mandates.MandateGranted():
            yield Put(MandateRow, fact.key, _letter(event, fact))
        case mandates.MandatePublished():
            published = {
                "office": event.office,
                "published_by": event.by,
                "published_at": event.at,
                "published_index": fact.index,
            }
            yield Change(MandateRow, fact.key, published)
        case mandates.MandateRevoked():
            revoked = {
                "revoked_by": event.by,
                "revoked_at": event.at,
                "revoked_index": fact.index,
                "revoke_reason": event.reason,
            }
            yield Change(MandateRow, fact.key, revoked)
        case _:
            assert_never(event)


def _letter(event: mandates.MandateGranted, fact: Fact) -> dict[str, Any]:
    return {
        "letter_no": event.letter_no,
        "organ": event.organ,
        "organ_name": event.organ_name,
        "person": event.person,
        "person_name": event.person_name,
        "items": list(event.items),
        "powers": [power.value for power in event.powers],
        "limits": event.limits,
        "valid_from": event.valid_from,
        "valid_to": event.valid_to,
        "document": event.document,
        "granted_by": event.by,
        "granted_at": event.at,
        "granted_index": fact.index,
        "office": "",
        "published_by": "",
        "published_at": None,
        "published_index": None,
        "revoked_by": "",
        "revoked_at": None,
        "revoked_index": None,
        "revoke_reason": "",
    }


ORGANISATION = Subject(
    "organisation", organisations.DECIDER, project_organisation, (OrganisationRow, AgencyRow)
)
OFFICE = Subject("office", organisations.OFFICE_DECIDER, project_office, (OfficeRow,))
PERSON = Subject(
    "person", people.DECIDER, project_person, (PersonRow, AppointmentRow, EntrustmentRow)
)
MANDATE = Subject("mandate", mandates.DECIDER, project_mandate, (MandateRow,))
