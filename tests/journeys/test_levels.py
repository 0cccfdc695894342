"""Three levels (三级): an item of the province done in a city, and a first review passed up."""

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import (
    decide,
    field,
    find_item,
    go_through_and_send,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
ADOPTED, FIRST_REVIEWED = "劳务派遣经营许可", "重要工业产品生产许可"
CITY, DISTRICT = "云岭市人力资源和社会保障局", "云岭市观澜区人力资源和社会保障局"
BELOW, ABOVE = "云岭市市场监督管理局", "明州省市场监督管理局"


def test_an_item_is_applied_for_where_it_was_adopted_and_its_promise_counts_there(as_, hall):
    # The city does it faster than the province does: four days instead of six.
    manager = as_("manager-yunling-hr")
    manager.goto(f"{hall.url}/catalogue/adoptions/")
    manager.get_by_role("row", name=ADOPTED).get_by_role("link", name="修改").click()
    field(manager, "promised_days").fill("4")
    press(manager, "保存")
    expect(manager.get_by_role("row", name=ADOPTED)).to_contain_text("已认领")

    citizen = as_("agent")
    find_item(citizen, hall.url, ADOPTED)
    where = citizen.locator("#where")
    expect(where.get_by_role("row", name=DISTRICT)).to_contain_text("承诺 10 个工作日")
    city = where.get_by_role("row").filter(has=citizen.get_by_role("rowheader", name=CITY))
    expect(city.first).to_contain_text("承诺 4 个工作日")
    city.first.get_by_role("link", name="在这里办").click()
    number = go_through_and_send(citizen)

    press_at_the_desk(as_("clerk-yunling-hr"), hall.url, number, "受理")
    citizen.goto(f"{hall.url}/cases/{number}/")
    main = citizen.get_by_role("main")
    expect(main).to_contain_text(CITY)
    expect(citizen.locator(".clock").first).to_contain_text("第 4 个工作日，最后一天")


def test_a_first_review_goes_up_with_everything_and_is_decided_above(as_, hall):
    citizen = as_("agent")
    find_item(citizen, hall.url, FIRST_REVIEWED)
    expect(citizen.locator("#where")).to_contain_text(f"直接报送{ABOVE}决定")
    row = citizen.locator("#where").get_by_role("row", name=BELOW)
    row.get_by_role("link", name="向它申请").click()
    number = go_through_and_send(citizen)

    press_at_the_desk(as_("clerk-yunling-market"), hall.url, number, "受理")
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.get_by_role("main")).to_contain_text(f"初审期限（{BELOW}）")
    expect(citizen.get_by_role("main")).to_contain_text("报送后，决定机关的期限另行起算")

    # Nobody above has it yet.
    assert not review_next_step(as_("reviewer"), hall.url, number)

    below = as_("reviewer-yunling-market")
    below.goto(f"{hall.url}/cases/tasks/{number}/first-review/")
    below.get_by_label("符合", exact=True).check()
    below.locator("#id_opinion").fill("材料齐全，生产条件相符，拟同意。")
    press(below, f"报送{ABOVE}")

    reviewer = as_("reviewer")
    reviewer.goto(f"{hall.url}/cases/tasks/")
    reviewer.locator(f"a[href*='{number}']").first.click()
    expect(reviewer.get_by_role("main")).to_contain_text("生产条件相符，拟同意")
    while review_next_step(reviewer, hall.url, number):
        pass
    decide(as_("chief"), hall.url, number)

    citizen.goto(f"{hall.url}/cases/{number}/")
    main = citizen.get_by_role("main")
    expect(main).to_contain_text("办理时限")
    expect(main).to_contain_text("收到初审意见和全部材料")
    expect(main).to_contain_text("按期报送")
    expect(main).not_to_contain_text("生产条件相符")


def test_a_window_below_sees_where_what_it_took_in_for_others_is(as_, hall):
    clerk = as_("clerk-yunling-market")
    clerk.goto(f"{hall.url}/cases/desk/")
    tab = clerk.get_by_role("navigation", name="列表").get_by_role("link", name="代收")
    count = int(tab.locator(".count").inner_text())
    tab.click()
    lines = clerk.locator(".work-list ul li")
    expect(lines).to_have_count(count)
    expect(lines.first).to_contain_text(f"现在：{ABOVE}")
    lines.first.get_by_role("link").click()
    expect(clerk.get_by_role("main")).to_contain_text(f"代收，转{ABOVE}受理")
