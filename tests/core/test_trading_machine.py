"""Auctions that nobody wrote down: any messages, stops and interruptions, in any order of turns.

What must hold is said here a second time, from the events alone and by other means than the rules.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mingtang.core.decider import Refused
from mingtang.core.history import WIRE
from mingtang.core.trading import lots
from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.bidding import least_next
from mingtang.core.trading.lots.closing import outcome
from mingtang.core.trading.lots.course import SETTLE, ends_at, span_at
from mingtang.core.trading.lots.events import (
    BidPlaced,
    CeilingReached,
    DeadlinesShifted,
    EntryDeclared,
    LotClosed,
    LotResumed,
    LotStopped,
    LotSuspended,
    Part,
    Verdict,
)
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.outages import RULE
from mingtang.core.trading.parameters import (
    Allocation,
    AllocationRow,
    Bidding,
    Direction,
    TimedStart,
)
from tests.core.lot_examples import (
    CLOSES,
    HOST,
    HOUR,
    LOT,
    MICRO,
    MINUTE,
    ONE_SHOT,
    OPEN_LISTING,
    OPENS,
    OTHER_HOST,
    RANKED,
    REVERSE,
    SECOND,
    START,
    STEP,
    A,
    B,
    C,
    announced,
    bar,
    bid,
    close,
    confirm,
    declare,
    offer,
    propose,
    resume,
    when,
)
from tests.core.trading_examples import AUCTION, DUTCH, LISTING, MULTI_UNIT

PADDLES = {A: 0, B: 1, C: 2, "7777": 0}  # and their ranks
TOP = START + 6 * STEP
AUCTIONS = (AUCTION, REVERSE)
LOTS = {
    "auction": announced(AUCTION),
    "reverse": announced(REVERSE),
    "priority": announced(AUCTION, RANKED),
    "listing": announced(LISTING),
    "open listing": announced(OPEN_LISTING),
    "from the highest": announced(OPEN_LISTING, {"timed_start": TimedStart.HIGHEST}),
    "falling": announced(DUTCH),
    "one shot": announced(AUCTION, ONE_SHOT, ceiling_fen=TOP),
    "draw": announced(OPEN_LISTING, LOT, ceiling_fen=TOP),
}
STEPS = st.sampled_from([0, 0, 0, 1, 2, 6, -1])
HOSTS = st.sampled_from([OTHER_HOST, OTHER_HOST, OTHER_HOST, HOST])
MOVES_END = (
    BidPlaced,
    EntryDeclared,
    CeilingReached,
    LotResumed,
    DeadlinesShifted,
)


class Auction(RuleBasedStateMachine):
    """Messages arrive, wait, and have their turns in any order; time never runs back."""

    opened = LOTS["auction"]

    def __init__(self) -> None:
        super().__init__()
        self.state = lots.evolve(lots.State(), self.opened)
        self.events: list[lots.Event] = [self.opened]
        self.waiting: list[commands.PlaceBid | commands.DeclareEntry] = []
        self.now = OPENS
        self.refs = count()
        self.outages = count()

    def turn(self, command: lots.Command) -> list[lots.Event]:
        """Let the rules decide; nothing changes where they refuse. Raises Refused."""
        end = ends_at(self.state)
        events = list(lots.decide(self.state, command))
        for event in events:
            self.state = lots.evolve(self.state, event)
        if ends_at(self.state) != end:
            assert any(isinstance(event, MOVES_END) for event in events)
        self.events += events
        return events

    def tried(self, command: lots.Command) -> None:
        with suppress(Refused):
            self.turn(command)

    # ── Time ────────────────────────────────────────────────────────────────

    @rule(step=st.sampled_from([MICRO, SECOND / 4, SECOND, MINUTE, 4 * MINUTE, 40 * MINUTE]))
    def time_passes(self, step: timedelta) -> None:
        self.now += step

    @rule(
        before=st.sampled_from([-SECOND, 0 * SECOND, MICRO, SECOND / 2, SECOND, MINUTE, 5 * MINUTE])
    )
    def the_part_is_nearly_over(self, before: timedelta) -> None:
        """Jump to where it matters: around the end of the present part."""
        until = span_at(self.state, self.now).until or ends_at(self.state)
        self.now = max(self.now, until - before)

    # ── Messages ────────────────────────────────────────────────────────────

    @rule(paddle=st.sampled_from([*PADDLES]), steps=STEPS, waits=st.booleans())
    def a_bid_arrives(self, paddle: str, steps: int, waits: bool) -> None:
        least = least_next(self.state, self.now)
        best = self.state.best.price_fen if self.state.best else START
        up = -1 if self.opened.procedure.direction is Direction.REVERSE else 1
        price = (best if least is None else least) + up * steps * STEP
        message = bid(paddle, price, self.now, rank=PADDLES[paddle])
        self.arrives(replace(message, ref=f"{next(self.refs)}"), waits=waits)

    @rule(paddle=st.sampled_from([*PADDLES]), waits=st.booleans())
    def a_declaration_arrives(self, paddle: str, waits: bool) -> None:
        message = declare(paddle, self.now, nonce=f"n{next(self.refs)}")
        self.arrives(replace(message, rank=PADDLES[paddle]), waits=waits)

    def arrives(self, message: commands.PlaceBid | commands.DeclareEntry, *, waits: bool) -> None:
        if waits:
            self.waiting.append(message)
        else:
            self.has_its_turn(message)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def a_message_has_its_turn(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.waiting) - 1))
        self.has_its_turn(replace(self.waiting.pop(place), at=self.now))

    def has_its_turn(self, message: commands.PlaceBid | commands.DeclareEntry) -> None:
        before = self.state
        try:
            self.turn(message)
        except Refused as refused:
            self.fairly_refused(before, message, refused.code)
        else:
            assert before.status is Status.ANNOUNCED

    def fairly_refused(
        self, before: lots.State, message: commands.PlaceBid | commands.DeclareEntry, code: str
    ) -> None:
        """Nobody who came in time and had their turn in time is told that it is over."""
        running = before.status is Status.ANNOUNCED
        if code in ("lot.over", "lot.settling", "lot.too-slow") and running:
            span = span_at(before, message.received)
            over = message.received >= ends_at(before)
            assert over or message.at >= span.until + SETTLE
        if code == "lot.over" and before.closing:
            in_time = message.received < before.closing.ended
            assert not in_time or message.at >= before.closing.ended + SETTLE

    # ── Hosts, and what happens to everybody ────────────────────────────────

    @precondition(lambda self: self.state.status is Status.ANNOUNCED)
    @rule(stopping=st.sampled_from(["pause", "pause", "pause", "end"]), by=HOSTS)
    def two_hosts_stop_it(self, stopping: str, by: str) -> None:
        """Where one host is both, nothing happens, and another turns the proposal down."""
        self.tried(propose(self.now, stopping))
        self.tried(confirm(self.now, by))
        self.tried(confirm(self.now, agrees=False))

    @precondition(lambda self: self.state.status is Status.SUSPENDED)
    @rule(after=st.sampled_from([timedelta(), SECOND, HOUR]))
    def it_goes_on(self, after: timedelta) -> None:
        self.tried(resume(self.now, self.now + after))

    @rule(paddle=st.sampled_from([*PADDLES]))
    def a_paddle_is_barred(self, paddle: str) -> None:
        self.tried(bar(paddle, self.now))

    @rule(lasted=st.sampled_from([20 * SECOND, MINUTE, HOUR, 3 * HOUR]))
    def the_service_was_away(self, lasted: timedelta) -> None:
        """Nothing that waited had its turn meanwhile."""
        began, self.now = self.now, self.now + lasted
        self.waiting.clear()
        self.tried(
            commands.ShiftDeadlines(
                outage=f"{next(self.outages)}",
                began=began,
                recovered=self.now,
                rule=RULE,
                at=self.now,
            )
        )

    @rule()
    def somebody_closes_it(self) -> None:
        before = self.state
        try:
            [closed] = self.turn(close(self.now))
        except Refused:
            running = before.status is Status.ANNOUNCED
            assert not running or self.now < ends_at(before) + SETTLE
        else:
            self.closed_by_hand(closed)

    def closed_by_hand(self, closed: LotClosed) -> None:
        result = outcome(self.read_back(self.events[:-1]), ())
        assert (closed.verdict, closed.awards, closed.draw, closed.bidders) == (
            result.verdict,
            result.awards,
            result.draw,
            result.bidders,
        )
        bids = self.bids
        assert closed.bids == len(bids)
        assert closed.at >= closed.ended + SETTLE
        if not bids:
            assert closed.verdict is Verdict.NO_BIDS
        elif not self.state.ceiling:
            taken = self.opened.procedure.bidding is Bidding.DUTCH
            late = [b for b in bids if b.received > closed.ended - (0 if taken else 1) * MICRO]
            assert not late or taken
            if closed.verdict is Verdict.SOLD:
                assert closed.awards[0].paddle == self.leader_by_hand().paddle

    # ── What always holds ───────────────────────────────────────────────────

    @property
    def bids(self) -> list[BidPlaced]:
        return [event for event in self.events if isinstance(event, BidPlaced)]

    def leader_by_hand(self, before: int | None = None) -> BidPlaced:
        """Of equal bids the last one leads: the rules take one only by right of priority, or as
        the first of the timed part where it starts from the highest."""
        bids = [b for b in self.bids if before is None or b.no < before]
        direction = self.opened.procedure.direction
        if direction is Direction.DESCENDING:
            return min(bids, key=lambda b: (b.received, -b.no))
        up = -1 if direction is Direction.REVERSE else 1
        return max(bids, key=lambda b: (up * b.price_fen, b.no))

    @invariant()
    def the_best_bid_leads(self) -> None:
        assert self.state.bids == len(self.bids)
        assert [b.no for b in self.bids] == [*range(1, len(self.bids) + 1)]
        if self.bids:
            leader = self.leader_by_hand()
            best = self.state.best
            assert (best.no, best.paddle, best.price_fen) == (
                leader.no,
                leader.paddle,
                leader.price_fen,
            )

    @invariant()
    def nobody_outbids_themselves(self) -> None:
        for one, other in pairwise(self.bids):
            if one.part is not Part.FALLING and one.no == self.leader_by_hand(other.no).no:
                assert one.paddle != other.paddle

    @invariant()
    def equal_bids_are_taken_by_right_only(self) -> None:
        if self.opened.procedure.direction is Direction.DESCENDING:
            return
        for place, one in enumerate(self.bids[1:], 1):
            leader, earlier = self.leader_by_hand(one.no), self.bids[:place]
            if one.price_fen == leader.price_fen:
                rank, held = PADDLES[one.paddle], PADDLES[leader.paddle]
                by_right = self.opened.procedure.priority and rank and (not held or rank < held)
                first = one.part is Part.TIMED and Part.TIMED not in {b.part for b in earlier}
                from_highest = self.opened.procedure.timed_start is TimedStart.HIGHEST
                assert by_right or (first and from_highest)

    @invariant()
    def the_end_is_what_the_events_say(self) -> None:
        """Of an open auction, worked out from the bids, the pauses and the interruptions alone."""
        if self.opened.procedure.bidding is Bidding.AUCTION and not self.state.ceiling:
            assert ends_at(self.state) == self.end_by_hand()

    def end_by_hand(self) -> datetime:
        end, since, resumed = CLOSES, OPENS, OPENS
        for event in self.events:
            match event:
                case BidPlaced() if event.received >= end:
                    raise AssertionError("a bid at or after the end")
                case BidPlaced() if end - event.received <= 5 * MINUTE:
                    end = max(end, event.received + 5 * MINUTE)
                case LotSuspended():
                    since = max(event.at, resumed)
                case LotResumed():
                    end, resumed = end + (event.resumes - since), event.resumes
                case DeadlinesShifted():
                    end = event.end or event.closes
        return end

    @invariant()
    def once_it_is_over_nothing_happens(self) -> None:
        over = [i for i, e in enumerate(self.events) if isinstance(e, LotClosed | LotStopped)]
        assert over in ([], [len(self.events) - 1])

    @invariant()
    def nothing_counts_that_was_received_outside_of_bidding(self) -> None:
        parts = (Part.FREE, Part.TIMED, Part.OPEN, Part.FALLING)
        assert all(b.part in parts and b.received <= b.at for b in self.bids)

    def read_back(self, events: list[lots.Event]) -> lots.State:
        """Return what whoever has the log and what opens it makes of it."""
        state = lots.State()
        for event in events:
            body, opened = WIRE.encode(event, iter(["salt", "pepper"]))
            told = {disclosure.name: disclosure.value for disclosure in opened}
            state = lots.evolve(state, WIRE.decode(body, told))
        return state

    def teardown(self) -> None:
        assert self.read_back(self.events) == self.state


@pytest.mark.parametrize("name", LOTS)
def test_auctions_nobody_wrote_down(name):
    class OfThisLot(Auction):
        opened = LOTS[name]

    bounded = settings(max_examples=30, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(OfThisLot, settings=bounded)


# ── Late messages ───────────────────────────────────────────────────────────

ARRIVALS = st.lists(
    st.tuples(
        st.sampled_from([A, B, C]),
        st.integers(1, 6),  # steps above the start
        st.integers(1, 900_000),  # microseconds before the end
    ),
    min_size=2,
    max_size=6,
)


@given(arrivals=ARRIVALS, data=st.data())
@settings(max_examples=60, deadline=None)
def test_late_messages_end_by_the_same_rule_in_any_order_of_their_turns(arrivals, data):
    """All came within the last second and have their turns within the second after it."""
    order = data.draw(st.permutations(arrivals))
    state, counted, refusals = lots.evolve(lots.State(), LOTS["auction"]), [], set()
    for place, (paddle, steps, before) in enumerate(order):
        received = CLOSES - before * MICRO
        message = replace(bid(paddle, START + steps * STEP, received), at=CLOSES + place * MICRO)
        try:
            for event in lots.decide(state, message):
                state = lots.evolve(state, event)
            counted.append(message)
        except Refused as refused:
            refusals.add(refused.code)
    assert counted
    assert refusals <= {"lot.price-below", "lot.leading-already"}
    assert ends_at(state) == max(m.received for m in counted) + 5 * MINUTE
    assert state.best.price_fen == max(m.price_fen for m in counted)
    prices = [m.price_fen for m in counted]
    assert prices == sorted(set(prices))
    highest = max(steps for _, steps, _ in order)
    leads = order[0][0] if len(counted) == 1 else counted[-1].paddle
    assert state.best.paddle == leads
    assert state.best.price_fen <= START + highest * STEP


# ── Several winners ─────────────────────────────────────────────────────────

OFFERS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 60), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)
SHARES = st.lists(st.integers(1, 1_000), min_size=1, max_size=3)


@given(offers=OFFERS, shares=SHARES, partly=st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_more_is_sold_than_there_is_and_to_no_more_than_the_table_says(offers, shares, partly):
    rows = tuple(
        AllocationRow(from_bidders=1 + 3 * n, winners_permille=share)
        for n, share in enumerate(shares)
    )
    made = [
        offer(f"{1_000 + n}", START + steps * 50_000, quantity, received=OPENS + later * SECOND)
        for n, (steps, quantity, later) in enumerate(offers)
    ]
    rules = {"allocation": Allocation(table=rows, partly=partly)}
    [closed] = when([announced(MULTI_UNIT, rules)], close(CLOSES + SECOND, *made))
    bought = {one.paddle: one for one in made}
    assert sum(award.quantity for award in closed.awards) <= 100
    share = [row for row in rows if row.from_bidders <= len(made)][-1].winners_permille
    assert 1 <= len(closed.awards) <= max(1, len(made) * share // 1_000)
    ranked = sorted(made, key=lambda o: (-o.price_fen, o.received, o.paddle))
    assert [a.paddle for a in closed.awards] == [o.paddle for o in ranked[: len(closed.awards)]]
    for place, award in enumerate(closed.awards, 1):
        asked = bought[award.paddle]
        assert award.price_fen == asked.price_fen
        whole = award.quantity == asked.quantity
        assert whole or (partly and place == len(closed.awards) and award.quantity > 0)
