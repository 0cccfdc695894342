"""Who may act for whom: delegations (委托代办), and letters that carry a decision (授权书)."""

from datetime import date

from mingtang.cases.models import DelegationRow
from mingtang.core import cases, mandates
from mingtang.core.mandates import Mandate, MandatePower
from mingtang.ledger.memory import until_changed
from mingtang.people import queries as people


@until_changed("delegation")
def delegations_to(person: str, day: date) -> tuple[DelegationRow, ...]:
    """Return the delegations in force on `day` that make somebody a deputy (代办)."""
    rows = DelegationRow.objects.filter(
        deputy=person, from_date__lte=day, until_date__gte=day, ended_at=None
    )
    return tuple(rows.order_by("key"))


def stands_for(person: str, department: str, day: date) -> tuple[cases.StandsFor, ...]:
    """Return for whom somebody may act in a department on `day`."""
    return tuple(
        cases.StandsFor(person=row.giver, delegation=row.key)
        for row in delegations_to(person, day)
        if row.department == department
    )


def delegations_by(person: str) -> list[DelegationRow]:
    """Return the delegations somebody gave, the newest first."""
    return list(DelegationRow.objects.filter(giver=person).order_by("-from_date", "key"))


def delegation_overlaps(person: str, department: str, begin: date, end: date) -> bool:
    """Whether somebody gave another delegation that touches these days."""
    rows = DelegationRow.objects.filter(giver=person, department=department, ended_at=None)
    return rows.filter(from_date__lte=end, until_date__gte=begin).exists()


def mandate_for(*, person: str, organ: str, item: str, day: date) -> Mandate | None:
    """Return the letter that carries a decision, or else the nearest one, to say why not."""
    held = people.mandates_of(person)
    power = MandatePower.DECIDE

    def carries(letter: Mandate) -> bool:
        return mandates.covers(letter, organ=organ, item=item, power=power, day=day)

    return next(filter(carries, held), held[0] if held else None)
