"""Tallies: every rating is counted once, none alone, and anybody can do the sums again."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import tallies
from mingtang.core.history import WIRE
from mingtang.core.tallies import FLOOR, MONTH, MOST, GradeCount, countable, recount
from mingtang.core.wire import Sealed
from tests.core.case_examples import day
from tests.core.rating_examples import TODAY, waiting
from tests.words import refused


def when(command, *history):
    return list(tallies.DECIDER.decide(tallies.DECIDER.replay(history), command))


def count(*ones, on=TODAY):
    return tallies.CountRatings(day=on, waiting=tuple(ones), at=day(4, 20))


FIVE = tuple(waiting(n, grade=grade) for n, grade in enumerate((1, 1, 2, 5, 5)))
COUNTED = tallies.RatingsCounted(
    month="2026-04",
    ratings=("r0000", "r0001", "r0002", "r0003", "r0004"),
    counts=(
        GradeCount(department="market", item="a", grade=1, number=2),
        GradeCount(department="market", item="a", grade=2, number=1),
        GradeCount(department="market", item="a", grade=5, number=2),
    ),
    waiting=0,
    cells=Sealed(
        '{"r0000":["market","a"],"r0001":["market","a"],"r0002":["market","a"],'
        '"r0003":["market","a"],"r0004":["market","a"]}'
    ),
    at=day(4, 20),
)


def test_five_ratings_of_one_item_are_published_together():
    assert when(count(*FIVE)) == [COUNTED]


def test_four_are_too_few_to_be_told():
    with refused("tally.too-few"):
        when(count(*FIVE[:4]))
    assert not countable(FIVE[:4], TODAY)


def test_a_tally_is_published_once():
    with refused("tally.already-published"):
        when(count(*FIVE), COUNTED)


def test_what_was_given_today_is_counted_tomorrow():
    today = [replace(one, given=TODAY) for one in FIVE]
    with refused("tally.too-few"):
        when(count(*today))
    assert when(count(*today, on=TODAY + timedelta(days=1)))


def test_items_few_people_rate_wait_a_month_and_are_counted_with_their_department():
    few = [waiting(n, item=f"item-{n}", given=date(2026, 3, 1)) for n in range(5)]
    young = [replace(one, given=TODAY - MONTH + timedelta(days=1)) for one in few]
    with refused("tally.too-few"):
        when(count(*young))
    [event] = when(count(*few))
    assert event.counts == (GradeCount(department="market", item="", grade=1, number=5),)


def test_departments_few_people_rate_are_counted_with_all_others():
    few = [waiting(n, department=f"d{n}", given=date(2026, 3, 1)) for n in range(5)]
    [event] = when(count(*few))
    assert event.counts == (GradeCount(department="", item="", grade=1, number=5),)


def test_an_erased_grade_is_never_counted():
    [event] = when(count(*FIVE, replace(waiting(9), grade="\N{FULL BLOCK}")))
    assert (len(event.ratings), event.waiting) == (5, 1)


def test_no_group_is_cut_so_that_few_are_left():
    many = [waiting(n) for n in range(MOST + 2)]
    [event] = when(count(*many))
    assert (len(event.ratings), event.waiting) == (MOST + 2 - FLOOR, FLOOR)


WAITING = st.lists(
    st.builds(
        waiting,
        st.just(0),
        grade=st.integers(1, 5),
        department=st.sampled_from("xyz"),
        item=st.sampled_from("abc"),
        given=st.dates(TODAY - timedelta(days=70), TODAY),
    ),
    max_size=60,
).map(lambda ones: [replace(one, rating=f"r{n:04d}") for n, one in enumerate(ones)])


@settings(deadline=None)
@given(WAITING)
def test_every_rating_is_counted_once_in_a_group_of_at_least_five_and_none_is_lost(ones):
    counted = []
    if countable(ones, TODAY):
        [event] = when(count(*ones))
        cells = json.loads(event.cells)
        counted = list(event.ratings)
        assert counted == sorted(set(counted)) == sorted(cells)
        assert min(Counter(map(tuple, cells.values())).values()) >= FLOOR
        grades = {one.rating: int(one.grade) for one in ones}
        sums = Counter((*cells[rating], grades[rating]) for rating in counted)
        assert {(c.department, c.item, c.grade): c.number for c in event.counts} == sums
        assert event.waiting == sum(one.given < TODAY for one in ones) - len(counted)
    left = [one for one in ones if one.rating not in counted]
    by_item = Counter((one.department, one.item) for one in left if one.given < TODAY)
    assert all(number < FLOOR for number in by_item.values())
    assert sum(one.given + MONTH <= TODAY for one in left) < FLOOR


# ── Doing the sums again ────────────────────────────────────────────────────


def face(event, stream):
    body, _ = WIRE.encode(event, (f"{n:022}" for n in range(100)), place={"_stream": stream})
    return json.loads(body)


def log(*, ballots=6, given=range(6), tally=COUNTED):
    entries = [{"kind": "case.filed.v1"}]
    entries += [{"kind": "ballot.issued.v1"}] * ballots
    entries += [{"kind": "rating.given.v1", "_stream": f"rating/r{n:04d}"} for n in given]
    return list(enumerate([*entries, face(tally, "tally/2026-04-20-1")]))


def test_the_sums_are_done_again_from_what_everybody_can_read():
    found = recount(log())
    assert (found.ballots, found.given, found.counted, found.waiting) == (6, 6, 5, 1)
    assert found.numbers == {
        ("2026-04", "market", "a", 1): 2,
        ("2026-04", "market", "a", 2): 1,
        ("2026-04", "market", "a", 5): 2,
    }
    assert (found.tallies, found.findings) == (1, [])


def test_a_tally_that_does_not_add_up_is_named():
    last = len(log()) - 1
    less = replace(COUNTED, counts=COUNTED.counts[:2])
    assert recount(log(tally=less)).findings == [(last, "sums-differ"), (last, "too-few")]
    unknown = replace(COUNTED, ratings=(*COUNTED.ratings[:4], "r9999"))
    assert recount(log(tally=unknown)).findings == [(last, "not-given")]
    twice = [*log(), (last + 1, face(COUNTED, "tally/2026-04-20-2"))]
    assert recount(twice).findings == [(last + 1, "counted-twice")]


def test_ratings_without_ballots_are_named():
    assert recount(log(ballots=5)).findings == [(11, "more-ratings-than-ballots")]
    assert recount(log(ballots=9, given=[0, 1, 2, 3, 4, 4])).findings == [
        (15, "rating-given-twice")
    ]
