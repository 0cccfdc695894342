"""Who stands for whom (委托代办)."""

from datetime import date

from mingtang.cases.models import (
    DelegationRow,
)
from mingtang.core import cases
from mingtang.ledger.memory import until_changed


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
