"""Ratings (好差评): what somebody thought of a service that is finished.

A rating is a stream of its own, named by a one-way function of the ballot's token: the second use
of a token comes to the same stream and is refused, and nobody without the token can tell whose
rating it is. Every field is sealed, and there are as many of them whatever was said: the public
log shows that a rating was given, not how good, of what, or by whom.

Any grade takes the same: nothing more is asked of whoever was dissatisfied.

Source: GB/T 39046 A.8 (the five grades); 国办发〔2019〕51号 (the system of ratings; its time limits
were not verified).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.ballots import ASPECTS, ServedAt
from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, Refused, require
from mingtang.core.wire import Sealed, canonical

GRADES = (1, 2, 3, 4, 5)  # 1 非常满意, 2 满意, 3 基本满意, 4 不满意, 5 非常不满意
BAD = (4, 5)  # somebody calls back, and what went wrong is put right
LONGEST_TEXT = 1_000  # characters
LONGEST_CONTACT = 100


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """What a ballot says that a rating needs."""

    item: str
    department: str
    channel: ServedAt
    last_date: date


@dataclass(frozen=True, kw_only=True)
class GiveRating:
    """评价. Who gives it is not known here: the token is all there is."""

    ballot: Ballot | None  # None: no ballot has this token's digest
    grade: int  # 1 (very satisfied) to 5 (very dissatisfied)
    aspects: Mapping[str, int]  # those that were answered
    text: str
    contact: str  # how the rater may be called back, if they want that
    reply: str  # hex digest of the secret by which the rater comes back to their rating
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RatingGiven:
    kind: ClassVar[str] = "rating.given.v1"
    item: Sealed
    department: Sealed
    channel: Sealed
    grade: Sealed
    aspects: Sealed  # canonical JSON: aspect → grade
    text: Sealed
    contact: Sealed
    reply: Sealed
    at: datetime


Command = GiveRating
Event = RatingGiven
EVENTS = (RatingGiven,)


@dataclass(frozen=True)
class State:
    given: bool = False


def decide(rating: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: rating.already-given, rating.unknown-token, rating.expired (facts: last),
    rating.grade-unknown, rating.aspect-unknown, rating.too-long (facts: limit).
    """
    require(not rating.given, "rating.already-given")
    ballot = command.ballot
    if ballot is None:
        raise Refused("rating.unknown-token")
    last = ballot.last_date
    require(civil_day(command.at) <= last, "rating.expired", last=last)
    require(command.grade in GRADES, "rating.grade-unknown")
    asked = ASPECTS[ballot.channel]
    known = all(name in asked and grade in GRADES for name, grade in command.aspects.items())
    require(known, "rating.aspect-unknown")
    require(len(command.text) <= LONGEST_TEXT, "rating.too-long", limit=LONGEST_TEXT)
    require(len(command.contact) <= LONGEST_CONTACT, "rating.too-long", limit=LONGEST_CONTACT)
    return [
        RatingGiven(
            item=Sealed(ballot.item),
            department=Sealed(ballot.department),
            channel=Sealed(ballot.channel.value),
            grade=Sealed(str(command.grade)),
            aspects=Sealed(canonical(dict(command.aspects))),
            text=Sealed(command.text.strip()),
            contact=Sealed(command.contact.strip()),
            reply=Sealed(command.reply),
            at=command.at,
        )
    ]


def evolve(rating: State, event: Event) -> State:
    return State(given=True)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
