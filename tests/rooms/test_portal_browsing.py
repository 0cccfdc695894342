"""The public pages in a real browser: typing narrows the list, nothing runs off a phone."""

import threading

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import expect

from tests.journeys.browser import browser, page  # noqa: F401
from tests.rooms import portal_words
from tests.rooms.portal_words import FOOD

pytestmark = pytest.mark.journey
PAGES = ["/", "/items/", f"/items/{FOOD}/", "/departments/", "/ledger/", "/ledger/6/", "/about/",
         "/accessibility/", "/sitemap/", "/demo/"]  # fmt: skip


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def address(own_commits, log_home):
    """Where the hall is served, from a database whose commits other threads see."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(address, settings, monkeypatch, page):  # noqa: F811
    """What opens a path of the served hall in the browser and returns its page."""
    settings.DEMO = True
    portal_words.small_hall()
    portal_words.published(settings, monkeypatch)

    def visit(path):
        page.goto(address + path)
        return page

    return visit


def names(page):  # noqa: F811
    return page.locator(".item-row h3").all_inner_texts()


def test_typing_narrows_the_list_and_back_widens_it(site):
    page = site("/items/")  # noqa: F811
    assert len(names(page)) == 3
    page.fill("#find-text", "食品")
    expect(page.locator(".item-row")).to_have_count(1)
    assert names(page) == ["食品经营许可"]
    assert page.url.endswith("/items/?q=%E9%A3%9F%E5%93%81")
    page.go_back()
    expect(page.locator(".item-row")).to_have_count(3)
    assert page.locator("h1").inner_text() == "办事"


def test_a_choice_stays_while_one_types(site):
    page = site("/items/")  # noqa: F811
    page.click(".filters a:has-text('服务事项')")
    expect(page.locator(".item-row")).to_have_count(1)
    page.fill("#find-text", "食品")
    page.wait_for_selector("text=没有找到这样的事项")
    assert "category=service" in page.url


def test_a_link_to_a_guide_opens_the_whole_page(site):
    page = site("/items/?q=食品")  # noqa: F811
    page.click("text=办事指南")
    page.wait_for_url(f"**/items/{FOOD}/")
    assert page.locator("header.top").count() == 1


def test_the_first_tab_leads_past_the_header(site):
    page = site("/")  # noqa: F811
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_runs_off_the_page(site, page, width):  # noqa: F811
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for path in PAGES:
        site(path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert wide == dict.fromkeys(PAGES, width)
