"""Who runs the register, who acts for whom, who scores: nobody, unless a line here says so."""

from mingtang.core.intermediaries.needs.terms import Publisher, PublisherKind, Scorer
from mingtang.core.people import POWERS, Power
from mingtang.intermediaries import queries
from mingtang.intermediaries.queries import NeedRow
from mingtang.people import queries as people
from mingtang.people.queries import Actor

FOR_A_DEPARTMENT = (Power.CASE_REVIEW, Power.CASE_DECIDE)  # who publishes a department's needs
SCORING = (Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_OVERSEE)


def manages(actor: Actor) -> bool:
    """Whether the actor runs the register: a manager of the centre."""
    return Power.INTERMEDIARY_MANAGE in actor.powers


def represents(actor: Actor, body: str) -> bool:
    return body in actor.represents


def publishers(actor: Actor) -> list[Publisher]:
    """Return in whose name the actor may publish a need."""
    found = []
    if actor.person:
        found.append(Publisher(kind=PublisherKind.PERSON, id=actor.person, name=actor.name))
    for code in sorted(actor.represents):
        name = people.organisation_names().get(code, code)
        found.append(Publisher(kind=PublisherKind.ORGANISATION, id=code, name=name))
    for code in sorted(departments(actor)):
        name = people.organisation_names().get(code, code)
        found.append(Publisher(kind=PublisherKind.DEPARTMENT, id=code, name=name))
    return found


def departments(actor: Actor) -> frozenset[str]:
    """Return the departments in whose name the actor may publish."""
    return frozenset[str]().union(*map(actor.organisations_with, FOR_A_DEPARTMENT))


def may_publish_as(actor: Actor, publisher: Publisher) -> bool:
    return any((one.kind, one.id) == (publisher.kind, publisher.id) for one in publishers(actor))


def is_publisher(actor: Actor, row: NeedRow) -> bool:
    """Whether the need is the actor's own, or that of somebody they act for today."""
    match PublisherKind(row.publisher_kind):
        case PublisherKind.PERSON:
            return bool(actor.person) and row.publisher == actor.person
        case PublisherKind.ORGANISATION:
            return row.publisher in actor.represents
        case PublisherKind.DEPARTMENT:
            return row.publisher in departments(actor)


def scorer(actor: Actor, row: NeedRow) -> Scorer | None:
    """Return the actor as the record names them who score for this department's need.

    Whoever acts for a body that signed up scores nobody.
    """
    if actor.represents & {*queries.entered(row.key)}:
        return None
    for post in actor.appointments:
        if post.organisation == row.organ and POWERS[post.role] & {*SCORING}:
            return Scorer(person=actor.person, name=actor.name, staff_no=post.staff_no)
    return None


def sees_result(actor: Actor, row: NeedRow) -> bool:
    """Whether the actor may open the delivered files: both parties, and the organ of the case."""
    if is_publisher(actor, row) or represents(actor, row.body):
        return True
    case = queries.case_in_hand(row.case)
    organ = case.terms.department if case and case.terms else row.organ
    return organ in departments(actor)
