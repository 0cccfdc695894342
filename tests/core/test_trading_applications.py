"""Signing up (竞买报名): filed, admitted or refused, withdrawn; another key; sealed offers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.core.trading import applications
from mingtang.core.trading.applications import (
    AdmitApplication,
    ApplicationAdmitted,
    ApplicationFiled,
    ApplicationRefused,
    ApplicationWithdrawn,
    Bidder,
    FileApplication,
    KeyReplaced,
    OfferSealed,
    OfferTerms,
    PlaceOffer,
    RefuseApplication,
    ReplaceKey,
    SealedOffer,
    State,
    WithdrawApplication,
    bid_message,
    declaration_message,
)
from mingtang.core.trading.lots.events import Part
from mingtang.core.trading.participation import (
    NOT_ANNOUNCED,
    deposit_deadline,
    has_bid,
    offer_terms,
    sign_up_deadline,
)
from mingtang.core.wire import ERASED, Sealed
from tests.core import lot_examples as lots
from tests.core.lot_examples import CLOSES, HOUR, LOT, MICRO, ONE_SHOT, OPENS, SECOND, START
from tests.core.trading_examples import (
    AUCTION,
    LISTING,
    MONDAY,
    MULTI_UNIT,
    SEALED,
)
from tests.words import refused

ANNA, OFFICER = "P-anna", "P-officer"
KEY, OTHER_KEY = "B" + "x" * 86, "B" + "y" * 86
UNTIL = MONDAY + timedelta(days=2)
FILE = FileApplication(
    lot="JY-7K2P-9QXD-1",
    bidder=Bidder(person=ANNA, name="演示商行", id_number="X1", phone="13800001234"),
    key=KEY,
    priority="承租人",
    documents="[]",
    promised=True,
    sign_up_from=MONDAY,
    sign_up_until=UNTIL,
    filed_before=False,
    excluded=False,
    at=MONDAY,
)
ADMIT = AdmitApplication(paddle="4711", rank=2, qualifies=True, by=OFFICER, at=UNTIL)
REFUSE = RefuseApplication(reason="材料不全", qualifies=True, by=OFFICER, at=UNTIL)
WITHDRAW = WithdrawApplication(person=ANNA, sign_up_until=UNTIL, has_bid=False, at=UNTIL - MICRO)
REPLACE = ReplaceKey(person=ANNA, key=OTHER_KEY, at=UNTIL)
FILED, ADMITTED = [FILE], [FILE, ADMIT]
OPEN = OfferTerms(
    part=Part.SEALED,
    until=CLOSES,
    least_fen=START,
    most_fen=0,
    step_fen=50_000,
    quantity=100,
    most_offers=2,
    entered=True,
    barred=False,
)
OFFER = PlaceOffer(
    person=ANNA,
    price_fen=START + 50_000,
    quantity=100,
    ref="r1",
    signature="signed",
    terms=OPEN,
    paid=True,
    received=OPENS,
    at=OPENS + SECOND,
)


def after(*commands: applications.Command) -> State:
    state = State()
    for command in commands:
        for event in applications.decide(state, command):
            state = applications.evolve(state, event)
    return state


def when(given: list[applications.Command], command: applications.Command) -> applications.Event:
    [event] = applications.decide(after(*given), command)
    return event


# ── Filed ───────────────────────────────────────────────────────────────────


def test_a_bidder_signs_up_and_nothing_of_it_is_public():
    assert when([], FILE) == ApplicationFiled(
        lot=Sealed("JY-7K2P-9QXD-1"),
        person=Sealed(ANNA),
        name=Sealed("演示商行"),
        id_number=Sealed("X1"),
        phone=Sealed("13800001234"),
        key=Sealed(KEY),
        priority=Sealed("承租人"),
        documents=Sealed("[]"),
        at=MONDAY,
    )
    assert after(FILE) == State("filed", FILE.lot, ANNA, key=KEY, key_no=1)


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (FILED, {}, "application.filed-already"),
        ([], {"filed_before": True}, "application.filed-already"),
        ([], {"at": MONDAY - MICRO}, "application.not-open-yet"),
        ([], {"at": UNTIL}, "application.sign-up-over"),
        ([], {"bidder": replace(FILE.bidder, person="")}, "application.bidder-missing"),
        ([], {"bidder": replace(FILE.bidder, name=" ")}, "application.bidder-missing"),
        ([], {"bidder": replace(FILE.bidder, id_number="")}, "application.bidder-missing"),
        ([], {"key": KEY[:-1]}, "application.key-wrong"),
        ([], {"key": "A" + KEY[1:]}, "application.key-wrong"),
        ([], {"key": KEY[:-1] + "="}, "application.key-wrong"),
        ([], {"promised": False}, "application.not-promised"),
        ([], {"priority": "长" * 501}, "application.too-long"),
        ([], {"excluded": True}, "application.excluded"),
    ],
)
def test_a_bidder_does_not_sign_up(given, changed, code):
    with refused(code):
        when(given, replace(FILE, **changed))


def test_until_the_last_microsecond_one_signs_up():
    assert when([], replace(FILE, at=UNTIL - MICRO)).at == UNTIL - MICRO


# ── Qualified ───────────────────────────────────────────────────────────────


def test_an_officer_admits():
    assert when(FILED, ADMIT) == ApplicationAdmitted(
        paddle=Sealed("4711"), rank=Sealed("2"), by=OFFICER, at=UNTIL
    )
    state = after(FILE, ADMIT)
    assert (state.status, state.paddle, state.rank) == ("admitted", "4711", 2)


def test_an_officer_refuses_with_a_reason_only_the_bidder_reads():
    assert when(FILED, REFUSE) == ApplicationRefused(
        reason=Sealed("材料不全"), by=OFFICER, at=UNTIL
    )
    assert after(FILE, REFUSE).status == "refused"


@pytest.mark.parametrize("command", [ADMIT, REFUSE])
@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (FILED, {"qualifies": False}, "application.not-officer"),
        (FILED, {"by": ANNA}, "application.own-case"),
        ([], {}, "application.not-waiting"),
        (ADMITTED, {}, "application.not-waiting"),
        ([FILE, REFUSE], {}, "application.not-waiting"),
        ([FILE, WITHDRAW], {}, "application.not-waiting"),
    ],
)
def test_nobody_decides_twice_or_about_themselves(given, command, changed, code):
    with refused(code):
        when(given, replace(command, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"paddle": ""},  # none was left
        {"paddle": "999"},
        {"paddle": "10000"},
        {"paddle": "04711"},
        {"paddle": "４７１１"},
        {"rank": -1},
    ],
)
def test_a_paddle_has_four_digits(changed):
    with refused("application.paddle-wrong"):
        when(FILED, replace(ADMIT, **changed))


@pytest.mark.parametrize(
    ("reason", "code"),
    [(" ", "application.reason-missing"), ("长" * 501, "application.too-long")],
)
def test_a_refusal_has_a_reason(reason, code):
    with refused(code):
        when(FILED, replace(REFUSE, reason=reason))


# ── Withdrawn, another key ──────────────────────────────────────────────────


@pytest.mark.parametrize("given", [FILED, ADMITTED])
def test_while_others_can_sign_up_one_withdraws(given):
    assert when(given, WITHDRAW) == ApplicationWithdrawn(at=UNTIL - MICRO)


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        ([], {}, "application.not-yours"),
        (FILED, {"person": "P-other"}, "application.not-yours"),
        ([FILE, REFUSE], {}, "application.not-open"),
        ([FILE, WITHDRAW], {}, "application.not-open"),
        (FILED, {"at": UNTIL}, "application.sign-up-over"),
        (ADMITTED, {"has_bid": True}, "application.has-bid"),
        ([*ADMITTED, OFFER], {}, "application.has-bid"),
    ],
)
def test_nobody_withdraws(given, changed, code):
    with refused(code):
        when(given, replace(WITHDRAW, **changed))


def test_a_bidder_goes_on_under_another_key():
    assert when(ADMITTED, REPLACE) == KeyReplaced(no=2, key=Sealed(OTHER_KEY), at=UNTIL)
    state = after(*ADMITTED, REPLACE)
    assert (state.key, state.key_no) == (OTHER_KEY, 2)


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (FILED, {"person": "P-other"}, "application.not-yours"),
        ([FILE, WITHDRAW], {}, "application.not-open"),
        (FILED, {"key": "short"}, "application.key-wrong"),
        (FILED, {"key": KEY}, "application.key-wrong"),  # the one there is
    ],
)
def test_a_key_is_not_replaced(given, changed, code):
    with refused(code):
        when(given, replace(REPLACE, **changed))


# ── Sealed offers ───────────────────────────────────────────────────────────


def test_an_offer_is_sealed():
    assert when(ADMITTED, OFFER) == OfferSealed(
        no=1,
        price=Sealed("1050000"),
        quantity=Sealed("100"),
        ref="r1",
        signature=Sealed("signed"),
        received=OPENS,
        at=OPENS + SECOND,
    )
    assert after(*ADMITTED, OFFER).offer == SealedOffer(1_050_000, 100, OPENS)


def test_the_last_offer_counts():
    again = replace(OFFER, price_fen=START, quantity=1, ref="r2")
    state = after(*ADMITTED, OFFER, again)
    assert (state.offers, state.offer) == (2, SealedOffer(START, 1, OPENS))


def test_what_came_in_time_has_a_second_after_the_end_to_reach_its_turn():
    late = replace(OFFER, received=CLOSES - MICRO, at=CLOSES + SECOND - MICRO)
    assert when(ADMITTED, late).received == CLOSES - MICRO
    with refused("lot.too-slow"):
        when(ADMITTED, replace(late, at=CLOSES + SECOND))


def test_an_offer_that_is_not_opened_to_whoever_reads_is_none():
    [event] = applications.decide(after(*ADMITTED), OFFER)
    erased = replace(event, price=ERASED, quantity=ERASED)
    state = applications.evolve(after(*ADMITTED), erased)
    assert (state.offers, state.offer) == (1, None)


def terms(**changed: object) -> dict[str, object]:
    return {"terms": replace(OPEN, **changed)}


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (ADMITTED, {"person": "P-other"}, "application.not-yours"),
        (FILED, {}, "application.not-admitted"),
        (ADMITTED, {"paid": False}, "application.not-paid"),
        (ADMITTED, {"at": OPENS - MICRO}, "lot.clock-ahead"),
        (ADMITTED, terms(part=Part.BEFORE), "lot.not-open-yet"),
        (ADMITTED, terms(part=Part.OVER), "lot.over"),
        (ADMITTED, terms(part=Part.PAUSED), "lot.suspended"),
        (ADMITTED, terms(part=Part.CEILING), "lot.ceiling-reached"),
        (ADMITTED, terms(part=Part.FREE), "lot.not-sealed"),
        (ADMITTED, terms(part=Part.OPEN), "lot.not-sealed"),
        (ADMITTED, terms(barred=True), "lot.paddle-barred"),
        (ADMITTED, terms(entered=False), "lot.not-entitled"),
        ([*ADMITTED, OFFER, OFFER], {}, "application.offers-used-up"),
        ([*ADMITTED, OFFER], terms(part=Part.ONE_SHOT), "application.offers-used-up"),
        (ADMITTED, {"price_fen": START - 1}, "lot.price-below"),
        (ADMITTED, {"price_fen": 0, **terms(least_fen=0)}, "lot.price-below"),
        (ADMITTED, terms(most_fen=START), "lot.price-above"),
        (ADMITTED, {"price_fen": 10**15 + START}, "lot.price-above"),
        (ADMITTED, {"price_fen": START + 1}, "lot.price-not-stepped"),
        (ADMITTED, {"quantity": 0}, "lot.quantity-wrong"),
        (ADMITTED, {"quantity": 101}, "lot.quantity-wrong"),
    ],
)
def test_an_offer_is_refused(given, changed, code):
    with refused(code):
        when(given, replace(OFFER, **changed))


# ── What a lot asks ─────────────────────────────────────────────────────────


def test_what_a_lot_asks_of_sealed_offers():
    units = lots.after(lots.announced(MULTI_UNIT, {"most_bids": 10}))
    assert offer_terms(units, "4711", received=OPENS) == replace(OPEN, most_offers=10)
    down = lots.after(lots.announced(SEALED), lots.bar("4711", OPENS))
    assert offer_terms(down, "4711", received=OPENS) == OfferTerms(
        part=Part.SEALED,
        until=CLOSES,
        least_fen=0,
        most_fen=START,
        step_fen=0,
        quantity=1,
        most_offers=0,
        entered=True,
        barred=True,
    )
    assert offer_terms(lots.after(), "4711", received=OPENS) == NOT_ANNOUNCED


def test_after_a_ceiling_only_those_who_said_so_quote_and_not_below_it():
    given = [lots.announced(AUCTION, ONE_SHOT, ceiling_fen=START), lots.bid(lots.A, START, OPENS)]
    state = lots.after(*given, lots.declare(lots.B, OPENS))
    quoting = OPENS + HOUR / 2
    told = offer_terms(state, lots.B, received=quoting)
    assert (told.part, told.least_fen, told.entered) == (Part.ONE_SHOT, START, True)
    assert not offer_terms(state, lots.C, received=quoting).entered


def test_whoever_bid_or_said_that_they_go_on_acted():
    given = [lots.announced(LISTING), lots.bid(lots.A, START, OPENS)]
    state = lots.after(*given, lots.bar(lots.B, OPENS))
    assert [has_bid(state, paddle) for paddle in (lots.A, lots.B, lots.C)] == [True, False, False]
    given = [lots.announced(AUCTION, LOT, ceiling_fen=START), lots.bid(lots.A, START, OPENS)]
    assert has_bid(lots.after(*given, lots.declare(lots.C, OPENS)), lots.C)


def test_until_when_one_signs_up_and_pays():
    state = lots.after(lots.announced(LISTING))
    assert sign_up_deadline(state) == deposit_deadline(state) == OPENS - 24 * HOUR


# ── What a bidder signs ─────────────────────────────────────────────────────


def test_what_is_signed_is_one_line_for_each_thing_said():
    signed = bid_message(lot="L-1", paddle="4711", price_fen=100, quantity=1, ref="r")
    assert signed == b"mingtang-bid-v1\nL-1\n4711\n100\n1\nr"
    said = declaration_message(lot="L-1", paddle="4711", nonce="n", ref="r")
    assert said == b"mingtang-entry-v1\nL-1\n4711\nn\nr"
