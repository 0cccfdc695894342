"""A form that is sent twice is carried out once (重复提交)."""

from django.http import HttpRequest

from mingtang.cases.forms import once_key
from mingtang.people.access import actor_of


def once(request: HttpRequest, act: str, about: str) -> str | None:
    """Return the idempotency key of this person's act; None: the form carried none."""
    key = once_key(request.POST)
    return f"{actor_of(request).person}/{act}/{about}/{key}" if key else None
