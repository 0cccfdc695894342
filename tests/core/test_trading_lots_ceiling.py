"""A ceiling is reached (最高限价): one-shot quotations or a draw by lot follow."""

from dataclasses import replace

import pytest

from mingtang.core.trading.lots.bidding import least_next
from mingtang.core.trading.lots.closing import drawn
from mingtang.core.trading.lots.course import ends_at, span_at
from mingtang.core.trading.lots.events import (
    CeilingReached,
    EntryDeclared,
    LotAward,
    LotDraw,
    Part,
    Verdict,
)
from mingtang.core.trading.parameters import BidStep
from mingtang.core.wire import Sealed
from tests.core.lot_examples import (
    CLOSES,
    HOUR,
    LOT,
    MICRO,
    MINUTE,
    ONE_SHOT,
    OPENS,
    SECOND,
    SEED,
    START,
    STEP,
    A,
    B,
    C,
    after,
    announced,
    appeared,
    bar,
    bid,
    close,
    declare,
    offer,
    placed,
    when,
)
from tests.core.trading_examples import AUCTION, LISTING
from tests.words import refused

TOP = START + 5 * STEP
REACHED = OPENS + HOUR
ASKED = REACHED + 30 * MINUTE
SHOT = [announced(AUCTION, ONE_SHOT, ceiling_fen=TOP), bid(A, TOP, REACHED)]
DRAWN = [announced(AUCTION, LOT, ceiling_fen=TOP), bid(A, TOP, REACHED)]

# ── Reached ─────────────────────────────────────────────────────────────────


def test_a_bid_at_the_ceiling_reaches_it():
    assert when(SHOT[:1], bid(A, TOP, REACHED)) == [
        appeared(A, REACHED),
        placed(1, A, TOP, REACHED, Part.OPEN),
        CeilingReached(paddle=A, at=REACHED),
    ]


def test_no_bid_goes_beyond_it_and_none_follows():
    with refused("lot.price-above") as caught:
        when(SHOT[:1], bid(A, TOP + STEP, REACHED))
    assert caught.value.facts == {"most_fen": TOP}
    for received in (REACHED - MICRO, REACHED, ASKED):
        with refused("lot.ceiling-reached"):
            when([*SHOT, declare(B, REACHED)], bid(B, TOP, received, late=MICRO))
    assert least_next(after(*SHOT), REACHED) is None


def test_it_is_reached_even_where_the_last_step_is_a_shorter_one():
    given = [announced(AUCTION, ONE_SHOT, ceiling_fen=START + 150_000), bid(A, START, OPENS)]
    given += [bid(B, START + STEP, OPENS)]
    assert least_next(after(*given), OPENS) == START + 150_000
    assert len(when(given, bid(A, START + 150_000, OPENS))) == 2
    with refused("lot.price-below") as caught:
        when(given, bid(A, START + 149_999, OPENS))
    assert caught.value.facts == {"least_fen": START + 150_000}


def test_nobody_jumps_to_it_by_more_steps_than_one_may_take():
    given = [announced(AUCTION, {**ONE_SHOT, "step": BidStep(most_at_once=2)}, ceiling_fen=TOP)]
    with refused("lot.price-too-far"):
        when(given, bid(A, TOP, OPENS))
    given += [bid(A, START + 2 * STEP, OPENS), bid(B, START + 3 * STEP, OPENS)]
    assert len(when(given, bid(A, TOP, OPENS))) == 2


@pytest.mark.parametrize(
    ("moment", "part", "until"),
    [
        (REACHED, Part.CEILING, ASKED),
        (ASKED - MICRO, Part.CEILING, ASKED),
        (ASKED, Part.ONE_SHOT, ASKED + 10 * MINUTE),
        (ASKED + 10 * MINUTE - MICRO, Part.ONE_SHOT, ASKED + 10 * MINUTE),
        (ASKED + 10 * MINUTE, Part.OVER, None),
    ],
)
def test_asking_and_quoting_follow(moment, part, until):
    span = span_at(after(*SHOT, declare(B, REACHED)), moment)
    assert (span.part, span.until) == (part, until)


def test_an_end_a_bid_had_moved_is_an_end_no_more():
    late = CLOSES - SECOND
    state = after(*DRAWN[:1], bid(A, TOP, late))
    assert ends_at(state) == late + 30 * MINUTE


def test_reached_in_free_quotation_others_still_have_until_it_closes_to_come():
    given = [announced(LISTING, ONE_SHOT, ceiling_fen=TOP), bid(A, TOP, REACHED)]
    state = after(*given)
    assert span_at(state, REACHED).part is Part.FREE
    assert span_at(state, CLOSES).part is Part.CEILING
    with refused("lot.ceiling-reached"):
        when(given, bid(B, TOP, REACHED))
    with refused("lot.nothing-asked"):
        when(given, declare(B, CLOSES - MICRO))
    assert ends_at(after(*given, declare(B, CLOSES))) == CLOSES + 40 * MINUTE


# ── Who takes part ──────────────────────────────────────────────────────────


