"""What is to do on cases and what was done, one by one or a batch folded into a line."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, When

from mingtang.cases.models import CaseRow, TaskRow
from mingtang.core import cases


def to_do(*, powers: Iterable[str], departments: Iterable[str] | None) -> QuerySet[TaskRow]:
    """Return open tasks (待办) of these powers, oldest first; None means any department."""
    tasks = TaskRow.objects.filter(power__in=list(powers), done_at=None)
    if departments is not None:
        tasks = tasks.filter(department__in=list(departments))
    return tasks.select_related("case").order_by("opened_at", "id")


def to_do_by(
    served: Mapping[str, Iterable[str] | None],
    *,
    person: str,
    stands_for: Iterable[tuple[str, str]] = (),
) -> QuerySet[TaskRow]:
    """Return what somebody has to do (待办), soonest due first.

    `served`: power → the departments it is served in, None: any. What nobody holds is everybody's
    there; what somebody holds is theirs, and whoever's they stand for: (person, department).
    """
    found = Q(holder=person)
    for giver, department in stands_for:
        found |= Q(holder=giver, department=department)
    for power, departments in served.items():
        ours = Q(power=power, holder="")
        if departments is not None:
            ours &= Q(department__in=list(departments))
        found |= ours
    waiting = Q(done_at=None) & ~Q(case__stage=cases.Stage.CORRECTING)
    tasks = TaskRow.objects.filter(found, waiting).select_related("case")
    return tasks.order_by("case__promised_due", "opened_at", "id")


def done_by(person: str) -> QuerySet[TaskRow]:
    """Return tasks this person finished (已办), newest first."""
    done = TaskRow.objects.filter(person=person).exclude(done_at=None)
    return done.select_related("case").order_by("-done_at")


def tasks_of(number: str) -> list[TaskRow]:
    """Return every task of a case, open or done, in the order they began."""
    return list(TaskRow.objects.filter(case=number).order_by("opened_at", "id"))


def tasks_of_cases(numbers: Collection[str]) -> dict[str, list[TaskRow]]:
    """Return every task of many cases: number → tasks."""
    found: dict[str, list[TaskRow]] = {}
    for task in TaskRow.objects.filter(case__in=numbers):
        found.setdefault(task.case_id, []).append(task)
    return found


def folded(tasks: QuerySet[TaskRow], *order: str) -> QuerySet[TaskRow, Mapping[str, Any]]:
    """Return tasks as the lines of a list: what is alike in a batch is one line.

    Each line: `line` (number of the case, or of the batch), `key`, `task`, `task_en`, `count`.
    `order`: columns; a batch stands where the first of its tasks would, going down the list.
    """
    lines = tasks.order_by().annotate(
        line=Case(When(batch="", then=F("case_id")), default=F("batch")),
    )
    keys = {
        f"by_{place}": Max(name[1:]) if name.startswith("-") else Min(name)
        for place, name in enumerate(order)
    }
    signs = ["-" if name.startswith("-") else "" for name in order]
    return (
        lines.values("line", "key")
        .annotate(count=Count("id"), task=Min("name"), task_en=Min("name_en"), **keys)
        .order_by(*(f"{sign}by_{place}" for place, sign in enumerate(signs)), "line", "key")
    )


def count_folded(tasks: QuerySet[TaskRow]) -> int:
    """Return how many lines `folded` gives, without sorting them."""
    alone, together = tasks.order_by().filter(batch=""), tasks.order_by().exclude(batch="")
    return alone.count() + together.values("batch", "key").distinct().count()


def folded_cases(rows: QuerySet[CaseRow]) -> QuerySet[CaseRow, Mapping[str, Any]]:
    """Return cases as the lines of a list, newest first: those of a batch are one `line`."""
    lines = rows.order_by().annotate(
        line=Case(When(batch="", then=F("number")), default=F("batch"))
    )
    counted = lines.values("line").annotate(count=Count("number"), newest=Max("filed_at"))
    return counted.order_by("-newest", "line")
