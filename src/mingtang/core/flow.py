"""The flow chart (办理流程图) of an item: the statutory backbone with the item's own steps inside.

    申请 → 接件 → ◇ → 受理 → steps → 决定 → ◇ → 制证 → 送达 → 办结
                   ├→ 一次性告知补正 → 接件       └→ 不予 → 送达
                   └→ 不予受理

One graph serves the published chart, the picture of a case's progress and the BPMN file, so
that what is shown is what runs. A node stands in a `layer` (order of things) and a `lane`
(beside one another, 0 in the middle, 2 apart); drawing it is left to others.

Source of the backbone: 行政许可法 art. 29, 30, 32, 34, 37, 38, 44.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mingtang.core.catalogue import FirstReview, ItemContent, Join, ResultKind, Step


class Kind(StrEnum):
    START = "start"
    TASK = "task"
    CHOICE = "choice"  # exactly one way leads on
    FORK = "fork"  # every way leads on
    JOIN_ALL = "join_all"  # 会签: waits for all
    JOIN_ANY = "join_any"  # 或签: the first is enough
    END = "end"


FIRST_REVIEW = "first-review"  # what its step is called: as the task of a case is
GATEWAYS = (Kind.CHOICE, Kind.FORK, Kind.JOIN_ALL, Kind.JOIN_ANY)


@dataclass(frozen=True, kw_only=True)
class Node:
    id: str
    kind: Kind
    label: str = ""
    label_en: str = ""
    days: int = 0  # limit of a step, working days
    department: str = ""  # organisation code of a step done elsewhere
    layer: int = 0
    lane: int = 0


@dataclass(frozen=True, kw_only=True)
class Edge:
    source: str
    target: str
    label: str = ""
    label_en: str = ""
    back: bool = False  # leads back up
    returned: bool = False  # not of the item: somebody returned a case along it
    via: tuple[tuple[int, int], ...] = ()  # (layer, lane) it passes between its ends

    @property
    def id(self) -> str:
        return f"{self.source}--{self.target}"


@dataclass(frozen=True)
class Flow:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.id == name)


def step_node(key: str) -> str:
    """Return the id of a step's node."""
    return f"step.{key}"


# ── The backbone ────────────────────────────────────────────────────────────

BEFORE = (
    Node(id="applied", kind=Kind.START, label="申请", label_en="Apply"),
    Node(id="intake", kind=Kind.TASK, label="接件", label_en="Intake"),
    Node(id="check", kind=Kind.CHOICE, label="材料审核", label_en="Check"),
    Node(id="not-accepted", kind=Kind.END, label="不予受理", label_en="Not accepted"),
    Node(id="accepted", kind=Kind.TASK, label="受理", label_en="Accept"),
    Node(
        id="correction",
        kind=Kind.TASK,
        label="一次性告知补正",
        label_en="One correction notice",
    ),
)
AFTER: tuple[Node, ...] = (
    Node(id="decided", kind=Kind.TASK, label="决定", label_en="Decide"),
    Node(id="outcome", kind=Kind.CHOICE, label="是否准予", label_en="Granted?"),
    Node(id="issued", kind=Kind.TASK, label="制证", label_en="Make certificate"),
    Node(id="refused", kind=Kind.TASK, label="不予决定", label_en="Reasoned refusal"),
    Node(id="delivered", kind=Kind.TASK, label="送达", label_en="Deliver"),
    Node(id="closed", kind=Kind.END, label="办结", label_en="Close"),
)
TO_ACCEPTANCE = (
    Edge(source="applied", target="intake"),
    Edge(source="intake", target="check"),
    Edge(source="check", target="not-accepted", label="依法不受理", label_en="not for us"),
    Edge(source="check", target="accepted", label="齐全", label_en="complete"),
    Edge(source="check", target="correction", label="不齐全", label_en="gaps"),
    Edge(source="correction", target="intake", back=True),
)
FROM_DECISION: tuple[Edge, ...] = (
    Edge(source="decided", target="outcome"),
    Edge(source="outcome", target="issued", label="准予", label_en="granted"),
    Edge(source="outcome", target="refused", label="不予", label_en="refused"),
    Edge(source="issued", target="delivered"),
    Edge(source="refused", target="delivered"),
    Edge(source="delivered", target="closed"),
)
NOTHING_TO_ISSUE: tuple[Edge, ...] = (
    FROM_DECISION[0],
    Edge(source="outcome", target="delivered", label="准予", label_en="granted"),
    *(edge for edge in FROM_DECISION[1:] if "issued" not in (edge.source, edge.target)),
)


