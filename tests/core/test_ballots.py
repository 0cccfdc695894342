"""Ballots: one for each service that came to its end, good for a while."""

from datetime import date

from mingtang.core import ballots
from mingtang.core.ballots import ASPECTS, ServedAt
from tests.core.case_examples import day
from tests.words import refused

ISSUE = ballots.IssueBallot(
    origin="case/MT-7K2P-9QXD",
    digest="ab" * 32,
    item="item-key",
    department="market",
    channel=ServedAt.ONLINE,
    at=day(3, 10, 23),
)
ISSUED = ballots.BallotIssued(
    origin="case/MT-7K2P-9QXD",
    digest="ab" * 32,
    item="item-key",
    department="market",
    channel=ServedAt.ONLINE,
    last_date=date(2026, 5, 9),
    at=day(3, 10, 23),
)


def when(command, *history):
    return list(ballots.DECIDER.decide(ballots.DECIDER.replay(history), command))


def test_a_finished_service_can_be_rated_for_sixty_days():
    assert when(ISSUE) == [ISSUED]
    assert (ISSUED.last_date - date(2026, 3, 10)).days == ballots.OPEN_DAYS


def test_a_service_is_finished_once():
    with refused("ballot.already-issued"):
        when(ISSUE, ISSUED)


def test_a_window_is_asked_about_otherwise_than_a_page():
    assert ASPECTS[ServedAt.ONLINE] == ("efficiency", "guide", "ease", "platform")
    assert ASPECTS[ServedAt.WINDOW] == ("efficiency", "competence", "attitude")