def test_others_say_that_they_take_part():
    assert when(SHOT, declare(B, ASKED - MICRO)) == [
        appeared(B, ASKED - MICRO),
        EntryDeclared(
            paddle=B,
            part=Part.CEILING,
            nonce=Sealed(f"nonce of {B}"),
            ref=f"{B}-0",
            signature="signed",
            received=ASKED - MICRO,
            at=ASKED - MICRO,
        ),
    ]


@pytest.mark.parametrize(
    ("given", "paddle", "received", "code"),
    [
        (SHOT, B, ASKED, "lot.nothing-asked"),
        (SHOT, A, REACHED, "lot.declared-already"),  # who reached it takes part
        ([*SHOT, declare(B, REACHED)], B, REACHED, "lot.declared-already"),
    ],
)
def test_nobody_says_so_twice_or_too_late(given, paddle, received, code):
    with refused(code):
        when(given, declare(paddle, received))


@pytest.mark.parametrize("given", [SHOT, DRAWN])
def test_alone_whoever_reached_it_has_it(given):
    assert ends_at(after(*given)) == ASKED
    [closed] = when(given, close(ASKED + SECOND))
    assert (closed.verdict, closed.draw) == (Verdict.SOLD, None)
    assert closed.awards == (LotAward(paddle=A, price_fen=TOP, quantity=1),)


def test_too_few_bidders_sell_nothing_after_a_ceiling_either():
    given = [announced(AUCTION, {**LOT, "least_bidders": 2}, ceiling_fen=TOP), *DRAWN[1:]]
    [closed] = when(given, close(ASKED + SECOND))
    assert (closed.verdict, closed.bidders) == (Verdict.TOO_FEW, 1)
    [closed] = when([*given, declare(B, REACHED)], close(ASKED + SECOND))
    assert (closed.verdict, closed.bidders) == (Verdict.SOLD, 2)


# ── One-shot quotation ──────────────────────────────────────────────────────

THREE = [*SHOT, declare(B, REACHED), declare(C, REACHED)]
OVER = ASKED + 10 * MINUTE + SECOND


def test_the_quotation_nearest_to_the_average_wins():
    offers = (offer(A, 2_000_000), offer(B, 2_000_300), offer(C, 2_000_100))  # average 133⅓
    [closed] = when(THREE, close(OVER, *offers))
    assert closed.awards == (LotAward(paddle=C, price_fen=2_000_100, quantity=1),)
    assert (closed.bidders, closed.bids) == (3, 4)


def test_equally_near_the_earlier_wins():
    offers = (offer(A, 2_000_000, received=ASKED + SECOND), offer(B, 2_000_002, received=ASKED))
    [closed] = when(THREE, close(OVER, *offers))
    assert closed.awards[0].paddle == B


def test_only_those_who_take_part_and_are_not_barred_count():
    stranger = offer("9999", 2_000_000)
    offers = (offer(B, 9_000_000), offer(C, 3_000_000), stranger)
    [closed] = when([*THREE, bar(B, REACHED)], close(OVER, *offers))
    assert closed.awards == (LotAward(paddle=C, price_fen=3_000_000, quantity=1),)


def test_if_nobody_quotes_whoever_reached_the_ceiling_has_it():
    [closed] = when(THREE, close(OVER))
    assert closed.awards == (LotAward(paddle=A, price_fen=TOP, quantity=1),)


@pytest.mark.parametrize("given", [THREE, SHOT, DRAWN])
def test_whoever_reached_it_and_was_barred_has_nothing(given):
    [closed] = when([*given, bar(A, REACHED)], close(OVER))
    assert (closed.verdict, closed.awards) == (Verdict.LEADER_BARRED, ())


# ── Draw by lot ─────────────────────────────────────────────────────────────


def test_a_lot_is_drawn_from_the_seed_and_everybodys_share():
    given = [*DRAWN, declare(C, REACHED), declare(B, REACHED)]
    draw = LotDraw(seed=SEED, paddles=(A, B, C), nonces=("bid 1", f"nonce of {B}", f"nonce of {C}"))
    [closed] = when(given, close(ASKED + SECOND))
    assert (closed.ended, closed.draw) == (ASKED, draw)
    assert closed.awards == (LotAward(paddle=drawn(draw), price_fen=TOP, quantity=1),)
    # SHA-256 of "5eed\nbid 1\nnonce of 5088\nnonce of 6203\n0", as a number, modulo 3, is 2
    assert drawn(draw) == C


def test_every_share_of_it_turns_the_draw():
    draw = LotDraw(seed=SEED, paddles=(A, B, C), nonces=("1", "2", "3"))
    by_nonce = {drawn(replace(draw, nonces=("1", "2", f"{n}"))) for n in range(40)}
    by_seed = {drawn(replace(draw, seed=f"{n}")) for n in range(40)}
    assert by_nonce == by_seed == {A, B, C}


def test_a_barred_paddle_is_not_drawn():
    given = [*DRAWN, declare(C, REACHED), declare(B, REACHED), bar(C, REACHED)]
    draw = LotDraw(seed=SEED, paddles=(A, B), nonces=("bid 1", f"nonce of {B}"))
    [closed] = when(given, close(ASKED + SECOND))
    assert closed.draw == draw
    assert closed.awards == (LotAward(paddle=drawn(draw), price_fen=TOP, quantity=1),)