def flow(content: ItemContent) -> Flow:
    """Return the whole graph, laid out. A draft with steps in a circle is drawn without it."""
    nodes, edges = _steps(_with_first_review(content))
    after, ending = AFTER, FROM_DECISION
    if content.result_kind is ResultKind.NONE:
        after = tuple(node for node in AFTER if node.id != "issued")
        ending = NOTHING_TO_ISSUE
    return _laid_out((*BEFORE, *nodes, *after), (*TO_ACCEPTANCE, *edges, *ending))


def _with_first_review(content: ItemContent) -> tuple[Step, ...]:
    """Return the steps between acceptance and decision: a first review (初审) before all others."""
    if not content.first_reviews:
        return content.steps
    first = Step(
        key=FIRST_REVIEW,
        name="下级机关初审",
        name_en="First review below",
        days=max(one.days for one in content.first_reviews),
        department=_only(content.first_reviews),
    )
    behind = (replace(s, after=s.after or (FIRST_REVIEW,)) for s in content.steps)
    return (first, *behind)


def _only(reviews: Sequence[FirstReview]) -> str:
    return reviews[0].organ if len(reviews) == 1 else ""


def with_returns(graph: Flow, ways: Iterable[tuple[str, str]]) -> Flow:
    """Return the graph with the ways a case was returned along (退回), each once."""
    back = tuple(
        Edge(source=source, target=target, label="退回", label_en="returned", returned=True)
        for source, target in dict.fromkeys(ways)
    )
    return replace(graph, edges=graph.edges + back)


def walked(graph: Flow, reached: Iterable[str], waiting: Collection[str] = ()) -> frozenset[str]:
    """Return the ids of the edges a case has gone along, given the nodes it has reached.

    `waiting`: those it has reached and not left; nothing behind one of them was reached through
    it, unless the case had left it before.

    Gateways need not be named: one is passed when a node before it and one behind it are.
    The way back from a correction counts once the case has gone on.
    """
    ahead, behind = defaultdict(list), defaultdict(list)
    for edge in graph.edges:
        ahead[edge.source].append(edge.target)
        behind[edge.target].append(edge.source)
    gateways = {node.id for node in graph.nodes if node.kind in GATEWAYS}
    passed = set(reached)

    def touches(gateway: str, ways: Mapping[str, Sequence[str]]) -> bool:
        return any(
            way in passed or (way in gateways and touches(way, ways)) for way in ways[gateway]
        )

    held = set(waiting)

    passed |= {name for name in gateways if touches(name, ahead) and touches(name, behind)}
    went_on = "accepted" in passed or "not-accepted" in passed
    return frozenset(
        edge.id
        for edge in graph.edges
        if edge.source in passed and edge.target in passed and (went_on or not edge.back)
        if edge.source not in held or edge.back
    )


# ── The item's own steps ────────────────────────────────────────────────────


