"""What a stream is now: remembered by this process, or replayed from the ledger."""

from collections.abc import Sequence
from typing import Any

from mingtang.ledger.memory import Known, memory
from mingtang.ledger.orders import Subject
from mingtang.ledger.replay import history


def known_state(subject: Subject, key: str) -> Known:
    """Return a stream's version and state, for an order whose turn it is: exactly as of then."""
    stream = f"{subject.family}/{key}"
    known = memory.streams.get(stream)
    if known is None:
        known = replayed(subject, [written.event for written in history(stream)])
    return known


def present_state(subject: Subject, key: str) -> Known:
    """Return a stream's version and state as of the last commit of anybody, for a page.

    It is kept, so that the next one to ask need not replay the stream.
    """
    with memory.lock:
        if not memory.writing:
            memory.catch_up()
        known = known_state(subject, key)
        if known.version:
            memory.streams[f"{subject.family}/{key}"] = known
            memory.trim()
        return known


def replayed(subject: Subject, events: Sequence[Any]) -> Known:
    last = events[-1].at if events else None
    return Known(len(events), subject.decider.replay(events), last)
