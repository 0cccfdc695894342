"""After the end: how it ended, the winners' names, contracts and defaults."""

from dataclasses import replace

import pytest

from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.events import (
    ContractRecorded,
    LotAward,
    LotClosed,
    Verdict,
    WinnerDefaulted,
    WinnerName,
    WinnersNamed,
)
from mingtang.core.trading.lots.state import Status
from tests.core.lot_examples import (
    CENTRE,
    CLOSES,
    HOUR,
    OPENS,
    SECOND,
    START,
    STEP,
    A,
    B,
    after,
    announced,
    bid,
    close,
    confirm,
    offer,
    propose,
    when,
)
from tests.core.trading_examples import AUCTION, MULTI_UNIT
from tests.words import refused

LED = [announced(AUCTION), bid(A, START, OPENS), bid(B, START + STEP, CLOSES - SECOND)]
END = CLOSES - SECOND + 300 * SECOND
SOLD = [*LED, close(END + SECOND)]
UNSOLD = [announced(AUCTION), close(CLOSES + SECOND)]
LATER = END + 24 * HOUR

# ── How it ended ────────────────────────────────────────────────────────────


def test_the_best_bid_wins():
    assert when(LED, close(END + HOUR)) == [
        LotClosed(
            verdict=Verdict.SOLD,
            awards=(LotAward(paddle=B, price_fen=START + STEP, quantity=1),),
            reserve_fen=0,
            draw=None,
            offers=(),
            bidders=2,
            bids=2,
            extensions=1,
            ended=END,
            at=END + HOUR,
        )
    ]
    assert after(*SOLD).status is Status.CLOSED


def test_without_a_bid_nothing_is_sold():
    [closed] = when(UNSOLD[:1], close(CLOSES + SECOND))
    assert (closed.verdict, closed.awards, closed.bidders) == (Verdict.NO_BIDS, (), 0)


def test_a_proposal_nobody_confirmed_ends_with_it():
    assert after(*LED, propose(CLOSES), close(END + SECOND)).proposal is None


@pytest.mark.parametrize(
    "given",
    [
        [],
        SOLD,
        [*LED, propose(OPENS), confirm(OPENS)],
        [*LED, propose(OPENS, "end"), confirm(OPENS)],
    ],
)
def test_only_what_runs_is_closed(given):
    with refused("lot.not-running"):
        when(given, close(LATER))


# ── Names ───────────────────────────────────────────────────────────────────

NAME = commands.NameWinners(names=(WinnerName(paddle=B, name="演示乙公司"),), at=END + SECOND)


def test_names_become_public_once_it_is_over():
    assert when(SOLD, NAME) == [WinnersNamed(names=NAME.names, at=END + SECOND)]


@pytest.mark.parametrize(
    ("given", "names", "code"),
    [
        (LED, NAME.names, "lot.not-sold"),
        (UNSOLD, (), "lot.not-sold"),
        ([*SOLD, NAME], NAME.names, "lot.named-already"),
        (SOLD, (WinnerName(paddle=A, name="演示甲"),), "lot.other-winners"),
        (SOLD, (), "lot.other-winners"),
        (SOLD, (*NAME.names, *NAME.names), "lot.other-winners"),
        (SOLD, (*NAME.names, WinnerName(paddle=A, name="演示甲")), "lot.other-winners"),
    ],
)
def test_nobody_else_is_named(given, names, code):
    with refused(code):
        when(given, replace(NAME, names=names))


# ── Contracts and defaults ──────────────────────────────────────────────────

SIGN = commands.RecordContract(
    paddle=B, number=" HT-2026-7 ", amount_fen=START + STEP, manages=True, by=CENTRE, at=LATER
)
DEFAULT = commands.RecordDefault(paddle=B, reason="逾期未签约", manages=True, by=CENTRE, at=LATER)


def test_a_winner_signs():
    assert when(SOLD, SIGN) == [
        ContractRecorded(paddle=B, number="HT-2026-7", amount_fen=START + STEP, by=CENTRE, at=LATER)
    ]
    assert after(*SOLD, SIGN).closing.contracts == {B}


def test_a_winner_does_not_sign():
    assert when(SOLD, DEFAULT) == [
        WinnerDefaulted(paddle=B, reason="逾期未签约", by=CENTRE, at=LATER)
    ]
    assert after(*SOLD, DEFAULT).closing.defaults == {B}


def test_of_several_winners_each_stands_alone():
    given = [announced(MULTI_UNIT), close(LATER, offer(A, START, 10), offer(B, START, 10))]
    closing = after(*given, SIGN, replace(DEFAULT, paddle=A)).closing
    assert (closing.contracts, closing.defaults) == ({B}, {A})


@pytest.mark.parametrize("command", [SIGN, DEFAULT])
@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (SOLD, {"manages": False}, "lot.not-officer"),
        (LED, {}, "lot.not-sold"),
        (UNSOLD, {}, "lot.not-sold"),
        (SOLD, {"paddle": A}, "lot.other-winners"),
        ([*SOLD, SIGN], {}, "lot.settled-already"),
        ([*SOLD, DEFAULT], {}, "lot.settled-already"),
    ],
)
def test_neither_is_recorded(given, command, changed, code):
    with refused(code):
        when(given, replace(command, **changed))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": " "}, "lot.contract-number-missing"),
        ({"number": "长" * 61}, "lot.contract-number-missing"),
        ({"amount_fen": 0}, "lot.contract-amount-wrong"),
    ],
)
def test_a_contract_has_a_number_and_an_amount(changed, code):
    with refused(code):
        when(SOLD, replace(SIGN, **changed))


@pytest.mark.parametrize(
    ("reason", "code"), [("", "lot.reason-missing"), ("长" * 501, "lot.reason-too-long")]
)
def test_a_default_has_a_reason(reason, code):
    with refused(code):
        when(SOLD, replace(DEFAULT, reason=reason))
