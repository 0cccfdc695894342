"""What the room answers to whoever sends something: receipts, refusals, nothing lost between."""

import asyncio
import json
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from mingtang.bidding import acts
from mingtang.bidding.limits import BODY
from mingtang.ledger.models import LedgerEntry
from tests.rooms.bidding_words import (
    HOUR,
    LOT_KEY,
    START,
    STEP,
    Paddle,
    Watcher,
    ask,
    bids_of,
    lines_of,
    open_lot,
    open_room,
    post,
)

A, B, C = Paddle("4711"), Paddle("5088"), Paddle("6203")


@pytest.fixture(autouse=True)
def lot(own_commits):
    open_lot()


def in_room(act):
    """Run a coroutine function that is given the open room."""

    async def run():
        async with open_room() as app:
            return await act(app)

    return asyncio.run(run())


def code(answer):
    return answer.status, answer.json["refused"]["code"]


# ── One act ─────────────────────────────────────────────────────────────────


def test_a_bid_is_answered_by_the_receipt_of_its_entry():
    content = A.bid(START)
    before = timezone.localtime()
    answer = in_room(lambda app: post(app, A, content))

    entry = LedgerEntry.objects.get(kind="lot.bid-placed.v1")
    assert answer.status == 200
    assert answer.json == {
        "receipt": {
            "stream": f"lot/{LOT_KEY}",
            "index": entry.index,
            "version": entry.version,
            "leaf": bytes(entry.leaf).hex(),
            "repeated": False,
        },
        "received": json.loads(bytes(entry.body))["received"],
    }
    recorded = json.loads(bytes(entry.body))
    assert (recorded["paddle"], recorded["price_fen"]) == ("4711", START)
    assert (recorded["ref"], recorded["signature"]) == (content["ref"], content["signature"])
    assert before.isoformat() <= recorded["received"] <= recorded["at"]


def test_what_the_rules_refuse_is_refused_in_both_languages():
    answer = in_room(lambda app: post(app, A, A.bid(START - STEP)))
    assert code(answer) == (409, "lot.price-below")
    assert answer.json["refused"]["facts"] == {"least_fen": START}
    assert answer.json["refused"]["zh"] != answer.json["refused"]["en"]
    assert bids_of() == {}


def test_a_signature_by_another_key_is_refused():
    forged = {**A.bid(START), "signature": B.bid(START)["signature"]}
    assert code(in_room(lambda app: post(app, A, forged))) == (403, "room.signature-wrong")
    assert bids_of() == {}


def test_a_signature_of_another_price_is_refused():
    changed = {**A.bid(START), "price_fen": START + STEP}
    assert code(in_room(lambda app: post(app, A, changed))) == (403, "room.signature-wrong")
    assert bids_of() == {}


def test_a_declaration_where_nothing_is_asked_is_refused_by_the_rules():
    answer = in_room(lambda app: post(app, A, A.declaration(), kind="declarations"))
    assert code(answer) == (409, "lot.nothing-asked")


def test_sent_again_a_bid_gets_its_first_receipt():
    content = A.bid(START)

    async def twice(app):
        return [await post(app, A, content) for _ in range(2)]

    first, again = in_room(twice)
    assert again.json["receipt"] == {**first.json["receipt"], "repeated": True}
    assert list(bids_of()) == [content["ref"]]


def test_sent_twice_at_once_a_bid_is_recorded_once():
    content = A.bid(START)

    async def at_once(app):
        return await asyncio.gather(post(app, A, content), post(app, A, content))

    first, second = in_room(at_once)
    assert first.json["receipt"] == second.json["receipt"]
    assert list(bids_of()) == [content["ref"]]


def test_a_bid_counts_from_its_last_byte():
    """Begun before the end and held back, it would know what others bid last."""
    body = json.dumps(A.bid(START)).encode()
    moments = []

    async def rest():
        moments.append(timezone.localtime())
        return body[10:]

    def slowly(app):
        token = f"Bearer {A.token()}"
        path = f"/bidding/lots/{LOT_KEY}/bids"
        return ask(app, "POST", path, parts=[body[:10], rest()], authorization=token)

    assert in_room(slowly).status == 200
    [(_, bid)] = bids_of().values()
    assert bid["received"] >= moments[0].isoformat()


