"""A colleague does one's tasks for some days: who, for whom, from when until when."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core import delegations
from tests.core.case_examples import INSPECTOR, REVIEWER, day
from tests.core.test_cases_assigning import OTHER
from tests.words import refused

GIVE = delegations.GiveDelegation(
    giver=REVIEWER,
    deputy=OTHER,
    from_date=date(2026, 3, 9),
    until_date=date(2026, 3, 13),
    overlaps=False,
    at=day(3, 5),
)
GIVEN = delegations.DelegationGiven(
    giver=REVIEWER,
    deputy=OTHER,
    from_date=date(2026, 3, 9),
    until_date=date(2026, 3, 13),
    at=day(3, 5),
)
END = delegations.EndDelegation(by=REVIEWER.person, at=day(3, 10))
ENDED = delegations.DelegationEnded(by=REVIEWER.person, at=day(3, 10))


def when(*history, command):
    return delegations.DECIDER.decide(delegations.DECIDER.replay(history), command)


def test_it_is_given():
    assert when(command=GIVE) == [GIVEN]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"deputy": None}, "delegation.not-a-colleague"),
        ({"deputy": INSPECTOR}, "delegation.not-a-colleague"),
        ({"deputy": REVIEWER}, "delegation.to-oneself"),
        ({"until_date": date(2026, 3, 8)}, "delegation.dates-reversed"),
        ({"from_date": date(2026, 3, 4)}, "delegation.past"),
        ({"until_date": date(2026, 6, 9)}, "delegation.too-long"),
        ({"overlaps": True}, "delegation.overlaps"),
    ],
)
def test_it_is_not_given(changes, code):
    with refused(code):
        when(command=replace(GIVE, **changes))


def test_its_first_day_may_be_today_and_the_ninety_second_is_the_last():
    longest = replace(GIVE, from_date=date(2026, 3, 5), until_date=date(2026, 6, 4))
    assert len(when(command=longest)) == 1
    with refused("delegation.too-long"):
        when(command=replace(longest, until_date=date(2026, 6, 5)))


def test_it_is_given_once():
    with refused("delegation.exists"):
        when(GIVEN, command=GIVE)


def test_who_gave_it_takes_it_back():
    assert when(GIVEN, command=END) == [ENDED]


@pytest.mark.parametrize(
    ("history", "changes", "code"),
    [
        ((), {}, "delegation.unknown"),
        ((GIVEN,), {"by": OTHER.person}, "delegation.not-yours"),
        ((GIVEN, ENDED), {}, "delegation.over"),
        ((GIVEN,), {"at": day(3, 14)}, "delegation.over"),
    ],
)
def test_it_is_not_taken_back(history, changes, code):
    with refused(code):
        when(*history, command=replace(END, **changes))
