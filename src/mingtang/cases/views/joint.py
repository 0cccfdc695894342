"""Joint cases (并联审批): the list of those who handle them, and the one view all look at."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.actions import joint as actions
from mingtang.cases.forms import WithdrawForm
from mingtang.cases.forms.joint import (
    AnswerForm,
    ApproveForm,
    AskForm,
    ConcludeForm,
    ExtensionForm,
)
from mingtang.cases.queries import CaseRow, ConsultationRow, JointFile, JointRow, TaskRow
from mingtang.cases.views import jointwords, showing, words
from mingtang.cases.views.clocks import joint_clock
from mingtang.cases.views.mine import TRACKED, receipt_response
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock, joint
from mingtang.core.cases import Officer, Stage
from mingtang.core.decider import Refused
from mingtang.core.joint import OPEN, JointStage
from mingtang.core.people import Power
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.orders import Receipt
from mingtang.people.access import Actor, actor_of, needs, public, signed_in
from mingtang.ui import refusals
from mingtang.vault import queries as vault

HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
UNTOLD = frozenset({"opinion", "question", "answer"})  # what officers write to one another
RUNNING = (JointStage.HANDLING, JointStage.CONCLUDING)
Values = dict[str, Any]


# ── The list ────────────────────────────────────────────────────────────────


@needs(Power.CASE_INTAKE, *HANDLING, Power.CASE_OVERSEE, Power.JOINT_EXTEND)
@require_GET
def joint_list(request: HttpRequest) -> HttpResponse:
    """The joint cases this officer has to do with, and what waits for them."""
    actor = actor_of(request)
    found = queries.joint_cases_for(
        departments=_departments(actor),
        governments=actor.organisations_with(Power.JOINT_EXTEND),
        window=_at_window(actor),
    )
    tab = "closed" if request.GET.get("tab") == "closed" else "open"
    tabs = [
        {"key": key, "word": word, "current": key == tab, "count": rows.count()}
        for key, word, rows in (
            ("open", _("办理中"), found.filter(closed_at=None)),
            ("closed", _("已办结"), found.exclude(closed_at=None)),
        )
    ]
    page = Paginator(found.filter(closed_at__isnull=tab == "open"), 30).get_page(
        request.GET.get("page")
    )
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    asked = list(queries.consultations_waiting(_handled(actor)))
    waiting = {one.joint_id for one in asked}
    context = {
        "work_nav": work_nav(request),
        "tabs": tabs,
        "page": page,
        "lines": [_line(row, actor, waiting, today=today, calendar=calendar) for row in page],
        "asked": [{"row": one, "name": jointwords.name_of(one.joint)} for one in asked],
    }
    return render(request, "cases/joint_list.html", context)


def _departments(actor: Actor) -> frozenset[str] | None:
    """Return the departments whose joint cases the actor sees; None: all of them."""
    if Power.CASE_OVERSEE not in actor.powers:
        return _handled(actor)
    overseen = access.departments_overseen(actor)
    return None if overseen is None else overseen | _handled(actor)


def _handled(actor: Actor) -> frozenset[str]:
    """Return the departments for which the actor reviews or decides."""
    return frozenset().union(*(actor.organisations_with(power) for power in HANDLING))


def _at_window(actor: Actor) -> bool:
    """Whether the actor is of the centre's own window, which takes everybody's applications."""
    served = Power.CASE_INTAKE in actor.powers
    return served and access.departments_served(actor, Power.CASE_INTAKE) is None


def _line(
    row: JointRow, actor: Actor, waiting: set[str], *, today: date, calendar: WorkCalendar
) -> Values:
    state, word = jointwords.lamp(row, today=today, calendar=calendar)
    return {
        "row": row,
        "name": jointwords.name_of(row),
        "lead": words.body_name(row.lead),
        "applicant": showing.applicant_name(row, sight=Sight.OVERSIGHT),
        "stage": jointwords.STAGES[JointStage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "todo": _to_do(row, actor, waiting),
    }


def _to_do(row: JointRow, actor: Actor, waiting: set[str]) -> str:
    """Return what waits for this officer in it, in a word."""
    if access.is_own(actor, row):
        return ""
    if row.stage == JointStage.FILED:
        may = access.officer_for(actor, Power.CASE_INTAKE, row.lead)
        return _("待受理") if may else ""
    if row.stage == JointStage.CONCLUDING and access.leads(actor, row):
        return _("待出具结果")
    if row.asked_days and access.officer_for(actor, Power.JOINT_EXTEND, row.government):
        return _("待批准延期")
    return _("待答复会商") if row.number in waiting else ""


# ── The view ────────────────────────────────────────────────────────────────


@public("asks itself: whose it is, who handles it, or who knows its number and phone")
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far a joint case is, who holds each branch, and what the reader may do in it."""
    try:
        row, sight = _seen(request, number)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect(f"{reverse('cases:track')}?number={number}")  # the same for every number
    return _shown(request, row, sight)


