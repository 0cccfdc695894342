"""My cases and a case's progress (我的办件, 办件进度): for those it concerns."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, actions, queries
from mingtang.cases.access import Sight
from mingtang.cases.forms import WithdrawForm
from mingtang.cases.forms.teamwork import RemindForm
from mingtang.cases.queries import CaseFile, CaseRow
from mingtang.cases.views import (
    beside,
    comparing,
    correcting,
    hearingshowing,
    jointwords,
    legs,
    opinions,
    showing,
    special,
    words,
)
from mingtang.cases.views.apply import drafts
from mingtang.cases.views.clocks import clock_card, first_review_card
from mingtang.cases.views.lists import Lines, progress_page
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import Stage
from mingtang.core.cases.reminding import WAITING
from mingtang.core.decider import Refused
from mingtang.core.history import WIRE
from mingtang.core.joint import JointStage
from mingtang.ledger import receipts
from mingtang.people.access import actor_of, public, signed_in
from mingtang.ui import refusals
from mingtang.ui.pages import explain

TABS = {
    "correcting": (gettext_lazy("待补正"), [Stage.CORRECTING]),
    "open": (gettext_lazy("办理中"), [Stage.FILED, *cases.UNDER_REVIEW]),
    "closed": (gettext_lazy("已办结"), list(cases.CLOSED)),
}
TRACKED = "cases.tracked"  # session key: numbers this visitor has shown to know
# What officers write to one another, and to bodies outside.
INTERNAL = frozenset(
    {"opinion", "question", "interest", "grounds", "message", "received_by", "note"}
)
AMONG_COLLEAGUES = (cases.CaseReturned, cases.TaskReassigned, cases.SignerDropped)


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I applied for, for myself or for others."""
    actor = actor_of(request)
    found = queries.of_applicant(actor.person, actor.represents)
    unfinished = drafts(actor, at=timezone.now()) if actor.person else []
    lists = {key: found.filter(stage__in=stages) for key, (_word, stages) in TABS.items()}
    counts = {key: queries.folded_cases(rows).count() for key, rows in lists.items()}
    tab = request.GET.get("tab", "")
    if tab not in (*TABS, "drafts"):
        tab = "correcting" if counts["correcting"] else "open"
    tabs = [
        {"key": key, "word": word, "count": counts[key], "current": key == tab}
        for key, (word, _stages) in TABS.items()
    ]
    tabs.append(
        {
            "key": "drafts",
            "word": _("草稿"),
            "count": len(unfinished),
            "current": tab == "drafts",
        }
    )
    listed = queries.folded_cases(lists.get(tab, found.none()))
    page = Paginator(listed, 20).get_page(request.GET.get("page"))
    today, stages = clock.civil_day(timezone.now()), TABS[tab][1] if tab in TABS else ()
    lines = Lines(
        page, today=today, calendar=catalogue.calendar(), sight=Sight.OWN, stages=stages
    ).all(progress_page)
    together = queries.joint_cases_of(actor.person, actor.represents)
    context: dict[str, Any] = {
        "joint_cases": [
            {
                "row": row,
                "name": jointwords.name_of(row),
                "lamp": jointwords.lamp(row, today=today, calendar=catalogue.calendar()),
                "stage": jointwords.STAGES[JointStage(row.stage)],
            }
            for row in together.filter(closed_at__isnull=tab != "closed")
        ]
        if tab in ("open", "closed")
        else []
    }
    context["heard"] = hearingshowing.of_others(actor, at=timezone.localtime())
    context |= {"tabs": tabs, "tab": tab, "page": page, "lines": lines, "drafts": unfinished}
    return render(request, "cases/mine.html", context)


# ── Progress ────────────────────────────────────────────────────────────────


def seen_case(request: HttpRequest, number: str) -> tuple[CaseRow, Sight]:
    """Return a case and as whom the reader sees it. Raises Http404 when they do not."""
    row = queries.by_number(number)
    known = request.session.get(TRACKED, [])
    tracked = row is not None and (number in known or row.joint in known)
    found = access.sight(actor_of(request), row, tracked=tracked) if row else None
    if row is None or found is None:
        raise Http404
    return row, found


