"""Cases handed over between clerks (交接)."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from mingtang.cases.models import CaseRow, HandoverRow, HeldRow
from mingtang.cases.queries.tasks import to_do

HANDED_OVER = 200  # cases of a list, and lists of a clerk, that are shown


def waiting_at_window(
    numbers: Collection[str], departments: Iterable[str] | None
) -> frozenset[str]:
    """Return those of the cases whose intake is open in one of these departments; None: any."""
    tasks = to_do(powers=["case.intake"], departments=departments)
    found = tasks.filter(case__in=list(numbers)).order_by()
    return frozenset(found.values_list("case_id", flat=True))


def to_hand_over(person: str, departments: Iterable[str] | None) -> list[CaseRow]:
    """Return what a clerk may hand over, the nearest answer first; a batch stays at its window."""
    tasks = to_do(powers=["case.intake"], departments=departments).filter(batch="")
    others = HeldRow.objects.exclude(person=person).values("number")
    rows = CaseRow.objects.filter(pk__in=tasks.order_by().values("case_id"))
    return list(rows.exclude(pk__in=others).order_by("intake_due", "filed_at")[:HANDED_OVER])


def held_by(person: str) -> frozenset[str]:
    """Return the cases this clerk took over and nobody after them."""
    return frozenset(HeldRow.objects.filter(person=person).values_list("number", flat=True))


def held_by_others(numbers: Collection[str], *, person: str) -> frozenset[str]:
    """Return those of the cases that somebody else took over last."""
    rows = HeldRow.objects.filter(pk__in=list(numbers)).exclude(person=person)
    return frozenset(rows.values_list("number", flat=True))


def held(number: str) -> HeldRow | None:
    """Return who took a case over last, if anybody did."""
    return HeldRow.objects.filter(pk=number).first()


def handover(key: str) -> HandoverRow | None:
    return HandoverRow.objects.filter(pk=key).first()


def handovers_of(person: str) -> list[HandoverRow]:
    """Return the newest lists this clerk gave or was to take."""
    mine = HandoverRow.objects.filter(Q(giver=person) | Q(receiver=person))
    return list(mine.order_by("-offered_at", "key")[:HANDED_OVER])


def handovers_to_confirm(person: str) -> int:
    """Return how many lists wait for this clerk's word."""
    return HandoverRow.objects.filter(receiver=person, stage="offered").count()
