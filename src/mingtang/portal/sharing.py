"""Whose result is whose material (数据资源共享), as the public pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mingtang.catalogue import queries as catalogue
from mingtang.core import sharing
from mingtang.core.catalogue import ItemContent
from mingtang.core.resources import ResourceContent
from mingtang.core.sharing import Edge, Graph
from mingtang.ledger.memory import until_changed
from mingtang.licences import queries as licences
from mingtang.portal import bodies, words
from mingtang.ui.layers import Label, layer_chart

MOST_DRAWN = 60  # boxes that a picture still shows; more are found by searching


@dataclass(frozen=True, slots=True)
class Named:
    """An item as a link."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Spared:
    """A material nobody has to bring: what it is, whose, and which items give it."""

    material: str
    resource: str
    supplier: str
    givers: Sequence[Named]
    required: bool


@dataclass(frozen=True, slots=True)
class Use:
    """What a result is good for: the item, and what it need not be brought as there."""

    item: Named
    resource: str


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the graph: what need not be brought for it, what its result is good for."""

    item: Named
    spared: Sequence[Spared]
    uses: Sequence[Use]


@until_changed("item", "resource", "licence-type")
def graph() -> Graph:
    """Return the graph of everything in force (共享图)."""
    gives: dict[str, list[str]] = {}
    for item, type in licences.types_in_use().items():
        gives.setdefault(type.key, []).append(item)
    return catalogue.sharing_graph(gives)


def spared(item: ItemContent) -> list[Spared]:
    """Return what need not be brought for an item (免提交材料)."""
    edges = graph().into(item.code)
    return [
        Spared(
            material=words.named(material.name, material.name_en),
            resource=words.named(entry.name, entry.name_en),
            supplier=bodies.name(entry.supplier, entry.supplier_name),
            givers=[named(edge.giver) for edge in edges if edge.material == material.key],
            required=material.needed == "required",
        )
        for material in sharing.supplied(item, catalogue.directory())
        if (entry := catalogue.directory().get(material.supplied_by))
    ]


def uses(code: str) -> list[Use]:
    """Return what the result of an item is good for."""
    directory = catalogue.directory()
    return [
        Use(named(edge.taker), words.named(entry.name, entry.name_en))
        for edge in graph().out_of(code)
        if (entry := directory.get(edge.resource))
    ]


def named(code: str) -> Named:
    found = catalogue.item_in_force(code)
    name = words.named(found.content.name, found.content.name_en)
    return Named(name, reverse("portal:guide", args=[found.key]))


def lines(text: str) -> list[Line]:
    """Return the items of the graph that fit a search, those that ask for least by others first."""
    found = []
    for code in graph().names:
        content = catalogue.item_in_force(code).content
        line = Line(named(code), spared(content), uses(code))
        if text.lower() in _searched(line, content):
            found.append(line)
    return sorted(found, key=lambda line: (-len(line.spared), -len(line.uses), line.item.name))


def _searched(line: Line, content: ItemContent) -> str:
    said = [content.name, content.name_en, content.code, content.department_name]
    said += [part for one in line.spared for part in (one.material, one.resource, one.supplier)]
    said += [one.resource for one in line.uses]
    return "\n".join(said).lower()


def circles() -> list[list[Named]]:
    """Return the circles of more than one item; asking for one's own result is a renewal."""
    return [[named(code) for code in one] for one in graph().circles if len(one) > 1]


# ── The picture ─────────────────────────────────────────────────────────────


def picture(text: str, shown: Sequence[Line]) -> SafeString | None:
    """Return the graph as a drawing, of what was searched and what stands beside it; None where
    that is too much for one picture, or nothing."""
    names = {line.item.url for line in shown}
    edges = [one for one in graph().edges if not text or _touches(one, names)]
    pairs = {(f"i:{e.giver}", f"r:{e.resource}") for e in edges}
    pairs |= {(f"r:{e.resource}", f"i:{e.taker}") for e in edges}
    columns = sharing.layers(pairs)
    if not columns or len(columns) > MOST_DRAWN:
        return None
    labels = _labels(sharing.arranged(columns, pairs), catalogue.directory())
    in_circles = {code for circle in graph().circles if len(circle) > 1 for code in circle}
    return layer_chart(
        labels,
        pairs,
        columns,
        title=_("数据资源共享图：左边办成的结果，是右边事项的材料"),
        marked={f"i:{code}" for code in in_circles},
    )


def _touches(edge: Edge, urls: set[str]) -> bool:
    return bool({named(edge.giver).url, named(edge.taker).url} & urls)


def _labels(nodes: Sequence[str], directory: Mapping[str, ResourceContent]) -> dict[str, Label]:
    found = {}
    for node in nodes:
        kind, _colon, code = node.partition(":")
        if kind == "r":
            entry = directory[code]
            found[node] = Label(words.named(entry.name, entry.name_en), between=True)
        else:
            found[node] = Label(named(code).name)
    return found
