"""Cases of several departments at once (并联审批)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from mingtang.cases.models import (
    CaseRow,
    ConsultationRow,
    JointRow,
    TaskRow,
)
from mingtang.cases.queries.files import JOINT_DECIDED
from mingtang.core import cases, clock, joint
from mingtang.core.wire import read
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.replay import Written, history


@dataclass(frozen=True, slots=True)
class JointFile:
    """A joint case with everything that happened to it, its branches apart."""

    row: JointRow
    state: joint.State
    history: list[Written]


def joint_file(row: JointRow) -> JointFile:
    written = history(f"joint/{row.number}")
    return JointFile(row, joint.DECIDER.replay(one.event for one in written), written)


def joint_case(number: str) -> JointRow | None:
    return JointRow.objects.filter(pk=number).first()


def branches_of(number: str) -> list[CaseRow]:
    """Return the branches of a joint case; none of no number in particular."""
    return list(CaseRow.objects.filter(joint=number).order_by("number")) if number else []


def joint_numbers_of(numbers: Iterable[str]) -> dict[str, str]:
    """Return of those of these cases that are branches the joint case: case → joint number."""
    rows = CaseRow.objects.filter(pk__in=list(numbers)).exclude(joint="")
    return dict(rows.values_list("number", "joint"))


def joint_cases_of(person: str, organisations: Iterable[str] = ()) -> QuerySet[JointRow]:
    """Return the joint cases a person filed, for themselves or as agent, newest first."""
    if not person:
        return JointRow.objects.none()
    mine = Q(applicant_kind="person", applicant=person) | Q(agent=person)
    theirs = Q(applicant_kind="organisation", applicant__in=list(organisations))
    return JointRow.objects.filter(mine | theirs).order_by("-filed_at")


def joint_cases_for(
    *, departments: Iterable[str] | None, governments: Iterable[str], window: bool
) -> QuerySet[JointRow]:
    """Return the joint cases these departments lead or handle branches of (None: all), or these
    governments may extend; for a `window` of the centre, also those that wait for acceptance.

    What is open comes first, and of that what is due first.
    """
    rows = JointRow.objects.all()
    if departments is not None:
        codes = list(departments)
        branches = CaseRow.objects.filter(department__in=codes).exclude(joint="")
        theirs = Q(lead__in=codes) | Q(pk__in=branches.values("joint"))
        theirs |= Q(government__in=list(governments))
        if window:
            theirs |= Q(stage=joint.JointStage.FILED)
        rows = rows.filter(theirs)
    return rows.order_by(F("closed_at").desc(nulls_first=True), F("due").asc(nulls_first=True))


def tasks_of_joint(number: str) -> list[TaskRow]:
    """Return every task of every branch, open or done, in the order they began."""
    tasks = TaskRow.objects.filter(case__joint=number).select_related("case")
    return list(tasks.order_by("opened_at", "id")) if number else []


def consultations_of(number: str) -> list[ConsultationRow]:
    return list(ConsultationRow.objects.filter(joint=number).order_by("number", "department"))


def consultations_waiting(departments: Iterable[str]) -> QuerySet[ConsultationRow]:
    """Return what these departments were asked and have not answered, oldest first."""
    rows = ConsultationRow.objects.filter(department__in=list(departments), answered_at=None)
    open_now = rows.filter(joint__closed_at=None).select_related("joint")
    return open_now.order_by("asked_at", "id")


def joint_cases_decided() -> QuerySet[JointRow]:
    """Return the joint cases that came to a result, in whole or in part."""
    return JointRow.objects.filter(stage__in=JOINT_DECIDED, accepted_date__isnull=False)


def joint_cases_under_way() -> list[str]:
    """Return the numbers of the joint cases whose term still matters."""
    rows = JointRow.objects.filter(closed_at=None).exclude(accepted_date=None)
    return list(rows.order_by("number").values_list("number", flat=True))


def joint_term(row: JointRow) -> clock.Term | None:
    """Return the running joint term, the promised one where that is shorter; None before
    acceptance."""
    if row.accepted_date is None:
        return None
    pauses = tuple(read(cases.Pausing, pause) for pause in row.pauses)
    if row.promised_due is not None:
        return joint.term_of(row.accepted_date, days=row.promised_days, pauses=pauses)
    return joint.term_of(row.accepted_date, extended_days=row.extended_days, pauses=pauses)


def joint_standing(row: JointRow, *, today: date, calendar: WorkCalendar) -> clock.Standing | None:
    """Return how the joint case stands against that term; None before acceptance."""
    running = joint_term(row)
    if running is None:
        return None
    closed = clock.civil_day(row.closed_at) if row.closed_at else None
    return clock.standing(running, today=today, calendar=calendar, closed=closed)
