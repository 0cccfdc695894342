"""What intermediaries do when something happens: they hear events, not rooms."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mingtang.catalogue import queries as catalogue
from mingtang.core.cases import (
    CaseWithdrawn,
    ContractedBegun,
    ContractedCounted,
    ContractedEnded,
)
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.intermediaries.needs.events import NeedComplaintAnswered
from mingtang.core.worktime import working_days_between
from mingtang.intermediaries import queries
from mingtang.intermediaries.actions import listing, serving
from mingtang.ledger.reactions import Heard, Reaction


def _suspend(heard: Heard) -> None:
    """A complaint was upheld: the body is suspended, unless it is not listed any more."""
    event: NeedComplaintAnswered = heard.event
    if not event.upheld:
        return
    need = heard.stream.partition("/")[2]
    said = {"body": event.body, "reason": event.reason, "need": need, "by": event.by}
    try:
        listing.suspend(**said, upheld=True, at=event.at)
    except Refused as refused:
        if refused.code == "ledger.clock-set-back":  # something happened to the body meanwhile
            with suppress(Refused):
                listing.suspend(**said, upheld=True, at=timezone.localtime())


def _note_time(heard: Heard) -> None:
    """A case said whether its clock stands still for a service: the need says it, too."""
    event = heard.event
    if isinstance(event, CaseWithdrawn):
        _note_withdrawn(heard)
        return
    need, _dot, number = event.service.rpartition(".")
    if not number.isdigit():  # erased
        return
    try:
        _note(event, need, int(number), at=event.at)
    except Refused as refused:
        if refused.code == "ledger.clock-set-back":  # something happened to the need meanwhile
            with suppress(Refused):
                _note(event, need, int(number), at=timezone.localtime())


def _note(event: Any, need: str, number: int, *, at: datetime) -> None:
    match event:
        case ContractedBegun():
            serving.note_excluded(need=need, round=number, since=civil_day(event.at), at=at)
        case ContractedCounted():
            serving.note_counted(need=need, round=number, why=event.why, at=at)
        case ContractedEnded():
            serving.note_resumed(need=need, round=number, days=event.days, at=at)


def _note_withdrawn(heard: Heard) -> None:
    """A case that is withdrawn has no clock any more: what stood still for it ends that day."""
    today, eve = civil_day(heard.event.at), timedelta(days=1)
    for row in queries.standing_still(heard.stream.partition("/")[2]):
        running = queries.rounds_of(row)[-1]
        assert running.excluded_since is not None
        days = working_days_between(
            running.excluded_since - eve, today - eve, calendar=catalogue.calendar()
        )
        with suppress(Refused):
            serving.note_resumed(need=row.key, round=running.number, days=days, at=heard.event.at)


REACTIONS = (
    Reaction("intermediaries.complaints", (NeedComplaintAnswered,), _suspend),
    Reaction(
        "intermediaries.times",
        (ContractedBegun, ContractedCounted, ContractedEnded, CaseWithdrawn),
        _note_time,
    ),
)
