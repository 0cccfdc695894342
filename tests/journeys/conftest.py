"""A whole demonstration province, served for real, and a browser to walk through it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "mingtang-demo-2026"


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
def hall(tmp_path_factory):
    home = tmp_path_factory.mktemp("hall")
    port = _free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mingtang.config.settings",
        "MINGTANG_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'mingtang.sqlite3'}",
        "PYTHONWARNINGS": "default",
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
