"""What pages and services ask about interruptions (系统中断) and what they moved (顺延)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from mingtang.core.trading import lots
from mingtang.core.trading.lots.course import ends_at
from mingtang.core.trading.lots.events import DeadlinesShifted
from mingtang.core.trading.outages import RULE, OutageRule
from mingtang.core.trading.parameters import Bidding
from mingtang.core.wire import read
from mingtang.ledger.replay import history
from mingtang.trading.models import AliveRow as AliveRow
from mingtang.trading.models import OutageRow, ShiftRow

BIDDING, WORK = "bidding", "work"
# Who cannot bid has lost at once. Who waits for an account to pay into, or for a name to be
# published, can bear some minutes: an ordinary restart moves nothing.
RULES = {BIDDING: RULE, WORK: OutageRule(least_seconds=600)}


def last_sign(service: str) -> datetime | None:
    """Return when a service last said that it lives."""
    return AliveRow.objects.filter(pk=service).values_list("seen_at", flat=True).first()


def signs() -> Mapping[str, datetime]:
    """Return when each service last said that it lives."""
    return dict(AliveRow.objects.order_by("service").values_list("service", "seen_at"))


def last_outage() -> OutageRow | None:
    """Return the interruption that was over last."""
    return OutageRow.objects.order_by("-recovered").first()


@dataclass(frozen=True, slots=True)
class Outage:
    """An interruption as the public page tells it."""

    row: OutageRow
    rule: OutageRule
    moved: int  # lots whose deadlines it moved

    @property
    def lasted(self) -> timedelta:
        return self.row.recovered - self.row.began

    @property
    def grace_seconds(self) -> int:
        """How long the rule gave after it."""
        long = self.lasted >= timedelta(seconds=self.rule.long_seconds)
        return self.rule.long_grace_seconds if long else self.rule.grace_seconds


def interruptions() -> list[Outage]:
    """Return every interruption, the newest first."""
    counted = ShiftRow.objects.values("outage").annotate(lots=Count("pk"))
    moved = {one["outage"]: one["lots"] for one in counted}
    return [
        Outage(row, rule_of(row), moved.get(row.key, 0))
        for row in OutageRow.objects.order_by("-recovered", "key")
    ]


def rule_of(row: OutageRow) -> OutageRule:
    """Return the rule an interruption was recorded under."""
    rule: OutageRule = read(OutageRule, json.loads(row.rule))
    return rule


@dataclass(frozen=True, slots=True)
class Moved:
    """One deadline of a lot, and where an interruption moved it to."""

    name: str  # sign-up | deposit | opens | closes | ends
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class ShiftNotice:
    """顺延公告: what one interruption moved of a lot, and by which rule."""

    outage: OutageRow
    rule: OutageRule
    moved: tuple[Moved, ...]
    index: int  # of the entry that says so


def shift_notices(lot: str) -> list[ShiftNotice]:
    """Return what interruptions moved of a lot, the last one first."""
    rows = {row.outage: row for row in ShiftRow.objects.filter(lot=lot)}
    if not rows:
        return []
    found = OutageRow.objects.in_bulk(list(rows))
    notices, state = [], lots.State()
    for written in history(f"lot/{lot}"):
        before, state = state, lots.evolve(state, written.event)
        if isinstance(written.event, DeadlinesShifted):
            outage = found[written.event.outage]
            moved = _moved(before, state)
            notices.append(ShiftNotice(outage, rule_of(outage), moved, written.index))
    return notices[::-1]


def _moved(before: lots.State, after: lots.State) -> tuple[Moved, ...]:
    was, is_now = _deadlines(before), _deadlines(after)
    return tuple(Moved(name, was[name], at) for name, at in is_now.items() if was[name] != at)


def _deadlines(state: lots.State) -> dict[str, datetime]:
    """Return the deadlines of an announced lot that are public, in the order they are told."""
    opens, closes = state.hours
    assert state.sign_up_until is not None, "nothing is asked of a lot before it is announced"
    assert state.deposit_until is not None
    found = {
        "sign-up": state.sign_up_until,
        "deposit": state.deposit_until,
        "opens": opens,
        "closes": closes,
    }
    _, procedure = state.terms
    if procedure.bidding is Bidding.DUTCH:  # its end would tell the reserve
        return found
    return {**found, "ends": ends_at(state)}