# ── Many acts in one commit ─────────────────────────────────────────────────


def test_what_comes_during_a_commit_shares_the_next_one_and_each_gets_its_own(monkeypatch):
    begun, go_on, batches = threading.Event(), threading.Event(), []
    enact = acts.enact

    def held(batch):
        batches.append(len(batch))
        begun.set()
        assert go_on.wait(30)
        return enact(batch)

    monkeypatch.setattr(acts, "enact", held)

    async def bid(app):
        first = asyncio.ensure_future(post(app, A, A.bid(START)))
        await asyncio.to_thread(begun.wait, 30)
        others = [
            post(app, B, B.bid(START + STEP)),
            post(app, B, B.bid(START + 9 * STEP)),  # leads already
            post(app, C, {**C.bid(START + 2 * STEP), "signature": "A" * 86}),
            post(app, A, A.bid(START + STEP)),  # behind
            post(app, C, C.bid(START + 3 * STEP)),
        ]
        waiting = [asyncio.ensure_future(other) for other in others]
        await asyncio.sleep(0)
        go_on.set()
        return [await one for one in (first, *waiting)]

    first, *others = in_room(bid)
    assert first.status == 200
    assert [answer.status for answer in others] == [200, 409, 403, 409, 200]
    assert [code(others[i])[1] for i in (1, 2, 3)] == [
        "lot.leading-already",
        "room.signature-wrong",
        "lot.price-below",
    ]
    assert batches == [1, 5]
    receipts = [answer.json["receipt"]["index"] for answer in (first, others[0], others[4])]
    assert receipts == [index for index, _ in bids_of().values()]


def test_a_broken_connection_is_tried_again(monkeypatch):
    enact, failures = acts.enact, [OperationalError("gone after the commit")]

    def breaking(batch):
        outcomes = enact(batch)
        if failures:
            raise failures.pop()
        return outcomes

    monkeypatch.setattr(acts, "enact", breaking)
    content = A.bid(START)
    answer = in_room(lambda app: post(app, A, content))
    assert answer.status == 200
    assert answer.json["receipt"]["repeated"] is True
    assert list(bids_of()) == [content["ref"]]


def test_where_nothing_can_be_written_the_answer_says_so(monkeypatch):
    def broken(batch):
        raise OperationalError("no database")

    async def bid(app):
        with monkeypatch.context() as failing:
            failing.setattr(acts, "enact", broken)
            first = await post(app, A, content)
        return first, await post(app, A, content)

    content = A.bid(START)
    first, again = in_room(bid)
    assert code(first) == (503, "room.not-recorded")
    assert first.headers["retry-after"] == "1"
    assert again.status == 200


def test_closing_the_room_answers_everybody(monkeypatch):
    """What waits is committed and answered; what comes later is told so."""
    begun, go_on = threading.Event(), threading.Event()
    enact = acts.enact

    def held(batch):
        begun.set()
        assert go_on.wait(30)
        return enact(batch)

    monkeypatch.setattr(acts, "enact", held)

    async def bid(app):
        first = asyncio.ensure_future(post(app, A, A.bid(START)))
        await asyncio.to_thread(begun.wait, 30)
        waiting = asyncio.ensure_future(post(app, B, B.bid(START + STEP)))
        await asyncio.sleep(0)
        app.state.room.close()
        late = await post(app, C, C.bid(START + 2 * STEP))
        health = await ask(app, "GET", "/bidding/health")
        go_on.set()
        return await first, await waiting, late, health

    first, waiting, late, health = in_room(bid)
    assert (first.status, waiting.status) == (200, 200)
    assert code(late) == (503, "room.not-recorded")
    assert (health.status, health.json["open"]) == (503, False)
    assert len(bids_of()) == 2


