"""Ratings: one for each ballot, any grade as easily as any other, nothing of it in public."""

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import ratings
from mingtang.core.ballots import ASPECTS, ServedAt
from mingtang.core.history import WIRE
from tests.core.case_examples import day
from tests.core.rating_examples import BALLOT, GIVE, GIVEN
from tests.words import refused


def when(command, *history):
    return list(ratings.DECIDER.decide(ratings.DECIDER.replay(history), command))


def test_a_rating_is_recorded_as_it_was_given():
    assert when(GIVE) == [GIVEN]


@pytest.mark.parametrize("grade", ratings.GRADES)
def test_a_grade_alone_is_enough_whichever_it_is(grade):
    bare = replace(GIVE, grade=grade, aspects={}, text="")
    assert [event.grade for event in when(bare)] == [str(grade)]


def test_a_token_is_used_once():
    with refused("rating.already-given"):
        when(replace(GIVE, grade=5), GIVEN)


def test_a_foreign_token_rates_nothing():
    with refused("rating.unknown-token"):
        when(replace(GIVE, ballot=None))


def test_the_last_day_is_in_time_and_the_next_is_not():
    assert when(replace(GIVE, at=day(5, 9, 23)))
    with refused("rating.expired"):
        when(replace(GIVE, at=day(5, 10, 0)))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"grade": 0}, "rating.grade-unknown"),
        ({"grade": 6}, "rating.grade-unknown"),
        ({"aspects": {"platform": 1}}, "rating.aspect-unknown"),
        ({"aspects": {"attitude": 6}}, "rating.aspect-unknown"),
        ({"text": "长" * 1001}, "rating.too-long"),
        ({"contact": "1" * 101}, "rating.too-long"),
    ],
)
def test_what_was_not_asked_is_refused(said, code):
    with refused(code):
        when(replace(GIVE, **said))


def test_an_online_service_is_asked_about_its_page():
    online = replace(BALLOT, channel=ServedAt.ONLINE)
    said = dict.fromkeys(ASPECTS[ServedAt.ONLINE], 3)
    assert when(replace(GIVE, ballot=online, aspects=said))


SAID = st.builds(
    replace,
    st.just(GIVE),
    grade=st.sampled_from(ratings.GRADES),
    text=st.text(max_size=50),
    contact=st.text(max_size=50),
    aspects=st.dictionaries(st.sampled_from(ASPECTS[ServedAt.WINDOW]), st.sampled_from([1, 5])),
)


@settings(deadline=None)
@given(SAID, SAID)
def test_the_public_face_of_every_rating_is_as_long_as_that_of_any_other(one, other):
    lengths = set()
    for command in (one, other):
        [event] = when(command)
        salts = (f"{n:022}" for n in range(100))
        body, _ = WIRE.encode(event, salts, place={"_stream": "rating/x", "_seq": 1})
        face = json.loads(body)
        assert set(face) == {"at", "kind", "_sd", "_seq", "_stream"}
        lengths.add(len(body))
    assert len(lengths) == 1


def test_everything_but_the_moment_is_sealed():
    names = [f.name for f in fields(ratings.RatingGiven)]
    assert sorted(WIRE.sealed_fields("rating.given.v1")) == sorted(set(names) - {"at"})
    assert date(2026, 3, 11) == GIVEN.at.date()
