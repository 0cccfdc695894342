"""A room that was away moves deadlines before it closes anything, and before it is served."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.config import serving, working
from mingtang.trading import queries
from mingtang.trading.actions.outages import BIDDING, WORK, give_sign
from mingtang.trading.models import AliveRow, OutageRow
from tests.rooms.bidding_words import HOUR, Watcher, lines_of, open_lot, open_room

LOT = "JY-ROOM-0002-1"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def away(own_commits):
    """A lot whose time was up a minute ago, and a room that said two minutes ago that it lives."""
    open_lot(LOT, closes_in=-MINUTE)
    AliveRow.objects.create(service=BIDDING, seen_at=timezone.localtime() - 2 * MINUTE)


def kinds() -> list[str]:
    return [content["kind"] for _, _, content in lines_of(LOT)]


def test_the_room_moves_what_it_missed_and_does_not_close_it():
    async def wait():
        async with open_room() as app:
            watcher = Watcher(app, lot=LOT)
            await watcher.until(lambda w: len(w.lines) == 2)
            await watcher.stop()

    asyncio.run(wait())
    assert kinds()[1:] == ["lot.deadlines-shifted.v1"]
    outage = OutageRow.objects.get()
    assert queries.state_of(LOT).hours[1] == outage.recovered + 2 * HOUR


def test_it_is_done_before_the_port_is_opened(capsys):
    serving._come_back()
    assert kinds()[1:] == ["lot.deadlines-shifted.v1"]
    assert "interrupted" in capsys.readouterr().out
    serving._come_back()
    assert OutageRow.objects.count() == 1


def test_with_another_room_there_nothing_was_interrupted():
    give_sign(BIDDING, at=timezone.localtime() - 2 * MINUTE + timedelta(seconds=1))
    AliveRow.objects.update(seen_at=timezone.localtime())  # the other one, a moment ago
    serving._come_back()
    assert not OutageRow.objects.exists()


class Once:
    """Lets the work go round once."""

    def __init__(self) -> None:
        self.rounds = 0

    def wait(self, seconds: float) -> bool:
        self.rounds += 1
        return self.rounds > 1


def test_the_work_says_that_it_lives(log_home):
    assert working.work(Once()) == 0
    assert queries.last_sign(WORK) is not None
