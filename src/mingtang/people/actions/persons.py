"""Persons, their posts, and whom they let act for them (人员、岗位、委托代办)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mingtang.core import people
from mingtang.core.people import IdKind, Role
from mingtang.ledger.enact import Outcome, enact, enact_one
from mingtang.ledger.numbers import drawn
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries
from mingtang.people.projection import PERSON


def new_id() -> str:
    """Return the id of a person: 60 random bits that say nothing."""
    return drawn(12)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a person shows at the window, already checked by a form."""

    name: str
    id_kind: IdKind
    id_number: str
    phone: str = ""


def register_person(
    *, identity: Identity, at: datetime, by: str = "", person: str = "", once: str | None = None
) -> Receipt:
    """Register a person (登记人员); without `by`, they do it themselves. The key is their id."""
    return enact_one(_registration(identity, {}, at, by, person or new_id(), once))


def register_people(*, identities: Iterable[Identity], by: str, at: datetime) -> list[Outcome]:
    """Register many persons in one commit. A number that comes twice counts once."""
    taken: dict[tuple[IdKind, str], str] = {}
    return enact([_registration(one, taken, at, by, new_id(), None) for one in identities])


def _registration(
    identity: Identity,
    taken: dict[tuple[IdKind, str], str],
    at: datetime,
    by: str,
    person: str,
    once: str | None,
) -> Order:
    number = (identity.id_kind, identity.id_number)

    def command() -> people.RegisterPerson:
        known = queries.person_with(id_kind=number[0], id_number=number[1])
        return people.RegisterPerson(
            person=person,
            name=identity.name,
            id_kind=identity.id_kind,
            id_number=identity.id_number,
            phone=identity.phone,
            same_number=known or taken.setdefault(number, person),
            by=by or person,
            at=at,
        )

    return Order(PERSON, person, command, once)


def amend_person(*, person: str, identity: Identity, by: str, at: datetime) -> Receipt:
    """Correct what is known of a person (更正人员信息)."""

    def command() -> people.AmendPerson:
        return people.AmendPerson(
            name=identity.name,
            id_kind=identity.id_kind,
            id_number=identity.id_number,
            phone=identity.phone,
            same_number=queries.person_with(id_kind=identity.id_kind, id_number=identity.id_number),
            by=by,
            at=at,
        )

    return enact_one(Order(PERSON, person, command))


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post to be given."""

    person: str
    role: Role
    organisation: str
    staff_no: str
    office: str = ""
    title: str = ""


def appoint(*, post: Post, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Appoint somebody (任命)."""
    return enact_one(_appointment(post, by, at, once))


def appoint_many(*, posts: Iterable[Post], by: str, at: datetime) -> list[Outcome]:
    """Give many posts in one commit."""
    return enact([_appointment(post, by, at, None) for post in posts])


def _appointment(post: Post, by: str, at: datetime, once: str | None) -> Order:
    def command() -> people.Appoint:
        return people.Appoint(
            role=post.role,
            organisation=post.organisation,
            organisation_kind=queries.organisation_kinds().get(post.organisation),
            office=post.office,
            office_open=post.office in queries.open_offices(),
            staff_no=post.staff_no,
            title=post.title,
            by=by,
            at=at,
        )

    return Order(PERSON, post.person, command, once)


def end_appointment(*, person: str, number: int, reason: str, by: str, at: datetime) -> Receipt:
    """End an appointment (免职)."""
    command = people.EndAppointment(number=number, reason=reason, by=by, at=at)
    return enact_one(Order(PERSON, person, command))


def entrust(*, person: str, agent: str, scope: str, at: datetime) -> Receipt:
    """Let another person file for oneself (委托)."""

    def command() -> people.EntrustPerson:
        known = bool(queries.actor(agent).person)
        return people.EntrustPerson(agent=agent, agent_known=known, scope=scope, by=person, at=at)

    return enact_one(Order(PERSON, person, command))


def end_entrustment(*, person: str, agent: str, reason: str, by: str, at: datetime) -> Receipt:
    """End it, from either side (解除委托)."""
    command = people.EndEntrustment(agent=agent, reason=reason, by=by, at=at)
    return enact_one(Order(PERSON, person, command))
