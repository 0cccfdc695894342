"""Who sees and moves a seal: the organ's manager everything, its keeper what keeping needs."""

from mingtang.core.people import Power
from mingtang.people.access import Actor
from mingtang.trust.queries import SealRow


def organs_of(actor: Actor) -> frozenset[str]:
    """Return the organs whose seal this person orders and moves."""
    return actor.organisations_with(Power.MANDATE_GRANT)


def manages(actor: Actor, row: SealRow) -> bool:
    return row.organ in organs_of(actor)


def keeps(actor: Actor, row: SealRow) -> bool:
    return bool(actor.person) and actor.person == row.custodian


def may_see(actor: Actor, row: SealRow) -> bool:
    return manages(actor, row) or keeps(actor, row)
