"""Ratings at work: services that came to their end, and what people thought of them."""

from datetime import timedelta

from mingtang.core.ballots import ServedAt
from mingtang.ratings import actions
from mingtang.ratings.actions import Finished
from mingtang.ratings.models import RatingRow
from mingtang.ratings.ports import tokens
from tests.core.case_examples import day

ENDED = day(3, 10)
GIVEN_AT = day(3, 11)
NEXT_DAY = day(3, 12, 0)
REPLY = "0f" * 16


def finished(*numbers, item="item-a", department="market", channel=ServedAt.ONLINE):
    """Let services come to their end; return their tokens."""
    ones = [Finished(f"case/{number}", item, department, channel, ENDED) for number in numbers]
    actions.issue(ones)
    return [actions.token_of(one.origin) for one in ones]


def rate(token, grade=1, *, at=GIVEN_AT, reply="", **said):
    """Rate by a token; return the key of the rating."""
    reply = reply or tokens.new_reply()
    return actions.give(token=token, grade=grade, reply=reply, at=at, **said).key


def rated(*grades, item="item-a", department="market", text="", at=GIVEN_AT):
    """Let as many services be finished and rated as there are grades; return the ratings."""
    first = RatingRow.objects.count()
    names = [f"{department}-{item}-{first + n}" for n in range(len(grades))]
    given = finished(*names, item=item, department=department)
    return [
        rate(token, grade, text=text and f"{text}{n}", at=at + timedelta(seconds=n))
        for n, (token, grade) in enumerate(zip(given, grades, strict=True))
    ]