def _seen(request: HttpRequest, number: str) -> tuple[JointRow, Sight]:
    """Return a joint case and as whom the reader sees it. Raises Http404 when they do not."""
    row, tracked = queries.joint_case(number), number in request.session.get(TRACKED, [])
    sight = access.joint_sight(actor_of(request), row, tracked=tracked) if row else None
    if row is None or sight is None:
        raise Http404
    return row, sight


def _shown(
    request: HttpRequest,
    row: JointRow,
    sight: Sight,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
    typed: Mapping[str, Form] = {},
) -> HttpResponse:
    file, actor = queries.joint_file(row), actor_of(request)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    branches, tasks = queries.branches_of(row.number), queries.tasks_of_joint(row.number)
    state, word = jointwords.lamp(row, today=today, calendar=calendar)
    latest = file.history[-1]
    context: Values = {
        "row": row,
        "name": jointwords.name_of(row),
        "lead": words.body_name(row.lead),
        "stage": jointwords.STAGES[JointStage(row.stage)],
        "sight": sight,
        "own": sight is Sight.OWN,
        "lamp": state,
        "lamp_word": word,
        "steps": _steps(row),
        "branches": [
            _branch(case, tasks, actor, sight, today=today, calendar=calendar)
            for case in _in_order(file, branches)
        ],
        "clock": joint_clock(row, today=today, calendar=calendar),
        "lines": _timeline(file, sight),
        "stub": showing.receipt_stub(
            latest,
            what=jointwords.told(latest.event, file, sight=Sight.OVERSIGHT).what,
            qr=request.build_absolute_uri(reverse("cases:joint", args=[row.number])),
            url=_receipt_url(row, latest.index),
        ),
        "applicant": showing.applicant_name(row, sight=sight),
        "ending": _ending(file, sight),
        "materials": _materials(file, branches) if sight.full else [],
        **(showing.case_papers(file, officer=sight is Sight.OFFICE) if sight.full else {}),
        "refused": refused,
        "code": code,
    }
    if access.is_own(actor, row) and row.stage in OPEN:
        closed = [case for case in branches if case.stage in cases.CLOSED]
        if len(closed) < len(branches):
            context["withdrawal"] = typed.get("withdrawal") or WithdrawForm()
            context["kept"] = [words.item_name(case) for case in closed]
    if sight in (Sight.OFFICE, Sight.OVERSIGHT):
        context |= {"work_nav": work_nav(request), **_offered(row, actor, typed)}
    return render(request, "cases/joint.html", context, status=status)


def _steps(row: JointRow) -> list[Values]:
    """Return the backbone: applied, accepted, handled in parallel, joined, result."""
    stage = JointStage(row.stage)
    ended = stage in jointwords.ENDINGS
    begun, joined = row.accepted_date is not None, row.joined_at is not None

    def at(done: bool, now: bool) -> str:
        return "done" if done else "skipped" if ended else "now" if now else "next"

    handled = _("%(n)s / %(all)s 个分项已办结") % {"n": row.closed, "all": row.branches}
    last = str(jointwords.STAGES[stage]) if ended else _("出具结果")
    return [
        {"name": _("一表申请"), "state": "done", "note": ""},
        {"name": _("统一受理"), "state": at(begun, True), "note": ""},
        {"name": _("并联审批"), "state": at(joined, begun), "note": handled if begun else ""},
        {"name": last, "state": at(ended, joined), "note": ""},
    ]


def _in_order(file: JointFile, branches: list[CaseRow]) -> list[CaseRow]:
    """Return the branches in the order of the bundle."""
    place = {branch.case: n for n, branch in enumerate(file.state.branches)}
    return sorted(branches, key=lambda case: place[case.number])


def _branch(
    case: CaseRow,
    tasks: list[TaskRow],
    actor: Actor,
    sight: Sight,
    *,
    today: date,
    calendar: WorkCalendar,
) -> Values:
    """Return one branch of the picture: whose it is, who holds it, since when, until when."""
    stage = Stage(case.stage)
    own = [task for task in tasks if task.case_id == case.number]
    holding = [task for task in own if task.done_at is None]
    state, word = words.lamp(case, today=today, calendar=calendar)
    opens = access.is_own(actor, case) or (actor.powers and access.handles(actor, own))
    opens = opens or sight is Sight.TRACKING  # by the same phone
    return {
        "row": case,
        "name": words.item_name(case),
        "department": words.body_name(case.department),
        "stage": words.STAGES[stage],
        "closed": stage in cases.CLOSED,
        "lamp": state,
        "lamp_word": word,
        "url": reverse("cases:progress", args=[case.number]) if opens else "",
        "holders": [
            {
                "task": words.either(task.name, task.name_en),
                "who": words.body_name(task.department),
                "since": task.opened_at,
            }
            for task in holding
        ],
        "awaits": stage is Stage.CORRECTING,
    }


