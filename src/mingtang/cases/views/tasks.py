"""Reviewing and deciding (审查与决定): a department's tasks, and one case laid out for them."""

from datetime import date, datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, actions, queries
from mingtang.cases.access import Sight
from mingtang.cases.forms import PassUpForm, StepForm
from mingtang.cases.forms.referral import DecideCaseForm
from mingtang.cases.queries import BatchRow, CaseFile, CaseRow, TaskRow
from mingtang.cases.views import (
    beside,
    comparing,
    hearingshowing,
    hearingwords,
    legs,
    opinions,
    proving,
    showing,
    special,
    teampanel,
    words,
)
from mingtang.cases.views.clocks import clock_card, first_review_card
from mingtang.cases.views.lists import Lines, page_of, task_page
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock, mandates
from mingtang.core import flow as flows
from mingtang.core.cases import DECISION, FIRST_REVIEW, Finding, Officer, Stage
from mingtang.core.decider import Refused
from mingtang.core.mandates import MandatePower
from mingtang.core.people import Power
from mingtang.core.phrases import PhraseUse
from mingtang.papers.queries import PaperRow
from mingtang.people.access import Actor, actor_of, needs
from mingtang.people.views import offering
from mingtang.ui import refusals
from mingtang.ui.flowchart import flow_chart

PHRASES = (
    gettext_lazy("材料齐全，符合规定。"),
    gettext_lazy("经现场核查，情况属实。"),
    gettext_lazy("同意。"),
    gettext_lazy("拟同意。"),
    gettext_lazy("与法定条件不符。"),
    gettext_lazy("容缺受理的材料逾期没有补齐。"),
)


@needs(*access.JUDGING)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list alone."""
    return render(request, "cases/tasks.html", listing(request))


@needs(*access.JUDGING)
@require_GET
def detail(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One task beside the list: what was handed in, what was done, what is to be said."""
    row, task = mine(request, number, key)
    return shown(request, row, task)


@needs(Power.CASE_REVIEW)
@require_POST
def complete(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Finish a review step (办结一个审查环节), or the first review: then it goes up (报送上级)."""
    row, task = mine(request, number, key)
    officer = _officer(actor_of(request), task)
    form = review_form(task, request.POST)
    if not form.is_valid():
        return shown(request, row, task, form=form, status=422)
    try:
        finish(
            row,
            task,
            form,
            officer=officer,
            at=timezone.localtime(),
            once=once(request, f"step-{key}", number),
        )
    except Refused as refused:
        return _refused(request, row, task, form, refused)
    return redirect("cases:task", number, key)


def review_form(task: TaskRow, data: Any = None) -> StepForm:
    """Return the form of a review: what goes up always says what was found, and why."""
    return PassUpForm(data) if task.key == FIRST_REVIEW else StepForm(data)


def finish(
    row: CaseRow, task: TaskRow, form: Form, *, officer: Officer, at: datetime, once: str | None
) -> None:
    """Finish a review step, or pass the case up. Raises Refused."""
    finding, opinion = Finding(form.cleaned_data["finding"]), form.cleaned_data["opinion"]
    found: dict[str, Any] = {"finding": finding, "opinion": opinion, "officer": officer, "at": at}
    if task.key == FIRST_REVIEW:
        actions.pass_up(number=row.number, **found, once=once)
    else:
        actions.complete_step(number=row.number, step=task.key, **found, once=once)


@needs(Power.CASE_DECIDE)
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Grant or refuse, in the department's name (作出决定)."""
    proving.require_desk(request)
    row, task = mine(request, number, DECISION)
    officer = _officer(actor_of(request), task)
    form = _decide_form(queries.case_file(row), request.POST)
    if not form.is_valid():
        return shown(request, row, task, form=form, status=422)
    try:
        actions.decide(
            number=number,
            **form.decided(),
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "decide", number),
        )
    except Refused as refused:
        return _refused(request, row, task, form, refused)
    return redirect("cases:task", number, DECISION)


def _refused(
    request: HttpRequest, row: CaseRow, task: TaskRow, form: Form, refused: Refused
) -> HttpResponse:
    said = refusals.sentence(refused)
    return shown(request, row, task, form=form, status=409, refused=said, code=refused.code)


# ── Whose task ──────────────────────────────────────────────────────────────


def mine(request: HttpRequest, number: str, key: str) -> tuple[CaseRow, TaskRow]:
    """Return a task of one's own department, open or done. Raises Http404 for any other."""
    row, task = may_see(request, number, key)
    if not access.handles(actor_of(request), [task]):
        raise Http404
    return row, task


