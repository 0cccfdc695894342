"""An open auction, upwards and downwards: prices, extensions, priority rights, keys."""

from dataclasses import replace

import pytest

from mingtang.core.trading.lots.bidding import least_next
from mingtang.core.trading.lots.course import ends_at, span_at
from mingtang.core.trading.lots.events import LotAward, PaddleBarred, Part, Verdict
from mingtang.core.trading.parameters import BidStep, Extension, StepRow
from tests.core.lot_examples import (
    CLOSES,
    HOST,
    MICRO,
    MINUTE,
    OPENS,
    PRIORITY,
    RANKED,
    REVERSE,
    SECOND,
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
    placed,
    when,
)
from tests.core.trading_examples import AUCTION
from tests.words import refused

OPENED = announced(AUCTION)
LED = [OPENED, bid(A, START, OPENS)]
UNMOVED = {"extension": None}

# ── In time ─────────────────────────────────────────────────────────────────


def test_one_microsecond_before_the_end_a_bid_counts():
    received = CLOSES - MICRO
    assert when(LED, bid(B, START + STEP, received)) == [
        appeared(B, received),
        placed(2, B, START + STEP, received, Part.OPEN),
    ]


def test_at_the_end_it_does_not():
    with refused("lot.settling"):
        when(LED, bid(B, START + STEP, CLOSES))
    with refused("lot.settling"):
        when(LED, bid(B, START + STEP, CLOSES, late=SECOND - MICRO))
    with refused("lot.over"):
        when(LED, bid(B, START + STEP, CLOSES, late=SECOND))


def test_what_came_in_time_has_a_second_after_the_end_to_reach_its_turn():
    in_time = CLOSES - MICRO
    assert len(when(LED, bid(B, START + STEP, in_time, late=SECOND))) == 2
    with refused("lot.too-slow"):
        when(LED, bid(B, START + STEP, in_time, late=SECOND + MICRO))


def test_before_the_end_a_slow_commit_refuses_nobody():
    slow = bid(B, START + STEP, OPENS, late=30 * SECOND)
    assert when(LED, slow)[-1] == placed(2, B, START + STEP, OPENS, Part.OPEN, late=30 * SECOND)


def test_what_was_received_after_its_turn_came_has_a_wrong_clock():
    with refused("lot.clock-ahead"):
        when(LED, bid(B, START + STEP, OPENS + MICRO, late=-MICRO))


def test_a_lot_is_closed_a_second_after_its_end_and_not_before():
    with refused("lot.not-over"):
        when(LED, close(CLOSES + SECOND - MICRO))
    [closed] = when(LED, close(CLOSES + SECOND))
    assert (closed.ended, closed.at) == (CLOSES, CLOSES + SECOND)


def test_once_closed_it_is_over():
    given = [*LED, close(CLOSES + SECOND)]
    for received in (CLOSES - MICRO, CLOSES, CLOSES + SECOND):
        with refused("lot.over"):
            when(given, bid(B, START + STEP, received, late=2 * SECOND))
    with refused("lot.not-running"):
        when(given, close(CLOSES + SECOND))


# ── Extensions ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("received", "end", "extensions"),
    [
        (CLOSES - 5 * MINUTE - MICRO, CLOSES, 0),
        (CLOSES - 5 * MINUTE, CLOSES, 0),  # moved to where it is
        (CLOSES - 5 * MINUTE + MICRO, CLOSES + MICRO, 1),
        (CLOSES - MICRO, CLOSES + 5 * MINUTE - MICRO, 1),
    ],
)
def test_a_bid_in_the_last_five_minutes_moves_the_end_to_five_minutes_after_it(
    received, end, extensions
):
    state = after(*LED, bid(B, START + STEP, received))
    assert (ends_at(state), state.extensions) == (end, extensions)
    assert span_at(state, received).until == end


@pytest.mark.parametrize(("early", "moved"), [(MICRO, 0 * MINUTE), (0 * MICRO, 5 * MINUTE)])
def test_the_edge_of_the_window_is_within_it(early, moved):
    longer = {"extension": Extension(window_seconds=300, by_seconds=600)}
    received = CLOSES - 5 * MINUTE - early
    state = after(announced(AUCTION, longer), bid(A, START, received))
    assert ends_at(state) == CLOSES + moved


def test_the_end_is_measured_from_where_the_last_bid_moved_it():
    first, second = CLOSES - MICRO, CLOSES + 5 * MINUTE - 2 * MICRO
    state = after(*LED, bid(B, START + STEP, first), bid(A, START + 2 * STEP, second))
    assert (ends_at(state), state.extensions) == (second + 5 * MINUTE, 2)


def test_a_refused_bid_moves_nothing():
    with refused("lot.price-below"):
        when(LED, bid(B, START, CLOSES - MICRO))
    assert ends_at(after(*LED)) == CLOSES


def test_a_procedure_may_move_the_end_so_many_times_and_no_more():
    once = {"extension": Extension(window_seconds=300, by_seconds=300, most=1)}
    given = [announced(AUCTION, once), bid(A, START, CLOSES - SECOND)]
    end = CLOSES - SECOND + 5 * MINUTE
    state = after(*given, bid(B, START + STEP, end - SECOND))
    assert (ends_at(state), state.extensions, state.bids) == (end, 1, 2)


