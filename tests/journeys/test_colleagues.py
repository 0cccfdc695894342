"""One case among colleagues: passed on, signed, returned, done again; the picture shows the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import press
from tests.journeys.test_window_and_officers import press_at_the_desk, take_in

pytestmark = pytest.mark.journey
ITEM = "食品经营许可"


def test_a_case_is_passed_on_signed_returned_and_shown_as_walked(as_, hall):
    chief = as_("chief")
    number = take_in(chief, hall.url, ITEM, name="演示来客丁", id_number="990101198601010018")
    press_at_the_desk(chief, hall.url, number, "受理")

    reviewer = as_("reviewer")
    reviewer.goto(f"{hall.url}/cases/work/?q={number}")
    expect(reviewer.get_by_role("link", name=re.compile("^待办"))).to_contain_text("1")
    reviewer.get_by_role("heading", level=3).get_by_role("link").first.click()
    address = reviewer.url
    team = reviewer.locator("#team")
    team.get_by_role("button", name="领取").click()
    expect(team).to_contain_text("这一步归您办理")

    team.locator("summary", has_text="加签、会签").click()
    team.get_by_role("checkbox").first.check()
    team.get_by_role("button", name="请同事签署").click()
    expect(reviewer.get_by_text("请了同事签署，他们签完才能办。")).to_be_visible()

    chief.goto(f"{hall.url}/cases/tasks/{number}/_1/")
    chief.get_by_role("radio", name="同意", exact=True).check()
    chief.get_by_role("button", name="签署", exact=True).click()
    expect(chief.locator("#team")).to_contain_text("同意")

    reviewer.goto(address)
    finish(reviewer)
    again = as_("reviewer", viewport={"width": 360, "height": 740})
    again.goto(f"{hall.url}/cases/work/?q={number}")
    while again.locator(".item-row h3 a").count():
        again.locator(".item-row h3 a").first.click()
        back = again.locator("#team summary", has_text="退回指定环节")
        if back.count():
            break
        finish(again)
        again.goto(f"{hall.url}/cases/work/?q={number}")
    else:
        pytest.fail("no step that a case can be returned from")
    back.click()
    team = again.locator("#team")
    team.get_by_label("退回到哪一步").select_option(index=1)
    team.get_by_label("退回的理由").fill("面积没有核对")
    press(again, "退回")
    expect(again.locator("svg.flow-chart .returned")).to_have_count(1)
    expect(again.locator(".record")).to_contain_text("退回重办")

    reviewer.goto(address)
    team = reviewer.locator("#team")
    team.locator("summary", has_text="转办").click()
    team.get_by_label("转给谁").select_option(index=1)
    team.get_by_label("转办的理由").fill("请首席代表办")
    team.get_by_role("button", name="转给这位同事").click()
    expect(reviewer.locator("#team")).to_contain_text("办理。")
    reviewer.goto(f"{hall.url}/cases/work/?tab=started&q={number}")
    expect(reviewer.locator(".item-row")).to_have_count(1)


def finish(page):
    page.get_by_role("radio", name="符合", exact=True).check()
    press(page, "办结这一步")
