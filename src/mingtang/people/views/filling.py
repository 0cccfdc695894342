"""One form, one action: filled in well it is carried out; otherwise the page says why not."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest

from mingtang.core.decider import Refused
from mingtang.ui.refusals import sentence

Kind = TypeVar("Kind", bound=forms.Form)


def filled(kind: type[Kind], request: HttpRequest, **kwargs: Any) -> Kind:
    """Return the form as it was sent, or an empty one."""
    sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if sent else (None, None)
    return kind(data, files, label_suffix="", **kwargs)


def carried_out(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do `act` if the form holds. A refusal becomes an error of the form; nothing is lost."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, sentence(refused))
        return False
    return True


def once(request: HttpRequest) -> str | None:
    """Return the submission's idempotency key, if its page gave it one."""
    return request.POST.get("once_key", "")[:64] or None
