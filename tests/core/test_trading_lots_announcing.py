"""A lot is announced, changed before it opens, and given a secret reserve by two persons."""

from dataclasses import replace

import pytest

from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.course import span_at
from mingtang.core.trading.lots.events import LotChanged, Part, ReserveEntered, Verdict
from mingtang.core.trading.parameters import Award, Reserve, Secrecy
from mingtang.core.wire import ERASED, Sealed
from tests.core.lot_examples import (
    CENTRE,
    CLOSES,
    HOST,
    HOUR,
    LOT,
    MICRO,
    MINUTE,
    OPENS,
    OTHER_HOST,
    REVERSE,
    SECOND,
    SEED,
    START,
    STEP,
    TIMES,
    A,
    after,
    announced,
    bid,
    close,
    confirm,
    content,
    propose,
    when,
)
from tests.core.trading_examples import AUCTION, DUTCH, LISTING, MONDAY, WAYS, sourced
from tests.words import refused

ANNOUNCE = commands.AnnounceLot(
    project="JY-7K2P-9QXD",
    content=content(AUCTION),
    procedure=sourced(**AUCTION),
    seed=SEED,
    by=CENTRE,
    at=MONDAY - 24 * HOUR,
)

# ── Announced ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["code"])
def test_each_way_of_bidding_can_be_announced(way):
    command = replace(ANNOUNCE, content=content(way), procedure=sourced(**way))
    assert when([], command) == [announced(way)]


def test_it_opens_when_the_notice_says():
    state = after(announced(AUCTION))
    assert span_at(state, OPENS - MICRO).part is Part.BEFORE
    assert span_at(state, OPENS).part is Part.OPEN
    assert state.hours == (OPENS, CLOSES)


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        ([announced(AUCTION)], {}, "lot.announced-already"),
        ([], {"procedure": sourced(**AUCTION, award=Award.EVALUATION)}, "lot.evaluated-elsewhere"),
        ([], {"procedure": sourced(**{**AUCTION, "code": "other"})}, "lot.terms-differ"),
        # a ceiling the procedure says nothing of: nobody would know what follows it
        ([], {"content": content(AUCTION, ceiling_fen=2 * START)}, "lot.terms-differ"),
    ],
)
def test_a_lot_is_not_announced(given, changed, code):
    with refused(code):
        when(given, replace(ANNOUNCE, **changed))


def test_nothing_is_asked_of_a_lot_nobody_announced():
    for command in (bid(A, START, OPENS), close(CLOSES)):
        with refused(
            "lot.not-announced" if isinstance(command, commands.PlaceBid) else "lot.not-running"
        ):
            when([], command)


# ── Changed ─────────────────────────────────────────────────────────────────

CHANGE = commands.ChangeLot(
    content=content(AUCTION, title="演示地块（面积更正）"),
    reason="面积更正",
    by=CENTRE,
    at=OPENS - MICRO,
)
LATER = replace(TIMES, opens=OPENS + HOUR, closes=CLOSES + HOUR)


def test_until_it_opens_a_lot_may_change():
    assert when([announced(AUCTION)], CHANGE) == [
        LotChanged(content=CHANGE.content, reason="面积更正", by=CENTRE, at=OPENS - MICRO)
    ]
    state = after(announced(AUCTION), replace(CHANGE, content=content(AUCTION, times=LATER)))
    assert state.hours == (OPENS + HOUR, CLOSES + HOUR)


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        ([], {}, "lot.not-running"),
        ([announced(AUCTION)], {"at": OPENS}, "lot.bidding-open"),
        ([announced(AUCTION)], {"reason": " "}, "lot.reason-missing"),
        ([announced(AUCTION)], {"reason": "长" * 501}, "lot.reason-too-long"),
        ([announced(AUCTION)], {"content": content(AUCTION, no=2)}, "lot.terms-differ"),
        ([announced(AUCTION)], {"content": content(LISTING)}, "lot.terms-differ"),
        (
            [announced(AUCTION)],
            {"content": content(AUCTION, procedure_version=2)},
            "lot.terms-differ",
        ),
        (
            [announced(AUCTION)],
            {"content": content(AUCTION, ceiling_fen=2 * START)},
            "lot.terms-differ",
        ),
        (
            [announced(AUCTION), propose(MONDAY, "end"), confirm(MONDAY)],
            {},
            "lot.not-running",
        ),
    ],
)
def test_a_lot_does_not_change(given, changed, code):
    with refused(code):
        when(given, replace(CHANGE, **changed))


# ── The secret reserve ──────────────────────────────────────────────────────

SECRET = {"reserve": Reserve(secrecy=Secrecy.SEALED)}
ENTER = commands.EnterReserve(amount_fen=1_500_000, hosts=True, by=HOST, at=CLOSES - MINUTE)
AGREE = replace(ENTER, by=OTHER_HOST, at=CLOSES - SECOND)


