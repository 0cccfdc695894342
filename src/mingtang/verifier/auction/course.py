"""An auction run again (重新推演), entry by entry, from nothing but the log.

Every order is made anew from the events it led to and from what was known before them, and
decided by the same rules; what it gives has to be what the log says. What an order looked up in
other streams is looked up here at the same place in the log, never read from the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mingtang.core.trading import lots
from mingtang.core.trading.applications import State as Application
from mingtang.core.trading.deposits import RefundOrdered
from mingtang.core.trading.deposits import State as SubAccount
from mingtang.core.trading.lots.events import (
    BidPlaced,
    CeilingReached,
    EntryDeclared,
    PaddleAppeared,
)
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.outages import OutageRecorded
from mingtang.verifier.auction.entries import Entry, Findings
from mingtang.verifier.auction.ruling import Act

OVER = (Status.CLOSED, Status.STOPPED)


@dataclass(slots=True)
class Auction:
    """What is known of an auction at one place in the log."""

    key: str
    findings: Findings
    lot: lots.State = field(default_factory=lots.State)
    applications: dict[str, Application] = field(default_factory=dict)
    keys: dict[str, dict[int, str]] = field(default_factory=dict)  # of applications, by number
    deposits: dict[str, SubAccount] = field(default_factory=dict)
    outages: dict[str, OutageRecorded] = field(default_factory=dict)
    payments_due: dict[tuple[str, str, int], datetime | None] = field(default_factory=dict)
    payments_late: int = 0

    def holder(self, paddle: str) -> str | None:
        """Return the key of the application that was admitted under a paddle."""
        for key, application in self.applications.items():
            if application.paddle == paddle and application.lot == self.key:
                return key
        return None

    def paid(self, application: str) -> bool:
        """Whether a deposit was booked in time and in full, as far as one is due."""
        content, _ = self.lot.terms
        if not content.deposit_fen:
            return True
        deposit = self.deposits.get(application)
        return deposit is not None and deposit.paid_on_time

    def over_for(self, application: str) -> bool:
        """Whether an application's deposit may go: the auction is over, or it is no part of it."""
        known = self.applications.get(application)
        return self.lot.status in OVER or (
            known is not None and known.status in ("refused", "withdrawn")
        )


def acts(streams: Mapping[str, Sequence[Entry]]) -> Iterator[Act]:
    """Yield what each order led to, in the order of the log."""
    entries = sorted((e for stream in streams.values() for e in stream), key=lambda e: e.index)
    act: list[Entry] = []
    for entry in entries:
        if act and not _one_act(act[-1], entry):
            yield act
            act = []
        act.append(entry)
    if act:
        yield act


def _one_act(before: Entry, after: Entry) -> bool:
    """Whether one order led to both: they stand side by side and the first has no order of its
    own."""
    if after.stream != before.stream or after.index != before.index + 1:
        return False
    match before.event, after.event:
        case PaddleAppeared() as appeared, (BidPlaced() | EntryDeclared()) as acted:
            return bool(appeared.paddle == acted.paddle)
        case BidPlaced() as bid, CeilingReached() as reached:
            return bool(bid.paddle == reached.paddle)
        case RefundOrdered() as one, RefundOrdered() as other:
            return _of_refund(one) == _of_refund(other)
        case _:
            return False


def _of_refund(event: RefundOrdered) -> tuple[Any, ...]:
    return event.by, event.at, event.due_at, event.ended
