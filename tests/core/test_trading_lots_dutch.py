"""A falling price (减价竞价): what it is at a moment, who takes it, how far it falls."""

import pytest

from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.bidding import least_next
from mingtang.core.trading.lots.course import ends_at, price_at, span_at, told_end
from mingtang.core.trading.lots.events import LotAward, Part, Verdict
from mingtang.core.trading.parameters import Reserve, Secrecy
from tests.core.lot_examples import (
    CLOSES,
    HOST,
    HOUR,
    MICRO,
    MINUTE,
    OPENS,
    OTHER_HOST,
    SECOND,
    START,
    A,
    B,
    after,
    announced,
    appeared,
    bid,
    close,
    confirm,
    placed,
    propose,
    resume,
    when,
)
from tests.core.trading_examples import DUTCH
from tests.words import refused

FALL, EVERY = START // 100, 5 * MINUTE
SECRET = announced(DUTCH, {"reserve": Reserve(secrecy=Secrecy.SEALED)})
OPENED = announced(DUTCH)


def entered(amount: int) -> list[commands.EnterReserve]:
    return [
        commands.EnterReserve(amount_fen=amount, hosts=True, by=by, at=OPENS - HOUR)
        for by in (HOST, OTHER_HOST)
    ]


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        (OPENS, START),
        (OPENS + EVERY - MICRO, START),
        (OPENS + EVERY, START - FALL),
        (OPENS + 2 * EVERY - MICRO, START - FALL),
        (OPENS + 10 * EVERY, START - 10 * FALL),
        (CLOSES - MICRO, START - 35 * FALL),
    ],
)
def test_the_price_falls_at_each_full_interval(moment, price):
    state = after(OPENED)
    assert (price_at(state, moment), least_next(state, moment)) == (price, price)


def test_the_next_fall_is_told():
    span = span_at(after(OPENED), OPENS + MICRO)
    assert (span.part, span.since, span.until) == (Part.FALLING, OPENS, OPENS + EVERY)


def test_the_first_who_takes_it_ends_it():
    taken = OPENS + 2 * EVERY
    price = START - 2 * FALL
    assert when([OPENED], bid(A, price, taken)) == [
        appeared(A, taken),
        placed(1, A, price, taken, Part.FALLING),
    ]
    given = [OPENED, bid(A, price, taken)]
    assert (ends_at(after(*given)), after(*given).extensions) == (taken, 0)
    with refused("lot.over"):
        when(given, bid(B, START, taken))
    with refused("lot.not-over"):
        when(given, close(taken + SECOND - MICRO))
    [closed] = when(given, close(taken + SECOND))
    assert closed.awards == (LotAward(paddle=A, price_fen=price, quantity=1),)
    assert (closed.verdict, closed.ended, closed.extensions) == (Verdict.SOLD, taken, 0)


def test_one_takes_the_present_price_or_one_there_was():
    moment = OPENS + EVERY
    assert when([OPENED], bid(A, START, moment))[-1].price_fen == START
    with refused("lot.price-below") as caught:
        when([OPENED], bid(A, START - FALL - 1, moment))
    assert caught.value.facts == {"least_fen": START - FALL}
    with refused("lot.price-above") as caught:
        when([OPENED], bid(A, START + 1, moment))
    assert caught.value.facts == {"most_fen": START}


def test_the_price_is_that_of_the_moment_it_was_received():
    """It fell while the bid waited for its turn."""
    received = OPENS + EVERY - MICRO
    with refused("lot.price-below"):
        when([OPENED], bid(A, START - FALL, received, late=SECOND))
    assert when([OPENED], bid(A, START, received, late=SECOND))[-1].price_fen == START
    with refused("lot.too-slow"):
        when([OPENED], bid(A, START, received, late=SECOND + MICRO))


def test_whoever_was_received_first_takes_it_in_whatever_order_their_turns_come():
    """Two took it within a second, at two servers; A came first."""
    first = bid(A, START, OPENS + SECOND, late=SECOND / 2)
    second = bid(B, START, OPENS + SECOND + MICRO)
    state = after(OPENED, second, first)
    assert (state.best.paddle, ends_at(state), state.bids) == (A, OPENS + SECOND, 2)
    with refused("lot.over"):
        when([OPENED, first], second)


# ── How far it falls ────────────────────────────────────────────────────────


def test_it_falls_no_further_than_a_secret_reserve_and_ends_there():
    given = [SECRET, *entered(START - 2 * FALL - 1)]
    state = after(*given)
    assert ends_at(state) == OPENS + 3 * EVERY
    assert price_at(state, OPENS + 3 * EVERY - MICRO) == START - 2 * FALL
    assert span_at(state, OPENS + 3 * EVERY).part is Part.OVER
    [closed] = when(given, close(OPENS + 3 * EVERY + SECOND))
    assert (closed.verdict, closed.reserve_fen) == (Verdict.NO_BIDS, START - 2 * FALL - 1)


def test_where_it_ends_nobody_is_told():
    """The end would tell the reserve; once somebody took it, it is no secret."""
    given = [SECRET, *entered(START - 2 * FALL)]
    assert told_end(after(*given)) == CLOSES
    assert told_end(after(*given, bid(A, START, OPENS + SECOND))) == OPENS + SECOND


def test_a_price_at_the_reserve_can_be_taken():
    given = [SECRET, *entered(START - 2 * FALL), bid(A, START - 2 * FALL, OPENS + 2 * EVERY)]
    [closed] = when(given, close(CLOSES))
    assert closed.verdict is Verdict.SOLD


def test_a_procedure_may_say_how_far_as_a_share_of_the_start_price():
    share = Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=980)
    assert ends_at(after(announced(DUTCH, {"reserve": share}))) == OPENS + 3 * EVERY


def test_without_a_reserve_it_falls_until_it_closes_and_never_to_nothing():
    assert ends_at(after(OPENED)) == CLOSES
    slow = after(announced(DUTCH, start_fen=3))  # one fen at a time
    assert [price_at(slow, OPENS + n * EVERY) for n in range(4)] == [3, 2, 1, 1]
    assert ends_at(slow) == OPENS + 3 * EVERY


def test_while_it_is_paused_it_does_not_fall():
    pause = [propose(OPENS + EVERY), confirm(OPENS + EVERY + MINUTE)]
    going_on = OPENS + 2 * HOUR
    state = after(OPENED, *pause, resume(going_on, going_on))
    assert price_at(state, going_on) == START - FALL
    assert span_at(state, going_on).until == going_on + 4 * MINUTE
