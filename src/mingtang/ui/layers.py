"""What leads to what, as a drawing in columns (分层图): SVG from left to right.

Colours are tokens of the stylesheet with the light ones to fall back on, given as attributes, as
in `ui.flowchart`: a page allows no style of its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, GAP = 168, 56  # of a box; between columns
LINE, ROW = 18, 14  # height of a line of label; between boxes
ROOM = 20  # label units to a line: a Chinese character counts 2
PAD = 4
ARROW = 5
INK, SURFACE = "var(--ink, #1B1F24)", "var(--surface, #fff)"
EDGE, BETWEEN = "var(--edge, #8B8F94)", "var(--rest-bg, #F3F1EC)"
BRAND = "var(--brand, #A6261D)"
SANS = "PingFang SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, system-ui, sans-serif"


@dataclass(frozen=True)
class Label:
    """A box: its words, and whether it stands between others rather than for itself."""

    text: str
    between: bool = False


@dataclass(frozen=True)
class _Box:
    x: int
    top: int
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return 16 + LINE * len(self.lines)

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


def layer_chart(
    labels: Mapping[str, Label],
    edges: Collection[tuple[str, str]],
    columns: Mapping[str, int],
    *,
    title: str,
    marked: Collection[str] = (),
) -> SafeString:
    """Return the drawing. `columns`: where each node stands, from 0; `marked`: nodes to point out.

    Nodes stand in the order they are given, one below another.
    """
    tops: dict[int, int] = {}
    boxes: dict[str, _Box] = {}
    for name, label in labels.items():
        column = columns[name]
        box = _Box(PAD + column * (WIDTH + GAP), tops.get(column, PAD), _lines(label.text))
        boxes[name], tops[column] = box, box.top + box.height + ROW
    width = (max(columns.values(), default=0) + 1) * (WIDTH + GAP) - GAP + 2 * PAD
    drawn = [_edge(boxes[a], boxes[b], back=columns[a] >= columns[b]) for a, b in sorted(edges)]
    drawn += [_node(boxes[name], label, name in marked) for name, label in labels.items()]
    return format_html(
        '<svg class="layer-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"'
        ' width="{}" role="img" aria-label="{}" font-family="{}" font-size="14"'
        ' text-anchor="middle">{}</svg>',
        width,
        max(tops.values(), default=PAD) - ROW + PAD,
        width,
        title,
        SANS,
        format_html_join("", "{}", ((one,) for one in drawn)),
    )


def _node(box: _Box, label: Label, marked: bool) -> SafeString:
    texts = [
        format_html(
            '<text x="{}" y="{}" fill="{}">{}</text>',
            box.x + WIDTH // 2,
            box.top + 21 + LINE * row,
            INK,
            text,
        )
        for row, text in enumerate(box.lines)
    ]
    return format_html(
        '<g><rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"'
        ' stroke-width="{}"/>{}</g>',
        box.x,
        box.top,
        WIDTH,
        box.height,
        box.height // 2 if label.between else 4,
        BETWEEN if label.between else SURFACE,
        BRAND if marked else EDGE,
        3 if marked else 1.5,
        format_html_join("", "{}", ((text,) for text in texts)),
    )


def _edge(source: _Box, target: _Box, *, back: bool) -> SafeString:
    x, y = source.x + WIDTH, source.middle
    to, end = target.x - ARROW, target.middle
    bend = GAP // 2
    if back:  # of a circle: around below both
        low = max(source.top + source.height, target.top + target.height) + ROW // 2
        path = f"M{x} {y}h{bend // 2}V{low}H{to - bend // 2}V{end}H{to}"
    else:
        path = f"M{x} {y}C{x + bend} {y} {to - bend} {end} {to} {end}"
    arrow = f"M{target.x} {end}l-{2 * ARROW} -{ARROW}v{2 * ARROW}z"
    return format_html(
        '<g><path d="{}" fill="none" stroke="{}" stroke-width="1.5"{}/>'
        '<path d="{}" fill="{}"/></g>',
        path,
        EDGE,
        SafeString(' stroke-dasharray="4 4"') if back else "",
        arrow,
        EDGE,
    )


def _lines(label: str) -> tuple[str, ...]:
    """Break a label into at most three lines, at spaces where it has them."""
    lines = [""]
    for part in _parts(label):
        if lines[-1] and _units(lines[-1] + part) > ROOM:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    if len(lines) > 3:
        lines = [*lines[:2], lines[2][:-1] + "…"]
    return tuple(lines)


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
