"""Whose result is whose material (数据资源共享): a graph, worked out from what is published.

    item A ──its result──▶ entry of the resource directory ──is the material of──▶ item B

Nothing is stored: items in force and the directory say it all. Where the graph supplies a
material, an item may not ask the applicant for it (国务院关于在线政务服务的若干规定 art. 7), and is
not published until it says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mingtang.core.catalogue import ItemContent, Material
from mingtang.core.quality import Shortcoming
from mingtang.core.resources import ResourceContent

Directory = Mapping[str, ResourceContent]  # what is supplied today, by code


@dataclass(frozen=True)
class Edge:
    """“What `giver` gives is a material of `taker`.” Both are codes of items in force."""

    giver: str
    resource: str
    taker: str
    material: str  # key
    needed: str  # required | optional | deferrable


@dataclass(frozen=True)
class Graph:
    """Everything supplied among the items in force, in an order of its own: the same items and
    entries always give the same graph."""

    names: Mapping[str, str]  # of the items that have an edge, by code
    edges: tuple[Edge, ...]

    @cached_property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Return the circles (循环): items each of which, in the end, needs what it gives.

        An item that asks for its own result, as for a renewal, is a circle of one.
        """
        return circles({(edge.giver, edge.taker) for edge in self.edges})

    def into(self, item: str) -> tuple[Edge, ...]:
        """Return what need not be brought for this item (免提交)."""
        return tuple(edge for edge in self.edges if edge.taker == item)

    def out_of(self, item: str) -> tuple[Edge, ...]:
        """Return what this item's result is good for."""
        return tuple(edge for edge in self.edges if edge.giver == item)


def graph_of(
    items: Iterable[ItemContent], directory: Directory, gives: Mapping[str, Sequence[str]]
) -> Graph:
    """Return the graph of these items in force.

    `gives`: licence type → codes of the items whose grant gives it; a type nobody publishes has
    none.
    """
    found = {item.code: item for item in items if item.open_to_applications}
    givers = {
        code: sorted({*one.items, *(i for t in one.types for i in gives.get(t, ()))} & {*found})
        for code, one in directory.items()
    }
    edges = tuple(
        Edge(giver, material.supplied_by, taker, material.key, material.needed)
        for taker in sorted(found)
        for material in supplied(found[taker], directory)
        for giver in givers[material.supplied_by]
    )
    ends = {end for edge in edges for end in (edge.giver, edge.taker)}
    return Graph({code: found[code].name for code in sorted(ends)}, edges)


def supplied(item: ItemContent, directory: Directory) -> tuple[Material, ...]:
    """Return the materials an item reads from the directory, and asks of nobody."""
    return tuple(m for m in item.materials if m.shared and supply_of(m, item, directory))


def supply_of(
    material: Material, item: ItemContent, directory: Directory
) -> ResourceContent | None:
    """Return the entry that supplies a material to the department of this item, if one does."""
    found = directory.get(material.supplied_by)
    return found if found is not None and found.is_for(item.department) else None


