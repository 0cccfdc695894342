"""Reading by every means (无障碍): a phone, a keyboard, a screen reader; and from nobody else."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import find_item
from tests.journeys.faults import FAULTS, OVERFLOW

pytestmark = pytest.mark.journey
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
ITEM = "教师资格证补换、查询"
# Who reads it, and where; a pattern is the first link of that kind on the page before it.
PAGES = {
    "": ["/", "/items/", "main h3 a[href^='/items/']", "/departments/", "/ledger/", "/ledger/5/",
         "/letters/", "/check/", "/check/7K2P9QXD0123VWXY/", "/about/", "/account/login/",
         "/register/", "/cases/track/", "/accessibility/", "/sitemap/", "/demo/",
         "/cases/hearings/"],
    "citizen": ["/cases/mine/", "main h4 a[href$='/hearing/']"],
    "hearing1": ["/cases/beside/?tab=hearing", "main td a[href$='/hearing/']"],
    "agent": ["/me/", "/me/profile/", "/cases/mine/?tab=closed", "a[href^='/cases/MT-']",
              "/items/?q=教师资格证补换", "main h3 a", "a[href^='/cases/apply/']"],
    "clerk01": ["/cases/desk/", "main a[href^='/cases/desk/MT-'], .work-list a[href*='/MT-']",
                "/cases/desk/new/?q=登记", "main a[href^='/cases/desk/new/']"],
    "reviewer": ["/cases/tasks/", ".work-list a[href*='/MT-']"],
    "chief": ["/cases/tasks/", ".work-list a[href*='/MT-']"],
    "manager": ["/staff/letters/", "main tbody a", "/staff/letters/new/", "/cases/all/",
                "/cases/foreign/", "/cases/foreign/figures/"],
    "centre": ["/catalogue/", "main h3 a[href^='/catalogue/']", "main a[href$='/edit/']",
               "/catalogue/calendar/", "/catalogue/new/", "/staff/bodies/"],
    "security-admin": ["/staff/posts/", "/staff/posts/new/"],
    "system-admin": ["/staff/accounts/", "/staff/accounts/open/"],
    "audit-admin": ["/staff/audit/"],
}  # fmt: skip


@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "anybody")
def test_every_page_can_be_read_on_a_phone_and_read_out(new_window, as_, hall, who):
    open_as = as_ if who else lambda _nobody, **how: new_window(**how)
    page = open_as(who, viewport=PHONE)
    asked, complaints = watched(page)
    faults = {}
    for place in PAGES[who]:
        if not place.startswith("/"):
            place = page.locator(place).first.get_attribute("href")
        page.goto(hall.url + place)
        found = page.evaluate(FAULTS)
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            wide = page.evaluate(OVERFLOW)
            if wide:
                found.append(wide)
        page.set_viewport_size(PHONE)
        if found:
            faults[place] = found
    assert faults == {}
    assert complaints == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(hall.url).netloc}


def watched(page):
    """Return what the page asks of any host from now on, and what its console complains of."""
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda line: line.type in ("error", "warning") and complaints.append(line.text)
    )
    return asked, complaints


# ── Keyboard alone ──────────────────────────────────────────────────────────

FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const text = (one.innerText || one.name || '').trim();
  return { text, seen: seen || style.boxShadow !== 'none' };
}"""


def test_from_the_front_page_to_an_application_by_keyboard_alone(as_, hall):
    page = as_("citizen", viewport=DESKTOP)
    page.goto(hall.url)
    tab_to(page, lambda one: one["text"] == "q")
    page.keyboard.type(ITEM)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/items/"))
    tab_to(page, lambda one: one["text"] == ITEM)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(ITEM)
    tab_to(page, lambda one: one["text"] == "在线办理")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/cases/apply/"))
    expect(page.locator(".steps [aria-current], [aria-current=step]").first).to_be_visible()


def tab_to(page, wanted):
    """Press Tab until the focus is where it is wanted; it is visible wherever it is."""
    for _press in range(120):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        assert one["seen"], one
        if wanted(one):
            return
    raise AssertionError("the keyboard does not get there")


def test_the_first_tab_offers_to_skip_to_the_text(new_window, hall):
    page = new_window()
    page.goto(f"{hall.url}/items/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == {"text": "跳到正文", "seen": True}
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_search_from_a_phone_finds_the_way_without_scripts(new_window, hall):
    """Everything works without scripts: forms are forms, links are links."""
    page = new_window(viewport=PHONE, java_script_enabled=False)
    find_item(page, hall.url, ITEM)
    page.get_by_role("link", name="在线办理").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
