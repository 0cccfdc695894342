"""Bundles (一件事一次办) and the items in them."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from mingtang.catalogue.models import BundleRow, ItemRow
from mingtang.catalogue.queries.item import Published, open_item
from mingtang.core import bundles
from mingtang.core.decider import Refused
from mingtang.core.wire import read
from mingtang.ledger.memory import until_changed


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
    """Return the bundles that may be applied for, by name."""
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
    found = {key: open_item(key) for key in items}
    return {key: one for key, one in found.items() if one and one.content.open_to_applications}
