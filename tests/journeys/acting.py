"""What every role does in a browser, in the words a colleague would use."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "mingtang-demo-2026"
PAPER = {
    "name": "演示材料.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}
ANSWERS = {"tel": "13800000000", "date": "2026-12-01", "number": "12"}


def sign_in(page: Page, url: str, username: str, password: str = PASSWORD) -> None:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
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
        elif not box.input_value():
            phone = "phone" in (box.get_attribute("name") or "")
            box.fill(ANSWERS["tel"] if phone else ANSWERS.get(kind, "演示内容"))


def apply_for_it(page: Page) -> str:
    """Go through the wizard from the guide page; return the case number."""
    page.get_by_role("link", name="在线办理").first.click()
    while not page.get_by_role("button", name="提交申请").count():
        hand_in_what_is_missing(page)
        if page.locator("main form select, main form .field").count():
            fill_in(page)
        page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("申请已提交")
    return page.locator(".huge").first.inner_text().strip()


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
    asks = button.get_attribute("data-confirm")
    with page.expect_navigation():
        button.click()
        if asks:
            page.locator("dialog[open] button[value=yes]").click()