def may_see(request: HttpRequest, number: str, key: str) -> tuple[CaseRow, TaskRow]:
    """Return an open or done task of a department where one works, or which one manages."""
    actor, row = actor_of(request), queries.by_number(number)
    of_key = [task for task in queries.tasks_of(number) if task.key == key]
    task = max(of_key, key=lambda task: task.round, default=None)
    if row is None or task is None or Power(task.power) not in access.JUDGING:
        raise Http404
    if not access.handles(actor, [task]) and not access.heads(actor, task.department):
        raise Http404
    return row, task


def _officer(actor: Actor, task: TaskRow) -> Officer:
    officer = access.officer_for(actor, Power(task.power), task.department)
    if officer is None:
        raise Http404
    return officer


# ── The list ────────────────────────────────────────────────────────────────


def listing(request: HttpRequest) -> dict[str, Any]:
    """Return the tasks with their tabs; every count is of the very list it stands on."""
    actor = actor_of(request)
    done = queries.done_by(actor.person).exclude(key=cases.INTAKE)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    to_do = access.to_do(actor, access.JUDGING, today=today)
    lists = {
        "todo": (_("待办"), to_do, ("case__promised_due", "opened_at")),
        "done": (_("已办"), done, ("-done_at",)),
    }
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in lists else "todo"
    page = page_of(*lists[tab][1:], request.GET.get("page"))
    stages = list(cases.UNDER_REVIEW) if tab == "todo" else list(Stage)
    lines = Lines(page, today=today, calendar=calendar, sight=Sight.OFFICE, stages=stages)
    return {
        "work_nav": work_nav(request),
        "tabs": [
            {
                "key": key,
                "word": word,
                "count": queries.count_folded(tasks),
                "current": key == tab,
            }
            for key, (word, tasks, _order) in lists.items()
        ],
        "tab": tab,
        "page": page,
        "lines": lines.all(task_page, with_papers=tab == "done"),
    }


def open_tasks(request: HttpRequest) -> int:
    """Return how many lines the list of what is to do has."""
    today = clock.civil_day(timezone.now())
    return queries.count_folded(access.to_do(actor_of(request), access.JUDGING, today=today))


# ── The detail ──────────────────────────────────────────────────────────────


