"""One item and its versions: the one in force, and those before it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.catalogue.models import ItemRow, ItemVersionRow
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.decider import Refused
from mingtang.core.wire import read
from mingtang.ledger.memory import until_changed


@dataclass(frozen=True, slots=True)
class Published:
    """A version of an item as it was published."""

    key: str
    version: int
    content: ItemContent


def item_in_force(name: str) -> Published:
    """Return the item with this key or code. Raises Refused: item.not-in-force."""
    found = open_item(name) or open_item(key_of(name))
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
def open_item(key: str) -> Published | None:
    """Return the version of an item that is in force; None: there is none."""
    row = ItemRow.objects.filter(pk=key, state="in_force").first()
    return Published(key, row.version, version(key, row.version)) if row else None


@until_changed("item")
def version(key: str, number: int) -> ItemContent:
    """Return a version as it was published; cases read the one they began under.

    Raises ItemVersionRow.DoesNotExist.
    """
    return content_of(
        ItemVersionRow.objects.values_list("content", flat=True).get(pk=f"{key}.{number}")
    )


def versions(key: str) -> list[ItemVersionRow]:
    """Return every version there was, newest first, without their contents."""
    return list(ItemVersionRow.objects.filter(key=key).order_by("-version").defer("content"))


def named(keys: Iterable[str]) -> list[ItemRow]:
    """Return the items with these keys, in whatever state, for their names."""
    return list(ItemRow.objects.filter(pk__in=list(keys)).defer("bigrams"))


def known_keys() -> set[str]:
    """Return the keys of all items there are, in whatever state."""
    return set(ItemRow.objects.values_list("key", flat=True))


def content_of(text: str) -> ItemContent:
    """Read an item's content as its rows keep it."""
    content: ItemContent = read(ItemContent, json.loads(text))
    return content
