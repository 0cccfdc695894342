"""A chief with a phone in one hand, and a window whose network goes away."""

import json
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from mingtang.core.totp import SECONDS, code_of, step_at
from tests.journeys.acting import (
    PASSWORD,
    apply_for_it,
    field,
    find_item,
    press,
    press_at_the_desk,
)
from tests.journeys.conftest import sign_in
from tests.rooms.push_service import Phone

pytestmark = pytest.mark.journey
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
SMALLEST = 44  # CSS pixels a thumb does not miss: WCAG 2.2, 2.5.5
CHAIN, DOG = "仅销售预包装食品备案", "犬只登记（养犬登记）"
TYPED = "断网以后接着写的补正理由"


# ── In the hand ─────────────────────────────────────────────────────────────


def test_a_case_is_decided_and_sealed_with_a_thumb(as_, new_window, hall):
    citizen = as_("citizen")
    find_item(citizen, hall.url, CHAIN)
    number = apply_for_it(citizen)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    phone = as_("chief", **PHONE)
    phone.goto(f"{hall.url}/me/")
    phone.get_by_role("link", name="掌上审批").tap()
    open_card(phone, number)
    fits(phone)
    phone.get_by_role("link", name="去启用").tap()
    authenticator = enrol(phone)

    phone.goto(f"{hall.url}/hand/{number}/decision/")
    phone.get_by_role("link", name="去决定").tap()
    phone.get_by_text("准予", exact=True).first.tap()
    phone.get_by_role("button", name="材料齐全，符合规定。").tap()
    phone.locator("input.code").fill("000000")
    decide = phone.get_by_role("button", name="决定并用印")
    expect(decide).to_be_visible()
    fits(phone)
    decide.tap()
    expect(phone.get_by_role("alert")).to_contain_text("验证码不对")
    expect(field(phone, "reason")).to_have_value("材料齐全，符合规定。")

    spent = authenticator.spent
    phone.locator("input.code").fill(spent)
    decide.tap()
    expect(phone.get_by_role("alert")).to_contain_text("已经用过一次")
    phone.locator("input.code").fill(authenticator())
    decide.tap()
    expect(phone.locator(".card.done")).to_contain_text("已办结")
    sealed = phone.locator("#papers").get_by_role("link", name=re.compile("^打开 PDF：准予"))
    expect(sealed).to_be_visible(timeout=60_000)  # meanwhile; the page asks by itself
    fits(phone)

    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.locator("main .messages")).to_contain_text("决定：准予")
    expect(citizen.get_by_role("main")).to_contain_text("第二重验证通过")

    # Whoever finds the phone does not go round by the desk's page.
    phone.goto(f"{hall.url}/cases/tasks/")
    other = phone.locator("a[href*='/decision/']").first
    if other.count():
        other.click()
        phone.get_by_label("准予", exact=True).check()
        press(phone, "作出决定")
        expect(phone.get_by_role("main")).to_contain_text("这次登录用过掌上审批")

    phone.goto(f"{hall.url}/account/2fa/totp/deactivate/")  # other journeys sign in without it
    phone.get_by_role("main").get_by_role("button").first.tap()
    expect(phone).to_have_url(f"{hall.url}/account/2fa/")


def test_a_phone_is_called_when_something_becomes_its_holder_s_task(as_, hall, push_service):
    """The browser's own service is far away: the phone subscribes at ours, all else is real."""
    mine = Phone(push_service.url, "in-the-hand")
    phone = as_("chief", **PHONE)
    phone.context.grant_permissions(["notifications"], origin=hall.url)
    phone.context.add_init_script(SUBSCRIBES.replace("GIVEN", json.dumps(mine.given)))
    phone.goto(f"{hall.url}/hand/me/")
    press(phone, "开启提醒")
    expect(phone.locator("[data-phone]")).to_contain_text("这部手机")
    expect(phone.get_by_role("button", name="开启提醒")).to_be_hidden()
    fits(phone)

    citizen = as_("citizen")
    find_item(citizen, hall.url, CHAIN)
    number = apply_for_it(citizen)
    push_service.asked.clear()
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    asked = push_service.first(seconds=30)
    phone.goto(f"{hall.url}/hand/")
    waiting = int(phone.locator("[data-todo]").inner_text())
    assert mine.open(asked.body) == {"todo": waiting, "language": "zh-hans"}
    assert asked.claims()["aud"] == push_service.url

    deliver(phone, hall.url, mine.open(asked.body))
    assert phone.evaluate(SHOWN) == {"掌上审批": f"有新的待办，共 {waiting} 件"}

    [worker] = phone.context.service_workers
    worker.evaluate(CHANGES, [mine.endpoint, Phone(push_service.url, "elsewhere").given])
    phone.goto(f"{hall.url}/hand/me/")
    expect(phone.locator("[data-phone]")).to_have_count(1)
    expect(phone.locator("[data-phone]").get_by_text("这部手机")).to_be_hidden()

    press(phone, "停用")
    expect(phone.locator("[data-phone]")).to_have_count(0)
    expect(phone.get_by_role("button", name="开启提醒")).to_be_visible()


