"""What colleagues do about a task (同事协作): each act is a form on its page."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import teamwork
from mingtang.cases.forms.teamwork import (
    CopyForm,
    DropForm,
    ReassignForm,
    RemindForm,
    ReturnForm,
    SignersForm,
    SignForm,
)
from mingtang.cases.queries import CaseRow, TaskRow
from mingtang.cases.views import mine, teampanel, words
from mingtang.cases.views.sending import once
from mingtang.cases.views.tasks import may_see, shown
from mingtang.cases.views.work import work_nav
from mingtang.core import cases
from mingtang.core.cases import DECISION, Agreement, Need, Officer, When
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.people.access import Actor, actor_of, needs, signed_in
from mingtang.ui import refusals

HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
HEADING = Power.MANDATE_GRANT  # a department's manager has it
Act = Callable[[Any, "Doing"], Receipt]


class Doing:
    """Who does something about which task, and when."""

    def __init__(self, request: HttpRequest, row: CaseRow, task: TaskRow, act: str) -> None:
        self.actor, self.row, self.task = actor_of(request), row, task
        self.signature = request.POST.get("signature", "")
        self.common: dict[str, Any] = {
            "number": row.number,
            "officer": _officer(self.actor, task),
            "at": timezone.localtime(),
            "once": once(request, act, f"{row.number}/{task.id}"),
        }


def _officer(actor: Actor, task: TaskRow) -> Officer:
    for power in (Power(task.power), HEADING):
        officer = access.officer_for(actor, power, task.department)
        if officer is not None:
            return officer
    raise Http404


# ── Forms ───────────────────────────────────────────────────────────────────


def _form(request: HttpRequest, row: CaseRow, task: TaskRow, act: str) -> Form | None:
    """Return what was typed, or None for an act that needs nothing."""
    actor, data = actor_of(request), request.POST
    match act:
        case "return":
            case_file = queries.case_file(row)
            steps = [
                (key, words.step_name(case_file, key))
                for key in cases.earlier_steps(case_file.state, task.key)
            ]
            return ReturnForm(data, steps=steps)
        case "signers":
            found = access.colleagues(actor, task.department, access.SIGNING)
            return SignersForm(data, colleagues=found, deciding=task.key == DECISION)
        case "reassign":
            found = access.colleagues(actor, task.department, {Power(task.power)})
            return ReassignForm(data, colleagues=found)
        case "copy":
            found = access.colleagues(actor, task.department, access.READING)
            return CopyForm(data, colleagues=found)
        case "sign":
            return SignForm(data)
        case "drop":
            return DropForm(data)
        case _:
            return None


# ── Acts ────────────────────────────────────────────────────────────────────


def _claim(_said: Any, doing: Doing) -> Receipt:
    return teamwork.claim(task=doing.task.key, **doing.common)


def _give_back(_said: Any, doing: Doing) -> Receipt:
    return teamwork.give_back(task=doing.task.key, **doing.common)


def _reassign(said: Any, doing: Doing) -> Receipt:
    return teamwork.reassign(
        task=doing.task.key,
        to=said["reassign_to"],
        reason=said["reassign_reason"],
        **doing.common,
    )


def _signers(said: Any, doing: Doing) -> Receipt:
    return teamwork.ask_signers(
        task=doing.task.key,
        signers=said["signers"],
        when=When(said["signing_when"]),
        need=Need(said["signing_need"]),
        note=said["signing_note"],
        **doing.common,
    )


def _sign(said: Any, doing: Doing) -> Receipt:
    asked = teampanel.signature_of(queries.case_file(doing.row), doing.task)
    if asked is None:
        raise Http404
    return teamwork.sign(
        signature=asked.number,
        finding=Agreement(said["agreement"]),
        opinion=said["opinion"],
        **doing.common,
    )


def _drop(said: Any, doing: Doing) -> Receipt:
    if not doing.signature.isascii() or not doing.signature.isdigit():
        raise Http404
    return teamwork.drop_signer(
        signature=int(doing.signature[:6]), reason=said["drop_reason"], **doing.common
    )


def _return(said: Any, doing: Doing) -> Receipt:
    return teamwork.return_to_step(
        task=doing.task.key,
        step=said["return_step"],
        reason=said["return_reason"],
        **doing.common,
    )


def _copy(said: Any, doing: Doing) -> Receipt:
    return teamwork.copy(to=said["copy_to"], **doing.common)


ACTS: dict[str, Act] = {
    "claim": _claim,
    "give-back": _give_back,
    "reassign": _reassign,
    "signers": _signers,
    "sign": _sign,
    "drop": _drop,
    "return": _return,
    "copy": _copy,
}


@needs(*HANDLING, HEADING)
@require_POST
def act(request: HttpRequest, number: str, key: str, act: str) -> HttpResponse:
    """Do one of these acts about a task; refused, the page says why with what was typed."""
    if act not in ACTS:
        raise Http404
    row, task = may_see(request, number, key)
    doing = Doing(request, row, task, act)
    form = _form(request, row, task, act)
    typed = {act: form} if form is not None else {}
    handles = access.handles(doing.actor, [task])
    show = shown if handles else _team_shown
    if form is not None and not form.is_valid():
        return show(request, row, task, status=422, typed=typed)
    try:
        ACTS[act](form.cleaned_data if form is not None else {}, doing)
    except Refused as refused:
        said = refusals.sentence(refused)
        return show(request, row, task, status=409, refused=said, code=refused.code, typed=typed)
    return redirect("cases:task" if handles else "cases:team", number, key)


@needs(HEADING)
@require_GET
def team(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Whose task it is, for the department's manager: who passes it on need not read the case."""
    row, task = may_see(request, number, key)
    if not access.heads(actor_of(request), task.department):
        raise Http404
    return _team_shown(request, row, task)


def _team_shown(
    request: HttpRequest,
    row: CaseRow,
    task: TaskRow,
    *,
    typed: dict[str, Form] | None = None,
    status: int = 200,
    refused: str = "",
    code: str = "",
) -> HttpResponse:
    case = queries.case_file(row)
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "task": task,
        "name": words.item_name(row),
        "task_name": words.either(task.name, task.name_en),
        "department": words.body_name(task.department),
        "refused": refused,
        "code": code,
        **teampanel.panel(actor_of(request), case, task, can_act=False, typed=typed or {}),
    }
    return render(request, "cases/team.html", context, status=status)


@signed_in
@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Remind those it waits for (催办): by the applicant, or by whoever oversees the case."""
    row, sight = mine.seen_case(request, number)
    actor, form = actor_of(request), RemindForm(request.POST)
    if not form.is_valid():
        return mine.shown(request, row, sight, status=422, reminder=form)
    try:
        teamwork.remind(
            number=number,
            task="",
            words=form.cleaned_data["remind_words"],
            person=actor.person,
            officer=None if access.is_own(actor, row) else _overseer(actor, row),
            at=timezone.localtime(),
            once=once(request, "remind", number),
        )
    except Refused as refused:
        return mine.shown(
            request,
            row,
            sight,
            status=409,
            refused=refusals.sentence(refused),
            code=refused.code,
            reminder=form,
        )
    return redirect("cases:progress", number)


def _overseer(actor: Actor, row: CaseRow) -> Officer:
    officer = access.overseer_of(actor, row)
    if officer is None:
        raise Http404
    return officer
