"""Two acts on one lot at the same time (竞态): whatever the order, what was accepted counts.

Each fault here was found in a system in use: a bid answered with success and then overwritten by
the closing, one that opened a new round from a lower price, two equal bids that both stood, the
highest taken by time instead of price, a refused bid that moved the end.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import close_old_connections

from mingtang.core.decider import Refused
from mingtang.core.trading.lots.course import SETTLE
from mingtang.core.trading.lots.events import BidPlaced, LotClosed, LotStopped, Stopping
from mingtang.ledger.memory import memory
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import history
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting
from tests.rooms import trading_words as words
from tests.rooms.test_ledger_concurrency import people
from tests.rooms.trading_words import OPEN, START, STEP, TIMES

TICK = timedelta(milliseconds=1)
END = TIMES.closes
TURN = END + SETTLE  # the first moment at which anybody may close, or write what came in time
LONG_AFTER = END + timedelta(hours=1)


class Table:
    """A lot a moment before its end, with what may happen to it then."""

    def __init__(self, floor, no):
        [self.lot] = words.announced(floor, words.content(no=no))
        self.floor = floor
        numbers = (2 * no, 2 * no + 1)
        self.one, self.other = (words.ready(floor, self.lot, number) for number in numbers)
        words.place(self.one.bid(START, OPEN))
        self.stale = (memory.seen, list(memory.edge), dict(memory.streams))
        hosting.propose_stop(
            lot=self.lot, stopping=Stopping.END, reason="演示", by=floor.host, at=OPEN
        )

    def look_away(self):
        """Let this process know no more than it did at the beginning, as another one would."""
        memory.seen, memory.edge = self.stale[0], list(self.stale[1])
        memory.streams.clear()
        memory.streams.update(self.stale[2])

    def bid(self):
        return words.place(self.other.bid(START + STEP, END - TICK), at=TURN)

    def equal_bid(self):
        third = replace(self.other.bid(START + STEP, END - TICK), paddle="9999", ref="equal")
        return words.place(third, at=TURN)

    def late_bid(self):
        return words.place(self.other.bid(START + 9 * STEP, END), at=TURN)

    def low_bid(self):
        return words.place(self.other.bid(START - STEP, END - TICK), at=TURN)

    def close(self):
        assert bids.close_due(at=TURN) in (0, 1)
        return []

    def stop(self):
        with suppress(Refused):
            hosting.confirm_stop(lot=self.lot, agrees=True, by=self.floor.other_host, at=END - TICK)
        return []

    def bar(self):
        with suppress(Refused):
            hosting.bar(
                lot=self.lot,
                paddle=self.other.paddle,
                reason="演示",
                by=self.floor.host,
                at=END - TICK,
            )
        return []


ACTS = ("bid", "equal_bid", "late_bid", "low_bid", "close", "stop", "bar")


@pytest.mark.django_db
@pytest.mark.parametrize("first", ACTS)
def test_in_every_order_and_by_processes_that_have_not_looked(first):
    floor = words.build()
    others = [act for act in ACTS if act != first]
    for no, rest in enumerate(permutations(others, 2), start=1):
        happen(Table(floor, no), (first, *rest))


def happen(table, acts):
    """Let these happen one after the other, each by a process that has not looked."""
    receipts = []
    for act in acts:
        table.look_away()
        receipts += [o for o in getattr(table, act)() if isinstance(o, Receipt)]
    bids.close_due(at=LONG_AFTER)

    written = history(f"lot/{table.lot}")
    placed = [w for w in written if isinstance(w.event, BidPlaced)]
    # whoever was told their bid stands finds it in the log, and before its end
    assert {receipt.index for receipt in receipts} <= {w.index for w in placed}
    assert len(placed) == 1 + len(receipts)
    [end] = [w for w in written if isinstance(w.event, LotClosed | LotStopped)]
    assert all(w.index < end.index for w in placed)
    prices = [w.event.price_fen for w in placed]
    assert prices == sorted(set(prices))
    if isinstance(end.event, LotClosed):
        [award] = end.event.awards
        assert (award.price_fen, award.paddle) == (prices[-1], placed[-1].event.paddle)
        moved = placed[-1].event.received + timedelta(seconds=300)
        assert end.event.ended == (moved if receipts else END)
        assert end.event.extensions == len(receipts)


def test_twenty_people_and_a_closing_at_the_same_moment(own_commits, log_home):
    floor = words.build()
    [lot] = words.announced(floor, words.content())
    parties = [words.ready(floor, lot, number) for number in range(1, 21)]
    messages = [party.bid(START + n * STEP, END - TICK) for n, party in enumerate(parties)]

    def bid(message):
        close_old_connections()
        return bids.place_bids([message], clock=lambda: TURN)[0]

    with people(21) as crowd:
        acts = [lambda m=message: bid(m) for message in messages]
        *outcomes, _ = crowd.at_once(*acts, lambda: bids.close_due(at=TURN))
    accepted = [o for o in outcomes if isinstance(o, Receipt)]
    placed = [w for w in history(f"lot/{lot}") if isinstance(w.event, BidPlaced)]
    assert sorted(o.index for o in accepted) == [w.index for w in placed]
    prices = [w.event.price_fen for w in placed]
    assert prices == sorted(set(prices))
    bids.close_due(at=LONG_AFTER)
    row = queries.lot(lot)
    if accepted:
        [award] = queries.awards_of(row)
        assert award.price_fen == prices[-1] == row.best_fen
    else:  # the closing came first: then nobody was told otherwise
        assert row.verdict == "no-bids"
