"""Middleware of the room: which hosts it answers to, what a browser may do with its answers."""

from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        headers = dict(HEADERS)
        if settings.HTTPS:
            headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.headers]
            await send(message)

        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and _is_ours(hosts[0]):
            await self.app(scope, receive, guarded)
        else:
            await PlainTextResponse("unknown host", 400)(scope, receive, guarded)


@lru_cache(maxsize=100)
def _is_ours(host: bytes) -> bool:
    domain, _ = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
