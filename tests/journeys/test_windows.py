"""From a phone to the window (从取号到叫号): a number taken at home, called on the big screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import decide, press, press_at_the_desk, sign_in
from tests.journeys.test_window_and_officers import take_in

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}
HALL = "mingzhou"
ITEM = "仅销售预包装食品备案"
MOST_CALLS = 20  # more than the demonstration has waiting


def call_up_to(clerk, number):
    """Call one after the other at the window, until this number stands there."""
    for _ in range(MOST_CALLS):
        if clerk.get_by_role("button", name="办完离窗").count():
            press(clerk, "办完离窗")
        press(clerk, "叫下一位")
        if clerk.locator("p.number").inner_text() == number:
            break
    expect(clerk.locator("p.number")).to_have_text(number)


def fits(page):
    """Whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_number_taken_at_home_is_called_on_the_big_screen(hall, browser):
    with (
        browser.new_context(locale="zh-CN", viewport=PHONE) as phone,
        browser.new_context(locale="zh-CN") as wall,
        browser.new_context(locale="zh-CN") as window,
    ):
        citizen, screen, clerk = phone.new_page(), wall.new_page(), window.new_page()
        screen.goto(f"{hall.url}/windows/{HALL}/screen/")
        expect(screen.get_by_role("heading", name="综合服务大厅")).to_be_visible()

        sign_in(citizen, hall.url, "citizen")
        citizen.goto(f"{hall.url}/windows/{HALL}/")
        assert fits(citizen)
        citizen.get_by_role("link", name="网上取号").click()
        press(citizen, "取号")
        number = citizen.get_by_role("heading", level=1).inner_text()
        assert re.fullmatch(r"A\d{3}", number)
        expect(citizen.get_by_text(re.compile(r"前面还有 \d+ 人"))).to_be_visible()
        assert fits(citizen)

        sign_in(clerk, hall.url, "clerk01")
        clerk.goto(f"{hall.url}/windows/panel/")
        call_up_to(clerk, number)

        # Both renew themselves.
        expect(screen.locator(".newest b")).to_have_text(number)
        expect(screen.locator(".newest span")).to_have_text("综合窗口1号")
        expect(citizen.locator(".ahead b")).to_have_text("综合窗口1号")
        assert fits(screen)

        press(clerk, "办完离窗")
        expect(citizen.get_by_text("已办结")).to_be_visible()


def test_from_the_number_to_the_stars(as_, new_window, hall):
    """A number, a call, the case, its decision, and what the visitor thought of it all."""
    visitor, clerk = as_("citizen", viewport=PHONE), as_("clerk01")
    visitor.goto(f"{hall.url}/windows/{HALL}/take/")
    press(visitor, "取号")
    ticket = visitor.get_by_role("heading", level=1).inner_text()
    clerk.goto(f"{hall.url}/windows/panel/")
    call_up_to(clerk, ticket)

    number = take_in(clerk, hall.url, ITEM, name="演示来客戊", id_number="990101199002020016")
    press_at_the_desk(clerk, hall.url, number, "受理")
    clerk.goto(f"{hall.url}/windows/panel/")
    press(clerk, "办完离窗")
    visitor.reload()
    expect(visitor.get_by_text("已办结")).to_be_visible()
    decide(as_("chief"), hall.url, number)

    clerk.goto(f"{hall.url}/cases/desk/{number}/")
    clerk.get_by_role("link", name="请申请人评价").click()
    address = clerk.get_by_role("main").get_by_role("link", name=re.compile("^http"))
    expect(address).to_be_visible()
    rater = new_window(viewport=PHONE)
    rater.goto(address.get_attribute("href"))
    rater.get_by_role("radio", name="非常满意", exact=True).focus()
    rater.keyboard.press("Space")
    press(rater, "提交评价")
    expect(rater.get_by_role("heading", level=1)).to_have_text("谢谢，评价已记下")
    assert fits(rater)


def test_from_the_items_page_to_the_stars_of_the_window(as_, new_window, hall):
    """A number for an item, called where it is served, what to bring, and the window rated."""
    visitor, clerk = as_("citizen", viewport=PHONE), as_("clerk03")
    visitor.goto(f"{hall.url}/items/?q={ITEM}")
    visitor.get_by_role("link", name=ITEM).first.click()
    visitor.get_by_role("link", name="取号或预约窗口").click()
    expect(visitor.get_by_text(f"下面的大厅有窗口办理“{ITEM}”")).to_be_visible()
    assert fits(visitor)
    visitor.locator(f"main a[href^='/windows/{HALL}/take/']").first.click()
    expect(visitor.get_by_role("checkbox", name=ITEM)).to_be_checked()
    assert fits(visitor)
    press(visitor, "取号")
    number = visitor.get_by_role("heading", level=1).inner_text()
    expect(visitor.get_by_role("heading", name=ITEM)).to_be_visible()

    clerk.goto(f"{hall.url}/windows/panel/")  # a window that serves this topic and no other
    call_up_to(clerk, number)
    expect(clerk.get_by_role("heading", name=ITEM)).to_be_visible()
    missing = clerk.get_by_role("listitem").filter(has=clerk.get_by_role("checkbox")).first
    missing.get_by_role("checkbox").check()
    missing.locator("summary").click()
    missing.get_by_role("button", name="没有签字或盖章").click()
    press(clerk, "打印补齐清单")
    expect(clerk.get_by_role("main").get_by_text("没有签字或盖章")).to_be_visible()
    clerk.get_by_role("link", name="回到叫号").click()
    press(clerk, "办完离窗")

    clerk.get_by_role("link", name="评价码").click()
    address = clerk.get_by_role("main").get_by_role("link", name=re.compile("^http"))
    expect(address).to_be_visible()
    expect(visitor.get_by_role("link", name="评价这次服务")).to_be_visible()
    rater = new_window(viewport=PHONE)
    rater.goto(address.get_attribute("href"))
    expect(rater.get_by_text("综合窗口3号")).to_be_visible()
    rater.get_by_role("radio", name="满意", exact=True).focus()
    rater.keyboard.press("Space")
    press(rater, "提交评价")
    expect(rater.get_by_role("heading", level=1)).to_have_text("谢谢，评价已记下")
    expect(clerk.get_by_text("这次的评价链接已经用过。")).to_be_visible()
