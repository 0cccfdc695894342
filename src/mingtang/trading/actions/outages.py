"""Signs of life (存活信号), and what their absence leads to (系统中断、顺延).

Every process of a service says that it lives, in one row for all of them: the service lives as
long as any of them does. Whoever finds the row older than the rule lets pass was not there, or
was frozen, or had no database: that was an interruption, and before the service goes on it is
recorded and deadlines are moved. Whether somebody stopped it or it died makes no difference to
those who wanted to bid.
"""

from datetime import datetime, timedelta

from mingtang.core.decider import Refused
from mingtang.ledger.replay import public_history
from mingtang.trading import queries
from mingtang.trading.actions import hosting
from mingtang.trading.queries.outages import BIDDING, RULES, WORK, AliveRow

__all__ = ["BIDDING", "EVERY", "WORK", "SignOfLife", "give_sign"]

EVERY = timedelta(seconds=5)  # between signs


class SignOfLife:
    """What one process gives its signs with: as often as it likes, written every few seconds."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._last: datetime | None = None

    def give(self, *, at: datetime) -> None:
        """Say that the service lives. The first sign is given before anybody is served."""
        if self._last is not None and timedelta() <= at - self._last < EVERY:
            return
        give_sign(self.service, at=at)
        self._last = at


def give_sign(service: str, *, at: datetime) -> int:
    """Say that a service lives; return how many interruptions were found and recorded: 0 or 1.

    Killed halfway, it had recorded one and moved no deadlines, or had not said that it lives: the
    next one goes on from there.
    """
    last, recorded = queries.last_sign(service), queries.last_outage()
    since = last
    if last and recorded and last < recorded.recovered <= at:
        _move_deadlines(recorded.key)
        since = recorded.recovered  # what is on record, of whichever service, counts once
    found = 0
    least = timedelta(seconds=RULES[service].least_seconds)
    if since and at - since >= least and queries.running():
        found = _record(service, since, at)
    AliveRow.objects.update_or_create(service=service, defaults={"seen_at": at})
    return found


def _record(service: str, began: datetime, at: datetime) -> int:
    """Record an interruption and move every open deadline; return 0 where another was faster.

    Then its deadlines are moved here as well: the other one may not have come to that yet.
    """
    try:
        receipt = hosting.record_outage(
            service=service, began=began, recovered=at, at=at, rule=RULES[service]
        )
    except Refused as refused:
        if refused.code != "outage.recorded-already":
            raise
        other = queries.last_outage()
        assert other is not None
        _move_deadlines(other.key)
        return 0
    _move_deadlines(receipt.key)
    return 1


def _move_deadlines(outage: str) -> None:
    """Move what this interruption moves, where that is not done yet."""
    [(_, _, event)] = public_history(f"outage/{outage}")
    hosting.shift_deadlines(outage=outage, event=event)
