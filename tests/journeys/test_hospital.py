"""The story the platform was asked for: a hospital, fifty certificates, one file, one afternoon.

A window clerk takes it through acceptance, review, decision, making and issuing; each of the fifty
has its own number, decision, receipt and sealed certificate.
"""

import re
import shutil
import sqlite3
import subprocess
import time

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from stdnum.iso7064 import mod_11_2

from tests.journeys.acting import fill_in, find_item, hand_in_what_is_missing, press

pytestmark = pytest.mark.journey
ITEM, HOSPITAL = "放射工作人员证核发", "演示云岭医院管理有限公司"
COUNT = 50
MISTYPED = "990101199001010070"
PATIENCE = 120_000  # ms, on a small machine that is busy with the rest of the hall


def test_fifty_certificates_from_one_file(as_, hall, tmp_path):
    agent = as_("agent")
    batch = apply_for_fifty(agent, hall.url, tmp_path)

    clerk, reviewer, chief = as_("clerk01"), as_("reviewer-20"), as_("chief-20")
    accept(clerk, hall.url, batch)
    review(reviewer, hall.url, batch)
    decide(chief, hall.url, batch)

    wait_until_made(chief, hall, batch)
    certificates = files_of(hall, batch)
    assert len(certificates) == COUNT
    assert len({number for number, _file in certificates}) == COUNT
    for _number, file in certificates:
        assert verified(file)

    agent.goto(f"{hall.url}/cases/{batch}/")
    expect(agent.get_by_role("main")).to_contain_text("准予 50")


# ── At home ─────────────────────────────────────────────────────────────────


def apply_for_fifty(agent, url, tmp_path):
    """Fill in what is common once, hand in a list of fifty; return the batch's number."""
    find_item(agent, url, ITEM)
    agent.get_by_role("link", name="在线办理").first.click()
    agent.locator("input[type=radio][value=many], input[type=radio]").last.check()
    with agent.expect_download() as template:
        agent.get_by_role("link", name=re.compile("下载名单模板")).click()
    press(agent, "下一步")
    agent.get_by_label(re.compile(HOSPITAL)).check()
    press(agent, "下一步")
    hand_in_what_is_missing(agent)
    press(agent, "下一步")
    agent.get_by_label(re.compile("单位")).first.fill(HOSPITAL)
    fill_in(agent)
    press(agent, "下一步")

    roster = tmp_path / "名单.xlsx"
    template.value.save_as(roster)
    write_down(roster)
    hand_in(agent, roster)
    correct_the_one_that_is_wrong(agent)
    go_on = agent.get_by_role("button", name=re.compile("共 50 件"))
    expect(go_on).to_be_visible()
    with agent.expect_navigation():
        go_on.click()
    with agent.expect_navigation():
        agent.get_by_role("button", name=re.compile("^提交")).first.click()
    expect(agent.get_by_role("main")).to_contain_text(re.compile(r"B-\w{4}-\w{4}"))
    return re.search(r"B-\w{4}-\w{4}", agent.get_by_role("main").inner_text())[0]


def hand_in(agent, roster):
    agent.locator("input[type=file]").first.set_input_files(roster)
    agent.get_by_role("button", name="上传名单").click()


def correct_the_one_that_is_wrong(agent):
    """One number fails its check digit: the page says which, and keeps the other 49 rows."""
    told = agent.get_by_role("alert")
    expect(told).to_contain_text("名单有 1 行需要改正")
    wrong = agent.locator("td.wrong input")
    expect(wrong).to_have_value(MISTYPED)
    wrong.fill(identity(7))
    press(agent, "保存改正")
    expect(told).to_have_count(0)


def write_down(roster):
    """Fill the template as a hospital's office would, with one identity number mistyped."""
    book = load_workbook(roster)
    sheet = book.worksheets[0]
    columns = [str(cell.value).rstrip("*") for cell in sheet[1]]
    for number in range(1, COUNT + 1):
        worker = {
            "姓名": f"演示放射员{number:03}",
            "身份证号码": identity(number),
            "手机号码": f"1990000{number:04}",
            "岗位类别": "放射诊断",
            "最近培训日期": "2026-05-20",
            "最近健康检查日期": "2026-06-01",
        }
        if number == 7:
            worker["身份证号码"] = MISTYPED
        for place, column in enumerate(columns, 1):
            sheet.cell(row=number + 1, column=place, value=worker[column])
    book.save(roster)


def identity(number):
    """Return an invented identity number with its check digit."""
    body = f"99010119900101{number:03}"
    return body + str(mod_11_2.calc_check_digit(body))


# ── At the window and in the department ─────────────────────────────────────


def accept(clerk, url, batch):
    clerk.goto(f"{url}/cases/desk/{batch}/")
    expect(clerk.get_by_role("main")).to_contain_text("演示放射员050")
    press(clerk, "受理勾选的")
    expect(clerk.get_by_role("status")).to_contain_text("50 件已记入账本")


def review(reviewer, url, batch):
    reviewer.goto(f"{url}/cases/tasks/")
    reviewer.locator(f"a[href*='{batch}']").first.click()
    reviewer.get_by_label("符合", exact=True).check()
    reviewer.locator("#id_opinion").fill("培训和健康检查均合格。")
    press(reviewer, "办结勾选的这一步")
    expect(reviewer.get_by_role("status")).to_contain_text("50 件已记入账本")


def decide(chief, url, batch):
    chief.goto(f"{url}/cases/tasks/")
    chief.locator(f"a[href*='{batch}']").first.click()
    expect(chief.get_by_text("授权有效")).to_be_visible()
    chief.get_by_label("准予", exact=True).check()
    press(chief, "对勾选的作出决定")
    expect(chief.get_by_role("status")).to_contain_text("50 件已记入账本")


# ── What the machine does then ──────────────────────────────────────────────


def wait_until_made(page, hall, batch):
    """Ask for the part of a page that counts them until every certificate is made."""
    counting = f"{hall.url}/papers/batch/{batch}/progress/?kind=licence&of={COUNT}"
    deadline = time.monotonic() + PATIENCE / 1000
    while "已全部制作" not in (said := page.request.get(counting).text()):
        assert time.monotonic() < deadline, said
        page.wait_for_timeout(500)


def files_of(hall, batch):
    """Return number and file of each certificate, as the installation keeps them."""
    with sqlite3.connect(hall.home / "mingtang.sqlite3") as database:
        rows = database.execute(
            "SELECT number, file FROM papers_paperrow WHERE batch = ? AND paper = 'licence'"
            " AND issued_at IS NOT NULL",
            [batch],
        ).fetchall()
    return [(number, hall.home / "vault" / file[:2] / file) for number, file in rows]


def verified(file):
    """Whether a program that is not ours finds the seal good and the whole file signed."""
    if not shutil.which("pdfsig"):
        return file.read_bytes().startswith(b"%PDF-")  # tests of trust check it with pyHanko
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True).stdout
    return "Signature is Valid." in said and "Total document signed" in said
