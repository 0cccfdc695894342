"""A bidder's own (我的竞买): signing up, how it stands, withdrawing, another browser."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.core.decider import Refused
from mingtang.core.trading import lots
from mingtang.core.trading.applications import Bidder
from mingtang.core.trading.lots.state import Status
from mingtang.people import queries as people
from mingtang.people.access import actor_of, signed_in
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading import access, queries
from mingtang.trading.actions import paddles
from mingtang.trading.adapters import trial_payment
from mingtang.trading.forms.applications import KeyForm, SignUpForm
from mingtang.trading.queries import ApplicationRow, LotRow, settling
from mingtang.trading.queries.deposits import standing as deposit_of
from mingtang.trading.views.files import sent_file
from mingtang.trading.views.lots import lot_or_404
from mingtang.ui.refusals import sentence
from mingtang.vault import actions as vault

A_PAGE = 10
MYSELF = "person"


# ── Signing up ──────────────────────────────────────────────────────────────


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest, key: str) -> HttpResponse:
    """Sign up for a lot (报名). The browser makes the session key when the form is sent."""
    row = lot_or_404(key)
    actor = actor_of(request)
    if not actor.person:
        raise Http404
    if queries.own_application(actor.person, key) is not None:
        messages.info(request, _("您已经报名，不用再报一次。"))
        return redirect("trading:mine")
    content, procedure = queries.state_of(key).terms
    prior = procedure.priority is not None
    form = filled(SignUpForm, request, bidders=_bidders(actor.person), priority=prior)
    if request.method == "POST" and carried_out(form, lambda: _sign_up(request, row, form)):
        messages.success(request, _("报名已收到，等待资格审查。请记住用的是这个浏览器。"))
        return redirect("trading:mine")
    now = timezone.localtime()
    context = {
        "row": row,
        "content": content,
        "form": form,
        "person": actor.person,
        "now": now,
        "open": _is_open(row) and content.times.sign_up_from <= now < row.sign_up_until,
    }
    status = 200
    if form.is_bound:
        status = 409 if form.non_field_errors() else 422
    return render(request, "trading/sign_up.html", context, status=status)


def _bidders(person: str) -> list[tuple[str, str]]:
    """Return in whose name this person may bid: their own, or an organisation's."""
    row = people.person(person)
    own = [(MYSELF, _("本人：%(name)s") % {"name": row.name if row else ""})]
    return own + [(body.code, body.name) for body in people.organisations_of(person)]


def _sign_up(request: HttpRequest, row: LotRow, form: SignUpForm) -> None:
    at = timezone.localtime()
    said = form.cleaned_data
    kept = [_kept(request, file, at) for file in said["documents"]]
    paddles.sign_up(
        lot=row.key,
        bidder=_bidder(actor_of(request).person, said["bidder"]),
        key=said["key"],
        priority=said.get("priority", "").strip(),
        documents=kept,
        promised=said["promised"],
        at=at,
        once=once(request),
    )


def _kept(request: HttpRequest, file: Any, at: datetime) -> dict[str, object]:
    """Keep a file among the person's own; return how the application names it."""
    kept = vault.keep_document(
        owner=actor_of(request).person, name=file.name, chunks=file.chunks(), at=at
    )
    return {"id": kept.id, "name": kept.name, "sha256": kept.sha256, "sm3": kept.sm3}


def _bidder(person: str, chosen: str) -> Bidder:
    row = people.person(person)
    assert row is not None  # whoever is signed in as somebody registered
    if chosen == MYSELF:
        return Bidder(person=person, name=row.name, id_number=row.id_number, phone=row.phone)
    body = people.organisation(chosen)
    assert body is not None  # the form offers no other
    return Bidder(person=person, name=body.name, id_number=body.uscc, phone=row.phone)


def _is_open(row: LotRow) -> bool:
    return row.status in (Status.ANNOUNCED, Status.SUSPENDED)


# ── How it stands ───────────────────────────────────────────────────────────


