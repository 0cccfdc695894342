"""A joint case (联办件): its page, and what officers and the applicant do to it."""

from collections.abc import Callable

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
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
from mingtang.cases.queries import JointRow
from mingtang.cases.views.jointshowing import (
    HANDLING,
    UNTOLD,
    found_for,
    governor_of,
    other_departments,
    page_of,
)
from mingtang.cases.views.mine import receipt_response
from mingtang.cases.views.sending import once
from mingtang.core.cases import Officer
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.people.access import actor_of, needs, public, signed_in
from mingtang.ui import refusals


@public("asks itself: whose it is, who handles it, or who knows its number and phone")
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far a joint case is, who holds each branch, and what the reader may do in it."""
    try:
        row, sight = found_for(request, number)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect(f"{reverse('cases:track')}?number={number}")  # the same for every number
    return page_of(request, row, sight)


@needs(Power.CASE_INTAKE)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept it and all its branches (统一受理)."""
    row, sight = found_for(request, number)
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
    row, sight = found_for(request, number)
    officer = _must(access.leads(actor_of(request), row))
    form = AskForm(other_departments(row), request.POST)
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
    row, sight = found_for(request, number)
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
    row, sight = found_for(request, number)
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
    row, sight = found_for(request, number)
    approver = _must(governor_of(row, actor_of(request)))
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
    row, sight = found_for(request, number)
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
    row, sight = found_for(request, number)
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
    row, sight = found_for(request, number)
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
        return page_of(request, row, sight, status=422, typed=typed)
    try:
        act()
    except Refused as refused:
        said = refusals.sentence(refused)
        return page_of(
            request, row, sight, status=409, refused=said, code=refused.code, typed=typed
        )
    return redirect("cases:joint", row.number)