SUBSCRIBES = """
  const given = GIVEN;
  const one = {
    endpoint: given.endpoint,
    toJSON: () => ({ keys: { p256dh: given.key, auth: given.secret } }),
    unsubscribe: async () => (localStorage.removeItem('subscribed'), true),
  };
  PushManager.prototype.getSubscription = async () => localStorage.getItem('subscribed') && one;
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error('no such key');
    localStorage.setItem('subscribed', 'yes');
    return one;
  };
"""
CHANGES = """async ([before, given]) => {
  const event = new ExtendableEvent("pushsubscriptionchange");
  event.oldSubscription = { endpoint: before };
  event.newSubscription = {
    toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.key, auth: given.secret } }),
  };
  event.waitUntil = (done) => (event.done = done);  // only the browser's own events may wait
  dispatchEvent(event);
  await event.done;
}"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  for (let waited = 0; waited < 100; waited++) {
    const shown = await registration.getNotifications();
    if (shown.length) return Object.fromEntries(shown.map((one) => [one.title, one.body]));
    await new Promise((go) => setTimeout(go, 100));
  }
  return {};
}"""


def deliver(phone, url, message):
    """Hand a message to the service worker as the browser does once it has opened it."""
    workers = []
    session = phone.context.new_cdp_session(phone)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: workers.extend(told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    phone.wait_for_function("navigator.serviceWorker.controller")
    [id] = {one["registrationId"] for one in workers if one["scopeURL"].endswith("/hand/")}
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": url, "registrationId": id, "data": json.dumps(message)},
    )


def test_without_a_network_the_phone_says_so_and_shows_no_case(as_, hall):
    phone = as_("chief-11", **PHONE)
    phone.goto(f"{hall.url}/hand/")
    assert phone.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)").endswith(
        "/hand/"
    )
    kept = phone.evaluate(
        "caches.keys().then((all) => caches.open(all[0])).then((one) => one.keys())"
        ".then((all) => all.map((one) => new URL(one.url).pathname))"
    )
    assert "/hand/offline/" in kept
    assert [path for path in kept if not path.startswith(("/static/", "/hand/offline/"))] == []
    phone.reload()
    phone.context.set_offline(True)
    expect(phone.locator(".state")).to_contain_text("现在没有网络")
    phone.get_by_role("link", name="已办").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("现在没有网络")
    fits(phone)
    phone.context.set_offline(False)
    phone.get_by_role("link", name="再试一次").tap()
    expect(phone.get_by_role("navigation", name="掌上审批")).to_be_visible()


def test_what_is_pressed_on_the_phone_without_a_network_is_not_lost_and_not_sent(as_, hall):
    phone = as_("reviewer-20", **PHONE)
    phone.goto(f"{hall.url}/hand/")
    phone.locator(".cards a[href*='/hand/MT-']").first.tap()
    phone.locator("main textarea").fill(TYPED)
    phone.context.set_offline(True)
    phone.locator("main button.big").tap()
    expect(phone.locator(".state")).to_contain_text("没有送出")
    expect(phone.locator("main textarea")).to_have_value(TYPED)
    phone.context.set_offline(False)


def open_card(phone, number):
    phone.locator(f".cards a[href*='{number}']").tap()
    expect(phone.get_by_role("main")).to_contain_text(number)


