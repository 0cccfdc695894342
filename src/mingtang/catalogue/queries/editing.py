"""What is being written, and how good it is."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from mingtang.catalogue.models import DraftRow, ItemRow
from mingtang.catalogue.queries.item import content_of, version
from mingtang.catalogue.queries.searching import matching, most_first, parts
from mingtang.catalogue.queries.sharing import directory
from mingtang.core import quality, sharing
from mingtang.core.catalogue import ItemContent
from mingtang.core.quality import Shortcoming
from mingtang.core.sharing import Likeness


def for_editors(
    *, departments: Collection[str] | None, state: str = "", department: str = "", text: str = ""
) -> QuerySet[ItemRow]:
    """Return the items of these departments (None: of all), unfinished ones first.

    `state`: "open" (a draft is being written), "in_force", "withdrawn", or empty for all.
    """
    rows = _of(ItemRow.objects.all(), departments)
    if state == "open":
        rows = rows.filter(draft__gt=0)
    elif state:
        rows = rows.filter(state=state)
    if department:
        rows = rows.filter(department=department)
    if text.strip():
        rows = matching(rows, text)
    return rows.order_by("-draft", "department", "code")


def departments_of_items(departments: Collection[str] | None) -> list[tuple[str, str, int, int]]:
    """Return (code, name, items, open drafts) of every department that has items."""
    found: dict[str, list[Any]] = {}
    rows = _of(ItemRow.objects.all(), departments).order_by("department")
    for code, name, draft in rows.values_list("department", "department_name", "draft"):
        line = found.setdefault(code, [code, name, 0, 0])
        line[2] += 1
        line[3] += draft > 0
    return [tuple(line) for line in found.values()]


@dataclass(frozen=True, slots=True)
class ItemFile:
    """An item as those see it who write it."""

    row: ItemRow
    draft: ItemContent | None
    in_force: ItemContent | None
    last: ItemContent  # what to go on writing from
    shortcomings: tuple[Shortcoming, ...]  # of the draft
    likenesses: tuple[Likeness, ...]  # of what is being written: to be looked at, no more
    drafts: int  # drafts there have been, for whoever writes the next


def item_file(key: str) -> ItemFile | None:
    row = ItemRow.objects.filter(pk=key).first()
    if row is None:
        return None
    drafted = DraftRow.objects.filter(pk=key).first()
    draft = content_of(drafted.content) if drafted else None
    published = version(key, row.version) if row.version else None
    last = draft or published
    assert last is not None, "an item begins with a draft"
    return ItemFile(
        row=row,
        draft=draft,
        in_force=published if row.state == "in_force" else None,
        last=last,
        shortcomings=shortcomings(draft) if draft else (),
        likenesses=sharing.likenesses(last, directory()),
        drafts=row.drafts,
    )


def shortcomings(content: ItemContent) -> tuple[Shortcoming, ...]:
    """Return all that keeps an item from being published: of itself, and beside what is shared."""
    return (*quality.shortcomings(content), *sharing.shortcomings(content, directory()))


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What the open drafts lack."""

    drafts: int
    complete: int  # nothing is missing: they can be published
    by_code: Mapping[str, int]  # drafts that have this shortcoming, most first
    by_department: Mapping[str, tuple[str, int, int]]  # code → (name, drafts, complete)


def quality_report(departments: Collection[str] | None = None) -> QualityReport:
    by_code: Counter[str] = Counter()
    by_department: dict[str, tuple[str, int, int]] = {}
    drafts = complete = 0
    rows = _of(DraftRow.objects.order_by("department"), departments)
    columns = ("department", "department_name", "shortcomings")
    for department, name, shortcomings in rows.values_list(*columns):
        codes = parts(shortcomings)
        by_code.update(codes)
        _, before, done = by_department.get(department, (name, 0, 0))
        by_department[department] = (name, before + 1, done + (not codes))
        drafts, complete = drafts + 1, complete + (not codes)
    return QualityReport(drafts, complete, most_first(by_code), by_department)


def _of(rows: QuerySet[Any], departments: Collection[str] | None) -> QuerySet[Any]:
    return rows if departments is None else rows.filter(department__in=list(departments))
