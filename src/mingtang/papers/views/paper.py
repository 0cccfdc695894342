"""One paper (文书): what it is, where it stands, the file itself, and how it was served."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind, ServedHow
from mingtang.core.people import Power
from mingtang.papers import access, actions, queries
from mingtang.papers.actions.making import address_of
from mingtang.papers.forms import ServiceForm
from mingtang.papers.queries import PaperRow
from mingtang.people.access import actor_of, needs, signed_in
from mingtang.people.queries import names, organisation_name
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.vault import queries as vault

# A record of service is not served itself. Who opened an admission to bid would be in the log
# by their id, beside an application that tells nobody whose it is.
NOT_SERVED = (PaperKind.SERVICE, PaperKind.ADMISSION)


@signed_in
@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """What stands on it, where it stands, how anybody checks it."""
    row = _opened(request, key)
    return _page(request, row, ServiceForm(label_suffix="", initial={"recipient": row.addressee}))


@signed_in
@require_GET
def pdf(request: HttpRequest, key: str) -> FileResponse:
    """The file. When the addressee opens it, it has been served (电子送达)."""
    row = _opened(request, key)
    held = vault.document(row.file)
    if held is None or held.erased_at is not None:
        raise Http404
    try:
        file = vault.path_of(held.id).open("rb")
    except OSError as error:
        raise Http404 from error
    _serve_online(request, row)
    response = FileResponse(
        file,
        as_attachment="download" in request.GET,
        filename=held.name,
        content_type="application/pdf",
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _serve_online(request: HttpRequest, row: PaperRow) -> None:
    actor = actor_of(request)
    known = row.served_at is not None or row.paper in NOT_SERVED
    if known or not access.is_addressee(actor, row):
        return
    with suppress(Refused):  # opened twice at once: the first time counts
        actions.serve(
            key=row.key,
            how=ServedHow.ONLINE,
            recipient=actor.name,
            by=actor.person,
            at=timezone.localtime(),
        )


@needs(Power.CASE_INTAKE, Power.CASE_DECIDE)
@require_POST
def serve(request: HttpRequest, key: str) -> HttpResponse:
    """Record that it was handed over at the window, or posted (登记送达)."""
    row, actor = _opened(request, key), actor_of(request)
    if not access.may_record_service(actor, row):
        raise Http404
    form = filled(ServiceForm, request)
    if carried_out(
        form,
        lambda: actions.serve(
            key=key,
            how=ServedHow(form.cleaned_data["how"]),
            recipient=form.cleaned_data["recipient"],
            by=actor.person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("送达已记入账本。"))
        return redirect("papers:paper", key)
    return _page(request, row, form, status=409 if form.non_field_errors() else 422)


def _opened(request: HttpRequest, key: str) -> PaperRow:
    """Return a paper this person may open; for others it does not exist."""
    row = queries.paper(key)
    if row is None or not access.may_open(actor_of(request), row):
        raise Http404
    return row


def _page(
    request: HttpRequest, row: PaperRow, form: ServiceForm, *, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    mine = access.is_addressee(actor, row)
    unserved = row.issued_at is not None and row.served_at is None
    context = {
        "row": row,
        "line": queries.lines([row])[0],
        "sheet": queries.sheet_of(row),
        "organ_name": organisation_name(row.organ),
        "sealed_by": names([row.sealed_by]).get(row.sealed_by, "") if row.sealed_by else "",
        "address": address_of(row.code),
        "mine": mine,
        "serves": mine and row.served_at is None and row.paper not in NOT_SERVED,
        "readings": queries.readings_of(row.key) if mine else [],
        "form": form if unserved and access.may_record_service(actor, row) else None,
        "demo": settings.DEMO,
    }
    return render(request, "papers/paper.html", context, status=status)
