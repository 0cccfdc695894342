"""Departments, centres and their offices (单位与窗口)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mingtang.core.organisations import PUBLIC_BODIES
from mingtang.core.people import Power
from mingtang.people import actions, queries
from mingtang.people.access import actor_of, needs
from mingtang.people.forms import BodyForm, PlaceForm, ReasonForm
from mingtang.people.views.filling import carried_out, filled, once


@needs(Power.ORGANISATION_MANAGE)
def index(request: HttpRequest) -> HttpResponse:
    """Every public body with its open offices."""
    bodies = queries.organisations(*PUBLIC_BODIES)
    return render(request, "people/bodies.html", {"bodies": bodies, "offices": queries.offices()})


@needs(Power.ORGANISATION_MANAGE)
def register(request: HttpRequest) -> HttpResponse:
    """Enter a department or a centre (登记部门、中心)."""
    form = filled(BodyForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.register_organisation(
            body=form.body(),
            by=actor_of(request).person,
            by_staff=True,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("单位已登记。"))
        return redirect("people:bodies")
    context = {"form": form, "title": _("登记部门或中心"), "button": _("登记")}
    return render(request, "people/form.html", context)


@needs(Power.ORGANISATION_MANAGE)
def open_office(request: HttpRequest) -> HttpResponse:
    """Open an office (设立办公场所)."""
    form = filled(PlaceForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.open_office(
            place=form.place(), by=actor_of(request).person, at=timezone.localtime()
        ),
    ):
        messages.success(request, _("办公场所已设立。"))
        return redirect("people:bodies")
    context = {"form": form, "title": _("设立窗口或办公室"), "button": _("设立")}
    return render(request, "people/form.html", context)


@needs(Power.ORGANISATION_MANAGE)
def close_office(request: HttpRequest, code: str) -> HttpResponse:
    """Close an office for a reason (撤销办公场所)."""
    row = queries.office(code)
    if row is None or row.closed_at is not None:
        raise Http404
    form = filled(ReasonForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.close_office(
            code=code,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
        ),
    ):
        messages.success(request, _("办公场所已撤销。"))
        return redirect("people:bodies")
    context = {
        "form": form,
        "title": _("撤销 %(name)s") % {"name": row.name},
        "button": _("撤销"),
    }
    return render(request, "people/reason.html", context)
