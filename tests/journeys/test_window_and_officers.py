"""What a window and officers do beside the straight way: walk-ins, refusals, a revoked letter."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import (
    apply_for_it,
    decide,
    field,
    find_item,
    go_through,
    go_through_and_send,
    open_task,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
DOG, CHAIN = "犬只登记（养犬登记）", "仅销售预包装食品备案"
RESULT, RECORDS, CONTRACT = "科技成果登记", "学历学籍信息查询、验证", "技术合同认定登记"

ENTERPRISE = "演示云岭餐饮有限公司"


# ── At the window ───────────────────────────────────────────────────────────


def test_somebody_unknown_walks_in_and_is_accepted_at_once(as_, new_window, hall):
    clerk = as_("clerk01")
    number = take_in(clerk, hall.url, CHAIN, name="演示来客甲", id_number="990101199203040013")
    expect(clerk.get_by_text("窗口收件").first).to_be_visible()
    press(clerk, "受理")

    visitor = new_window()
    track(visitor, hall.url, number, tail="0001")
    expect(visitor.get_by_role("row", name=re.compile("^状态"))).to_contain_text("待决定")
    expect(visitor.get_by_role("main")).not_to_contain_text("演示来客甲")


def test_the_window_says_which_authority_is_the_right_one(as_, new_window, hall):
    clerk = as_("clerk01")
    number = take_in(clerk, hall.url, DOG, name="演示来客乙", id_number="990101198807060029")
    clerk.get_by_text("不予受理时填写").click()
    clerk.get_by_label(re.compile("^不予受理的情形")).select_option(label="不属于本机关职权范围")
    field(clerk, "refusal_reason").fill("养犬登记由居住地公安机关办理。")
    press(clerk, "不予受理")
    expect(clerk.get_by_role("alert")).to_contain_text("须告知申请人该向哪个机关申请")
    expect(field(clerk, "refusal_reason")).to_have_value("养犬登记由居住地公安机关办理。")

    field(clerk, "competent_organ").fill("演示县公安局")
    press(clerk, "不予受理")

    visitor = new_window()
    track(visitor, hall.url, number, tail="0001")
    told = visitor.locator("main .messages")
    expect(told).to_contain_text("不予受理：不属于本机关职权范围")
    expect(told).to_contain_text("请向 演示县公安局 申请。")


def take_in(clerk, url, item, *, name, id_number):
    """Register who came, go through the application with them, and file it; return its number."""
    clerk.goto(f"{url}/cases/desk/")
    clerk.get_by_role("link", name="收一件新的").click()
    box = clerk.get_by_role("main").get_by_role("searchbox")
    box.fill(item)
    box.press("Enter")
    clerk.get_by_role("link", name=item, exact=True).last.click()
    field(clerk, "name").fill(name)
    field(clerk, "id_number").fill(id_number)
    field(clerk, "phone").fill("13900000001")
    press(clerk, "下一步")
    expect(clerk.get_by_text(f"窗口代收：{name} 的申请")).to_be_visible()
    go_through(clerk)
    press(clerk, "提交申请")
    clerk.wait_for_url(re.compile("/cases/desk/MT-"))
    return re.search(r"MT-\w{4}-\w{4}", clerk.url)[0]


def track(visitor, url, number, *, tail):
    visitor.goto(f"{url}/cases/track/?number={number}")
    field(visitor, "tail").fill(tail)
    press(visitor, "查询")
    expect(visitor.get_by_role("main")).to_contain_text(number)


# ── Decisions ───────────────────────────────────────────────────────────────


def test_a_refusal_needs_a_reason_and_the_applicant_reads_it(as_, hall):
    citizen, number = filed_and_accepted(as_, hall, RESULT)
    reviewer, chief = as_("reviewer-03"), as_("chief-03")
    while review_next_step(reviewer, hall.url, number):
        pass
    open_task(chief, hall.url, number)
    chief.get_by_label("不予", exact=True).check()
    press(chief, "作出决定")
    expect(chief.get_by_role("alert")).to_contain_text("请写明理由和依据。")
    expect(chief.get_by_label("不予", exact=True)).to_be_checked()

    field(chief, "reason").fill("成果未经评价，不符合登记条件。")
    press(chief, "作出决定")

    citizen.goto(f"{hall.url}/cases/{number}/")
    told = citizen.locator("main .messages")
    expect(told).to_contain_text("决定：不予")
    expect(told).to_contain_text("成果未经评价，不符合登记条件。")


def test_a_letter_revoked_under_the_pen_decides_nothing_and_a_new_one_does(as_, hall):
    citizen, number = filed_and_accepted(as_, hall, RECORDS)
    chief, manager = as_("chief-02"), as_("manager-02")
    open_task(chief, hall.url, number)
    expect(chief.get_by_text("授权有效")).to_be_visible()
    revoke_letter(manager, hall.url, "工作调整")

    chief.get_by_label("准予", exact=True).check()
    press(chief, "作出决定")
    expect(chief.get_by_role("alert")).to_contain_text("这份授权书已经撤销。")
    expect(chief.get_by_text("不能决定")).to_be_visible()
    expect(chief.get_by_role("button", name="作出决定")).to_have_count(0)
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.get_by_role("main")).not_to_contain_text("决定：准予")

    grant_letter(manager, hall.url, "明教授权〔2026〕2号（演示）")
    decide(chief, hall.url, number)
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.locator("main .messages")).to_contain_text("决定：准予")


def revoke_letter(manager, url, why):
    manager.goto(f"{url}/staff/letters/")
    manager.locator("main tbody tr").filter(has_text="有效").get_by_role("link").first.click()
    manager.get_by_role("link", name="撤销", exact=True).click()
    field(manager, "reason").fill(why)
    press(manager, "撤销授权")
    expect(manager.get_by_text("授权书已撤销。此前依它作出的决定仍然有效。")).to_be_visible()


def grant_letter(manager, url, letter_no):
    manager.goto(f"{url}/staff/letters/new/")
    field(manager, "holder").select_option(index=0)
    field(manager, "letter_no").fill(letter_no)
    field(manager, "every_item").check()
    manager.get_by_label("决定", exact=True).check()
    field(manager, "valid_from").fill("2026-01-01")
    field(manager, "valid_to").fill("2030-12-31")
    press(manager, "登记授权书")
    manager.get_by_role("link", name="公示", exact=True).click()
    press(manager, "公示")
    expect(manager.get_by_text("授权书已公示，现在起有效。")).to_be_visible()


# ── Withdrawing ─────────────────────────────────────────────────────────────


def test_an_agent_withdraws_and_a_page_left_open_at_the_window_learns_of_it(as_, hall):
    agent, clerk = as_("agent"), as_("clerk01")
    find_item(agent, hall.url, CONTRACT)
    agent.get_by_role("link", name="在线办理").first.click()
    agent.get_by_label(ENTERPRISE).check()
    number = go_through_and_send(agent)
    expect(agent.get_by_role("main")).to_contain_text(CONTRACT)
    clerk.goto(f"{hall.url}/cases/desk/{number}/")

    agent.goto(f"{hall.url}/cases/{number}/")
    agent.locator("summary", has_text="撤回申请").click()
    field(agent, "reason").fill("材料要重做")
    press(agent, "撤回申请")
    expect(agent.get_by_role("row", name=re.compile("^状态"))).to_contain_text("已撤回")
    expect(agent.get_by_role("button", name="撤回申请")).to_have_count(0)

    press(clerk, "受理")
    expect(clerk.get_by_role("main")).to_contain_text("这件已经办结，不能再办理。")


def filed_and_accepted(as_, hall, item):
    citizen = as_("citizen")
    find_item(citizen, hall.url, item)
    number = apply_for_it(citizen)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    return citizen, number
