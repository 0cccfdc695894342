"""Arranging halls (排队规则): for those who manage the centre."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.core.organisations import OfficeKind
from mingtang.core.people import Power
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled
from mingtang.windows import access, actions, queries
from mingtang.windows.forms import HallForm, typed
from mingtang.windows.views.tickets import once_of
from mingtang.windows.views.work import work_nav


@needs(Power.ORGANISATION_MANAGE)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The halls I arrange."""
    own = sorted(access.halls_of(actor_of(request)) - {""})
    lines = [(code, people.organisation_name(code), queries.hall(code)) for code in own]
    context = {"work_nav": work_nav(request), "lines": lines}
    return render(request, "windows/desk.html", context)


@needs(Power.ORGANISATION_MANAGE)
def arrange(request: HttpRequest, hall: str) -> HttpResponse:
    """The rules of one hall's queue."""
    if hall not in access.halls_of(actor_of(request)):
        raise Http404
    row = queries.hall(hall)
    windows = [
        (one.code, one.name) for one in people.offices(hall) if one.kind == OfficeKind.WINDOW.value
    ]
    initial = typed(queries.rules_of(row) if row else None)
    form = filled(HallForm, request, windows=windows, initial=initial)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.arrange(
            hall=hall,
            rules=form.rules(),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"arrange/{hall}"),
        ),
    ):
        messages.success(request, _("排队规则已记入账本，立即生效。"))
        return redirect("windows:hall", hall)
    refused = 409 if form.is_bound and form.non_field_errors() else 422
    context = {
        "work_nav": work_nav(request),
        "hall": row,
        "organisation": people.organisation_name(hall),
        "form": form,
    }
    return render(
        request, "windows/arrange.html", context, status=refused if form.is_bound else 200
    )
