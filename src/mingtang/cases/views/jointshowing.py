"""What the page of a joint case shows, and which acts it offers to whom."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
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
from mingtang.cases.views.mine import TRACKED
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock, joint
from mingtang.core.cases import Officer, Stage
from mingtang.core.joint import OPEN, JointStage
from mingtang.core.people import Power
from mingtang.core.worktime import WorkCalendar
from mingtang.people.access import Actor, actor_of
from mingtang.vault import queries as vault

HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
UNTOLD = frozenset({"opinion", "question", "answer"})  # what officers write to one another
RUNNING = (JointStage.HANDLING, JointStage.CONCLUDING)
Values = dict[str, Any]


def handled_departments(actor: Actor) -> frozenset[str]:
    """Return the departments for which the actor reviews or decides."""
    return frozenset().union(*(actor.organisations_with(power) for power in HANDLING))


def found_for(request: HttpRequest, number: str) -> tuple[JointRow, Sight]:
    """Return a joint case and as whom the reader sees it. Raises Http404 when they do not."""
    row, tracked = queries.joint_case(number), number in request.session.get(TRACKED, [])
    sight = access.joint_sight(actor_of(request), row, tracked=tracked) if row else None
    if row is None or sight is None:
        raise Http404
    return row, sight


def page_of(
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
        "approve_form": running and row.asked_days and governor_of(row, actor),
        "conclude_form": row.stage == JointStage.CONCLUDING and lead,
    }
    fresh: dict[str, Callable[[], Form]] = {
        "ask_form": lambda: AskForm(other_departments(row)),
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


def other_departments(row: JointRow) -> list[tuple[str, str]]:
    """Return the departments the lead may ask: those of the other branches."""
    codes = {case.department for case in queries.branches_of(row.number)} - {row.lead}
    return [(code, words.body_name(code)) for code in sorted(codes)]


def _asked_of(row: JointRow, actor: Actor) -> ConsultationRow | None:
    """Return what a department of the actor's was asked and has not answered, the oldest."""
    waiting = queries.consultations_waiting(handled_departments(actor)).filter(joint=row.number)
    return waiting.first()


def governor_of(row: JointRow, actor: Actor) -> Officer | None:
    return access.officer_for(actor, Power.JOINT_EXTEND, row.government)
