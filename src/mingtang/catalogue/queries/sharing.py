"""The resource directory, and whose result is whose material."""

import json
from collections.abc import Collection, Mapping

from mingtang.catalogue.models import ResourceRow
from mingtang.catalogue.queries.item import content_of
from mingtang.catalogue.queries.searching import published
from mingtang.core import sharing
from mingtang.core.catalogue import ItemContent
from mingtang.core.resources import ResourceContent
from mingtang.core.sharing import Graph
from mingtang.core.wire import canonical, read
from mingtang.ledger.memory import until_changed

READS = canonical({"shared": True})[1:-1]  # stands in an item that reads from the directory


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
    """Return an entry of the directory with its row; None: there is none by this code."""
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
    return [content_of(row.content) for row in rows]


def users_of(code: str) -> list[str]:
    """Return the names of the items in force that read this entry."""
    found = _givers_and_takers(frozenset())
    return [one.name for one in found if code in {m.supplied_by for m in one.materials}]
