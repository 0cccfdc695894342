"""Lots from announcement to refund: one database test per action, and the rows they leave."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.config.wiring import SUBJECTS
from mingtang.core.decider import Refused
from mingtang.core.people import Role
from mingtang.core.trading.lots.events import BidPlaced, LotAward, Stopping, WinnerName
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.ledger.verify import verify
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting, paddles
from mingtang.trading.ports import tokens
from mingtang.trading.queries import deposits
from mingtang.trading.queries.deposits import standing as deposit_of
from tests.rooms import trading_words as words
from tests.rooms.trading_words import DEPOSIT, MONDAY, OPEN, START, STEP, TIMES
from tests.words import refused

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
END = TIMES.closes


@pytest.fixture
def floor():
    return words.build()


@pytest.fixture
def lot(floor):
    [key] = words.announced(floor, words.content())
    return key


@pytest.fixture
def two(floor, lot):
    return words.ready(floor, lot, 1), words.ready(floor, lot, 2)


def codes(outcomes):
    return [getattr(outcome, "code", "ok") for outcome in outcomes]


def events(kind):
    return LedgerEntry.objects.filter(kind=kind).count()


def close(lot, at=END + MINUTE):
    return bids.close_due(at=at)


# ── Announcing ──────────────────────────────────────────────────────────────


def test_a_lot_is_announced_once(floor, lot):
    row = queries.lot(lot)
    assert (row.status, row.running, row.bids, row.opens, row.ends) == (
        "announced",
        True,
        0,
        OPEN,
        END,
    )
    again = hosting.announce(
        project=words.PROJECT, contents=[words.content()], by=floor.officer, at=MONDAY
    )
    assert codes(again) == ["lot.announced-already"]


def test_a_change_notice_changes_its_lots(floor, lot):
    later = replace(TIMES, closes=END + timedelta(days=1))
    changed = words.content(times=later)
    outcomes = hosting.change(
        project=words.PROJECT, contents=[changed], reason="延期", by=floor.officer, at=MONDAY
    )
    assert codes(outcomes) == ["ok"]
    assert queries.lot(lot).ends == later.closes


# ── Signing up ──────────────────────────────────────────────────────────────


def test_signing_up_tells_the_public_log_neither_who_nor_for_what(lot):
    party = words.signed_up(lot, 1)
    entry = LedgerEntry.objects.get(kind="application.filed.v1")
    body = bytes(entry.body).decode()
    for secret in (lot, party.person, party.name, party.key):
        assert secret not in body
    assert set(json.loads(body)) == {"_sd", "_seq", "_stream", "at", "kind"}
    assert queries.own_application(party.person, lot).status == "filed"


def test_nobody_signs_up_twice_for_one_lot(lot):
    words.signed_up(lot, 1)
    assert queries.applied_before(lot, "E00000101")
    with refused("application.filed-already"):
        paddles.sign_up(
            lot=lot,
            bidder=paddles.Bidder(person="P", name="演示", id_number="E00000101", phone=""),
            key="B" * 87,
            promised=True,
            at=MONDAY,
        )


def test_an_officer_admits_and_an_account_is_opened_for_the_deposit(floor, lot):
    party = words.admitted(floor, lot, 1)
    row, deposit = queries.application(party.application), deposit_of(party.application)
    assert (row.status, len(row.paddle), row.paddle.isdecimal()) == ("admitted", 4, True)
    assert (deposit.due_fen, deposit.deadline) == (DEPOSIT, TIMES.deposit_until)
    assert not deposit.paid_on_time


def test_an_officer_refuses_with_a_reason_and_others_may_not(floor, lot):
    party = words.signed_up(lot, 1)
    said = {"application": party.application, "reason": "材料不全", "at": MONDAY + 2 * HOUR}
    with refused("application.not-officer"):
        paddles.refuse(by=floor.host, **said)
    paddles.refuse(by=floor.officer, **said)
    row = queries.application(party.application)
    assert (row.status, row.reason) == ("refused", "材料不全")


def test_signing_up_can_be_taken_back_and_what_was_paid_goes_back(floor, lot):
    party = words.ready(floor, lot, 1)
    paddles.withdraw(
        application=party.application, person=party.person, at=MONDAY + timedelta(days=1)
    )
    words.heard()
    assert queries.application(party.application).status == "withdrawn"
    assert deposit_of(party.application).payable_fen == DEPOSIT


def test_a_token_is_given_to_whoever_is_admitted_and_paid(settings, floor, lot):
    party = words.admitted(floor, lot, 1)
    asked = {"application": party.application, "person": party.person, "at": OPEN}
    with refused("application.not-paid"):
        paddles.token_for(**asked)
    words.pay(party)
    with refused("application.not-yours"):
        paddles.token_for(**{**asked, "person": "P-other"})
    token = tokens.read(paddles.token_for(**asked), secret=settings.SECRET_KEY, at=OPEN)
    assert (token.lot, token.paddle, token.key, token.key_no, token.rank) == (
        lot,
        party.paddle,
        party.key,
        1,
        0,
    )


def test_a_deposit_booked_late_opens_nothing(floor, lot):
    party = words.admitted(floor, lot, 1)
    words.pay(party, booked=TIMES.deposit_until + timedelta(seconds=1))
    with refused("application.not-paid"):
        paddles.token_for(application=party.application, person=party.person, at=OPEN)


def test_another_browser_goes_on_and_the_first_one_no_more(floor, lot, two):
    one, other = two
    before = one.bid(START, OPEN)
    assert codes(words.place(before)) == ["ok"]
    assert codes(words.place(other.bid(START + STEP, OPEN + MINUTE))) == ["ok"]
    old = one.bid(START + 2 * STEP, OPEN + 3 * MINUTE)
    one.private = words.Party("", "", "").private
    paddles.replace_key(
        application=one.application, person=one.person, key=one.key, at=OPEN + 2 * MINUTE
    )
    assert codes(words.place(one.bid(START + 2 * STEP, OPEN + 3 * MINUTE))) == ["ok"]
    assert codes(words.place(other.bid(START + 3 * STEP, OPEN + 3 * MINUTE))) == ["ok"]
    late = replace(old, price_fen=START + 4 * STEP, ref="old-key")
    assert codes(words.place(late)) == ["lot.key-replaced"]


def test_a_token_outlives_neither_a_withdrawal_nor_its_key(floor, lot, two):
    """Both bid with a token they were given before."""
    one, other = two
    with_old_key = other.bid(START, OPEN)
    paddles.replace_key(application=other.application, person=other.person, key=one.key, at=OPEN)
    paddles.withdraw(application=one.application, person=one.person, at=MONDAY + timedelta(days=1))
    outcomes = words.place(one.bid(START, OPEN), with_old_key)
    assert codes(outcomes) == ["application.not-admitted", "lot.key-replaced"]
    assert queries.lot(lot).bids == 0


def test_whoever_bid_does_not_withdraw(floor, lot, two):
    one, _ = two
    assert codes(words.place(one.bid(START, OPEN))) == ["ok"]
    with refused("application.has-bid"):
        paddles.withdraw(
            application=one.application, person=one.person, at=MONDAY + timedelta(days=1)
        )


# ── Bidding ─────────────────────────────────────────────────────────────────


def test_bids_that_share_a_commit_are_answered_one_by_one(lot, two):
    one, other = two
    outcomes = words.place(
        one.bid(START, OPEN),
        other.bid(START, OPEN),
        other.bid(START + STEP, OPEN),
        one.bid(START + STEP - 1, OPEN),
    )
    assert codes(outcomes) == ["ok", "lot.price-below", "ok", "lot.price-below"]
    row = queries.lot(lot)
    assert (row.best_fen, row.best_paddle, row.bids) == (START + STEP, other.paddle, 2)
    assert [b.price_fen for b in queries.last_bids(lot)] == [START + STEP, START]


def test_the_same_bid_asked_for_again_gives_its_first_receipt(lot, two):
    one, other = two
    bid = one.bid(START, OPEN)
    [first] = words.place(bid)
    words.place(other.bid(START + STEP, OPEN + MINUTE))
    [again] = words.place(bid)
    assert isinstance(again, Receipt)
    assert (again.index, again.leaf, again.repeated) == (first.index, first.leaf, True)
    assert events(BidPlaced.kind) == 2


def test_a_bid_in_the_last_minutes_moves_the_end_and_the_lot_closes_then(lot, two):
    one, other = two
    words.place(one.bid(START, OPEN))
    late = END - timedelta(seconds=1)
    words.place(other.bid(START + STEP, late))
    assert queries.lot(lot).ends == late + timedelta(seconds=300)
    assert close(lot) == 0
    assert close(lot, late + timedelta(seconds=301)) == 1
    row = queries.lot(lot)
    assert (row.verdict, row.extensions, row.running) == ("sold", 1, False)
    assert queries.awards_of(row) == (
        LotAward(paddle=other.paddle, price_fen=START + STEP, quantity=1),
    )


def test_names_become_public_and_deposits_go_back_once_it_is_over(lot, two):
    one, other = two
    words.place(one.bid(START, OPEN), other.bid(START + STEP, OPEN))
    close(lot)
    words.heard()
    row = queries.lot(lot)
    assert queries.winners_of(row) == (WinnerName(paddle=other.paddle, name=other.name),)
    loser, winner = deposit_of(one.application), deposit_of(other.application)
    assert (loser.payable_fen, loser.held_fen) == (DEPOSIT, 0)
    assert (winner.payable_fen, winner.held_fen) == (0, DEPOSIT)
    words.heard()  # shown again, nothing is done twice
    assert deposit_of(one.application).payable_fen == DEPOSIT


def test_a_contract_passes_the_deposit_on_and_a_default_keeps_it(floor, lot, two):
    one, other = two
    words.place(one.bid(START, OPEN))
    close(lot)
    said = {"lot": lot, "paddle": one.paddle, "by": floor.officer, "at": END + timedelta(days=1)}
    with refused("lot.not-officer"):
        hosting.record_default(reason="逾期", **{**said, "by": floor.host})
    with refused("lot.other-winners"):
        hosting.record_contract(number="HT-1", amount_fen=1, **{**said, "paddle": other.paddle})
    hosting.record_contract(number="HT-1", amount_fen=START, **said)
    with refused("lot.settled-already"):
        hosting.record_default(reason="逾期未付款", **said)
    words.heard()
    assert deposit_of(one.application).held_fen == 0
    assert deposit_of(one.application).status == "kept"
    [kept] = deposits.kept(one.application)
    assert (kept.to, kept.forfeited, kept.due_at.date()) == ("price", False, date(2026, 4, 6))


def test_a_winner_who_lets_it_go_loses_the_deposit_and_may_not_bid_again(floor, lot, two):
    one, _ = two
    words.place(one.bid(START, OPEN))
    close(lot)
    hosting.record_default(
        lot=lot,
        paddle=one.paddle,
        reason="逾期未签订合同",
        by=floor.officer,
        at=END + timedelta(days=1),
    )
    words.heard()
    assert events("deposit.forfeited.v1") == 1
    [again] = words.announced(floor, words.content(no=2, again_of=lot))
    row = queries.application(one.application)
    with refused("application.excluded"):
        paddles.sign_up(
            lot=again,
            bidder=paddles.Bidder(
                person=one.person, name=one.name, id_number=row.id_number, phone=""
            ),
            key=one.key,
            promised=True,
            at=MONDAY,
        )


def test_sealed_offers_stay_sealed_until_the_lot_is_closed(floor):
    [key] = words.announced(floor, words.content("multi-unit", quantity=100, unit="吨", step_fen=0))
    parties = [words.ready(floor, key, number) for number in range(1, 5)]
    prices = [START + n * 50_000 for n in range(4)]
    outcomes = words.place(
        *[p.offer(price, OPEN, 40) for p, price in zip(parties, prices, strict=True)]
    )
    assert codes(outcomes) == ["ok"] * 4
    bodies = LedgerEntry.objects.filter(kind="application.offer-sealed.v1").values_list("body")
    assert not any(str(price) in bytes(b).decode() for (b,) in bodies for price in prices)
    assert close(key) == 1
    awards = queries.awards_of(queries.lot(key))
    # four bidders: seven tenths of them, rounded down, are served
    assert [(a.paddle, a.price_fen, a.quantity) for a in awards] == [
        (parties[3].paddle, prices[3], 40),
        (parties[2].paddle, prices[2], 40),
    ]


# ── The host ────────────────────────────────────────────────────────────────


def test_a_secret_reserve_is_set_by_two_who_say_the_same(floor):
    [key] = words.announced(floor, words.content("listing"))
    said = {"lot": key, "amount_fen": START + STEP, "at": END - MINUTE}
    with refused("lot.not-host"):
        hosting.enter_reserve(by=floor.officer, **said)
    hosting.enter_reserve(by=floor.host, **{**said, "amount_fen": START})
    hosting.enter_reserve(by=floor.host, **said)  # corrects what they typed
    assert queries.state_of(key).reserve_fen == 0
    with refused("lot.reserve-differs"):
        hosting.enter_reserve(by=floor.other_host, **{**said, "amount_fen": START})
    hosting.enter_reserve(by=floor.other_host, **said)
    assert queries.state_of(key).reserve_fen == START + STEP
    bodies = LedgerEntry.objects.filter(kind="lot.reserve-entered.v1").values_list("body")
    assert not any(str(START + STEP) in bytes(body).decode() for (body,) in bodies)


def test_two_hosts_pause_a_lot_and_what_was_left_is_left(floor, lot, two):
    said = {"lot": lot, "at": OPEN + MINUTE}
    hosting.propose_stop(stopping=Stopping.PAUSE, reason="核实情况", by=floor.host, **said)
    with refused("lot.same-person"):
        hosting.confirm_stop(agrees=True, by=floor.host, **said)
    hosting.confirm_stop(agrees=True, by=floor.other_host, **said)
    assert not queries.lot(lot).running
    assert codes(words.place(two[0].bid(START, OPEN + 2 * MINUTE))) == ["lot.suspended"]
    hosting.resume(lot=lot, resumes=OPEN + 61 * MINUTE, by=floor.host, at=OPEN + 2 * MINUTE)
    row = queries.lot(lot)
    assert (row.running, row.ends) == (True, END + timedelta(hours=1))
    assert codes(words.place(two[0].bid(START, OPEN + 61 * MINUTE))) == ["ok"]


def test_a_lot_that_is_stopped_refunds_everybody(floor, lot, two):
    said = {"lot": lot, "at": OPEN + MINUTE}
    hosting.propose_stop(stopping=Stopping.END, reason="权属争议", by=floor.host, **said)
    hosting.confirm_stop(agrees=True, by=floor.other_host, **said)
    words.heard()
    assert queries.lot(lot).status == "stopped"
    assert [deposit_of(p.application).payable_fen for p in two] == [DEPOSIT, DEPOSIT]


def test_a_barred_paddle_bids_no_more(floor, lot, two):
    one, _ = two
    hosting.bar(lot=lot, paddle=one.paddle, reason="串通", by=floor.host, at=OPEN)
    assert codes(words.place(one.bid(START, OPEN + MINUTE))) == ["lot.paddle-barred"]


def test_who_works_at_another_centre_hosts_admits_and_settles_nothing(floor, lot, two):
    host = words.elsewhere(Role.TRADE_HOST, 91)
    officer = words.elsewhere(Role.TRADE_OFFICER, 92)
    waiting = words.signed_up(lot, 93)
    with refused("lot.not-host"):
        hosting.bar(lot=lot, paddle=two[0].paddle, reason="串通", by=host, at=OPEN)
    with refused("lot.not-host"):
        hosting.propose_stop(lot=lot, stopping=Stopping.PAUSE, reason="核实", by=host, at=OPEN)
    with refused("application.not-officer"):
        paddles.admit(application=waiting.application, by=officer, at=MONDAY)
    with refused("lot.not-officer"):
        hosting.record_contract(
            lot=lot, paddle=two[0].paddle, number="1", amount_fen=START, by=officer, at=OPEN
        )


def test_a_whole_project_is_paused_and_goes_on_by_notice(floor, lot):
    said = {"project": words.PROJECT, "by": floor.officer, "at": MONDAY}
    assert codes(hosting.halt(stopping=Stopping.PAUSE, reason="更正", **said)) == ["ok"]
    resumes = MONDAY + timedelta(days=1)
    assert codes(hosting.go_on(resumes=resumes, **said)) == ["ok"]
    assert queries.lot(lot).ends == END + timedelta(days=1)


# ── Interruptions ───────────────────────────────────────────────────────────


def test_an_interruption_moves_the_deadlines_of_every_running_lot_once(floor, lot, two):
    began, recovered = END - 10 * MINUTE, END + 5 * MINUTE
    said = {"service": "bidding", "began": began, "recovered": recovered, "at": recovered}
    hosting.record_outage(**said)
    with refused("outage.recorded-already"):
        hosting.record_outage(**said)
    words.heard()
    assert queries.lot(lot).ends == recovered + timedelta(hours=2)
    [shift] = queries.shifts_of(lot)
    assert shift.closes == recovered + timedelta(hours=2)
    words.heard()
    assert len(queries.shifts_of(lot)) == 1


# ── Whatever happened ───────────────────────────────────────────────────────


def test_rows_are_what_the_log_says(log_home, lot, two):
    one, other = two
    words.place(one.bid(START, OPEN), other.bid(START + STEP, OPEN))
    close(lot)
    words.heard()
    assert list(verify(SUBJECTS)) == []


def test_nothing_is_written_for_what_is_refused(lot, two):
    before = LedgerEntry.objects.count()
    outcomes = words.place(two[0].bid(START - 1, OPEN), two[1].bid(START, END + MINUTE))
    assert all(isinstance(outcome, Refused) for outcome in outcomes)
    assert LedgerEntry.objects.count() == before
