"""What watchers see: every line of the log once and in order, whoever wrote it."""

import asyncio
import json
import random

import pytest
from django.db import connection
from django.utils import timezone

from mingtang.bidding import hub
from mingtang.core.merkle import leaf_hash
from mingtang.ledger.models import LedgerEntry
from mingtang.trading.actions.bids import Placing, place_bids
from tests.rooms.bidding_words import (
    LOT_KEY,
    START,
    STEP,
    Paddle,
    Watcher,
    ask,
    lines_of,
    open_lot,
    open_room,
    post,
)

A, B = Paddle("4711"), Paddle("5088")
OTHER = "JY-ROOM-0003-1"


@pytest.fixture(autouse=True)
def lot(own_commits):
    open_lot()


def in_room(act):
    async def run():
        async with open_room() as app:
            return await act(app)

    return asyncio.run(run())


async def raise_price(app, steps):
    """Let two paddles bid by turns; return once all were answered."""
    for step in steps:
        paddle = (A, B)[step % 2]
        answer = await post(app, paddle, paddle.bid(START + step * STEP))
        assert answer.status == 200


def write_elsewhere(steps):
    """Bid without the room, as another process does."""
    for step in steps:
        paddle = (A, B)[step % 2]
        content = paddle.bid(START + step * STEP)
        bid = Placing(
            lot=LOT_KEY,
            paddle=paddle.paddle,
            key=paddle.key,
            key_no=1,
            rank=0,
            received=timezone.localtime(),
            **content,
        )
        place_bids([bid])
    connection.close()  # this thread's own


# ── Lines ───────────────────────────────────────────────────────────────────


def test_a_watcher_has_every_line_and_then_those_that_come():
    async def watch(app):
        await raise_price(app, range(3))
        watcher = Watcher(app)
        await watcher.until(lambda w: len(w.lines) == 6)  # announced, two paddles, three bids
        await raise_price(app, range(3, 5))
        await watcher.until(lambda w: len(w.lines) == 8)
        await watcher.stop()
        return watcher

    assert in_room(watch).lines == lines_of()


def test_a_line_is_the_very_bytes_that_were_hashed():
    async def watch(app):
        chunks = []
        watcher = Watcher(app)
        await watcher.until(lambda w: w.lines)
        chunks += app.state.room.hub._lots[LOT_KEY].lines
        await watcher.stop()
        return chunks

    [line] = in_room(watch)
    entry = LedgerEntry.objects.get(stream=f"lot/{LOT_KEY}")
    data = line.split(b"data: ")[1].removesuffix(b"\n\n")
    body = data.removeprefix(b'{"index":%d,"entry":' % entry.index).removesuffix(b"}")
    assert leaf_hash(body) == bytes(entry.leaf)


def test_what_another_process_wrote_is_seen():
    async def watch(app):
        watcher = Watcher(app)
        await watcher.until(lambda w: len(w.lines) == 1)
        await asyncio.to_thread(write_elsewhere, range(4))
        await watcher.until(lambda w: len(w.lines) == 7)
        await watcher.stop()
        return watcher

    assert in_room(watch).lines == lines_of()


def test_resuming_loses_and_repeats_nothing():
    """Sockets break at any moment and come back with the last line they had, again and again."""
    chance = random.Random(4)

    async def come_and_go(app, seen):
        while len(seen) < 43:
            watcher = Watcher(app, after=seen[-1][0] if seen else "")
            enough = len(seen) + chance.randrange(1, 6)
            await watcher.until(lambda w: len(seen) + len(w.lines) >= min(enough, 43))  # noqa: B023
            await watcher.stop()
            seen += watcher.lines

    async def watch(app):
        several = [[] for _ in range(8)]
        watching = [asyncio.ensure_future(come_and_go(app, seen)) for seen in several]
        await raise_price(app, range(40))  # after an announcement and two paddles: 43 lines
        await asyncio.gather(*watching)
        return several

    for seen in in_room(watch):
        assert seen == lines_of()


def test_whoever_is_ahead_of_this_process_waits_for_what_is_new():
    async def watch(app):
        watcher = Watcher(app, after=3)  # as another process had already told
        await watcher.until(lambda w: w.standings)
        await raise_price(app, range(2))
        await watcher.until(lambda w: len(w.lines) == 2)
        await watcher.stop()
        return watcher

    assert in_room(watch).lines == lines_of()[3:]


