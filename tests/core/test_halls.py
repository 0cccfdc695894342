"""The rules of a hall's queue (排队规则), published as data."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.core import halls
from mingtang.core.halls import (
    ArrangeHall,
    ClosedDay,
    Door,
    HallArranged,
    HallBreak,
    Purpose,
    WindowServes,
    begins,
    door,
    may_call,
    serves,
    serving,
    slots,
)
from mingtang.core.history import WIRE
from tests.core.queue_examples import MINUTE, MONDAY, RULES
from tests.words import refused

ARRANGE = ArrangeHall(
    hall="centre",
    rules=RULES,
    manages=True,
    all_open=True,
    elsewhere=False,
    items_known=True,
    by="P-MANAGER",
    at=MONDAY,
)
FRIDAY = date(2026, 3, 6)
TRAINING = ClosedDay(day=FRIDAY, reason="内部培训")
LUNCH = replace(RULES, breaks=(HallBreak(begins=12 * 60, ends=13 * 60 + 30),), closed=(TRAINING,))
FOOD = WindowServes(window="w1", items=("i1",), topics=("food",))


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
        ({"breaks": (HallBreak(begins=540, ends=600),)}, {}, "hall.break-wrong"),
        ({"breaks": (HallBreak(begins=960, ends=1020),)}, {}, "hall.break-wrong"),
        ({"breaks": (HallBreak(begins=725, ends=780),)}, {}, "hall.break-wrong"),
        ({"breaks": (HallBreak(begins=780, ends=720),)}, {}, "hall.break-wrong"),
        (
            {"breaks": (HallBreak(begins=720, ends=780), HallBreak(begins=780, ends=795))},
            {},
            "hall.break-wrong",
        ),
        ({"closed": (ClosedDay(day=FRIDAY, reason=" "),)}, {}, "hall.closed-day-wrong"),
        ({"closed": (TRAINING, TRAINING)}, {}, "hall.closed-day-wrong"),
        ({"serving": (WindowServes(window="w1"),)}, {}, "hall.serving-wrong"),
        ({"serving": (WindowServes(window="w9", items=("i1",)),)}, {}, "hall.serving-wrong"),
        ({"serving": (FOOD, FOOD)}, {}, "hall.serving-wrong"),
        ({}, {"items_known": False}, "hall.item-unknown"),
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


def test_no_quarter_hour_begins_in_a_break():
    found = slots(replace(LUNCH, opens=11 * 60 + 45, closes=13 * 60 + 45), MONDAY.date())
    assert [f"{slot:%H:%M}" for slot in found] == ["11:45", "13:30"]


def test_numbers_are_given_from_the_first_minute_to_the_last():
    def at(moment, *, working=True):
        return door(RULES, moment, working=working)

    assert at(MONDAY - timedelta(microseconds=1)) == (Door.EARLY, MONDAY)
    assert at(MONDAY) == (Door.OPEN, None)
    assert at(MONDAY + timedelta(hours=8, microseconds=-1)) == (Door.OPEN, None)
    assert at(MONDAY + timedelta(hours=8)) == (Door.LATE, None)
    assert at(MONDAY, working=False) == (Door.SHUT, None)
    assert door(replace(RULES, every_day=True), MONDAY, working=False) == (Door.OPEN, None)


def test_in_a_break_it_is_known_when_numbers_are_given_again():
    noon, half_past_one = MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=4, minutes=30)
    assert door(LUNCH, noon - timedelta(microseconds=1), working=True) == (Door.OPEN, None)
    assert door(LUNCH, noon, working=True) == (Door.BREAK, half_past_one)
    assert door(LUNCH, half_past_one, working=True) == (Door.OPEN, None)


def test_on_a_day_it_is_closed_no_numbers_are_given():
    friday = MONDAY + timedelta(days=4)
    assert door(LUNCH, friday, working=True) == (Door.SHUT, None)
    assert door(replace(LUNCH, every_day=True), friday, working=True) == (Door.SHUT, None)


def test_a_window_serves_what_its_rules_name_and_one_without_any_serves_all():
    rules = replace(RULES, serving=(FOOD,))
    listed, topical = Purpose(item="i1"), Purpose(item="i2", topics=("food", "business"))
    other = Purpose(item="i3", topics=("housing",))
    assert serves(rules, "w1", [listed, topical])
    assert not serves(rules, "w1", [listed, other])
    assert serves(rules, "w2", [other])
    assert serves(rules, "w1", [])
    assert serving(rules, [other]) == ("w2",)
    assert [may_call(rules, window, [other]) for window in RULES.windows] == [False, True]


def test_whoever_no_window_serves_any_more_may_be_called_by_each():
    both = (FOOD, WindowServes(window="w2", topics=("tax",)))
    rules = replace(RULES, serving=both)
    other = Purpose(item="i3", topics=("housing",))
    assert serving(rules, [other]) == ()
    assert [may_call(rules, window, [other]) for window in RULES.windows] == [True, True]


def test_rules_recorded_before_there_were_breaks_are_read():
    event = HallArranged(hall="centre", rules=RULES, by="P-MANAGER", at=MONDAY)
    face, _opened = WIRE.encode(event)
    for name in ("breaks", "closed", "serving"):
        face = face.replace(f'"{name}":[],'.encode(), b"").replace(f',"{name}":[]'.encode(), b"")
    assert b"breaks" not in face
    assert WIRE.decode(face) == event
