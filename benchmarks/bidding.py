"""Bids over HTTP that are on disk when they are answered, against the same server's plain echo.

The room is served by `mingtang bidding` in a process of its own, with a database of its own; the
bidders are raw sockets of this one. Every bid is signed. What is measured:

    echo        200 connections post a body as long as a bid's, which comes back
    300 lots    200 connections bid, each again as soon as it is answered, two paddles a lot
    one lot     the same in a single lot; whoever arrives behind a higher price is refused
    paced       200 bidders in one lot, each twice a second: how long an answer takes
    watchers    2,000 sockets watch that lot while ten bids a second come in

    --short     a few seconds each      --json      one line of figures
"""

import argparse
import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from installation import installation, show

BIDDERS = 200
LOTS = 300
WATCHERS = 2_000
STEP = 100_000  # fen
PACE = 2.0  # bids a second of one bidder, where the answers' time is measured
WATCHED = 10.0  # bids a second in the lot that is watched
SIGNED = 6_000  # bids ready before the clock starts, for each second of it


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    seconds = 3.0 if given.short else 10.0
    with installation() as home, serving(home) as port:
        figures = asyncio.run(measure(port, seconds))
    if given.json:
        print(json.dumps(figures))
    else:
        report(figures)


def report(figures: dict[str, Any]) -> None:
    echo = figures["echo_per_s"]
    show("echo", echo, "posts/s", "1.000 of the echo")
    for name in ("bids_per_s", "one_lot_bids_per_s"):
        show(name, figures[name], "bids/s", f"{figures[name] / echo:.3f}")
    for name, figure in figures.items():
        print(f"{name:<46} {figure:>12}")


# ── The server and what it serves ───────────────────────────────────────────


@contextmanager
def serving(home: str) -> Iterator[int]:
    """Serve the room in a process of its own; yield its port."""
    announce()
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "mingtang.config.cli", "bidding", "--port", str(port)],
        env={**os.environ, "MINGTANG_HOME": home, "MINGTANG_BID_RATE": "1000000"},
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/bidding/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def announce() -> None:
    """Announce the lots everybody bids in: `many-<n>`, `one` and `paced`."""
    from mingtang.core.trading.lots.commands import AnnounceLot
    from mingtang.ledger.enact import enact
    from mingtang.ledger.orders import Order, Receipt
    from mingtang.trading.projection import LOT

    now = datetime.now().astimezone()
    names = [*(f"many-{n}" for n in range(LOTS)), "one", "paced"]
    orders = [
        Order(
            LOT,
            name,
            AnnounceLot(
                project="benchmark",
                content=_content(no, now),
                procedure=_procedure(),
                seed=secrets.token_hex(16),
                by="benchmark",
                at=now - timedelta(hours=2),
            ),
        )
        for no, name in enumerate(names, 1)
    ]
    outcomes = enact(orders)
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes[0]


def _procedure() -> Any:
    from mingtang.core.trading.parameters import (
        Bidding,
        BidStep,
        Direction,
        Extension,
        Procedure,
        Source,
        Sureness,
        said,
    )

    parts: dict[str, Any] = {
        "code": "benchmark",
        "name": "测量",
        "name_en": "Benchmark",
        "bidding": Bidding.AUCTION,
        "direction": Direction.ASCENDING,
        "extension": Extension(window_seconds=300, by_seconds=300),
        "step": BidStep(),
    }
    bare = Procedure(sources=(), **parts)
    source = Source(parameters=said(bare), rule="测量", sure=Sureness.C)
    return Procedure(sources=(source,), **parts)


def _content(no: int, now: datetime) -> Any:
    from mingtang.core.trading.lots.terms import LotContent, Timetable

    hour = timedelta(hours=1)
    return LotContent(
        no=no,
        title="测量",
        procedure="benchmark",
        procedure_version=1,
        times=Timetable(
            sign_up_from=now - 2 * hour,
            sign_up_until=now - hour,
            deposit_until=now - hour,
            opens=now - hour / 2,
            closes=now + 5 * hour,
        ),
        start_fen=STEP,
        step_fen=STEP,
    )


# ── Bidders ─────────────────────────────────────────────────────────────────


