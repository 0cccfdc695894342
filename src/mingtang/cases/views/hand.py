"""Approving in the hand (掌上审批): the desk's tasks, read and decided with a thumb.

The same queries, actions and refusals as the desk's; what differs is the page, and that a decision
asks for a second factor at the moment it is taken.
"""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, actions, queries
from mingtang.cases.access import Sight
from mingtang.cases.forms.hand import HandDecideForm
from mingtang.cases.queries import CaseFile, CaseRow, TaskRow
from mingtang.cases.views import hearingwords, opinions, phones, proving, showing, teampanel, words
from mingtang.cases.views import tasks as desktop
from mingtang.cases.views.clocks import clock_card, first_review_card
from mingtang.cases.views.sending import once
from mingtang.catalogue import queries as catalogue
from mingtang.core import clock
from mingtang.core.cases import DECISION, FIRST_REVIEW, Officer, Stage
from mingtang.core.decider import Refused
from mingtang.core.mandates import MandatePower
from mingtang.core.people import Power
from mingtang.core.phrases import PhraseUse
from mingtang.people import actions as people_actions
from mingtang.people import queries as people
from mingtang.people.access import account_id, actor_of, needs
from mingtang.people.queries import Actor
from mingtang.people.views import offering
from mingtang.ui import refusals


@needs(*access.JUDGING)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The tasks of the desk, as cards: the most urgent on top."""
    proving.note_handheld(request)
    found = desktop.listing(request)
    for line in found["lines"]:
        if "batch" not in line:  # a batch is worked on where its rows can be marked
            number, _dot, key = line["key"].rpartition(".")
            line["url"] = reverse("hand:task", args=[number, key])
    context = {**found, "todo": found["tabs"][0]["count"]}
    return render(request, "cases/hand/tasks.html", context)


@needs(*access.JUDGING)
@require_GET
def detail(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One task on one screen: what, until when, what was handed in and found, and the act."""
    row, task = _task(request, number, key)
    proving.note_handheld(request)
    return _shown(request, row, task)


