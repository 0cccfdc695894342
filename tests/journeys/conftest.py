"""A whole demonstration province, served for real, and a browser to walk through it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import sign_in
from tests.journeys.browser import browser, page  # noqa: F401
from tests.journeys.faults import FAULT, SAY_FAULTS
from tests.rooms.push_service import PushService

expect.set_options(timeout=15_000)  # a small machine may be busy with something else, too


@dataclass(frozen=True)
class Hall:
    """The served demonstration."""

    url: str
    home: Path
    environment: dict[str, str]

    def command(self, *arguments):
        """Run a `mingtang` command on this installation; return the finished process."""
        return subprocess.run(
            [sys.executable, "-m", "mingtang.config.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="session")
def push_service():
    """The push service that the served demonstration may ask to call phones."""
    with PushService() as running:
        yield running


@pytest.fixture(scope="session")
def hall(tmp_path_factory, push_service):
    with served(
        tmp_path_factory.mktemp("hall"), MINGTANG_PUSH_SERVICES=push_service.url
    ) as running:
        yield running


@contextmanager
def served(home, **settings):
    """Make a demonstration province in `home` and serve it: pages, work, witness."""
    port = _free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mingtang.config.settings",
        "MINGTANG_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'mingtang.sqlite3'}",
        "PYTHONWARNINGS": "default",
        **settings,
    }
    command = [sys.executable, "-m", "mingtang.config.cli", "demo", "--port", str(port)]
    log = (home / "serve.log").open("wb")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_served(f"http://127.0.0.1:{port}/log/checkpoint", server, home)
        yield Hall(f"http://127.0.0.1:{port}", home, environment)
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


@pytest.fixture
def new_window(browser):  # noqa: F811
    """Return a function that opens a browser with nothing kept.

    No script may fail there, and every page can be read out and fits its screen.
    """
    contexts, complaints = [], []

    def heard(line):
        if line.text.startswith(FAULT):
            complaints.append(line.text)

    def open_window(**how):
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **how)
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", heard)
        context.add_init_script(SAY_FAULTS)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == [], "\n".join(complaints)


@pytest.fixture
def as_(new_window, hall):
    """Return a page on which somebody is signed in; each has a browser of their own."""

    def open_as(username, **how):
        window = new_window(**how)
        sign_in(window, hall.url, username)
        return window

    return open_as


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return min(probe.getsockname()[1], 60_000)  # the witness listens above it


def _wait_until_served(url, server, home):
    """Wait for the first published checkpoint: pages, work and witness are all up then."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            server_wait(server)
    raise AssertionError((home / "serve.log").read_text()[-4000:])


def server_wait(server):
    """Give the server a moment, or notice at once that it is gone."""
    try:
        server.wait(timeout=0.25)
    except subprocess.TimeoutExpired:
        return