class Bidder:
    """A paddle with a key of its own."""

    def __init__(self, lot: str, number: int) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        from django.conf import settings

        from mingtang.trading.ports import tokens

        self.lot, self.paddle = lot, str(1_000 + number)
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        token = tokens.PaddleToken(
            lot=lot,
            paddle=self.paddle,
            key=_b64(point),
            key_no=1,
            rank=0,
            application=f"benchmark-{lot}-{number}",
            until=datetime.now().astimezone() + timedelta(hours=5),
        )
        self.token = tokens.issue(token, secret=settings.SECRET_KEY)

    def bid(self, price_fen: int) -> bytes:
        """Return a signed bid as a whole request."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256

        from mingtang.core.trading.applications import bid_message

        ref = secrets.token_urlsafe(16)
        text = bid_message(
            lot=self.lot, paddle=self.paddle, price_fen=price_fen, quantity=1, ref=ref
        )
        r, s = decode_dss_signature(self._key.sign(text, ec.ECDSA(SHA256())))
        signature = _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        body = json.dumps({"price_fen": price_fen, "ref": ref, "signature": signature}).encode()
        return self.post(f"/bidding/lots/{self.lot}/bids", body)

    def post(self, path: str, body: bytes) -> bytes:
        return (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {self.token}\r\ncontent-length: {len(body)}\r\n\r\n"
        ).encode() + body


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(slots=True)
class Load:
    """What the connections share: where the next request comes from, what was answered."""

    next: Callable[[], bytes | None]
    statuses: Counter[bytes] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)  # seconds


class Connection(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it was answered, or when told to."""

    def __init__(self, load: Load, *, by_itself: bool) -> None:
        self.load, self.by_itself = load, by_itself
        self.buffer = b""
        self.asked = 0.0
        self.idle = asyncio.Event()
        self.idle.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self) -> None:
        request = self.load.next()
        if request is None:
            self.idle.set()
            return
        self.idle.clear()
        self.asked = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self.buffer.find(b"content-length: ")
        length = int(self.buffer[at + 16 : self.buffer.find(b"\r\n", at)])
        if len(self.buffer) < end + 4 + length:
            return
        self.load.took.append(time.perf_counter() - self.asked)
        self.load.statuses[self.buffer[9:12]] += 1
        self.buffer = self.buffer[end + 4 + length :]
        if self.by_itself:
            self.ask()
        else:
            self.idle.set()


async def connect(port: int, load: Load, *, by_itself: bool) -> list[Connection]:
    loop = asyncio.get_running_loop()
    connections = []
    for _ in range(BIDDERS):
        _, connection = await loop.create_connection(
            lambda: Connection(load, by_itself=by_itself), "127.0.0.1", port
        )
        connections.append(connection)
    return connections


# ── Measuring ───────────────────────────────────────────────────────────────


async def measure(port: int, seconds: float) -> dict[str, Any]:
    many = [(Bidder(f"many-{n}", 1), Bidder(f"many-{n}", 2)) for n in range(LOTS)]
    one = [Bidder("one", n) for n in range(BIDDERS)]
    sample = one[0].bid(STEP).partition(b"\r\n\r\n")[2]
    echoed = one[0].post("/bidding/echo", sample)

    echoes = [await saturated(port, lambda: iter(lambda: echoed, None), seconds)]
    lots = await saturated(port, lambda: in_many(many), seconds)
    single = await saturated(port, lambda: in_one(one), seconds)
    echoes.append(await saturated(port, lambda: iter(lambda: echoed, None), seconds))
    paced = [Bidder("paced", n) for n in range(BIDDERS)]
    answers, top = await pacing(port, paced, seconds)
    seen = await watching(port, paced, top, seconds)

    echo = sum(load.statuses[b"200"] for load in echoes) / (2 * seconds)
    bids = lots.statuses[b"200"] / seconds
    return {
        "bids_per_s": round(bids),
        "echo_per_s": round(echo),
        "ratio_to_echo": round(bids / echo, 3),
        "p50_ms": _ms(answers.took, 0.50),
        "p99_ms": _ms(answers.took, 0.99),
        "paced_bids_per_s": round(len(answers.took) / seconds),
        "paced_refused": sum(answers.statuses.values()) - answers.statuses[b"200"],
        "saturated_p50_ms": _ms(lots.took, 0.50),
        "saturated_p99_ms": _ms(lots.took, 0.99),
        "saturated_refused": sum(lots.statuses.values()) - lots.statuses[b"200"],
        "one_lot_bids_per_s": round(single.statuses[b"200"] / seconds),
        "one_lot_refused_per_s": round(single.statuses[b"409"] / seconds),
        "one_lot_ratio_to_echo": round(single.statuses[b"200"] / seconds / echo, 3),
        "watchers": WATCHERS,
        "watchers_bids_per_s": WATCHED,
        "watchers_missed": seen.missed,
        "watchers_p50_ms": _ms(seen.took, 0.50),
        "watchers_p99_ms": _ms(seen.took, 0.99),
    }


