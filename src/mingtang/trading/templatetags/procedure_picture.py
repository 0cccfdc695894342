"""The phases of a procedure as a drawing (交易阶段图): from top to bottom, readable on a phone.

`{% load procedure_picture %}{% phases procedure %}`. Colours are the tokens of the stylesheet
with the light ones to fall back on, given as attributes: a page allows no style of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.parameters import Procedure
from mingtang.core.trading.phases import Phase, Stage, stages
from mingtang.trading.templatetags.procedure_words import either, moves, period, span

register = template.Library()

WIDTH, LEFT, RIGHT = 340, 34, 318  # of the drawing, of a box
RAIL = 14  # where the line of time runs
LINE, PAD, GAP = 20, 9, 14
ROOM, ROOM_OF_NAME = 38, 32  # units to a line: a Chinese character counts 2

INK, MUTED, SURFACE = "var(--ink, #1B1F24)", "var(--muted, #5B6470)", "var(--surface, #fff)"
EDGE, BRAND, GOOD = "var(--edge, #8B8F94)", "var(--brand, #A6261D)", "var(--good, #1E6B4F)"
LIVE_BACK, QUIET_BACK = "var(--info-bg, #E7EEF5)", "var(--rest-bg, #F1EFEA)"
SANS = "PingFang SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, system-ui, sans-serif"

NAMES = {
    Phase.NOTICE: _("公告"),
    Phase.SIGN_UP: _("报名、缴保证金"),
    Phase.FREE: _("自由报价"),
    Phase.OPEN: _("竞价"),
    Phase.BLACKOUT: _("静默，不收报价"),
    Phase.ASKING: _("询问谁参加限时竞价"),
    Phase.TIMED: _("限时竞价"),
    Phase.SEALED: _("密封报价"),
    Phase.FALLING: _("价格逐档下降"),
    Phase.ONE_SHOT: _("一次报价"),
    Phase.LOT: _("摇号"),
    Phase.EVALUATION: _("评审"),
    Phase.ALLOCATION: _("按价格配售"),
    Phase.CONFIRMATION: _("成交确认"),
    Phase.PUBLICATION: _("结果公示"),
    Phase.REFUND: _("退还未成交者的保证金"),
}
LIVE = (Phase.FREE, Phase.OPEN, Phase.TIMED, Phase.SEALED, Phase.FALLING, Phase.ONE_SHOT)
QUIET = (Phase.BLACKOUT, Phase.ASKING)
AT_MOST = (Phase.CONFIRMATION, Phase.REFUND)


@dataclass(frozen=True)
class _Box:
    stage: Stage
    top: int
    name: Sequence[str]
    notes: Sequence[str]

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (len(self.name) + len(self.notes))


@register.simple_tag
def phases(procedure: Procedure) -> SafeString:
    """Return the phases as SVG, each with how long it lasts and what moves its end."""
    boxes = list(_placed(stages(procedure)))
    height = boxes[-1].top + boxes[-1].height + 1
    return format_html(
        '<svg class="phases" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}"'
        ' width="{w}" height="{h}" role="img" aria-label="{title}" font-family="{font}"'
        ' font-size="14"><desc>{words}</desc>{rail}{boxes}</svg>',
        w=WIDTH,
        h=height,
        title=gettext("“%s”的各个阶段") % either(procedure),
        font=SANS,
        words="；".join(
            " ".join([str(NAMES[box.stage.phase]), *_said(box.stage)]) for box in boxes
        ),
        rail=_rail(boxes),
        boxes=format_html_join("", "{}", ((_drawn(box),) for box in boxes)),
    )


def _placed(all_of: Sequence[Stage]) -> Iterator[_Box]:
    top = 1
    for stage in all_of:
        name = list(_lines(str(NAMES[stage.phase]), ROOM_OF_NAME))
        notes = [line for sentence in _said(stage) for line in _lines(sentence, ROOM)]
        box = _Box(stage, top, name, notes)
        yield box
        top += box.height + GAP


def _said(stage: Stage) -> Iterator[str]:
    """Return what a phase says beside its name."""
    if stage.only_if_reached:
        yield gettext("达到最高限价才有")
    if stage.period:
        at_most = stage.phase in AT_MOST
        yield (gettext("不超过 %s") if at_most else gettext("不少于 %s")) % period(stage.period)
    if stage.seconds:
        yield span(stage.seconds)
    if stage.extension:
        yield moves(stage.extension)


def _lines(sentence: str, room: int) -> Iterator[str]:
    """Break a sentence to fit; between words where it has spaces, anywhere in Chinese."""
    line, width = "", 0
    for token in _tokens(sentence):
        long = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in token)
        if width + long > room and line and token not in "，。、；：）":
            yield line.rstrip()
            line, width = "", 0
            token = token.lstrip()
        line, width = line + token, width + long
    if line:
        yield line


def _tokens(sentence: str) -> Iterator[str]:
    word = ""
    for sign in sentence:
        if east_asian_width(sign) in "WF":
            if word:
                yield word
            yield sign
            word = ""
        elif sign == " ":
            yield word
            word = " "
        else:
            word += sign
    if word:
        yield word


def _rail(boxes: Sequence[_Box]) -> SafeString:
    first, last = boxes[0], boxes[-1]
    return format_html(
        '<line x1="{x}" y1="{}" x2="{x}" y2="{}" stroke="{}" stroke-width="2"/>',
        first.top + PAD + LINE // 2,
        last.top + PAD + LINE // 2,
        EDGE,
        x=RAIL,
    )


def _drawn(box: _Box) -> SafeString:
    live, quiet = box.stage.phase in LIVE, box.stage.phase in QUIET
    middle = box.top + PAD + LINE // 2
    dot = format_html(
        '<circle cx="{}" cy="{}" r="6" fill="{}" stroke="{}" stroke-width="2"/>',
        RAIL,
        middle,
        BRAND if live else SURFACE,
        BRAND if live else EDGE,
    )
    frame = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}"{}/>',
        LEFT,
        box.top,
        RIGHT - LEFT,
        box.height,
        LIVE_BACK if live else QUIET_BACK if quiet else SURFACE,
        BRAND if live else EDGE,
        SafeString(' stroke-dasharray="5 4"') if box.stage.only_if_reached else "",
    )
    return format_html(
        "{}{}{}{}", dot, frame, _texts(box), _loop(box) if box.stage.extension else ""
    )


def _texts(box: _Box) -> SafeString:
    lines = [(line, INK, 600, 14) for line in box.name] + [
        (line, MUTED, 400, 13) for line in box.notes
    ]
    return format_html_join(
        "",
        '<text x="{}" y="{}" fill="{}" font-weight="{}" font-size="{}">{}</text>',
        (
            (LEFT + 12, box.top + PAD + LINE * place - 5, colour, weight, size, line)
            for place, (line, colour, weight, size) in enumerate(lines, 1)
        ),
    )


def _loop(box: _Box) -> SafeString:
    """Return an arrow from the end of the phase back into it: late bids go round."""
    low, high = box.top + box.height - 14, box.top + 14
    return format_html(
        '<path d="M {x} {low} h 8 a 9 9 0 0 0 9 -9 V {turn} a 9 9 0 0 0 -9 -9 h -3" fill="none"'
        ' stroke="{c}" stroke-width="2"/>'
        '<path d="M {tip} {high} l 7 -5 v 10 z" fill="{c}"/>',
        x=RIGHT,
        low=low,
        turn=high + 9,
        tip=RIGHT + 1,
        high=high,
        c=GOOD,
    )
