"""Messages that meet (并发): whatever order their turns come in, nobody is told one thing and
finds another.

Each rule here stands against a fault found in another system: a bid answered and then overwritten,
one counted in a stage that was over, a round opened anew by a bid that lost, two equal bids that
both led, an end taken from a stored time a bid had moved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from mingtang.core.decider import Refused
from mingtang.core.trading import lots
from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.course import SETTLE, ends_at
from mingtang.core.trading.lots.events import BidPlaced, LotClosed, LotStopped, LotSuspended
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.outages import RULE
from tests.core.lot_examples import (
    CLOSES,
    LOT,
    MICRO,
    MINUTE,
    OPEN_LISTING,
    OPENS,
    PRIORITY,
    REVERSE,
    SECOND,
    START,
    STEP,
    A,
    B,
    C,
    after,
    announced,
    bar,
    bid,
    close,
    confirm,
    declare,
    propose,
    resume,
    when,
)
from tests.core.trading_examples import AUCTION, DUTCH, LISTING
from tests.words import refused

LATE = CLOSES - SECOND  # in the last second, when everything happens at once
LED = [announced(AUCTION), bid(A, START, OPENS)]
END = CLOSES + SETTLE


def turns(given: Sequence[Any], *messages: Any) -> Iterator[tuple[lots.State, list[Any]]]:
    """Yield what comes of these messages for every order of their turns: the state, the events.

    Times of turns stay in order, as the ledger demands: a message waits for its turn.
    """
    for order in permutations(messages):
        state, events, now = after(*given), [], OPENS
        for message in order:
            now = max(now, message.at)
            try:
                led_to = lots.decide(state, replace(message, at=now))
            except Refused:
                continue
            for event in led_to:
                state = lots.evolve(state, event)
            events += led_to
        yield state, events


def closed(state: lots.State) -> LotClosed:
    """The lot is closed as soon as it may be."""
    [event] = lots.decide(state, close(ends_at(state) + SETTLE))
    return event


# ── Bid and close ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("received", [LATE, CLOSES - MICRO, CLOSES, CLOSES + SECOND])
@pytest.mark.parametrize("late", [SECOND * 0, SECOND - MICRO, SECOND, 2 * SECOND])
def test_a_bid_and_the_close_agree_in_either_order(received, late):
    """If the bid was taken it leads and the end waits; if it was closed, the bid was refused."""
    for state, events in turns(LED, bid(B, START + STEP, received, late=late), close(END)):
        taken = [event for event in events if isinstance(event, BidPlaced)]
        ended = [event for event in events if isinstance(event, LotClosed)]
        assert not (taken and ended)
        if taken:
            assert state.status is Status.ANNOUNCED
            assert ends_at(state) == received + 5 * MINUTE
        last = ended[0] if ended else closed(state)
        assert last.awards[0].paddle == (B if taken else A)
        assert last.bids == (2 if taken else 1)


def test_what_was_received_in_time_is_never_met_by_a_close():
    """A bid that reaches its turn within its second finds the lot open, whoever closes lots."""
    for delay in (SECOND * 0, SECOND / 2, SECOND - MICRO):
        in_time = bid(B, START + STEP, CLOSES - MICRO, late=delay)
        assert in_time.at < END
        assert when(LED, in_time)[-1].no == 2


def test_a_close_looked_up_before_a_bid_does_nothing_after_it():
    state = after(*LED, bid(B, START + STEP, LATE, late=SECOND / 2))
    with refused("lot.not-over"):
        lots.decide(state, close(END))


# ── Bid and bid ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("way", "up"), [(AUCTION, 1), (REVERSE, -1), (OPEN_LISTING, 1)])
@pytest.mark.parametrize("behind", [MICRO, -MICRO, SECOND * 0])
def test_of_two_equal_bids_one_leads_and_the_other_is_refused(way, up, behind):
    given = [announced(way), bid(A, START, OPENS)]
    price = START + up * STEP
    first, second = bid(B, price, LATE), bid(C, price, LATE + behind)
    for state, events in turns(given, first, second):
        placed = [event for event in events if isinstance(event, BidPlaced)]
        assert len(placed) == 1
        assert state.best.paddle == placed[0].paddle
        assert state.extensions <= 1


def test_a_lower_bid_that_comes_after_a_higher_one_counts_nothing_and_moves_nothing():
    high, low = bid(B, START + 5 * STEP, LATE), bid(C, START + STEP, LATE + SECOND / 2)
    ends = set()
    for state, events in turns(LED, high, low):
        assert state.best.paddle == B
        counted = [event.received for event in events if isinstance(event, BidPlaced)]
        assert ends_at(state) == max(counted) + 5 * MINUTE
        ends.add(ends_at(state))
    assert len(ends) == 2  # the low one counted where its turn came first


def test_the_end_is_the_same_whichever_of_two_counted_bids_had_its_turn_first():
    """The later arrival moves the end; an earlier one decided after it moves nothing back."""
    early, late = bid(B, START + 2 * STEP, LATE), bid(C, START + STEP, LATE + SECOND / 2)
    in_turn = after(*LED, late, replace(early, at=late.at))
    assert ends_at(in_turn) == late.received + 5 * MINUTE
    assert (in_turn.best.paddle, in_turn.bids) == (B, 3)


def test_a_bid_that_would_be_in_time_by_another_is_told_to_look_again():
    """It came after the end, while a bid that moves the end still waited for its turn."""
    waits = bid(B, START + STEP, CLOSES - MICRO, late=SECOND / 2)
    after_it = bid(C, START + 2 * STEP, CLOSES + MICRO)
    with refused("lot.settling"):
        when(LED, after_it)
    assert when([*LED, waits], replace(after_it, at=waits.at))[-1].paddle == C


def test_of_two_holders_of_a_priority_right_one_takes_the_price():
    given = [announced(AUCTION, PRIORITY), bid(A, START, OPENS)]
    messages = [bid(B, START, LATE, rank=1), bid(C, START, LATE, rank=2)]
    for state, events in turns(given, *messages):
        placed = [event for event in events if isinstance(event, BidPlaced)]
        assert [event.paddle for event in placed] == [state.best.paddle]


def test_of_two_who_take_a_falling_price_the_first_received_has_it():
    first, second = bid(A, START, OPENS + SECOND), bid(B, START, OPENS + SECOND + MICRO)
    for state, _ in turns([announced(DUTCH)], first, second):
        assert (state.best.paddle, ends_at(state)) == (A, first.received)
        assert closed(state).awards[0].paddle == A


# ── Bid and stop ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stopping", ["pause", "end"])
def test_a_bid_and_a_stop_agree_in_either_order(stopping):
    given = [*LED, propose(OPENS, stopping)]
    for state, events in turns(given, bid(B, START + STEP, LATE), confirm(LATE)):
        stops = [i for i, e in enumerate(events) if isinstance(e, LotSuspended | LotStopped)]
        bids = [i for i, e in enumerate(events) if isinstance(e, BidPlaced)]
        assert len(stops) == 1
        assert bids <= stops  # none after it
        assert state.best.paddle == (B if bids else A)


def test_what_was_refused_by_a_pause_is_not_counted_when_it_goes_on():
    given = [*LED, propose(LATE), confirm(LATE)]
    going_on = LATE + SECOND
    waited = bid(B, START + STEP, LATE - MICRO, late=SECOND)
    for state, events in turns(given, waited, resume(going_on, going_on)):
        assert not [event for event in events if isinstance(event, BidPlaced)]
        assert ends_at(state) == CLOSES + SECOND


def test_a_pause_and_the_close_exclude_each_other():
    given = [*LED, propose(OPENS)]
    for pause_at in (CLOSES - MICRO, CLOSES):
        for state, events in turns(given, confirm(pause_at), close(END)):
            kinds = {type(event) for event in events}
            assert kinds <= {LotClosed} or kinds <= {LotSuspended}
            assert state.status is not Status.ANNOUNCED


def test_two_hosts_confirm_once():
    given = [*LED, propose(OPENS)]
    for _, events in turns(given, confirm(LATE), confirm(LATE, by="P-third-host")):
        assert [type(event) for event in events] == [LotSuspended]


def test_a_bid_and_a_bar_agree_in_either_order():
    for state, events in turns(LED, bid(B, START + STEP, LATE), bar(B, LATE)):
        placed = [event for event in events if isinstance(event, BidPlaced)]
        assert state.best.paddle == (B if placed else A)
        won = [award.paddle for award in closed(state).awards]
        assert won == ([] if placed else [A])  # who is barred buys nothing


# ── Bid and everything else ─────────────────────────────────────────────────


def test_a_bid_and_an_interruption_agree_in_either_order():
    """The bid came once the service was back, before its deadlines were moved."""
    outage = commands.ShiftDeadlines(
        outage="o", began=LATE - MINUTE, recovered=LATE - MICRO, rule=RULE, at=LATE
    )
    for state, _ in turns(LED, bid(B, START + STEP, LATE), outage):
        assert state.best.paddle == B
        assert ends_at(state) >= LATE + 2 * 60 * MINUTE - MICRO


def test_a_bid_and_one_that_reaches_the_ceiling_agree_in_either_order():
    top = START + 5 * STEP
    given = [announced(AUCTION, LOT, ceiling_fen=top), bid(A, START, OPENS)]
    for state, _ in turns(given, bid(B, top, LATE), bid(C, START + STEP, LATE)):
        assert (state.best.paddle, state.ceiling.paddle) == (B, B)
        assert ends_at(state) == LATE + 30 * MINUTE


def test_of_two_who_reach_the_ceiling_one_did():
    top = START + 5 * STEP
    given = [announced(AUCTION, LOT, ceiling_fen=top)]
    for state, events in turns(given, bid(A, top, LATE), bid(B, top, LATE)):
        assert state.ceiling.paddle == state.best.paddle
        assert len([event for event in events if isinstance(event, BidPlaced)]) == 1


def test_a_declaration_and_the_close_agree_in_either_order():
    given = [announced(LISTING), bid(A, START, OPENS), bid(B, START + STEP, OPENS)]
    asked = CLOSES + 5 * MINUTE
    for late in (SECOND * 0, SECOND - MICRO, SECOND):
        message = declare(A, asked - MICRO, late=late)
        for state, events in turns(given, message, close(asked + SETTLE)):
            ended = any(isinstance(event, LotClosed) for event in events)
            assert ended != state.paddles[A].declared
            if not ended:
                assert ends_at(state) == asked + 4 * MINUTE


def test_the_same_lot_is_closed_once():
    for _, events in turns(LED, close(END), close(END + SECOND)):
        assert [type(event) for event in events] == [LotClosed]
