"""Calling a phone (来活提醒): Web Push tells that work came while no page is open.

What is called is a subscription that the browser made at its maker's push service: RFC 8030. The
house asks no other host unless its administrator allows it, so a subscription is kept only at a
service that is on the list; and what goes there is sealed for the phone: RFC 8291.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from mingtang.core import p256
from mingtang.core.decider import Refused

MOST_PHONES = 5  # of one account: the oldest makes room
LONGEST = 2_000  # characters of an endpoint
VISIBLE = re.compile("[!-~]+")  # nothing that parts the lines of a request, or ends a text
SECRET = 16  # octets: RFC 8291, 3.2
# What a service does not take at once is tried again after these; then the next work tries.
RESTS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where to call, and whom to seal for."""

    endpoint: str
    key: bytes  # p256dh: a point, 65 octets
    secret: bytes  # auth


def subscription(*, endpoint: str, key: str, secret: str, services: Sequence[str]) -> Subscription:
    """Read what a browser gave; `key` and `secret` in base64url.

    Raises Refused: phone.calls-are-off, phone.service-not-allowed (facts: service),
    phone.key-wrong.
    """
    if not services:
        raise Refused("phone.calls-are-off")
    if not is_allowed(endpoint, services):
        raise Refused("phone.service-not-allowed", service=service_of(endpoint))
    found = Subscription(endpoint, _octets(key), _octets(secret))
    if not p256.is_key(found.key) or len(found.secret) != SECRET:
        raise Refused("phone.key-wrong")
    return found


def is_allowed(endpoint: str, services: Sequence[str]) -> bool:
    """Whether the service of an endpoint is one of those allowed."""
    service = service_of(endpoint)
    return any(_covers(allowed, service) for allowed in services)


def service_of(endpoint: str) -> str:
    """Return the origin (RFC 6454) of an endpoint; empty for what is no address of one."""
    try:
        place = urlsplit(endpoint)
        port = place.port
    except ValueError:
        return ""
    if place.scheme not in ("http", "https") or not place.hostname or "@" in place.netloc:
        return ""
    if len(endpoint) > LONGEST or not VISIBLE.fullmatch(endpoint):
        return ""
    return f"{place.scheme}://{place.hostname}" + (f":{port}" if port else "")


def _covers(allowed: str, service: str) -> bool:
    """`https://push.example` covers itself, `https://*.push.example` every host below it."""
    scheme, _, host = allowed.lower().rstrip("/").partition("://")
    if not host.startswith("*."):
        return f"{scheme}://{host}" == service
    there, _, name = service.partition("://")
    return there == scheme and name.endswith(host[1:]) and name != host[1:]


def _octets(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def next_try(failures: int, at: datetime, asked: timedelta | None = None) -> datetime | None:
    """Return when to call again after so many failures in a row; None: not for this work.

    `asked`: what the service asked for (Retry-After); it may be longer, never shorter.
    """
    if failures > len(RESTS):
        return None
    return at + max(RESTS[failures - 1], asked or timedelta())