def test_a_reserve_is_set_once_two_persons_entered_the_same():
    given = [announced(AUCTION, SECRET)]
    assert when(given, ENTER) == [
        ReserveEntered(amount=Sealed("1500000"), agreed=False, by=HOST, at=CLOSES - MINUTE)
    ]
    assert after(*given, ENTER).reserve_fen == 0
    assert when([*given, ENTER], AGREE) == [
        ReserveEntered(amount=Sealed("1500000"), agreed=True, by=OTHER_HOST, at=CLOSES - SECOND)
    ]
    assert after(*given, ENTER, AGREE).reserve_fen == 1_500_000


def test_whoever_entered_it_first_may_correct_it_and_agrees_with_nobody_alone():
    slip = replace(ENTER, amount_fen=15_000_000)
    state = after(announced(AUCTION, SECRET), slip, ENTER)
    assert (state.reserve_fen, state.first_reserve) == (0, (1_500_000, HOST))
    assert after(announced(AUCTION, SECRET), slip, ENTER, AGREE).reserve_fen == 1_500_000


def test_a_procedure_may_have_it_entered_in_the_last_half_hour_only():
    since = CLOSES - 30 * MINUTE
    assert len(when([announced(LISTING)], replace(ENTER, at=since))) == 1
    with refused("lot.reserve-too-early"):
        when([announced(LISTING)], replace(ENTER, at=since - MICRO))


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        ([announced(AUCTION, SECRET)], {"hosts": False}, "lot.not-host"),
        ([], {}, "lot.not-running"),
        ([announced(AUCTION)], {}, "lot.reserve-not-secret"),
        (
            [announced(AUCTION, {"reserve": Reserve(secrecy=Secrecy.PUBLIC)})],
            {},
            "lot.reserve-not-secret",
        ),
        ([announced(AUCTION, SECRET), ENTER, AGREE], {}, "lot.reserve-set"),
        ([announced(AUCTION, SECRET)], {"at": CLOSES}, "lot.reserve-too-late"),
        ([announced(AUCTION, SECRET)], {"amount_fen": START - 1}, "lot.reserve-out-of-bounds"),
        (
            [announced(AUCTION, {**SECRET, **LOT}, ceiling_fen=START + STEP)],
            {},
            "lot.reserve-out-of-bounds",
        ),
        (
            [announced(REVERSE, SECRET)],
            {"amount_fen": START + 1},
            "lot.reserve-out-of-bounds",
        ),
        ([announced(DUTCH, SECRET)], {"at": MONDAY, "amount_fen": 0}, "lot.reserve-out-of-bounds"),
        (
            [announced(AUCTION, SECRET), ENTER],
            {"by": OTHER_HOST, "amount_fen": 1_500_001},
            "lot.reserve-differs",
        ),
    ],
)
def test_a_reserve_is_not_entered(given, changed, code):
    with refused(code):
        when(given, replace(ENTER, **changed))


def test_a_reserve_is_worth_its_share_of_the_appraisal():
    share = {"reserve": Reserve(secrecy=Secrecy.SEALED, least_of_appraisal_permille=700)}
    given = [announced(AUCTION, share, appraisal_fen=2_000_001)]
    assert len(when(given, replace(ENTER, amount_fen=1_400_001))) == 1
    with refused("lot.reserve-out-of-bounds"):
        when(given, replace(ENTER, amount_fen=1_400_000))


def test_a_falling_price_has_its_reserve_before_it_begins_to_fall():
    """Entered later it could be set above the present price, and end the lot on the spot."""
    given = [announced(DUTCH, SECRET)]
    early = replace(ENTER, amount_fen=START // 2, at=OPENS - MICRO)
    assert len(when(given, early)) == 1
    with refused("lot.reserve-too-late"):
        when(given, replace(early, at=OPENS))


def test_an_erased_reserve_is_none():
    state = after(announced(AUCTION, SECRET), ENTER, AGREE)
    assert state.reserve_fen == 1_500_000
    erased = ReserveEntered(amount=ERASED, agreed=True, by=OTHER_HOST, at=CLOSES)
    assert after(announced(AUCTION, SECRET), erased).reserve_fen == 0


@pytest.mark.parametrize(
    ("price", "verdict"),
    [(START + 4 * STEP, Verdict.BELOW_RESERVE), (START + 5 * STEP, Verdict.SOLD)],
)
def test_a_bid_below_the_reserve_has_no_effect(price, verdict):
    given = [announced(AUCTION, SECRET), bid(A, price, OPENS), ENTER, AGREE]
    [closed] = when(given, close(CLOSES + SECOND))
    assert (closed.verdict, closed.reserve_fen) == (verdict, 1_500_000)


def test_a_reserve_may_be_a_share_of_the_start_price():
    share = {"reserve": Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=1_200)}
    given = [announced(AUCTION, share), bid(A, START + STEP, OPENS)]
    [closed] = when(given, close(CLOSES + SECOND))
    assert (closed.verdict, closed.reserve_fen) == (Verdict.BELOW_RESERVE, 1_200_000)
