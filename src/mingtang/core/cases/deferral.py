"""Tolerance of what is missing (容缺受理): accepted without minor materials, which then follow.

Which materials may follow is published with the item (`needed`: deferrable). Whoever applies
without one promises to hand it in; the notice of acceptance says which, and until when. The clock
runs on meanwhile. Nothing is granted while one is missing; once its date has passed, that is a
ground to refuse (行政许可法 art. 38: the conditions are not met), and no duty to. The date was told
in writing, so it stays when the calendar changes.

No law knows the tolerance: it is a practice the item takes part in, and never to the applicant's
harm. 行政许可法 art. 32 would have it corrected first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.filing import require_own
from mingtang.core.cases.state import UNDER_REVIEW, State, require_stranger, terms_of_case
from mingtang.core.cases.terms import Document, Officer
from mingtang.core.decider import require
from mingtang.core.worktime import WorkCalendar, add_working_days


@dataclass(frozen=True, kw_only=True)
class Deferral:
    """What follows after acceptance, and the last day for it; nothing: no day."""

    materials: tuple[str, ...]
    due_date: date | None


@dataclass(frozen=True, kw_only=True)
class HandInDeferred:
    """补交容缺材料, by the applicant, or by a clerk whom they brought it to (`taken_by`)."""

    person: str = ""
    represents: frozenset[str] = frozenset()  # for whom else this person may act today
    taken_by: Officer | None = None
    documents: tuple[Document, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeferredReceived:
    kind: ClassVar[str] = "case.deferred-received.v1"
    documents: tuple[Document, ...]
    taken_by: Officer | None
    missing: tuple[str, ...]  # keys of what still is
    due_date: date
    at: datetime


def deferral(case: State, *, day: date, calendar: WorkCalendar) -> Deferral:
    """Return what an application accepted without it may still bring, told on `day`."""
    there = {document.material for document in case.documents}
    there |= {commitment.material for commitment in case.commitments}
    missing = tuple(key for key in case.deferrable if key not in there)
    if not missing:
        return Deferral(materials=(), due_date=None)
    days = terms_of_case(case).deferral_days
    return Deferral(materials=missing, due_date=add_working_days(day, days, calendar=calendar).date)


def hand_in(case: State, command: HandInDeferred) -> Sequence[DeferredReceived]:
    """Late is accepted, too, until the decision: what is there is better than what is missing.

    Refusals: case.unknown, case.not-yours, case.own-case, case.not-under-review,
    case.nothing-deferred, case.nothing-handed-in, case.not-deferred (facts: material).
    """
    terms_of_case(case)
    if command.taken_by is None:
        require_own(case, command)
    else:
        require_stranger(case, command.taken_by.person)
    require(case.stage in UNDER_REVIEW, "case.not-under-review")
    require(bool(case.deferred), "case.nothing-deferred")
    require(bool(command.documents), "case.nothing-handed-in")
    for document in command.documents:
        require(document.material in case.deferred, "case.not-deferred", material=document.material)
    assert case.deferred_due is not None
    given = {document.material for document in command.documents}
    return [
        DeferredReceived(
            documents=command.documents,
            taken_by=command.taken_by,
            missing=tuple(key for key in case.deferred if key not in given),
            due_date=case.deferred_due,
            at=command.at,
        )
    ]


def received(case: State, event: DeferredReceived) -> State:
    return replace(
        case,
        documents=case.documents + event.documents,
        visits=case.visits + (event.taken_by is not None),
        deferred=event.missing,
        deferred_due=event.due_date if event.missing else None,
    )
