"""A PDF checked in a real browser: it stays there unless its holder sends it."""

import pytest
from playwright.sync_api import expect

from mingtang.papers.actions.making import make_due
from mingtang.vault import queries as vault
from tests.journeys.browser import browser, page  # noqa: F401
from tests.rooms import paper_words, site_words
from tests.rooms.people_words import MONDAY
from tests.rooms.site_words import SITE

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
DROP = """(bytes) => {
    const given = new DataTransfer();
    given.items.add(new File([new Uint8Array(bytes)], "dropped.pdf", {type: "application/pdf"}));
    for (const kind of ["dragover", "drop"]) document.querySelector("h1").dispatchEvent(
        new DragEvent(kind, { dataTransfer: given, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def pdf(log_home):
    paper_words.build()
    paper_words.order()
    assert make_due(at=MONDAY) == 1
    return vault.path_of(paper_words.row().file).read_bytes()


@pytest.fixture
def checker(pdf, page):  # noqa: F811
    page.asked = site_words.serve(page)
    page.goto(f"{SITE}/check/")
    return page


def choose(page, data, name="文书.pdf"):  # noqa: F811
    page.set_input_files(
        "#check-file", {"name": name, "mimeType": "application/pdf", "buffer": data}
    )


def send(page):  # noqa: F811
    page.get_by_role("button", name="传给本站核验").click()


def bent(pdf):
    return pdf[:9_000] + bytes([pdf[9_000] ^ 1]) + pdf[9_001:]


def methods(page):  # noqa: F811
    return {method for method, place in page.asked}


def heading(page):  # noqa: F811
    return page.locator("h1")


def test_an_original_is_found_without_leaving_the_browser(checker, pdf):
    choose(checker, pdf)
    expect(heading(checker)).to_have_text("原件完整，已经签发")
    expect(heading(checker)).to_be_focused()  # read out at once
    assert checker.url.endswith(f"/check/digest/{paper_words.row().sha256}/")
    assert methods(checker) == {"GET"}


def test_an_altered_copy_is_offered_to_be_sent_and_then_told_what_is_wrong(checker, pdf):
    assert not checker.is_visible(".send")
    choose(checker, bent(pdf))
    expect(checker.locator(".asking")).to_have_text("没有这份文件的签发记录。")
    assert methods(checker) == {"GET"}
    send(checker)
    expect(heading(checker)).to_have_text("已被改动")
    expect(heading(checker)).to_be_focused()
    assert methods(checker) == {"GET", "POST"}


def test_after_one_answer_the_next_file_can_be_checked(checker, pdf):
    choose(checker, pdf + b"\n")
    send(checker)
    expect(heading(checker)).to_have_text("盖章后被添加了内容")
    assert not checker.is_visible(".send")
    choose(checker, pdf)
    expect(heading(checker)).to_have_text("原件完整，已经签发")


def test_a_file_may_be_dropped_anywhere_on_the_page(checker, pdf):
    checker.evaluate(DROP, list(pdf))
    expect(heading(checker)).to_have_text("原件完整，已经签发")


def test_the_file_chosen_last_is_the_one_that_counts(checker, pdf):
    choose(checker, bent(pdf))
    choose(checker, pdf)
    expect(heading(checker)).to_have_text("原件完整，已经签发")


def test_by_keyboard_alone_the_picker_is_reached_and_seen(checker):
    checker.focus("#check-q")
    checker.keyboard.press("Tab")
    checker.keyboard.press("Tab")
    assert checker.evaluate("document.activeElement.id") == "check-file"
    outline = "getComputedStyle(document.querySelector('.drop')).outlineStyle"
    assert checker.evaluate(outline) == "solid"


def test_where_the_browser_cannot_hash_the_file_is_offered_to_be_sent(pdf, page):  # noqa: F811
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.asked = site_words.serve(page)
    page.goto(f"{SITE}/check/")
    choose(page, pdf)
    expect(page.locator(".asking")).to_contain_text("不能在本机计算指纹")
    send(page)
    expect(heading(page)).to_have_text("原件完整，已经签发")


def test_a_file_over_the_limit_is_not_even_read(checker, settings):
    choose(checker, b"%PDF-" + b" " * settings.UPLOAD_LIMIT)
    expect(checker.locator(".upload-state")).to_contain_text("超过上限 20.0 MB")
    assert checker.locator(".asking").inner_text() == ""
    assert not [place for _, place in checker.asked if "digest" in place]


def test_where_nothing_answers_nothing_is_claimed(pdf, browser):  # noqa: F811
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()  # noqa: F811
    site_words.serve(page)
    page.goto(f"{SITE}/check/")
    page.route("**/check/digest/**", lambda route: route.abort())
    choose(page, pdf)
    expect(page.locator(".asking")).to_contain_text("没有得到回应")
    assert page.url == f"{SITE}/check/"
    context.close()


def test_without_scripts_the_form_works_alone(pdf, browser):  # noqa: F811
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()  # noqa: F811
    site_words.serve(page)
    page.goto(f"{SITE}/check/")
    assert page.is_visible("#check-file")
    for data, said in ((pdf, "原件完整，已经签发"), (bent(pdf), "已被改动")):
        choose(page, data)
        send(page)
        assert heading(page).inner_text().strip() == said
    page.goto(f"{SITE}/check/")
    page.fill("#check-q", paper_words.row().code.lower())
    page.click("text=查记录")
    assert heading(page).inner_text().strip() == "确有记录，已经签发"
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(checker, pdf, width):
    checker.set_viewport_size({"width": width, "height": 844})
    code = paper_words.row().code
    for place in ("/check/", f"/check/{code}/", "/check/7K2P9QXD0123VWXY/"):
        checker.goto(SITE + place)
        assert checker.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
