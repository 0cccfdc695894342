"""The window's desk (窗口工作台): what waits to be accepted, one by one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, actions, queries
from mingtang.cases.access import Sight
from mingtang.cases.forms import RefuseForm
from mingtang.cases.queries import CaseFile, CaseRow
from mingtang.cases.views import legs, showing, words
from mingtang.cases.views.clocks import clock_card
from mingtang.cases.views.lists import Lines, collected_page, desk_page, page_of
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import Ground, Officer, Shortfall, Stage
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.phrases import PhraseUse
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.views import offering
from mingtang.ui import refusals

COLLECTED = "collected"  # the tab of what was taken in for organs elsewhere
FORM_KEY = "_form"  # the application form among the materials of the checklist


@needs(Power.CASE_INTAKE)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list alone."""
    return render(request, "cases/desk.html", listing(request))


@needs(Power.CASE_INTAKE)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One application beside the list, with what can be decided about it."""
    row, officer = _at_desk(request, number)
    return shown(request, row, officer)


# ── What the window decides ─────────────────────────────────────────────────


@needs(Power.CASE_INTAKE)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept it (受理). On the spot, the way leads straight to the decision."""
    row, officer = must_act(request, number)
    if shortfalls(request, row):
        said = _("有材料标为不符合。请改为一次性告知补正；已经当场改好的，改回符合再受理。")
        return shown(request, row, officer, status=422, refused=said)
    try:
        actions.accept(
            number=number,
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "accept", number),
        )
    except Refused as refused:
        return refusal(request, row, officer, refused)
    return redirect(_after_acceptance(request, number))


def _after_acceptance(request: HttpRequest, number: str) -> str:
    """Return where to go on: one's own next task in the case, or the desk."""
    actor = actor_of(request)
    for task in queries.tasks_of(number):
        power = Power(task.power)
        if task.done_at is None and access.officer_for(actor, power, task.department):
            return reverse("cases:task", args=[number, task.key])
    return reverse("cases:desk-case", args=[number])


