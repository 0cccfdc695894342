"""One moment of the database (同一时刻): what is read inside hangs together while others write."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {
    "sqlite": "BEGIN DEFERRED",  # ours would be IMMEDIATE and hold every writer up
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ",
}


@contextmanager
def one_moment() -> Iterator[None]:
    """Let everything read inside be of the moment of the first reading. Keeps no writer waiting.

    Within a transaction it adds nothing: that one sees what it sees.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
