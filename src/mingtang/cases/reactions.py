"""What cases do when something happens elsewhere: they hear events, not rooms."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.actions import batches, efficiency, hearings, joint, notices, phones, special
from mingtang.core import cases
from mingtang.core.batches import BatchFiled
from mingtang.core.calendars import CalendarYearPublished
from mingtang.core.cases import CaseDecided, CaseHandedUp
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.intermediaries.needs.events import NeedDelivered, NeedEnded, NeedServiceBegun
from mingtang.core.notices import HEARD
from mingtang.core.papers import PaperKind, PaperServed
from mingtang.ledger.reactions import Heard, Reaction
from mingtang.papers import queries as papers

CLOCK_OF_THE_LOG = ("ledger.clock-set-back",)


def _redate(heard: Heard) -> None:
    """A calendar year was published or changed: every open case is dated anew."""
    actions.redate_all(at=heard.event.at)
    joint.redate_all(at=heard.event.at)


def _file_rows(heard: Heard) -> None:
    """A batch was filed: whatever of its rows is not a case yet becomes one."""
    batches.file_rows(heard.stream.partition("/")[2])


def _order_notices(heard: Sequence[Heard]) -> None:
    """A case came to a decision point: its paper is ordered."""
    notices.order_notices(heard)


def _stop_or_go_on(heard: Heard) -> None:
    """A contracted body began or delivered: the clock of the case stands still, or goes on."""
    event = heard.event
    if not event.case or not event.round:
        return
    try:
        _tell(heard, at=event.at)
    except Refused as refused:
        if refused.code not in CLOCK_OF_THE_LOG:
            return  # shown again, or the case is closed: there is nothing left to do
        # Something happened to the case before this was heard: it counts from now on.
        with suppress(Refused):
            _tell(heard, at=timezone.localtime())


def _tell(heard: Heard, *, at: datetime) -> None:
    event, need = heard.event, heard.stream.partition("/")[2]
    service = f"{need}.{event.round}"
    if isinstance(event, NeedServiceBegun):
        special.begin_contracted(
            number=event.case,
            service=service,
            body_name=event.body_name,
            procedure=event.procedure,
            items=event.items,
            expected_days=event.days,
            at=at,
        )
    else:
        special.end_contracted(number=event.case, service=service, at=at)


# What of a branch its joint case takes note of.
BRANCH_EVENTS = (
    cases.CaseAccepted,
    cases.CaseDeemedAccepted,
    cases.CaseNotAccepted,
    cases.CaseWithdrawn,
    cases.CaseDecided,
    cases.SpecialBegun,
    cases.SpecialEnded,
)


def _take_stock(heard: Sequence[Heard]) -> None:
    """Something happened to branches of joint cases: the joint cases take note."""
    joint.take_stock({one.stream.partition("/")[2]: one.event.at for one in heard})


def _note_reached(heard: Heard) -> None:
    """A paper was served: where it told of the right to a hearing, its five days begin."""
    paper, event = papers.paper(heard.stream.partition("/")[2]), heard.event
    if paper is None or paper.paper != PaperKind.HEARING_RIGHT:
        return
    number = paper.about.partition("/")[2]
    told = queries.told_by(number, paper.cause)
    if told is None:
        return
    note = partial(
        hearings.note_reached,
        number=number,
        hearing=told.hearing,
        party=told.party,
        reached_date=civil_day(event.at),
    )
    try:
        note(at=event.at)
    except Refused as refused:
        if refused.code not in CLOCK_OF_THE_LOG:
            return  # shown again, or the hearing is over
        # Something happened to the case before this was heard.
        with suppress(Refused):
            note(at=timezone.localtime())


def _measure(heard: Sequence[Heard]) -> None:
    """Cases were decided: what they took is measured."""
    efficiency.measure({one.stream.partition("/")[2]: one.event.at for one in heard})


def _measure_first_reviews(heard: Sequence[Heard]) -> None:
    """First reviews were handed up: what they took is measured, where it was done."""
    handed = {one.stream.partition("/")[2]: one.event.at for one in heard}
    efficiency.measure_first_reviews(handed)


def _have_called(heard: Sequence[Heard]) -> None:
    """Something became somebody's task: their phone is to be called, where it is allowed."""
    phones.have_called(heard, at=timezone.localtime())


REACTIONS = (
    Reaction("cases.redate", (CalendarYearPublished,), _redate),
    Reaction("cases.batch", (BatchFiled,), _file_rows),
    Reaction("cases.contracted", (NeedServiceBegun, NeedDelivered, NeedEnded), _stop_or_go_on),
    Reaction("cases.hearings", (PaperServed,), _note_reached),
    Reaction("cases.joint", BRANCH_EVENTS, together=_take_stock),
    Reaction("cases.efficiency", (CaseDecided,), together=_measure),
    Reaction("cases.phones", phones.NEW_WORK, together=_have_called, from_now=True),
    Reaction("cases.first-reviews", (CaseHandedUp,), together=_measure_first_reviews),
    Reaction(queries.PAPERS_READER, HEARD, together=_order_notices, from_now=True, sets_aside=True),
)