def _timeline(file: JointFile, sight: Sight) -> list[Values]:
    lines = []
    for written in reversed(file.history):
        told = jointwords.told(written.event, file, sight=sight)
        lines.append(
            {
                "at": written.event.at,
                "what": told.what,
                "who": told.who,
                "note": told.note,
                "index": written.index,
                "receipt_url": _receipt_url(file.row, written.index),
            }
        )
    return lines


def _receipt_url(row: JointRow, index: int) -> str:
    return reverse("cases:joint-receipt", args=[row.number, index])


def _ending(file: JointFile, sight: Sight) -> Values | None:
    """Return how it ended, in words, with what the lead says to it for those it concerns."""
    last = file.history[-1].event
    if not isinstance(last, joint.JointConcluded):
        return None
    kind = {JointStage.GRANTED: "success", JointStage.PARTLY: "warning"}.get(last.outcome, "error")
    what = _("联办结果：%(how)s") % {"how": jointwords.STAGES[last.outcome]}
    return {"kind": kind, "what": what, "why": last.statement if sight.full else ""}


def _materials(file: JointFile, branches: list[CaseRow]) -> list[Values]:
    """Return what was handed in, each once, and which branches it serves."""
    contents = {case.item: showing.content_of(case) for case in branches}
    serves: dict[str, list[tuple[str, str]]] = {}
    for case in _in_order(file, branches):
        names = showing.material_names(contents[case.item])
        for document in queries.case_file(case).history[0].event.documents:
            line = (names[document.material], words.item_name(case))
            serves.setdefault(document.id, []).append(line)
    held = vault.documents(list(serves))
    return [
        {
            "name": pairs[0][0],
            "file": held[id].name if id in held else "",
            "branches": list(dict.fromkeys(branch for _name, branch in pairs)),
        }
        for id, pairs in serves.items()
    ]


# ── What officers do ────────────────────────────────────────────────────────


def _offered(row: JointRow, actor: Actor, typed: Mapping[str, Form]) -> Values:
    """Return the forms this officer may fill in now, and any with what was typed into it."""
    if access.is_own(actor, row):
        return {}
    running, lead = row.stage in RUNNING, access.leads(actor, row)
    asked = _asked_of(row, actor) if running else None
    may = {
        "ask_form": running and lead,
        "answer_form": asked is not None,
        "extension_form": running and lead and not row.extended_days and not row.asked_days,
        "approve_form": running and row.asked_days and _governs(row, actor),
        "conclude_form": row.stage == JointStage.CONCLUDING and lead,
    }
    fresh: dict[str, Callable[[], Form]] = {
        "ask_form": lambda: AskForm(_others(row)),
        "answer_form": AnswerForm,
        "extension_form": ExtensionForm,
        "approve_form": ApproveForm,
        "conclude_form": ConcludeForm,
    }
    window = access.officer_for(actor, Power.CASE_INTAKE, row.lead)
    offered: Values = {name: typed.get(name) or make() for name, make in fresh.items() if may[name]}
    return {
        **offered,
        **{name: form for name, form in typed.items() if name not in offered},
        "accepts": row.stage == JointStage.FILED and window is not None,
        "asked": asked,
    }


def _others(row: JointRow) -> list[tuple[str, str]]:
    """Return the departments the lead may ask: those of the other branches."""
    codes = {case.department for case in queries.branches_of(row.number)} - {row.lead}
    return [(code, words.body_name(code)) for code in sorted(codes)]


def _asked_of(row: JointRow, actor: Actor) -> ConsultationRow | None:
    """Return what a department of the actor's was asked and has not answered, the oldest."""
    waiting = queries.consultations_waiting(_handled(actor)).filter(joint=row.number)
    return waiting.first()


def _governs(row: JointRow, actor: Actor) -> Officer | None:
    return access.officer_for(actor, Power.JOINT_EXTEND, row.government)


