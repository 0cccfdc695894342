"""A throw-away installation to measure, and the comparison every figure stands beside."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
