"""The flow chart of an item as a drawing (流程图): SVG from top to bottom, readable on a phone.

Colours are the tokens of the stylesheet with the light ones to fall back on, given as
attributes: a page allows no style of its own, and the file looks right outside a page too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingtang.core.flow import GATEWAYS, Edge, Flow, Kind, Node

WIDTH = 108  # of a box; three beside one another fit a phone
HALF_LANE = 60  # lanes next to one another are 2 apart
GAP = 44  # between layers, room for an edge's label
LINE, SMALL = 18, 15  # heights of a line of label, of the note under it
ROOM = 14  # label units to a line: a Chinese character counts 2
PAD = 4
ARROW = 5
BACK_LANE = 14  # between the ways back, which run beside everything else
BACK_LABEL = 36

INK, MUTED, SURFACE = "var(--ink, #1B1F24)", "var(--muted, #5B6470)", "var(--surface, #fff)"
EDGE, GOOD, BRAND = "var(--edge, #8B8F94)", "var(--good, #1E6B4F)", "var(--brand, #A6261D)"
GOOD_BACK, NOW_BACK = "var(--good-bg, #E8F1EC)", "var(--warn-bg, #F8EFDC)"
SANS = "PingFang SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, system-ui, sans-serif"


@dataclass(frozen=True)
class _Box:
    """A node with its place on the drawing: centre, size, lines of text."""

    node: Node
    x: int
    top: int
    height: int
    lines: Sequence[str]
    note: str

    @property
    def bottom(self) -> int:
        return self.top + self.height


def flow_chart(
    graph: Flow,
    *,
    title: str,
    walked: Collection[str] = (),
    now: Collection[str] = (),
    again: Collection[str] = (),
    english: bool = False,
) -> SafeString:
    """Return the chart as SVG. `walked` are ids of edges gone along, `now` of nodes open now,
    `again` of those to be passed once more."""
    boxes, width, height = _placed(graph, english=english)
    done = {end for edge in graph.edges if edge.id in walked for end in (edge.source, edge.target)}
    done -= set(again)
    back = [edge for edge in graph.edges if edge.returned]
    margin = width
    width += BACK_LANE * len(back) + (BACK_LABEL if back else 0)
    words = in_words(graph, english=english)
    said = [f"{name} → {behind}" for name, behind, _state in words]
    said += [
        _("退回：%(source)s → %(target)s")
        % {
            "source": _label(graph.node(edge.source), english=english),
            "target": _label(graph.node(edge.target), english=english),
        }
        for edge in back
    ]
    forward = [edge for edge in graph.edges if not edge.returned]
    last_walked = sorted(forward, key=lambda edge: edge.id in walked)
    drawn = [_edge(boxes, edge, edge.id in walked, english=english) for edge in last_walked]
    drawn += [
        _way_back(boxes, edge, margin + BACK_LANE * place, place, english=english)
        for place, edge in enumerate(back)
    ]
    drawn += [_node(box, box.node.id in done, box.node.id in now) for box in boxes.values()]
    return format_html(
        '<svg class="flow-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"'
        ' width="{}" role="img" aria-label="{}" font-family="{}" font-size="14"'
        ' text-anchor="middle"><desc>{}</desc>{}</svg>',
        width,
        height,
        width,
        title,
        SANS,
        "；".join(said),
        format_html_join("", "{}", ((one,) for one in drawn)),
    )


def in_words(
    graph: Flow,
    *,
    walked: Collection[str] = (),
    now: Collection[str] = (),
    english: bool = False,
) -> list[tuple[str, str, str]]:
    """Return the chart as text: a step, what comes behind it, and "done", "now" or ""."""
    done = {end for edge in graph.edges if edge.id in walked for end in (edge.source, edge.target)}
    lines = []
    for node in graph.nodes:
        behind = _behind(graph, node, english=english)
        if node.kind not in GATEWAYS and behind:
            state = "now" if node.id in now else "done" if node.id in done else ""
            note = _note(node)
            name = _label(node, english=english) + (f"（{note}）" if note else "")
            lines.append((name, _("、").join(behind), state))
    return lines


def _behind(graph: Flow, node: Node, *, english: bool) -> list[str]:
    """Return the labels of the steps behind a node, looking through gateways."""
    found: dict[str, None] = {}
    for edge in graph.edges:
        if edge.source == node.id and not edge.returned:
            target = graph.node(edge.target)
            if target.kind in GATEWAYS:
                found |= dict.fromkeys(_behind(graph, target, english=english))
            else:
                found[_label(target, english=english)] = None
    return list(found)


# ── Places ──────────────────────────────────────────────────────────────────


def _placed(graph: Flow, *, english: bool) -> tuple[dict[str, _Box], int, int]:
    lanes = [node.lane for node in graph.nodes]
    lanes += [lane for edge in graph.edges for _layer, lane in edge.via]
    left = min(lanes)
    width = (max(lanes) - left) * HALF_LANE + WIDTH + 2 * PAD
    layers = 1 + max(node.layer for node in graph.nodes)
    tops, top = [], PAD
    for layer in range(layers):
        tops.append(top)
        here = [node for node in graph.nodes if node.layer == layer]
        top += max(_height(node, english=english) for node in here) + GAP
    boxes = {
        node.id: _Box(
            node=node,
            x=PAD + WIDTH // 2 + (node.lane - left) * HALF_LANE,
            top=tops[node.layer],
            height=_height(node, english=english),
            lines=_lines(_label(node, english=english)),
            note=_note(node),
        )
        for node in graph.nodes
    }
    return boxes, width, top - GAP + PAD


def _height(node: Node, *, english: bool) -> int:
    if node.kind in GATEWAYS:
        return 32
    lines = _lines(_label(node, english=english))
    return 18 + LINE * len(lines) + (SMALL if _note(node) else 0)


def _label(node: Node, *, english: bool) -> str:
    return (english and node.label_en) or node.label


def _note(node: Node) -> str:
    if not node.days:
        return ""
    return ngettext("%(days)s 个工作日", "%(days)s 个工作日", node.days) % {"days": node.days}


def _lines(label: str) -> list[str]:
    """Break a label into at most three lines, at spaces where it has them."""
    lines = [""]
    for part in _parts(label):
        if lines[-1] and _units(lines[-1] + part) > ROOM:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    if len(lines) > 3:
        lines = [*lines[:2], lines[2][:-1] + "…"]
    return lines


def _parts(label: str) -> list[str]:
    """Cut where a line may end: between Chinese characters, before the space of a word."""
    parts: list[str] = []
    for sign in label:
        if parts and sign != " " and _units(sign) == 1 and _units(parts[-1][-1]) == 1:
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def _units(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


# ── Drawing ─────────────────────────────────────────────────────────────────


def _node(box: _Box, done: bool, now: bool) -> SafeString:
    fill = NOW_BACK if now else GOOD_BACK if done else SURFACE
    line = BRAND if now else GOOD if done else EDGE
    weight = 3 if now else 1.5
    if box.node.kind in GATEWAYS:
        return _gateway(box, fill, line)
    left = box.x - WIDTH // 2
    rounded = box.height // 2 if box.node.kind in (Kind.START, Kind.END) else 4
    shape = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"'
        ' stroke-width="{}"/>',
        left,
        box.top,
        WIDTH,
        box.height,
        rounded,
        fill,
        line,
        weight,
    )
    texts = [
        format_html(
            '<text x="{}" y="{}" fill="{}">{}</text>', box.x, box.top + 23 + LINE * row, INK, text
        )
        for row, text in enumerate(box.lines)
    ]
    if box.note:
        texts.append(
            format_html(
                '<text x="{}" y="{}" font-size="12" fill="{}">{}</text>',
                box.x,
                box.top + 21 + LINE * len(box.lines),
                MUTED,
                box.note,
            )
        )
    state = " now" if now else " done" if done else ""
    return format_html(
        '<g class="node{}" data-node="{}">{}{}</g>',
        state,
        box.node.id,
        shape,
        format_html_join("", "{}", ((text,) for text in texts)),
    )


SIGNS = {Kind.FORK: "＋", Kind.JOIN_ALL: "＋", Kind.JOIN_ANY: "○", Kind.CHOICE: "？"}


def _gateway(box: _Box, fill: str, line: str) -> SafeString:
    middle, half = box.top + box.height // 2, box.height // 2
    return format_html(
        '<g class="gateway" data-node="{}"><path d="M{} {}l{} {}l-{} {}l-{} -{}z" fill="{}"'
        ' stroke="{}" stroke-width="1.5"/>'
        '<text x="{}" y="{}" font-size="13" fill="{}">{}</text></g>',
        box.node.id,
        box.x,
        box.top,
        half,
        half,
        half,
        half,
        half,
        half,
        fill,
        line,
        box.x,
        middle + 5,
        MUTED,
        SIGNS[box.node.kind],
    )


def _edge(boxes: dict[str, _Box], edge: Edge, gone: bool, *, english: bool) -> SafeString:
    source, target = boxes[edge.source], boxes[edge.target]
    colour, weight = (GOOD, 2.5) if gone else (EDGE, 1.5)
    if edge.back:
        side = target.x + WIDTH // 2
        middle = target.top + target.height // 2
        start = source.x + WIDTH // 4
        path = f"M{start} {source.top}V{middle}H{side + ARROW}"
        arrow = f"M{side} {middle}l{2 * ARROW} -{ARROW}v{2 * ARROW}z"
    else:
        path = _down(boxes, edge, source, target)
        arrow = f"M{target.x} {target.top}l-{ARROW} -{2 * ARROW}h{2 * ARROW}z"
    label = (english and edge.label_en) or edge.label
    outward = target.x > source.x  # then the words stand on the inner side
    words = (
        format_html(
            '<text x="{}" y="{}" font-size="12" text-anchor="{}" fill="{}">{}</text>',
            target.x + (-8 if outward else 8),
            target.top - 7,
            "end" if outward else "start",
            MUTED,
            label,
        )
        if label
        else ""
    )
    return format_html(
        '<g class="edge{}" data-edge="{}">'
        '<path d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>'
        '<path d="{}" fill="{}"/>{}</g>',
        " walked" if gone else "",
        edge.id,
        path,
        colour,
        weight,
        SafeString(' stroke-dasharray="4 4"') if edge.back else "",
        arrow,
        colour,
        words,
    )


def _way_back(
    boxes: dict[str, _Box], edge: Edge, x: int, place: int, *, english: bool
) -> SafeString:
    """Return the way a case was returned along: out of its node, up the margin, in from below."""
    source, target = boxes[edge.source], boxes[edge.target]
    shift = 4 * (place % 4)
    out = source.top - GAP // 4 - shift
    into = target.bottom + GAP // 4 + shift
    start, end = source.x + WIDTH // 3, target.x + WIDTH // 3
    path = f"M{start} {source.top}V{out}H{x}V{into}H{end}V{target.bottom + ARROW}"
    arrow = f"M{end} {target.bottom}l{ARROW} {2 * ARROW}h-{2 * ARROW}z"
    return format_html(
        '<g class="edge returned" data-edge="{}"><path d="{}" fill="none" stroke="{}"'
        ' stroke-width="2" stroke-dasharray="6 4"/><path d="{}" fill="{}"/>'
        '<text x="{}" y="{}" font-size="12" text-anchor="start" fill="{}">{}</text></g>',
        edge.id,
        path,
        BRAND,
        arrow,
        BRAND,
        x + 5,
        (out + into) // 2,
        BRAND,
        (english and edge.label_en) or edge.label if place == 0 else "",
    )


def _down(boxes: dict[str, _Box], edge: Edge, source: _Box, target: _Box) -> str:
    """Return the way down: straight where it can be, with one step to the side a layer."""
    tops = {box.node.layer: box.top for box in boxes.values()}
    shift = target.x - target.node.lane * HALF_LANE
    path = f"M{source.x} {source.bottom}"
    for layer, lane in (*edge.via, (target.node.layer, target.node.lane)):
        path += f"V{tops[layer] - GAP // 2}H{shift + lane * HALF_LANE}"
    return f"{path}V{target.top - ARROW}"
