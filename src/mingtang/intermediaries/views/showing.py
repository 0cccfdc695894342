"""Services, bodies and needs as pages show them."""

from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mingtang.core.cases.contracted import Counted
from mingtang.core.cases.special import SpecialKind
from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.needs.terms import Stage
from mingtang.core.intermediaries.register import Standing
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.people import Power
from mingtang.intermediaries import queries
from mingtang.intermediaries.forms import PROCEDURE_NAMES, WAYS
from mingtang.intermediaries.queries import BodyRow, NeedRow
from mingtang.people.access import actor_of
from mingtang.ui.context import address
from mingtang.vault import queries as vault

Values = dict[str, Any]
STAGES = {
    Stage.OPEN: ("good", gettext_lazy("报名中")),
    Stage.SCORING: ("warn", gettext_lazy("评审中")),
    Stage.CHOSEN: ("good", gettext_lazy("已选定")),
    Stage.CONTRACTED: ("good", gettext_lazy("已签合同")),
    Stage.SERVING: ("good", gettext_lazy("服务中")),
    Stage.DELIVERED: ("warn", gettext_lazy("待验收")),
    Stage.ACCEPTED: ("good", gettext_lazy("已验收")),
    Stage.FAILED: ("idle", gettext_lazy("流标")),
    Stage.ENDED: ("idle", gettext_lazy("已终止")),
}
STANDINGS = {
    Standing.ASKED: ("warn", gettext_lazy("待审核")),
    Standing.TURNED_DOWN: ("bad", gettext_lazy("审核未通过")),
    Standing.LISTED: ("good", gettext_lazy("在册")),
    Standing.SUSPENDED: ("paused", gettext_lazy("暂停")),
    Standing.REMOVED: ("idle", gettext_lazy("已移出")),
}
COUNTED = {
    Counted.NO_PROCEDURE: gettext_lazy("这项服务不属于法律规定不计时的程序"),
    Counted.NOT_NEEDED: gettext_lazy("这个事项的审批依法不需要这项服务"),
    Counted.NOT_UNDER_REVIEW: gettext_lazy("服务开始时办件不在审查中"),
    Counted.SPECIAL_OPEN: gettext_lazy("服务开始时已经因为别的特别程序暂停计时"),
    Counted.TERM_OVER: gettext_lazy("服务开始时法定期限已经届满"),
}
BARRED = {
    "suspended": gettext_lazy("开启时已暂停"),
    "not-listed": gettext_lazy("开启时不在册"),
    "not-qualified": gettext_lazy("开启时资质失效"),
    "own-interest": gettext_lazy("有利害关系"),
}


def service_name(content: ServiceContent) -> str:
    english = (get_language() or "").startswith("en")
    return (content.name_en if english else "") or content.name


def service_card(content: ServiceContent) -> Values:
    procedure = content.procedure
    return {
        "content": content,
        "name": service_name(content),
        "procedure": PROCEDURE_NAMES[SpecialKind(procedure)] if procedure else "",
    }


def service_choices() -> list[tuple[str, str]]:
    found = ((row.key, queries.service_content(row)) for row in queries.services())
    return [(code, service_name(content)) for code, content in found]


def body_line(row: BodyRow, names: dict[str, str]) -> Values:
    lamp, word = STANDINGS[Standing(row.standing)]
    services = [names.get(code, code) for code in row.services.split()]
    return {"row": row, "lamp": lamp, "word": word, "services": services}


def need_line(row: NeedRow, *, today: date) -> Values:
    lamp, word = STAGES[Stage(row.stage)]
    late = row.stage == Stage.SERVING and row.due is not None and today > row.due
    return {
        "row": row,
        "lamp": "bad" if late else lamp,
        "word": _("逾期未交付") if late else word,
        "way": WAYS[Way(row.way)],
        "late": late,
    }


def rounds(row: NeedRow) -> list[Values]:
    """Return each time the body was at work, and what the case's clock did about it."""
    shown = []
    for one in queries.rounds_of(row):
        if one.counted:
            said = _("时间照常计入期限：%(why)s") % {"why": COUNTED[Counted(one.counted)]}
        elif one.stands_still:
            said = _("办件正在暂停计时，所需时间依法不计入期限")
        elif one.excluded_days is not None:
            said = _("%(n)s 个工作日依法没有计入期限") % {"n": one.excluded_days}
        elif row.case:
            said = _("办件是否暂停计时，马上就会显示在这里")
        else:
            said = ""
        shown.append({"round": one, "clock": said})
    return shown


def terms_note(content: ServiceContent) -> str:
    """Return what the law does about the time of a service, before anybody has begun."""
    if content.procedure is None:
        return _("这项服务不属于法律规定不计时的程序：服务时间照常计入办件期限。")
    what = PROCEDURE_NAMES[SpecialKind(content.procedure)]
    return _(
        "这项服务属于%(what)s：为依法需要它的事项服务时，"
        "时间不计入办件期限（行政许可法 第四十五条）。"
    ) % {"what": what}


def entrants(row: NeedRow) -> list[Values]:
    """Return whoever signed up, as published at the opening, with the sum of their marks."""
    totals: dict[str, int] = {}
    for score in row.scores:
        points = sum(mark["points"] for mark in score["marks"])
        totals[score["body"]] = totals.get(score["body"], 0) + points
    return [
        {
            **one,
            "why": BARRED.get(one["barred"], one["barred"]),
            "total": totals.get(one["body"]),
            "won": one["body"] == row.body,
        }
        for one in row.entrants
    ]


def sent(id: str) -> FileResponse:
    """Send a file of the vault to be kept. Raises Http404 where it is gone."""
    held = vault.document(id)
    if held is None or held.erased_at is not None:
        raise Http404
    try:
        file = vault.path_of(held.id).open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=True, filename=held.name, content_type=held.media_type
    )
    response["Cache-Control"] = "private, no-store"
    return response


def work_nav(request: HttpRequest) -> list[Values]:
    """What the centre's staff find in the head of their pages here."""
    if Power.INTERMEDIARY_MANAGE not in actor_of(request).powers:
        return []
    entries = (
        (_("中介超市管理"), "intermediaries:desk"),
        (_("采购公告"), "intermediaries:home"),
        (_("机构名录"), "intermediaries:register"),
    )
    nav = [
        {"label": label, "url": reverse(name), "current": request.path == reverse(name)}
        for label, name in entries
    ]
    return [*nav, {"label": _("我的"), "url": address("people:home"), "current": False}]
