"""What a stream is now: remembered by this process, or replayed from the ledger."""

from collections.abc import Sequence
from typing import Any

from mingtang.core.decider import Decider
from mingtang.ledger.memory import Known, memory
from mingtang.ledger.orders import Subject
from mingtang.ledger.replay import history

AnyDecider = Decider[Any, Any, Any]


def known_state(subject: Subject, key: str) -> Known:
    """Return a stream's version and state, for an order whose turn it is: exactly as of then,
    with what orders before it in the same commit did."""
    stream = f"{subject.family}/{key}"
    known = memory.pending.get(stream) or memory.streams.get(stream)
    if known is None:
        known = replayed(subject.decider, [written.event for written in history(stream)])
    return known


def present_state(family: str, decider: AnyDecider, key: str) -> Known:
    """Return a stream's version and state as of the last commit of anybody, for a page.

    It is kept, so that the next one to ask need not replay the stream.
    """
    with memory.lock:
        if not memory.writing:
            memory.catch_up()
        stream = f"{family}/{key}"
        known = memory.streams.get(stream)
        if known is None:
            known = replayed(decider, [written.event for written in history(stream)])
            if known.version:
                memory.streams[stream] = known
                memory.trim()
        return known


def replayed(decider: AnyDecider, events: Sequence[Any]) -> Known:
    last = events[-1].at if events else None
    return Known(len(events), decider.replay(events), last, decider.evolve)