def circles(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the strongly connected parts that hold a circle, each sorted, in order.

    Nodes reach each other both ways: a graph of an item list is small, and reach is plain.
    """
    ahead: dict[str, set[str]] = {}
    for giver, taker in pairs:
        ahead.setdefault(giver, set()).add(taker)
    reach = {node: _reached(node, ahead) for node in ahead}
    found = {
        tuple(sorted(other for other in reached if node in reach.get(other, ())))
        for node, reached in reach.items()
        if node in reached
    }
    return tuple(sorted(found))


def _reached(start: str, ahead: Mapping[str, set[str]]) -> set[str]:
    """Return every node that can be reached by one step or more."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for following in ahead.get(waiting.pop(), ()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return seen


# ── What keeps an item from being published ─────────────────────────────────


def shortcomings(item: ItemContent, directory: Directory) -> tuple[Shortcoming, ...]:
    """Return where an item asks for what the graph supplies, or names what nobody supplies.

    Together with `quality.shortcomings`, which sees the item alone. An item kept as history is
    not applied for and asks for nothing.
    """
    return tuple(_shortcomings(item, directory)) if item.open_to_applications else ()


def _shortcomings(item: ItemContent, directory: Directory) -> Iterator[Shortcoming]:
    for material in item.materials:
        if not material.supplied_by:
            if material.shared:
                yield Shortcoming("quality.material-supply-missing", "materials", material.name)
            continue
        entry = directory.get(material.supplied_by)
        told = f"{material.name} ← {entry.name if entry else material.supplied_by}"
        if entry is None:
            yield Shortcoming("quality.material-supply-unknown", "materials", told)
        elif not entry.is_for(item.department):
            if material.shared:
                yield Shortcoming("quality.material-supply-closed", "materials", told)
        elif not material.shared:
            yield Shortcoming(
                "quality.material-supplied-yet-asked", "materials", _from(told, entry)
            )


def _from(told: str, entry: ResourceContent) -> str:
    """Name who supplies it, and by which items."""
    givers = "、".join(entry.items or entry.types)
    return f"{told}（{entry.supplier_name}：{givers}）"


@dataclass(frozen=True)
class Likeness:
    """A material that goes by the name of an entry and does not say whether it is the same."""

    material: Material
    resource: ResourceContent


def likenesses(item: ItemContent, directory: Directory) -> tuple[Likeness, ...]:
    """Return the materials that read like something supplied (疑似可共享): to be looked at.

    A name alone decides nothing: “身份证” of the applicant and of a witness are two things.
    """
    if not item.open_to_applications:
        return ()
    known = {bare(one.name): one for one in directory.values() if one.is_for(item.department)}
    return tuple(
        Likeness(material, known[bare(material.name)])
        for material in item.materials
        if not material.supplied_by and bare(material.name) in known
    )


NOISE = str.maketrans("", "", " 　《》〈〉“”\"'（）()")
ENDINGS = ("复印件", "原件", "扫描件", "副本", "正本", "电子证照")


def bare(name: str) -> str:
    """Return a material's name without what says only in which form it comes."""
    name = name.translate(NOISE)
    while ending := next((e for e in ENDINGS if name.endswith(e) and name != e), ""):
        name = name.removesuffix(ending)
    return name


# ── The picture ─────────────────────────────────────────────────────────────


def layers(edges: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """Return in which column each node stands: right of all that lead to it, from 0.

    The nodes of one circle share a column.
    """
    pairs = sorted({*edges})
    nodes = sorted({end for pair in pairs for end in pair})
    part = {node: node for node in nodes}
    for circle in circles(pairs):
        part |= dict.fromkeys(circle, circle[0])
    column = dict.fromkeys(part.values(), 0)
    steps = [(part[a], part[b]) for a, b in pairs if part[a] != part[b]]
    for _round in column:  # the longest way is no longer than there are parts
        for a, b in steps:
            column[b] = max(column[b], column[a] + 1)
    return {node: column[part[node]] for node in nodes}


SWEEPS = 4  # there and back twice: enough for a picture of a page


def arranged(columns: Mapping[str, int], edges: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the nodes column by column, near those they are tied to."""
    tied: dict[str, set[str]] = {node: set() for node in columns}
    for a, b in edges:
        tied[a].add(b)
        tied[b].add(a)
    rows: dict[int, list[str]] = {}
    for node in sorted(columns):
        rows.setdefault(columns[node], []).append(node)
    place = {node: float(n) for row in rows.values() for n, node in enumerate(row)}
    for sweep in range(SWEEPS):
        for column in sorted(rows, reverse=bool(sweep % 2)):
            row = rows[column]
            row.sort(key=lambda node: (_middle(node, tied, columns, place), node))
            place |= {node: float(n) for n, node in enumerate(row)}
    return tuple(node for column in sorted(rows) for node in rows[column])


def _middle(
    node: str,
    tied: Mapping[str, set[str]],
    columns: Mapping[str, int],
    place: Mapping[str, float],
) -> float:
    """Return where those it is tied to in other columns stand on average, or its own place."""
    others = [place[one] for one in tied[node] if columns[one] != columns[node]]
    return sum(others) / len(others) if others else place[node]