def enrol(phone):
    """Set up the second factor; return what shows the next code, as the authenticator does."""
    phone.locator("input[name=password]").fill(PASSWORD)
    phone.get_by_role("main").get_by_role("button").first.tap()
    secret = phone.locator("code.mono").inner_text()
    begun = step_at(datetime.now(UTC))
    phone.locator("input[name=code]").fill(code_of(secret, begun))
    phone.get_by_role("main").get_by_role("button", name="启用").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("恢复码")

    def next_code():
        """The next step's code: a phone whose clock is up to half a minute fast."""
        while step_at(datetime.now(UTC)) < begun:
            phone.wait_for_timeout(SECONDS * 100)
        return code_of(secret, max(begun, step_at(datetime.now(UTC))) + 1)

    next_code.spent = code_of(secret, begun)
    return next_code


def fits(phone):
    """Nothing to be scrolled sideways, nothing too small for a thumb."""
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["viewport"]["width"]
    pressed = "main button, main .btn, main summary, main .cards a, .thumb a"
    small = [
        f"{one.inner_text()}: {box['height']}"
        for one in phone.locator(pressed).all()
        if one.is_visible() and (box := one.bounding_box()) and box["height"] < SMALLEST
    ]
    assert small == []


# ── At the window ───────────────────────────────────────────────────────────


def test_reasons_written_without_a_network_are_sent_once_when_it_is_back(as_, hall):
    citizen = as_("citizen")
    find_item(citizen, hall.url, DOG)
    number = apply_for_it(citizen)
    clerk = as_("clerk01")
    clerk.goto(f"{hall.url}/cases/desk/{number}/")
    clerk.context.set_offline(True)
    bar = clerk.locator(".keep-state")
    expect(bar).to_contain_text("现在没有网络")
    row = clerk.locator("table.checklist tbody tr").first
    row.get_by_label("不符合").check()
    clerk.locator("table.checklist textarea:visible").first.fill(TYPED)
    clerk.get_by_role("button", name="一次性告知补正", exact=True).click()
    expect(bar).to_contain_text("这一页已经排队")
    readable = clerk.evaluate("JSON.stringify({ ...localStorage })")
    assert "mingtang-draft:keep:" in readable
    assert TYPED not in readable

    sent = []
    clerk.on("request", lambda one: one.method == "POST" and sent.append(one.url))
    clerk.context.set_offline(False)
    expect(clerk.get_by_role("button", name="一次性告知补正", exact=True)).to_have_count(0)
    expect(clerk.get_by_role("main")).to_contain_text("已告知补正")
    assert [address for address in sent if address.endswith("/notify/")] == [
        f"{hall.url}/cases/desk/{number}/notify/"
    ]
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.get_by_text(TYPED)).to_have_count(1)
    assert clerk.evaluate("Object.keys(localStorage).filter((n) => n.includes('keep'))") == []


def test_an_answer_lost_on_the_way_back_does_not_make_it_happen_twice(as_, hall):
    citizen = as_("citizen")
    find_item(citizen, hall.url, DOG)
    number = apply_for_it(citizen)
    clerk = as_("clerk01")
    clerk.goto(f"{hall.url}/cases/desk/{number}/")
    clerk.context.set_offline(True)
    clerk.get_by_role("button", name="受理", exact=True).click()
    expect(clerk.locator(".keep-state")).to_contain_text("这一页已经排队")
    reached = []

    def lose_the_first_answer(route):
        if not reached:
            reached.append(clerk.request.post(route.request.url, **_as_it_was(route)).status)
            return route.abort()
        return route.continue_()

    clerk.route("**/accept/", lose_the_first_answer)
    clerk.context.set_offline(False)
    expect(clerk.get_by_role("button", name="受理", exact=True)).to_have_count(0, timeout=40_000)
    assert reached == [200]
    citizen.goto(f"{hall.url}/cases/{number}/")
    told = citizen.locator("main .log li").filter(has_text=re.compile("受理"))
    expect(told.filter(has_text="承诺最迟")).to_have_count(1)


def _as_it_was(route):
    kind = route.request.headers["content-type"]
    return {
        "data": route.request.post_data_buffer,
        "headers": {"content-type": kind, "referer": route.request.headers.get("referer", "")},
    }


