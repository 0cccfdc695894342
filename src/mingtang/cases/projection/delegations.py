"""Who stands for whom, as rows."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.cases.models import DelegationRow
from mingtang.core import delegations
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row


def project_delegation(fact: Fact) -> Iterable[Row]:
    event: delegations.Event = fact.event
    match event:
        case delegations.DelegationGiven():
            yield Put(DelegationRow, fact.key, _delegation(event))
        case delegations.DelegationEnded():
            yield Change(DelegationRow, fact.key, {"ended_at": event.at})
        case _:
            assert_never(event)


def _delegation(event: delegations.DelegationGiven) -> dict[str, Any]:
    return {
        "giver": event.giver.person,
        "giver_no": event.giver.staff_no,
        "deputy": event.deputy.person,
        "deputy_no": event.deputy.staff_no,
        "department": event.giver.organisation,
        "from_date": event.from_date,
        "until_date": event.until_date,
        "given_at": event.at,
        "ended_at": None,
    }


DELEGATION = Subject("delegation", delegations.DECIDER, project_delegation, (DelegationRow,))
