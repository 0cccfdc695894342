"""Rooms that are killed while people bid: nothing acknowledged is lost, nothing counts twice.

Real servers, real sockets; the bidders are threads that send again what got no answer, under the
same reference, as the page does.
"""

import http.client
import itertools
import json
import random
import re
import signal
import socket
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from mingtang.config.wiring import SUBJECTS
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.verify import verify
from tests.rooms.bidding_words import LOT_KEY, START, STEP, Paddle, bids_of, lines_of, open_lot

PATH = f"/bidding/lots/{LOT_KEY}"
KILLS = 5
SECRET = "a-secret-of-this-test"


@pytest.fixture
def rooms(another_process, settings, monkeypatch):
    """Return what starts a room on a port, one that takes as much as it is sent."""
    settings.SECRET_KEY = SECRET
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("MINGTANG_BID_RATE", "100000")
    open_lot()

    def start(port):
        process = another_process("room_process", port)
        wait_until_open(port)
        return process

    return start


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def wait_until_open(port):
    pause = threading.Event()
    for _ in range(600):
        with suppress(OSError, http.client.HTTPException):
            if ask(port, "GET", "/bidding/health")[0] == 200:
                return
        pause.wait(0.05)
    raise AssertionError("the room does not open")


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        connection.close()


@dataclass
class Crowd:
    """Bidders, each a thread. They stop once so many of their bids are acknowledged."""

    ports: list  # where each bidder begins, by turns
    paddles: list
    enough: int
    receipts: dict = field(default_factory=dict)  # by reference
    refused: dict = field(default_factory=dict)
    prices: itertools.count = field(default_factory=itertools.count)
    told: threading.Condition = field(default_factory=threading.Condition)
    failed: list = field(default_factory=list)

    def begin(self):
        self.threads = [
            threading.Thread(target=self._bid, args=(paddle, n), daemon=True)
            for n, paddle in enumerate(self.paddles)
        ]
        for thread in self.threads:
            thread.start()

    def wait_for(self, count):
        """Wait until so many bids are acknowledged."""
        with self.told:
            enough = self.told.wait_for(lambda: len(self.receipts) >= count or self.failed, 60)
        assert enough, Counter(self.refused.values())
        assert not self.failed

    def join(self):
        for thread in self.threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self.threads)
        assert not self.failed

    def _bid(self, paddle, turn):
        try:
            headers = {"Authorization": f"Bearer {paddle.token()}"}
            while len(self.receipts) < self.enough:
                content = paddle.bid(START + next(self.prices) * STEP)
                turn, status, said = self._until_answered(turn, json.dumps(content), headers)
                with self.told:
                    if status == 200:
                        self.receipts[content["ref"]] = said["receipt"]
                    else:
                        assert status == 409, said
                        self.refused[content["ref"]] = said["refused"]["code"]
                    self.told.notify_all()
        except Exception as error:
            with self.told:
                self.failed.append(error)
                self.told.notify_all()

    def _until_answered(self, turn, body, headers):
        """Send the same until somebody answers, to the next room each time nobody does."""
        pause = threading.Event()
        for _ in range(1_200):
            port = self.ports[turn % len(self.ports)]
            try:
                status, said = ask(port, "POST", f"{PATH}/bids", body, headers)
                if status != 503:
                    return turn, status, said
            except (OSError, http.client.HTTPException, ValueError):
                pass
            turn += 1
            pause.wait(0.02)
        raise AssertionError("nobody answers")


def everything_acknowledged_is_there_once(crowd):
    """Every receipt is of the one entry of its bid; nobody was refused what is in the log."""
    bids = bids_of()
    for ref, receipt in crowd.receipts.items():
        index, _ = bids[ref]
        entry = LedgerEntry.objects.get(index=index)
        assert (receipt["index"], receipt["leaf"]) == (index, bytes(entry.leaf).hex())
        assert receipt["version"] == entry.version
    assert set(crowd.refused) & set(bids) == set()
    assert set(bids) == set(crowd.receipts)
    assert list(verify(SUBJECTS)) == []


def test_a_room_killed_again_and_again_loses_and_repeats_no_bid(rooms):
    chance, port = random.Random(4), free_port()
    crowd = Crowd([port], [Paddle(str(4_000 + n)) for n in range(8)], enough=30 * KILLS)
    process = rooms(port)
    crowd.begin()
    for kill in range(KILLS):
        crowd.wait_for(30 * kill + chance.randrange(1, 29))
        process.kill()
        process.wait()
        process = rooms(port)
    crowd.join()
    everything_acknowledged_is_there_once(crowd)
    assert sum(receipt["repeated"] for receipt in crowd.receipts.values()) <= KILLS * 8


def test_two_rooms_agree_and_one_goes_on_when_the_other_is_killed(rooms):
    ports = [free_port(), free_port()]
    processes = [rooms(port) for port in ports]
    crowd = Crowd(ports, [Paddle(str(4_000 + n)) for n in range(8)], enough=120)
    with Watching(ports[0]) as first, Watching(ports[1]) as second:
        crowd.begin()
        crowd.wait_for(60)
        processes[0].kill()
        processes[0].wait()
        crowd.join()
        everything_acknowledged_is_there_once(crowd)
        there = [(version, index) for version, index, _ in lines_of()]
        second.wait_for(len(there))
        assert second.lines == there
        first.thread.join(30)
    assert first.lines == there[: len(first.lines)]
    # Whoever watched at the room that was killed goes on at the other one.
    with Watching(ports[1], after=first.lines[-1][0]) as on:
        on.wait_for(len(there) - len(first.lines))
        assert first.lines + on.lines == there


def test_told_to_stop_a_room_answers_what_it_has_and_lets_watchers_go(rooms):
    port = free_port()
    process = rooms(port)
    crowd = Crowd([port], [Paddle(str(4_000 + n)) for n in range(8)], enough=60)
    with Watching(port) as watching:
        crowd.begin()
        crowd.wait_for(20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        watching.thread.join(30)
        assert not watching.thread.is_alive()
    rooms(port)
    crowd.join()
    everything_acknowledged_is_there_once(crowd)


LINE = re.compile(rb'id: (\d+)\nevent: line\ndata: {"index":(\d+),')


class Watching:
    """A reader of a lot's lines on a real socket: version and index of each."""

    def __init__(self, port, after=0):
        self.text, self.told = b"", threading.Condition()
        self.socket = socket.create_connection(("127.0.0.1", port))
        asked = f"GET {PATH}/lines HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: {after}\r\n\r\n"
        self.socket.sendall(asked.encode())
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    @property
    def lines(self):
        return [(int(version), int(index)) for version, index in LINE.findall(self.text)]

    def wait_for(self, count):
        with self.told:
            assert self.told.wait_for(lambda: len(self.lines) >= count, 60)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(30)
        self.socket.close()

    def _read(self):
        with suppress(OSError):
            while text := self.socket.recv(65_536):
                with self.told:
                    self.text += text
                    self.told.notify_all()
