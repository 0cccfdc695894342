"""What a room checks and writes in a process beside it, and what happens when that one dies."""

import asyncio
import signal

import pytest

from mingtang.bidding.beside import Beside, Gone
from mingtang.bidding.signatures import signed
from mingtang.bidding.writing import Apart
from tests.rooms.bidding_words import START, STEP, Paddle, bids_of, open_lot, open_room, post
from tests.rooms.conftest import _url

A, B = Paddle("4711"), Paddle("5088")


@pytest.mark.parametrize(
    "said",
    [
        ("text", A.key, ""),
        ("text", A.key, "A" * 86),
        ("text", A.key, "not base64 at all, nor as long"),
        ("text", "", A.sign(b"text")),
        ("text", "A" * 87, A.sign(b"text")),  # no point of the curve
        ("text", B.key, A.sign(b"text")),
    ],
)
def test_what_is_no_signature_does_not_fit(said):
    assert signed(*said) is False
    assert signed("text", A.key, A.sign(b"text")) is True


def test_what_does_not_start_is_gone():
    async def act():
        with pytest.raises(Gone):
            await Beside("mingtang.bidding.nothing").ask(1)

    asyncio.run(act())


def test_bids_are_written_beside_the_room_too(own_commits, log_home, monkeypatch):
    """The writer dies between two bids; the second one finds another writer."""
    monkeypatch.setenv("DATABASE_URL", _url(own_commits))
    monkeypatch.setenv("MINGTANG_HOME", str(log_home))
    open_lot()
    first, second = A.bid(START), B.bid(START + STEP)

    async def act():
        async with open_room(Apart()) as app:
            process = app.state.room.committer._writer._process
            answers = [await post(app, A, first)]
            for number in (signal.SIGTERM, signal.SIGINT):  # meant for the room
                process._process.send_signal(number)
            answers.append(await post(app, A, first))
            process._process.send_signal(signal.SIGKILL)
            await process._process.wait()
            answers.append(await post(app, A, first))
            answers.append(await post(app, B, second))
            answers.append(await post(app, B, second))
            return answers

    one, *again, two, _ = answers = asyncio.run(act())
    assert [answer.json["receipt"] for answer in again] == 2 * [
        {**one.json["receipt"], "repeated": True}
    ]
    assert {answer.status for answer in answers} <= {200, 409}
    assert first["ref"] in bids_of()
    assert (two.status == 200) == (second["ref"] in bids_of())
