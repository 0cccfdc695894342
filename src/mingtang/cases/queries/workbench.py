"""The lists of the workbench (工作台), counted and read by the same question."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from mingtang.cases.models import (
    CaseRow,
    CopyRow,
    StartedRow,
    TaskRow,
)
from mingtang.cases.queries.clocks import UNDER_WAY
from mingtang.cases.queries.files import narrowed
from mingtang.core.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list of a workbench: what stands on it. Its count and its pages are of these rows.

    `rows` are of TaskRow, CopyRow, StartedRow or CaseRow; what is alike in a batch is one line.
    """

    rows: QuerySet[Any]
    newest: str = ""  # the column whose newest stand first; else what is due first does

    @property
    def of_cases(self) -> bool:
        return self.rows.model is CaseRow

    @property
    def of_tasks(self) -> bool:
        return self.rows.model is TaskRow

    def count(self) -> int:
        return self._lines().count()

    def page(self, size: int, *, after: str = "", before: str = "") -> "WorkPage":
        """Return a page of lines, paged by key: those behind `after` or those ahead of `before`.

        A line: `line` (number of the case or the batch), `key`, `task`, `task_en`, `count`. A key
        that is none is taken for none.
        """
        lines, order = self._lines(), self._order()
        back = _read_key(before, order)
        place = back or _read_key(after, order)
        if place is not None:
            lines = lines.filter(_beyond(order, place, back=back is not None))
        found = list(lines.order_by(*_signs(order, back=back is not None))[: size + 1])
        more, found = len(found) > size, found[:size]
        if back is not None:
            found.reverse()
        ends = [_written_key(line, order) for line in (found[:1] + found[-1:])]
        earlier = more if back is not None else place is not None
        later = more if back is None else True
        return WorkPage(
            found,
            before=ends[0] if ends and earlier else "",
            after=ends[-1] if ends and later else "",
        )

    def _order(self) -> tuple[tuple[str, bool], ...]:
        """Return the columns lines stand in the order of, each with whether it goes down."""
        first = (("at", True),) if self.newest else (("closed", False), ("due", False))
        return (*first, ("line", False), ("task_key", False))

    def _lines(self) -> QuerySet[Any]:
        case = "" if self.of_cases else "case__"
        alone = When(**{f"{case}batch": "", "then": F("number" if self.of_cases else "case_id")})
        if self.of_tasks:  # a signature in a batch stands for itself
            alone = When(batch="", then=F("case_id"))
        columns = {
            "count": Count("pk"),
            "closed": Min(Case(When(**{f"{case}closed_at": None, "then": 0}), default=1)),
            "due": Min(Coalesce(f"{case}promised_due", f"{case}intake_due")),
        }
        if self.newest:
            columns["at"] = Max(self.newest)
        if self.of_tasks:
            columns |= {"task": Min("name"), "task_en": Min("name_en")}
        lines = self.rows.order_by().annotate(
            line=Case(alone, default=F("batch" if self.of_tasks else f"{case}batch")),
            task_key=F("key") if self.of_tasks else Value(""),
        )
        counted: QuerySet[Any] = lines.values("line", "task_key").annotate(**columns)
        return counted


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of lines, with the keys of those ahead of it and behind it."""

    lines: list[dict[str, Any]]
    before: str
    after: str


def _signs(order: Iterable[tuple[str, bool]], *, back: bool) -> list[str]:
    return [f"-{name}" if down != back else name for name, down in order]


def _beyond(order: Iterable[tuple[str, bool]], place: Mapping[str, Any], *, back: bool) -> Q:
    """Return what stands behind a place in this order, or ahead of it."""
    beyond, alike = Q(pk__in=()), Q()
    for name, down in order:
        sign = "lt" if down != back else "gt"
        beyond |= alike & Q(**{f"{name}__{sign}": place[name]})
        alike &= Q(**{name: place[name]})
    return beyond


def _written_key(line: Mapping[str, Any], order: Iterable[tuple[str, bool]]) -> str:
    values = [line[name] for name, _down in order]
    return "~".join(v.isoformat() if isinstance(v, date) else str(v) for v in values)


def _read_key(text: str, order: Sequence[tuple[str, bool]]) -> dict[str, Any] | None:
    readers: Mapping[str, Callable[[str], Any]]
    readers = {"at": datetime.fromisoformat, "due": date.fromisoformat, "closed": int}
    parts = text.split("~")
    if len(parts) != len(order):
        return None
    try:
        return {
            name: readers.get(name, str)(part)
            for (name, _down), part in zip(order, parts, strict=True)
        }
    except ValueError:
        return None


def started_by(person: str) -> QuerySet[StartedRow]:
    """Return the cases somebody took in, or asked something of colleagues in (我发起的)."""
    return StartedRow.objects.filter(person=person)


def copied_to(person: str, organisations: Iterable[str]) -> QuerySet[CopyRow]:
    """Return what colleagues wish somebody to read (抄送), as staff of these organisations."""
    return CopyRow.objects.filter(person=person, organisation__in=list(organisations))


def supervised(
    departments: Iterable[str] | None, *, today: date, calendar: WorkCalendar
) -> QuerySet[CaseRow]:
    """Return the cases under way that call for a look (督办): over, near, or reminded of.

    None means any department's.
    """
    rows = CaseRow.objects.filter(stage__in=UNDER_WAY)
    if departments is not None:
        rows = rows.filter(department__in=list(departments))
    late = [_lamped(rows, lamp, today=today, calendar=calendar) for lamp in ("over", "near")]
    reminded = TaskRow.objects.filter(done_at=None).exclude(reminded_date=None)
    found = Q(pk__in=reminded.values("case"))
    for one in late:
        found |= Q(pk__in=one.values("pk"))
    return rows.filter(found)


def reminded_cases(numbers: Iterable[str]) -> dict[str, date]:
    """Return when these cases, or cases of these batches, were last reminded of."""
    numbers = list(numbers)
    tasks = TaskRow.objects.filter(Q(case__in=numbers) | Q(case__batch__in=numbers), done_at=None)
    found: dict[str, date] = {}
    columns = tasks.exclude(reminded_date=None).values_list("case", "case__batch", "reminded_date")
    for case, batch_number, day in columns:
        for number in filter(None, (case, batch_number)):
            found[number] = max(filter(None, (day, found.get(number))))
    return found


def searched(
    work: WorkList,
    *,
    text: str,
    lamp: str,
    today: date,
    calendar: WorkCalendar,
    by_applicant: bool,
) -> WorkList:
    """Return those of a list that fit. `by_applicant`: for who reads their names in full."""
    found = CaseRow.objects.all()
    for word in text.split():
        fits = Q(number__startswith=word.upper()) | Q(batch=word.upper())
        fits |= Q(item_name__contains=word) | Q(item_name_en__icontains=word)
        if by_applicant:
            fits |= Q(applicant_name__contains=word)
        found = found.filter(fits)
    if lamp:
        found = _lamped(found, lamp, today=today, calendar=calendar)
    if not text.split() and not lamp:
        return work
    column = "pk__in" if work.of_cases else "case__in"
    return replace(work, rows=work.rows.filter(**{column: found.values("pk")}))


def _lamped(
    rows: QuerySet[CaseRow], lamp: str, *, today: date, calendar: WorkCalendar
) -> QuerySet[CaseRow]:
    return narrowed(
        rows, stage="", lamp=lamp, department="", number="", today=today, calendar=calendar
    )
