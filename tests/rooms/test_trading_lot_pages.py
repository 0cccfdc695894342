"""Pages of lots: lists, one lot, its end; what officers record of winners."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.core.trading.lots.events import Stopping
from mingtang.core.trading.lots.terms import LotFact
from mingtang.core.trading.parameters import Direction
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting
from mingtang.trading.templatetags import lot_words
from tests.rooms import room_town, trading_words
from tests.rooms.case_town import signed_in
from tests.rooms.room_town import FACTS, MINUTE, bid
from tests.rooms.trading_words import content

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return room_town.build("timed", "dutch")


@pytest.fixture
def sold():
    """The timed lot, sold to the second bidder for 98.5 million yuan a few minutes ago."""
    town = room_town.build("timed", now=timezone.localtime() - 10 * MINUTE)
    bid(town, "timed", 1, 9_800_000_000, ago=100 * MINUTE)
    bid(town, "timed", 2, 9_850_000_000, ago=90 * MINUTE)
    assert bids.close_due(at=town.now + 3 * MINUTE) == 1
    trading_words.heard()
    return town


def page(client, name, *args, query=""):
    response = client.get(reverse(f"trading:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL))


# ── Lists ───────────────────────────────────────────────────────────────────


def test_lists_show_what_is_live_what_comes_and_what_is_over(town):
    bid(town, "timed", 1, 9_800_000_000, ago=100 * MINUTE)
    later = room_town.open_for_sign_up(town, "演示后来的地块")
    live = text(page(Client(), "lots"))
    assert "演示地块甲 " in live
    assert "9,800.00 万元" in live
    assert "距限时竞价结束" in live
    assert "演示后来的地块" not in live
    assert "演示后来的地块" in text(page(Client(), "lots", query="?list=coming"))
    assert later in page(Client(), "lots", query="?list=coming")
    assert "这里还没有标的" in text(page(Client(), "lots", query="?list=over"))


def test_an_unknown_list_is_that_of_the_live(town):
    assert "演示地块甲" in page(Client(), "lots", query="?list=nonsense&page=99")


def test_what_is_over_shows_its_price(sold):
    over = text(page(Client(), "lots", query="?list=over"))
    assert "成交 " in over
    assert "9,850.00 万元" in over


# ── One lot ─────────────────────────────────────────────────────────────────


def test_a_lot_says_what_it_is_and_by_which_rules(town):
    html = page(Client(), "lot", town.lots["timed"])
    shown = text(html)
    for said in (
        "23,456 平方米",
        "玖仟捌佰万元整",
        "保密，结束时公开",
        "演示规程 timed 第 1 版",
        "自由报价截止",
        "限时竞价开始",
        "旁听竞价",
    ):
        assert said in shown
    assert reverse("trading:version", args=["timed", 1]) in html
    assert "我要报名" not in shown


def test_who_can_sign_up_is_asked_to(town):
    key = room_town.open_for_sign_up(town)
    html = page(Client(), "lot", key)
    assert reverse("trading:sign-up", args=[key]) in html


def test_before_the_end_nobody_is_named_and_no_number_of_bidders_is_told(town):
    bid(town, "timed", 1, 9_800_000_000, ago=100 * MINUTE)
    lot = town.lots["timed"]
    for client in (Client(), signed_in(town.host), signed_in(town.bidders["timed", 2].person)):
        for name in ("lot", "room"):
            html = page(client, name, lot)
            assert "演示竞买人1" not in html
            assert town.bidders["timed", 1].application not in html
    assert town.bidders["timed", 1].paddle in page(Client(), "lot", lot)


def test_after_the_end_the_result_is_there_with_the_winners_name_and_every_bid(sold):
    html = page(Client(), "lot", sold.lots["timed"])
    shown = text(html)
    first, second = sold.bidders["timed", 1].paddle, sold.bidders["timed", 2].paddle
    for said in ("竞价结果：成交", "9,850.00", "玖仟捌佰伍拾万元整", "0.51%", "演示竞买人2"):
        assert said in shown
    assert "演示竞买人1" not in shown
    assert re.findall(r'<th scope="row">(\d{4})</th>', html) == [second, first]
    assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000", shown)) == 2
    assert reverse("trading:record", args=[sold.lots["timed"]]) in html
    assert "python -m mingtang.verifier auction" in html


def test_a_lot_nobody_bid_for_says_so(town):
    bids.close_due(at=town.now + 3 * MINUTE)
    shown = text(page(Client(), "lot", town.lots["timed"]))
    assert "竞价结果：流拍" in shown
    assert "没有人报价。" in shown


def test_a_lot_that_was_stopped_says_so(town):
    lot = town.lots["dutch"]
    hosting.propose_stop(
        lot=lot, stopping=Stopping.END, reason="标的灭失", by=town.host, at=town.now
    )
    hosting.confirm_stop(lot=lot, agrees=True, by=town.other_host, at=town.now)
    assert "竞价已终止" in text(page(Client(), "lot", lot))


def test_a_falling_price_is_shown_as_it_is_now(town):
    shown = text(page(Client(), "lot", town.lots["dutch"]))
    assert "576,000.00 元" in shown
    assert "距下次降价" in shown


@pytest.mark.parametrize("name", ["lot", "room"])
def test_a_lot_there_is_not_is_not_found(town, name):
    assert Client().get(reverse(f"trading:{name}", args=["JY-0000-0000-1"])).status_code == 404


def test_pages_are_there_in_english(sold):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    assert "Result: sold" in page(client, "lot", sold.lots["timed"])
    assert "CNY 98,500,000.00" in text(page(client, "lots", query="?list=over"))


# ── After the end ───────────────────────────────────────────────────────────


def contract(town, **changed):
    said = {"paddle": town.bidders["timed", 2].paddle, "number": "演示合同1", "amount": "98500000"}
    return {**said, **changed}


def test_an_officer_records_the_contract(sold):
    officer, lot = signed_in(sold.officer), sold.lots["timed"]
    assert "登记成交合同" in page(officer, "lot", lot)
    answer = officer.post(reverse("trading:contract", args=[lot]), contract(sold))
    assert answer.url == reverse("trading:lot", args=[lot])
    assert queries.state_of(lot).closing.contracts == {sold.bidders["timed", 2].paddle}
    html = page(officer, "lot", lot)
    assert "已签订成交合同" in html
    assert "登记悔拍" not in html


def test_an_officer_records_that_a_winner_lets_it_go(sold):
    officer, lot = signed_in(sold.officer), sold.lots["timed"]
    paddle = sold.bidders["timed", 2].paddle
    said = {"paddle": paddle, "reason": "逾期不签"}
    assert officer.post(reverse("trading:default", args=[lot]), said).status_code == 302
    assert queries.state_of(lot).closing.defaults == {paddle}
    assert "悔拍，保证金不予退还" in page(Client(), "lot", lot)


def test_what_is_filled_in_wrong_is_said_and_nothing_happens(sold):
    officer, lot = signed_in(sold.officer), sold.lots["timed"]
    post = reverse("trading:contract", args=[lot])
    other = sold.bidders["timed", 1].paddle
    assert officer.post(post, contract(sold, paddle=other)).status_code == 422
    refused = officer.post(post, contract(sold, amount="0"))
    assert refused.status_code == 409
    assert queries.state_of(lot).closing.contracts == frozenset()


def test_nobody_but_the_centres_officer_records_anything(sold):
    lot = sold.lots["timed"]
    for name in ("contract", "default"):
        post = reverse(f"trading:{name}", args=[lot])
        for someone in (sold.host, sold.manager, sold.bidders["timed", 2].person):
            assert signed_in(someone).post(post, contract(sold)).status_code == 403
        assert Client().post(post, contract(sold)).status_code == 302
    assert "登记成交合同" not in page(signed_in(sold.host), "lot", lot)


def test_an_officer_of_another_centre_records_nothing(sold):
    other = trading_words.official(7, trading_words.Role.TRADE_OFFICER, "elsewhere")
    client, lot = signed_in(other), sold.lots["timed"]
    assert client.post(reverse("trading:contract", args=[lot]), contract(sold)).status_code == 403
    assert "登记成交合同" not in page(client, "lot", lot)


# ── Words ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fen", "start", "said"),
    [
        (9_850_000_000, 9_800_000_000, "0.51%"),
        (12_340_000_000, 9_800_000_000, "25.92%"),
        (9_800_000_000, 9_800_000_000, "0.00%"),
        (95, 100, "-5.00%"),
    ],
)
def test_the_premium_is_what_a_price_lies_above_the_start(fen, start, said):
    assert lot_words.premium(fen, content(start_fen=start)) == said


def test_a_price_is_divided_by_area_and_floor_area():
    found = list(lot_words.unit_prices(content(facts=FACTS)))
    assert [(one.label, float(one.square_metres)) for one in found] == [
        ("平均地价", 23_456),
        ("楼面价", 51_603.2),
    ]


@pytest.mark.parametrize(
    ("name", "value", "metres"),
    [
        ("出让面积", "1,000.5 平方米", 1000.5),
        ("土地面积", "3 亩", 2000),
        ("建筑面积", "900 平方米", None),
        ("面积", "约九百平方米", None),
        ("用途", "900 平方米", None),
    ],
)
def test_only_an_area_of_land_in_figures_is_divided_by(name, value, metres):
    found = list(lot_words.unit_prices(content(facts=(LotFact(name=name, value=value),))))
    expected = [] if metres is None else [pytest.approx(metres)]
    assert [float(one.square_metres) for one in found] == expected


def test_a_range_of_ratios_gives_no_floor_price():
    facts = (LotFact(name="面积", value="9 平方米"), LotFact(name="容积率", value="1.0-2.2"))
    assert len(list(lot_words.unit_prices(content(facts=facts)))) == 1


def test_what_a_premium_is_called_depends_on_the_way():
    assert lot_words.premium_word(Direction.ASCENDING) == "溢价率"
    assert lot_words.premium_word(Direction.REVERSE) == "较起始价"
