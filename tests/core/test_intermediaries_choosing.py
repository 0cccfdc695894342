"""The published formula: bound before, worked out by anybody after, favouring nobody."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.intermediaries.choosing import (
    NONCE,
    Way,
    choose,
    drawn,
    seed_digest,
    sign_up_digest,
)
from tests.core.need_examples import entrant

THREE = (entrant(1, "A", 300), entrant(2, "B", 200), entrant(3, "C", 200))
SEEDS = st.text("0123456789abcdef", min_size=8, max_size=64)


def test_the_digests_are_those_the_formula_names():
    # printf 'mingtang-need-seed-v1\nn-1\nseed' | sha256sum, and alike
    assert seed_digest("n-1", "seed") == (
        "ef130dbbd6cec5efed64bdc5d7228c4a7eb1687fa99e7daaeba56abae8a2e8be"
    )
    assert sign_up_digest("n-1", body="A", price_fen=0, nonce="nonce") == (
        "0ed57d16dd0e761b5406b0610aaa3f9657e65d0ca877015537ddb9447f319f07"
    )


def test_the_draw_is_the_one_the_formula_names():
    # printf 'mingtang-need-draw-v1\nn-1\nseed\nnonce-of-body-AAAA\n…BBBB\n…CCCC\n0' | sha256sum
    assert int("ceca21cf092d5238f81a40945553caa084caaf1f59341cb4125e231aef98ae5b", 16) % 3 == 1
    assert drawn("n-1", "seed", THREE, THREE) == THREE[1]


@given(SEEDS)
def test_the_lowest_quotation_is_chosen_and_a_tie_is_drawn(seed):
    assert choose(Way.QUOTE, "n-1", seed, THREE) in THREE[1:]
    assert choose(Way.QUOTE, "n-1", seed, THREE[:2]) == THREE[1]


@given(SEEDS)
def test_the_highest_sum_is_chosen_and_a_tie_is_drawn(seed):
    totals = {"A": 90, "B": 80, "C": 90}
    assert choose(Way.BEST, "n-1", seed, THREE, totals) in (THREE[0], THREE[2])
    assert choose(Way.BEST, "n-1", seed, THREE, {"B": 1}) == THREE[1]


@given(SEEDS)
def test_whoever_is_barred_is_never_chosen(seed):
    barred = (replace(THREE[0], barred="suspended"), *THREE[1:])
    assert choose(Way.DRAW, "n-1", seed, barred) in THREE[1:]
    nobody = [replace(one, barred="suspended") for one in THREE]
    assert choose(Way.DRAW, "n-1", seed, nobody) is None


@given(SEEDS, st.text("abcdef", min_size=16, max_size=16))
def test_the_same_draw_gives_the_same_body_and_every_nonce_bears_on_it(seed, nonce):
    assert drawn("n-1", seed, THREE, THREE) == drawn("n-1", seed, THREE, THREE)
    others = (replace(THREE[0], nonce=nonce), *THREE[1:])
    outcomes = {drawn(f"n-{n}", seed, THREE, THREE).no for n in range(200)}
    assert outcomes == {1, 2, 3}
    changed = [
        drawn(f"n-{n}", seed, others, others).no != drawn(f"n-{n}", seed, THREE, THREE).no
        for n in range(200)
    ]
    assert any(changed)


def test_no_body_is_favoured():
    found = Counter(drawn("n-1", f"seed-{n}", THREE, THREE).body for n in range(3_000))
    assert all(900 < count < 1_100 for count in found.values())


def test_a_nonce_is_long_and_of_one_line():
    assert NONCE.fullmatch("0123456789abcdef")
    assert not NONCE.fullmatch("0123456789abcde")
    assert not NONCE.fullmatch("0123456789\nabcdef")
    assert not NONCE.fullmatch("x" * 65)