def test_lots_are_told_apart():
    open_lot(OTHER)

    async def watch(app):
        watchers = [Watcher(app), Watcher(app, lot=OTHER)]
        await raise_price(app, range(2))
        await watchers[0].until(lambda w: len(w.lines) == 5)
        await watchers[1].until(lambda w: w.lines)
        for watcher in watchers:
            await watcher.stop()
        return watchers

    mine, other = in_room(watch)
    assert (mine.lines, other.lines) == (lines_of(), lines_of(OTHER))


def test_one_slow_socket_keeps_nobody_waiting():
    async def watch(app):
        slow, quick = Watcher(app), Watcher(app)
        await slow.until(lambda w: w.lines)
        slow.held.clear()
        await raise_price(app, range(6))
        await quick.until(lambda w: len(w.lines) == 9)
        behind = len(slow.lines)
        slow.held.set()
        await slow.until(lambda w: len(w.lines) == 9)
        for watcher in (slow, quick):
            await watcher.stop()
        return behind, slow, quick

    behind, slow, quick = in_room(watch)
    assert behind < 9
    assert slow.lines == quick.lines == lines_of()


def test_a_socket_that_swallows_nothing_is_dropped(monkeypatch):
    monkeypatch.setattr(hub, "PULSE", 0.05)
    monkeypatch.setattr(hub, "SLOW", 0.1)

    async def watch(app):
        stuck = Watcher(app)
        await stuck.until(lambda w: w.lines)
        stuck.held.clear()
        await raise_price(app, range(1))
        await asyncio.wait({stuck.task}, timeout=30)
        return stuck, app.state.room.hub.watchers

    stuck, watchers = in_room(watch)
    assert stuck.task.cancelled()
    assert watchers == 0


def test_watchers_are_let_go_when_the_room_closes():
    async def watch(app):
        watcher = Watcher(app)
        await watcher.until(lambda w: w.lines)
        app.state.room.close()
        await asyncio.wait_for(watcher.task, 30)
        return (await ask(app, "GET", f"/bidding/lots/{LOT_KEY}/lines")).status

    assert in_room(watch) == 503


def test_there_is_no_such_lot():
    async def look(app):
        return [
            await ask(app, "GET", f"/bidding/lots/JY-NONE-0001-1/{what}")
            for what in ("lines", "standing", "lines")
        ]

    answers = in_room(look)
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert answers[0].json["refused"]["code"] == "room.unknown-lot"


# ── Standing ────────────────────────────────────────────────────────────────


def test_a_watcher_is_told_where_the_lot_stands():
    async def watch(app):
        watcher = Watcher(app)
        await watcher.until(lambda w: w.standings)
        await raise_price(app, range(2))
        await watcher.until(lambda w: w.standings[-1]["bids"] == 2)
        await watcher.stop()
        asked = await ask(app, "GET", f"/bidding/lots/{LOT_KEY}/standing")
        return watcher.standings, asked.json

    standings, asked = in_room(watch)
    assert (standings[0]["part"], standings[0]["best_fen"]) == ("open", None)
    assert (standings[-1]["best_fen"], standings[-1]["best_paddle"]) == (START + STEP, "5088")
    assert standings[-1]["next_fen"] == START + 2 * STEP
    assert asked == standings[-1]


def test_the_server_gives_signs_of_life_with_its_time(monkeypatch):
    monkeypatch.setattr(hub, "PULSE", 0.05)

    async def watch(app):
        watcher = Watcher(app)
        await watcher.until(lambda w: any(event == "time" for event, _, _ in w.messages))
        await watcher.stop()
        return [(ident, data) for event, ident, data in watcher.messages if event == "time"]

    ident, data = in_room(watch)[0]
    assert ident is None  # it does not move where a reader resumes
    assert data["now"].endswith("+08:00")


def test_nobody_watches_and_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(hub, "PULSE", 0.05)
    monkeypatch.setattr(hub, "KEPT", 0.1)

    async def watch(app):
        room = app.state.room
        gone, kept = Watcher(app), None
        await gone.until(lambda w: w.lines)
        await gone.stop()
        async with asyncio.timeout(30):
            while room.hub._lots:
                await asyncio.sleep(0.01)
        await raise_price(app, range(2))
        kept = Watcher(app)
        await kept.until(lambda w: len(w.lines) == 5)
        await kept.stop()
        return kept

    assert json.dumps(in_room(watch).lines) == json.dumps(lines_of())
