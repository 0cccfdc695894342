"""Ratings, for examples: a ballot, what is said with it, and what waits to be counted."""

from datetime import date

from mingtang.core import ratings
from mingtang.core.ballots import ServedAt
from mingtang.core.tallies import Waiting
from mingtang.core.wire import Sealed
from tests.core.case_examples import day

BALLOT = ratings.Ballot(
    item="item-key",
    department="market",
    channel=ServedAt.WINDOW,
    last_date=date(2026, 5, 9),
)
GIVE = ratings.GiveRating(
    ballot=BALLOT,
    grade=2,
    aspects={"attitude": 1},
    text=" 很快 ",
    contact="",
    reply="cd" * 32,
    at=day(3, 11),
)
GIVEN = ratings.RatingGiven(
    item=Sealed("item-key"),
    department=Sealed("market"),
    channel=Sealed("window"),
    grade=Sealed("2"),
    aspects=Sealed('{"attitude":1}'),
    text=Sealed("很快"),
    contact=Sealed(""),
    reply=Sealed("cd" * 32),
    at=day(3, 11),
)
TODAY = date(2026, 4, 20)


def waiting(number, *, grade=1, department="market", item="a", given=date(2026, 4, 19)):
    return Waiting(
        rating=f"r{number:04d}", department=department, item=item, grade=str(grade), given=given
    )
