"""Whether a copy of a public page still holds, a reader's or our own (缓存).

All a public page shows follows from the ledger, the published checkpoint, the reader's choices
and our templates. An anonymous reader's page therefore carries an ETag made of exactly these,
and this process keeps the pages it made last, to hand them to the next reader who asks for the
same. Whoever is signed in gets a page that nobody keeps.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from mingtang.ledger import keys, queries
from mingtang.ledger.memory import memory
from mingtang.portal.context import checkpoint_file, stamp
from mingtang.ui.preferences import read

View = Callable[..., HttpResponseBase]
SOURCE = Path(__file__).resolve().parents[1]
MOST_PAGES, LARGEST = 256, 256 * 1024  # bytes of one page: at most 64 MiB, usually 10


def kept_while_unchanged(view: View) -> View:
    """Let a page be kept and asked for again with If-None-Match: 304 while nothing changed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        tag = _tag(request)
        conditional = condition(etag_func=lambda *_args, **_values: tag)(_made_once(view, tag))
        response: HttpResponseBase = conditional(request, *args, **values)
        response.headers.setdefault("Cache-Control", "no-cache" if tag else "private, no-store")
        patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
        return response

    return answer


def _tag(request: HttpRequest) -> str | None:
    """Return the tag, or None for a page that is somebody's own."""
    if request.user.is_authenticated or "messages" in request.COOKIES:
        return None
    parts = (
        queries.size(),
        *map(stamp, (checkpoint_file(), Path(settings.POLICY_FILE), keys.path())),
        get_language(),
        sorted(read(request).items()),
        [bool(request.headers.get(name)) for name in ("HX-Request", "HX-History-Restore-Request")],
        request.build_absolute_uri(),  # stands in links and in QR codes
        _edition(),
    )
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:24]}"'


@cache
def _edition() -> tuple[object, ...]:
    """Return what stays the same while the product and its settings do."""
    texts = (*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("locale/**/*.mo"))
    newest = max(path.stat().st_mtime for path in texts)
    return newest, settings.DEMO, getattr(settings, "MINGTANG_SITE", None)


# ── Pages this process made last ────────────────────────────────────────────

_pages: OrderedDict[tuple[object, str], tuple[bytes, dict[str, str]]] = OrderedDict()
_lock = threading.Lock()


def _made_once(view: View, tag: str | None) -> View:
    """Return the view, or what it answered when it was last asked under this tag."""

    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        if tag is None:
            return view(request, *args, **values)
        place = (memory.all_changed, tag)  # another ledger altogether is never mixed up with this
        with _lock:
            made = _pages.get(place)
        if made:
            body, headers = made
            return HttpResponse(body, headers=headers)
        response = view(request, *args, **values)
        if isinstance(response, HttpResponse) and not response.cookies:
            _keep(place, response)
        return response

    return answer


def _keep(place: tuple[object, str], response: HttpResponse) -> None:
    if response.status_code != 200 or len(response.content) > LARGEST:
        return
    with _lock:
        _pages[place] = (response.content, dict(response.items()))
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)
