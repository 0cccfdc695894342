"""The processes beside a room: what they answer, and what happens when they die."""

import asyncio
import signal

import pytest

from mingtang.bidding.beside import Beside, Gone
from mingtang.bidding.signatures import FEW, Checker, signed
from mingtang.bidding.writing import Apart
from tests.rooms.bidding_words import START, STEP, Paddle, bids_of, open_lot, open_room, post
from tests.rooms.conftest import _url

A, B = Paddle("4711"), Paddle("5088")


def message(paddle, text="mingtang-bid-v1"):
    return text, paddle.key, paddle.sign(text.encode())


def altered(said):
    text, key, signature = said
    return text + "0", key, signature


SAID = [message(A), altered(message(A)), message(B), (*message(A)[:2], message(B)[2])]
FITS = [True, False, True, False]


def with_checker(act):
    async def run():
        checker = Checker()
        try:
            return await act(checker)
        finally:
            await checker.close()

    return asyncio.run(run())


@pytest.mark.parametrize("count", [1, FEW, len(SAID)])
def test_signatures_are_checked_here_and_beside_alike(count):
    assert list(with_checker(lambda checker: checker.check(SAID[:count]))) == FITS[:count]


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


def test_a_checker_that_was_killed_is_replaced():
    async def act(checker):
        await checker.check(SAID)
        checker._process._process.send_signal(signal.SIGKILL)
        await checker._process._process.wait()
        return [await checker.check(SAID) for _ in range(2)]

    assert [list(fits) for fits in with_checker(act)] == [FITS, FITS]


def test_it_does_not_heed_signals_that_are_meant_for_the_room():
    async def act(checker):
        await checker.check(SAID)
        process = checker._process._process
        for number in (signal.SIGTERM, signal.SIGINT):
            process.send_signal(number)
        fits = await checker.check(SAID)
        return fits, process is checker._process._process

    assert with_checker(act) == (FITS, True)


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
            writer = app.state.room.committer._writer
            answers = [await post(app, A, first)]
            writer._process._process.send_signal(signal.SIGKILL)
            await writer._process._process.wait()
            answers.append(await post(app, A, first))
            answers.append(await post(app, B, second))
            answers.append(await post(app, B, second))
            return answers

    one, again, two, _ = answers = asyncio.run(act())
    assert again.json["receipt"] == {**one.json["receipt"], "repeated": True}
    assert {answer.status for answer in answers} <= {200, 409}
    assert first["ref"] in bids_of()
    assert (two.status == 200) == (second["ref"] in bids_of())
