"""Measured cases as rows."""

from collections.abc import Iterable
from dataclasses import asdict

from mingtang.cases.models import EfficiencyRow
from mingtang.core import efficiency
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Add, Fact, Row


def project_measurement(fact: Fact) -> Iterable[Row]:
    event: efficiency.Event = fact.event
    group = {
        "department": event.department,
        "item": event.item,
        "month": event.month,
        "used_days": event.used_days,
    }
    amounts = asdict(efficiency.sums_of(event))
    yield Add(EfficiencyRow, ".".join(map(str, group.values())), group, amounts)


EFFICIENCY = Subject("efficiency", efficiency.DECIDER, project_measurement, (EfficiencyRow,))
