"""Phrases at hand (常用语): one's own, the department's, and the usual ones, in this order."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingtang.core.phrases import PhraseUse
from mingtang.people import queries as people
from mingtang.people.queries import Actor

SHORTFALLS = (  # what is usually wrong with a material
    _("缺少这份材料"),
    _("没有签字或盖章"),
    _("已过有效期"),
    _("与申请表内容不一致"),
    _("不清晰，无法辨认"),
    _("不是规定的格式或版本"),
)


def offered(actor: Actor, use: PhraseUse, usual: Iterable[object], department: str) -> list[str]:
    """Return what is offered to write about something of `department`, nothing twice."""
    kept = people.phrases(actor.person, department, *sorted(actor.organisations), use=use)
    own = [row.text for row in kept if row.owner == actor.person]
    shared = [row.text for row in kept if row.owner != actor.person]
    return list(dict.fromkeys([*own, *shared, *map(str, usual)]))
