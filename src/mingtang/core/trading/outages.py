"""Interruptions of the service (系统中断) and how they move deadlines (顺延规则).

    deadline                                    moves to
    before the interruption                     stays
    within it                                   recovery + grace
    after it, before recovery + grace           itself + the greater of interruption and grace
    later                                       stays

An interruption shorter than `least_seconds` moves nothing; one of `long_seconds` or more has the
longer grace. Source: the practice of a national e-procurement platform (field notes, mark B); the
spans are parameters, published with each interruption.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from mingtang.core.decider import Decider, require


@dataclass(frozen=True, kw_only=True)
class OutageRule:
    """顺延规则. Seconds."""

    least_seconds: int = 30
    grace_seconds: int = 2 * 3_600
    long_seconds: int = 2 * 3_600
    long_grace_seconds: int = 24 * 3_600


RULE = OutageRule()


def moved(
    deadline: datetime, *, began: datetime, recovered: datetime, rule: OutageRule
) -> datetime:
    """Return where an interruption moves a deadline to; never earlier."""
    lasted = recovered - began
    if lasted < timedelta(seconds=rule.least_seconds) or deadline < began:
        return deadline
    long = lasted >= timedelta(seconds=rule.long_seconds)
    grace = timedelta(seconds=rule.long_grace_seconds if long else rule.grace_seconds)
    if deadline <= recovered:
        return recovered + grace
    if deadline < recovered + grace:
        return deadline + max(lasted, grace)
    return deadline


@dataclass(frozen=True, kw_only=True)
class RecordOutage:
    """登记系统中断: found when the service came back, by the last sign of life before."""

    service: str
    began: datetime
    recovered: datetime
    rule: OutageRule
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OutageRecorded:
    kind: ClassVar[str] = "outage.recorded.v1"
    service: str
    began: datetime
    recovered: datetime
    rule: OutageRule
    at: datetime


Command = RecordOutage
Event = OutageRecorded
EVENTS = (OutageRecorded,)


@dataclass(frozen=True)
class State:
    recorded: bool = False


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: outage.recorded-already, outage.too-short (facts: least).
    """
    require(not state.recorded, "outage.recorded-already")
    least = timedelta(seconds=command.rule.least_seconds)
    require(
        command.recovered - command.began >= least,
        "outage.too-short",
        least=command.rule.least_seconds,
    )
    return [
        OutageRecorded(
            service=command.service,
            began=command.began,
            recovered=command.recovered,
            rule=command.rule,
            at=command.at,
        )
    ]


def evolve(state: State, event: Event) -> State:
    return State(recorded=True)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