@public("asks itself: whose case it is, who handles it, or who knows its number and phone")
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far a case is, why its dates are what they are, and everything that happened."""
    try:
        row, sight = seen_case(request, number)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect(f"{reverse('cases:track')}?number={number}")  # the same for every number
    return shown(request, row, sight)


def shown(
    request: HttpRequest,
    row: CaseRow,
    sight: Sight,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
    correction: correcting.Correction | None = None,
    withdrawal: WithdrawForm | None = None,
    reminder: RemindForm | None = None,
) -> HttpResponse:
    """Render the progress page, with whatever was typed into it still there."""
    case = queries.case_file(row)
    actor = actor_of(request)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    content = showing.content_of(row)
    acts = access.is_own(actor, row)
    awaited = row.stage == Stage.CORRECTING
    state, word = words.lamp(row, today=today, calendar=calendar)
    context: dict[str, Any] = {
        "row": row,
        "name": words.item_name(row),
        "department": words.body_name(row.department),
        "stage": words.STAGES[Stage(row.stage)],
        "sight": sight,
        "own": sight is Sight.OWN,
        "lamp": state,
        "lamp_word": word,
        "steps": showing.steps(case),
        "clock": clock_card(row, today=today, calendar=calendar),
        "first_clock": first_review_card(row, today=today, calendar=calendar),
        "lines": showing.timeline(case, sight=sight),
        "stub": showing.stub(request, case),
        "applicant": showing.applicant(case, sight=sight),
        "ending": _ending(case, sight),
        "refused": refused,
        "code": code,
    }
    if row.joint and (sight is not Sight.TRACKING or row.joint in request.session.get(TRACKED, [])):
        context["joint_url"] = reverse("cases:joint", args=[row.joint])
    context["dates"] = special.may_move(request, row)
    context["hearing"] = hearingshowing.card(case, actor, at=timezone.localtime())
    context["legs"] = legs.lines_of(case, today=today, calendar=calendar)
    context["legs_page"] = row.accepted_date is not None and legs.may_refer(request, row)
    context["opinions_page"] = row.accepted_date is not None and opinions.may_ask(request, row)
    context |= beside.shown(actor, case, content, today=today, calendar=calendar)
    if sight is Sight.OFFICE:
        context["work"] = work_nav(request)[0]  # where their own lists begin
    if sight.full:
        context |= showing.case_papers(case, officer=sight is Sight.OFFICE)
        context["materials"] = showing.materials(case, content)
        context["answers"] = showing.answers(case, content)
        context["renewed"] = showing.renewal(case)
    if sight is Sight.OWN and awaited:
        context["shortfalls"] = showing.shortfalls(case)
        context["notified_at"] = case.event(cases.CorrectionsNotified).at  # type: ignore[union-attr]
    if acts and awaited:
        context["correction"] = correction or correcting.Correction(case, content, actor)
    if acts and row.stage not in cases.CLOSED:
        context["withdrawal"] = withdrawal or WithdrawForm()
    oversees = sight is not Sight.TRACKING and access.overseer_of(actor, row) is not None
    if row.stage in WAITING and (acts or oversees):
        context["reminder"] = reminder or RemindForm()
        reminded = queries.reminded_cases([row.number]).get(row.number)
        context["reminded"] = reminded
    context["headed"] = [
        (task, words.either(task.name, task.name_en))
        for task in queries.tasks_of(row.number)
        if task.done_at is None
        and task.key != cases.INTAKE
        and not task.key.startswith("_")
        and not access.is_own(actor, row)
        and access.heads(actor, task.department)
    ]
    if sight.full:
        context["compared"] = comparing.is_comparable(case)
    return render(request, "cases/progress.html", context, status=status)


def _ending(case: CaseFile, sight: Sight) -> dict[str, str] | None:
    """Return how the case ended, in words, with the reason for those who may read it."""
    decided: Any = case.event(cases.CaseDecided)
    not_accepted: Any = case.event(cases.CaseNotAccepted)
    if decided is not None:
        kind = "success" if decided.granted else "error"
        what = _("决定：准予") if decided.granted else _("决定：不予")
        return {"kind": kind, "what": what, "why": decided.reason if sight.full else ""}
    if not_accepted is not None:
        ground = str(words.GROUNDS[not_accepted.ground])
        organ = not_accepted.competent_organ
        where = _("请向 %(organ)s 申请。") % {"organ": organ} if organ else ""
        why = f"{not_accepted.reason} {where}" if sight.full else where
        return {"kind": "error", "what": _("不予受理：%(ground)s") % {"ground": ground}, "why": why}
    return None


# ── What an applicant does ──────────────────────────────────────────────────


@signed_in
@require_POST
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in corrections (提交补正)."""
    row, sight = seen_case(request, number)
    actor, at = actor_of(request), timezone.localtime()
    case = queries.case_file(row)
    correction = correcting.Correction(case, showing.content_of(row), actor)
    correction.take(request, at=at)
    if request.POST.get("do") == "keep" or correction.wrong:
        return shown(
            request, row, sight, status=422 if correction.wrong else 200, correction=correction
        )
    try:
        actions.submit_corrections(
            number=number,
            person=actor.person,
            documents=correction.documents(),
            form=correction.fields(),
            at=at,
            once=once(request, "correct", number),
        )
    except Refused as refused:
        return shown(
            request,
            row,
            sight,
            status=409,
            refused=refusals.sentence(refused),
            code=refused.code,
            correction=correction,
        )
    correction.forget()
    return redirect("cases:progress", number)


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw the application (撤回)."""
    row, sight = seen_case(request, number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return shown(request, row, sight, status=422, withdrawal=form)
    try:
        actions.withdraw(
            number=number,
            person=actor_of(request).person,
            reason=form.cleaned_data["reason"],
            at=timezone.localtime(),
            once=once(request, "withdraw", number),
        )
    except Refused as refused:
        return shown(
            request,
            row,
            sight,
            status=409,
            refused=refusals.sentence(refused),
            code=refused.code,
            withdrawal=form,
        )
    return redirect("cases:progress", number)


def _is_of_another_party(event: Any) -> bool:
    """Whether it says who else is heard: parties are not told one another's names."""
    named = isinstance(event, cases.HearingRightTold | cases.HearingPartyNamed)
    return named and event.party != cases.APPLICANT


