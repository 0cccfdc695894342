"""Whatever goes wrong, what was typed and handed in is still there, and the page says so."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import PAPER, fill_in, find_item, go_through, press, sign_in

pytestmark = pytest.mark.journey
COMPLAINT, METER = "消费者投诉举报处理", "计量器具强制检定申请"
GUIDE_EXAM, LIBRARY = "导游等级考核报名", "公共图书馆读者证和借阅服务"
TYPED = "只写了一半的说明，明天接着写"


def test_a_draft_is_still_there_in_another_browser_after_signing_out(as_, hall):
    here = as_("citizen")
    number_of_files = begin(here, hall.url, COMPLAINT)
    type_something(here, TYPED)
    expect(here.locator(".draft-state")).to_contain_text("已保存")
    here.locator("header").get_by_role("button", name="退出").first.click()
    expect(here.get_by_role("link", name="登录").first).to_be_visible()

    there = as_("citizen")
    there.goto(f"{hall.url}/cases/mine/?tab=drafts")
    there.get_by_role("listitem").filter(has_text=COMPLAINT).get_by_role(
        "link", name="接着填"
    ).click()
    expect(prose(there)).to_have_value(TYPED)
    there.get_by_role("link", name="上一步").click()
    expect(there.locator("section.material .lamp.good")).to_have_count(number_of_files)


def test_two_tabs_and_the_back_button_file_one_application_once(as_, hall):
    one = as_("citizen")
    find_item(one, hall.url, METER)
    one.get_by_role("link", name="在线办理").first.click()
    go_through(one)
    two = one.context.new_page()
    two.goto(one.url)
    expect(two.get_by_role("button", name="提交申请")).to_be_visible()
    press(one, "提交申请")
    number = one.locator(".huge").inner_text()

    press(two, "提交申请")
    expect(two.locator(".huge")).to_have_text(number)

    one.go_back()
    if one.get_by_role("button", name="提交申请").count():
        press(one, "提交申请")
        expect(one.locator(".huge")).to_have_text(number)
    one.goto(f"{hall.url}/cases/mine/?tab=open")
    expect(one.get_by_role("listitem").filter(has_text=METER)).to_have_count(1)


def test_a_wrong_an_empty_and_a_too_large_file_are_refused_in_plain_words(as_, hall, tmp_path):
    page = as_("citizen")
    find_item(page, hall.url, GUIDE_EXAM)
    page.get_by_role("link", name="在线办理").first.click()
    first = page.locator("section.material").first
    hand_in(first, PAPER)
    expect(first.locator(".lamp.good")).to_have_count(1)
    second = page.locator("section.material").nth(1)
    picker = second.locator("input[type=file]")

    picker.set_input_files({"name": "说明.exe", "mimeType": "", "buffer": b"MZ"})
    expect(second.locator(".upload-state")).to_contain_text("说明.exe 的格式不在允许之列")
    large = tmp_path / "扫描件.pdf"
    large.write_bytes(b"%PDF-1.4\n" + bytes(25 * 1024 * 1024))
    picker.set_input_files(large)
    expect(second.locator(".upload-state")).to_contain_text(
        "扫描件.pdf 有 25.0 MB，超过上限 20.0 MB"
    )
    assert picker.evaluate("one => one.files.length") == 0

    renamed = {"name": "其实是程序.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    hand_in(second, renamed)
    expect(page.get_by_role("alert")).to_contain_text(
        "其实是程序.pdf：文件内容不是允许的格式，没有收下。"
    )
    hand_in(second, {"name": "空.pdf", "mimeType": "application/pdf", "buffer": b""})
    expect(page.get_by_role("alert")).to_contain_text("空.pdf：这个文件是空的，没有收下。")

    # Somebody whose browser ran no script, or an old one, is stopped by the server.
    page.evaluate(
        "document.querySelectorAll('[data-max-bytes]').forEach(o => o.dataset.maxBytes = '')"
    )
    second.locator("input[type=file]").set_input_files(large)
    second.get_by_role("button", name=re.compile("^收下这份")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("文件太大，没有收下")
    expect(page.get_by_role("main")).to_contain_text("一次最多上传 20 MB")

    page.goto(f"{hall.url}/cases/mine/?tab=drafts")
    page.get_by_role("listitem").filter(has_text=GUIDE_EXAM).get_by_role(
        "link", name="接着填"
    ).click()
    expect(first.locator(".lamp.good")).to_have_count(1)
    expect(second.locator(".lamp.good")).to_have_count(0)


def test_typing_on_after_the_session_ended_loses_nothing(as_, hall):
    page = as_("citizen")
    begin(page, hall.url, LIBRARY)
    form = page.url
    page.context.clear_cookies(name="sessionid")
    type_something(page, TYPED)
    expect(page.locator(".draft-state")).to_contain_text("登录已过期，内容已存在本机")

    page.goto(form)
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    sign_in(page, hall.url, "citizen")
    page.goto(form)
    expect(prose(page)).to_have_value(TYPED)
    expect(page.locator(".draft-state")).to_contain_text("已保存")


def test_a_forged_token_is_explained_and_the_typing_is_in_the_page_before(as_, hall):
    page = as_("citizen")
    find_item(page, hall.url, "旅游投诉处理")
    page.get_by_role("link", name="在线办理").first.click()
    to_the_form(page)
    fill_in(page)
    type_something(page, TYPED)
    page.locator("main form [name=csrfmiddlewaretoken]").first.evaluate(
        "one => one.value = 'f'.repeat(64)"
    )
    press(page, "下一步")
    expect(page.get_by_role("heading", level=1)).to_have_text("页面开得太久，会话已过期")
    expect(page.get_by_role("main")).to_contain_text("csrf.expired")

    page.get_by_role("link", name="重新打开这一页").click()
    expect(prose(page)).to_have_value(TYPED)


def test_english_and_the_elder_view_stay_through_signing_in_and_out(new_window, hall):
    page = new_window()
    page.goto(hall.url)
    page.locator("header").get_by_role("link", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("header").get_by_role("link", name="Large view").first.click()
    sign_in(page, hall.url, "citizen")
    for address in ("/me/", "/cases/mine/", "/items/", "/ledger/"):
        page.goto(hall.url + address)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("html")).to_have_attribute("data-view", "elder")
    page.locator("header").get_by_role("button", name="Sign out").first.click()
    page.goto(hall.url)
    expect(page.locator("html")).to_have_attribute("data-view", "elder")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


# ── What these journeys do ──────────────────────────────────────────────────


def begin(page, url, item):
    """Open an application and go as far as its form; return how many files were handed in."""
    find_item(page, url, item)
    page.get_by_role("link", name="在线办理").first.click()
    return to_the_form(page)


def to_the_form(page):
    files = 0
    while page.locator("form[data-draft-url]").count() == 0:
        for number in range(page.locator("section.material").count()):
            hand_in(page.locator("section.material").nth(number), PAPER)
            files += 1
            expect(page.locator("section.material .lamp.good")).to_have_count(files)
        press(page, "下一步")
    return files


def hand_in(card, paper):
    card.locator("input[type=file]").set_input_files(paper)
    card.get_by_role("button", name=re.compile("^收下这份")).click()


def prose(page):
    """The form's field for free text."""
    return page.locator("form[data-draft-url] textarea").first


def type_something(page, text):
    prose(page).fill(text)
