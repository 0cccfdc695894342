"""Trying again what is stuck (重试): what was missing when a decision was made may be there now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mingtang.licences import queries
from mingtang.licences.actions.printing import order_papers
from mingtang.licences.actions.registering import register

PATIENCE = timedelta(minutes=10)  # between tries that nobody asked for


def try_again(keys: Sequence[str], *, at: datetime) -> int:
    """Try these licences once more; return how many are stuck no longer."""
    register(keys, at=at)
    order_papers(keys, at=at)
    return len(keys) - len([key for key in keys if queries.stuck_one(key)])


def try_stuck(*, at: datetime) -> int:
    """Try whatever has been stuck for a while; return how much is stuck no longer."""
    return try_again(queries.stuck_keys(tried_before=at - PATIENCE), at=at)
