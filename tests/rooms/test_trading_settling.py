"""After the end: what is kept is paid on, who paid for whom, when a contract is due."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mingtang.core.people import Role
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.lots.terms import lot_key
from mingtang.core.trading.parameters import (
    Base,
    Deposit,
    DepositDue,
    Direction,
    Payee,
    Payout,
    Period,
    Unit,
)
from mingtang.trading import queries
from mingtang.trading.actions import bids, deposits, hosting, paddles, procedures, settling
from mingtang.trading.adapters.payment_orders import pain001
from mingtang.trading.adapters.statements import take
from mingtang.trading.ports.bank import Bank
from mingtang.trading.queries import deposits as money
from mingtang.trading.queries import settling as settled
from tests.core.trading_examples import AUCTION, sourced
from tests.rooms import room_town
from tests.rooms import trading_words as words
from tests.rooms.bank_words import entry, statement
from tests.rooms.case_town import signed_in
from tests.rooms.people_words import official
from tests.rooms.trading_words import DEPOSIT, MONDAY, OPEN, START, STEP, TIMES
from tests.words import refused

pytestmark = pytest.mark.django_db
END = TIMES.closes
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
COURT = sourced(
    **{
        **AUCTION,
        "code": "court",
        "deposit": Deposit(
            least_permille=0,
            most_permille=1_000,
            base=Base.START_PRICE,
            due=DepositDue.SIGN_UP_END,
        ),
        "payout": Payout(to=Payee.COURT, at_end=True, within=Period(number=24, unit=Unit.HOURS)),
    }
)


@pytest.fixture
def floor():
    floor = words.build()
    procedures.publish_procedure(procedure=COURT, by=floor.manager, at=MONDAY)
    return floor


def sold(floor, procedure="auction"):
    """Sell a lot to the second of two; return its key and both."""
    [lot] = words.announced(floor, words.content(procedure))
    one, other = words.ready(floor, lot, 1), words.ready(floor, lot, 2)
    words.place(one.bid(START, OPEN))
    words.place(other.bid(START + STEP, OPEN + MINUTE))
    bids.close_due(at=END + MINUTE)
    words.heard()
    return lot, one, other


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def kept(party):
    return [(row.to, row.forfeited, row.due_at) for row in money.kept(party.application)]


# ── Whom it is for, and how soon ────────────────────────────────────────────


def test_a_court_has_the_winners_deposit_within_a_day_of_the_end(floor):
    _, loser, winner = sold(floor, "court")
    assert kept(winner) == [("court", False, END + DAY)]
    assert kept(loser) == []
    words.heard()  # shown again, nothing is done twice
    assert len(money.kept_waiting()) == 1


def test_a_sellers_waits_for_the_contract(floor):
    lot, _, winner = sold(floor)
    assert kept(winner) == []
    said = {"lot": lot, "paddle": winner.paddle, "by": floor.officer, "at": END + DAY}
    hosting.record_contract(number="HT-1", amount_fen=START, **said)
    words.heard()
    [(to, forfeited, due)] = kept(winner)
    assert (to, forfeited, due.date().isoformat()) == ("price", False, "2026-04-06")


def test_who_sells_to_the_centre_gets_the_deposit_back_once_there_is_a_contract(floor):
    buying = sourced(**{**AUCTION, "code": "buying", "direction": Direction.REVERSE})
    procedures.publish_procedure(procedure=buying, by=floor.manager, at=MONDAY)
    [lot] = words.announced(floor, words.content("buying"))
    party = words.ready(floor, lot, 1)
    words.place(party.bid(START, OPEN))
    bids.close_due(at=END + MINUTE)
    said = {"lot": lot, "paddle": party.paddle, "by": floor.officer, "at": END + DAY}
    hosting.record_contract(number="HT-1", amount_fen=START, **said)
    words.heard()
    standing = money.standing(party.application)
    assert (standing.payable_fen, standing.kept_fen) == (DEPOSIT, 0)


@pytest.mark.parametrize(("procedure", "to"), [("auction", "seller"), ("court", "court")])
def test_what_is_forfeited_goes_where_the_price_would_have(floor, procedure, to):
    lot, _, winner = sold(floor, procedure)
    if procedure == "court":  # it has gone there already
        assert kept(winner) == [("court", False, END + DAY)]
        return
    hosting.record_default(
        lot=lot, paddle=winner.paddle, reason="逾期", by=floor.officer, at=END + DAY
    )
    words.heard()
    [(found, forfeited, _)] = kept(winner)
    assert (found, forfeited) == (to, True)


# ── By the treasurer's hand ─────────────────────────────────────────────────


def by_hand(floor, party, **said):
    said = {"amount_fen": DEPOSIT, "reason": "演示", "by": floor.treasurer, "at": END + DAY} | said
    return {"application": party.application, **said}


def test_only_a_winners_deposit_is_transferred_and_only_after_the_end(floor):
    [lot] = words.announced(floor, words.content())
    party = words.ready(floor, lot, 3)
    with refused("deposit.not-ended"):
        settling.transfer_by_hand(**by_hand(floor, party))
    words.place(party.bid(START, OPEN))
    bids.close_due(at=END + MINUTE)
    with refused("deposit.not-founded"):
        settling.forfeit_by_hand(**by_hand(floor, party))
    settling.transfer_by_hand(**by_hand(floor, party))
    assert [row.to for row in money.kept(party.application)] == ["price"]
    with refused("deposit.not-open"):
        settling.transfer_by_hand(**by_hand(floor, replace(party, application="nothing")))


def barred(floor, procedure="court"):
    """End a lot of which the first of two was barred; return both."""
    [lot] = words.announced(floor, words.content(procedure))
    party, other = words.ready(floor, lot, 3), words.ready(floor, lot, 4)
    words.place(party.bid(START, OPEN))
    said = {"lot": lot, "paddle": party.paddle, "reason": "串通", "by": floor.host}
    hosting.bar(**said, at=OPEN + MINUTE)
    words.heard()
    assert settled.undecided() == []  # who was barred from what is a secret until it is over
    bids.close_due(at=END + MINUTE)
    words.heard()
    return party, other


def test_whoever_was_barred_may_lose_the_deposit(floor):
    party, other = barred(floor)
    assert [row.step for row in money.refunds(other.application)] == ["ordered"]
    assert money.refunds(party.application) == []
    assert [row.application for row in settled.undecided()] == [party.application]
    settling.forfeit_by_hand(**by_hand(floor, party))
    assert [(row.to, row.forfeited) for row in money.kept(party.application)] == [("court", True)]
    assert settled.undecided() == []


def test_or_has_it_back_when_the_treasurer_says_so(floor):
    party, _other = barred(floor)
    page = reverse("trading:deposit", args=[party.application])
    client = signed_in(floor.treasurer)
    desk = text(client.get(reverse("trading:deposits")))
    assert "待决定" in desk
    assert desk.count(f'href="{page}"') == 2  # there, and among all
    sent = {"reason": "查明不属串通", "once_key": "a-form"}
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == 302
    assert [row.step for row in money.refunds(party.application)] == ["ordered"]
    assert settled.undecided() == []
    assert "待决定" not in text(client.get(reverse("trading:deposits")))


def test_a_treasurer_pays_on_what_was_won_and_closes_the_account(settings, tmp_path):
    settings.HOME = tmp_path
    town = room_town.build("auction")
    lot, party = town.lots["auction"], town.bidders["auction", 1]
    client = signed_in(town.treasurer)
    page = reverse("trading:deposit", args=[party.application])
    assert f"{page}forfeit/" not in client.get(page).content.decode()  # it is not over
    room_town.bid(town, "auction", 1, 98_000_000, ago=timedelta(minutes=60))
    bids.close_due(at=town.now + timedelta(minutes=10))
    words.heard()
    standing = money.standing(party.application)
    assert "只有悔拍" in text(client.post(f"{page}forfeit/", {"reason": "演示"}), 409)
    assert client.post(f"{page}transfer/", {"reason": "演示"}).status_code == 302
    [row] = money.kept_waiting()
    assert row.amount_fen == standing.held_fen
    assert "待转付" in client.get(reverse("trading:deposits")).content.decode()
    shown = client.get(page).content.decode()
    assert 'value="演示自然资源局"' in shown
    assert f"{page}close/" not in shown
    assert "子账号里还有钱" in text(client.post(f"{page}close/"), 409)
    sent = {"to_name": "演示自然资源局", "to_account": ""}
    assert client.post(f"{page}payout/1/", sent).status_code == 422
    sent["to_account"] = "99990001"
    assert client.post(f"{page}payout/1/", sent).status_code == 302
    assert "已经决定转付" in text(client.post(f"{page}payout/1/", sent), 409)
    assert client.post(f"{page}payout/2/", sent).status_code == 404
    assert "是您决定转付的" in text(client.get(page))
    assert [p for p in money.payments_waiting() if p.family == "kept"] == []
    check(client, page, official(45, Role.TREASURER, "centre"))
    waiting = [p for p in money.payments_waiting() if p.family == "kept"]
    deposits.send_payments(by=town.treasurer, at=town.now, most=9)
    for payment in waiting:
        paid = {"reference": payment.reference, "booked": town.now, "serial": "FL1"}
        deposits.confirm_payment(**paid, at=town.now)
    shown = client.get(page).content.decode()
    assert "已到账" in shown
    assert client.post(f"{page}close/").status_code == 302
    assert money.sub_account(party.application).closed_at is not None
    assert lot == lot_key(town.project, 1)


def check(treasurer, page, person):
    """Let another treasurer look at a payout, turn it down, and pass it when it comes again."""
    assert "决定转付的人不能自己复核" in text(treasurer.post(f"{page}payout/1/approve/"), 409)
    other = signed_in(person)
    desk = text(other.get(reverse("trading:deposits")))
    assert "待复核的转付" in desk
    shown = text(other.get(page))
    assert "99990001" in shown
    assert f"{page}payout/1/approve/" in shown
    assert "必填" in text(other.post(f"{page}payout/1/decline/", {"reason": ""}), 422)
    declined = {"reason": "账号少一位", "once_key": "a-decline"}
    assert other.post(f"{page}payout/1/decline/", declined).status_code == 302
    assert "账号少一位" in text(treasurer.get(page))
    sent = {"to_name": "演示自然资源局", "to_account": "99990012", "once_key": "again"}
    assert treasurer.post(f"{page}payout/1/", sent).status_code == 302
    assert other.post(f"{page}payout/1/approve/").status_code == 302
    assert "这笔转付已经复核" in text(other.post(f"{page}payout/1/approve/"), 409)
    assert other.post(f"{page}payout/2/approve/").status_code == 404


def test_a_payout_goes_by_file_as_a_refund_does(floor):
    _, _, winner = sold(floor, "court")
    payee = {"to_account": "99990001", "to_name": "演示人民法院"}
    said = {"application": winner.application, "kept": 1, "by": floor.treasurer, "at": END + DAY}
    deposits.order_payout(**said, **payee)
    other = official(45, Role.TREASURER, "centre")
    deposits.approve_payout(application=winner.application, payout=1, by=other, at=END + DAY)
    [payment] = [one for one in money.payments_waiting() if one.family == "kept"]
    batch = deposits.send_payments(by=floor.treasurer, at=END + DAY, most=9)
    file = pain001(money.payments_of(batch), batch=batch, bank=Bank(), at=END + DAY).decode()
    assert f"<EndToEndId>{payment.reference}</EndToEndId>" in file
    assert "<Nm>演示人民法院</Nm>" in file
    paid = entry("x", "10000.00", direction="DBIT", reference=payment.reference)
    assert take(statement(paid), at=END + 2 * DAY).settled == 1
    assert [row.step for row in money.kept(winner.application)] == ["paid"]


@pytest.mark.parametrize(
    "name",
    ["forfeit", "transfer", "close", "payout/1", "payout/1/approve", "payout/1/decline"],
)
def test_nobody_else_touches_what_was_kept(floor, name):
    _, _, winner = sold(floor, "court")
    address = f"{reverse('trading:deposit', args=[winner.application])}{name}/"
    assert signed_in(floor.officer).post(address).status_code == 403
    assert Client().post(address).status_code == 302
    missing = address.replace(winner.application, "nothing")
    assert signed_in(floor.treasurer).post(missing).status_code == 404


# ── One payer for several ───────────────────────────────────────────────────


def pays(party, account, *, at=MONDAY + DAY, **said):
    standing = money.standing(party.application)
    booking = {
        "institution": "B001",
        "booked": at,
        "amount_fen": DEPOSIT,
        "memo": "保证金",
        "serial": party.application,
        "sequence": "1",
        "payer_account": account,
        "payer_name": "演示付款公司",
    }
    told = Booking(**booking | said)
    deposits.book_arrival(account=standing.account, booking=told, at=at)


@pytest.fixture
def together(floor):
    """Two bidders of one lot paid from one account, written in two ways; a third from another."""
    lot, other = words.announced(floor, words.content(), words.content(no=2))
    parties = [words.admitted(floor, lot, number) for number in (1, 2, 3)]
    for party, account in zip(parties, ("6222 0001", "62220001", "62220002"), strict=True):
        pays(party, account)
    elsewhere = words.admitted(floor, other, 4)
    pays(elsewhere, "62220002")
    return lot, parties, elsewhere


def test_one_account_that_paid_for_two_bidders_of_a_lot_is_found(together):
    lot, (one, other, third), elsewhere = together
    [shared] = settled.shared_payers([lot])
    assert (shared.account, shared.payers) == ("62220001", ("演示付款公司",))
    assert {row.key for row in shared.applications} == {one.application, other.application}
    everybody = [one.application, third.application, elsewhere.application]
    assert settled.paid_together(everybody) == {one.application: {other.application}}
    assert [(row.key, len(found)) for row, found in settled.lots_paid_together()] == [(lot, 1)]


def test_a_bidder_who_signed_up_again_shares_nothing_with_themselves(floor):
    [lot] = words.announced(floor, words.content())
    first = words.admitted(floor, lot, 1)
    pays(first, "62220001")
    paddles.withdraw(application=first.application, person=first.person, at=MONDAY + DAY)
    row = queries.application(first.application)
    bidder = paddles.Bidder(
        person=first.person, name=row.name, id_number=row.id_number, phone=row.phone
    )
    said = {"lot": lot, "bidder": bidder, "key": first.key, "promised": True}
    again = replace(first, application=paddles.sign_up(**said, at=MONDAY + DAY).key)
    paddles.admit(application=again.application, by=floor.officer, at=MONDAY + DAY)
    words.heard()
    pays(again, "62220001", serial="another")
    assert settled.shared_payers([lot]) == []


def test_the_treasurer_sees_it_and_learns_neither_lot_nor_bidder(floor, together):
    lot, (one, other, third), _ = together
    client = signed_in(floor.treasurer)
    assert text(client.get(reverse("trading:deposits"))).count("同一付款账户") == 2
    page = text(client.get(reverse("trading:deposit", args=[one.application])))
    assert money.standing(other.application).account in page
    assert lot not in page
    assert other.name not in page
    page = text(client.get(reverse("trading:deposit", args=[third.application])))
    assert "同一付款账户" not in page


def test_an_inspector_sees_paddles_at_once_and_names_after_the_end(floor, together):
    _lot, (one, _, third), _ = together
    address = reverse("trading:inspection")
    inspector = signed_in(official(9, Role.INSPECTOR, "centre"))
    page = text(inspector.get(address))
    assert one.paddle in page
    assert one.name not in page
    words.place(third.bid(START, OPEN))
    bids.close_due(at=END + MINUTE)
    page = text(inspector.get(address))
    assert one.name in page
    assert third.name not in page
    assert signed_in(floor.officer).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_officer_sees_it_on_the_lots_page_after_the_end(together_in_town):
    town, lot = together_in_town
    address = reverse("trading:lot", args=[lot])
    assert "同一付款账户" not in text(signed_in(town.officer).get(address))
    bids.close_due(at=town.now + timedelta(minutes=10))
    assert "同一付款账户" in text(signed_in(town.officer).get(address))
    assert "同一付款账户" not in text(Client().get(address))


@pytest.fixture
def together_in_town():
    town = room_town.build("auction")
    for number in (1, 2):
        party = town.bidders["auction", number]
        pays(party, "62220001", at=town.now, serial=f"again-{number}", amount_fen=1)
    return town, town.lots["auction"]


# ── By when to sign ─────────────────────────────────────────────────────────


@pytest.fixture
def signed_for():
    """A lot whose winner has three working days to sign, sold a moment ago."""
    way = room_town.WAYS["auction"] | {"signing": Period(number=3, unit=Unit.WORKING_DAYS)}
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(room_town.WAYS, "auction", way)
        town = room_town.build("auction")
    room_town.bid(town, "auction", 1, 98_000_000, ago=timedelta(minutes=60))
    bids.close_due(at=town.now + timedelta(minutes=10))
    words.heard()
    return town, town.lots["auction"]


def test_the_officer_and_the_winner_see_by_when_to_sign(signed_for):
    town, lot = signed_for
    winner, loser = (town.bidders["auction", number] for number in (1, 2))
    due = settled.signing_due(queries.state_of(lot))
    assert due.at > town.now + DAY
    address = reverse("trading:lot", args=[lot])
    for person in (town.officer, winner.person):
        assert "3 个工作日内" in text(signed_in(person).get(address))
    for client in (signed_in(loser.person), signed_in(town.host), Client()):
        assert "3 个工作日内" not in text(client.get(address))
    mine = reverse("trading:mine")
    assert "3 个工作日内" in text(signed_in(winner.person).get(mine))
    assert "3 个工作日内" not in text(signed_in(loser.person).get(mine))
    said = {"lot": lot, "paddle": winner.paddle, "by": town.officer}
    said["at"] = town.now + timedelta(minutes=11)
    hosting.record_contract(number="HT-1", amount_fen=98_000_000, **said)
    assert "已登记" in text(signed_in(winner.person).get(mine))


def test_where_the_procedure_says_nothing_there_is_no_such_clock(floor):
    lot, _, _ = sold(floor)
    assert settled.signing_due(queries.state_of(lot)) is None
