"""How long people wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mingtang.core.clock import CHINA


@dataclass(frozen=True, kw_only=True)
class HourOfWaiting:
    """How long those waited whose moment lies in one hour of the day. Whole seconds."""

    hour: int
    people: int
    mean_seconds: int
    longest_seconds: int


def waits(calls: Iterable[tuple[datetime, datetime]]) -> tuple[HourOfWaiting, ...]:
    """Return the waits by hour, from each number's moment and when it was first called."""
    hours: dict[int, list[int]] = {}
    for moment, called in calls:
        waited = int((called - moment).total_seconds())
        hours.setdefault(moment.astimezone(CHINA).hour, []).append(waited)
    return tuple(
        HourOfWaiting(
            hour=hour,
            people=len(waited),
            mean_seconds=sum(waited) // len(waited),
            longest_seconds=max(waited),
        )
        for hour, waited in sorted(hours.items())
    )
