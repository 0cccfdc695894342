"""Cases one may see: their own, their department's, one by its number; how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar

from django.db.models import Count, F, Q, QuerySet

from mingtang.cases.models import CaseRow, JointRow
from mingtang.core import cases, joint
from mingtang.core.worktime import WorkCalendar, add_working_days
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import Written, history

Event = TypeVar("Event")

# A procedure begun after the promised day came too late to stop its clock.
_COUNTED = Q(special="") | Q(promised_due__lt=F("paused_since"))


JOINT_DECIDED = (
    joint.JointStage.GRANTED,
    joint.JointStage.PARTLY,
    joint.JointStage.REFUSED,
)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that happened to it."""

    row: CaseRow
    state: cases.State
    history: list[Written]

    def event(self, kind: type[Event]) -> Event | None:
        """Return the last event of this kind, if there is one."""
        found = [w.event for w in self.history if isinstance(w.event, kind)]
        return found[-1] if found else None


def case_file(row: CaseRow) -> CaseFile:
    written = history(f"case/{row.number}")
    return CaseFile(row, cases.DECIDER.replay(w.event for w in written), written)


def of_applicant(person: str, organisations: Iterable[str] = ()) -> QuerySet[CaseRow]:
    """Return the cases a person filed, for themselves or as agent, newest first."""
    if not person:  # nobody in particular: their empty name is not the empty agent's
        return CaseRow.objects.none()
    mine = Q(applicant_kind="person", applicant=person) | Q(agent=person)
    theirs = Q(applicant_kind="organisation", applicant__in=list(organisations))
    return CaseRow.objects.filter(mine | theirs).order_by("-filed_at")


def everywhere() -> QuerySet[CaseRow]:
    """Return all cases, for those who oversee the whole centre."""
    return CaseRow.objects.order_by("-filed_at")


def handled_by(departments: Iterable[str]) -> QuerySet[CaseRow]:
    """Return the cases these departments are responsible for, newest first."""
    return CaseRow.objects.filter(department__in=list(departments)).order_by("-filed_at")


def departments_with_cases() -> list[str]:
    return list(
        CaseRow.objects.order_by("department").values_list("department", flat=True).distinct()
    )


def narrowed(
    rows: QuerySet[CaseRow],
    *,
    stage: str,
    lamp: str,
    department: str,
    number: str,
    today: date,
    calendar: WorkCalendar,
) -> QuerySet[CaseRow]:
    """Return those of `rows` that fit every filter given; an empty one asks for nothing.

    `lamp`: "over" (promise exceeded), "near" (due within three working days), "answer" (to be
    told about acceptance today or on the next working day).
    """
    if stage:
        rows = rows.filter(stage=stage)
    if department:
        rows = rows.filter(department=department)
    if number:
        rows = rows.filter(Q(number__startswith=number) | Q(batch=number))
    handling = rows.filter(stage__in=cases.UNDER_REVIEW).filter(_COUNTED)
    soon = add_working_days(today, 1 if lamp == "answer" else 3, calendar=calendar).date
    match lamp:
        case "over":
            return handling.filter(promised_due__lt=today)
        case "near":
            return handling.filter(promised_due__gte=today, promised_due__lte=soon)
        case "answer":
            return rows.filter(stage=cases.Stage.FILED, intake_due__lte=soon)
        case _:
            return rows


def by_number(number: str) -> CaseRow | None:
    return CaseRow.objects.filter(pk=number).first()


def is_known(*, number: str, phone_tail: str) -> bool:
    """Whether somebody knows a case or a joint case: its number and the phone's last four digits.

    The phone of a joint case is that of each of its branches.
    """
    if not number or len(phone_tail) != 4:
        return False
    known = CaseRow.objects.filter(Q(pk=number) | Q(joint=number), phone_tail=phone_tail)
    return known.exists()


def filed_once(once: str) -> str | None:
    """Return the number of the case that was filed with this idempotency key, if one was."""
    stream = LedgerEntry.objects.filter(once=sha256(once.encode()).hexdigest())
    found = stream.values_list("stream", flat=True).first()
    return found.partition("/")[2] if found else None


def counts() -> dict[str, int]:
    """Return the public figures: applications filed, accepted, decided, on the spot.

    A joint case is one application, whatever number of branches it has.
    """
    alone = CaseRow.objects.filter(joint="")
    closed = alone.filter(stage__in=(cases.Stage.GRANTED, cases.Stage.REFUSED))
    together = JointRow.objects.aggregate(
        filed=Count("pk"),
        accepted=Count("accepted_date"),
        decided=Count("pk", filter=Q(stage__in=JOINT_DECIDED)),
    )
    return {
        "filed": alone.count() + together["filed"],
        "accepted": alone.exclude(accepted_date=None).count() + together["accepted"],
        "decided": closed.count() + together["decided"],
        # as core.efficiency counts it: decided on the civil day of acceptance
        "on_the_spot": closed.filter(promised_days=0, closed_at__date=F("accepted_date")).count(),
    }


def taken_in_by(row: CaseRow | JointRow, person: str) -> bool:
    """Return whether this clerk took it in, at whatever office."""
    if row.channel != "window":
        return False
    family = "joint" if isinstance(row, JointRow) else "case"
    filed = history(f"{family}/{row.number}")[0].event
    return filed.taken_by is not None and filed.taken_by.person == person


def collected_by(person: str, centres: Iterable[str]) -> QuerySet[CaseRow]:
    """Return what this clerk took in for an organ elsewhere (代收), the newest first.

    What a centre's own window took in is not it.
    """
    rows = CaseRow.objects.filter(taken_by=person).exclude(collected_at="")
    return rows.exclude(collected_at__in=list(centres)).order_by("-filed_at", "number")


def cases_with(numbers: Iterable[str]) -> dict[str, CaseRow]:
    return CaseRow.objects.in_bulk(list(numbers))


def most_urgent(numbers: Iterable[str], stages: Iterable[str]) -> dict[str, CaseRow]:
    """Return of each batch the case in one of these stages whose time runs out first."""
    rows = CaseRow.objects.filter(batch__in=list(numbers), stage__in=list(stages))
    found: dict[str, CaseRow] = {}
    for row in sorted(rows, key=lambda row: (row.promised_due or row.intake_due, row.place)):
        found.setdefault(row.batch, row)
    return found
