"""What every role does in a browser, in the words a colleague would use."""

import re

from playwright.sync_api import Locator, Page, expect

from mingtang.config.demo import paper

PASSWORD = "mingtang-demo-2026"
PAPER = {
    "name": "演示材料.pdf",
    "mimeType": "application/pdf",
    "buffer": paper.page(("演示材料", "申请人未签名")),
}
USCC = "12990000MT000C017U"  # the demonstration centre's own
ANSWERS = {"tel": "13800000000", "date": "2026-12-01", "numeric": "12", "decimal": "1200.00"}


def sign_in(page: Page, url: str, username: str, password: str = PASSWORD) -> None:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda address: "/account/login" not in address)


def find_item(page: Page, url: str, name: str) -> None:
    """Search for an item and open its guide page."""
    page.goto(f"{url}/items/")
    box = page.get_by_role("main").get_by_role("searchbox")
    box.fill(name)
    box.press("Enter")
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def fill_in(page: Page) -> None:
    """Fill every field of the form on the page that is empty, each with something fitting."""
    form = page.locator("main form").filter(has=page.get_by_role("button", name="下一步"))
    for select in form.locator("select").all():
        if not select.input_value():
            select.select_option(index=1)
    for box in form.locator("input:visible, textarea:visible").all():
        kind = box.get_attribute("type") or "text"
        if kind in ("radio", "checkbox"):
            name = box.get_attribute("name")
            if not form.locator(f"input[name='{name}']:checked").count():
                box.check()
        elif not box.input_value() and "uscc" in (box.get_attribute("name") or ""):
            box.fill(USCC)
        elif not box.input_value():
            box.fill(ANSWERS.get(box.get_attribute("inputmode") or kind, "演示内容"))


def apply_for_it(page: Page) -> str:
    """Go through the wizard from the guide page; return the case number."""
    page.get_by_role("link", name="在线办理").first.click()
    return go_through_and_send(page)


def go_through_and_send(page: Page) -> str:
    go_through(page)
    press(page, "提交申请")
    expect(page.get_by_role("heading", level=1)).to_have_text("申请已提交")
    return page.locator(".huge").first.inner_text().strip()


def go_through(page: Page) -> None:
    """Answer every step of the wizard up to the last, which sends it."""
    while not page.get_by_role("button", name="提交申请").count():
        step = page.url
        hand_in_what_is_missing(page)
        if page.locator("main form select, main form .field").count():
            fill_in(page)
        press(page, "下一步")
        assert page.url != step, page.get_by_role("main").inner_text()


def hand_in_what_is_missing(page: Page) -> None:
    """On the materials step, upload a paper for everything that is asked for."""
    cards = page.locator("section.material")
    for number in range(cards.count()):
        card = cards.nth(number)
        if card.locator(".lamp.good").count():
            continue
        card.locator("input[type=file]").set_input_files(PAPER)
        card.get_by_role("button", name=re.compile("^收下这份")).click()
        expect(card.locator(".lamp.good").first).to_be_visible()


def press(page: Page, name: str) -> None:
    """Press a button, say yes where it asks, and wait for the next page."""
    button = page.get_by_role("button", name=name, exact=True).first
    asks = button.evaluate("one => one.dataset.confirm || one.form?.dataset.confirm")
    with page.expect_navigation():
        button.click()
        if asks:
            page.locator("dialog[open] button[value=yes]").click()


def field(page: Page, name: str) -> Locator:
    """Return the field of the page's own form with this name."""
    return page.locator(f"main [name='{name}']")


# ── Officers ────────────────────────────────────────────────────────────────


def press_at_the_desk(clerk, url, number, what):
    clerk.goto(f"{url}/cases/desk/{number}/")
    press(clerk, what)
    clerk.goto(f"{url}/cases/desk/{number}/")
    expect(clerk.get_by_role("button", name=what, exact=True)).to_have_count(0)


def review_next_step(reviewer, url, number):
    """Finish the step that is open in this case; say whether there was one."""
    reviewer.goto(f"{url}/cases/tasks/")
    task = reviewer.locator(f"a[href*='{number}']").first
    if not task.count():
        return False
    task.click()
    reviewer.get_by_label("符合", exact=True).check()
    reviewer.locator("#id_opinion").fill("材料齐全，现场与申报一致。")
    press(reviewer, "办结这一步")
    return True


def open_task(officer, url, number):
    officer.goto(f"{url}/cases/tasks/")
    officer.locator(f"a[href*='{number}']").first.click()
    expect(officer.get_by_role("main")).to_contain_text(number)


def decide(chief, url, number):
    open_task(chief, url, number)
    expect(chief.get_by_text("授权有效")).to_be_visible()
    chief.get_by_label("准予", exact=False).first.check()
    press(chief, "作出决定")
