"""Ballots (评价凭证): the right to rate one finished service once, by a one-time token.

A ballot says what was finished and the digest of its token, both in public: whoever counts
finished cases finds as many ballots. The token itself is nowhere in the record, and neither is
what was done with it: a rating is a stream of its own that names no ballot (docs/adr/0025).

Source: 一事一评, one rating for each finished service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, require

# Days after the end of a service on which it can be rated. No national rule was verified: long
# enough for whoever gets their licence by post, short enough to remember.
OPEN_DAYS = 60


class ServedAt(StrEnum):
    """Where the service was given; what is asked beside the whole differs."""

    ONLINE = "online"  # 线上
    WINDOW = "window"  # 窗口


# GB/T 39046 has one grade for the whole; these are the sub-indicators in use beside it.
ASPECTS: Mapping[ServedAt, tuple[str, ...]] = {
    ServedAt.ONLINE: ("efficiency", "guide", "ease", "platform"),
    ServedAt.WINDOW: ("efficiency", "competence", "attitude"),
}


@dataclass(frozen=True, kw_only=True)
class IssueBallot:
    """发放评价凭证: a service came to its end.

    `origin`: its stream, e.g. "case/MT-7K2P-9QXD"; of a hall's number, the stream of its day with
    the number, "queue/centre.20260302.A001".
    """

    origin: str
    digest: str  # hex SHA-256 of the token
    item: str  # stream key of the item; empty of a number: what it was for is sealed
    department: str  # code of the organisation; of a number, of the window that served it
    channel: ServedAt
    at: datetime  # when the service ended


@dataclass(frozen=True, kw_only=True)
class BallotIssued:
    kind: ClassVar[str] = "ballot.issued.v1"
    origin: str
    digest: str
    item: str
    department: str
    channel: ServedAt
    last_date: date  # the last day it can be used on
    at: datetime


Command = IssueBallot
Event = BallotIssued
EVENTS = (BallotIssued,)


@dataclass(frozen=True)
class State:
    issued: bool = False


def decide(ballot: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to. Raises Refused: ballot.already-issued."""
    require(not ballot.issued, "ballot.already-issued")
    return [
        BallotIssued(
            origin=command.origin,
            digest=command.digest,
            item=command.item,
            department=command.department,
            channel=command.channel,
            last_date=civil_day(command.at) + timedelta(days=OPEN_DAYS),
            at=command.at,
        )
    ]


def evolve(ballot: State, event: Event) -> State:
    return State(issued=True)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
