"""What pages and other rooms ask about items and the calendar."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
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

from mingtang.catalogue.models import (
    AdoptionRow,
    BundleRow,
    CalendarYearRow,
    DraftRow,
    ItemRow,
    ItemVersionRow,
    ResourceRow,
)
from mingtang.core import adoptions, bundles, quality, sharing
from mingtang.core.adoptions import promise_under
from mingtang.core.bigrams import query
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.decider import Refused
from mingtang.core.quality import Shortcoming
from mingtang.core.resources import ResourceContent
from mingtang.core.sharing import Graph, Likeness
from mingtang.core.wire import canonical, read
from mingtang.core.worktime import CalendarYear, WorkCalendar
from mingtang.ledger.memory import until_changed

READS = canonical({"shared": True})[1:-1]  # stands in an item that reads from the directory
Searched = TypeVar("Searched", bound=Model)

# ── One item ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Published:
    """A version of an item as it was published."""

    key: str
    version: int
    content: ItemContent


def item_in_force(name: str) -> Published:
    """Return the item with this key or code. Raises Refused: item.not-in-force."""
    found = _in_force(name) or _in_force(key_of(name))
    if found is None:
        raise Refused("item.not-in-force", item=name)
    return found


def in_force(key: str) -> tuple[int, ItemContent]:
    """Return version and content of an item that may be applied for.

    Raises Refused: item.not-in-force, item.legacy.
    """
    found = item_in_force(key)
    if not found.content.open_to_applications:
        raise Refused("item.legacy", item=found.content.name)
    return found.version, found.content


@until_changed("item")
def _in_force(key: str) -> Published | None:
    row = ItemRow.objects.filter(pk=key, state="in_force").first()
    return row and Published(key, row.version, version(key, row.version))


@until_changed("item")
def version(key: str, number: int) -> ItemContent:
    """Return a version as it was published; cases read the one they began under.

    Raises ItemVersionRow.DoesNotExist.
    """
    return _content(
        ItemVersionRow.objects.values_list("content", flat=True).get(pk=f"{key}.{number}")
    )


def versions(key: str) -> list[ItemVersionRow]:
    """Return every version there was, newest first, without their contents."""
    return list(ItemVersionRow.objects.filter(key=key).order_by("-version").defer("content"))


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
    draft = _content(drafted.content) if drafted else None
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


def named(keys: Iterable[str]) -> list[ItemRow]:
    """Return the items with these keys, in whatever state, for their names."""
    return list(ItemRow.objects.filter(pk__in=list(keys)).defer("bigrams"))


def known_keys() -> set[str]:
    """Return the keys of all items there are, in whatever state."""
    return set(ItemRow.objects.values_list("key", flat=True))


def _content(text: str) -> ItemContent:
    content: ItemContent = read(ItemContent, json.loads(text))
    return content


# ── Looking for items ───────────────────────────────────────────────────────


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
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
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
        departments=_most_first(counts["department"]),
        names=names,
        categories=counts["category"],
        topics=_most_first(counts["topic"]),
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


def _most_first(counts: Counter[str]) -> dict[str, int]:
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
    return rows.annotate(content=Subquery(version.values("content"))).iterator()


# ── What is being written ───────────────────────────────────────────────────


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
    return QualityReport(drafts, complete, _most_first(by_code), by_department)


def _of(rows: QuerySet[Any], departments: Collection[str] | None) -> QuerySet[Any]:
    return rows if departments is None else rows.filter(department__in=list(departments))


# ── The resource directory ──────────────────────────────────────────────────


@until_changed("resource")
def directory() -> Mapping[str, ResourceContent]:
    """Return what is supplied today (政务信息资源目录): code → entry."""
    rows = ResourceRow.objects.filter(supplied=True).order_by("supplier_name", "name", "code")
    return {row.code: _entry(row) for row in rows}


def resources() -> list[tuple[ResourceRow, ResourceContent]]:
    """Return every entry there is or was, those supplied today first."""
    rows = ResourceRow.objects.order_by("-supplied", "supplier_name", "name", "code")
    return [(row, _entry(row)) for row in rows]


@until_changed("resource")
def entries() -> list[tuple[str, str]]:
    """Return code and name of every entry there is or was, to choose from."""
    return [(row.code, f"{row.name}（{row.supplier_name}）") for row, _ in resources()]


def resource(code: str) -> tuple[ResourceRow, ResourceContent] | None:
    row = ResourceRow.objects.filter(pk=code).first()
    return (row, _entry(row)) if row else None


def _entry(row: ResourceRow) -> ResourceContent:
    content: ResourceContent = read(ResourceContent, json.loads(row.content))
    return content


def sharing_graph(gives: Mapping[str, Collection[str]]) -> Graph:
    """Return whose result is whose material. `gives`: licence type → codes of its items."""
    known = {type: sorted(items) for type, items in gives.items()}
    named = {code for one in directory().values() for code in one.items}
    named |= {code for items in known.values() for code in items}
    return sharing.graph_of(_givers_and_takers(frozenset(named)), directory(), known)


@until_changed("item")
def _givers_and_takers(named: frozenset[str]) -> list[ItemContent]:
    """Return the items in force that are named, or read something: the rest have no edges."""
    rows = [row for row in published() if row.code in named or READS in row.content]
    return [_content(row.content) for row in rows]


def users_of(code: str) -> list[str]:
    """Return the names of the items in force that read this entry."""
    found = _givers_and_takers(frozenset())
    return [one.name for one in found if code in {m.supplied_by for m in one.materials}]


# ── Who handles it where ────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Handler:
    """An organ that takes an item at its place (谁在哪里办), as the applicant is to know it."""

    organ: str
    name: str  # as the item writes it; empty: as it is registered
    days: int | None  # it promises; a first review: has by law
    offices: tuple[str, ...]  # codes; none: as the guide says
    phone: str
    address: str  # as the guide writes it
    first_review: bool = False  # reviews first and passes up


def handlers(key: str, content: ItemContent) -> list[Handler]:
    """Return who handles an item in force: whoever published it first, then those who adopted
    it; or, where a lower organ reviews first, those organs. One is chosen when it is applied for.
    """
    if content.first_reviews:
        return [
            Handler(one.organ, "", one.days, (), "", "", first_review=True)
            for one in content.first_reviews
        ]
    own = Handler(
        organ=content.department,
        name=content.department_name,
        days=content.promised_days,
        offices=(),
        phone=content.enquiry_phone,
        address=content.address,
    )
    return [own, *(_adopter(one, content) for one in _adopted_by(key, content))]


def _adopter(row: AdoptionRow, content: ItemContent) -> Handler:
    assert content.statutory_days is not None
    days = promise_under(row.promised_days, content.statutory_days)
    return Handler(row.organ, "", days, tuple(row.offices), row.phone, "")


def _adopted_by(key: str, content: ItemContent) -> list[AdoptionRow]:
    """Return the adoptions of an item that count: none once it is not shared any more."""
    if not content.adoptable:
        return []
    return list(AdoptionRow.objects.filter(item=key, in_force=True).order_by("organ"))


def promise_of(item: str, organ: str) -> int | None:
    """Return the working days an organ promised when it adopted an item, if that stands."""
    row = adoption(item, organ) if organ else None
    return row.promised_days if row and row.in_force else None


def adoption(item: str, organ: str) -> AdoptionRow | None:
    """Return an adoption, whether it stands or was withdrawn."""
    return AdoptionRow.objects.filter(pk=adoptions.key_of(item, organ)).first()


def adoptions_of(item: str) -> list[AdoptionRow]:
    """Return every adoption of an item, those that stand first."""
    return list(AdoptionRow.objects.filter(item=item).order_by("-in_force", "organ"))


@dataclass(frozen=True, slots=True)
class Adoptable:
    """A shared item beside what one organ said of it."""

    row: ItemRow
    adoption: AdoptionRow | None

    @property
    def to_confirm(self) -> bool:
        """Whether the item has a newer version than the one that was looked at."""
        said = self.adoption
        return said is not None and said.in_force and said.version != self.row.version


def adoptable_by(organ: str) -> list[Adoptable]:
    """Return the items an organ may adopt, or did: what it has to confirm first, then its own."""
    said = {row.item: row for row in AdoptionRow.objects.filter(organ=organ)}
    kept = [key for key, one in said.items() if one.in_force]
    offered = Q(adoptable=True, state="in_force") | Q(pk__in=kept)
    rows = ItemRow.objects.filter(offered).exclude(department=organ)
    found = [Adoptable(row, said.get(row.key)) for row in rows.order_by("name", "key")]
    return sorted(found, key=lambda one: (not one.to_confirm, not _stands(one)))


def _stands(one: Adoptable) -> bool:
    return one.adoption is not None and one.adoption.in_force


# ── Bundles ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PublishedBundle:
    """A bundle in force, with its items as they are published now."""

    key: str
    version: int
    content: bundles.BundleContent
    items: Mapping[str, Published]

    @property
    def contents(self) -> bundles.Contents:
        return {key: one.content for key, one in self.items.items()}

    def absent(self) -> tuple[str, ...]:
        """Return the items that have been taken out of force since: nobody can apply then."""
        return tuple(key for key in self.content.items if key not in self.items)


@until_changed("bundle", "item")
def bundle(key: str) -> PublishedBundle | None:
    """Return the bundle in force under this key, if there is one."""
    row = BundleRow.objects.filter(pk=key, state="in_force").first()
    if row is None:
        return None
    content = bundle_content(row.content)
    return PublishedBundle(key, row.version, content, _open_items(content.items))


def bundle_in_force(key: str) -> PublishedBundle:
    """Return a bundle that may be applied for. Raises Refused: bundle.not-in-force,
    bundle.item-not-published (facts: items), bundle.item-first-reviewed (facts: items)."""
    found = bundle(key)
    if found is None:
        raise Refused("bundle.not-in-force")
    if found.absent():
        names = item_names(found.absent())
        raise Refused("bundle.item-not-published", items=tuple(names.values()))
    if below := bundles.first_reviewed(found.content, found.contents):
        raise Refused("bundle.item-first-reviewed", items=below)
    return found


def bundles_in_force() -> list[BundleRow]:
    return list(BundleRow.objects.filter(state="in_force").order_by("name"))


def bundles_of_item(item: str) -> list[BundleRow]:
    """Return the bundles in force this item is part of."""
    rows = BundleRow.objects.filter(state="in_force", items__contains=f"|{item}|")
    return list(rows.order_by("name"))


def bundles_for_editors(departments: Collection[str] | None) -> list[BundleRow]:
    """Return the bundles these departments lead (None: all), whatever their state."""
    rows = BundleRow.objects.all()
    if departments is not None:
        rows = rows.filter(lead__in=list(departments))
    return list(rows.order_by("name"))


def bundle_row(key: str) -> BundleRow | None:
    return BundleRow.objects.filter(pk=key).first()


def bundle_content(text: str) -> bundles.BundleContent:
    content: bundles.BundleContent = read(bundles.BundleContent, json.loads(text))
    return content


def item_names(keys: Iterable[str]) -> Mapping[str, str]:
    """Return what these items are called, in whatever state they are."""
    return dict(ItemRow.objects.filter(pk__in=list(keys)).values_list("key", "name"))


def open_contents(items: Iterable[str]) -> bundles.Contents:
    """Return the contents of those of these items that may be applied for now."""
    return {key: one.content for key, one in _open_items(items).items()}


def _open_items(items: Iterable[str]) -> Mapping[str, Published]:
    found = {key: _in_force(key) for key in items}
    return {key: one for key, one in found.items() if one and one.content.open_to_applications}


# ── The calendar ────────────────────────────────────────────────────────────


@until_changed("calendar")
def calendar() -> WorkCalendar:
    """Return the working-day calendar (工作日历) as far as it has been entered."""
    return WorkCalendar(tuple(map(calendar_year, calendar_years())))


def calendar_years() -> list[CalendarYearRow]:
    """Return the years entered, newest first, with who entered them and where it is recorded."""
    return list(CalendarYearRow.objects.order_by("-year"))


def calendar_year(row: CalendarYearRow) -> CalendarYear:
    return CalendarYear(
        year=row.year,
        official=row.official,
        off_days=_days(row.off_days),
        makeup_days=_days(row.makeup_days),
        source=row.source,
    )


def _days(text: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, text.split()))
