"""A hall with two windows, each with a clerk: what the tests of the queue begin with."""

from dataclasses import dataclass, replace
from datetime import timedelta

from mingtang.core.halls import HallRules
from mingtang.core.organisations import OfficeKind
from mingtang.core.people import Role
from mingtang.core.queues import Channel
from mingtang.people import actions as people
from mingtang.people.actions import Place
from mingtang.windows import actions, queries
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import SETUP, official

HALL, ONE, OTHER = "centre", "window-7", "window-8"
MINUTE = timedelta(minutes=1)
RULES = HallRules(
    name="演示大厅",
    windows=(ONE, OTHER),
    opens=0,
    closes=24 * 60,
    every_day=True,
    seats=1,
    days_ahead=7,
    per_person=1,
)


@dataclass(frozen=True)
class Hall:
    """Person ids by what they do."""

    citizen: str
    neighbour: str
    clerk: str  # at ONE
    other: str  # at OTHER
    manager: str
    reviewer: str


def build(rules=RULES):
    """Return the people of a town whose hall is arranged."""
    town = case_town.build()
    place = Place(code=OTHER, organisation=HALL, kind=OfficeKind.WINDOW, name="8 号综合窗口")
    people.open_office(place=place, by=SETUP, at=MONDAY)
    hall = Hall(
        citizen=town.citizen,
        neighbour=town.neighbour,
        clerk=town.clerk,
        other=official(21, Role.WINDOW_CLERK, HALL, office=OTHER),
        manager=official(22, Role.CENTRE_MANAGER, HALL),
        reviewer=town.reviewer,
    )
    actions.arrange(hall=HALL, rules=rules, by=hall.manager, at=MONDAY)
    return hall


def arrange(town):
    """Arrange a hall of one window in a town there is."""
    manager = official(22, Role.CENTRE_MANAGER, HALL)
    actions.arrange(hall=HALL, rules=replace(RULES, windows=(ONE,)), by=manager, at=MONDAY)


def at(minutes):
    return MONDAY + minutes * MINUTE


def taken(hall, minutes=0, **said):
    """Give a number at the hall; return its row."""
    receipt = actions.take(
        hall=HALL, channel=Channel.COUNTER, by=hall.clerk, at=at(minutes), **said
    )
    return queries.ticket_taken(receipt.index)


def called(hall, minutes=1, window=ONE):
    by = hall.clerk if window == ONE else hall.other
    return actions.call(hall=HALL, window=window, by=by, at=at(minutes))


def rearrange(hall, **changed):
    """Arrange the hall anew with other rules."""
    actions.arrange(hall=HALL, rules=replace(RULES, **changed), by=hall.manager, at=at(1))
    return hall


def finished(hall, minutes=1):
    """Let the number at the first window be served."""
    return actions.finish(hall=HALL, window=ONE, by=hall.clerk, at=at(minutes))
