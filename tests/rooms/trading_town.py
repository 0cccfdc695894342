"""A trading floor that tests begin with: a centre, who works there, kinds and procedures."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.trading.actions import procedures
from mingtang.trading.actions import projects as actions
from tests.core.project_examples import CONTENT, USCC
from tests.core.test_trading_kinds import CARS, LAND
from tests.core.trading_examples import MONDAY, WAYS, sourced
from tests.rooms.case_town import SETUP, official

NUMBER = "演示交易公告〔2026〕1号"


@dataclass(frozen=True)
class Floor:
    """Person ids by what they do."""

    manager: str
    officer: str
    elsewhere: str  # trade officer of another centre
    host: str
    second: str  # another host
    treasurer: str


def build() -> Floor:
    """Register the people, publish the procedures and the list of kinds."""
    centres = [
        Body(
            code=code,
            kind=OrganisationKind.CENTRE,
            particulars=Particulars(name=name, uscc=uscc),
        )
        for code, name, uscc in (("centre", "演示中心", USCC), ("other", "演示另一中心", ""))
    ]
    people.register_organisations(bodies=centres, by=SETUP, at=MONDAY)
    floor = Floor(
        manager=official(1, Role.CENTRE_MANAGER, "centre"),
        officer=official(2, Role.TRADE_OFFICER, "centre"),
        elsewhere=official(3, Role.TRADE_OFFICER, "other"),
        host=official(4, Role.TRADE_HOST, "centre"),
        second=official(5, Role.TRADE_HOST, "centre"),
        treasurer=official(6, Role.TREASURER, "centre"),
    )
    every = [sourced(**way) for way in WAYS]
    procedures.publish_procedures(every, by=floor.manager, at=MONDAY)
    procedures.publish_kinds(all_of=[LAND, CARS], by=floor.manager, at=MONDAY)
    return floor


# ── A project, as far along as a test needs it ──────────────────────────────


def entered(floor: Floor, at: datetime = MONDAY, **changed: Any) -> str:
    content = replace(CONTENT, **changed)
    return actions.enter_project(content=content, by=floor.officer, at=at).key


def submitted(floor: Floor, at: datetime = MONDAY, **changed: Any) -> str:
    key = entered(floor, at, **changed)
    actions.submit_project(key=key, by=floor.officer, at=at)
    return key


def approved(floor: Floor, at: datetime = MONDAY, **changed: Any) -> str:
    key = submitted(floor, at, **changed)
    actions.approve_project(key=key, by=floor.manager, at=at)
    return key


def published(floor: Floor, at: datetime = MONDAY, number: str = NUMBER, **changed: Any) -> str:
    key = approved(floor, at, **changed)
    actions.publish_notice(key=key, number=number, by=floor.manager, at=at)
    return key
