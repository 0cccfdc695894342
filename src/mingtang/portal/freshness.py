"""Whether a reader's copy of a public page still holds (缓存).

All a public page shows follows from the ledger, the published checkpoint, the reader's choices
and our templates. An anonymous reader's page therefore carries an ETag made of exactly these;
whoever is signed in gets a page that is not kept.
"""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from mingtang.ledger import queries
from mingtang.portal.context import checkpoint_stamp
from mingtang.ui.preferences import read

View = Callable[..., HttpResponseBase]
SOURCE = Path(__file__).resolve().parents[1]


def kept_while_unchanged(view: View) -> View:
    """Let a page be kept and asked for again with If-None-Match: 304 while nothing changed."""
    conditional = condition(etag_func=_etag)(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        response = conditional(request, *args, **values)
        known = "ETag" in response.headers
        response.headers.setdefault("Cache-Control", "no-cache" if known else "private, no-store")
        patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
        return response

    return answer


def _etag(request: HttpRequest, *args: Any, **values: Any) -> str | None:
    """Return the tag, or None for a page that is somebody's own."""
    if request.user.is_authenticated or "messages" in request.COOKIES:
        return None
    parts = (
        queries.size(),
        checkpoint_stamp(),
        get_language(),
        sorted(read(request).items()),
        bool(request.headers.get("HX-Request")),
        request.build_absolute_uri("/"),  # stands in links and in QR codes
        settings.DEMO,
        _edition(),
    )
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:24]}"'


@cache
def _edition() -> float:
    """Return when the newest template was written: another edition of the pages."""
    return max(path.stat().st_mtime for path in SOURCE.rglob("templates/**/*.html"))