def shown(
    request: HttpRequest,
    row: CaseRow,
    task: TaskRow,
    *,
    form: Form | None = None,
    typed: dict[str, Form] | None = None,
    status: int = 200,
    refused: str = "",
    code: str = "",
) -> HttpResponse:
    """Render a task's page. `typed`: what was typed into forms about colleagues, by act."""
    case = queries.case_file(row)
    actor = actor_of(request)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    state, word = words.lamp(row, today=today, calendar=calendar)
    content = showing.content_of(row)
    own = access.is_own(actor, row)
    can_act = not own and access.may_do(actor, task, today=today)
    deciding, passing = task.key == DECISION, task.key == FIRST_REVIEW
    away = [leg.body for leg in case.state.open_legs()]
    team = teampanel.panel(actor, case, task, can_act=can_act, typed=typed or {})
    signature = teampanel.signature_of(case, task)
    acts = can_act and signature is None and not team["waits_for_signers"]
    # For what a special procedure shows, a body outside the system answers, or a hearing is held.
    unheard = hearingwords.obstacle(case.state, at=timezone.localtime()) if deciding else ""
    waits = (deciding or passing) and can_act and bool(row.special or away or unheard)
    context = {
        **listing(request),
        "row": row,
        "task": task,
        "task_name": words.either(task.name, task.name_en),
        "selected": task.id,
        "name": words.item_name(row),
        "department": words.body_name(row.department),
        "stage": words.STAGES[Stage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "clock": clock_card(row, today=today, calendar=calendar),
        "first_clock": first_review_card(row, today=today, calendar=calendar),
        "dates": special.may_move(request, row),
        "follows": beside.follows(row, today=today, calendar=calendar),
        "applicant": showing.applicant(case, sight=Sight.OFFICE),
        "renewed": showing.renewal(case),
        "answers": showing.answers(case, content),
        "materials": showing.materials(case, content),
        "record": record(case, now=timezone.localtime()),
        **showing.case_papers(case, officer=True),
        "picture": picture(case),
        "standard": standard(case, task),
        "mandate": mandate(actor, row, today) if deciding and can_act else None,
        "deciding": deciding,
        "passing": passing,
        "decider": words.body_name(case.state.terms.department) if case.state.terms else "",
        "form": _form(case, task, form) if acts and not waits else None,
        **team,
        "signature": signature,
        "compared": comparing.is_comparable(case),
        "waits": waits,
        "away": away,
        "unheard": unheard,
        "hearing": hearingshowing.card(case, actor, at=timezone.localtime()),
        "legs": legs.lines_of(case, today=today, calendar=calendar),
        "legs_page": not passing and legs.may_refer(request, row),
        "ahead": legs.ahead(case, calendar=calendar),
        "opinions": opinions.told(case),
        "opinions_page": not passing and opinions.may_ask(request, row),
        "unanswered": [words.body_name(one.body) for one in case.state.open_requests()],
        "phrases": offering.offered(actor, PhraseUse.OPINION, PHRASES, row.department),
        "licences": _licences(actor, row, task) if can_act else [],
        "own": own,
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/task.html", context, status=status)


def _licences(actor: Actor, row: CaseRow, task: TaskRow) -> list[tuple[PaperRow, str]]:
    """Return what the applicant holds and this officer may read for the case: what it asks for,
    and what the officer's own body gave. Each with who gave it; what stands on it is not told.
    """
    officer = access.officer_for(actor, Power(task.power), task.department)
    own, asked = officer.organisation if officer else "", queries.asked_of(row)
    return [
        (one, words.body_name(one.organ))
        for one in queries.licences_of(row)
        if one.organ == own or any(queries.is_supplied(one, entry) for entry in asked)
    ]


def _form(case: CaseFile, task: TaskRow, typed: Form | None) -> Form:
    return typed or (_decide_form(case) if task.key == DECISION else review_form(task))


def _decide_form(case: CaseFile, data: Any = None) -> DecideCaseForm:
    """Return the form of a decision: the answers it may cite, and whether counsel is waited for."""
    awaited = bool(case.state.open_requests())
    return DecideCaseForm(
        data,
        answers=answers_to_cite(case),
        awaited=awaited,
        records=hearingwords.to_cite(case.state),
    )


def answers_to_cite(case: CaseFile) -> list[tuple[str, str]]:
    """Return the answers of bodies outside a decision may cite: number of the leg, in words."""
    return [
        (str(leg.number), f"{leg.body} {leg.answer_no} {words.ANSWERS[cases.Answer(leg.answer)]}")
        for leg in case.state.legs
        if leg.answer
    ]


def standard(case: CaseFile, task: TaskRow) -> str:
    """Return what the item says this step is judged by."""
    assert case.state.terms is not None
    step = next((s for s in case.state.terms.steps if s.key == task.key), None)
    return words.either(step.standard, step.standard_en) if step else ""


def mandate(actor: Actor, row: CaseRow | BatchRow, today: date) -> dict[str, Any]:
    """Return the letter a decision would rest on, or why there is none that carries it."""
    letter = queries.mandate_for(
        person=actor.person, organ=row.department, item=row.item_code, day=today
    )
    if letter is None:
        return {"obstacle": refusals.sentence(Refused("case.no-mandate")), "letter": None}
    obstacle = mandates.why_not(
        letter, organ=row.department, item=row.item_code, power=MandatePower.DECIDE, day=today
    )
    every = mandates.EVERY_ITEM in letter.items
    covered = ngettext("%(n)s 个事项", "%(n)s 个事项", len(letter.items)) % {"n": len(letter.items)}
    return {
        "letter": letter,
        "organ": words.body_name(letter.organ, letter.organ_name),
        "url": reverse("people:letter", args=[mandates.key(letter.letter_no)]),
        "scope": _("本部门全部事项") if every else covered,
        "obstacle": refusals.sentence(Refused(obstacle, letter_no=letter.letter_no))
        if obstacle
        else "",
    }


def record(case: CaseFile, *, now: datetime) -> list[dict[str, Any]]:
    """Return the record of handling (审批记录): in, step, who, opinion, out, how long.

    What was done before a return stays in it; signatures stand among the steps they are on.
    """
    opinions = _opinions(case)
    lines = []
    for task in case.state.tasks:
        lines.append(
            {
                "opened_at": task.opened_at,
                "name": words.task_name(case, task.key),
                "department": words.body_name(task.department),
                "who": _who(task),
                "finding": words.FINDINGS[task.finding] if task.done_at else "",
                "again": task.returned and task.finding != cases.RETURNED,
                "opinion": opinions.get((task.key, task.done_at), ""),
                "done_at": task.done_at,
                "took": spent(task.opened_at, task.done_at or now),
            }
        )
    for one in case.state.signatures:
        if one.done_at is not None:
            who = teampanel.person_name(one.signed_by, one.signed_no)
            if one.signed_by != one.person:
                giver = teampanel.person_name(one.person, one.staff_no)
                who = _("%(who)s 代 %(giver)s") % {"who": who, "giver": giver}
            lines.append(
                {
                    "opened_at": one.asked_at,
                    "name": _("%(step)s（签署）") % {"step": words.task_name(case, one.task)},
                    "department": words.body_name(one.department),
                    "who": who,
                    "finding": words.FINDINGS[one.finding],
                    "again": False,
                    "opinion": opinions.get((one.key, one.done_at), ""),
                    "done_at": one.done_at,
                    "took": spent(one.asked_at, one.done_at),
                }
            )
    return sorted(lines, key=lambda line: line["opened_at"])


def _opinions(case: CaseFile) -> dict[tuple[str, datetime | None], str]:
    """Return what was written to each task when it was done: (key, moment) → words."""
    found: dict[tuple[str, datetime | None], str] = {}
    held: dict[str, str] = {}
    for written in case.history:
        match event := written.event:
            case cases.StepHeld():
                held[event.step] = event.opinion
            case cases.StepCompleted():
                found[event.step, event.at] = event.opinion or held.get(event.step, "")
            case cases.CaseHandedUp():
                found[FIRST_REVIEW, event.at] = event.opinion
            case cases.CaseDecided():
                found[DECISION, event.at] = event.reason
            case cases.CaseReturned():
                found[event.task, event.at] = event.reason
            case cases.TaskSigned():
                found[f"_{event.signature}", event.at] = event.opinion
            case _:
                pass
    return found


def _who(task: cases.Task) -> str:
    if task.finding == "deemed":
        return _("系统按期限自动记录")
    return teampanel.person_name(task.person, task.staff_no)


def spent(begin: datetime, end: datetime) -> str:
    """Return a duration (耗时) in the two largest units that matter."""
    minutes = max(0, int((end - begin).total_seconds())) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s 分") % {"minutes": minutes}


def picture(case: CaseFile) -> str:
    """Return the item's flow as SVG: what this case has walked, back as well, and where it is."""
    content = showing.content_of(case.row)
    graph = flows.flow(content)
    back = [
        (_node(event.task), flows.step_node(event.step))
        for written in case.history
        if isinstance(event := written.event, cases.CaseReturned)
    ]
    title = _("办理流程：%(item)s") % {"item": words.item_name(case.row)}
    open_now = [_node(task.key) for task in case.state.tasks if task.done_at is None]
    left = {_node(t.key) for t in case.state.tasks if t.done_at and t.finding != cases.RETURNED}
    return flow_chart(
        flows.with_returns(graph, back),
        title=title,
        walked=flows.walked(graph, _reached(case), waiting=set(open_now) - left),
        now=open_now,
        again=_again(case),
        english=words.english(),
    )


def _node(key: str) -> str:
    """Return the node of the flow a task stands at."""
    backbone = {cases.INTAKE: "intake", DECISION: "decided"}
    return backbone.get(key) or flows.step_node(key)


def _again(case: CaseFile) -> frozenset[str]:
    """Return the nodes that were passed and have to be passed again."""
    stands = {task.key for task in case.state.tasks if not task.returned}
    return frozenset(
        _node(task.key) for task in case.state.tasks if task.returned and task.key not in stands
    )


def _reached(case: CaseFile) -> frozenset[str]:
    """Return the nodes of the flow this case has come to."""
    stage, state = Stage(case.row.stage), case.state
    reached = {"applied", "intake"}
    if state.corrected:
        reached |= {"check", "correction"}
    if stage is Stage.NOT_ACCEPTED:
        reached |= {"check", "not-accepted"}
    if state.accepted_date is not None:
        reached |= {"check", "accepted"}
    reached |= {
        flows.step_node(t.key) for t in state.tasks if t.key not in (cases.INTAKE, DECISION)
    }
    if any(task.key == DECISION for task in state.tasks):
        reached.add("decided")
    if stage is Stage.REFUSED:
        reached |= {"outcome", "refused"}
    if stage is Stage.GRANTED:
        reached |= {"outcome", "issued"}
    return frozenset(reached)