def in_many(many: Sequence[tuple[Bidder, Bidder]]) -> Iterator[bytes]:
    """Each lot in its turn, its two paddles by turns, each a step higher."""
    step = 0
    while True:
        step += 1
        for pair in many:
            yield pair[step % 2].bid(step * STEP)


def in_one(one: Sequence[Bidder]) -> Iterator[bytes]:
    step = 0
    while True:
        for bidder in one:
            step += 1
            yield bidder.bid(step * STEP)


async def saturated(port: int, source: Callable[[], Iterator[bytes]], seconds: float) -> Load:
    """Let every connection ask as fast as it is answered, for so many seconds."""
    requests = source()
    ready = [next(requests) for _ in range(int(seconds * SIGNED))][::-1]
    over = False

    def following() -> bytes | None:
        if over:
            return None
        return ready.pop() if ready else next(requests)

    load = Load(following)
    connections = await connect(port, load, by_itself=True)
    for connection in connections:
        connection.ask()
    await asyncio.sleep(seconds)
    answered = Load(load.next, Counter(load.statuses), list(load.took))
    over = True
    for connection in connections:
        await connection.idle.wait()
        connection.transport.close()
    return answered


async def pacing(port: int, bidders: Sequence[Bidder], seconds: float) -> tuple[Load, int]:
    """Let every bidder bid at a steady pace; return the answers and the highest step."""
    rate = BIDDERS * PACE
    count = int(seconds * rate)
    requests = [bidders[n % BIDDERS].bid((n + 1) * STEP) for n in range(count)][::-1]
    load = Load(requests.pop)
    connections = await connect(port, load, by_itself=False)
    start = time.perf_counter()
    for n in range(count):
        await asyncio.sleep(start + n / rate - time.perf_counter())
        connection = connections[n % BIDDERS]
        await connection.idle.wait()
        connection.ask()
    for connection in connections:
        await connection.idle.wait()
        connection.transport.close()
    return load, count


# ── Watchers ────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Seen:
    sent: dict[bytes, float] = field(default_factory=dict)  # by the bid's signature
    took: list[float] = field(default_factory=list)
    missed: int = 0


class Watcher(asyncio.Protocol):
    def __init__(self, seen: Seen, after: int) -> None:
        self.seen, self.after = seen, after
        self.tail = b""
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(
            b"GET /bidding/lots/paced/lines HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            b"last-event-id: %d\r\n\r\n" % self.after
        )

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        data = self.tail + data
        messages = data.split(b"\n\n")
        self.tail = messages.pop()
        for message in messages:
            at = message.find(b'"ref":"')
            if at >= 0:
                sent = self.seen.sent.get(message[at + 7 : message.find(b'"', at + 7)])
                if sent is not None:
                    self.seen.took.append(now - sent)
                    self.count += 1


async def watching(port: int, bidders: Sequence[Bidder], top: int, seconds: float) -> Seen:
    """Let 2,000 sockets watch a lot while bids come in."""
    loop = asyncio.get_running_loop()
    seen = Seen()
    version = json.loads(
        urllib.request.urlopen(f"http://127.0.0.1:{port}/bidding/lots/paced/standing").read()
    )["version"]
    watchers = []
    for _ in range(WATCHERS):
        _, watcher = await loop.create_connection(lambda: Watcher(seen, version), "127.0.0.1", port)
        watchers.append(watcher)
    await asyncio.sleep(1.0)

    count = int(seconds * WATCHED)
    requests = []
    for n in range(count):
        request = bidders[n % BIDDERS].bid((top + n + 1) * STEP)
        ref = json.loads(request.partition(b"\r\n\r\n")[2])["ref"].encode()
        requests.append((ref, request))
    requests.reverse()

    def following() -> bytes:
        ref, request = requests.pop()
        seen.sent[ref] = time.perf_counter()
        return request

    connections = await connect(port, Load(following), by_itself=False)
    start = time.perf_counter()
    for n in range(count):
        await asyncio.sleep(start + n / WATCHED - time.perf_counter())
        connections[n % BIDDERS].ask()
    await asyncio.sleep(1.0)
    seen.missed = sum(count - watcher.count for watcher in watchers)
    for watcher in watchers:
        watcher.transport.close()
    for connection in connections:
        connection.transport.close()
    return seen


def _ms(took: Sequence[float], share: float) -> float:
    ordered = sorted(took)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000, 1)


if __name__ == "__main__":
    main()