def test_without_an_extension_the_end_stays():
    state = after(announced(AUCTION, UNMOVED), bid(A, START, CLOSES - MICRO))
    assert (ends_at(state), state.extensions) == (CLOSES, 0)


def test_a_shorter_extension_never_moves_the_end_earlier():
    short = {"extension": Extension(window_seconds=300, by_seconds=60)}
    state = after(announced(AUCTION, short), bid(A, START, CLOSES - 2 * MINUTE))
    assert (ends_at(state), state.extensions) == (CLOSES, 0)


# ── Prices ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("price", "code", "facts"),
    [
        (START, "lot.price-below", {"least_fen": START + STEP}),
        (START + STEP - 1, "lot.price-below", {"least_fen": START + STEP}),
        (START + STEP + 1, "lot.price-not-stepped", {"step_fen": STEP}),
        (10**15 + STEP, "lot.price-above", {"most_fen": 10**15}),
        (-START, "lot.price-below", {"least_fen": START + STEP}),
    ],
)
def test_a_price_is_whole_steps_above_the_best(price, code, facts):
    with refused(code) as caught:
        when(LED, bid(B, price, OPENS))
    assert caught.value.facts == facts


@pytest.mark.parametrize("price", [START + STEP, START + 7 * STEP])
def test_as_many_steps_as_one_likes(price):
    assert when(LED, bid(B, price, OPENS))[-1].price_fen == price


def test_the_first_bid_takes_the_start_price_or_steps_from_it():
    with refused("lot.price-below"):
        when([OPENED], bid(A, START - 1, OPENS))
    with refused("lot.price-not-stepped"):
        when([OPENED], bid(A, START + 1, OPENS))
    assert least_next(after(OPENED), OPENS) == START
    assert when([OPENED], bid(A, START + STEP, OPENS))[-1].price_fen == START + STEP


def test_a_procedure_may_bound_the_steps_of_one_bid():
    given = [announced(AUCTION, {"step": BidStep(most_at_once=3)}), bid(A, START, OPENS)]
    assert len(when(given, bid(B, START + 3 * STEP, OPENS))) == 2
    with refused("lot.price-too-far") as caught:
        when(given, bid(B, START + 4 * STEP, OPENS))
    assert caught.value.facts == {"most_fen": START + 3 * STEP}


def test_a_procedure_may_bound_how_often_one_bids():
    given = [announced(AUCTION, {"most_bids": 1}), bid(A, START, OPENS), bid(B, 2 * START, OPENS)]
    with refused("lot.bids-used-up") as caught:
        when(given, bid(A, 3 * START, OPENS))
    assert caught.value.facts == {"most": 1}


def test_a_table_says_the_step_by_the_price_it_starts_from():
    rows = (StepRow(from_fen=0, step_fen=10_000), StepRow(from_fen=START, step_fen=50_000))
    given = [
        announced(AUCTION, {"step": BidStep(table=rows)}, start_fen=START - 10_000, step_fen=0)
    ]
    assert when(given, bid(A, START, OPENS))[-1].price_fen == START
    given += [bid(A, START, OPENS)]
    assert least_next(after(*given), OPENS) == START + 50_000
    with refused("lot.price-below"):
        when(given, bid(B, START + 10_000, OPENS))


def test_whoever_leads_need_not_outbid_themselves():
    with refused("lot.leading-already"):
        when(LED, bid(A, START + STEP, OPENS))


def test_before_and_after_it_nothing_is_the_next_price():
    assert least_next(after(*LED), OPENS - MICRO) is None
    assert least_next(after(*LED), OPENS) == START + STEP
    assert least_next(after(*LED), CLOSES) is None


# ── Downwards ───────────────────────────────────────────────────────────────

DOWN = [announced(REVERSE), bid(A, START, OPENS)]


def test_in_a_reverse_auction_the_lowest_leads():
    given = [*DOWN, bid(B, START - 2 * STEP, OPENS)]
    assert least_next(after(*given), OPENS) == START - 3 * STEP
    [closed] = when(given, close(CLOSES + SECOND))
    assert closed.awards == (LotAward(paddle=B, price_fen=START - 2 * STEP, quantity=1),)


@pytest.mark.parametrize(
    ("price", "code", "facts"),
    [
        (START, "lot.price-above", {"most_fen": START - STEP}),
        (START - STEP + 1, "lot.price-above", {"most_fen": START - STEP}),
        (START - STEP - 1, "lot.price-not-stepped", {"step_fen": STEP}),
        (0, "lot.price-below", {"least_fen": 1}),
        (-STEP, "lot.price-below", {"least_fen": 1}),
    ],
)
def test_a_reverse_price_is_whole_steps_below_the_best(price, code, facts):
    with refused(code) as caught:
        when(DOWN, bid(B, price, OPENS))
    assert caught.value.facts == facts


def test_nothing_is_left_below_one_step():
    given = [announced(REVERSE), bid(A, STEP, OPENS)]
    assert least_next(after(*given), OPENS) is None


