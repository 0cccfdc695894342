"""Erasure: what may be erased, once, and on which basis."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from mingtang.core.erasure import DECIDER, Erase, Erased, State
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
ERASE = Erase(
    index=5,
    names=("name", "phone"),
    sealed=("id_number", "name", "phone"),
    basis="个人信息保护法第四十七条（演示）",
    by="P-1",
    at=MONDAY,
)
ERASED = Erased(index=5, names=("name", "phone"), basis=ERASE.basis, by="P-1", at=MONDAY)


def test_what_is_sealed_can_be_erased():
    assert DECIDER.decide(State(), ERASE) == [ERASED]
    assert DECIDER.replay([ERASED]) == State(frozenset({"name", "phone"}))


def test_what_is_left_can_be_erased_later():
    rest = replace(ERASE, names=("id_number",))
    [event] = DECIDER.decide(DECIDER.replay([ERASED]), rest)
    assert DECIDER.replay([ERASED, event]).erased == {"name", "phone", "id_number"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"names": ()}, "erasure.nothing-named"),
        ({"names": ("by",)}, "erasure.not-sealed"),
        ({"names": ("name", "by")}, "erasure.not-sealed"),
        ({"sealed": ()}, "erasure.not-sealed"),
        ({"basis": " \n"}, "erasure.basis-missing"),
    ],
)
def test_an_erasure_says_what_and_why_and_touches_only_what_is_sealed(changes, code):
    with refused(code):
        DECIDER.decide(State(), replace(ERASE, **changes))


def test_nothing_is_erased_twice():
    with refused("erasure.already-erased"):
        DECIDER.decide(DECIDER.replay([ERASED]), replace(ERASE, names=("phone", "id_number")))
