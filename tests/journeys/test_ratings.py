"""From a finished case to an answer: rated on a phone, published, called back, settled."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import press, sign_in

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}
SAID = "在窗口等了两个小时"
# Four others who were served with the same item say what they think; then the next day comes.
OTHERS = """
import sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from mingtang.cases import queries as cases
from mingtang.core.ballots import ServedAt
from mingtang.ratings import actions
from mingtang.ratings.ports import tokens
now = timezone.localtime()
row = cases.by_number(sys.argv[1])
for number in range(4):
    origin = f"case/{row.number}-{number}"
    actions.issue([actions.Finished(origin, row.item, row.department, ServedAt.WINDOW, now)])
    token = actions.token_of(origin)
    actions.give(token=token, grade=1, reply=tokens.new_reply(), at=now)
actions.publish(at=now + timedelta(days=1))
"""


def fits(page):
    """Whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def link_of_a_finished_case(page, url):
    """Return the number of one of my finished cases and the address it is rated at."""
    page.goto(f"{url}/cases/mine/?tab=closed")
    page.locator("main a[href*='/cases/MT-']", has_text="看进度").first.click()
    number = re.search(r"MT-\w{4}-\w{4}", page.url)[0]
    page.get_by_role("link", name="评价这次办事").click()
    return number, page.get_by_role("link", name="现在评价").get_attribute("href")


def test_a_bad_rating_on_a_phone_is_published_called_back_and_settled(hall, browser):
    with (
        browser.new_context(locale="zh-CN") as desk,
        browser.new_context(locale="zh-CN", viewport=PHONE) as phone,
        browser.new_context(locale="zh-CN") as office,
    ):
        citizen, rater, centre = desk.new_page(), phone.new_page(), office.new_page()
        sign_in(citizen, hall.url, "citizen")
        number, address = link_of_a_finished_case(citizen, hall.url)

        # Nobody is signed in on the phone.
        rater.goto(f"{hall.url}{address}")
        expect(rater.get_by_role("heading", level=1)).to_have_text("这次办得怎么样？")
        assert fits(rater)
        rater.get_by_role("radio", name="非常不满意").focus()
        rater.keyboard.press("Space")  # by the keyboard, as by a finger
        rater.get_by_text("还想说几句（都可以不填）").click()
        rater.locator("textarea[name=text]").fill(SAID)
        press(rater, "提交评价")
        expect(rater.get_by_role("heading", level=1)).to_have_text("谢谢，评价已记下")
        assert fits(rater)
        way_back = rater.url

        # The link is used up, and says nothing of what was said.
        citizen.goto(f"{hall.url}{address}")
        expect(citizen.get_by_role("main")).to_contain_text("已经用过")
        expect(citizen.get_by_role("main")).not_to_contain_text(SAID)

        others = [sys.executable, "-c", OTHERS, number]
        assert subprocess.run(others, env=hall.environment).returncode == 0
        rater.goto(f"{hall.url}/ratings/")
        assert fits(rater)
        expect(rater.get_by_role("img").first).to_have_attribute(
            "aria-label", re.compile("非常不满意 [1-9]")
        )

        sign_in(centre, hall.url, "centre")
        centre.goto(f"{hall.url}/ratings/callbacks/?page=99")  # the newest waits last
        centre.get_by_role("main").locator("table a").last.click()
        expect(centre.get_by_role("main")).to_contain_text(SAID)
        expect(centre.get_by_role("main")).not_to_contain_text(number)
        centre.get_by_role("radio", name="联系上了", exact=True).check()
        centre.locator("textarea[name=note]").fill("已电话了解")
        press(centre, "记下回访")
        centre.locator("textarea[name=result]").fill("忙时增开一个窗口")
        press(centre, "记下整改结果")

        rater.goto(way_back)
        expect(rater.get_by_role("main")).to_contain_text("忙时增开一个窗口")
        press(rater, "解决了")
        expect(rater.get_by_role("main")).to_contain_text("评价人确认已解决")
        assert fits(rater)
        centre.reload()
        expect(centre.get_by_role("main")).to_contain_text("评价人确认已解决")
