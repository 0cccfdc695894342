"""A real list of a real district: imported, one item completed, published, applied for, decided.

The list is public but not ours to pass on: where it is not at hand the journey is skipped.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import (
    apply_for_it,
    decide,
    field,
    find_item,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
LIST = Path(__file__).parents[3] / "shared/data/catalogue/sichuan_guangan_items.csv"
DEPARTMENT = "区林业局"
ITEM = "从事营利性治沙活动新办许可（县级权限）"
LETTER = "林授字〔2026〕1号（演示）"
MISSING = [  # of a licence of which the list says only what it is called
    "没有写明服务对象",
    "没有设定依据",
    "没有受理条件",
    "没有申请材料目录",
    "没有法定办结时限",
    "没有承诺办结时限",
    "没有办理环节，只有即办件可以没有",
    "没有写明到现场次数",
    "没有写明审批结果",
    "没有办理地点",
    "没有办理时间",
    "没有咨询电话",
    "没有投诉电话",
    "行政许可至少要有一个常见问题",
]


def test_an_item_of_a_real_list_is_completed_published_applied_for_and_decided(as_, hall):
    if not LIST.exists():
        pytest.skip("the list of the district is not on this machine: nothing real to import")
    first, again = import_list(hall), import_list(hall)
    assert (first["read"], first["departments"], first["bad"]) == (1_135, 34, [])
    assert (first["new"], first["changed"], first["unchanged"]) == (1_135, 0, 0)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1_135)
    others = first["quality"]["drafts"] - 1_135  # drafts of other journeys, if they were first
    assert first["quality"]["complete"] == 0
    missing = {one["reason"]: one["items"] for one in first["quality"]["missing"]}
    for why in MISSING:
        expected = 536 if why in MISSING_OF_LICENCES else 1_135
        assert expected <= missing[why] <= expected + others

    centre = as_("centre")
    item = open_draft(centre, hall.url)
    assert what_is_missing(centre) == MISSING
    expect(centre.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    complete(centre, item)
    publish(centre, item)

    staff_the_department(as_("security-admin"), hall.url)
    authorise_the_chief(as_("manager"), hall.url)

    citizen = as_("citizen")
    find_item(citizen, hall.url, ITEM)
    expect(citizen.get_by_text("《中华人民共和国防沙治沙法》")).to_be_visible()
    number = apply_for_it(citizen)
    press_at_the_desk(as_("clerk01"), hall.url, number, "受理")
    reviewer = as_("reviewer")
    steps = 0
    while review_next_step(reviewer, hall.url, number):
        steps += 1
    assert steps == 2
    chief = as_("chief")
    decide(chief, hall.url, number)
    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.locator("main .messages")).to_contain_text("决定：准予")

    found = hall.command("verify")
    assert found.returncode == 0, found.stdout


MISSING_OF_LICENCES = {"没有申请材料目录", "没有写明审批结果", "行政许可至少要有一个常见问题"}


def import_list(hall):
    done = hall.command("import-items", str(LIST), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# ── The catalogue ───────────────────────────────────────────────────────────


def open_draft(centre, url):
    """Find the item among the drafts; return the address of its overview."""
    centre.goto(f"{url}/me/")
    centre.get_by_role("link", name=re.compile("^事项管理")).click()
    centre.get_by_role("link", name="有草稿", exact=True).click()
    box = centre.get_by_role("main").get_by_role("searchbox")
    box.fill(ITEM)
    box.press("Enter")
    centre.get_by_role("link", name=ITEM, exact=True).click()
    expect(centre.get_by_role("heading", level=1)).to_have_text(ITEM)
    expect(centre.locator("main .chips").first).to_contain_text(DEPARTMENT)
    return centre.url


def what_is_missing(centre):
    lines = centre.locator("main li.warning").all()
    return [line.evaluate("one => one.firstChild.textContent.trim()") for line in lines]


def complete(centre, item):
    """Write every public element in the editor, as somebody who has the papers beside them."""
    centre.get_by_role("link", name="补齐要素").click()
    for audience in ("自然人", "企业法人"):
        centre.get_by_label(audience, exact=True).check()
    write(centre, summary="申请在沙化土地上从事以营利为目的的治沙活动。", topics="林业、环保")
    write(
        centre,
        conditions="有治理方案；有相适应的资金和技术；取得土地使用权或者已签订协议。",
    )
    add(centre, "legal_basis", title="《中华人民共和国防沙治沙法》", article="第二十六条")
    add(centre, "materials", name="治沙活动申请书", basis="《营利性治沙管理办法》第六条")
    add(centre, "materials", name="治理方案", basis="《营利性治沙管理办法》第七条")
    add(centre, "form", label="治理面积（亩）", kind="integer", required=True)
    add(centre, "form", label="治理期限至", kind="date", required=True)
    add(centre, "form", label="主要治理措施", kind="textarea")
    write(centre, statutory_days="20", promised_days="10")
    add(centre, "steps", name="现场核查", days="5", standard="现状与治理方案一致")
    add(centre, "steps", name="专家评审", days="3", standard="方案可行", after="step1")
    write(centre, visits="1", visit_reason="须现场领取许可证", online_depth="3")
    write(centre, result_kind="certificate", result_name="营利性治沙许可证")
    write(centre, result_sample="营利性治沙许可证样本.pdf", validity="五年")
    write(centre, address="政务服务中心二楼 12 号窗口", hours="工作日 9:00-17:00")
    write(centre, enquiry_phone="0826-2330000", complaint_phone="0826-12345")
    add(centre, "questions", question="个人可以申请吗？", answer="可以，条件与单位相同。")
    press(centre, "保存草稿")
    expect(centre.get_by_text("草稿已保存。")).to_be_visible()
    assert what_is_missing(centre) == []


def write(page, prefix="", **elements):
    for name, value in elements.items():
        box = field(page, f"{prefix}{name}")
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(value)
        elif value is True:
            box.check()
        else:
            box.fill(value)


def add(page, element, **values):
    """Ask for one more row of a set and fill it in."""
    rows = page.locator(f"#rows-{element} fieldset")
    before = rows.count()
    page.locator(f"button[name=add][value={element}]").click()
    expect(rows).to_have_count(before + 1)
    write(page, f"{element}-{before}-", **values)


def publish(centre, item):
    centre.get_by_role("link", name="先看预览").click()
    expect(centre.get_by_text("现场核查").first).to_be_visible()
    centre.goto(item)
    press(centre, "发布")
    expect(centre.get_by_text("已发布，新的申请按这一版办理。")).to_be_visible()


# ── The department ──────────────────────────────────────────────────────────


def staff_the_department(security, url):
    """Give people who work here already a post at the department, found by their numbers."""
    posts = {"reviewer": "审查人员", "chief": "首席代表", "manager": "部门负责人"}
    for number, role in posts.items():
        security.goto(f"{url}/staff/posts/")
        security.get_by_label("工号或姓名").fill(number)
        press(security, "查找")
        expect(security.get_by_role("cell", name=number, exact=True)).to_be_visible()
        security.get_by_role("link", name="任命", exact=True).click()
        security.get_by_label(re.compile("^人员编号或用户名")).fill(number)
        security.get_by_label(re.compile("^岗位")).select_option(label=role)
        security.get_by_label(re.compile("^单位")).select_option(label=DEPARTMENT)
        security.get_by_label(re.compile("^工号")).fill(f"GA-{number}")
        press(security, "任命")
        expect(security.get_by_text("任命已记入账本。")).to_be_visible()


def authorise_the_chief(manager, url):
    manager.goto(f"{url}/me/")
    main = manager.get_by_role("main")
    main.get_by_role("link", name=re.compile("^授权书")).click()
    manager.get_by_role("link", name="授权", exact=True).click()
    holder = manager.get_by_label(re.compile("^被授权人"))
    [chief] = [one for one in holder.locator("option").all_inner_texts() if "GA-chief" in one]
    holder.select_option(label=chief)
    write(manager, letter_no=LETTER, every_item=True)
    for power in ("受理", "决定", "用印"):
        manager.get_by_label(power, exact=True).check()
    write(manager, valid_from="2026-01-01", valid_to="2030-12-31")
    press(manager, "登记授权书")
    expect(manager.get_by_text("公示以后才有效")).to_be_visible()
    manager.get_by_role("link", name="公示", exact=True).click()
    manager.get_by_label(re.compile("^公示的窗口")).select_option(index=0)
    press(manager, "公示")
    expect(manager.get_by_text("授权书已公示，现在起有效。")).to_be_visible()
