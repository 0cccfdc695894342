"""The desk of projects (交易项目): entered by officers, reviewed and announced by managers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mingtang.catalogue import queries as catalogue
from mingtang.core.people import Power
from mingtang.core.trading.announcing import shortcomings
from mingtang.core.trading.lots.terms import LotContent, Timetable
from mingtang.core.trading.parameters import Bidding, Direction, Procedure
from mingtang.core.trading.projects import (
    LONGEST,
    OUT,
    RESUMPTION_DAYS,
    WRITTEN,
    ProjectContent,
    Status,
)
from mingtang.core.trading.timetables import suggested_times
from mingtang.people import queries as people
from mingtang.people.access import Actor, actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading import access, queries
from mingtang.trading.actions import projects as actions
from mingtang.trading.forms.projects import (
    ChangeEditor,
    KindForm,
    NoticeNumberForm,
    ProjectEditor,
    ResumptionForm,
    StopForm,
)
from mingtang.trading.queries import KindRow, LotRow, TradeRow
from mingtang.trading.templatetags.project_words import STATUSES, lot_lines
from mingtang.ui.refusals import sentence

A_PAGE = 30
WORKS = (Power.TRADE_ENTER, Power.TRADE_REVIEW)

# ── The list ────────────────────────────────────────────────────────────────


@needs(*WORKS)
@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """The projects of one's centres, all or those of one status."""
    actor, status = actor_of(request), request.GET.get("status", "")
    centres = access.centres_worked_at(actor)
    counts = queries.project_counts(centres)
    found = queries.projects_at(centres, status=status if status in STATUSES else "")
    context = {
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "status": status,
        "total": sum(counts.values()),
        "statuses": [(code, word, counts.get(code, 0)) for code, (_lamp, word) in STATUSES.items()],
        "may_enter": bool(access.centre_of(actor)),
    }
    return render(request, "trading/project_desk.html", context)


# ── Written ─────────────────────────────────────────────────────────────────


@needs(Power.TRADE_ENTER)
def begin(request: HttpRequest) -> HttpResponse:
    """Choose the kind of trade."""
    form = filled(KindForm, request)
    if request.method == "POST" and form.is_valid():
        return redirect("trading:project-new", form.cleaned_data["kind"])
    status = 422 if form.is_bound else 200
    return render(request, "trading/project_begin.html", {"form": form}, status=status)


@needs(Power.TRADE_ENTER)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a project of a kind: procedure and times stand there as they usually are."""
    row = queries.kind(kind)
    if row is None or not row.in_use:
        raise Http404
    content = _usual(row)

    def enter(written: ProjectContent) -> str:
        return actions.enter_project(
            content=written,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ).key

    return _writing(request, content, enter, {"kind": row, "row": None})


@needs(Power.TRADE_ENTER)
def again(request: HttpRequest, lot: str) -> HttpResponse:
    """Enter a project that offers a lot anew (再次交易): all of it stands there as it was."""
    row = queries.lot(lot)
    project = queries.project(row.project) if row else None
    content = queries.project_content(project) if project else None
    if row is None or project is None or content is None or not may_offer_anew(request, row):
        raise Http404
    kind = queries.kind(project.kind)
    if kind is None or not kind.in_use:
        raise Http404
    anew = replace(content, title=_titled_again(content.title), lots=(_anew(row),))

    def enter(written: ProjectContent) -> str:
        return actions.enter_project(
            content=written,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ).key

    return _writing(request, anew, enter, {"kind": kind, "row": None, "again_of": row})


def may_offer_anew(request: HttpRequest, row: LotRow) -> bool:
    """Whether somebody may enter a project that offers this lot anew, and nobody has yet."""
    earlier = queries.earlier_lot(row)
    return access.settles(actor_of(request), row) and earlier.free and not earlier.offered


def _titled_again(title: str) -> str:
    mark = "（再次交易）"
    return title if title.endswith(mark) else f"{title}{mark}"[: LONGEST["title"]]


def _anew(row: LotRow) -> LotContent:
    """Return a lot as it is offered anew, by the rules in use: with times they suggest today."""
    lot, procedure = queries.content_of(row), _procedure(row.procedure)
    rule = procedure.again if queries.earlier_lot(row).failed else None
    if rule:
        procedure = replace(procedure, notice=rule.notice)
    times = _suggested(procedure)
    return replace(lot, no=1, procedure_version=0, times=times, again_of=row.key)


@needs(Power.TRADE_ENTER)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Write a project anew, as long as it is not submitted."""
    row = _mine(request, key)
    content = queries.project_content(row)
    if content is None or row.status not in WRITTEN:
        raise Http404

    def amend(written: ProjectContent) -> str:
        # saved as it was: nothing to record, nothing wrong
        if written != content:
            actions.amend_project(
                key=key,
                content=written,
                by=actor_of(request).person,
                at=timezone.localtime(),
                once=once(request),
            )
        return key

    return _writing(request, content, amend, {"kind": queries.kind(row.kind), "row": row})


