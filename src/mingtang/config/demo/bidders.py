"""Bidders of the demonstration (模拟竞买人): they bid over HTTP as a browser would.

    python -m mingtang.config.cli demo-bidders --url http://127.0.0.1:8000/bidding

While somebody looks at the demonstration there is an auction going on: once one is over, the next
is announced. What they do is decided by chance; what counts is decided by the rules.
"""

import json
import logging
import signal
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from secrets import token_urlsafe
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.db import close_old_connections
from django.utils import timezone

from mingtang.config.demo import trading
from mingtang.config.demo.trading import Crew, Hand
from mingtang.core.trading.applications import bid_message
from mingtang.core.trading.lots.events import Part
from mingtang.trading import queries
from mingtang.trading.actions import paddles

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds
PATIENCE = (6, 40)  # seconds between bids: from, to
EAGER = timedelta(minutes=8)  # of timed bidding; then they let it go
REST = timedelta(minutes=2)  # from the end of one auction to the next
MOST = 24  # auctions of one run: somebody who forgot it should find it quiet


@dataclass
class Play:
    """One auction they take part in."""

    lot: str
    team: list[Hand]
    chance: Random
    began: datetime
    next_at: datetime
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)  # person: paddle, token

    def token(self, hand: Hand, at: datetime) -> tuple[str, str]:
        if hand.person not in self.tokens:
            row = queries.own_application(hand.person, self.lot)
            assert row is not None
            text = paddles.token_for(application=row.key, person=hand.person, at=at)
            self.tokens[hand.person] = (row.paddle, text)
        return self.tokens[hand.person]


def run(url: str) -> None:
    """Bid until told to stop."""
    found = trading.kept()
    if found is None:
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    who, team = found
    play, over_at, opened = _under_way(team), None, 0
    while not stop.wait(BEAT):
        close_old_connections()
        now = timezone.localtime()
        try:
            if play is None:
                if opened < MOST and (over_at is None or now - over_at >= REST):
                    play, opened = _next(who, team, now), opened + 1
            elif not _beat(play, url, now):
                play, over_at = None, now
        except (URLError, TimeoutError) as error:
            log.warning("the room does not answer: %s", error)
        except Exception:
            log.exception("the bidders stumbled; they try again")


def _ours(title: str) -> bool:
    return "观澜区演示挂G" in title


def _opened() -> int:
    """Return how many such lots there were, so that the next has a number of its own."""
    return sum(_ours(row.title) for row in [*queries.over(), *queries.running_rows()])


def _under_way(team: list[Hand]) -> Play | None:
    now = timezone.localtime()
    for row in queries.running_rows():
        if _ours(row.title):
            return _play(row.key, team, now)
    return None


def _next(who: Crew, team: list[Hand], now: datetime) -> Play:
    lot = trading.open_live(who, team, now=now, no=_opened() + 2)
    return _play(lot.lot, team, now)


def _play(lot: str, team: list[Hand], now: datetime) -> Play:
    # the last one is for whoever signs in
    return Play(lot, team[:-1], Random(), now, now + timedelta(seconds=3))


def _beat(play: Play, url: str, now: datetime) -> bool:
    """Bid, if it is time to; return whether the auction goes on."""
    standing = queries.standing(play.lot, at=now)
    if standing is None or standing.part is Part.OVER:
        return False
    eager = now - play.began < EAGER
    if standing.part is not Part.TIMED or now < play.next_at or not eager:
        return True
    play.next_at = now + timedelta(seconds=play.chance.uniform(*PATIENCE))
    others = [h for h in play.team if play.token(h, now)[0] != standing.best_paddle]
    hand = play.chance.choice(others)
    assert standing.next_fen is not None
    steps = play.chance.choice((0, 0, 0, 1, 2))
    _bid(play, hand, standing.next_fen + steps * standing.step_fen, url, now)
    return True


def _bid(play: Play, hand: Hand, price: int, url: str, now: datetime) -> None:
    paddle, token = play.token(hand, now)
    ref = token_urlsafe(18)
    message = bid_message(lot=play.lot, paddle=paddle, price_fen=price, quantity=1, ref=ref)
    body = {"price_fen": price, "ref": ref, "signature": hand.sign(message)}
    request = Request(
        f"{url}/lots/{play.lot}/bids",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=5):
            pass
    except HTTPError as refused:  # somebody was quicker
        log.info("refused: %s", refused.read(300))
