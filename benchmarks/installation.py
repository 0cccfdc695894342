"""A throw-away installation to measure, and the comparison every figure stands beside."""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Ask = Callable[..., tuple[int, dict[str, str]]]


@contextmanager
def installation() -> Iterator[str]:
    """Make an empty installation in a temporary directory; yield the directory."""
    with tempfile.TemporaryDirectory(prefix="mingtang-benchmark-") as home:
        os.environ["MINGTANG_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.config.settings")
        import django

        django.setup()
        from mingtang.config import installing

        for _ in installing.prepare():
            pass
        yield home


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many of `count` things `work` does in a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def plain_commits(count: int = 2_000) -> float:
    """Return single-row commits a second of this database: what durability itself costs."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (id integer PRIMARY KEY, body text)")

    def commits() -> None:
        for number in range(count):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO plain VALUES (%s, %s)", [number, "x" * 400])

    try:
        return rate(count, commits)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE plain")


def show(what: str, figure: float, unit: str, comparison: str) -> None:
    print(f"{what:<46} {figure:>12,.0f} {unit:<12} {comparison}", flush=True)


def asker() -> Ask:
    """Return what hands a request to the application, as a server would."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def ask(address: str, tag: str = "") -> tuple[int, dict[str, str]]:
        place, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        } | ({"HTTP_IF_NONE_MATCH": tag} if tag else {})
        got: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> None:
            got.append((int(status[:3]), dict(headers)))

        answer = application(environ, start)
        b"".join(answer)
        answer.close()
        return got[0]

    return ask
