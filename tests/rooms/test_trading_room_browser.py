"""What the room's scripts do in a real browser: amounts, keys, signatures, sending again."""

import json
import random
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mingtang.core import p256
from mingtang.core.capitals import capitals
from mingtang.core.trading.applications import bid_message
from mingtang.core.wire import plain
from mingtang.trading import queries
from mingtang.trading.templatetags import lot_words
from mingtang.ui import formats
from tests.architecture.sources import SOURCE
from tests.journeys.browser import browser, page  # noqa: F401
from tests.rooms import room_town, site_words
from tests.rooms.case_town import signed_in
from tests.rooms.people_words import person
from tests.rooms.room_town import MINUTE, bid
from tests.rooms.site_words import SITE
from tests.rooms.trading_words import content

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
MONEY = SOURCE / "trading" / "static" / "trading" / "money.js"
OPEN_PRICE = 9_800_000_000
STEP = 50_000_000


# ── Amounts ─────────────────────────────────────────────────────────────────


def amounts():
    """Return amounts of every size, and those with zeros where capitals are hard."""
    chance = random.Random(7)  # the same ones every time
    some = [chance.randrange(10**size) for size in range(1, 16) for _ in range(150)]
    zeros = [10**n + 10**m for n in range(16) for m in range(n)]
    return sorted({0, *some, *zeros, *(n * 100 for n in zeros if n < 10**13), *range(1_000)})


@pytest.fixture
def money(page):  # noqa: F811
    page.add_script_tag(path=Path(MONEY))
    return lambda call, *given: page.evaluate(f"(all) => all.map((one) => {call})", *given)


def test_capitals_are_those_of_the_server(money):
    given = amounts()
    assert len(given) > 2_500
    assert money("Mingtang.money.capitals(one)", given) == [capitals(fen) for fen in given]


def test_figures_are_those_of_the_server(money):
    given = amounts()
    yuan = [formats.yuan(fen).removesuffix(" 元") for fen in given]
    wan = [formats.wan(fen).removesuffix(" 万元") for fen in given]
    assert money("Mingtang.money.figures(one)", given) == yuan
    assert money("Mingtang.money.figures(one, 1000000)", given) == wan


def test_premiums_are_those_of_the_server(money):
    lot = content(start_fen=OPEN_PRICE)
    given = [OPEN_PRICE + n * 12_345_678 for n in range(-300, 300)]
    said = [lot_words.premium(fen, lot) for fen in given]
    assert money(f"Mingtang.money.premium(one, {OPEN_PRICE})", given) == said


def test_what_is_typed_is_an_amount_or_none(money):
    given = ["1", "1.5", "1.05", "1,234.50", " 12 ", "", "1.005", "-1", "一", "1e5", "1.", "9" * 14]
    typed = [100, 150, 105, 123_450, 1_200, None, None, None, None, None, None, None]
    assert money("Mingtang.money.typed(one)", given) == typed


def test_the_day_is_said_where_it_is_not_today(page):  # noqa: F811
    page.add_script_tag(path=Path(MONEY.with_name("clock.js")))
    said = """(hours) => {
        const at = (n) => Date.parse("2026-03-16T00:30:00+08:00") + n * 3_600_000;
        Mingtang.clock.now = () => at(0);
        return hours.map((n) => Mingtang.clock.moment(at(n)));
    }"""
    assert page.evaluate(said, [0, 23, -1, 24]) == [
        "00:30:00",
        "23:30:00",
        "03-15 23:30:00",
        "03-17 00:30:00",
    ]


def signed(message, *, key, signature):
    """Whether the browser's signature is one of the message, by arithmetic alone."""
    point, halves = (urlsafe_b64decode(text + "==") for text in (key, signature))
    return p256.verify(point, message, halves)


# ── Keys ────────────────────────────────────────────────────────────────────


def sit_down(page, someone):  # noqa: F811
    """Have the page's requests answered here, somebody being signed in; return what was asked."""
    asked = site_words.serve(page)
    cookie = signed_in(someone).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": SITE}])
    return asked


def test_signing_up_makes_a_key_that_stays_in_the_browser_and_signs(log_home, page):  # noqa: F811
    town = room_town.build("timed", bidders=0)
    lot = room_town.open_for_sign_up(town)
    someone = person(50)
    sit_down(page, someone)
    page.goto(f"{SITE}/trading/lots/{lot}/sign-up/")
    page.get_by_label("我已阅读公告和交易规程").check()
    with page.expect_request("**/trading/mine/"):  # where the answer to the form leads
        page.get_by_role("button", name="提交报名").click()
    key = queries.own_application(someone, lot).signing_key
    later = page.context.new_page()
    site_words.serve(later)
    later.goto(f"{SITE}/trading/")
    later.add_script_tag(url="/static/trading/keys.js")
    assert later.evaluate("([lot, me]) => Mingtang.keys.point(lot, me)", [lot, someone]) == key
    message = bid_message(lot=lot, paddle="1234", price_fen=5, quantity=1, ref="演示")
    sign = "([lot, me, text]) => Mingtang.keys.sign(lot, me, text)"
    signature = later.evaluate(sign, [lot, someone, message.decode()])
    assert signed(message, key=key, signature=signature)
    assert not signed(message + b"0", key=key, signature=signature)
    assert later.evaluate(EXPORT, f"{lot}/{someone}") == "InvalidAccessError"


