"""Organisations, who acts for them, and their offices (机构、经办人、窗口)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mingtang.core import organisations
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.ledger.enact import Outcome, enact, enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries
from mingtang.people.projection import OFFICE, ORGANISATION


@dataclass(frozen=True, kw_only=True)
class Body:
    """An organisation to be entered. Units that file are known by their credit code."""

    code: str
    kind: OrganisationKind
    particulars: Particulars


def register_organisation(
    *, body: Body, by: str, by_staff: bool, at: datetime, once: str | None = None
) -> Receipt:
    """Enter an organisation (登记单位). Who enters the unit they file for is its first agent."""
    orders = [_body(body, by, by_staff, at, once)]
    if not by_staff:
        orders.append(_agent(body.code, by, "", by, by_staff, at))
    outcome, *_rest = enact(orders)
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def register_organisations(*, bodies: Iterable[Body], by: str, at: datetime) -> list[Outcome]:
    """Enter many organisations in one commit, as staff."""
    return enact([_body(body, by, True, at, None) for body in bodies])


def _body(body: Body, by: str, by_staff: bool, at: datetime, once: str | None) -> Order:
    command = organisations.RegisterOrganisation(
        code=body.code,
        organisation_kind=body.kind,
        particulars=body.particulars,
        by_staff=by_staff,
        by=by,
        at=at,
    )
    return Order(ORGANISATION, body.code, command, once)


def amend_organisation(
    *, code: str, particulars: Particulars, by: str, by_staff: bool, at: datetime
) -> Receipt:
    """Correct what is known of an organisation (更正单位信息)."""
    command = organisations.AmendOrganisation(
        particulars=particulars, by_staff=by_staff, by=by, at=at
    )
    return enact_one(Order(ORGANISATION, code, command))


def name_agent(
    *, organisation: str, person: str, scope: str, by: str, by_staff: bool, at: datetime
) -> Receipt:
    """Let a person file for an organisation (指定代理人)."""
    return enact_one(_agent(organisation, person, scope, by, by_staff, at))


def name_agents(*, agents: Iterable[tuple[str, str]], by: str, at: datetime) -> list[Outcome]:
    """Name many (organisation, person) in one commit, as staff."""
    return enact([_agent(body, person, "", by, True, at) for body, person in agents])


def _agent(
    organisation: str, person: str, scope: str, by: str, by_staff: bool, at: datetime
) -> Order:
    def command() -> organisations.NameAgent:
        return organisations.NameAgent(
            person=person,
            person_known=bool(queries.actor(person).person),
            scope=scope,
            by_staff=by_staff,
            by=by,
            at=at,
        )

    return Order(ORGANISATION, organisation, command)


def remove_agent(
    *, organisation: str, person: str, reason: str, by: str, by_staff: bool, at: datetime
) -> Receipt:
    """End an agency (取消代理人)."""
    command = organisations.RemoveAgent(
        person=person, reason=reason, by_staff=by_staff, by=by, at=at
    )
    return enact_one(Order(ORGANISATION, organisation, command))


@dataclass(frozen=True, kw_only=True)
class Place:
    """An office to be opened."""

    code: str
    organisation: str
    kind: OfficeKind
    name: str
    address: str = ""


def open_office(*, place: Place, by: str, at: datetime) -> Receipt:
    """Open an office (设立办公场所)."""
    return enact_one(_place(place, by, at))


def open_offices(*, places: Iterable[Place], by: str, at: datetime) -> list[Outcome]:
    """Open many offices in one commit."""
    return enact([_place(place, by, at) for place in places])


def _place(place: Place, by: str, at: datetime) -> Order:
    def command() -> organisations.OpenOffice:
        return organisations.OpenOffice(
            code=place.code,
            organisation=place.organisation,
            organisation_known=place.organisation in queries.organisation_kinds(),
            office_kind=place.kind,
            name=place.name,
            address=place.address,
            by=by,
            at=at,
        )

    return Order(OFFICE, place.code, command)


def close_office(*, code: str, reason: str, by: str, at: datetime) -> Receipt:
    """Close an office (撤销办公场所)."""
    command = organisations.CloseOffice(reason=reason, by=by, at=at)
    return enact_one(Order(OFFICE, code, command))
