"""The published log over HTTP, in the C2SP paths. Any web server can do this from the files."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mingtang.core import tiles
from mingtang.core.strict import Malformed
from mingtang.ledger.publishing import directory

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    return _file(tiles.CHECKPOINT, "text/plain; charset=utf-8", "public, max-age=1")


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile or an entry bundle. Only the one spelling of a path that the standard has."""
    try:
        name = tiles.parse_tile_path(f"tile/{path}").path
    except Malformed as error:
        raise Http404 from error
    return _file(name, "application/octet-stream", FOREVER)


def _file(name: str, media_type: str, cache: str) -> HttpResponse:
    try:
        data = (directory() / name).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        data,
        content_type=media_type,
        headers={"Cache-Control": cache, "Access-Control-Allow-Origin": "*"},
    )


VIEWS: tuple[Callable[..., Any], ...] = (checkpoint, tile)
for _view in VIEWS:  # `ui.access` stands above this room
    _view.access = ("public", "the log is there for everybody to check")  # type: ignore[attr-defined]