def _writing(
    request: HttpRequest,
    content: ProjectContent,
    keep: Callable[[ProjectContent], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form and keep what it says; whatever cannot be kept is said beside it."""
    if request.method != "POST":
        return _editor(request, ProjectEditor(content, suggest=_suggest), context)
    adding, again = "add" in request.POST, "suggest" in request.POST
    editor = ProjectEditor(
        content, suggest=_suggest, data=request.POST, add=adding, suggest_again=again
    )
    if adding or again:
        return _editor(request, editor, context)
    if not editor.is_valid():
        return _editor(request, editor, context, status=422)
    kept: list[str] = []
    if not carried_out(editor.form, lambda: kept.append(keep(editor.written()))):
        return _editor(request, editor, context, status=409)
    messages.success(request, _("项目已保存。"))
    return redirect("trading:project-work", kept[0])


def _editor(
    request: HttpRequest, editor: ProjectEditor, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {**context, "editor": editor}
    return render(request, "trading/project_edit.html", context, status=status)


def _usual(kind: KindRow) -> ProjectContent:
    """Return what a new project of a kind begins with: one lot by the usual procedure."""
    rows = [row.code for row in queries.procedures() if row.in_use]
    procedure = kind.procedure if kind.procedure in rows else next(iter(rows), "")
    lot = LotContent(
        no=1,
        title="",
        procedure=procedure,
        procedure_version=0,
        times=_suggest(procedure),
        start_fen=0,
    )
    return ProjectContent(kind=kind.code, title="", seller="", lots=(lot,) if procedure else ())


def _suggest(code: str) -> Timetable:
    """Return the times a procedure suggests today; of none, those of the plainest there is."""
    return _suggested(_procedure(code))


def _procedure(code: str) -> Procedure:
    row = queries.procedure(code)
    return queries.procedure_version(code, row.version) if row else PLAIN


def _suggested(procedure: Procedure) -> Timetable:
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return suggested_times(
        procedure, today=now.date(), midnight=midnight, calendar=catalogue.calendar()
    )


PLAIN = Procedure(
    code="",
    name="",
    name_en="",
    bidding=Bidding.SEALED,
    direction=Direction.ASCENDING,
    sources=(),
)

# ── One project ─────────────────────────────────────────────────────────────


@needs(*WORKS)
@require_GET
def project(request: HttpRequest, key: str) -> HttpResponse:
    """A project as those who work on it see it: all it says, what is missing, what can be done."""
    row, actor = _mine(request, key), actor_of(request)
    content = queries.project_content(row)
    context = {
        "row": row,
        "kind": queries.kind(row.kind),
        "content": content,
        "lots": lots_in_words(content),
        "missing": _missing(row, content),
        "acts": [ACTS[name] for name in _open_to(actor, row)],
        "writes": access.enters(actor, row) and row.status in WRITTEN,
        "changes": access.reviews(actor, row) and row.status == Status.PUBLISHED,
        "notices": queries.project_notices(key),
        "names": people.names([row.entered_by, row.reviewed_by]),
        "entered_by": people.names([row.entered_by]).get(row.entered_by, ""),
    }
    return render(request, "trading/project_work.html", context)


def lots_in_words(content: ProjectContent | None) -> list[tuple[LotContent, Any, Any]]:
    """Return every lot with its procedure's row and what is said of it."""
    rows = {row.code: row for row in queries.procedures()}
    found = []
    for lot in content.lots if content else ():
        row = rows.get(lot.procedure)
        version = lot.procedure_version or (row.version if row else 0)
        procedure = queries.procedure_version(lot.procedure, version) if version else None
        found.append((lot, row, lot_lines(lot, procedure)))
    return found


def _missing(row: TradeRow, content: ProjectContent | None) -> list[str]:
    """Return what stands against its notice, were it put up now, in sentences."""
    if content is None or row.status not in (*WRITTEN, Status.SUBMITTED, Status.APPROVED):
        return []
    found = [] if content.seller.strip() else [_("还没有填写转让方、出让人或者采购人。")]
    found += [] if content.lots else [_("项目里还没有标的。")]
    earlier = queries.earlier_lots(row.key)
    in_use, calendar, now = queries.procedures_in_use(), catalogue.calendar(), timezone.localtime()
    for lot in content.lots:
        refusals = shortcomings(lot, in_use, noticed=now, calendar=calendar, earlier=earlier)
        found += [sentence(refused) for refused in refusals]
    return found


def _mine(request: HttpRequest, key: str) -> TradeRow:
    """Return a project of a centre this person works at. Others do not exist for them."""
    row = queries.project(key)
    if row is None or row.centre not in access.centres_worked_at(actor_of(request)):
        raise Http404
    return row


# ── What can be done ────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a project on a page of its own: what it is called and what it asks."""

    name: str
    label: Any
    about: Any
    done: Any
    power: Power
    statuses: tuple[Status, ...]
    action: Callable[..., object]
    form: type[forms.Form] = forms.Form
    danger: bool = False


ACTS = {
    act.name: act
    for act in (
        Act(
            name="submit",
            label=gettext_lazy("提交审核"),
            about=gettext_lazy("提交后不能再改，由另一人审核。"),
            done=gettext_lazy("项目已提交审核。"),
            power=Power.TRADE_ENTER,
            statuses=WRITTEN,
            action=actions.submit_project,
        ),
        Act(
            name="approve",
            label=gettext_lazy("审核通过"),
            about=gettext_lazy("通过后就可以发布公告。"),
            done=gettext_lazy("审核已通过。"),
            power=Power.TRADE_REVIEW,
            statuses=(Status.SUBMITTED,),
            action=actions.approve_project,
        ),
        Act(
            name="publish",
            label=gettext_lazy("发布公告"),
            about=gettext_lazy("公告发布后，价格、数量、保证金和规程都不能再改，人人都能看到。"),
            done=gettext_lazy("公告已发布。"),
            power=Power.TRADE_REVIEW,
            statuses=(Status.APPROVED,),
            action=actions.publish_notice,
            form=NoticeNumberForm,
        ),
        Act(
            name="return",
            label=gettext_lazy("退回修改"),
            about=gettext_lazy("理由只有办理的人看得到。"),
            done=gettext_lazy("项目已退回。"),
            power=Power.TRADE_REVIEW,
            statuses=(Status.SUBMITTED, Status.APPROVED),
            action=actions.return_project,
            form=StopForm,
        ),
        Act(
            name="suspend",
            label=gettext_lazy("中止"),
            about=gettext_lazy("发布中止公告，所有标的停在现在，直到恢复公告写明的时间。"),
            done=gettext_lazy("中止公告已发布。"),
            power=Power.TRADE_REVIEW,
            statuses=(Status.PUBLISHED,),
            action=actions.suspend_project,
            form=StopForm,
            danger=True,
        ),
        Act(
            name="resume",
            label=gettext_lazy("恢复"),
            about=gettext_lazy("发布恢复公告。中止时还没有到的时间，按停了多久顺延。"),
            done=gettext_lazy("恢复公告已发布。"),
            power=Power.TRADE_REVIEW,
            statuses=(Status.SUSPENDED,),
            action=actions.resume_project,
            form=ResumptionForm,
        ),
        Act(
            name="end",
            label=gettext_lazy("终止"),
            about=gettext_lazy("终止后不能恢复。已经公告的，发布终止公告。"),
            done=gettext_lazy("项目已终止。"),
            power=Power.TRADE_REVIEW,
            statuses=(Status.SUBMITTED, Status.APPROVED, *OUT),
            action=actions.end_project,
            form=StopForm,
            danger=True,
        ),
    )
}


def _open_to(actor: Actor, row: TradeRow) -> list[str]:
    """Return the acts somebody can do now; that nobody reviews their own the rules say."""
    holds = {Power.TRADE_ENTER: access.enters, Power.TRADE_REVIEW: access.reviews}
    return [
        act.name
        for act in ACTS.values()
        if row.status in act.statuses and holds[act.power](actor, row)
    ]


@needs(*WORKS)
def act(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Do one thing to a project, after saying what it means."""
    row = _mine(request, key)
    if name not in ACTS or name not in _open_to(actor_of(request), row):
        raise Http404
    chosen = ACTS[name]
    form = filled(chosen.form, request, initial=_initial(name))

    def do() -> None:
        chosen.action(
            key=key,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
            **form.cleaned_data,
        )

    if request.method == "POST" and carried_out(form, do):
        messages.success(request, str(chosen.done))
        return redirect("trading:project-work", key)
    status = 200
    if form.is_bound:
        status = 409 if form.non_field_errors() else 422
    context = {"row": row, "act": chosen, "form": form}
    return render(request, "trading/project_act.html", context, status=status)


def _initial(name: str) -> dict[str, Any]:
    now = timezone.localtime()
    if name == "publish":
        first = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        serial = queries.notices_of_year(first) + 1
        # what a notice is called does not depend on who reads the form
        return {"number": f"交易公告〔{now.year}〕{serial}号"}
    if name == "resume":
        soonest = now + timedelta(days=RESUMPTION_DAYS + 1)
        return {"resumes": soonest.replace(hour=9, minute=0, second=0, microsecond=0)}
    return {}


@needs(Power.TRADE_REVIEW)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Publish a change notice (变更公告)."""
    row = _mine(request, key)
    content = queries.project_content(row)
    may = access.reviews(actor_of(request), row) and row.status == Status.PUBLISHED
    if content is None or not may:
        raise Http404
    editor = ChangeEditor(content, data=request.POST if request.method == "POST" else None)

    def publish() -> None:
        actions.change_notice(
            key=key,
            lots=editor.written(),
            reason=editor.form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    status = 200
    if request.method == "POST":
        status = 422
        if editor.is_valid():
            if carried_out(editor.form, publish):
                messages.success(request, _("变更公告已发布。"))
                return redirect("trading:project-work", key)
            status = 409
    context = {"row": row, "editor": editor}
    return render(request, "trading/project_change.html", context, status=status)
