"""Who may bid (资格审查): the officer's desk. Nobody else knows before the end who signed up."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.people import Power
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading import access, queries
from mingtang.trading.actions import paddles
from mingtang.trading.forms.applications import AdmitForm, RefuseForm
from mingtang.trading.queries import ApplicationRow, LotRow
from mingtang.trading.views.files import files_of, sent_file


@needs(Power.TRADE_QUALIFY)
@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Those nobody has decided on, of the lots of one's own centre, the oldest first."""
    waiting = [(own, queries.lot(own.lot)) for own in queries.waiting()]
    rows = [(own, row) for own, row in waiting if row and access.qualifies(actor_of(request), row)]
    return render(request, "trading/applications.html", {"rows": rows})


@needs(Power.TRADE_QUALIFY)
@never_cache
@require_GET
def application(request: HttpRequest, key: str) -> HttpResponse:
    """One application: who it is, what they handed in, what right they claim."""
    own, row = _found(request, key)
    return _page(request, own, row)


def _page(
    request: HttpRequest,
    own: ApplicationRow,
    row: LotRow,
    *,
    admitting: forms.Form | None = None,
    refusing: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    _content, procedure = queries.state_of(row.key).terms
    context = {
        "own": own,
        "row": row,
        "content": queries.content_of(row),
        "procedure": procedure,
        "files": files_of(own),
        "yours": own.person == actor_of(request).person,
        "admitting": admitting or AdmitForm(label_suffix=""),
        "refusing": refusing or RefuseForm(label_suffix=""),
    }
    return render(request, "trading/application.html", context, status=status)


@needs(Power.TRADE_QUALIFY)
@require_POST
def admit(request: HttpRequest, key: str) -> HttpResponse:
    """Admit a bidder (准予参加竞买); their paddle is drawn."""
    form = filled(AdmitForm, request)

    def act() -> None:
        paddles.admit(
            application=key,
            rank=form.cleaned_data["rank"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, key, form, act, admits=True)


@needs(Power.TRADE_QUALIFY)
@require_POST
def refuse(request: HttpRequest, key: str) -> HttpResponse:
    """Refuse a bidder (不予参加竞买), with the reason."""
    form = filled(RefuseForm, request)

    def act() -> None:
        paddles.refuse(
            application=key,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, key, form, act, admits=False)


def _done(
    request: HttpRequest, key: str, form: forms.Form, act: Callable[[], None], *, admits: bool
) -> HttpResponse:
    own, row = _found(request, key)
    if carried_out(form, act):
        said = _("已准予参加竞买，号牌已抽取。") if admits else _("已不予参加，理由已告知报名人。")
        messages.success(request, said)
        return redirect("trading:applications")
    sent = {"admitting" if admits else "refusing": form}
    status = 409 if form.non_field_errors() else 422
    return _page(request, own, row, status=status, **sent)


@needs(Power.TRADE_QUALIFY)
@require_GET
def file(request: HttpRequest, key: str, id: str) -> HttpResponse:
    """Send an officer a file somebody signed up with."""
    own, _row = _found(request, key)
    return sent_file(own, id)


def _found(request: HttpRequest, key: str) -> tuple[ApplicationRow, LotRow]:
    own = queries.application(key)
    row = queries.lot(own.lot) if own else None
    if own is None or row is None or not access.qualifies(actor_of(request), row):
        raise Http404
    return own, row
