"""What tests of deposits begin with: a treasurer, sub-accounts, money that comes."""

from datetime import datetime
from typing import Any

from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.trading.actions import deposits as actions
from mingtang.trading.queries import deposits as queries
from tests.core.deposit_examples import DEADLINE, DUE, MONDAY, booking
from tests.rooms.case_town import SETUP, official


def treasurer() -> str:
    centre = Body(
        code="centre", kind=OrganisationKind.CENTRE, particulars=Particulars(name="演示中心")
    )
    people.register_organisations(bodies=[centre], by=SETUP, at=MONDAY)
    return official(1, Role.TREASURER, "centre")


def opened(application: str = "A1", deadline: datetime = DEADLINE) -> str:
    """Open the sub-account of an application and return its number."""
    actions.open_sub_account(application, DUE, deadline, "演示(竞买)有限公司", MONDAY)
    row = queries.sub_account(application)
    assert row is not None
    return row.account


def comes(account: str, amount_fen: int = DUE, **changed: Any) -> str:
    told = booking(amount_fen, **changed)
    return actions.book_arrival(account=account, booking=told, at=max(told.booked, MONDAY)).value
