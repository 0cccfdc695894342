"""The record of an auction: nobody has it before the end, and then anybody runs it again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.core.trading.lots.events import Stopping
from mingtang.core.trading.records import parse_record
from mingtang.ledger import keys, sequencer
from mingtang.trading.actions import bids, deposits, hosting, paddles
from mingtang.trading.queries import deposits as accounts
from mingtang.verifier.auction import check_auction
from tests.rooms import trading_words as words
from tests.rooms.trading_words import DEPOSIT, MONDAY, OPEN, START, STEP, TIMES

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
END = TIMES.closes


@pytest.fixture
def floor(log_home):
    return words.build()


@pytest.fixture
def lot(floor):
    [key] = words.announced(floor, words.content())
    return key


@pytest.fixture
def two(floor, lot):
    return words.ready(floor, lot, 1), words.ready(floor, lot, 2)


def address(lot):
    return f"/trading/lots/{lot}/record.json"


def over(lot, at=END + MINUTE):
    """Close what is due, let what follows happen and the log be published."""
    assert bids.close_due(at=at) == 1
    published(at)


def published(at=END + MINUTE):
    words.heard()
    sequencer.advance(at=at)


def checked(client, lot):
    """Return the record as anybody gets it, run again."""
    answer = client.get(address(lot))
    assert answer.status_code == 200
    found = check_auction(answer.content, log=keys.public(), policy=None)
    assert [(f.where, f.code, f.details) for f in found.found] == []
    return found


def test_nobody_has_it_before_the_end_is_in_the_published_log(client, lot, two):
    words.place(two[0].bid(START, OPEN))
    published(OPEN)
    assert client.get(address(lot)).status_code == 404
    bids.close_due(at=END + MINUTE)
    assert client.get(address(lot)).status_code == 404
    published()
    answer = client.get(address(lot))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{lot}.auction.json"'
    assert client.get(address("JY-NONE-1")).status_code == 404


def test_it_shows_all_that_counts_and_nobodys_name(client, lot, two):
    one, other = two
    words.place(one.bid(START, OPEN), other.bid(START + STEP, OPEN))
    over(lot)
    found = checked(client, lot)
    assert found.record.lot == lot
    assert found.auction.lot.best.paddle == other.paddle
    assert (found.books.arrived, found.books.here) == (2 * DEPOSIT, 2 * DEPOSIT)
    text = json.dumps([[d.value for d in piece.disclosures] for piece in found.record.pieces])
    leaves = b"".join(piece.leaf for piece in found.record.pieces).decode()
    for secret in (one.person, one.name, other.person, "E00000101", "19900000001", "B001"):
        assert secret not in text + leaves
    assert other.name in leaves  # who won is public


def test_taken_again_it_holds_the_refunds_and_the_contract(client, floor, lot, two):
    one, other = two
    words.place(one.bid(START, OPEN), other.bid(START + STEP, OPEN))
    over(lot)
    before = client.get(address(lot)).content
    said = {"lot": lot, "paddle": other.paddle, "by": floor.officer, "at": END + DAY}
    hosting.record_contract(number="HT-1", amount_fen=START + STEP, **said)
    batch = deposits.send_payments(by=floor.treasurer, at=END + DAY, most=100)
    for payment in accounts.payments_of(batch):
        paid = {"booked": END + DAY, "serial": "1", "at": END + DAY}
        deposits.confirm_payment(reference=payment.reference, **paid)
    published(END + DAY)
    found = checked(client, lot)
    books = found.books
    assert (books.refunded, books.transferred, books.here) == (DEPOSIT, DEPOSIT, 0)
    assert len(found.record.pieces) > len(parse_record(before.decode()).pieces)


def test_a_default_keeps_the_deposit(client, floor, lot, two):
    words.place(two[0].bid(START, OPEN))
    over(lot)
    said = {"lot": lot, "paddle": two[0].paddle, "by": floor.officer, "at": END + DAY}
    hosting.record_default(reason="逾期未签订合同", **said)
    published(END + DAY)
    assert checked(client, lot).books.forfeited == DEPOSIT


# Whatever happens on the way, the record tells it


def test_a_listing_with_a_secret_reserve_and_a_timed_part(client, floor):
    [key] = words.announced(floor, words.content("listing"))
    one, other = words.ready(floor, key, 1), words.ready(floor, key, 2)
    words.place(one.bid(START, OPEN))
    words.place(other.bid(START + STEP, OPEN + MINUTE))
    for host in (floor.host, floor.other_host):
        hosting.enter_reserve(lot=key, amount_fen=START + STEP, by=host, at=END - 5 * MINUTE)
    words.place(one.declaration(END + MINUTE), other.declaration(END + MINUTE))
    timed = END + 5 * MINUTE
    words.place(one.bid(START + 2 * STEP, timed + MINUTE))
    words.place(other.bid(START + 4 * STEP, timed + 4 * MINUTE))
    over(key, timed + 9 * MINUTE)
    found = checked(client, key)
    assert found.auction.lot.extensions == 2
    assert found.auction.lot.closing.reserve_fen == START + STEP


@pytest.mark.parametrize(
    ("way", "changed"),
    [
        ("multi-unit", {"quantity": 100, "unit": "吨", "step_fen": 0}),
        ("sealed", {"step_fen": 0}),
    ],
)
def test_sealed_offers(client, floor, way, changed):
    [key] = words.announced(floor, words.content(way, **changed))
    parties = [words.ready(floor, key, number) for number in range(1, 5)]
    quantity = 40 if way == "multi-unit" else 1
    sign = 1 if way == "multi-unit" else -1
    offers = [p.offer(START + sign * n * 50_000, OPEN, quantity) for n, p in enumerate(parties)]
    words.place(*offers)
    over(key)
    awards = checked(client, key).auction.lot.closing.awards
    assert awards[0].paddle == parties[3].paddle


def test_a_falling_price(client, floor):
    [key] = words.announced(floor, words.content("dutch", step_fen=0))
    party = words.ready(floor, key, 1)
    words.place(party.bid(START - START // 100, OPEN + 6 * MINUTE))
    over(key, OPEN + 7 * MINUTE)
    assert checked(client, key).auction.lot.best.price_fen == START - START // 100


def test_a_lot_nobody_bid_for(client, lot):
    over(lot)
    assert checked(client, lot).auction.lot.best is None


def test_a_pause_a_bar_and_another_browser(client, floor, lot, two):
    one, other = two
    words.place(one.bid(START, OPEN))
    third = words.ready(floor, lot, 3)
    hosting.bar(lot=lot, paddle=third.paddle, reason="串通", by=floor.host, at=OPEN)
    said = {"lot": lot, "at": OPEN + MINUTE}
    hosting.propose_stop(stopping=Stopping.PAUSE, reason="核实情况", by=floor.host, **said)
    hosting.confirm_stop(agrees=True, by=floor.other_host, **said)
    hosting.resume(lot=lot, resumes=OPEN + 61 * MINUTE, by=floor.host, at=OPEN + 2 * MINUTE)
    words.heard()
    words.place(other.bid(START + STEP, OPEN + 62 * MINUTE))
    one.private = words.Party("", "", "").private
    paddles.replace_key(
        application=one.application, person=one.person, key=one.key, at=OPEN + 63 * MINUTE
    )
    words.place(one.bid(START + 2 * STEP, OPEN + 64 * MINUTE))
    over(lot, END + 62 * MINUTE)
    found = checked(client, lot)
    assert found.auction.lot.closing.ended == END + 60 * MINUTE
    assert found.auction.lot.paddles[one.paddle].key_no == 2


def test_an_interruption_moves_the_end(client, lot, two):
    words.place(two[0].bid(START, OPEN))
    began, recovered = END - 10 * MINUTE, END + 5 * MINUTE
    hosting.record_outage(service="bidding", began=began, recovered=recovered, at=recovered)
    words.heard()
    over(lot, recovered + timedelta(hours=2, minutes=1))
    found = checked(client, lot)
    assert found.auction.lot.closing.ended == recovered + timedelta(hours=2)


def test_a_change_notice_and_a_sign_up_taken_back(client, floor, lot, two):
    words.ready(floor, lot, 3)
    leaver = words.ready(floor, lot, 4)
    paddles.withdraw(
        application=leaver.application, person=leaver.person, at=MONDAY + timedelta(hours=30)
    )
    later = replace(TIMES, deposit_until=TIMES.deposit_until + DAY, closes=END + DAY)
    hosting.change(
        project=words.PROJECT,
        contents=[words.content(times=later)],
        reason="延期",
        by=floor.officer,
        at=MONDAY + timedelta(hours=31),
    )
    words.heard()
    words.place(two[0].bid(START, OPEN))
    over(lot, END + DAY + MINUTE)
    assert checked(client, lot).auction.lot.closing.ended == END + DAY


def test_a_lot_that_was_stopped(client, floor, lot, two):
    said = {"lot": lot, "at": OPEN + MINUTE}
    hosting.propose_stop(stopping=Stopping.END, reason="权属争议", by=floor.host, **said)
    hosting.confirm_stop(agrees=True, by=floor.other_host, **said)
    published(OPEN + 2 * MINUTE)
    assert checked(client, lot).auction.lot.closing is None


def test_a_record_of_another_lot_and_of_a_larger_log_is_its_own(client, floor, lot, two):
    [second] = words.announced(floor, words.content(no=2))
    there = words.ready(floor, second, 9)
    words.place(two[0].bid(START, OPEN))
    words.place(there.bid(START, OPEN))
    assert bids.close_due(at=END + MINUTE) == 2
    published()
    for key in (lot, second):
        found = checked(client, key)
        streams = {json.loads(p.leaf)["_stream"] for p in found.record.pieces}
        assert f"lot/{key}" in streams
        assert len({s for s in streams if s.startswith("lot/")}) == 1