EXPORT = """(name) => new Promise((go) => {
    const opening = indexedDB.open("mingtang-trading");
    opening.onsuccess = () => {
        const found = opening.result.transaction("keys").objectStore("keys").get(name);
        found.onsuccess = () => crypto.subtle.exportKey("pkcs8", found.result.private)
            .then(() => go("exported"), (error) => go(error.name));
    };
})"""


# ── The room ────────────────────────────────────────────────────────────────


class Room:
    """Stands in for the bidding room: says what a test gives it, notes what it is sent."""

    def __init__(self, page):  # noqa: F811
        self.bids, self.streams, self.answers, self.lines = [], [], [], []
        page.route("**/bidding/time", self._time)
        page.route("**/bidding/health", lambda route: route.fulfill(json={"watchers": 3}))
        page.route("**/bidding/lots/*/lines*", self._lines)
        page.route("**/bidding/lots/*/bids", self._bid)

    def _time(self, route):
        route.fulfill(json={"now": timezone.localtime().isoformat(timespec="milliseconds")})

    def _lines(self, route):
        self.streams.append(route.request)
        body = "retry: 300\n\n" + "".join(self.lines)
        self.lines = []
        route.fulfill(body=body, content_type="text/event-stream")

    def _bid(self, route):
        self.bids.append((route.request.headers["authorization"], route.request.post_data_json))
        answer = self.answers.pop(0)
        route.abort() if answer is None else route.fulfill(status=answer[0], json=answer[1])

    def tell(self, version, **entry):
        """Send a line with the next stream that is asked for."""
        data = json.dumps({"index": 900 + version, "entry": entry})
        self.lines.append(f"id: {version}\nevent: line\ndata: {data}\n\n")

    def stand(self, standing):
        self.lines.append(f"event: standing\ndata: {json.dumps(standing)}\n\n")


@pytest.fixture
def town():
    town = room_town.build("timed")
    bid(town, "timed", 1, OPEN_PRICE, ago=100 * MINUTE)
    return town


@pytest.fixture
def second(browser, town):  # noqa: F811
    """The second bidder in the room, with a key of this browser."""
    yield from in_the_room(browser, town, "timed")


