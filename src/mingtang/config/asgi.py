"""One port for all: what begins with `/bidding/` goes to the room, everything else to the pages."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from starlette.types import ASGIApp, Receive, Scope, Send

from mingtang.config.wsgi import application as pages

PAGE_THREADS = 4


def beside(room: ASGIApp) -> ASGIApp:
    """Return the room with the pages beside it; its lifespan is that of both."""
    in_threads: Any = WSGIMiddleware(cast(Any, pages), workers=PAGE_THREADS)

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(f"{settings.BIDDING_URL}/"):
            await in_threads(scope, _coroutines(receive), _coroutines(send))
        else:
            await room(scope, receive, send)

    return both


def _coroutines(call: Any) -> Any:
    """Granian answers with what can be awaited; threads need a coroutine to hand over."""

    async def called(*arguments: Any) -> Any:
        return await call(*arguments)

    return called