@needs(Power.CASE_INTAKE)
@require_POST
def notify(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the applicant once, and everything (一次性告知补正)."""
    row, officer = must_act(request, number)
    try:
        actions.notify_corrections(
            number=number,
            shortfalls=shortfalls(request, row),
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "notify", number),
        )
    except Refused as refused:
        return refusal(request, row, officer, refused)
    return redirect("cases:desk-case", number)


@needs(Power.CASE_INTAKE)
@require_POST
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse to accept it (不予受理)."""
    row, officer = must_act(request, number)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return shown(request, row, officer, status=422)
    try:
        actions.refuse_acceptance(
            number=number,
            ground=Ground(form.cleaned_data["ground"]),
            reason=form.cleaned_data["refusal_reason"],
            competent_organ=form.cleaned_data["competent_organ"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "refuse", number),
        )
    except Refused as refused:
        return refusal(request, row, officer, refused)
    return redirect("cases:desk-case", number)


def shortfalls(request: HttpRequest, row: CaseRow) -> list[Shortfall]:
    """Return what the clerk marked as not in order, with the reasons given."""
    names = {**showing.material_names(showing.content_of(row)), FORM_KEY: _("申请表")}
    return [
        Shortfall(
            material="" if key == FORM_KEY else key,
            name=name,
            reason=request.POST.get(f"why-{key}", "").strip()[:1000],
        )
        for key, name in names.items()
        if request.POST.get(f"check-{key}") == "no"
    ]


# ── What it is shown with ───────────────────────────────────────────────────


def _at_desk(request: HttpRequest, number: str) -> tuple[CaseRow, Officer | None]:
    """Return a case this window may see, and as whom the clerk may act in it.

    Raises Http404 for a case of another window, or one that never was here; Refused for one
    that was and is not any more: withdrawn, or taken by somebody else, while its page was open.
    """
    actor, row = actor_of(request), queries.by_number(number)
    if row is None:
        raise Http404
    officer = access.officer_for(actor, Power.CASE_INTAKE, row.department)
    tasks = [task for task in queries.tasks_of(number) if task.key == cases.INTAKE]
    if access.handles(actor, tasks):
        return row, officer
    if officer is None:
        raise Http404
    closed = Stage(row.stage) in cases.CLOSED
    raise Refused("case.closed" if closed else "case.not-awaiting-acceptance")


def must_act(request: HttpRequest, number: str) -> tuple[CaseRow, Officer]:
    row, officer = _at_desk(request, number)
    if officer is None:
        raise Http404
    return row, officer


def listing(request: HttpRequest) -> dict[str, Any]:
    """Return the queue with its tabs; every count is of the very list it stands on."""
    actor = actor_of(request)
    departments = access.departments_served(actor, Power.CASE_INTAKE)
    open_tasks = queries.to_do(powers=[Power.CASE_INTAKE], departments=departments)
    lists = {
        "todo": (
            _("待办"),
            open_tasks.filter(case__stage=Stage.FILED),
            ("case__intake_due", "opened_at"),
        ),
        "waiting": (_("待补正"), open_tasks.filter(case__stage=Stage.CORRECTING), ("opened_at",)),
        "done": (
            _("已办"),
            queries.done_by(actor.person).filter(key=cases.INTAKE),
            ("-done_at",),
        ),
    }
    collects, collected = access.may_collect(actor), access.collected(actor)
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in lists or (collects and tab == COLLECTED) else "todo"
    if tab == COLLECTED:
        page = collected_page(collected, request.GET.get("page"))
    else:
        page = page_of(*lists[tab][1:], request.GET.get("page"))
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    stages = {"todo": [Stage.FILED], "waiting": [Stage.CORRECTING]}.get(tab, list(Stage))
    sight = Sight.TRACKING if tab == COLLECTED else Sight.OFFICE
    lines = Lines(page, today=today, calendar=calendar, sight=sight, stages=stages)
    shown = (
        lines.elsewhere() if tab == COLLECTED else lines.all(desk_page, with_papers=tab == "done")
    )
    tabs = {key: (word, queries.count_folded(found)) for key, (word, found, _o) in lists.items()}
    if collects:
        tabs[COLLECTED] = (_("代收"), collected.count())
    return {
        "work_nav": work_nav(request),
        "tabs": [
            {"key": key, "word": word, "count": count, "current": key == tab}
            for key, (word, count) in tabs.items()
        ],
        "tab": tab,
        "page": page,
        "lines": [{**line, "task": "", "key": ""} for line in shown],
        "selected": "",
        "to_confirm": queries.handovers_to_confirm(actor.person),
    }


def refusal(request: HttpRequest, row: CaseRow, officer: Officer, refused: Refused) -> HttpResponse:
    said = refusals.sentence(refused)
    return shown(request, row, officer, status=409, refused=said, code=refused.code)


def shown(
    request: HttpRequest,
    row: CaseRow,
    officer: Officer | None,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
) -> HttpResponse:
    case = queries.case_file(row)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    state, word = words.lamp(row, today=today, calendar=calendar)
    content = showing.content_of(row)
    posted = request.POST if request.method == "POST" else None
    own = access.is_own(actor_of(request), row)
    context = {
        **listing(request),
        "row": row,
        "name": words.item_name(row),
        "department": words.body_name(row.department),
        "stage": words.STAGES[Stage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "clock": clock_card(row, today=today, calendar=calendar),
        "applicant": showing.applicant(case, sight=Sight.OFFICE),
        "renewed": showing.renewal(case),
        "answers": showing.answers(case, content),
        "checklist": _checklist(case, posted),
        **showing.case_papers(case, officer=True),
        "lines_of_case": showing.timeline(case, sight=Sight.OFFICE),
        "legs": legs.lines_of(case, today=today, calendar=calendar),
        "shortfalls": showing.shortfalls(case),
        "phrases": offering.offered(
            actor_of(request), PhraseUse.SHORTFALL, offering.SHORTFALLS, row.department
        ),
        "refuse_form": RefuseForm(posted) if posted and "ground" in posted else RefuseForm(),
        "decisions": [] if own or officer is None else _decisions(request, row),
        "own": own,
        **_held(row),
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/desk_case.html", context, status=status)


def _held(row: CaseRow) -> dict[str, Any]:
    """Return who took the case over last (接手人), if it was handed over."""
    held = queries.held(row.number)
    return {"held": held, "holder": people.actor(held.person).name if held else ""}


def _checklist(case: CaseFile, posted: Any) -> list[dict[str, Any]]:
    """Return the materials and the form to be checked, with what the clerk has marked."""
    lines = showing.materials(case, showing.content_of(case.row))
    lines.append({"key": FORM_KEY, "name": _("申请表"), "need": _("必要"), "documents": None})
    for line in lines:
        shared = line.get("shared", {}).get("found", False)
        missing = line["documents"] == [] and line.get("required", False) and not shared
        missing = missing and not line.get("commitment")
        marked = posted.get(f"check-{line['key']}") if posted else None
        line["marked"] = marked or ("no" if missing else "yes")
        line["why"] = posted.get(f"why-{line['key']}", "") if posted else ""
    return lines


def may_settle(request: HttpRequest, row: CaseRow) -> bool:
    """Whether the desk offers to settle it at once: an on-the-spot item with nothing to review,
    and one's own to decide."""
    decider = access.officer_for(actor_of(request), Power.CASE_DECIDE, row.department)
    at_once = row.promised_days == 0 and row.stage == Stage.FILED
    return at_once and decider is not None and not showing.content_of(row).steps


def _decisions(request: HttpRequest, row: CaseRow) -> list[dict[str, Any]]:
    """Return the buttons this stage allows."""

    def to(name: str) -> str:
        return reverse(f"cases:{name}", args=[row.number])

    refuse = {"label": pgettext("button", "不予受理"), "url": to("desk-refuse"), "kind": "danger"}
    if row.stage == Stage.CORRECTING:
        return [refuse]
    if row.stage != Stage.FILED:
        return []
    accept = {"label": pgettext("button", "受理"), "url": to("desk-accept"), "kind": "primary"}
    notify = {"label": _("一次性告知补正"), "url": to("desk-notify")}
    if not may_settle(request, row):
        return [accept, notify, refuse]
    settle = {
        "label": pgettext("button", "当场办结"),
        "url": to("desk-settle"),
        "kind": "primary",
        "confirm": _("受理并准予，文书和证照随即制作。决定作出后不能更改，确定吗？"),
    }
    return [settle, {**accept, "kind": ""}, notify, refuse]