def test_too_few_bidders_sell_nothing():
    [closed] = when(DOWN, close(CLOSES + SECOND))
    assert (closed.verdict, closed.awards, closed.bidders) == (Verdict.TOO_FEW, (), 1)


# ── Priority rights ─────────────────────────────────────────────────────────


def test_a_holder_of_a_priority_right_takes_the_same_price_and_wins_it():
    given = [announced(AUCTION, PRIORITY), bid(A, START, OPENS)]
    events = when(given, bid(B, START, OPENS + MICRO, rank=1))
    assert events == [
        appeared(B, OPENS + MICRO, rank=1),
        placed(2, B, START, OPENS + MICRO, Part.OPEN),
    ]
    given += events
    [closed] = when(given, close(CLOSES + SECOND))
    assert closed.awards == (LotAward(paddle=B, price_fen=START, quantity=1),)
    # whoever has none goes a step beyond, and may be matched again
    given += [bid(A, START + STEP, OPENS + SECOND)]
    assert len(when(given, bid(B, START + STEP, OPENS + SECOND, rank=1))) == 1


def test_taking_the_same_price_late_moves_the_end_like_any_bid():
    given = [announced(AUCTION, PRIORITY), bid(A, START, OPENS)]
    given += [bid(B, START, CLOSES - MICRO, rank=1)]
    assert ends_at(after(*given)) == CLOSES - MICRO + 5 * MINUTE


@pytest.mark.parametrize(
    ("rules", "first", "second", "takes"),
    [
        ({}, 0, 1, False),  # the procedure knows no priority
        (PRIORITY, 0, 0, False),
        (PRIORITY, 0, 2, True),
        (PRIORITY, 2, 1, False),  # between holders: who came first
        (RANKED, 2, 1, True),  # between holders: rank
        (RANKED, 1, 1, False),
        (RANKED, 1, 2, False),
    ],
)
def test_between_holders_it_is_rank_then_time(rules, first, second, takes):
    given = [announced(AUCTION, rules), bid(A, START, OPENS, rank=first)]
    command = bid(B, START, OPENS, rank=second)
    if takes:
        assert when(given, command)[-1].paddle == B
    else:
        with refused("lot.price-below"):
            when(given, command)


def test_a_holder_does_not_take_a_lower_price_than_the_best():
    given = [announced(AUCTION, RANKED), bid(A, START, OPENS), bid(C, START + STEP, OPENS)]
    with refused("lot.price-below"):
        when(given, bid(B, START, OPENS, rank=1))


# ── Paddles and keys ────────────────────────────────────────────────────────


def test_a_bidder_may_go_on_under_another_key():
    given = [*LED, bid(B, START + STEP, OPENS)]
    events = when(given, bid(A, START + 2 * STEP, OPENS, key_no=2))
    assert events == [
        appeared(A, OPENS, key_no=2),
        placed(3, A, START + 2 * STEP, OPENS, Part.OPEN),
    ]
    with refused("lot.key-replaced"):
        when([*given, *events, bid(B, START + 3 * STEP, OPENS)], bid(A, 2 * START, OPENS))


def test_under_the_same_number_there_is_one_key_and_one_rank():
    given = [*LED, bid(B, START + STEP, OPENS)]
    other = bid(A, START + 2 * STEP, OPENS)
    with refused("lot.key-differs"):
        when(given, bid(A, START + 2 * STEP, OPENS, rank=1))
    with refused("lot.key-differs"):
        when(given, replace(other, key="another"))


def test_a_barred_paddle_bids_no_more_and_buys_nothing():
    assert when(LED, bar(A, OPENS)) == [
        PaddleBarred(paddle=A, reason="弄虚作假", by=HOST, at=OPENS)
    ]
    given = [*LED, bar(A, OPENS), bid(B, START + STEP, OPENS)]
    for key_no in (1, 2):
        with refused("lot.paddle-barred"):
            when(given, bid(A, START + 2 * STEP, OPENS, key_no=key_no))
    [closed] = when([*LED, bar(A, OPENS)], close(CLOSES + SECOND))
    assert (closed.verdict, closed.awards) == (Verdict.LEADER_BARRED, ())
    [closed] = when(given, close(CLOSES + SECOND))
    assert closed.awards == (LotAward(paddle=B, price_fen=START + STEP, quantity=1),)


def test_a_paddle_may_be_barred_before_it_appears():
    with refused("lot.paddle-barred"):
        when([OPENED, bar(A, OPENS)], bid(A, START, OPENS))


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (LED, {"hosts": False}, "lot.not-host"),
        ([], {}, "lot.not-running"),
        ([*LED, close(CLOSES + SECOND)], {}, "lot.not-running"),
        ([*LED, bar(A, OPENS)], {}, "lot.paddle-barred"),
        (LED, {"reason": ""}, "lot.reason-missing"),
        (LED, {"reason": "长" * 501}, "lot.reason-too-long"),
    ],
)
def test_a_paddle_is_not_barred(given, changed, code):
    command = bar(A, OPENS)
    with refused(code):
        when(given, replace(command, **changed))
