"""Events of ballots, ratings, tallies and call-backs as rows. Only copies."""

import json
from collections.abc import Iterable
from typing import assert_never

from mingtang.core import ballots, callbacks, ratings, tallies
from mingtang.core.wire import ERASED
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Add, Change, Fact, Put, Row
from mingtang.ratings.models import (
    BallotRow,
    CallbackRow,
    CountedRow,
    RatingFigureRow,
    RatingRow,
    TallyRow,
)


def project_ballot(fact: Fact) -> Iterable[Row]:
    event: ballots.Event = fact.event
    values = {
        "origin": event.origin,
        "item": event.item,
        "department": event.department,
        "channel": event.channel.value,
        "last_date": event.last_date,
    }
    yield Put(BallotRow, event.digest, values)


def project_rating(fact: Fact) -> Iterable[Row]:
    event: ratings.Event = fact.event
    values = {
        "item": event.item,
        "department": event.department,
        "channel": event.channel,
        "grade": event.grade,
        "aspects": event.aspects,
        "text": event.text,
        "contact": event.contact,
        "reply": event.reply,
        "given_at": event.at,
        "index": fact.index,
    }
    yield Put(RatingRow, fact.key, values)


def project_tally(fact: Fact) -> Iterable[Row]:
    event: tallies.Event = fact.event
    values = {
        "month": event.month,
        "ratings": len(event.ratings),
        "waiting": event.waiting,
        "published_at": event.at,
        "index": fact.index,
    }
    yield Put(TallyRow, fact.key, values)
    cells = {} if event.cells == ERASED else json.loads(event.cells)
    for rating in event.ratings:
        department, item = cells.get(rating, ("", ""))
        cell = {"department": department, "item": item, "month": event.month, "tally": fact.key}
        yield Put(CountedRow, rating, cell)
    for count in event.counts:
        place = {
            "department": count.department,
            "item": count.item,
            "month": event.month,
            "grade": count.grade,
        }
        key = ".".join(map(str, place.values()))
        yield Add(RatingFigureRow, key, place, {"number": count.number})


def project_callback(fact: Fact) -> Iterable[Row]:
    event: callbacks.Event = fact.event
    here = {"stage": fact.state.stage, "since": fact.state.since, "last_index": fact.index}
    match event:
        case callbacks.CallbackMade():
            made = {"reached": event.reached, "note": event.note, "called_at": event.at}
            if fact.version > 1:  # called once more, after the rater said it is not settled
                yield Change(CallbackRow, fact.key, {**here, **made})
                return
            rest = {"result": "", "rectified_at": None, "answered_at": None}
            yield Put(CallbackRow, fact.key, {"rating": event.rating, **here, **made, **rest})
        case callbacks.RatingRectified():
            put_right = {"result": event.result, "rectified_at": event.at}
            yield Change(CallbackRow, fact.key, {**here, **put_right})
        case callbacks.RectificationAnswered():
            yield Change(CallbackRow, fact.key, {**here, "answered_at": event.at})
        case _:
            assert_never(event)


BALLOT = Subject("ballot", ballots.DECIDER, project_ballot, (BallotRow,))
RATING = Subject("rating", ratings.DECIDER, project_rating, (RatingRow,))
TALLY = Subject("tally", tallies.DECIDER, project_tally, (TallyRow, CountedRow, RatingFigureRow))
CALLBACK = Subject("callback", callbacks.DECIDER, project_callback, (CallbackRow,))
