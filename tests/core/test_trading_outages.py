"""Interruptions of the service (系统中断), and where they move a deadline."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.trading import outages
from mingtang.core.trading.outages import RULE, OutageRecorded, RecordOutage, moved
from tests.core.trading_examples import MONDAY
from tests.words import refused

MICRO, SECOND, HOUR = timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1)
GRACE = 2 * HOUR
DOWN, UP = MONDAY, MONDAY + HOUR
RECORD = RecordOutage(service="bidding", began=DOWN, recovered=UP, rule=RULE, at=UP + SECOND)


def decide(command, *before):
    state = outages.State()
    for earlier in before:
        for event in outages.decide(state, earlier):
            state = outages.evolve(state, event)
    return outages.decide(state, command)


def test_an_interruption_is_recorded_with_the_rule_it_is_followed_by():
    assert decide(RECORD) == [
        OutageRecorded(service="bidding", began=DOWN, recovered=UP, rule=RULE, at=UP + SECOND)
    ]
    assert decide(replace(RECORD, recovered=DOWN + 30 * SECOND))


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([RECORD], {}, "outage.recorded-already"),
        ([], {"recovered": DOWN + 30 * SECOND - MICRO}, "outage.too-short"),
        ([], {"recovered": DOWN - HOUR}, "outage.too-short"),
    ],
)
def test_an_interruption_is_not_recorded(before, changed, code):
    with refused(code):
        decide(replace(RECORD, **changed), *before)


@pytest.mark.parametrize(
    ("deadline", "to"),
    [
        (DOWN - MICRO, DOWN - MICRO),
        (DOWN, UP + GRACE),
        (UP, UP + GRACE),
        (UP + MICRO, UP + MICRO + GRACE),
        (UP + GRACE - MICRO, UP + 2 * GRACE - MICRO),
        (UP + GRACE, UP + GRACE),
    ],
)
def test_where_an_hour_moves_a_deadline(deadline, to):
    assert moved(deadline, began=DOWN, recovered=UP, rule=RULE) == to


@pytest.mark.parametrize(
    ("lasted", "to"),
    [
        (30 * SECOND - MICRO, timedelta()),  # too short to count
        (30 * SECOND, 30 * SECOND + GRACE),
        (2 * HOUR - MICRO, 2 * HOUR - MICRO + GRACE),
        (2 * HOUR, 26 * HOUR),  # a long one leaves a day
    ],
)
def test_how_long_it_lasted_says_by_how_much(lasted, to):
    assert moved(DOWN, began=DOWN, recovered=DOWN + lasted, rule=RULE) == DOWN + to


def test_a_short_grace_is_never_shorter_than_the_interruption():
    rule = replace(RULE, grace_seconds=60)
    assert moved(UP + SECOND, began=DOWN, recovered=UP, rule=rule) == UP + SECOND + HOUR


SECONDS = st.integers(-200_000, 200_000).map(lambda n: n * SECOND)
SPANS = st.integers(0, 100_000).map(lambda n: n * SECOND)


@given(deadline=SECONDS.map(lambda s: MONDAY + s), lasted=SPANS)
def test_no_deadline_comes_earlier_and_none_passes_while_it_is_down(deadline, lasted):
    to = moved(deadline, began=DOWN, recovered=DOWN + lasted, rule=RULE)
    assert to >= deadline
    if lasted >= 30 * SECOND and deadline >= DOWN:
        assert to >= DOWN + lasted + GRACE
