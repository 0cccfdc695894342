"""From a body that joins to a rated service (中介服务), while the case's clock stood still."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from mingtang.core.clock import CHINA
from tests.journeys.acting import (
    PAPER,
    apply_for_it,
    field,
    find_item,
    press,
    press_at_the_desk,
)

pytestmark = pytest.mark.journey
ITEM, SERVICE = "食品经营许可", "食品经营场所检验（演示）"
NEW, LISTED = "演示寅检验检测有限公司", "演示甲检验检测有限公司"
PATIENCE = 90_000  # milliseconds: an opening is looked for twice a minute


def fits(page):
    """Whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_body_joins_is_drawn_serves_and_is_rated_while_the_clock_stands_still(as_, hall):
    agency, centre, citizen = as_("agency"), as_("centre"), as_("citizen")

    # A body joins.
    agency.goto(f"{hall.url}/intermediaries/mine/")
    agency.get_by_role("link", name=f"申请入驻 {NEW}").click()
    for name, value in {
        "contact": "演示联系人",
        "phone": "0990-0129999",
        "name": "演示资质证书",
        "number": "演示〔2026〕900号",
        "until": "2099-12-31",
    }.items():
        field(agency, name).fill(value)
    field(agency, "service").select_option(label=SERVICE)
    field(agency, "file").set_input_files(PAPER)
    press(agency, "提交申请")
    centre.goto(f"{hall.url}/intermediaries/desk/")
    centre.get_by_role("link", name=NEW).click()
    press(centre, "审核通过，公布")
    centre.goto(f"{hall.url}/intermediaries/register/?words={NEW}")
    expect(centre.get_by_text("在册").first).to_be_visible()

    # An applicant publishes a need for a case under review.
    find_item(citizen, hall.url, ITEM)
    number = apply_for_it(citizen)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    citizen.goto(f"{hall.url}/cases/{number}/")
    citizen.get_by_role("link", name=re.compile("发布采购公告")).click()
    expect(field(citizen, "case")).to_have_value(number)
    until = datetime.now(CHINA) + timedelta(seconds=40)
    field(citizen, "title").fill("演示场所检验")
    field(citizen, "service").select_option(label=SERVICE)
    field(citizen, "summary").fill("演示需求")
    field(citizen, "ceiling").fill("4800")
    field(citizen, "days").fill("5")
    field(citizen, "sign_up_until").fill(f"{until:%Y-%m-%dT%H:%M:%S}")
    press(citizen, "发布")
    need = citizen.url
    expect(citizen.get_by_text("报名中").first).to_be_visible()

    # Both bodies of the agent sign up; one is drawn when the time is over.
    agency.goto(need)
    for name in (LISTED, NEW):
        agency.get_by_label("以哪家机构报名").select_option(label=name)
        press(agency, "报名")
    expect(agency.get_by_text("2 家")).to_be_visible()
    wait_until(agency, need, "已选定")
    expect(agency.get_by_text("当选", exact=True)).to_be_visible()

    # Contracted and begun: the clock of the case stands still.
    citizen.goto(need)
    field(citizen, "price").fill("4500")
    press(citizen, "登记合同")
    agency.goto(need)
    press(agency, "确认合同，开始服务")
    wait_until(citizen, need, "办件正在暂停计时")
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.get_by_text(re.compile("检验检测有限公司承担的检验自")).first).to_be_visible()

    # Delivered: it goes on, and the page says how much was not counted.
    agency.goto(need)
    field(agency, "file").set_input_files(PAPER)
    press(agency, "交付成果")
    wait_until(citizen, need, "个工作日依法没有计入期限")
    citizen.get_by_role("button", name="验收", exact=True).click()
    citizen.get_by_label("5 星 非常满意").check()
    press(citizen, "评价")
    expect(citizen.get_by_text("5 星", exact=True)).to_be_visible()
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.get_by_text(re.compile(r"提供服务的 \d+ 个工作日不计入")).first).to_be_attached()

    for path in ("", "services/", "register/", "figures/", "how/", "mine/", "publish/"):
        citizen.set_viewport_size({"width": 360, "height": 740})
        citizen.goto(f"{hall.url}/intermediaries/{path}")
        assert fits(citizen), path
    citizen.goto(need)
    assert fits(citizen)


def wait_until(page, address, words):
    """Look at the page again until it says so."""
    deadline = datetime.now(CHINA) + timedelta(milliseconds=PATIENCE)
    page.goto(address)
    while not page.get_by_text(words).count():
        assert datetime.now(CHINA) < deadline, page.get_by_role("main").inner_text()
        page.wait_for_timeout(500)
        page.goto(address)