# ── Receipts ────────────────────────────────────────────────────────────────


@public("asks itself; a receipt holds nothing that is not in the public log but what is one's own")
@require_GET
def receipt(request: HttpRequest, number: str, index: int) -> HttpResponse:
    """Download the receipt of one entry of this case (存证回执)."""
    row, sight = seen_case(request, number)
    event = next((w.event for w in queries.case_file(row).history if w.index == index), None)
    if event is None:
        raise Http404
    return receipt_response(
        request,
        index,
        event,
        opened=sight is Sight.OWN,
        name=number,
        back=reverse("cases:progress", args=[number]),
    )


def receipt_response(
    request: HttpRequest,
    index: int,
    event: Any,
    *,
    opened: bool,
    name: str,
    back: str,
    untold: frozenset[str] = INTERNAL,
) -> HttpResponse:
    """Send the receipt of one entry, or say: in a second.

    `opened`: with its sealed values, all but those `untold`.
    """
    internal = isinstance(event, AMONG_COLLEAGUES) or _is_of_another_party(event)
    sealed = set(WIRE.sealed_fields(event.kind)) - untold if opened and not internal else set()
    text = receipts.receipt_file(index, disclose=sealed)
    if text is None:
        response = explain(
            request,
            status=202,
            happened=_("回执正在生成，一两秒后可下载"),
            kept=_("这一步已经记入账本，序号 %(index)s，不会丢失。") % {"index": index},
            next_steps=[(_("再试一次"), request.path), (_("回到办件"), back)],
        )
        response.headers["Refresh"] = "2"
        return response
    return HttpResponse(
        text,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{index}.receipt.json"',
            "Cache-Control": "private, no-store",
        },
    )
