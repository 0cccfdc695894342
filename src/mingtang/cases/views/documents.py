"""Files handed in (材料), for those who may read them; never run, whatever they hold."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.people.access import actor_of, signed_in
from mingtang.vault import queries as vault

SHOWN = ("application/pdf", "image/png", "image/jpeg")  # safe to look at in the browser


@signed_in
@require_GET
def document(request: HttpRequest, number: str, id: str) -> FileResponse:
    """Send one file of a case: to its applicant, or to an officer who handles it."""
    row = queries.by_number(number)
    sight = access.sight(actor_of(request), row) if row else None
    if row is None or sight not in (Sight.OWN, Sight.OFFICE):
        raise Http404
    if id not in queries.documents_of(row.number):
        raise Http404
    return _sent(id)


@signed_in
@require_GET
def own(request: HttpRequest, id: str) -> FileResponse:
    """Send a person one of their own files, handed in or not yet."""
    held = vault.document(id)
    person = actor_of(request).person
    if held is None or not person or held.owner != person:
        raise Http404
    return _sent(id)


def _sent(id: str) -> FileResponse:
    held = vault.document(id)
    if held is None or held.erased_at is not None:
        raise Http404
    try:
        file = vault.path_of(held.id).open("rb")
    except OSError as error:
        raise Http404 from error
    shown = held.media_type in SHOWN
    response = FileResponse(
        file,
        as_attachment=not shown,
        filename=held.name,
        content_type=held.media_type,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
