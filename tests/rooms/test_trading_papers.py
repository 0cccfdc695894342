"""The floor's papers: who is admitted gets one, who wins gets one, nobody gets two."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mingtang.core.mandates import TRADING, MandatePower
from mingtang.core.mandates import key as letter_key
from mingtang.core.organisations import OfficeKind
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import texts
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry, SetAside
from mingtang.papers import access
from mingtang.papers import queries as papers
from mingtang.papers.actions import making
from mingtang.papers.models import PaperRow
from mingtang.papers.ports.typesetting import missing_glyphs, typeset
from mingtang.people import actions as people
from mingtang.people import queries as who
from mingtang.people.actions import Place
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting, paddles
from mingtang.trading.queries import deposits
from mingtang.trading.reactions import REACTIONS
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder
from tests.core.project_examples import PLOT, day
from tests.core.trade_paper_examples import sheets
from tests.rooms import trading_town, trading_words
from tests.rooms.case_town import signed_in
from tests.rooms.paper_words import words_of
from tests.rooms.people_words import SETUP, letter
from tests.rooms.trading_words import heard, pay, place

pytestmark = pytest.mark.django_db
[PAPERS] = [reaction for reaction in REACTIONS if reaction.reader == "trading.papers"]
DEPOSIT, START = PLOT.deposit_fen, PLOT.start_fen
OPENS, CLOSES = PLOT.times.opens, PLOT.times.closes
SHEETS = dict(sheets())
OVER = CLOSES + timedelta(minutes=5)  # the asking window is over: nobody said they go on


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def floor():
    floor = trading_town.build()
    place_ = Place(code="hall", organisation="centre", kind=OfficeKind.WINDOW, name="交易大厅")
    people.open_office(place=place_, by=SETUP, at=day(0))
    order = SealOrder(
        seal_no="9900000000901",
        organ="centre",
        name="公共资源交易专用章",
        custodian=floor.officer,
        sealer="local",
        valid_from=date(2026, 1, 1),
        valid_to=date(2099, 12, 31),
    )
    trust.make_seal(order=order, by=floor.manager, at=day(0))
    own = letter(
        floor.officer,
        organ="centre",
        organ_name="演示中心",
        items=(TRADING,),
        powers=(MandatePower.SEAL,),
    )
    people.grant_mandate(letter=own, by=floor.manager, at=day(0))
    people.publish_mandate(
        key=letter_key(own.letter_no), office="hall", by=floor.manager, at=day(0)
    )
    return floor


@pytest.fixture
def lot(floor):
    project = trading_town.published(floor)
    heard()
    return f"{project}-1"


def admitted(floor, lot: str, number: int = 1, **said):
    party = trading_words.signed_up(lot, number, at=day(2))
    paddles.admit(application=party.application, by=floor.officer, at=day(3), **said)
    heard()
    return party


def sold(floor, lot: str):
    """Let one bidder pay, bid and win; another one pay and lose."""
    winner, loser = admitted(floor, lot), admitted(floor, lot, 2)
    for party in (winner, loser):
        pay(party, fen=DEPOSIT, booked=day(5))
    place(loser.bid(START, OPENS))
    place(winner.bid(START + PLOT.step_fen, OPENS + timedelta(hours=1)))
    assert bids.close_due(at=OVER + timedelta(seconds=2)) == 1
    heard()
    return winner, loser


def made() -> int:
    return making.make_due(at=OVER + timedelta(minutes=1))


def fact(paper: PaperRow, label: str) -> str:
    lines = [line for block in papers.sheet_of(paper).blocks for line in block.lines]
    [value] = [line.value for line in lines if line.label == label]
    return value


# ── An admission ────────────────────────────────────────────────────────────


def test_whoever_is_admitted_gets_it_on_paper_with_where_to_pay(floor, lot):
    party = admitted(floor, lot)
    [line] = queries.papers_of(party.application)
    paper = line.row
    assert (paper.paper, paper.number) == (PaperKind.ADMISSION, "演示中心竞〔2026〕1号")
    assert (paper.organ, paper.item, paper.owner) == ("centre", TRADING, party.person)
    assert paper.addressee == "演示竞买人1"
    assert fact(paper, "号牌") == party.paddle
    assert fact(paper, "账号") == deposits.sub_account(party.application).account
    assert fact(paper, "保证金") == "人民币 2,000,000.00 元（大写：贰佰万元整）"
    assert papers.sheet_of(paper).notes[0] == "审核：工号 N-002。"


def test_the_log_does_not_tell_which_lot_somebody_was_admitted_to(floor, lot):
    party = admitted(floor, lot)
    entries = LedgerEntry.objects.filter(stream=f"paper/{party.application}-1")
    bodies = [bytes(entry.body).decode() for entry in entries]
    assert len(bodies) == 1
    for secret in (lot, lot.rpartition("-")[0], party.paddle, party.name, party.person):
        assert secret not in bodies[0]


def test_an_admission_is_for_the_bidder_and_whoever_admits(floor, lot):
    party, other = admitted(floor, lot), admitted(floor, lot, 2)
    [line] = queries.papers_of(party.application)
    opened = {
        name: access.may_open(who.actor(person), line.row)
        for name, person in (
            ("bidder", party.person),
            ("other", other.person),
            ("officer", floor.officer),
            ("elsewhere", floor.elsewhere),
            ("manager", floor.manager),
            ("host", floor.host),
            ("nobody", ""),
        )
    }
    assert opened == {
        "bidder": True,
        "other": False,
        "officer": True,
        "elsewhere": False,
        "manager": False,
        "host": False,
        "nobody": False,
    }


def test_opening_an_admission_leaves_no_trace_of_who_did(floor, lot):
    party = admitted(floor, lot)
    made()
    key = f"{party.application}-1"
    before = LedgerEntry.objects.count()
    page = signed_in(party.person).get(reverse("papers:paper", args=[key])).content.decode()
    assert "即为送达" not in page
    answer = signed_in(party.person).get(reverse("papers:pdf", args=[key]))
    assert party.paddle in words_of(b"".join(answer.streaming_content))
    assert LedgerEntry.objects.count() == before


def test_who_took_it_back_meanwhile_gets_none(floor, lot):
    party = trading_words.signed_up(lot, 1, at=day(2))
    paddles.admit(application=party.application, by=floor.officer, at=day(3))
    paddles.withdraw(application=party.application, person=party.person, at=day(3))
    heard()
    assert queries.papers_of(party.application) == []


# ── A confirmation ──────────────────────────────────────────────────────────


def test_the_winner_of_a_lot_that_is_sold_gets_a_confirmation(floor, lot):
    winner, loser = sold(floor, lot)
    assert [line.row.paper for line in queries.papers_of(loser.application)] == ["admission"]
    _admission, line = queries.papers_of(winner.application)
    paper = line.row
    assert (paper.paper, paper.number) == (PaperKind.SALE, "演示中心成〔2026〕1号")
    assert (paper.key, paper.about) == (f"{lot}-{winner.paddle}", f"lot/{lot}")
    assert (paper.owner, paper.addressee) == (winner.person, winner.name)
    price = "人民币 10,100,000.00 元（大写：壹仟零壹拾万元整）"
    assert fact(paper, "成交价") == price
    assert fact(paper, "竞价结束时间") == "2026年4月16日10时05分00秒"
    assert fact(paper, "竞价经过") == "2 位竞买人，2 次有效报价，没有延时"
    assert fact(paper, "交易规程") == "演示挂牌（第 1 版）"
    closed = LedgerEntry.objects.get(stream=f"lot/{lot}", kind="lot.closed.v1")
    assert fact(paper, "存证序号") == f"{closed.index}，账本中记载竞价结果的一条"


def test_it_is_sealed_by_the_centre_and_everybody_may_check_it(floor, lot):
    winner, _loser = sold(floor, lot)
    assert queries.confirmations_of(lot) == []  # not before it is issued
    assert made() == 3
    [line] = queries.confirmations_of(lot)
    paper = line.row
    assert (line.state, paper.seal_no, paper.sealed_by) == (
        "issued",
        "9900000000901",
        floor.officer,
    )
    page = Client().get(reverse("portal:check_code", args=[paper.code]))
    assert page.status_code == 200
    assert paper.number in page.content.decode()
    answer = signed_in(winner.person).get(reverse("papers:pdf", args=[paper.key]))
    assert "壹仟零壹拾万元整" in words_of(b"".join(answer.streaming_content))
    assert papers.paper(paper.key).served_how == "online"  # opened by whom it is for


def test_the_lots_page_names_it_and_leads_to_its_check(floor, lot):
    winner, _loser = sold(floor, lot)
    made()
    page = Client().get(reverse("trading:lot", args=[lot])).content.decode()
    paper = papers.paper(f"{lot}-{winner.paddle}")
    assert "演示中心成〔2026〕1号" in page
    assert reverse("portal:check_code", args=[paper.code]) in page


def test_bidders_find_their_papers_among_what_is_theirs(floor, lot):
    winner, loser = sold(floor, lot)
    made()
    pages = [
        signed_in(party.person).get(reverse("trading:mine")).content.decode()
        for party in (winner, loser)
    ]
    assert ["竞买资格确认书" in page for page in pages] == [True, True]
    assert ["成交确认书" in page for page in pages] == [True, False]


def test_a_bidder_has_a_receipt_of_what_they_paid_and_nobody_else_does(floor, lot):
    winner, loser = sold(floor, lot)
    address = reverse("trading:deposit-receipt", args=[winner.application])
    page = signed_in(winner.person).get(address).content.decode()
    for words in (winner.name, winner.paddle, "贰佰万元整", "演示中心", lot):
        assert words in page
    for stranger in (loser.person, floor.officer, floor.treasurer):
        assert signed_in(stranger).get(address).status_code == 404
    assert address in signed_in(winner.person).get(reverse("trading:mine")).content.decode()


def test_before_anything_came_there_is_no_receipt(floor, lot):
    party = admitted(floor, lot)
    address = reverse("trading:deposit-receipt", args=[party.application])
    assert signed_in(party.person).get(address).status_code == 404
    assert address not in signed_in(party.person).get(reverse("trading:mine")).content.decode()


def test_contract_and_default_stand_on_the_lots_page(floor, lot):
    winner, _loser = sold(floor, lot)
    hosting.record_contract(
        lot=lot,
        paddle=winner.paddle,
        number="演示合同〔2026〕7号",
        amount_fen=START,
        by=floor.officer,
        at=OVER + timedelta(days=1),
    )
    page = Client().get(reverse("trading:lot", args=[lot])).content.decode()
    assert f"{winner.paddle} 号牌已签订合同：演示合同〔2026〕7号" in page
    assert queries.afterwards(lot)[0].amount_fen == START


def test_without_a_seal_it_waits_and_says_why(floor, lot):
    trust.suspend_seal(key="centre-1", reason="送检", by=floor.officer, at=day(1))
    sold(floor, lot)
    assert made() == 0
    lines = papers.lines(list(papers.waiting(["centre"])))
    assert [line.obstacle.code for line in lines] == ["seal.suspended"] * 3


def test_shown_again_nobody_gets_a_second_paper(floor, lot):
    sold(floor, lot)
    found = list(PaperRow.objects.order_by("key").values_list("key", "number"))
    acts = LedgerEntry.objects.filter(kind__in=[one.kind for one in PAPERS.hears])
    for entry in acts.order_by("index"):
        SetAside.objects.create(reader=PAPERS.reader, index=entry.index)
    assert reactions.try_again(PAPERS) == 3
    assert list(PaperRow.objects.order_by("key").values_list("key", "number")) == found


def test_a_lot_nobody_bids_for_is_confirmed_to_nobody(floor, lot):
    admitted(floor, lot)
    bids.close_due(at=OVER + timedelta(seconds=2))
    heard()
    assert list(PaperRow.objects.values_list("paper", flat=True)) == ["admission"]


# ── How they look ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS.keys())
def test_each_paper_is_one_page_without_a_blank_sign(sheet):
    assert missing_glyphs(sheet) == ""
    page = typeset(sheet, address="http://127.0.0.1:8000/check/7K2P9QXD4H8M2TWC/", test=True)
    assert page.pages == 1
    printed = words_of(page.pdf)
    for words in texts(sheet):
        assert "".join(words.split()) in printed
