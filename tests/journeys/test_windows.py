"""From a phone to the window (从取号到叫号): a number taken at home, called on the big screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import press, sign_in

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}
HALL = "mingzhou"
MOST_CALLS = 20  # more than the demonstration has waiting


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
        for _ in range(MOST_CALLS):
            if clerk.get_by_role("button", name="办完离窗").count():
                press(clerk, "办完离窗")
            press(clerk, "叫下一位")
            if clerk.locator("p.number").inner_text() == number:
                break
        expect(clerk.locator("p.number")).to_have_text(number)

        # Both renew themselves.
        expect(screen.locator(".newest b")).to_have_text(number)
        expect(screen.locator(".newest span")).to_have_text("综合窗口1号")
        expect(citizen.locator(".ahead b")).to_have_text("综合窗口1号")
        assert fits(screen)

        press(clerk, "办完离窗")
        expect(citizen.get_by_text("已办结")).to_be_visible()
