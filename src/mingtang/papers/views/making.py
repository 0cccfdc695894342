"""What is being made (制作进度): how far a batch is, and what stands still and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.papers import PaperKind
from mingtang.core.people import Power
from mingtang.papers import access, queries
from mingtang.papers.actions import making
from mingtang.papers.queries import Line
from mingtang.people.access import Actor, actor_of, needs, signed_in
from mingtang.people.queries import organisation_name

PAGE = 50
# What helps, by how the code of the obstacle begins: sentence, label of a page, its view.
ADVICE = (
    ("seal.none", gettext_lazy("本单位负责人先制作印章。"), gettext_lazy("印章管理"), "trust:desk"),
    (
        "seal.sealer-unavailable",
        gettext_lazy("签章服务恢复后自动继续。"),
        "",
        "",
    ),
    (
        "seal.no-mandate",
        gettext_lazy("本单位负责人给印章保管人签发带“用印”权限的授权书，并公示。"),
        gettext_lazy("授权书管理"),
        "people:mandates",
    ),
    (
        "seal.",
        gettext_lazy("本单位负责人处理印章后自动继续。"),
        gettext_lazy("印章管理"),
        "trust:desk",
    ),
    (
        "mandate.",
        gettext_lazy("本单位负责人另签授权书并公示后自动继续。"),
        gettext_lazy("授权书管理"),
        "people:mandates",
    ),
    (
        "paper.glyph-missing",
        gettext_lazy("系统管理员装上有这些字的字体后，再点“立即重试”。"),
        "",
        "",
    ),
    ("paper.erased", gettext_lazy("不需要处理。"), "", ""),
    ("", gettext_lazy("系统会自动再试。一直不成的，请系统管理员看运行日志。"), "", ""),
)


@needs(*access.CONCERNED)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything ordered and not made yet, each with its reason and what to do (待制文书)."""
    rows = queries.waiting(_organs(actor_of(request)))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = queries.lines(list(page.object_list))
    context = {
        "page": page,
        "lines": _shown(lines, actor_of(request)),
        "stuck": any(line.obstacle for line in lines),
    }
    return render(request, "papers/waiting.html", context)


@needs(*access.CONCERNED)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Try everything that stands still at once (立即重试)."""
    many = making.try_again(at=timezone.localtime(), organs=_organs(actor_of(request)))
    said = ngettext("已安排重新制作 %(n)d 份。", "已安排重新制作 %(n)d 份。", many) % {"n": many}
    messages.success(request, said if many else _("没有停下的文书。"))
    return redirect("papers:waiting")


@signed_in
@require_GET
def progress(request: HttpRequest, batch: str) -> HttpResponse:
    """How far the papers of a batch are: a part of other pages that asks for itself again."""
    row = queries.first_of_batch(batch)
    if row is None or not access.may_open(actor_of(request), row):
        raise Http404
    kind, of = request.GET.get("kind", ""), request.GET.get("of", "")
    context = {
        "batch": batch,
        "kind": kind if kind in list(PaperKind) else "",
        "of": int(of) if of.isdecimal() else 0,
    }
    return render(request, "papers/_progress.html", context)


def _organs(actor: Actor) -> Sequence[str] | None:
    organs = access.organs_concerned(actor)
    return None if organs is None else sorted(organs)


def _shown(lines: Sequence[Line], actor: Actor) -> list[Mapping[str, Any]]:
    granting = actor.organisations_with(Power.MANDATE_GRANT)
    return [
        {
            "line": line,
            "row": line.row,
            "organ_name": organisation_name(line.row.organ),
            "advice": _advice(line),
            "grants": line.row.organ in granting,
        }
        for line in lines
    ]


def _advice(line: Line) -> Mapping[str, Any] | None:
    if line.obstacle is None:
        return None
    said, label, view = next(
        (said, label, view)
        for begin, said, label, view in ADVICE
        if line.obstacle.code.startswith(begin)
    )
    return {"said": said, "label": label, "view": view}
