"""A real Chromium for tests (真实浏览器): found on the machine, or playwright's own.

from tests.journeys.browser import browser, page  # noqa: F401
"""

import os
import shutil

import pytest
from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox: tests run as root in containers. The rest keeps small machines from failing.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


def _found():
    """Return the path of a browser of this machine, None to try playwright's own."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser():
    """One browser for a file of tests; a test that finds none is skipped, saying so.

    It goes with the file: as long as it is there no other loop runs in this thread.
    """
    # Playwright keeps an event loop in this thread, so Django would refuse the database here.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=_found(), args=list(FLAGS))
        except Error as error:
            pytest.skip(f"no Chromium on this machine, and none of playwright's: {error.message}")
        yield found
        found.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def page(browser):
    """A page of its own with nothing kept; what its scripts complain of fails the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    yield page
    context.close()
    assert complaints == []