def waits(steps: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """Return which known steps each step waits for, by key, leaving out what runs in a circle."""
    circle = in_circles(steps)
    known = {step.key for step in steps}
    return {
        step.key: tuple(
            key for key in dict.fromkeys(step.after) if key in known and key not in circle
        )
        for step in steps
    }


def in_circles(steps: Sequence[Step]) -> frozenset[str]:
    """Return the keys of the steps that in the end wait for themselves."""
    after = {step.key: step.after for step in steps}
    return frozenset(key for key in after if key in _all_before(key, after))


def unreachable(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps that can never begin, because one they wait for never can."""
    after = {step.key: step.after for step in steps}
    stuck = in_circles(steps)
    return tuple(
        step for step in steps if step.key in stuck or _all_before(step.key, after) & stuck
    )


def longest_days(steps: Sequence[Step]) -> int:
    """Return the working days the steps may take at most, each keeping its own limit.

    A step that waits for any one of several begins with the earliest of them.
    """
    before = waits(steps)
    by_key = {step.key: step for step in steps}
    end: dict[str, int] = {}
    for key in _in_order(before):
        ends = [end[one] for one in before[key]] or [0]
        step = by_key[key]
        end[key] = step.days + (min(ends) if step.join is Join.ANY else max(ends))
    return max(end.values(), default=0)


def _all_before(key: str, after: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(after[key])
    while todo:
        one = todo.pop()
        if one in after and one not in found:
            found.add(one)
            todo += after[one]
    return found


def _in_order(before: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the keys so that each stands after all it waits for. No circles in, please."""
    order: dict[str, None] = {}

    def place(key: str) -> None:
        if key not in order:
            for one in before[key]:
                place(one)
            order[key] = None

    for key in before:
        place(key)
    return list(order)


def _steps(steps: Sequence[Step]) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and edges between acceptance and decision, gateways included."""
    by_key = {step.key: step for step in steps}
    before = waits(steps)
    ways = [
        (step_node(one), step_node(key)) if one else ("accepted", step_node(key))
        for key in _in_order(before)
        for one in before[key] or ("",)
    ]
    awaited = {one for keys in before.values() for one in keys}
    ways += [(step_node(key), "decided") for key in before if key not in awaited]
    ways = ways or [("accepted", "decided")]
    out, into = Counter(a for a, _ in ways), Counter(b for _, b in ways)
    any_of = {step_node(key) for key, step in by_key.items() if step.join is Join.ANY}

    nodes = [_node(by_key[key]) for key in before]
    nodes += [Node(id=f"fork.{name}", kind=Kind.FORK) for name in out if out[name] > 1]
    nodes += [
        Node(id=f"join.{name}", kind=Kind.JOIN_ANY if name in any_of else Kind.JOIN_ALL)
        for name in into
        if into[name] > 1
    ]
    edges = [Edge(source=name, target=f"fork.{name}") for name in out if out[name] > 1]
    edges += [
        Edge(
            source=f"fork.{a}" if out[a] > 1 else a,
            target=f"join.{b}" if into[b] > 1 else b,
        )
        for a, b in ways
    ]
    edges += [Edge(source=f"join.{name}", target=name) for name in into if into[name] > 1]
    return nodes, edges


def _node(step: Step) -> Node:
    return Node(
        id=step_node(step.key),
        kind=Kind.TASK,
        label=step.name,
        label_en=step.name_en,
        days=step.days,
        department=step.department,
    )


# ── Layout ──────────────────────────────────────────────────────────────────


def _laid_out(nodes: Sequence[Node], edges: Sequence[Edge]) -> Flow:
    """Give every node its layer and lane, and every long edge the places it passes.

    A long edge holds a place in each layer it crosses, so that nothing is drawn over it.
    Within a layer, things stand in the order of what leads to them.
    """
    layer = _layers(nodes, edges)
    rows: list[list[str]] = [[] for _ in range(1 + max(layer.values()))]
    leads: dict[str, list[str]] = defaultdict(list)  # place → the places just before it
    for node in nodes:
        rows[layer[node.id]].append(node.id)
    for edge in edges:
        if not edge.back:
            last = edge.source
            for row in _between(edge, layer):
                rows[row].append(place := f"{edge.id}@{row}")
                leads[place].append(last)
                last = place
            leads[edge.target].append(last)
    lane = _lanes(rows, leads)

    def passing(edge: Edge) -> Edge:
        if edge.back:
            return replace(edge, via=((layer[edge.target], lane[edge.source]),))
        return replace(
            edge, via=tuple((row, lane[f"{edge.id}@{row}"]) for row in _between(edge, layer))
        )

    return Flow(
        tuple(replace(node, layer=layer[node.id], lane=lane[node.id]) for node in nodes),
        tuple(passing(edge) for edge in edges),
    )


def _layers(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, int]:
    """Put every node one layer below the lowest that leads to it."""
    before: dict[str, list[str]] = {node.id: [] for node in nodes}
    for edge in edges:
        if not edge.back:
            before[edge.target].append(edge.source)
    layer: dict[str, int] = {}
    for name in _in_order(before):
        layer[name] = 1 + max((layer[one] for one in before[name]), default=-1)
    return layer


def _between(edge: Edge, layer: Mapping[str, int]) -> range:
    return range(layer[edge.source] + 1, layer[edge.target])


def _lanes(rows: Sequence[Sequence[str]], leads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    lane: dict[str, int] = {}
    for row in rows:
        wanted = {
            place: sum(lane[one] for one in leads[place]) / len(leads[place])
            if leads.get(place)
            else 0
            for place in row
        }
        for number, place in enumerate(sorted(row, key=wanted.__getitem__)):
            lane[place] = 2 * number - (len(row) - 1)
    return lane
