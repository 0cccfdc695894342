"""A case sent above (转报): to the body outside, its answer, counsel beside it, the decision."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from mingtang.core.clock import CHINA
from tests.journeys.acting import (
    PAPER,
    apply_for_it,
    decide,
    field,
    find_item,
    open_task,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
ITEM, BODY = "特种设备生产单位许可", "国家市场监督管理主管部门（演示）"
QUESTION, OPINION = "可否附条件准予？", "可以，条件写进决定书。"


def today():
    return datetime.now(CHINA).date()


def test_a_referral_goes_from_the_reviewer_s_desk_to_its_answer_and_the_decision(as_, hall):
    citizen = as_("agent")
    find_item(citizen, hall.url, ITEM)
    expect(citizen.locator("#referral")).to_contain_text(BODY)
    number = apply_for_it(citizen)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")

    reviewer = as_("reviewer")
    while review_next_step(reviewer, hall.url, number):
        pass
    order(reviewer, hall.url, number)
    ask(reviewer, hall.url, number)

    # It lies with the body: nobody decides.
    chief = as_("chief")
    open_task(chief, hall.url, number)
    expect(chief.get_by_role("main")).to_contain_text(f"这件已报送{BODY}")
    expect(chief.get_by_role("button", name="作出决定")).to_have_count(0)
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.locator("#legs")).to_contain_text("在对方期限内")

    record_the_answer(reviewer, hall.url, number)
    give_the_opinion(as_("counsel"), hall.url, number)

    open_task(chief, hall.url, number)
    expect(chief.get_by_role("main")).to_contain_text(OPINION)
    expect(field(chief, "cites")).to_be_checked()
    decide(chief, hall.url, number)

    citizen.goto(f"{hall.url}/cases/{number}/")
    said = citizen.get_by_role("main")
    expect(said).to_contain_text("引用国家市场监督管理主管部门（演示）的答复 演示函〔2026〕77号")
    expect(said).to_contain_text("法律意见：修改后合法")
    expect(said).not_to_contain_text(OPINION)


def test_counsel_who_has_an_interest_leaves_it_to_another(as_, hall):
    counsel = as_("counsel")
    counsel.goto(f"{hall.url}/cases/opinions/")
    line = counsel.locator(".work-list ul a").first
    number = re.search(r"MT-[0-9A-Z]{4}-[0-9A-Z]{4}", line.get_attribute("href"))[0]
    line.click()
    counsel.get_by_text("有利害关系，回避").click()
    field(counsel, "interest").fill("申请人是我代理过的企业。")
    press(counsel, "回避")
    expect(counsel.get_by_role("main")).not_to_contain_text(number)
    give_the_opinion(as_("counsel2"), hall.url, number)


def test_the_list_names_who_is_late_and_the_body_is_urged(as_, hall):
    reviewer = as_("reviewer")
    reviewer.goto(f"{hall.url}/cases/legs/")
    late = reviewer.get_by_role("row").filter(has_text="对方已逾期").first
    late.get_by_role("link").click()
    reviewer.get_by_role("link", name="转报", exact=True).last.click()
    reviewer.locator("section details > summary", has_text="催办").first.click()
    reviewer.locator("textarea[name$=message]").fill("发函催办，演示催〔2026〕1号。")
    press(reviewer, "记下催办")
    expect(reviewer.get_by_role("main")).to_contain_text("演示催〔2026〕1号")


def order(reviewer, url, number):
    """Send it above, and record that the body took it."""
    reviewer.goto(f"{url}/cases/{number}/legs/")
    expect(reviewer.get_by_role("main")).to_contain_text(f"准予之前须报送{BODY}")
    expect(field(reviewer, "named").first).to_be_checked()
    field(reviewer, "referral_reason").fill("本机关审查完毕，依法报请审查。")
    press(reviewer, "转报")
    field(reviewer, "leg1-receipt_no").fill("演示收〔2026〕88号")
    field(reviewer, "leg1-received_by").fill("演示接收员")
    field(reviewer, "leg1-received_date").fill(today().isoformat())
    press(reviewer, "对方已签收")
    expect(reviewer.get_by_role("main")).to_contain_text("演示收〔2026〕88号")


def ask(reviewer, url, number):
    reviewer.goto(f"{url}/cases/{number}/opinions/")
    field(reviewer, "question").fill(QUESTION)
    field(reviewer, "due_date").fill((today() + timedelta(days=3)).isoformat())
    press(reviewer, "征求意见")
    expect(reviewer.get_by_role("main")).to_contain_text("还没有出具")


def record_the_answer(reviewer, url, number):
    reviewer.goto(f"{url}/cases/{number}/legs/")
    reviewer.get_by_label("同意", exact=True).check()
    field(reviewer, "leg1-answer_no").fill("演示函〔2026〕77号")
    for name in ("answer_date", "arrived_date"):
        field(reviewer, f"leg1-{name}").fill(today().isoformat())
    field(reviewer, "leg1-document").set_input_files(PAPER)
    press(reviewer, "登记答复")
    expect(reviewer.get_by_role("link", name="答复文件")).to_be_visible()


def give_the_opinion(counsel, url, number):
    counsel.goto(f"{url}/cases/opinions/")
    counsel.locator(f".work-list a[href*='{number}']").first.click()
    counsel.get_by_label("修改后合法").check()
    field(counsel, "opinion").fill(OPINION)
    press(counsel, "出具意见")
    expect(counsel.get_by_role("main")).to_contain_text(OPINION)
