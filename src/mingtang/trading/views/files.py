"""Files somebody signed up with (报名材料), for those who may read them; never run."""

import json
from typing import Any

from django.http import FileResponse, Http404, HttpResponse

from mingtang.trading.queries import ApplicationRow
from mingtang.vault import queries as vault

SHOWN = ("application/pdf", "image/png", "image/jpeg")  # safe to look at in the browser


def files_of(application: ApplicationRow) -> list[dict[str, Any]]:
    """Return what an application names: id, name and digests of each file; none once erased."""
    try:
        found = json.loads(application.documents)
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def sent_file(application: ApplicationRow, id: str) -> HttpResponse:
    """Send one of an application's files. Raises Http404 for any other."""
    held = vault.document(id) if id in {one["id"] for one in files_of(application)} else None
    if held is None or held.erased_at is not None:
        raise Http404
    try:
        file = vault.path_of(held.id).open("rb")
    except OSError as error:
        raise Http404 from error
    response: Any = FileResponse(
        file,
        as_attachment=held.media_type not in SHOWN,
        filename=held.name,
        content_type=held.media_type,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    answer: HttpResponse = response
    return answer