def in_the_room(browser, town, name):  # noqa: F811
    """Yield the second bidder's window. Connections are lost here: that is no fault."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    window = context.new_page()
    sit_down(window, town.bidders[name, 2].person)
    window.room = Room(window)
    window.goto(f"{SITE}/trading/lots/{town.lots[name]}/room/")
    expect(window.get_by_text("这个浏览器里没有您报名时的会话密钥")).to_be_visible()
    expect(window.get_by_role("button", name="出价")).to_be_hidden()
    window.get_by_role("button", name="更换会话密钥").click()
    expect(window.get_by_text("会话密钥已更换")).to_be_visible()
    yield window
    context.close()


RECEIPT = {
    "receipt": {"stream": "lot/x", "index": 905, "version": 9, "leaf": "00", "repeated": False},
    "received": "2026-03-16T10:04:12.318000+08:00",
}


def offer(window, price):
    window.get_by_role("button", name=f"出价 {price} 万元").click()
    expect(window.get_by_role("dialog")).to_contain_text(price)


def test_a_bid_is_signed_and_sent_again_under_the_same_ref_until_it_is_answered(town, second):
    second.room.answers = [None, (503, {}), (200, RECEIPT)]
    second.get_by_label("加一个竞价幅度").click()
    offer(second, "9,900.00")
    expect(second.get_by_role("dialog")).to_contain_text("玖仟玖佰万元整")
    second.get_by_role("dialog").get_by_role("button", name="出价").click()
    expect(second.get_by_text("正在确认您的报价")).to_be_visible()
    expect(
        second.get_by_text("报价有效，已记入账本 № 905，服务器收到时间 10:04:12.318")
    ).to_be_visible()
    assert len(second.room.bids) == 3
    assert len({json.dumps(said, sort_keys=True) for _, said in second.room.bids}) == 1
    authorization, said = second.room.bids[0]
    row = queries.application(town.bidders["timed", 2].application)
    message = bid_message(
        lot=row.lot, paddle=row.paddle, price_fen=said["price_fen"], quantity=1, ref=said["ref"]
    )
    assert said["price_fen"] == OPEN_PRICE + 2 * STEP
    assert signed(message, key=row.signing_key, signature=said["signature"])
    assert authorization.startswith("Bearer v1.")


def test_a_refusal_is_said_in_the_servers_words(second):
    refusal = {"refused": {"code": "lot.price-below", "facts": {}, "zh": "低了。", "en": "Low."}}
    second.room.answers = [(409, refusal)]
    offer(second, "9,850.00")
    second.keyboard.press("Enter")
    expect(second.get_by_text("低了。")).to_be_visible()


def test_the_price_is_chosen_with_the_arrow_keys(second):
    amount = second.get_by_role("spinbutton")
    amount.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
        second.keyboard.press(key)
    expect(amount).to_contain_text("9,900.00 万元")
    expect(amount).to_contain_text("加 2 个幅度（50.00 万元）")
    second.keyboard.press("Enter")
    expect(second.get_by_role("dialog")).to_contain_text("9,900.00 万元")
    second.keyboard.press("Escape")
    assert second.room.bids == []


@pytest.fixture
def procuring(browser):  # noqa: F811
    yield from in_the_room(browser, room_town.build("reverse"), "reverse")


def test_in_a_reverse_auction_less_is_better(procuring):
    box = procuring.locator("#box")
    expect(box).to_contain_text("120.00 万元")
    expect(box.get_by_label("加一个竞价幅度")).to_be_disabled()
    for _ in range(2):
        box.get_by_label("减一个竞价幅度").click()
    expect(box).to_contain_text("118.00 万元")
    expect(box).to_contain_text("减 2 个幅度（1.00 万元）")
    procuring.get_by_role("spinbutton").press("ArrowUp")
    expect(box).to_contain_text("119.00 万元")
    procuring.get_by_role("spinbutton").press("Home")
    expect(box).to_contain_text("最高限价可以直接报")


def standing_of(town):
    return plain(queries.standing(town.lots["timed"], at=timezone.localtime()))


def test_lines_move_the_price_and_a_lost_connection_goes_on_after_the_last(town, second):
    expect(second.get_by_text("连接中断，正在重连")).to_be_visible()
    received = timezone.localtime() - timedelta(seconds=3)
    before = standing_of(town)
    second.room.tell(
        before["version"] + 1,
        kind="lot.bid-placed.v1",
        at=received.isoformat(),
        received=received.isoformat(timespec="microseconds"),
        no=2,
        paddle="9999",
        price_fen=OPEN_PRICE + STEP,
        part="timed",
    )
    changed = {
        "best_fen": OPEN_PRICE + STEP,
        "best_paddle": "9999",
        "next_fen": OPEN_PRICE + 2 * STEP,
        "bids": 2,
        "extensions": 1,
        "version": before["version"] + 1,
    }
    second.room.stand({**before, **changed})
    expect(second.locator("#price")).to_have_text("9,850.00")
    expect(second.locator("#capitals")).to_have_text("玖仟捌佰伍拾万元整")
    expect(second.locator("#record tr").first).to_contain_text("9999")
    expect(second.get_by_text("第 1 次延时，新截止").first).to_be_visible()
    expect(second.get_by_role("button", name="出价 9,900.00 万元")).to_be_visible()
    expect(second.locator("#news")).not_to_be_empty()
    with second.expect_request("**/lines*") as again:
        pass
    assert again.value.url.endswith(f"after={before['version'] + 1}")


def test_what_is_being_confirmed_must_still_count(town, second):
    offer(second, "9,850.00")
    before = standing_of(town)
    moved = {"best_fen": OPEN_PRICE + STEP, "next_fen": OPEN_PRICE + 2 * STEP}
    second.room.stand({**before, **moved, "best_paddle": "9999"})
    expect(second.get_by_text("价格已经变了")).to_be_visible()
    expect(second.locator("#confirm-yes")).to_be_disabled()


def test_at_the_end_everybody_is_told(town, second):
    party = town.bidders["timed", 2]
    award = {"paddle": party.paddle, "price_fen": OPEN_PRICE, "quantity": 1}
    second.room.tell(
        standing_of(town)["version"] + 1,
        kind="lot.closed.v1",
        at=timezone.localtime().isoformat(),
        verdict="sold",
        awards=[award],
    )
    expect(second.locator("#result")).to_contain_text("成交")
    expect(second.locator("#result")).to_contain_text(f"号牌 {party.paddle} · 9,800.00 万元")
    expect(second.locator("#place")).to_contain_text("您已竞得")
    expect(second.get_by_role("button", name="出价")).to_be_hidden()