@needs(Power.CASE_INTAKE)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept it and all its branches (统一受理)."""
    row, sight = _seen(request, number)
    officer = _must(access.officer_for(actor_of(request), Power.CASE_INTAKE, row.lead))
    return _done(
        request,
        row,
        sight,
        lambda: actions.accept_joint(
            number=number,
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "accept", number),
        ),
    )


@needs(*HANDLING)
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the departments of the other branches (发起会商)."""
    row, sight = _seen(request, number)
    officer = _must(access.leads(actor_of(request), row))
    form = AskForm(_others(row), request.POST)
    return _done(
        request,
        row,
        sight,
        lambda: actions.ask_departments(
            number=number,
            question=form.cleaned_data["question"],
            departments=form.cleaned_data["departments"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "ask", number),
        ),
        ask_form=form,
    )


@needs(*HANDLING)
@require_POST
def answer(request: HttpRequest, number: str, consultation: int) -> HttpResponse:
    """Answer for one's department (答复会商)."""
    row, sight = _seen(request, number)
    actor = actor_of(request)
    waiting = [
        one.department
        for one in queries.consultations_of(number)
        if one.number == consultation and one.answered_at is None
    ]
    found = (access.handler_for(actor, department) for department in waiting)
    officer = _must(next(filter(None, found), None))
    form = AnswerForm(request.POST)
    return _done(
        request,
        row,
        sight,
        lambda: actions.answer_consultation(
            number=number,
            consultation=consultation,
            answer=form.cleaned_data["answer"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, f"answer-{consultation}", number),
        ),
        answer_form=form,
    )


@needs(*HANDLING)
@require_POST
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a longer term (申请延长联办期限)."""
    row, sight = _seen(request, number)
    officer = _must(access.leads(actor_of(request), row))
    form = ExtensionForm(request.POST)
    return _done(
        request,
        row,
        sight,
        lambda: actions.ask_extension(
            number=number,
            days=form.cleaned_data["days"],
            reason=form.cleaned_data["extension_reason"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "extend", number),
        ),
        extension_form=form,
    )


@needs(Power.JOINT_EXTEND)
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve a longer term, or not (批准延长)."""
    row, sight = _seen(request, number)
    approver = _must(_governs(row, actor_of(request)))
    form = ApproveForm(request.POST)
    return _done(
        request,
        row,
        sight,
        lambda: actions.answer_extension(
            number=number,
            granted=form.cleaned_data["approved"] == "yes",
            opinion=form.cleaned_data["approval_opinion"],
            approver=approver,
            at=timezone.localtime(),
            once=once(request, "approve", number),
        ),
        approve_form=form,
    )


@needs(*HANDLING)
@require_POST
def conclude(request: HttpRequest, number: str) -> HttpResponse:
    """Give the joint result (出具联办结果)."""
    row, sight = _seen(request, number)
    officer = _must(access.leads(actor_of(request), row))
    form = ConcludeForm(request.POST)
    return _done(
        request,
        row,
        sight,
        lambda: actions.conclude(
            number=number,
            statement=form.cleaned_data["statement"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "conclude", number),
        ),
        conclude_form=form,
    )


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take back whatever of it is still open (整体撤回)."""
    row, sight = _seen(request, number)
    actor = actor_of(request)
    if not access.is_own(actor, row):
        raise Http404
    form = WithdrawForm(request.POST)
    return _done(
        request,
        row,
        sight,
        lambda: actions.withdraw_all(
            number=number,
            person=actor.person,
            reason=form.cleaned_data["reason"],
            at=timezone.localtime(),
            once=once(request, "withdraw", number),
        ),
        withdrawal=form,
    )


@public("asks itself; a receipt holds nothing that is not in the public log but what is one's own")
@require_GET
def receipt(request: HttpRequest, number: str, index: int) -> HttpResponse:
    """Download the receipt of one entry of this joint case (存证回执)."""
    row, sight = _seen(request, number)
    found = [one.event for one in queries.joint_file(row).history if one.index == index]
    if not found:
        raise Http404
    return receipt_response(
        request,
        index,
        found[0],
        opened=sight is Sight.OWN,
        untold=UNTOLD,
        name=number,
        back=reverse("cases:joint", args=[number]),
    )


# ── What the acts share ─────────────────────────────────────────────────────


def _must(officer: Officer | None) -> Officer:
    if officer is None:
        raise Http404
    return officer


def _done(
    request: HttpRequest,
    row: JointRow,
    sight: Sight,
    act: Callable[[], Receipt],
    **typed: Form,
) -> HttpResponse:
    if not all(form.is_valid() for form in typed.values()):
        return _shown(request, row, sight, status=422, typed=typed)
    try:
        act()
    except Refused as refused:
        said = refusals.sentence(refused)
        return _shown(request, row, sight, status=409, refused=said, code=refused.code, typed=typed)
    return redirect("cases:joint", row.number)
