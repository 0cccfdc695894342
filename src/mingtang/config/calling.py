"""Calling phones (来活提醒) beside the rest of the work: a push service that is slow holds up no
checkpoint. Where the administrator allows no service, nothing runs.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection
from django.utils import timezone

from mingtang.cases.actions import phones
from mingtang.people import queries as people

log = logging.getLogger(__name__)
BEAT = 2.0  # seconds between looks at which phones are due
LAST = 1.0  # seconds a call still under way is waited for at the end


@contextmanager
def beside() -> Iterator[None]:
    """Call phones as long as this lasts."""
    if not people.phones_are_called():
        yield
        return
    over = threading.Event()
    caller = threading.Thread(target=_call, args=(over,), name="calling", daemon=True)
    caller.start()
    try:
        yield
    finally:
        over.set()
        caller.join(LAST)


def _call(over: threading.Event) -> None:
    try:
        while not over.wait(BEAT):
            close_old_connections()
            try:
                called = phones.call_due(at=timezone.localtime())
                if called:
                    log.info("phones called: %d", called)
            except Exception:
                log.exception("calling phones failed; the next round tries again")
    finally:
        connection.close()
