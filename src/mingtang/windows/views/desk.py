"""Arranging halls (排队规则): for those who manage the centre."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import Wanted
from mingtang.catalogue.templatetags.catalogue_words import topic
from mingtang.core.organisations import OfficeKind
from mingtang.core.people import Power
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled
from mingtang.windows import access, actions, queries
from mingtang.windows.forms import HallForm, ServesForm, typed
from mingtang.windows.views import purposes
from mingtang.windows.views.tickets import once_of, status
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
    before = queries.rules_of(row) if row else None
    form = filled(HallForm, request, windows=windows, initial=typed(before))
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.arrange(
            hall=hall,
            rules=form.rules(before),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"arrange/{hall}"),
        ),
    ):
        messages.success(request, _("排队规则已记入账本，立即生效。"))
        return redirect("windows:hall", hall)
    names = dict(windows)
    context = {
        "work_nav": work_nav(request),
        "hall": row,
        "serving": [(one, names.get(one, one)) for one in before.windows] if before else [],
        "organisation": people.organisation_name(hall),
        "form": form,
    }
    return render(request, "windows/arrange.html", context, status=status(form))


@needs(Power.ORGANISATION_MANAGE)
def serving(request: HttpRequest, hall: str, window: str) -> HttpResponse:
    """What one window of a hall serves (窗口办理范围)."""
    row = queries.hall(hall)
    if hall not in access.halls_of(actor_of(request)) or row is None or window not in row.windows:
        raise Http404
    before = queries.rules_of(row)
    said = next((one for one in before.serving if one.window == window), None)
    kept = list(said.items) if said else []
    items = purposes.chosen(request, kept)
    codes = dict.fromkeys([*catalogue.facets(Wanted()).topics, *(said.topics if said else ())])
    initial = {"topics": list(said.topics) if said else [], "items": [key for key, _name in items]}
    form = filled(
        ServesForm,
        request,
        topics=[(code, topic(code)) for code in codes],
        items=items,
        initial=initial,
    )
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.arrange(
            hall=hall,
            rules=form.rules(before, window),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"serving/{hall}/{window}"),
        ),
    ):
        messages.success(request, _("排队规则已记入账本，立即生效。"))
        return redirect("windows:arrange", hall)
    context = {
        "work_nav": work_nav(request),
        "hall": row,
        "organisation": people.organisation_name(hall),
        "name": people.office_name(window),
        "form": form,
        **purposes.choosing(request, items),
        "full": False,
    }
    return render(request, "windows/serving.html", context, status=status(form))
