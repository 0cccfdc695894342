"""What a host does in the room (主持): reserve, pausing and stopping by two, barring a paddle."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.people import Power
from mingtang.core.trading.lots.events import Stopping
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading import access, queries
from mingtang.trading.actions import hosting
from mingtang.trading.forms.amounts import fen
from mingtang.trading.forms.lots import BarForm, ReserveForm, ResumeForm, StopForm
from mingtang.trading.queries import LotRow
from mingtang.trading.views.lots import lot_or_404
from mingtang.trading.views.room import page


@needs(Power.TRADE_HOST)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The lots somebody hosts, the first to end first (主持台)."""
    now, actor = timezone.localtime(), actor_of(request)
    rows = [
        (row, queries.standing(row.key, at=now), queries.content_of(row))
        for row in queries.unfinished()
        if access.hosts(actor, row)
    ]
    return render(request, "trading/hosting.html", {"rows": rows, "now": now})


@needs(Power.TRADE_HOST)
@require_POST
def reserve(request: HttpRequest, key: str) -> HttpResponse:
    """Enter the secret reserve (录入底价), the first or the second of two."""
    form = filled(ReserveForm, request)

    def enter() -> None:
        hosting.enter_reserve(
            lot=key,
            amount_fen=fen(form.cleaned_data["amount"]),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, key, "reserve", form, enter, _("底价已录入。"))


@needs(Power.TRADE_HOST)
@require_POST
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Propose to pause or stop (提议中止、终止)."""
    form = filled(StopForm, request)

    def put() -> None:
        hosting.propose_stop(
            lot=key,
            stopping=Stopping(form.cleaned_data["stopping"]),
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, key, "stop", form, put, _("已提议，等另一位主持人确认。"))


@needs(Power.TRADE_HOST)
@require_POST
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm another host's proposal, or turn it down."""
    agrees = request.POST.get("agrees") == "yes"

    def decide() -> None:
        hosting.confirm_stop(
            lot=key,
            agrees=agrees,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    done = _("提议已确认，立即生效。") if agrees else _("提议没有通过，竞价继续。")
    return _done(request, key, "confirm", filled(forms.Form, request), decide, done)


@needs(Power.TRADE_HOST)
@require_POST
def resume(request: HttpRequest, key: str) -> HttpResponse:
    """Say when a paused lot goes on (恢复竞价)."""
    form = filled(ResumeForm, request)

    def go_on() -> None:
        hosting.resume(
            lot=key,
            resumes=timezone.localtime(form.cleaned_data["resumes"]),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, key, "resume", form, go_on, _("恢复时间已公布。"))


@needs(Power.TRADE_HOST)
@require_POST
def bar(request: HttpRequest, key: str) -> HttpResponse:
    """Take a paddle out of the bidding (取消竞买资格)."""
    form = filled(BarForm, request)

    def take_out() -> None:
        hosting.bar(
            lot=key,
            paddle=str(form.cleaned_data["paddle"]),
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, key, "bar", form, take_out, _("已取消这个号牌的竞买资格。"))


def _done(
    request: HttpRequest,
    key: str,
    name: str,
    form: forms.Form,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """Carry it out and go back to the room; where it is refused, the room says why."""
    row = _hosted(request, key)
    if carried_out(form, act):
        messages.success(request, said)
        return redirect("trading:room", key)
    status = 409 if form.non_field_errors() else 422
    return page(request, row, forms_sent={name: form}, status=status)


def _hosted(request: HttpRequest, key: str) -> LotRow:
    row = lot_or_404(key)
    if not access.hosts(actor_of(request), row):
        raise PermissionDenied(_("这个标的不由您主持。"))
    return row
