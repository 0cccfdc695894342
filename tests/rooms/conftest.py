"""What every test with a database shares."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from mingtang.core import note
from mingtang.ledger import keys
from mingtang.ledger.memory import memory
from mingtang.witness import server as witness_server
from tests.rooms.push_service import PushService

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def forgetful():
    """Each test has its own ledger, so the process must not remember the last one."""
    memory.forget()


@pytest.fixture
def log_home(tmp_path, settings):
    """A data directory of its own, with a log key made for it."""
    settings.HOME = tmp_path
    settings.LOG_DIRECTORY = tmp_path / "log"
    settings.VAULT_DIRECTORY = tmp_path / "vault"
    settings.POLICY_FILE = tmp_path / "policy"
    keys.make(settings.ORIGIN)
    return tmp_path


@pytest.fixture
def push_service(settings):
    """A push service, the only one that may be asked to call phones."""
    with PushService() as running:
        settings.PUSH_SERVICES = (running.url,)
        yield running


@pytest.fixture
def kept(tmp_path):
    """Return a function that keeps bytes as a file and says where."""

    def keep(data, name="one"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return keep


@pytest.fixture
def witness(log_home):
    """A real witness on a port of its own, named in this log's policy."""
    running = witness_server.open_server(
        state=log_home / "witness",
        name="witness.example/w1",
        logs=[keys.public()],
        new_key=True,
    )
    thread = threading.Thread(
        target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    host, port = running.server_address[:2]
    (log_home / "policy").write_text(
        f"log {note.format_vkey(keys.public())}\n"
        f"witness w1 {running.witness.vkey} http://{host}:{port}\nquorum w1\n"
    )
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def transactional_db(django_db_setup, django_db_blocker, tmp_path):
    """A database of its own where commits are real: for threads and other processes.

    Takes the place of the fixture of this name, which flushes tables afterwards: the log's
    triggers would not have it. This one is a copy of the migrated database, thrown away.
    """
    with django_db_blocker.unblock():
        before, given = connections["default"], connections.settings["default"]
        copy = _copied_file if connection.vendor == "sqlite" else _copied_on_server
        with copy(before, tmp_path) as name:
            connections.settings["default"] = {**given, "NAME": name}
            del connections["default"]
            yield name
            connections["default"].close()
            connections.settings["default"] = given
            connections["default"] = before
    memory.forget()


@pytest.fixture
def own_commits(transactional_db):
    """Return the name of the database."""
    return transactional_db


class _copied_file:
    def __init__(self, source, tmp_path):
        self.source, self.path = source, tmp_path / "own.sqlite3"

    def __enter__(self):
        self.source.ensure_connection()
        with closing(sqlite3.connect(self.path)) as target:
            self.source.connection.backup(target)
        return str(self.path)

    def __exit__(self, *error):
        pass  # goes with its directory


class _copied_on_server:
    """PostgreSQL copies a database that nobody is connected to."""

    def __init__(self, source, tmp_path):
        self.source, self.name = source, f"own_{os.getpid()}"

    def __enter__(self):
        self.source.close()
        template = self.source.settings_dict["NAME"]
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')
        return self.name

    def __exit__(self, *error):
        self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement):
        with self.source._nodb_cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def another_process(own_commits, log_home):
    """Return what starts `python -m tests.rooms.<module> …` on the same database and log."""
    started = []

    def start(module, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.rooms.{module}", *map(str, arguments)],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": _url(own_commits),
                "MINGTANG_HOME": str(log_home),
                "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
                "PYTHONPATH": os.pathsep.join(["src", "."]),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _url(name):
    given = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(given)._replace(path=f"/{name}").geturl()