@needs(Power.CASE_REVIEW)
@require_POST
def complete(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Finish a review step (办结一个审查环节)."""
    row, task = _task(request, number, key)
    officer, form = _officer(actor_of(request), task), desktop.review_form(task, request.POST)
    if not form.is_valid():
        return _shown(request, row, task, form=form, status=422)
    try:
        desktop.finish(
            row,
            task,
            form,
            officer=officer,
            at=timezone.localtime(),
            once=once(request, f"step-{key}", number),
        )
    except Refused as refused:
        return _refused(request, row, task, form, refused)
    return redirect("hand:task", number, key)


@needs(Power.CASE_DECIDE)
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Take the decision (作出决定); the papers are sealed under it.

    An answer may be lost on a slow line: the same form sent again finds the decision taken, and
    asks for no second code.
    """
    row, task = _task(request, number, DECISION)
    officer = _officer(actor_of(request), task)
    sent = once(request, "decide", number)
    if sent and queries.filed_once(sent):
        return redirect("hand:task", number, DECISION)
    form = _decide_form(queries.case_file(row), request.POST)
    if not form.is_valid():
        return _shown(request, row, task, form=form, status=422)
    at = timezone.localtime()
    try:
        proof = people_actions.prove(
            account=account_id(request), code=form.cleaned_data["code"], at=at
        )
        actions.decide(
            number=number,
            **form.decided(),
            officer=officer,
            at=at,
            once=sent,
            proof=proof,
        )
    except Refused as refused:
        return _refused(request, row, task, form, refused)
    return redirect("hand:task", number, DECISION)


@needs(*access.JUDGING)
@require_GET
def myself(request: HttpRequest) -> HttpResponse:
    """What is mine on this phone: the second factor, being called, phrases, signing out."""
    proving.note_handheld(request)
    context = {
        "actor": actor_of(request),
        "todo": desktop.open_tasks(request),
        "second_factor": people.has_second_factor(account_id(request)),
        **phones.told(account_id(request)),
    }
    return render(request, "cases/hand/myself.html", context)


def _refused(
    request: HttpRequest, row: CaseRow, task: TaskRow, form: Form, refused: Refused
) -> HttpResponse:
    said = refusals.sentence(refused)
    return _shown(request, row, task, form=form, status=409, refused=said, code=refused.code)


def _task(request: HttpRequest, number: str, key: str) -> tuple[CaseRow, TaskRow]:
    """Return a task of one's own, open or done. Raises Http404 for any other."""
    row = queries.by_number(number)
    of_key = [task for task in queries.tasks_of(number) if task.key == key]
    task = max(of_key, key=lambda task: task.round, default=None)
    if row is None or task is None or Power(task.power) not in access.JUDGING:
        raise Http404
    if not access.handles(actor_of(request), [task]):
        raise Http404
    return row, task


def _officer(actor: Actor, task: TaskRow) -> Officer:
    officer = access.officer_for(actor, Power(task.power), task.department)
    if officer is None:
        raise Http404
    return officer


def _decide_form(case: CaseFile, data: Any = None) -> HandDecideForm:
    awaited = bool(case.state.open_requests())
    return HandDecideForm(
        data,
        answers=desktop.answers_to_cite(case),
        awaited=awaited,
        records=hearingwords.to_cite(case.state),
    )


def _papers(row: CaseRow) -> dict[str, Any]:
    case = queries.case_file(row)
    found = showing.case_papers(case, officer=True)
    unsealed = any(line.row.issued_at is None for line in found["papers"])
    return {**found, "waiting": bool(found["unwritten"]) or unsealed}


def _shown(
    request: HttpRequest,
    row: CaseRow,
    task: TaskRow,
    *,
    form: Form | None = None,
    status: int = 200,
    refused: str = "",
    code: str = "",
) -> HttpResponse:
    case, actor = queries.case_file(row), actor_of(request)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    state, word = words.lamp(row, today=today, calendar=calendar)
    content = showing.content_of(row)
    deciding, own = task.key == DECISION, access.is_own(actor, row)
    passing = task.key == FIRST_REVIEW
    can_act = not own and access.may_do(actor, task, today=today)
    signs = teampanel.is_among_signers(case, task)
    mandate = desktop.mandate(actor, row, today) if deciding and can_act else None
    letter = mandate["letter"] if mandate else None
    bare = deciding and can_act and not people.has_second_factor(account_id(request))
    away = [leg.body for leg in case.state.open_legs()]
    unheard = hearingwords.obstacle(case.state, at=timezone.localtime()) if deciding else ""
    waits = (deciding or passing) and can_act and bool(row.special or away or unheard)
    acts = can_act and not (waits or bare or signs) and not (mandate and mandate["obstacle"])
    blank: Form = _decide_form(case) if deciding else desktop.review_form(task)
    context = {
        "row": row,
        "task": task,
        "task_name": words.either(task.name, task.name_en),
        "name": words.item_name(row),
        "stage": words.STAGES[Stage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "clock": clock_card(row, today=today, calendar=calendar),
        "first_clock": first_review_card(row, today=today, calendar=calendar),
        "applicant": showing.applicant(case, sight=Sight.OFFICE),
        "renewed": showing.renewal(case),
        "answers": showing.answers(case, content),
        "materials": showing.materials(case, content),
        "record": desktop.record(case, now=timezone.localtime()),
        "standard": desktop.standard(case, task),
        **_papers(row),
        "mandate": mandate,
        "seals": letter is not None and MandatePower.SEAL in letter.powers,
        "deciding": deciding,
        "passing": passing,
        "decider": words.body_name(case.state.terms.department) if case.state.terms else "",
        "form": (form or blank) if acts else None,
        "waits": waits,
        "away": away,
        "unheard": unheard,
        "signs": can_act and signs,
        "unanswered": [words.body_name(one.body) for one in case.state.open_requests()],
        "opinions": opinions.told(case),
        "bare": bare,
        "phrases": offering.offered(actor, PhraseUse.OPINION, desktop.PHRASES, row.department),
        "own": own,
        "refused": refused,
        "code": code,
        "todo": desktop.open_tasks(request),
    }
    return render(request, "cases/hand/task.html", context, status=status)
