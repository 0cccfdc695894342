"""What runs beside a case: legs to other bodies (转报) and opinions of counsel (法律意见)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from mingtang.cases.models import LegRow, OpinionRow
from mingtang.core import cases, clock
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.replay import history


def legs(departments: Iterable[str] | None) -> QuerySet[LegRow]:
    """Return the legs of these departments' cases; None means any department."""
    rows = LegRow.objects.select_related("case")
    return rows if departments is None else rows.filter(department__in=list(departments))


def open_legs(departments: Iterable[str] | None) -> QuerySet[LegRow]:
    """Return those that are under way, whoever has waited longest first."""
    return legs(departments).filter(closed_date=None).order_by("ordered_date", "id")


def closed_legs(departments: Iterable[str] | None) -> QuerySet[LegRow]:
    """Return those that are over, newest first."""
    return legs(departments).exclude(closed_date=None).order_by("-closed_date", "id")


def letter_of(number: str, leg: int) -> cases.Document | None:
    """Return the file of the answer to a leg, if there is one."""
    for written in history(f"case/{number}"):
        event = written.event
        if isinstance(event, cases.LegAnswered) and event.leg == leg:
            return event.document
    return None


def leg_of(row: LegRow) -> cases.Leg:
    """Return a leg as the rules know it."""
    return cases.Leg(
        number=row.leg,
        body=row.body,
        days=row.days,
        basis=row.basis,
        standstill=row.standstill,
        ordered_date=row.ordered_date,
        handed_date=row.handed_date,
        reminded=row.reminded,
        urged=row.urged,
        answer=row.answer,
        answer_no=row.answer_no,
        answer_date=row.answer_date,
        closed_date=row.closed_date,
    )


def legs_to_remind_of(at: datetime, calendar: WorkCalendar) -> list[LegRow]:
    """Return the open legs that came near their term, or over it, and nobody was told."""
    today = clock.civil_day(at)
    found = open_legs(None).exclude(handed_date=None).exclude(reminded=cases.Nearness.OVER)
    nearness = {
        row.pk: cases.nearness_of(leg_of(row), today=today, calendar=calendar) for row in found
    }
    return [row for row in found if nearness[row.pk] not in (None, row.reminded)]


def with_open_legs(numbers: Iterable[str]) -> set[str]:
    """Return those of these cases that wait for a body outside the system."""
    rows = LegRow.objects.filter(case__in=list(numbers), closed_date=None)
    return set(rows.values_list("case", flat=True))


def opinions_of(number: str) -> list[OpinionRow]:
    """Return what counsel was asked in a case, in that order."""
    return list(OpinionRow.objects.filter(case=number).order_by("request"))


def opinion(number: str, request: int) -> OpinionRow | None:
    found = OpinionRow.objects.filter(pk=f"{number}.{request}").select_related("case")
    return found.first()


def opinions_to_give(bodies: Iterable[str], person: str) -> list[OpinionRow]:
    """Return what counsel of these bodies is asked and this person has not stepped back from,
    soonest due first."""
    rows = OpinionRow.objects.filter(body__in=list(bodies), closed_date=None)
    rows = rows.select_related("case").order_by("due_date", "id")
    return [row for row in rows if person not in row.declined_by]


def opinions_given(person: str) -> QuerySet[OpinionRow]:
    """Return the opinions this person gave, newest first."""
    given = OpinionRow.objects.filter(person=person).exclude(closed_date=None)
    return given.select_related("case").order_by("-closed_date", "id")
