"""The rules of a hall's queue (排队规则), published as data."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.core import halls
from mingtang.core.halls import ArrangeHall, HallArranged, begins, is_open, slots
from tests.core.queue_examples import MINUTE, MONDAY, RULES
from tests.words import refused

ARRANGE = ArrangeHall(
    hall="centre",
    rules=RULES,
    manages=True,
    all_open=True,
    elsewhere=False,
    by="P-MANAGER",
    at=MONDAY,
)


def decide(command, *before):
    state = halls.State()
    for earlier in before:
        for event in halls.decide(state, earlier):
            state = halls.evolve(state, event)
    return halls.decide(state, command)


def test_a_hall_is_arranged_and_arranged_anew():
    assert decide(ARRANGE) == [HallArranged(hall="centre", rules=RULES, by="P-MANAGER", at=MONDAY)]
    wider = replace(RULES, seats=3)
    assert decide(replace(ARRANGE, rules=wider), ARRANGE) == [
        HallArranged(hall="centre", rules=wider, by="P-MANAGER", at=MONDAY)
    ]


@pytest.mark.parametrize(
    ("rules", "changed", "code"),
    [
        ({}, {"manages": False}, "hall.not-its-manager"),
        ({"name": " "}, {}, "hall.name-missing"),
        ({"windows": ()}, {}, "hall.no-window"),
        ({}, {"all_open": False}, "hall.window-not-open"),
        ({}, {"elsewhere": True}, "hall.window-elsewhere"),
        ({"opens": 17 * 60}, {}, "hall.hours-wrong"),
        ({"opens": -15}, {}, "hall.hours-wrong"),
        ({"closes": 24 * 60 + 15}, {}, "hall.hours-wrong"),
        ({"opens": 9 * 60 + 10}, {}, "hall.hours-wrong"),
        ({"closes": 17 * 60 + 1}, {}, "hall.hours-wrong"),
        ({"seats": -1}, {}, "hall.limits-wrong"),
        ({"seats": 100}, {}, "hall.limits-wrong"),
        ({"days_ahead": 61}, {}, "hall.limits-wrong"),
        ({"per_person": 0}, {}, "hall.limits-wrong"),
    ],
)
def test_a_hall_is_not_arranged(rules, changed, code):
    with refused(code):
        decide(replace(ARRANGE, rules=replace(RULES, **rules), **changed))


def test_nothing_is_recorded_where_nothing_changes():
    with refused("hall.unchanged"):
        decide(ARRANGE, ARRANGE)


def test_quarter_hours_of_a_day():
    day = MONDAY.date()
    assert begins(RULES, day) == MONDAY
    assert slots(replace(RULES, closes=9 * 60 + 45), day) == (
        MONDAY,
        MONDAY + 15 * MINUTE,
        MONDAY + 30 * MINUTE,
    )


def test_open_from_the_first_minute_to_the_last():
    assert not is_open(RULES, MONDAY - timedelta(microseconds=1))
    assert is_open(RULES, MONDAY)
    assert is_open(RULES, MONDAY + timedelta(hours=8, microseconds=-1))
    assert not is_open(RULES, MONDAY + timedelta(hours=8))
