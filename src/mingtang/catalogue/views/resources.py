"""Keeping the resource directory (资源目录): what is supplied by whom, and to whom."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.catalogue import actions, queries
from mingtang.catalogue.forms.resources import ResourceForm, WithdrawResourceForm
from mingtang.catalogue.views.editing import WRITERS, _status, _who
from mingtang.core.decider import Refused
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import Power
from mingtang.core.resources import ResourceContent
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.ui.refusals import sentence


@needs(*WRITERS)
@require_GET
def resources(request: HttpRequest) -> HttpResponse:
    """Every entry, those supplied today first, each with the items that read it."""
    lines = [
        {"row": row, "content": content, "users": queries.users_of(row.code)}
        for row, content in queries.resources()
    ]
    keeps = Power.CATALOGUE_PUBLISH in actor_of(request).powers
    return render(request, "catalogue/resources.html", {"lines": lines, "keeps": keeps})


@needs(Power.CATALOGUE_PUBLISH)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a resource."""
    return _edit(request, None)


@needs(Power.CATALOGUE_PUBLISH)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Bring an entry up to date, or put it back after it was withdrawn."""
    found = queries.resource(code)
    if found is None:
        raise Http404
    return _edit(request, found)


def _edit(
    request: HttpRequest, found: tuple[queries.ResourceRow, ResourceContent] | None
) -> HttpResponse:
    departments = people.organisations(OrganisationKind.DEPARTMENT)
    form = ResourceForm(
        request.POST if request.method == "POST" else None,
        bodies={row.code: row.name for row in departments},
        before=found[1] if found else None,
    )
    if request.method == "POST" and form.is_valid():
        content = form.content()
        if found is None and queries.resource(content.code):
            form.add_error("code", _("目录里已经有这个代码。"))
        else:
            try:
                actions.publish_resource(content=content, **_who(request))
            except Refused as refused:
                form.add_error(None, sentence(refused))
            else:
                messages.success(request, _("已编入目录，记入账本。"))
                return redirect("catalogue:resources")
    context = {"form": form, "row": found[0] if found else None}
    return render(request, "catalogue/resource_edit.html", context, status=_status(request))


@needs(Power.CATALOGUE_PUBLISH)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take an entry out of the directory, with the reason everybody may read."""
    found = queries.resource(code)
    if found is None:
        raise Http404
    form = WithdrawResourceForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_resource(code=code, **form.cleaned_data, **_who(request))
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("已移出目录。"))
            return redirect("catalogue:resources")
    context: dict[str, Any] = {"form": form, "row": found[0], "users": queries.users_of(code)}
    return render(request, "catalogue/resource_withdraw.html", context, status=_status(request))
