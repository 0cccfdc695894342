"""A hearing in a browser: told of the right, asked for, its day set, its chair changed; and one
whose hour has come is recorded, and the decision taken on the record."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import (
    PAPER,
    field,
    fill_in,
    find_item,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
ITEM = "公共场所卫生许可"
NEIGHBOUR = "演示己一 990601197001210967"  # who signs in as citizen
SOON = "new Date(Date.now() + 2 * 864e5).toLocaleDateString('sv')"  # sooner than the law lets
MATTER = "观澜区老街公共浴室布点"


def test_told_asked_for_and_its_chair_changed(as_, hall):
    agent, reviewer, citizen = as_("agent"), as_("reviewer-20"), as_("citizen")
    number = apply(agent, hall.url)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    while review_next_step(reviewer, hall.url, number):
        pass
    tell(reviewer, hall.url, number)
    open_the_notice(citizen, hall.url, number)
    ask(citizen, hall.url, number)
    set_the_day(reviewer, hall.url, number)
    challenge(citizen, hall.url, number)
    rule(as_("manager-20"), hall.url, number)
    citizen.goto(f"{hall.url}/cases/{number}/hearing/")
    expect(citizen.get_by_role("main")).to_contain_text("hearing2")
    agent.goto(f"{hall.url}/cases/{number}/")
    for said in ("告知申请人听证权利", "利害关系人 1申请听证", "通知听证", "决定主持人回避"):
        expect(agent.get_by_role("main")).to_contain_text(said)
    expect(agent.get_by_role("main")).not_to_contain_text("演示己一")


def apply(agent, url):
    """Apply in an enterprise's name; return the number."""
    find_item(agent, url, ITEM)
    agent.get_by_role("link", name="在线办理").first.click()
    agent.get_by_label(re.compile("公司")).first.check()
    press(agent, "下一步")
    for question in agent.locator("main fieldset").all():
        question.get_by_role("radio").last.check()
    press(agent, "下一步")
    for card in agent.locator("section.material").all():
        card.locator("input[type=file]").set_input_files(PAPER)
        card.get_by_role("button", name=re.compile("^收下这份")).click()
        expect(card.locator(".lamp.good").first).to_be_visible()
    press(agent, "下一步")
    fill_in(agent)
    press(agent, "下一步")
    press(agent, "提交申请")
    return agent.locator(".huge").first.inner_text().strip()


def tell(reviewer, url, number):
    reviewer.goto(f"{url}/cases/{number}/hearing/")
    field(reviewer, "tell-interest").fill("排风口正对相邻住户。")
    field(reviewer, "tell-interested").fill(NEIGHBOUR)
    press(reviewer, "告知听证权利")
    expect(reviewer.get_by_role("main")).to_contain_text("告知书还没有送达")


def open_the_notice(citizen, url, number):
    """The notice is made and sealed; opening it is service, and begins the five days."""
    citizen.goto(f"{url}/cases/mine/")
    citizen.locator(f"main h4 a[href*='{number}']").click()
    opens = citizen.get_by_role("link", name=re.compile("^打开 PDF：听证告知书"))
    for _ in range(60):
        if opens.count():
            break
        citizen.wait_for_timeout(500)
        citizen.reload()
    address = opens.get_attribute("href")
    assert citizen.request.get(f"{url}{address}").status == 200
    for _ in range(60):
        if "可以申请，最迟" in citizen.get_by_role("main").inner_text():
            break
        citizen.wait_for_timeout(500)
        citizen.reload()
    expect(citizen.locator("#hearing1")).to_contain_text("可以申请，最迟")


def ask(citizen, url, number):
    field(citizen, "ask-said").fill("排风影响居住。")
    press(citizen, "申请听证")
    expect(citizen.locator("#hearing1")).to_contain_text("已申请听证")


def set_the_day(reviewer, url, number):
    reviewer.goto(f"{url}/cases/beside/?tab=hearing")
    reviewer.get_by_role("link", name=re.compile(f"^听证.*{number}")).click()
    form = reviewer.locator("form[action*='schedule']")
    form.locator("[name='schedule-day']").fill(reviewer.evaluate(SOON))
    form.locator("[name='schedule-time']").fill("09:30")
    form.locator("[name='schedule-place']").fill("演示听证室")
    choice = form.locator("[name='schedule-chair']")
    choice.select_option(label=choice.locator("option", has_text="hearing1").inner_text())
    press(reviewer, "通知听证")
    said = reviewer.locator(".error-summary").inner_text()
    first = re.search(r"最早 (\d{4}-\d\d-\d\d)", said).group(1)
    reviewer.locator("[name='schedule-day']").fill(first)
    press(reviewer, "通知听证")
    expect(reviewer.locator("#hearing1")).to_contain_text(f"{first} 09:30")


def challenge(citizen, url, number):
    citizen.goto(f"{url}/cases/{number}/hearing/")
    citizen.locator("summary", has_text="申请主持人回避").click()
    field(citizen, "challenge-said").fill("主持人是申请人的亲属。")
    press(citizen, "申请回避")
    expect(citizen.locator("#hearing1")).to_contain_text("等待决定是否回避")


def rule(manager, url, number):
    manager.goto(f"{url}/cases/{number}/hearing/")
    expect(manager.locator("#hearing1")).to_contain_text("主持人是申请人的亲属。")
    manager.get_by_label("回避，另选主持人").check()
    choice = field(manager, "rule-chair")
    choice.select_option(label=choice.locator("option", has_text="hearing2").inner_text())
    field(manager, "rule-ruling").fill("情况属实。")
    press(manager, "决定是否回避")
    expect(manager.locator("#hearing1")).to_contain_text("hearing2")


def test_recorded_and_decided_on_the_record(as_, hall, new_window):
    chair = as_("hearing1")
    chair.goto(f"{hall.url}/cases/beside/?tab=hearing")
    number = record(chair, hall.url)
    chief = as_("chief-20")
    chief.goto(f"{hall.url}/cases/tasks/{number}/decision/")
    chief.get_by_label("准予", exact=False).first.check()
    press(chief, "作出决定")
    expect(chief.locator(".error-summary")).to_contain_text("请勾选笔录")
    chief.get_by_label(re.compile("听证笔录$")).check()
    press(chief, "作出决定")
    agent = as_("agent")
    agent.goto(f"{hall.url}/cases/{number}/")
    expect(agent.get_by_role("main")).to_contain_text("举行听证，制作笔录")
    expect(agent.get_by_role("main")).to_contain_text("听证笔录")

    anybody = new_window()
    anybody.goto(f"{hall.url}/")
    anybody.get_by_role("link", name="听证公告").click()
    expect(anybody.get_by_role("main")).to_contain_text(MATTER)


def record(chair, url):
    """Record the hearing whose hour has come; return the number of its case."""
    links = chair.get_by_role("link", name=re.compile("^听证.*MT-"))
    for address in [link.get_attribute("href") for link in links.all()]:
        chair.goto(f"{url}{address}")
        if chair.get_by_role("button", name="记下笔录").count():
            break
    number = re.search(r"MT-\w{4}-\w{4}", chair.url).group(0)
    chair.locator("[name='record-presenters']").first.check()
    field(chair, "record-evidence").fill("现场核查记录。")
    field(chair, "record-statements").fill("同意移动排风口。")
    for party in (0, 1):
        chair.locator(f"[name='record-party{party}'][value=signed]").check()
    field(chair, "record-document").set_input_files(PAPER)
    press(chair, "记下笔录")
    expect(chair.locator("#hearing1")).to_contain_text("签字的笔录")
    return number