def test_typing_comes_back_after_the_browser_was_closed_and_goes_on_signing_out(as_, hall):
    clerk = as_("clerk02")
    clerk.goto(f"{hall.url}/cases/desk/new/")
    box = clerk.get_by_role("main").get_by_role("searchbox")
    box.fill(DOG)
    box.press("Enter")
    clerk.get_by_role("link", name=DOG, exact=True).last.click()
    form = clerk.url
    clerk.context.set_offline(True)
    expect(clerk.locator(".keep-state")).to_contain_text("现在没有网络")
    field(clerk, "name").fill("演示来客丙")
    field(clerk, "id_number").fill("9901")
    clerk.get_by_role("link", name="窗口收件").first.click()
    expect(clerk.locator(".keep-state")).to_contain_text("请先留在这里")
    wait_until_kept(clerk, 2)
    clerk.context.set_offline(False)
    tomorrow = clerk.context.new_page()
    clerk.close()
    tomorrow.goto(form)
    expect(tomorrow.locator(".keep-state")).to_contain_text("已恢复")
    expect(field(tomorrow, "name")).to_have_value("演示来客丙")
    tomorrow.locator("header").get_by_role("button", name="退出").first.click()
    expect(tomorrow.get_by_role("link", name="登录").first).to_be_visible()
    assert tomorrow.evaluate("Object.keys(localStorage)") == []


def wait_until_kept(clerk, writes):
    """Wait until what was typed last has been written down; a test's clock has no hooks there."""
    for _moment in range(100):
        if clerk.evaluate("Object.keys(localStorage).length"):
            break
        clerk.wait_for_timeout(50)
    clerk.wait_for_timeout(400 * writes)  # typing rests for 300 ms before it is written


def test_another_clerk_at_the_same_browser_reads_nothing_of_it(as_, hall):
    clerk = as_("clerk01")
    clerk.goto(f"{hall.url}/cases/desk/new/")
    box = clerk.get_by_role("main").get_by_role("searchbox")
    box.fill(DOG)
    box.press("Enter")
    clerk.get_by_role("link", name=DOG, exact=True).last.click()
    form = clerk.url
    field(clerk, "name").fill("演示来客丁")
    wait_until_kept(clerk, 1)
    clerk.context.clear_cookies()
    sign_in(clerk, hall.url, "clerk02")
    clerk.goto(form)
    expect(field(clerk, "name")).to_have_value("")


def test_one_press_puts_the_reason_and_marks_the_material(as_, hall):
    citizen = as_("citizen")
    find_item(citizen, hall.url, DOG)
    number = apply_for_it(citizen)
    clerk = as_("clerk01")
    clerk.goto(f"{hall.url}/cases/desk/{number}/")
    why = clerk.locator("table.checklist tr.why").first
    why.locator("summary").click()
    why.get_by_role("button", name="没有签字或盖章").click()
    expect(why.locator("textarea")).to_have_value("没有签字或盖章")
    expect(clerk.locator("table.checklist tbody tr").first.get_by_label("不符合")).to_be_checked()


# ── A change of shift ───────────────────────────────────────────────────────


def test_what_waits_at_a_window_is_handed_to_a_colleague_who_confirms(as_, hall):
    citizen = as_("citizen")
    find_item(citizen, hall.url, DOG)
    number = apply_for_it(citizen)
    giver, receiver = as_("clerk01"), as_("clerk02")
    giver.goto(f"{hall.url}/cases/desk/")
    giver.get_by_role("link", name=re.compile("^交接")).click()
    giver.get_by_role("link", name="提出交接").click()
    for box in giver.locator("input[name=case]:checked").all():
        box.uncheck()
    giver.locator(f"input[value='{number}']").check()
    clerk02 = giver.locator("#id_receiver option", has_text="演示窗口员02")
    field(giver, "receiver").select_option(value=clerk02.get_attribute("value"))
    field(giver, "note").fill("申请人下午再来")
    press(giver, "提出交接")
    expect(giver.get_by_text("交接单已提出，对方确认后生效。")).to_be_visible()

    receiver.goto(f"{hall.url}/cases/desk/")
    receiver.get_by_role("link", name=re.compile("^交接")).click()
    receiver.get_by_role("listitem").filter(has_text="待确认").first.get_by_role(
        "link"
    ).first.click()
    expect(receiver.get_by_role("main")).to_contain_text("申请人下午再来")
    press(receiver, "逐件核对无误，确认接手")
    expect(receiver.get_by_role("main")).to_contain_text("已交接")
    giver.goto(f"{hall.url}/cases/desk/{number}/")
    expect(giver.get_by_role("main")).to_contain_text("接手")
