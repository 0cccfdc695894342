"""The main job: a citizen files at home; one correction; review; decision; a proof to keep."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mingtang.config.demo import paper
from tests.journeys.acting import (
    PAPER,
    apply_for_it,
    decide,
    find_item,
    press,
    press_at_the_desk,
    review_next_step,
)

pytestmark = pytest.mark.journey
ITEM = "小餐饮登记"


def test_a_citizen_files_and_the_verifier_accepts_the_receipt_of_the_decision(as_, hall, tmp_path):
    citizen, clerk = as_("citizen"), as_("clerk01")
    reviewer, chief = as_("reviewer"), as_("chief")

    find_item(citizen, hall.url, ITEM)
    number = apply_for_it(citizen)
    assert re.fullmatch(r"MT-[0-9A-Z]{4}-[0-9A-Z]{4}", number)

    notify_one_correction(clerk, hall.url, number, "未签名，请签名后重新提交。")
    correct(citizen, hall.url, number, "未签名，请签名后重新提交。")
    see_what_changed(clerk, hall.url, number)
    press_at_the_desk(clerk, hall.url, number, "受理")
    while review_next_step(reviewer, hall.url, number):
        pass
    decide(chief, hall.url, number)

    citizen.goto(f"{hall.url}/cases/{number}/")
    expect(citizen.locator("main .messages")).to_contain_text("准予")
    receipt = download_newest_receipt(citizen, tmp_path)
    vkey = (hall.home / "keys" / "log.vkey").read_text().strip()
    accepted = verify(receipt, vkey)
    assert accepted.returncode == 0, accepted.stdout
    assert "case.decided.v1" in accepted.stdout

    altered = tmp_path / "altered.receipt.json"
    data = bytearray(receipt.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(data)
    assert verify(altered, vkey).returncode == 1

    found = hall.command("verify")
    assert found.returncode == 0, found.stdout


def notify_one_correction(clerk, url, number, why):
    clerk.goto(f"{url}/cases/desk/{number}/")
    clerk.get_by_label("不符合").first.check()
    clerk.locator("tr.why textarea").first.fill(why)
    press(clerk, "一次性告知补正")
    clerk.goto(f"{url}/cases/desk/{number}/")
    expect(clerk.get_by_role("heading", name="已告知补正")).to_be_visible()


def correct(citizen, url, number, why):
    citizen.goto(f"{url}/cases/{number}/")
    corrections = citizen.locator("#correct")
    expect(corrections).to_contain_text(why)
    signed = {**PAPER, "buffer": paper.page(("演示材料", "申请人已签名"))}
    corrections.locator("input[type=file]").first.set_input_files(signed)
    corrections.get_by_role("button", name="提交补正").click()
    expect(citizen.locator("#correct")).to_have_count(0)


def see_what_changed(clerk, url, number):
    clerk.goto(f"{url}/cases/{number}/")
    clerk.get_by_role("link", name="补正前后比对").click()
    words = clerk.locator(".passages")
    expect(words.locator("del")).to_have_text("删去：未。")
    expect(words.locator("ins")).to_have_text("新增：已。")


def download_newest_receipt(citizen, tmp_path) -> Path:
    """Download from the stub; a checkpoint covers the entry within a second or two."""
    link = citizen.get_by_role("link", name=re.compile("^下载回执|一两秒后可下载")).first
    with citizen.expect_download(timeout=20_000) as waiting:
        link.click()
    path = tmp_path / "decision.receipt.json"
    waiting.value.save_as(path)
    return path


def verify(receipt, vkey):
    return subprocess.run(
        [sys.executable, "-m", "mingtang.verifier", "receipt", str(receipt), "--vkey", vkey],
        capture_output=True,
        text=True,
    )
