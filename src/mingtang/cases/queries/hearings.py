"""Hearings (听证): those ahead, those in public, and whom they concern."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from mingtang.cases.models import CaseRow, HearingPartyRow, HearingRow
from mingtang.core import cases
from mingtang.ledger.replay import history

AHEAD = ("told", "needed", "scheduled")  # stages of a hearing that is not over


def hearings_ahead(departments: Iterable[str] | None, *, today: date) -> QuerySet[CaseRow]:
    """Return the cases with a hearing that is not over, each with `hearing_date`, the day that
    counts next, soonest first; None means any department. What nobody asked for in time is over.
    """
    ahead = HearingRow.objects.filter(stage__in=AHEAD)
    ahead = ahead.exclude(stage="told", next_date__lt=today)
    if departments is not None:
        ahead = ahead.filter(department__in=list(departments))
    rows = CaseRow.objects.filter(hearingrow__in=ahead)
    rows = rows.annotate(hearing_date=F("hearingrow__next_date"))
    return rows.order_by(F("hearing_date").asc(nulls_last=True), "number")


def hearings_in_public(at: datetime) -> QuerySet[HearingRow]:
    """Return the hearings that are still to be held in public, soonest first."""
    rows = HearingRow.objects.select_related("case")
    coming = rows.filter(stage="scheduled", public=True, starts_at__gt=at)
    return coming.order_by("starts_at", "id")


def hearings_of_party(person: str) -> QuerySet[HearingRow]:
    """Return the hearings a person has an interest in, the newest cases first."""
    named = HearingPartyRow.objects.filter(
        person=person, case=OuterRef("case"), hearing=OuterRef("hearing")
    )
    rows = HearingRow.objects.select_related("case").filter(Exists(named))
    return rows.order_by("-case__filed_at", "-hearing") if person else rows.none()


def parties_of(number: str, person: str) -> list[HearingPartyRow]:
    """Return as which parties a person is heard in this case, the applicant apart."""
    if not person:
        return []
    return list(HearingPartyRow.objects.filter(case=number, person=person).order_by("id"))


def chairs(person: str, number: str) -> bool:
    """Whether this person chairs, or chaired, a hearing of the case."""
    return bool(person) and HearingRow.objects.filter(case=number, chair=person).exists()


def is_hearing_scheduled(number: str) -> bool:
    """Whether a hearing of the case is to be held whose time and place were given."""
    return HearingRow.objects.filter(case=number, stage="scheduled").exists()


def told_by(number: str, index: int) -> cases.HearingRightTold | None:
    """Return the telling of a right that stands at this place of the ledger."""
    for written in history(f"case/{number}"):
        if written.index == index and isinstance(written.event, cases.HearingRightTold):
            return written.event
    return None


def record_of(number: str, hearing: int) -> cases.HearingHeld | None:
    """Return what was recorded of a hearing, once it was held."""
    for written in history(f"case/{number}"):
        event = written.event
        if isinstance(event, cases.HearingHeld) and event.hearing == hearing:
            return event
    return None
