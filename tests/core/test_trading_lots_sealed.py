"""Sealed offers (密封报价): the best one wins, or several are served in the order of prices."""

import pytest

from mingtang.core.trading.lots.course import span_at
from mingtang.core.trading.lots.events import LotAward, Part, Verdict
from mingtang.core.trading.parameters import Allocation, AllocationRow, Reserve, Secrecy
from tests.core.lot_examples import (
    CLOSES,
    MICRO,
    OPENS,
    SECOND,
    START,
    A,
    B,
    C,
    after,
    announced,
    bar,
    bid,
    close,
    declare,
    offer,
    when,
)
from tests.core.trading_examples import MULTI_UNIT, SEALED
from tests.words import refused

D = "7777"
OPENED = announced(SEALED)  # the lowest wins
UNITS = announced(MULTI_UNIT)  # 100 of them, to the highest; of four bidders, seven in ten
OVER = CLOSES + SECOND


@pytest.mark.parametrize("opened", [OPENED, UNITS])
def test_offers_are_sealed_from_opening_to_close(opened):
    state = after(opened)
    parts = [span_at(state, at).part for at in (OPENS - MICRO, OPENS, CLOSES - MICRO, CLOSES)]
    assert parts == [Part.BEFORE, Part.SEALED, Part.SEALED, Part.OVER]
    with refused("lot.sealed"):
        when([opened], bid(A, START, OPENS))
    with refused("lot.over"):  # nothing moves the end
        when([opened], bid(A, START, CLOSES))
    with refused("lot.nothing-asked"):
        when([opened], declare(A, OPENS))


# ── One winner ──────────────────────────────────────────────────────────────


def test_the_best_offer_wins():
    [closed] = when([OPENED], close(OVER, offer(A, 900_000), offer(B, 899_999), offer(C, START)))
    assert (closed.verdict, closed.bidders, closed.bids) == (Verdict.SOLD, 3, 3)
    assert closed.awards == (LotAward(paddle=B, price_fen=899_999, quantity=1),)


def test_of_equal_offers_the_earlier_wins():
    offers = (offer(A, 900_000, received=OPENS + MICRO), offer(B, 900_000, received=OPENS))
    [closed] = when([OPENED], close(OVER, *offers))
    assert closed.awards[0].paddle == B


def test_without_offers_nothing_is_sold():
    [closed] = when([OPENED], close(OVER))
    assert (closed.verdict, closed.awards, closed.bidders) == (Verdict.NO_BIDS, (), 0)


def test_too_few_offers_sell_nothing():
    given = [announced(SEALED, {"least_bidders": 3})]
    [closed] = when(given, close(OVER, offer(A, 1), offer(B, 2)))
    assert (closed.verdict, closed.bidders) == (Verdict.TOO_FEW, 2)


def test_a_reverse_reserve_is_reached_from_above():
    given = [announced(SEALED, {"reserve": Reserve(secrecy=Secrecy.PUBLIC)}, reserve_fen=800_000)]
    [closed] = when(given, close(OVER, offer(A, 800_001)))
    assert (closed.verdict, closed.reserve_fen) == (Verdict.BELOW_RESERVE, 800_000)
    [closed] = when(given, close(OVER, offer(A, 800_001), offer(B, 800_000)))
    assert closed.awards[0].paddle == B


def test_an_offer_of_a_barred_paddle_is_not_opened():
    given = [OPENED, bar(A, OPENS)]
    [closed] = when(given, close(OVER, offer(A, 1), offer(B, 900_000)))
    assert (closed.awards[0].paddle, closed.bidders) == (B, 1)
    [closed] = when(given, close(OVER, offer(A, 1)))
    assert closed.verdict is Verdict.NO_BIDS


# ── Several winners ─────────────────────────────────────────────────────────


def served(*offers, partly=True, table=None, **said):
    """Return who gets how many at which price."""
    rules = {}
    if table or not partly:
        rows = MULTI_UNIT["allocation"].table if table is None else table
        rules = {"allocation": Allocation(table=rows, partly=partly)}
    [closed] = when([announced(MULTI_UNIT, rules, **said)], close(OVER, *offers))
    return [(award.paddle, award.quantity, award.price_fen) for award in closed.awards]


def test_the_best_prices_are_served_first_and_each_pays_their_own():
    offers = (offer(A, START, 30), offer(B, 1_100_000, 40), offer(C, 1_050_000, 20))
    assert served(*offers) == [(B, 40, 1_100_000), (C, 20, 1_050_000), (A, 30, START)]


def test_at_equal_prices_the_earlier_is_served_first():
    offers = (offer(A, START, 60, received=OPENS + MICRO), offer(B, START, 60))
    assert served(*offers) == [(B, 60, START), (A, 40, START)]


def test_the_last_one_gets_what_is_left_where_the_procedure_divides():
    offers = (offer(A, 3 * START, 60), offer(B, 2 * START, 60), offer(C, START, 10))
    assert served(*offers) == [(A, 60, 3 * START), (B, 40, 2 * START)]
    assert served(*offers, partly=False) == [(A, 60, 3 * START)]


def test_exactly_all_of_it_leaves_nothing_to_the_next():
    offers = (offer(A, 3 * START, 60), offer(B, 2 * START, 40), offer(C, START, 10))
    for partly in (True, False):
        got = served(*offers, partly=partly)
        assert got == [(A, 60, 3 * START), (B, 40, 2 * START)]


def test_of_four_bidders_seven_in_ten_are_served():
    offers = [offer(p, n * START, 10) for n, p in enumerate((A, B, C, D), 1)]
    assert [paddle for paddle, _, _ in served(*offers)] == [D, C]  # 2.8, rounded down
    assert [paddle for paddle, _, _ in served(*offers[1:])] == [D, C, B]  # all of three


def test_one_at_least_is_served():
    table = (AllocationRow(from_bidders=1, winners_permille=100),)
    assert served(offer(A, START, 5), table=table) == [(A, 5, START)]


def test_offers_below_the_reserve_are_not_served():
    rules = {"reserve": Reserve(secrecy=Secrecy.PUBLIC)}
    given = [announced(MULTI_UNIT, rules, reserve_fen=1_100_000)]
    [closed] = when(given, close(OVER, offer(A, START, 50), offer(B, 1_100_000, 50)))
    assert closed.awards == (LotAward(paddle=B, price_fen=1_100_000, quantity=50),)
    [closed] = when(given, close(OVER, offer(A, START, 50)))
    assert (closed.verdict, closed.awards) == (Verdict.BELOW_RESERVE, ())
