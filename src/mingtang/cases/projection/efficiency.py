"""Measured cases as rows."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import assert_never

from mingtang.cases.models import EfficiencyRow
from mingtang.core import efficiency
from mingtang.core.efficiency import Act, CaseMeasured, FirstReviewMeasured
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Add, Fact, Row


def project_measurement(fact: Fact) -> Iterable[Row]:
    event: efficiency.Event = fact.event
    key = [event.department, event.item, event.month, str(event.used_days)]
    match event:
        case CaseMeasured():
            act = Act.DECISION
        case FirstReviewMeasured():
            act = Act.FIRST_REVIEW
            key.append(act.value)
        case _:
            assert_never(event)
    group = {
        "department": event.department,
        "act": act.value,
        "item": event.item,
        "month": event.month,
        "used_days": event.used_days,
    }
    yield Add(EfficiencyRow, ".".join(key), group, asdict(efficiency.sums_of(event)))


EFFICIENCY = Subject("efficiency", efficiency.DECIDER, project_measurement, (EfficiencyRow,))
