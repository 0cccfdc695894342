"""Adoption (认领): who may handle a shared item at its place, and under which promise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import adoptions, cases
from mingtang.core.catalogue import Category, FirstReview
from mingtang.core.decider import Refused
from tests.core.case_examples import day
from tests.core.item_examples import COMPLETE
from tests.words import refused

SHARED = replace(COMPLETE, adoptable=True)
ADOPT = adoptions.AdoptItem(
    item="item-key",
    organ="city-market",
    seen=3,
    promised_days=4,
    offices=("city-hall-2",),
    phone=" 0991-0120101 ",
    content=SHARED,
    version=3,
    organ_known=True,
    open_offices=frozenset({"city-hall-2", "city-hall-3"}),
    by="P-editor",
    at=day(3, 2),
)
ADOPTED = adoptions.ItemAdopted(
    item="item-key",
    code="DEMO-001",
    version=3,
    organ="city-market",
    promised_days=4,
    offices=("city-hall-2",),
    phone="0991-0120101",
    by="P-editor",
    at=day(3, 2),
)
WITHDRAW = adoptions.WithdrawAdoption(reason="职权上收", by="P-editor", at=day(3, 9))
WITHDRAWN = adoptions.AdoptionWithdrawn(
    item="item-key", organ="city-market", reason="职权上收", by="P-editor", at=day(3, 9)
)


def when(*history, command):
    return adoptions.decide(adoptions.DECIDER.replay(history), command)


def test_an_organ_adopts_a_shared_item_under_a_promise_of_its_own():
    assert when(command=ADOPT) == [ADOPTED]


def test_it_may_promise_more_than_the_publisher_does_and_never_more_than_the_law():
    [event] = when(command=replace(ADOPT, promised_days=20))
    assert event.promised_days == 20
    with refused("adoption.promise-too-long"):
        when(command=replace(ADOPT, promised_days=21))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": None}, "item.not-in-force"),
        ({"content": COMPLETE}, "adoption.not-shared"),
        ({"content": replace(SHARED, category=Category.NON_LICENCE)}, "adoption.not-shared"),
        (
            {"content": replace(SHARED, first_reviews=(FirstReview(organ="a", basis="b"),))},
            "adoption.first-reviewed",
        ),
        ({"organ": "market"}, "adoption.own-item"),
        ({"organ_known": False}, "adoption.organ-unknown"),
        ({"seen": 2}, "adoption.version-moved-on"),
        ({"promised_days": -1}, "adoption.promise-impossible"),
        ({"promised_days": 0}, "adoption.not-on-the-spot"),
        ({"offices": ()}, "adoption.office-missing"),
        ({"offices": ("closed",)}, "adoption.office-unknown"),
        ({"phone": "120"}, "adoption.phone-unusable"),
        ({"phone": ""}, "adoption.phone-unusable"),
    ],
)
def test_an_adoption_is_refused(change, code):
    with refused(code):
        when(command=replace(ADOPT, **change))


def test_what_has_no_steps_may_be_promised_on_the_spot():
    [event] = when(command=replace(ADOPT, content=replace(SHARED, steps=()), promised_days=0))
    assert event.promised_days == 0


def test_it_is_changed_and_confirmed_by_adopting_again():
    with refused("adoption.unchanged"):
        when(ADOPTED, command=replace(ADOPT, by="P-other", at=day(3, 4)))
    newer = replace(ADOPT, seen=4, version=4, at=day(3, 4))
    assert when(ADOPTED, command=newer) == [replace(ADOPTED, version=4, at=day(3, 4))]
    [event] = when(ADOPTED, command=replace(ADOPT, promised_days=3))
    assert event.promised_days == 3


def test_whoever_is_not_competent_any_more_withdraws_and_says_why():
    assert when(ADOPTED, command=WITHDRAW) == [WITHDRAWN]
    with refused("adoption.reason-missing"):
        when(ADOPTED, command=replace(WITHDRAW, reason=" "))
    with refused("adoption.not-in-force"):
        when(command=WITHDRAW)
    with refused("adoption.not-in-force"):
        when(ADOPTED, WITHDRAWN, command=WITHDRAW)


def test_after_a_withdrawal_the_same_may_be_adopted_again():
    assert when(ADOPTED, WITHDRAWN, command=ADOPT) == [ADOPTED]


# ── What a case begins under ────────────────────────────────────────────────


def terms(content=SHARED, organ="city-market", promise=ADOPTED.promised_days):
    return cases.terms_of("item-key", 3, content, organ=organ, promise=promise)


def test_a_case_begins_under_the_promise_of_whoever_the_applicant_turned_to():
    there, home = terms(), terms(organ="", promise=None)
    assert (there.department, there.promised_days, there.published_by) == (
        "city-market",
        4,
        "market",
    )
    assert (home.department, home.promised_days, home.published_by) == ("market", 5, "")
    assert terms(organ="market", promise=None) == home
    same = replace(there, department="market", promised_days=5, published_by="")
    assert same == home  # all else is the shared item's


def test_nobody_else_is_turned_to():
    with refused("case.organ-not-competent"):
        terms(promise=None)
    with refused("case.organ-not-competent"):
        terms(content=COMPLETE)  # it is not shared any more


@given(promised=st.integers(-3, 40), before=st.integers(1, 30), after=st.integers(1, 30))
def test_under_every_version_the_promise_keeps_the_law(promised: int, before: int, after: int):
    content = replace(SHARED, statutory_days=before)
    try:
        [adopted] = when(command=replace(ADOPT, content=content, promised_days=promised))
    except Refused:
        return
    for statutory in (before, after):
        there = replace(SHARED, statutory_days=statutory)
        found = terms(content=there, promise=adopted.promised_days)
        assert found.promised_days <= found.statutory_days
        assert found.promised_days <= promised