@signed_in
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own applications, the newest first."""
    now = timezone.localtime()
    page = Paginator(_own(request), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "cards": [_card(row, now) for row in page], "now": now}
    return render(request, "trading/mine.html", context)


def _own(request: HttpRequest) -> QuerySet[ApplicationRow]:
    return queries.applications_of(actor_of(request).person)


def _card(own: ApplicationRow, now: datetime) -> dict[str, Any]:
    row = queries.lot(own.lot)
    assert row is not None  # nobody signs up for a lot there is not
    deposit, state = deposit_of(own.key), queries.state_of(own.lot)
    content = queries.content_of(row)
    admitted = own.status == "admitted"
    won = [award for award in queries.awards_of(row) if award.paddle == own.paddle]
    return {
        "own": own,
        "row": row,
        "content": content,
        "lot_standing": queries.standing(row.key, at=now),
        "deposit": deposit if admitted else None,
        "may_enter": admitted and _is_open(row) and paddles.is_paid(own.key, own.lot),
        "may_withdraw": own.status in ("filed", "admitted") and now < row.sign_up_until,
        "won": won[0] if admitted and won else None,
        "signing": settling.signing_due(state) if admitted and won else None,
        "unsettled": _unsettled(state, own.paddle),
    }


def _unsettled(state: lots.State, paddle: str) -> list[str]:
    """Return this paddle as long as neither contract nor default is recorded of it."""
    closing = state.closing
    if closing is None or paddle in closing.contracts | closing.defaults:
        return []
    return [paddle]


@signed_in
@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a sign-up back (撤回报名)."""
    own = _own_or_404(request, key)
    try:
        paddles.withdraw(
            application=own.key, person=own.person, at=timezone.localtime(), once=once(request)
        )
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, _("报名已撤回。已缴的保证金退回原付款账户。"))
    return redirect("trading:mine")


@signed_in
@require_POST
def replace_key(request: HttpRequest, key: str) -> HttpResponse:
    """Go on with another browser (更换会话密钥)."""
    own = _own_or_404(request, key)
    form = filled(KeyForm, request)
    if carried_out(form, lambda: _replace(request, own, form)):
        messages.success(request, _("会话密钥已更换，以前的密钥作废。"))
    else:
        refused = "".join(str(error) for error in form.non_field_errors())
        messages.error(request, refused or _("浏览器没有生成会话密钥，没有更换。"))
    if form.data.get("then") == "room":
        return redirect("trading:room", own.lot)
    return redirect("trading:mine")


@signed_in
@require_POST
def pay(request: HttpRequest, key: str) -> HttpResponse:
    """Pay what is missing at the simulated bank (模拟付款). Only in a demonstration."""
    if not settings.DEMO:
        raise Http404
    own = _own_or_404(request, key)
    standing = deposit_of(own.key)
    if standing is None or not standing.missing_fen or own.status != "admitted":
        messages.info(request, _("没有要交的保证金。"))
    elif trial_payment.pay_in(
        standing.account,
        standing.missing_fen,
        name=own.name,
        from_account=f"62{sha256(own.id_number.encode()).hexdigest()[:14].upper()}",
        memo=_("竞买保证金（演示）"),
    ):
        messages.success(request, _("模拟银行已付款，几秒后到账，请刷新本页。"))
    else:
        messages.error(request, _("模拟银行没有答复，没有付款。"))
    return redirect("trading:mine")


def _replace(request: HttpRequest, own: ApplicationRow, form: forms.Form) -> None:
    paddles.replace_key(
        application=own.key,
        person=own.person,
        key=form.cleaned_data["key"],
        at=timezone.localtime(),
        once=once(request),
    )


@signed_in
@require_GET
def file(request: HttpRequest, key: str, id: str) -> HttpResponse:
    """Send a bidder a file they signed up with."""
    return sent_file(_own_or_404(request, key), id)


def _own_or_404(request: HttpRequest, key: str) -> ApplicationRow:
    own = queries.application(key)
    if own is None or not access.is_own(actor_of(request), own):
        raise Http404
    return own
