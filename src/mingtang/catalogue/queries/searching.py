"""Looking for items: words, facets, groups."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from mingtang.catalogue.models import AdoptionRow, ItemRow, ItemVersionRow
from mingtang.core.bigrams import query
from mingtang.ledger.memory import until_changed

Searched = TypeVar("Searched", bound=Model)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. An empty field asks for nothing."""

    text: str = ""
    department: str = ""
    category: str = ""
    topic: str = ""
    audience: str = ""
    on_the_spot: bool | None = None  # False: 承诺件, promised within so many days
    visits: int | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many items each further choice would leave, given all the other choices."""

    total: int = 0
    departments: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # of departments, by code
    categories: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    audiences: Mapping[str, int] = field(default_factory=dict)
    on_the_spot: int = 0
    promised: int = 0  # 承诺件
    visits: Mapping[int, int] = field(default_factory=dict)


def items(wanted: Wanted) -> QuerySet[ItemRow]:
    """Return the items in force that fit, best first."""
    found = _matching(wanted.text)
    if wanted.department:
        found = found.filter(department=wanted.department)
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.topic:
        found = found.filter(topics__contains=f"|{wanted.topic}|")
    if wanted.audience:
        found = found.filter(audience__contains=f"|{wanted.audience}|")
    if wanted.on_the_spot is not None:
        found = found.filter(on_the_spot=wanted.on_the_spot, legacy=False)
    if wanted.visits is not None:
        found = found.filter(visits=wanted.visits)
    if not wanted.text.strip():
        return found.order_by("department", "name", "key")
    named = Case(When(name__contains=wanted.text.strip(), then=Value(0)), default=Value(1))
    return found.order_by(named, Length("name"), "name", "key")


def taken_in_at(found: QuerySet[ItemRow], departments: Collection[str]) -> QuerySet[ItemRow]:
    """Return those of the items that a window of these departments takes in: their own, those they
    adopted or review first, and what any office may take in for the competent organ (异地代收代办).
    """
    ours = AdoptionRow.objects.filter(organ__in=list(departments), in_force=True)
    fits = Q(department__in=list(departments)) | Q(taken_in_anywhere=True)
    fits |= Q(adoptable=True, key__in=ours.values("item"))
    for department in departments:
        fits |= Q(first_reviewers__contains=f"|{department}|")
    return found.filter(fits)


def facets(wanted: Wanted) -> Facets:
    """Return the counts beside every choice, from one query."""
    groups = _groups(wanted.text) if wanted.text.strip() else _all_groups()
    counts: dict[str, Counter[Any]] = {facet: Counter() for facet in FACETS}
    asked = {f: v for f in FACETS if (v := getattr(wanted, f)) not in ("", None)}
    names: dict[str, str] = {}
    total = 0
    for department, name, category, topics, audience, spot, legacy, visits, number in groups:
        names[department] = name
        has = {
            "department": (department,),
            "category": (category,),
            "topic": parts(topics),
            "audience": parts(audience),
            "on_the_spot": () if legacy else (spot,),
            "visits": () if visits is None else (visits,),
        }
        missed = [f for f, value in asked.items() if value not in has[f]]
        total += 0 if missed else number
        for facet in FACETS:
            if missed in ([], [facet]):
                for value in has[facet]:
                    counts[facet][value] += number
    return Facets(
        total=total,
        departments=most_first(counts["department"]),
        names=names,
        categories=counts["category"],
        topics=most_first(counts["topic"]),
        audiences=counts["audience"],
        on_the_spot=counts["on_the_spot"][True],
        promised=counts["on_the_spot"][False],
        visits=counts["visits"],
    )


def _groups(text: str) -> list[tuple[Any, ...]]:
    """Return COLUMNS of the items that match, alike ones together, and how many they are."""
    return list(_matching(text).order_by().values_list(*COLUMNS).annotate(Count("key")))


@until_changed("item")
def _all_groups() -> list[tuple[Any, ...]]:
    return _groups("")


FACETS = ("department", "category", "topic", "audience", "on_the_spot", "visits")
COLUMNS = (
    "department",
    "department_name",
    "category",
    "topics",
    "audience",
    "on_the_spot",
    "legacy",
    "visits",
)


def most_first(counts: Counter[str]) -> dict[str, int]:
    """Return the counts by what is counted, the greatest first."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _matching(text: str) -> QuerySet[ItemRow]:
    in_force = ItemRow.objects.filter(state="in_force")
    return matching(in_force, text) if text.strip() else in_force


def matching(
    rows: QuerySet[Searched], text: str, *, index: str = "catalogue_search"
) -> QuerySet[Searched]:
    """Return those of `rows` whose bigrams contain all that `text` says.

    `index` is the FTS5 table of these rows on SQLite; it has their `rowno`.
    """
    phrases = query(text)
    if not phrases:
        return rows.none()
    if connection.vendor == "sqlite":
        found = " AND ".join(f'"{" ".join(tokens)}"{"*" * prefix}' for tokens, prefix in phrases)
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # a name of ours
        return rows.filter(rowno__in=RawSQL(sql, [found]))
    parts = [
        "to_tsquery('simple', %s)" if prefix else "phraseto_tsquery('simple', %s)"
        for _, prefix in phrases
    ]
    values = [f"'{tokens[0]}':*" if prefix else " ".join(tokens) for tokens, prefix in phrases]
    sql = f"to_tsvector('simple'::regconfig, bigrams) @@ ({' && '.join(parts)})"
    return rows.filter(RawSQL(sql, values, output_field=BooleanField()))


def parts(text: str) -> list[str]:
    """Return the values of a column that holds several: `|1|2|` gives 1 and 2."""
    return text.strip("|").split("|") if text != "|" else []


def published() -> Iterator[ItemRow]:
    """Yield every item in force, in a list's order, with its `content` as canonical JSON."""
    version = ItemVersionRow.objects.filter(key=OuterRef("key"), version=OuterRef("version"))
    rows = ItemRow.objects.filter(state="in_force").order_by("department", "name", "key")
    found = Subquery(version.values("content"))
    return rows.annotate(content=found).iterator()  # type: ignore[no-redef]  # declared there