# ── Who may not ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (lambda: "v1.e30.AAAA", (401, "room.token-unusable")),
        (lambda: "not a token", (401, "room.token-unusable")),
        (lambda: "x" * 2_000, (401, "room.token-unusable")),
        (lambda: A.token(until=timezone.localtime()), (401, "room.token-unusable")),
        (lambda: A.token(lot="JY-ROOM-0001-2"), (403, "room.other-lot")),
        (lambda: A.token(key=B.key), (403, "room.signature-wrong")),
    ],
)
def test_a_token_that_does_not_admit_is_refused(token, expected):
    answer = in_room(lambda app: post(app, A, A.bid(START), token=token()))
    assert code(answer) == expected
    assert bids_of() == {}


def test_a_token_that_was_altered_is_refused():
    kept = A.token()
    head, body, mac = kept.split(".")
    altered = f"{head}.{body[:-2]}{'AA' if body[-2:] != 'AA' else 'BB'}.{mac}"
    answer = in_room(lambda app: post(app, A, A.bid(START), token=altered))
    assert code(answer) == (401, "room.token-unusable")


def test_without_a_token_nothing_is_taken():
    path = f"/bidding/lots/{LOT_KEY}/bids"
    body = json.dumps(A.bid(START)).encode()
    answer = in_room(lambda app: ask(app, "POST", path, body=body))
    assert code(answer) == (401, "room.token-missing")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert bids_of() == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        {"price_fen": START},
        {**A.bid(START), "price_fen": str(START)},
        {**A.bid(START), "price_fen": True},
        {**A.bid(START), "price_fen": START + 0.5},
        {**A.bid(START), "price_fen": 0},
        {**A.bid(START), "price_fen": 10**16},
        {**A.bid(START), "ref": "short"},
        {**A.bid(START), "ref": "with spaces in it ..."},
        {**A.bid(START), "signature": "x"},
    ],
)
def test_what_cannot_be_read_is_refused(content):
    assert code(in_room(lambda app: post(app, A, content))) == (400, "room.malformed")
    assert bids_of() == {}


def test_what_is_too_long_is_refused():
    content = {**A.bid(START), "more": "x" * BODY}
    assert code(in_room(lambda app: post(app, A, content))) == (413, "room.too-large")


def test_a_paddle_that_sends_too_much_is_slowed_down(settings):
    settings.BID_RATE = 1.0

    async def hurry(app):
        mine = [await post(app, A, b"{}") for _ in range(3)]
        return [*mine, await post(app, B, b"{}")]

    answers = in_room(hurry)
    assert [answer.status for answer in answers] == [400, 400, 429, 400]
    assert code(answers[2]) == (429, "room.too-many")


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("GET", "/bidding/nothing", "127.0.0.1", 404),
        ("GET", f"/bidding/lots/{LOT_KEY}/bids", "127.0.0.1", 405),
        ("GET", "/bidding/time", "elsewhere.example", 400),
    ],
)
def test_nothing_else_is_answered(method, path, host, status):
    answer = in_room(lambda app: ask(app, method, path, host=host))
    assert answer.status == status


def test_every_answer_says_what_a_browser_may_do_with_it():
    answer = in_room(lambda app: ask(app, "GET", "/bidding/time"))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_clock_is_the_servers():
    before = timezone.localtime()
    answer = in_room(lambda app: ask(app, "GET", "/bidding/time"))
    said = timezone.datetime.fromisoformat(answer.json["now"])
    assert before - timedelta(milliseconds=1) <= said <= timezone.localtime()
    assert said.utcoffset() == timedelta(hours=8)


def test_the_echo_gives_back_what_it_was_sent():
    answer = in_room(lambda app: ask(app, "POST", "/bidding/echo", body=b'{"a":1}'))
    assert (answer.status, answer.body) == (200, b'{"a":1}')


# ── Closing ─────────────────────────────────────────────────────────────────


def test_a_lot_that_is_over_is_closed_by_the_room():
    open_lot("JY-ROOM-0002-1", closes_in=-HOUR / 2)

    async def wait(app):
        watcher = Watcher(app, lot="JY-ROOM-0002-1")
        await watcher.until(lambda w: len(w.lines) == 2)
        await watcher.stop()

    in_room(wait)
    closed = lines_of("JY-ROOM-0002-1")[-1][2]
    assert (closed["kind"], closed["verdict"]) == ("lot.closed.v1", "no-bids")
