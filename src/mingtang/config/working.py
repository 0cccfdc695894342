"""What runs beside the pages: checkpoints, what time does, reactions, the making of papers.

It may die and start again at any point: each part picks up where the ledger says it is.
"""

import logging
import signal
import threading
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.actions import referral
from mingtang.config import calling
from mingtang.config.wiring import REACTIONS
from mingtang.core.clock import civil_day
from mingtang.intermediaries.actions import selecting
from mingtang.ledger import reactions, sequencer
from mingtang.licences.actions import boxes, healing, renewing
from mingtang.papers.actions import making
from mingtang.ratings import actions as ratings
from mingtang.trading.actions import outages
from mingtang.vault import actions as vault

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds between rounds
PULSE = 30.0  # seconds between looks at what time does


def work(stop: threading.Event | None = None) -> int:
    """Work until told to stop. Returns 1 when the log on disk and in the database differ."""
    stop = stop or _on_signals()
    try:
        sequencer.check_start()
    except sequencer.RefusedToStart as refusal:
        log.error("refused to start: %s", refusal)
        return 1
    with calling.beside():
        return _rounds(stop)


def _rounds(stop: threading.Event) -> int:
    since_pulse, busy = PULSE, False
    today = None  # the day whose daily work is done
    sign = outages.SignOfLife(outages.WORK)
    while not stop.wait(0.0 if busy else BEAT):
        close_old_connections()
        now = timezone.localtime()
        try:
            sign.give(at=now)  # first of all: if nobody worked, deadlines are moved
            sequencer.advance(at=now)
            if (since_pulse := since_pulse + BEAT) >= PULSE:
                since_pulse = 0.0
                pulse(at=now)
            if today != civil_day(now):
                daily(at=now)
                today = civil_day(now)
            heard = sum(reactions.run(reaction) for reaction in REACTIONS)
            # What was made calls for more: go on at once, checkpoints keep their beat.
            busy = bool(making.make_due(at=now) or heard)
        except (sequencer.Overtaken, sequencer.RefusedToStart) as refusal:
            log.error("stopped: %s", refusal)
            return 1
        except Exception:
            busy = False
            log.exception("a round failed; the next one tries again")
    return 0


def pulse(*, at: datetime) -> None:
    """Do what time does, wherever it is due (时间到了)."""
    accepted = cases.deem_accepted(at=at)
    if accepted:
        log.info("deemed accepted: %d", accepted)
    reminded = referral.remind(at=at)
    if reminded:
        log.info("legs near or over their term: %d", reminded)
    renewed = renewing.deem_renewed(at=at)
    if renewed:
        log.info("deemed renewed: %d", renewed)
    opened = selecting.open_due(at=at)
    if opened:
        log.info("needs opened: %d", opened)
    done = sum(map(reactions.try_again, REACTIONS))
    if done:
        log.info("set aside and done now: %d", done)
    boxes.put_away_expired(today=civil_day(at))
    healing.try_stuck(at=at)
    vault.drop_expired_drafts(at=at)
    making.tidy(at=at)


def daily(*, at: datetime) -> None:
    """Do what is done once a day; done again after a restart, it finds nothing left to do."""
    published = ratings.publish(at=at)
    if published:
        log.info("tallies of ratings published: %d", published)


def _on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
