"""The one way anything is written: decide, record and project, all or nothing.

`enact` takes one order or many. Orders that share a commit still stand alone: each gets its
own receipt or its own refusal, and one that is refused, or whose rows cannot be made, leaves
no trace on its neighbours.

Note [One order of things]: decisions are strictly serial. The head row counts all entries;
PostgreSQL locks it before deciding, SQLite locks the whole file (BEGIN IMMEDIATE), and the
last statement moves the head from the size our memory had digested to the new one. So every
decision, and every reference it looked up through `until_changed`, is exactly as of its place
in the log. See docs/adr/0003.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InternalError,
    connection,
    transaction,
)

from mingtang.core import merkle
from mingtang.core.decider import Refused
from mingtang.core.history import WIRE
from mingtang.core.wire import LIMIT, Disclosure
from mingtang.ledger.knowing import known_state, replayed
from mingtang.ledger.memory import Known, memory
from mingtang.ledger.models import LedgerEntry, LedgerHead, TreeNode
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.ledger.replay import histories
from mingtang.ledger.rows import Fact, Row, insert_many, write

__all__ = ["Outcome", "enact", "enact_one", "known_state"]

# What one order's own values can do to the commit it shares. PostgreSQL raises InternalError
# for every statement after the one that failed.
UNFIT = (IntegrityError, DataError, InternalError, OverflowError)


CLOCKS_DIFFER = timedelta(minutes=1)  # between machines that serve one installation


class _Overtaken(Exception):
    """Another process wrote since we looked. Nothing of ours was written; look again."""


@dataclass(slots=True)
class _Happening:
    """What one accepted order will write."""

    place: int
    order: Order
    events: Sequence[Any]
    first_version: int
    bodies: Sequence[tuple[bytes, list[Disclosure]]]


def enact(orders: Sequence[Order]) -> list[Outcome]:
    """Let the rules decide each order in turn, then write what happened in one transaction.

    Returns an outcome per order, in their order: a Receipt, or the Refused (or other error)
    that concerns this order alone. Raises only when nothing at all could be written.
    """
    with memory.lock:
        try:
            return _attempt(orders)
        except (_Overtaken, *UNFIT):
            pass  # somebody wrote since we looked (our index is taken), or an order does not fit
        try:
            return _attempt(orders, look=True)
        except UNFIT:
            return [_alone(order) for order in orders]


def enact_one(order: Order) -> Receipt:
    """Enact a single order. Raises Refused, with nothing written, when the rules say no."""
    [outcome] = enact([order])
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def _alone(order: Order) -> Outcome:
    """Enact one order whose rows or idempotency key the database may refuse.

    Never raises for the database's sake: the orders before this one have been written.
    """
    try:
        [outcome] = _attempt([order], look=True)
        return outcome
    except UNFIT as error:
        return _first_receipt(order) or error
    except DatabaseError as error:
        return error


def _attempt(orders: Sequence[Order], *, look: bool = False) -> list[Outcome]:
    """Decide and write once. Nothing it does to the memory can be wrong if it is rolled back."""
    # SQLite's write lock is already ours when the transaction begins, so an up-to-date memory
    # need not even look at the head: moving it from `memory.seen` fails if it was not.
    look = look or memory.seen < 0 or connection.vendor != "sqlite"
    memory.writing = True
    try:
        with transaction.atomic(durable=True):
            if look:
                memory.catch_up(lock=True)
            outcomes, happenings, known, rows = _decide_all(orders)
            size = memory.seen + sum(len(h.events) for h in happenings)
            if happenings:
                edge = _append(happenings, outcomes)
                write(rows)
                _move_head(size, edge)
            elif not look:
                _confirm_refusals()
        # Only now is it true: what is learnt before the commit could be rolled back.
        if happenings:
            memory.learn(known, size=size, edge=edge)
        return outcomes
    finally:
        memory.writing = False
        memory.pending = {}
        memory.trim()


def _decide_all(
    orders: Sequence[Order],
) -> tuple[list[Any], list[_Happening], dict[str, Known], list[Row]]:
    _remember_streams(orders)
    outcomes: list[Any] = [None] * len(orders)
    happenings: list[_Happening] = []
    known: dict[str, Known] = {}
    memory.pending = known
    rows: list[Row] = []
    index = memory.seen
    for place, order in enumerate(orders):
        stream = order.stream
        try:
            before = known.get(stream) or memory.streams[stream]
            command = order.command() if callable(order.command) else order.command
            events = order.subject.decider.decide(before.state, command)
            assert events, "rules either say what happened or refuse; they never do nothing"
            _require_time_goes_on(before, events[0].at)
            after, copied = _consequences(order, before, events, index)
            bodies = _encode(order, before.version, events)
            if any(len(body) > LIMIT for body, _ in bodies):
                raise Refused("ledger.entry-too-large", limit=LIMIT)
        except Refused as refusal:
            outcomes[place] = refusal
        except Exception as error:  # this order's own fault: its neighbours go on
            outcomes[place] = error
        else:
            known[stream] = after
            rows += copied
            happenings.append(_Happening(place, order, events, before.version + 1, bodies))
            index += len(events)
    _answer_again(orders, outcomes)
    return outcomes, happenings, known, rows


def _answer_again(orders: Sequence[Order], outcomes: list[Any]) -> None:
    """Where the rules refuse what had been recorded before, answer with its first receipt."""
    refused = {i for i, outcome in enumerate(outcomes) if isinstance(outcome, Refused)}
    first = _first_receipts([orders[i] for i in refused])
    for i in refused:
        once = orders[i].once
        if once is not None and _digest(once) in first:
            outcomes[i] = first[_digest(once)]


def _encode(
    order: Order, version: int, events: Sequence[Any]
) -> Sequence[tuple[bytes, list[Disclosure]]]:
    places: list[dict[str, Any]] = [
        {"_stream": order.stream, "_seq": version + step} for step in range(1, len(events) + 1)
    ]
    if order.once is not None:
        places[-1]["_once"] = _digest(order.once)
    return [
        WIRE.encode(event, iter(_salt, ""), place=place)
        for event, place in zip(events, places, strict=True)
    ]


def _digest(once: str) -> str:
    return sha256(once.encode()).hexdigest()


def _remember_streams(orders: Sequence[Order]) -> None:
    """Replay what the orders need and memory has not, all in one read.

    On a memory that is behind this reads more than it has digested; the entries between drop
    it again.
    """
    unknown = {o.stream: o.subject for o in orders if o.stream not in memory.streams}
    if not unknown:
        return
    found = histories(list(unknown))
    for stream, subject in unknown.items():
        events = [written.event for written in found.get(stream, ())]
        memory.streams[stream] = replayed(subject.decider, events)


def _require_time_goes_on(before: Known, at: datetime) -> None:
    """Refuse an act dated before what already happened to its stream: a clock was set back."""
    if before.at is not None and at < before.at - CLOCKS_DIFFER:
        raise Refused("ledger.clock-set-back", last=before.at.isoformat(timespec="seconds"))


def _consequences(
    order: Order, before: Known, events: Sequence[Any], index: int
) -> tuple[Known, list[Row]]:
    """Return what the stream becomes, and the row changes that show it."""
    state, version = before.state, before.version
    rows: list[Row] = []
    for event in events:
        state, version = order.subject.decider.evolve(state, event), version + 1
        rows += order.subject.project(Fact(order.stream, index, version, event, state))
        index += 1
    return Known(version, state, events[-1].at, order.subject.decider.evolve), rows


def _first_receipt(order: Order) -> Receipt | None:
    """Return the receipt of the first time this very act was recorded, if it was."""
    return next(iter(_first_receipts([order]).values()), None)


def _first_receipts(orders: Sequence[Order]) -> dict[str, Receipt]:
    """Return the receipts of those that were recorded before, by the digest of their key."""
    asked = [_digest(order.once) for order in orders if order.once is not None]
    if not asked:
        return {}
    entries = LedgerEntry.objects.filter(once__in=asked)
    found = entries.values_list("once", "stream", "index", "leaf", "version")
    return {
        str(once): Receipt(stream, index, bytes(leaf), version, repeated=True)
        for once, stream, index, leaf, version in found
    }


def _confirm_refusals() -> None:
    """Refuse to refuse on the strength of a stale memory."""
    if LedgerHead.objects.values_list("size", flat=True).get(pk=1) != memory.seen:
        raise _Overtaken


ENTRY_SQL = (
    'INSERT INTO ledger_ledgerentry ("index", stream, version, kind, body, leaf, once) VALUES %s'
)
OPENED_SQL = 'INSERT INTO ledger_opened ("index", name, salt, value) VALUES %s'


def _append(happenings: Sequence[_Happening], outcomes: list[Any]) -> list[bytes]:
    """Write the entries and what opens them; give each order its receipt; return the edge."""
    entries: list[Sequence[Any]] = []
    opened: list[Sequence[Any]] = []
    for happening in happenings:
        stream = happening.order.stream
        last = len(happening.events) - 1
        for step, event in enumerate(happening.events):
            body, disclosures = happening.bodies[step]
            index, leaf = memory.seen + len(entries), merkle.leaf_hash(body)
            once = happening.order.once if step == last else None
            once = once and _digest(once)
            version = happening.first_version + step
            entries.append((index, stream, version, event.kind, body, leaf, once))
            opened += [(index, d.name, d.salt, d.value) for d in disclosures]
        outcomes[happening.place] = Receipt(stream, index, leaf, version)
    insert_many(ENTRY_SQL, entries)
    if opened:
        insert_many(OPENED_SQL, opened)
    edge, tiles = merkle.grow(memory.edge, memory.seen, [entry[5] for entry in entries])
    if tiles:
        TreeNode.objects.bulk_create(TreeNode(level=lv, n=n, hash=h) for (lv, n), h in tiles)
    return edge


def _move_head(size: int, edge: Sequence[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_ledgerhead SET size = %s, edge = %s WHERE id = 1 AND size = %s",
            [size, b"".join(edge), memory.seen],
        )
        if cursor.rowcount != 1:
            raise _Overtaken


def _salt() -> str:
    return token_urlsafe(16)
