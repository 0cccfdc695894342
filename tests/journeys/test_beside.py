"""Beside the clock: a promise, a material that follows, a change, checks on site and afterwards."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import (
    PAPER,
    decide,
    field,
    fill_in,
    find_item,
    open_task,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
ITEM, FOLLOWS, PROMISED = "公共场所卫生许可", "公共场所卫生管理制度", "卫生检测或者评价报告"


def test_what_follows_what_is_promised_and_what_is_changed(as_, hall):
    agent, clerk = as_("agent"), as_("clerk01")
    number = apply_with_a_promise(agent, hall.url)
    press_at_the_desk(clerk, hall.url, number, "受理")
    expect(clerk.get_by_role("main")).to_contain_text("容缺 1 份材料")

    hand_in_what_follows(agent, hall.url, number)
    reviewer = as_("reviewer-20")
    change_it(agent, reviewer, hall.url, number)
    look_on_site(reviewer, hall.url, number)
    while review_next_step(reviewer, hall.url, number):
        pass
    decide(as_("chief-20"), hall.url, number)
    look_into_the_promise(reviewer, hall.url, number)

    agent.goto(f"{hall.url}/cases/{number}/")
    for told in ("收到容缺补交的材料", "认定为实质变更", "现场核查", "核查承诺：不实"):
        expect(agent.get_by_role("main")).to_contain_text(told)
    once_more(agent, hall.url)
    hear_and_revoke(as_("chief-20"), agent, hall.url, number)
    found = hall.command("verify")
    assert found.returncode == 0, found.stdout


def apply_with_a_promise(agent, url):
    """Promise one material, leave one for later, hand in the others; return the number."""
    begin(agent, url)
    for card in agent.locator("section.material").all():
        name = card.get_by_role("heading").inner_text()
        if FOLLOWS in name:
            expect(card).to_contain_text("受理后 10 个工作日内补交")
        elif PROMISED in name:
            card.get_by_text("没有这份材料？可以书面承诺代替").click()
            card.get_by_role("button", name=re.compile("^我已阅读，作出承诺")).click()
            expect(card).to_contain_text("已承诺")
        else:
            card.locator("input[type=file]").set_input_files(PAPER)
            card.get_by_role("button", name=re.compile("^收下这份")).click()
            expect(card.locator(".lamp.good").first).to_be_visible()
    press(agent, "下一步")
    fill_in(agent)
    press(agent, "下一步")
    expect(agent.get_by_role("main")).to_contain_text("容缺：承诺受理后 10 个工作日内补交")
    press(agent, "提交申请")
    return agent.locator(".huge").first.inner_text().strip()


def begin(agent, url):
    """Go to the materials of the item, in an enterprise's name."""
    find_item(agent, url, ITEM)
    agent.get_by_role("link", name="在线办理").first.click()
    agent.get_by_label(re.compile("公司")).first.check()
    press(agent, "下一步")
    for question in agent.locator("main fieldset").all():
        question.get_by_role("radio").last.check()
    press(agent, "下一步")
    expect(agent.locator("section.material").first).to_be_visible()


def hand_in_what_follows(agent, url, number):
    agent.goto(f"{url}/cases/{number}/")
    expect(agent.locator("#follow")).to_contain_text(FOLLOWS)
    agent.get_by_role("link", name="补交容缺材料").click()
    agent.locator("main input[type=file]").set_input_files(PAPER)
    press(agent, "提交补交的材料")
    expect(agent.locator("#follow")).to_have_count(0)


def change_it(agent, reviewer, url, number):
    """Change the application; the reviewer rules that it is another one now."""
    agent.goto(f"{url}/cases/{number}/")
    agent.get_by_role("link", name="申请变更申请内容").click()
    field(agent, "what").fill("增加二层。")
    press(agent, "提出变更")
    expect(agent.get_by_role("main")).to_contain_text("变更待认定")

    reviewer.goto(f"{url}/cases/beside/?tab=change")
    reviewer.get_by_role("link", name=re.compile(f"^认定.*{number}")).click()
    expect(reviewer.get_by_role("main")).to_contain_text("增加二层。")
    reviewer.get_by_label(re.compile("是：须重新审查")).check()
    field(reviewer, "ruling_reason").fill("面积不同，须重新核查。")
    press(reviewer, "认定变更")
    expect(reviewer.get_by_role("main")).to_contain_text("起重新计算")


def look_on_site(reviewer, url, number):
    open_task(reviewer, url, number)
    reviewer.get_by_role("link", name="记录现场核查").click()
    field(reviewer, "others").first.check()
    field(reviewer, "checked_date").fill(reviewer.evaluate("new Date().toLocaleDateString('sv')"))
    field(reviewer, "place").fill("演示路 1 号")
    field(reviewer, "seen").fill("与申请一致。")
    press(reviewer, "记录现场核查")
    expect(reviewer.get_by_role("main")).to_contain_text("现场核查")


def look_into_the_promise(reviewer, url, number):
    reviewer.goto(f"{url}/cases/beside/?tab=check")
    reviewer.get_by_role("link", name=re.compile(f"^核查.*{number}")).click()
    reviewer.get_by_label("不实").check()
    field(reviewer, "finding").fill("集中空调没有检测过。")
    press(reviewer, "记录核查结果")
    expect(reviewer.get_by_role("main")).to_contain_text("核查承诺：不实")


def once_more(agent, url):
    """Whose promise was false makes no other for a year."""
    begin(agent, url)
    expect(agent.get_by_role("main")).to_contain_text("以前不能以承诺代替这份材料")
    press(agent, "放弃草稿，重新开始")  # the next to apply begins at the first step


def hear_and_revoke(chief, agent, url, number):
    """The licence that rests on the false promise is revoked, its holder told and heard."""
    to_tell = chief.locator(".item-row").filter(has_text=number)
    look_until(chief, f"{url}/licences/desk/", to_tell)
    expect(to_tell).to_contain_text("待告知持有人")
    to_tell.get_by_role("link").click()
    expect(chief.get_by_role("main")).to_contain_text("集中空调没有检测过。")
    expect(chief.get_by_role("link", name="撤销", exact=True)).to_have_count(0)
    chief.get_by_role("link", name="拟撤销告知").click()
    expect(field(chief, "reason")).to_have_value("集中空调没有检测过。")
    press(chief, "拟撤销告知")

    agent.goto(f"{url}/licences/{number}/")
    expect(agent.locator("#hearing")).to_contain_text("集中空调没有检测过。")
    field(agent, "answer").fill("确实没有检测，已经停用。")
    press(agent, "提交陈述申辩")
    expect(agent.locator("#hearing")).to_contain_text("已陈述申辩，待决定")

    chief.goto(f"{url}/licences/desk/{number}/")
    expect(chief.locator("#hearing")).to_contain_text("已经停用")
    chief.get_by_role("link", name="撤销", exact=True).click()
    press(chief, "撤销证照")
    expect(chief.get_by_role("main")).to_contain_text("已撤销")
    decision = agent.get_by_role("link", name=re.compile("^撤销行政许可决定书"))
    look_until(agent, f"{url}/licences/{number}/", decision)


def look_until(page, address, wanted):
    """Open a page anew until the worker has come so far."""
    deadline = time.monotonic() + 60
    page.goto(address)
    while not wanted.count():
        assert time.monotonic() < deadline
        page.wait_for_timeout(500)
        page.goto(address)
