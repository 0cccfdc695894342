"""Anybody holds a paper against the record: by its code, by the file, by Python alone."""

import subprocess
import sys

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.journeys.acting import apply_for_it, find_item

pytestmark = pytest.mark.journey
ITEM = "小餐饮登记"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def paper(as_, hall):
    """A citizen's receipt of what they handed in, made by the worker: (address, PDF)."""
    citizen = as_("citizen")
    find_item(citizen, hall.url, ITEM)
    number = apply_for_it(citizen)
    citizen.goto(f"{hall.url}/cases/{number}/")
    check = citizen.locator("main a[href^='/check/']").first
    sooner_or_later(citizen, check)
    pdf = citizen.locator("main a[href$='.pdf']").first.get_attribute("href")
    kept = citizen.request.get(hall.url + pdf)
    assert kept.body().startswith(b"%PDF-")
    return hall.url + check.get_attribute("href"), kept.body()


def sooner_or_later(page, wanted):
    """Load the page again until the worker has done its part."""
    for _ in range(60):
        try:
            return wanted.wait_for(timeout=1_000)
        except TimeoutError:
            page.reload()
    raise AssertionError(page.get_by_role("main").inner_text())


def choose(page, pdf):
    page.set_input_files(
        "#check-file", {"name": "文书.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )


def altered(pdf):
    place = len(pdf) // 2
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def test_a_stranger_with_a_phone_checks_a_paper_and_its_altered_copy(new_window, hall, paper):
    address, pdf = paper
    page = new_window(viewport=PHONE)
    heading = page.get_by_role("heading", level=1)

    page.goto(address)
    expect(heading).to_have_text("确有记录，已经签发")
    expect(page.get_by_role("main")).to_contain_text("测试印章，无法律效力")

    page.goto(f"{hall.url}/check/")
    choose(page, pdf)
    expect(heading).to_have_text("原件完整，已经签发")
    expect(heading).to_be_focused()

    page.goto(f"{hall.url}/check/")
    choose(page, altered(pdf))
    page.get_by_role("button", name="传给本站核验").click()
    expect(heading).to_have_text("已被改动")

    page.get_by_label("核验码或证照标识").fill("7k2p 9qxd 0123 vwxy")
    page.get_by_role("button", name="查记录").click()
    expect(heading).to_have_text("没有查到")


def test_the_receipt_of_its_issue_and_the_pdf_are_enough_at_home(new_window, hall, paper, tmp_path):
    address, pdf = paper
    page = new_window()
    page.goto(address)
    offered = page.get_by_role("link", name="下载公开回执")
    sooner_or_later(page, offered)
    with page.expect_download() as waiting:
        offered.click()
    receipt, file = tmp_path / "issue.receipt.json", tmp_path / "paper.pdf"
    waiting.value.save_as(receipt)
    for data, code in ((pdf, 0), (altered(pdf), 1)):
        file.write_bytes(data)
        done = verify(receipt, file, (hall.home / "keys" / "log.vkey").read_text().strip())
        assert done.returncode == code, done.stdout


def verify(receipt, file, vkey):
    return subprocess.run(
        [sys.executable, "-m", "mingtang.verifier", "paper", receipt, file, "--vkey", vkey],
        capture_output=True,
        text=True,
    )
