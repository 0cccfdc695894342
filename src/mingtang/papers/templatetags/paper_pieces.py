"""Papers in words (文书). `{% load paper_pieces %}`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind, ServedHow
from mingtang.papers import queries
from mingtang.papers.queries import Line, PaperRow, Progress
from mingtang.ui.refusals import sentence

register = template.Library()

KINDS = {
    PaperKind.RECEIVED: _("收件回执"),
    PaperKind.CORRECTIONS: _("材料补正一次性告知书"),
    PaperKind.ACCEPTED: _("受理通知书"),
    PaperKind.NOT_ACCEPTED: _("不予受理决定书"),
    PaperKind.EXTENDED: _("延期通知书"),
    PaperKind.SPECIAL: _("特别程序告知书"),
    PaperKind.RESTARTED: _("期限重新起算告知书"),
    PaperKind.HEARING_RIGHT: _("听证告知书"),
    PaperKind.HEARING_NOTICE: _("听证通知书"),
    PaperKind.GRANTED: _("准予许可决定书"),
    PaperKind.REFUSED: _("不予许可决定书"),
    PaperKind.TO_BE_REVOKED: _("拟撤销行政许可告知书"),
    PaperKind.REVOKED: _("撤销行政许可决定书"),
    PaperKind.SERVICE: _("送达回证"),
    PaperKind.LICENCE: _("证照"),
    PaperKind.ADMISSION: _("竞买资格确认书"),
    PaperKind.SALE: _("成交确认书"),
}
WAYS = {
    ServedHow.ONLINE: _("电子送达"),
    ServedHow.WINDOW: _("窗口领取"),
    ServedHow.POST: _("邮寄送达"),
    ServedHow.ELSEWHERE: _("委托或者公告送达"),
}


@register.filter
def paper_title(row: PaperRow) -> str:
    """`{{ row|paper_title }}`: what it is, as it is printed; in English, what kind it is."""
    if (get_language() or "").startswith("en") and row.paper != PaperKind.LICENCE:
        return str(KINDS[PaperKind(row.paper)])
    return row.title


@register.filter
def served_how(row: PaperRow) -> str:
    """`{{ row|served_how }}`: how it reached its addressee, in words."""
    return str(WAYS[ServedHow(row.served_how)]) if row.served_how else ""


@register.filter
def grouped(signs: str) -> str:
    """`{{ row.code|grouped }}`: in fours, as one reads it out."""
    return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))


@register.filter
def refusal(refused: Refused) -> str:
    """`{{ line.obstacle|refusal }}`: why, in words."""
    return sentence(refused)


@register.inclusion_tag("ui/pieces/lamp.html")
def paper_lamp(line: Line) -> Mapping[str, Any]:
    """`{% paper_lamp line %}`: where a paper stands."""
    if line.state == "issued":
        word = _("已送达") if line.row.served_at else _("已制作")
        return {"state": "good", "word": word}
    if line.state == "making":
        return {"state": "idle", "word": _("制作中")}
    return {"state": "paused", "word": _("等待用印") if _over_seal(line) else _("未能制作")}


def _over_seal(line: Line) -> bool:
    return line.obstacle is not None and line.obstacle.code.startswith(("seal.", "mandate."))


@register.filter
def reasons(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """`{% for why, count in made.stuck|reasons %}`: why they stand still, the commonest first."""
    return Counter(sentence(line.obstacle) for line in lines if line.obstacle).most_common()


@register.simple_tag
def papers_made(batch: str, kind: str = "") -> Progress:
    """`{% papers_made number "licence" as made %}`: how far the papers of a batch are."""
    return queries.progress_of(batch, PaperKind(kind) if kind else None)
