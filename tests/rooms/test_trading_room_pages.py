"""The auction room's page with its three faces, and what hosts do on it."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.core.people import Role
from mingtang.core.trading.lots.events import Part
from mingtang.core.trading.lots.state import Status
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting, paddles
from mingtang.trading.ports import tokens
from mingtang.trading.views.room_words import said
from tests.rooms import room_town, trading_words
from tests.rooms.case_town import signed_in
from tests.rooms.people_words import official
from tests.rooms.room_town import MINUTE, bid

pytestmark = pytest.mark.django_db
OPEN_PRICE = 9_800_000_000


@pytest.fixture
def town():
    return room_town.build("timed", "multi-unit")


@pytest.fixture
def lot(town):
    return town.lots["timed"]


def room(client, lot, status=200):
    response = client.get(reverse("trading:room", args=[lot]))
    assert response.status_code == status
    return response.content.decode()


def told(html):
    """Return what the scripts are told."""
    found = re.search(r'<script id="room" type="application/json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1])


def bidder(town, number=1, name="timed"):
    return signed_in(town.bidders[name, number].person)


# ── Faces ───────────────────────────────────────────────────────────────────


def test_an_observer_sees_price_part_and_bids_and_can_do_nothing(town, lot):
    bid(town, "timed", 1, OPEN_PRICE, ago=100 * MINUTE)
    html = room(Client(), lot)
    config = told(html)
    assert (config["face"], config["me"], config["person"]) == ("observer", None, "")
    assert config["standing"]["best_fen"] == OPEN_PRICE
    assert config["standing"]["part"] == "timed"
    for shown in ("玖仟捌佰万元整", "当前最高报价", "平均地价 4,178.04 元/平方米", "楼面价"):
        assert shown in html
    assert town.bidders["timed", 1].paddle in html
    for hidden in ("bidding.js", "hosting.js", 'id="bid"', "csrfmiddlewaretoken", "v1."):
        assert hidden not in html


def test_the_page_of_a_bidder_who_paid_carries_a_token_for_this_lot_and_nobody_elses(town, lot):
    html = room(bidder(town), lot)
    party, config = town.bidders["timed", 1], told(html)
    assert config["face"] == "bidder"
    me = config["me"]
    assert (me["paddle"], me["key"], me["rank"]) == (party.paddle, party.key, 0)
    token = tokens.read(me["token"], secret=settings.SECRET_KEY, at=timezone.now())
    assert (token.lot, token.paddle, token.application) == (lot, party.paddle, party.application)
    assert town.bidders["timed", 2].application not in html
    assert me["token"] not in room(bidder(town, 2), lot)


def test_a_bidders_page_is_kept_by_no_cache(town, lot):
    answer = bidder(town).get(reverse("trading:room", args=[lot]))
    assert "no-store" in answer.headers["Cache-Control"]


def test_where_a_bidder_stands_is_said(town, lot):
    mine = bidder(town)
    assert "您还没有报价" in room(mine, lot)
    bid(town, "timed", 1, OPEN_PRICE, ago=100 * MINUTE)
    assert "您当前领先" in room(mine, lot)
    bid(town, "timed", 2, OPEN_PRICE + 50_000_000, ago=90 * MINUTE)
    html = room(mine, lot)
    assert "已被超过" in html
    assert "我的上次报价 9,800.00 万元" in html
    assert f"{town.bidders['timed', 1].paddle}（我）" in html
    assert told(html)["me"]["last_fen"] == OPEN_PRICE


def test_whoever_won_and_whoever_did_not_is_told(town, lot):
    bid(town, "timed", 1, OPEN_PRICE, ago=100 * MINUTE)
    bids.close_due(at=town.now + 3 * MINUTE)
    assert "您已竞得" in room(bidder(town), lot)
    assert "您未竞得" in room(bidder(town, 2), lot)
    html = room(Client(), lot)
    assert "成交" in html
    assert told(html)["over"] is True
    assert "演示竞买人" not in html


def test_what_it_sold_at_is_shown_where_that_is_not_the_best_bid():
    town = room_town.build("sealed", now=timezone.localtime() - 120 * MINUTE)
    offers = [
        town.bidders["sealed", n].offer(price, town.now)
        for n, price in ((1, 110_000_000), (2, 100_000_000))
    ]
    trading_words.place(*offers)
    lot = town.lots["sealed"]
    assert told(room(Client(), lot))["sold_fen"] == 0
    bids.close_due(at=town.now + 61 * MINUTE)
    html = room(Client(), lot)
    assert "成交价" in html
    assert "壹佰万元整" in html
    assert told(html)["sold_fen"] == 100_000_000


def test_whoever_is_not_admitted_or_has_not_paid_only_watches_and_is_told_why(town):
    key = room_town.open_for_sign_up(town)
    someone = room_town.signed_up(town, "演示标的", 1)
    client = signed_in(someone.person)
    html = room(client, key)
    assert told(html)["face"] == "observer"
    assert "还没有通过资格审核" in html
    at = queries.content_of(queries.lot(key)).times.sign_up_from + timedelta(hours=2)
    paddles.admit(application=someone.application, by=town.officer, at=at)
    html = room(client, key)
    assert (told(html)["face"], told(html)["me"]) == ("observer", None)
    assert "没有查到在截止前到账的足额保证金" in html


def test_sealed_offers_have_a_form_and_no_bids_are_shown(town):
    lot = town.lots["multi-unit"]
    html = room(bidder(town, name="multi-unit"), lot)
    for shown in ('id="offer-price"', 'id="offer-quantity"', "报价密封", "每 500.00 元 一档"):
        assert shown in html
    assert 'id="record"' not in html


def test_what_happened_is_told_with_its_place_in_the_ledger(town, lot):
    bid(town, "timed", 1, OPEN_PRICE, ago=100 * MINUTE)
    bid(town, "timed", 2, OPEN_PRICE + 50_000_000, ago=MINUTE)
    hosting.bar(
        lot=lot, paddle=town.bidders["timed", 1].paddle, reason="串通", by=town.host, at=town.now
    )
    html = room(Client(), lot)
    assert re.search(r"<div>号牌 \d{4} 被取消竞买资格：串通</div>", html)
    assert "第 1 次延时，新截止" in html
    index = queries.lines(lot)[-1].index
    assert reverse("portal:entry", args=[index]) in html
    assert "您的竞买资格已被取消" in room(bidder(town), lot)


def test_without_scripts_the_page_says_it_is_as_of_loading(lot):
    assert re.search(r"<noscript><p[^>]*>.*刷新</a></p></noscript>", room(Client(), lot))


def test_the_scripts_can_say_every_part(town):
    words = said()
    for part in Part:
        assert words[f"part-{part.value}"]
        assert words[f"until-{part.value}"]
    assert all(words.values())


# ── The host ────────────────────────────────────────────────────────────────


@pytest.fixture
def host(town):
    return signed_in(town.host)


@pytest.fixture
def other(town):
    return signed_in(town.other_host)


def post(client, name, lot, **said):
    return client.post(reverse(f"trading:{name}", args=[lot]), said)


def test_a_host_sees_paddles_and_no_names(town, lot, host):
    bid(town, "timed", 1, OPEN_PRICE, ago=100 * MINUTE)
    html = room(host, lot)
    assert told(html)["face"] == "host"
    assert "hosting.js" in html
    assert town.bidders["timed", 1].paddle in html
    assert "演示竞买人" not in html
    assert town.bidders["timed", 2].paddle not in html  # never acted: nobody knows of it


def test_a_host_who_bids_for_a_lot_is_a_bidder_there(town):
    key = room_town.open_for_sign_up(town)
    someone = room_town.signed_up(town, "演示标的", 3)
    trading_words.people.appoint(
        post=trading_words.people.Post(
            person=someone.person, role=Role.TRADE_HOST, organisation="centre", staff_no="N-99"
        ),
        by="setup",
        at=town.now,
    )
    client = signed_in(someone.person)
    assert told(room(client, key))["face"] == "observer"
    assert post(client, "propose-stop", key, stopping="pause", reason="x").status_code == 403
    assert told(room(client, town.lots["multi-unit"]))["face"] == "host"


def test_pausing_takes_two_hosts_and_a_reason(town, lot, host, other):
    answer = post(host, "propose-stop", lot, stopping="pause", reason="有串通嫌疑")
    assert answer.url == reverse("trading:room", args=[lot])
    assert queries.state_of(lot).status is Status.ANNOUNCED
    html = room(host, lot)
    assert "须由另一位主持人确认" in html
    assert "提议中止：有串通嫌疑" in room(other, lot)
    own = post(host, "confirm-stop", lot, agrees="yes")
    assert own.status_code == 409
    assert "提议的人不能自己确认" in own.content.decode()
    assert post(other, "confirm-stop", lot, agrees="yes").status_code == 302
    assert queries.state_of(lot).status is Status.SUSPENDED
    html = room(Client(), lot)
    assert "竞价中止：有串通嫌疑" in html
    assert "待公布" in html


def test_a_proposal_can_be_turned_down(town, lot, host, other):
    post(host, "propose-stop", lot, stopping="end", reason="x")
    assert post(other, "confirm-stop", lot, agrees="no").status_code == 302
    state = queries.state_of(lot)
    assert (state.status, state.proposal) == (Status.ANNOUNCED, None)
    assert post(other, "confirm-stop", lot, agrees="yes").status_code == 409


def test_a_paused_lot_goes_on_when_a_host_says_so(town, lot, host, other):
    post(host, "propose-stop", lot, stopping="pause", reason="x")
    post(other, "confirm-stop", lot, agrees="yes")
    assert forms_shown(room(host, lot)) == {"resume", "bar"}
    past = post(host, "resume", lot, resumes="2020-01-01T09:00:00")
    assert past.status_code == 409
    later = timezone.localtime() + timedelta(hours=2)
    answer = post(host, "resume", lot, resumes=f"{later:%Y-%m-%dT%H:%M:%S}")
    assert answer.status_code == 302
    state = queries.state_of(lot)
    assert state.status is Status.ANNOUNCED
    assert state.paused[1] == later.replace(microsecond=0)
    assert forms_shown(room(host, lot)) == {"propose", "reserve", "bar"}


FORM = re.compile(r'<form [^>]*action="[^"]*/room/([a-z-]+)/"[^>]*data-while="[^"]*"( hidden)?')


def forms_shown(html):
    """Return which forms that come and go a host has in front of them."""
    return {name for name, hidden in FORM.findall(html) if not hidden}


def test_a_page_opened_while_a_lot_is_paused_has_the_form_of_the_reserve_ready(town, host, other):
    """The page is not loaded anew when the lot goes on: what stands there is shown then."""
    key = room_town.open_for_sign_up(town)
    assert forms_shown(room(host, key)) == {"propose", "reserve", "bar"}
    post(host, "propose-stop", key, stopping="pause", reason="x")
    post(other, "confirm-stop", key, agrees="yes")
    html = room(host, key)
    assert forms_shown(html) == {"resume", "bar"}
    assert reverse("trading:reserve", args=[key]) in html


def test_the_reserve_is_entered_by_two_and_never_shown(town, host, other):
    key = room_town.open_for_sign_up(town)
    assert post(host, "reserve", key, amount="123456789").status_code == 302
    html = room(host, key)
    assert "须由另一人录入同一金额" in html
    assert "123456789" not in html
    assert "123,456,789" not in html
    differs = post(other, "reserve", key, amount="123456780")
    assert differs.status_code == 409
    assert "与第一位录入的底价不一致" in differs.content.decode()
    assert post(other, "reserve", key, amount="123456789").status_code == 302
    assert "两人已录入，结束时公开" in room(host, key)
    assert queries.state_of(key).reserve_fen == 12_345_678_900
    for who in (Client(), host, bidder(town)):
        assert "12,345.6789" not in room(who, key)
        assert "12345678900" not in room(who, key)


def test_a_paddle_is_barred_with_the_reason(town, lot, host):
    paddle = town.bidders["timed", 1].paddle
    assert post(host, "bar", lot, paddle=paddle, reason="").status_code == 422
    assert post(host, "bar", lot, paddle=paddle, reason="串通").status_code == 302
    assert queries.state_of(lot).paddles[paddle].barred
    assert post(host, "bar", lot, paddle=paddle, reason="串通").status_code == 409


def test_sent_twice_it_is_done_once(town, lot, host):
    said = {"stopping": "pause", "reason": "x", "once_key": "once-once-once-1"}
    for _ in range(2):
        assert post(host, "propose-stop", lot, **said).status_code == 302
    assert [line.kind for line in queries.lines(lot)].count("lot.stop-proposed.v1") == 1


ACTS = {
    "reserve": {"amount": "200000000"},
    "propose-stop": {"stopping": "pause", "reason": "x"},
    "confirm-stop": {"agrees": "no"},
    "resume": {"resumes": "2030-01-01T09:00:00"},
    "bar": {"paddle": "1234", "reason": "x"},
}


@pytest.mark.parametrize("name", ACTS)
def test_nobody_but_a_host_of_the_lots_centre_does_anything(town, lot, name):
    before = len(queries.lines(lot))
    assert post(Client(), name, lot, **ACTS[name]).status_code == 302
    for someone in (
        town.stranger,
        town.officer,
        town.manager,
        town.treasurer,
        town.bidders["timed", 1].person,
    ):
        assert post(signed_in(someone), name, lot, **ACTS[name]).status_code == 403
    assert len(queries.lines(lot)) == before


@pytest.mark.parametrize("name", ACTS)
def test_a_host_is_asked_for_a_lot_there_is(town, host, name):
    assert post(host, name, "JY-0000-0000-1", **ACTS[name]).status_code == 404


def test_the_desk_lists_the_lots_of_ones_own_centre(town, lot, host):
    desk = reverse("trading:hosting")
    assert reverse("trading:room", args=[lot]) in host.get(desk).content.decode()
    assert "没有由您主持的标的" in signed_in(town.stranger).get(desk).content.decode()
    clerk = official(8, Role.TRADE_OFFICER, "centre")
    assert signed_in(clerk).get(desk).status_code == 403


def test_hosts_officers_and_bidders_find_their_way(town):
    home = reverse("people:home")
    for someone, name in (
        (town.host, "hosting"),
        (town.officer, "applications"),
        (town.bidders["timed", 1].person, "mine"),
    ):
        assert reverse(f"trading:{name}") in signed_in(someone).get(home).content.decode()
    assert reverse("trading:lots") in Client().get(reverse("trading:home")).content.decode()
