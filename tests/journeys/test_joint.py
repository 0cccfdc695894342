"""Opening a restaurant (开办餐馆): one form, three departments at the same time, one result."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import decide, field, go_through, press, review_next_step

pytestmark = pytest.mark.journey
TEAMS = (  # who reviews and decides each part
    ("食品经营许可", "reviewer", "chief"),
    ("公众聚集场所投入使用、营业前消防安全检查", "reviewer-53", "chief-53"),
    ("城镇污水排入排水管网许可", "reviewer-14", "chief-14"),
)


def test_three_departments_handle_one_application_from_the_form_to_the_joint_result(as_, hall):
    citizen, clerk, lead = as_("citizen"), as_("clerk01"), as_("chief")
    number = file_for_the_bundle(citizen, hall.url)

    clerk.goto(f"{hall.url}/cases/joint/")
    clerk.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    press(clerk, "全部受理")
    branches = parts_of(citizen, hall.url, number)
    assert set(branches) == {name for name, _reviewer, _chief in TEAMS}

    for place, (name, reviewer, chief) in enumerate(TEAMS):
        case = branches[name]
        at_work = as_(reviewer)
        if place == 1:
            consult(lead, at_work, hall.url, number)
        while review_next_step(at_work, hall.url, case):
            pass
        decide(as_(chief), hall.url, case)

    ask_for_more_time(lead, as_("governor"), hall.url, number)
    wait_until_joined(lead, f"{hall.url}/cases/{number}/")
    press(lead, "出具结果")
    expect(lead.locator("main .messages")).to_contain_text("联办结果：全部准予")

    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.locator("main .messages")).to_contain_text("联办结果：全部准予")
    expect(citizen.locator(".branch .lamp.good")).to_have_count(3)
    expect(citizen.get_by_text("批准延长联办期限 5 个工作日")).to_be_visible()
    expect(citizen.get_by_text("疏散通道够宽")).to_have_count(0)  # said between departments
    found = hall.command("verify")
    assert found.returncode == 0, found.stdout


def test_whoever_files_at_the_counter_follows_it_without_an_account(as_, new_window, hall):
    clerk = as_("clerk01")
    number = file_at_the_counter(clerk, hall.url)
    press(clerk, "全部受理")

    visitor = new_window()
    visitor.goto(f"{hall.url}/cases/track/")
    field(visitor, "number").fill(number.lower())
    field(visitor, "tail").fill("0077")
    press(visitor, "查询")
    for _name, _reviewer, _chief in TEAMS:
        expect(visitor.get_by_role("link", name=_name, exact=True)).to_be_visible()
    expect(visitor.get_by_role("main")).to_contain_text("在 ")  # who holds each part
    expect(visitor.get_by_text("演示来客")).to_have_count(0)
    expect(visitor.get_by_role("button", name="全部撤回")).to_have_count(0)
    visitor.get_by_role("link", name=TEAMS[1][0], exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TEAMS[1][0])


def test_the_applicant_takes_everything_back_at_once(as_, hall):
    citizen = as_("citizen")
    number = file_for_the_bundle(citizen, hall.url)
    citizen.locator("summary").filter(has_text="全部撤回").click()
    field(citizen, "reason").fill("店面没有租成")
    press(citizen, "全部撤回")
    expect(citizen.get_by_text("整体撤回：")).to_be_visible()
    expect(citizen.get_by_text("已终结").first).to_be_visible()
    citizen.goto(f"{hall.url}/cases/mine/?tab=closed")
    expect(citizen.get_by_text(number)).to_be_visible()


def file_at_the_counter(clerk, url):
    """Take the bundle in for somebody who is not registered yet; return the number."""
    clerk.goto(f"{url}/cases/desk/new/?q=餐馆")
    clerk.get_by_role("link", name="开办餐馆", exact=True).click()
    field(clerk, "name").fill("演示来客")
    field(clerk, "id_kind").select_option("passport")
    field(clerk, "id_number").fill("E99900077")
    field(clerk, "phone").fill("13800000077")
    press(clerk, "下一步")
    expect(clerk.get_by_role("main")).to_contain_text("窗口代收：演示来客")
    go_through(clerk)
    press(clerk, "提交申请")
    clerk.wait_for_url(re.compile(r"/cases/J-"))
    return re.search(r"J-[0-9A-Z]{4}-[0-9A-Z]{4}", clerk.url)[0]


def file_for_the_bundle(page, url):
    """Find the bundle, fill in its one form, hand in each material once; return the number."""
    page.goto(f"{url}/items/")
    page.get_by_role("link", name="一件事一次办").first.click()
    page.get_by_role("link", name="开办餐馆", exact=True).click()
    page.get_by_role("link", name="一次申请").click()
    go_through(page)
    press(page, "提交申请")
    page.wait_for_url(re.compile(r"/cases/J-"))
    return re.search(r"J-[0-9A-Z]{4}-[0-9A-Z]{4}", page.url)[0]


def parts_of(page, url, number):
    """Return the cases of a joint case by the names of their items."""
    page.goto(f"{url}/cases/{number}/")
    cards = page.locator(".branch")
    expect(cards).to_have_count(3)
    return {
        card.get_by_role("heading").inner_text(): card.locator(".mono").inner_text()
        for card in cards.all()
    }


def consult(lead, other, url, number):
    lead.goto(f"{url}/cases/{number}/")
    lead.locator("summary").filter(has_text="发起会商").click()
    field(lead, "question").fill("排烟井是否影响疏散？")
    lead.locator("input[name=departments]").first.check()
    lead.locator("input[name=departments]").last.check()
    press(lead, "发起会商")
    other.goto(f"{url}/cases/joint/")
    other.locator(f"main section a[href*='{number}']").click()
    field(other, "answer").fill("疏散通道够宽，不影响。")
    press(other, "答复")
    lead.goto(f"{url}/cases/{number}/")
    expect(lead.get_by_text("疏散通道够宽")).to_be_visible()


def ask_for_more_time(lead, governor, url, number):
    lead.goto(f"{url}/cases/{number}/")
    lead.locator("summary").filter(has_text="申请延长联办期限").click()
    field(lead, "days").fill("5")
    field(lead, "extension_reason").fill("三部门联合勘验")
    press(lead, "送本级人民政府负责人批准")
    governor.goto(f"{url}/cases/joint/")
    governor.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    governor.get_by_label("批准", exact=True).check()
    press(governor, "答复申请")


def wait_until_joined(page, address):
    """The joint case takes note of its last part a moment after it was decided."""
    deadline = time.monotonic() + 60
    page.goto(address)
    while not page.get_by_role("button", name="出具结果").count():
        assert time.monotonic() < deadline
        page.wait_for_timeout(500)
        page.goto(address)
