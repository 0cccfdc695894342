"""Who may open a paper (文书可见范围): nobody, unless a line here or a room above says so.

What a paper is about belongs to a room above. That room says who may open it: in its
`apps.ready()` it appends a rule to `rules`, and to `addressees` one that knows the applicant.
"""

from collections.abc import Callable

from mingtang.core.people import Power, Role
from mingtang.papers.queries import PaperRow
from mingtang.people.access import Actor
from mingtang.trust.queries import SealRow

# Who looks after what is being made: whoever decides, lets others seal, or oversees.
CONCERNED = (Power.CASE_OVERSEE, Power.CASE_DECIDE, Power.MANDATE_GRANT, Power.TRADE_ENTER)

Rule = Callable[[Actor, PaperRow], bool]
rules: list[Rule] = []  # may open it
addressees: list[Rule] = []  # is who it is for, or stands for them: opening it is service


def may_open(actor: Actor, row: PaperRow) -> bool:
    """Whether this person may read the paper."""
    return is_addressee(actor, row) or any(rule(actor, row) for rule in rules)


def is_addressee(actor: Actor, row: PaperRow) -> bool:
    """Whether a paper this person opens has reached its addressee (受送达人)."""
    if not actor.person:
        return False
    owns = row.owner in {actor.person, *actor.represents}
    return owns or any(rule(actor, row) for rule in addressees)


def may_record_service(actor: Actor, row: PaperRow) -> bool:
    """Whether this person records that it was handed over or posted: staff, never oneself."""
    hands_over = {Power.CASE_INTAKE, Power.CASE_DECIDE} & actor.powers
    return bool(hands_over) and not is_addressee(actor, row) and may_open(actor, row)


def organs_concerned(actor: Actor) -> frozenset[str] | None:
    """Return the organs whose papers in the making are this person's affair; None: all."""
    if actor.roles & {Role.CENTRE_MANAGER, Role.INSPECTOR}:
        return None
    return frozenset().union(*(actor.organisations_with(power) for power in CONCERNED))


def may_see_uses(actor: Actor, seal: SealRow) -> bool:
    """Whether this person reads what a seal was used for: its manager, its keeper, inspectors."""
    manages = seal.organ in actor.organisations_with(Power.MANDATE_GRANT)
    keeps = bool(actor.person) and seal.custodian == actor.person
    return manages or keeps or Role.INSPECTOR in actor.roles
