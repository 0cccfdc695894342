"""From one licence to the next (免提交): what one office gave, another does not ask for."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import (
    apply_for_it,
    decide,
    find_item,
    go_through_and_send,
    open_task,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}
GIVES, TAKES = "食品经营许可", "养老机构备案"
LICENCE = "食品经营许可证"
MINUTE = 60_000  # a licence is set, sealed and checked on a busy machine


def fits(page):
    """Whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def licensed(as_, hall, citizen):
    """Take an application through to the licence in the citizen's hands."""
    find_item(citizen, hall.url, GIVES)
    number = apply_for_it(citizen)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    reviewer = as_("reviewer")
    while review_next_step(reviewer, hall.url, number):
        pass
    decide(as_("chief"), hall.url, number)
    citizen.goto(f"{hall.url}/licences/{number}/")
    wait_for(citizen, lambda: citizen.get_by_role("link", name="打开 PDF").count())
    return number


def wait_for(page, there):
    """Load the page again until what is made in the background is there."""
    for _ in range(MINUTE // 500):
        if there():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.get_by_role("main").inner_text())


def test_a_licence_is_read_by_the_next_office_and_its_holder_sees_who_looked(as_, hall):
    citizen = as_("citizen", viewport=PHONE)
    licensed(as_, hall, citizen)

    # The guide says beforehand what need not be brought.
    find_item(citizen, hall.url, TAKES)
    expect(citizen.get_by_role("main")).to_contain_text("不用您带的")
    citizen.get_by_role("link", name="看共享图").click()
    expect(citizen.get_by_role("heading", name="每件事免交什么、能用在哪")).to_be_visible()
    assert fits(citizen)

    # Nothing is uploaded for it.
    find_item(citizen, hall.url, TAKES)
    citizen.get_by_role("link", name="在线办理").first.click()
    while not citizen.locator("section.material").count():
        press(citizen, "下一步")
    card = citizen.locator("section.material").filter(
        has=citizen.get_by_role("heading", name=re.compile(LICENCE))
    )
    expect(card).to_contain_text("已共享获取，不用提交")
    expect(card.locator("input[type=file]")).to_have_count(0)
    assert fits(citizen)
    number = go_through_and_send(citizen)

    # The office reads it for this case, by name and with a trace.
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    officer = as_("reviewer-08")
    open_task(officer, hall.url, number)
    expect(officer.get_by_role("main")).to_contain_text("共享获取")
    look = officer.get_by_role("link", name=f"查阅（留痕） {LICENCE}").first
    address = f"{hall.url}{look.get_attribute('href')}"
    read = officer.request.get(address)
    assert (read.status, read.body()[:5]) == (200, b"%PDF-")

    # The person sees who, for which case, why.
    citizen.goto(f"{hall.url}/me/")
    citizen.get_by_role("link", name=re.compile("^谁看过我的证照")).click()
    line = citizen.locator("main tbody tr").first
    for said in (LICENCE, "reviewer-08", number, TAKES):
        expect(line).to_contain_text(said)
    assert fits(citizen)

    # Once the case is closed nobody reads it any more.
    citizen.goto(f"{hall.url}/cases/{number}/")
    citizen.locator("summary").filter(has_text="撤回申请").click()
    citizen.locator("main textarea").last.fill("不办了")
    press(citizen, "撤回申请")
    assert officer.request.get(address).status == 404
