"""Events of items and calendar years as rows. Only copies.

The codes of what a draft lacks are copied as today's rules see it: when a rule changes, the
tables are rebuilt.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, assert_never

from mingtang.catalogue.models import (
    AdoptionRow,
    BundleRow,
    CalendarYearRow,
    DraftRow,
    ItemRow,
    ItemVersionRow,
    ResourceRow,
)
from mingtang.core import adoptions, bundles, calendars, quality, resources
from mingtang.core.bigrams import bigrams
from mingtang.core.catalogue import (
    DECIDER,
    Event,
    ItemContent,
    ItemDrafted,
    ItemPublished,
    ItemWithdrawn,
    State,
)
from mingtang.core.wire import canonical
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Drop, Fact, Put, Row


def project_item(fact: Fact) -> Iterable[Row]:
    event: Event = fact.event
    match event:
        case ItemDrafted():
            found = quality.codes(quality.shortcomings(event.content))
            yield Put(DraftRow, fact.key, _draft(fact, event, found))
            shown = fact.state.in_force or event.content
            yield Put(ItemRow, fact.key, _item(fact, shown, lacking=len(found)))
        case ItemPublished():
            yield Drop(DraftRow, fact.key)
            yield Put(ItemVersionRow, f"{fact.key}.{event.version}", _version(fact, event))
            yield Put(ItemRow, fact.key, _item(fact, event.content, lacking=0))
        case ItemWithdrawn():
            yield Change(ItemRow, fact.key, {"state": "withdrawn", "updated_index": fact.index})
        case _:
            assert_never(event)


def _item(fact: Fact, shown: ItemContent, *, lacking: int) -> dict[str, Any]:
    state: State = fact.state
    return {
        "rowno": _rowno(fact.key),
        "code": shown.code,
        "name": shown.name,
        "name_en": shown.name_en,
        "category": shown.category,
        "item_type": shown.item_type,
        "department": shown.department,
        "department_name": shown.department_name,
        "audience": _padded(shown.audience),
        "topics": _padded(shown.topics),
        "statutory_days": shown.statutory_days,
        "promised_days": shown.promised_days,
        "on_the_spot": shown.on_the_spot,
        "visits": shown.visits,
        "online_depth": shown.online_depth,
        "taken_in_anywhere": shown.taken_in_anywhere,
        "adoptable": shown.adoptable,
        "first_reviewers": _padded(one.organ for one in shown.first_reviews),
        "legacy": shown.legacy,
        "state": state.stage,
        "version": state.version,
        "drafts": state.drafts,
        "draft": state.drafts if state.draft else 0,
        "shortcomings": lacking,
        "bigrams": bigrams(" ".join((shown.name, shown.name_en, shown.summary, shown.code))),
        "updated_index": fact.index,
    }


def _draft(fact: Fact, event: ItemDrafted, found: Sequence[str]) -> dict[str, Any]:
    return {
        "draft": event.draft,
        "name": event.content.name,
        "department": event.content.department,
        "department_name": event.content.department_name,
        "content": canonical(event.content),
        "shortcomings": _padded(found),
        "drafted_by": event.by,
        "drafted_at": event.at,
        "index": fact.index,
    }


def _version(fact: Fact, event: ItemPublished) -> dict[str, Any]:
    return {
        "key": fact.key,
        "version": event.version,
        "content": canonical(event.content),
        "published_by": event.by,
        "published_at": event.at,
        "index": fact.index,
    }


def project_adoption(fact: Fact) -> Iterable[Row]:
    event: adoptions.Event = fact.event
    match event:
        case adoptions.ItemAdopted():
            yield Put(AdoptionRow, fact.key, _adoption(fact, event))
        case adoptions.AdoptionWithdrawn():
            withdrawn = {"in_force": False, "reason": event.reason, "last_index": fact.index}
            yield Change(AdoptionRow, fact.key, withdrawn)
        case _:
            assert_never(event)


def _adoption(fact: Fact, event: adoptions.ItemAdopted) -> dict[str, Any]:
    return {
        "item": event.item,
        "organ": event.organ,
        "in_force": True,
        "version": event.version,
        "promised_days": event.promised_days,
        "offices": list(event.offices),
        "phone": event.phone,
        "reason": "",
        "adopted_by": event.by,
        "adopted_at": event.at,
        "last_index": fact.index,
    }


def project_bundle(fact: Fact) -> Iterable[Row]:
    event: bundles.Event = fact.event
    match event:
        case bundles.BundleDrafted() | bundles.BundlePublished() | bundles.BundleWithdrawn():
            yield Put(BundleRow, fact.key, _bundle(fact))
        case _:
            assert_never(event)


def _bundle(fact: Fact) -> dict[str, Any]:
    state: bundles.State = fact.state
    shown = state.in_force or state.draft or state.last
    assert shown is not None, "a bundle begins with a draft"
    return {
        "name": shown.name,
        "name_en": shown.name_en,
        "lead": shown.lead,
        "lead_name": shown.lead_name,
        "state": state.stage,
        "version": state.version,
        "drafts": state.drafts,
        "content": canonical(state.in_force) if state.in_force else "",
        "draft": canonical(state.draft) if state.draft else "",
        "items": _padded(state.in_force.items if state.in_force else ()),
        "updated_index": fact.index,
    }


def project_year(fact: Fact) -> Iterable[Row]:
    event: calendars.CalendarYearPublished = fact.event
    yield Put(
        CalendarYearRow,
        event.year,
        {
            "official": event.official,
            "off_days": _days(event.off_days),
            "makeup_days": _days(event.makeup_days),
            "source": event.source,
            "published_by": event.by,
            "published_at": event.at,
            "index": fact.index,
        },
    )


def project_resource(fact: Fact) -> Iterable[Row]:
    event: resources.Event = fact.event
    match event:
        case resources.ResourcePublished():
            yield Put(ResourceRow, fact.key, _resource(fact, event))
        case resources.ResourceWithdrawn():
            withdrawn = {"supplied": False, "reason": event.reason, "last_index": fact.index}
            yield Change(ResourceRow, fact.key, withdrawn)
        case _:
            assert_never(event)


def _resource(fact: Fact, event: resources.ResourcePublished) -> dict[str, Any]:
    content = event.content
    return {
        "version": event.version,
        "supplied": True,
        "name": content.name,
        "name_en": content.name_en,
        "supplier": content.supplier,
        "supplier_name": content.supplier_name,
        "content": canonical(content),
        "published_by": event.by,
        "published_at": event.at,
        "reason": "",
        "last_index": fact.index,
    }


def _padded(values: Iterable[str]) -> str:
    """Return `|a|b|`, so that one of several can be looked for exactly."""
    return "".join(f"|{value}" for value in values) + "|"


def _days(days: Iterable[date]) -> str:
    return " ".join(day.isoformat() for day in days)


def _rowno(key: str) -> int:
    """Return the number of an item in the search index: positive, 63 bits, never another's."""
    return int.from_bytes(sha256(key.encode()).digest()[:8]) >> 1


ITEM = Subject("item", DECIDER, project_item, (ItemRow, ItemVersionRow, DraftRow))
ADOPTION = Subject("adoption", adoptions.DECIDER, project_adoption, (AdoptionRow,))
BUNDLE = Subject("bundle", bundles.DECIDER, project_bundle, (BundleRow,))
CALENDAR = Subject("calendar", calendars.DECIDER, project_year, (CalendarYearRow,))
RESOURCE = Subject("resource", resources.DECIDER, project_resource, (ResourceRow,))
