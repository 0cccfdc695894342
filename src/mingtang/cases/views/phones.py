"""This phone is called when there is work (来活提醒), if its holder and the house want it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mingtang.cases import access
from mingtang.core.decider import Refused
from mingtang.people import queries as people
from mingtang.people.access import account_id, needs
from mingtang.people.actions import phones
from mingtang.people.actions.phones import Browser
from mingtang.ui import refusals


def told(account: int) -> dict[str, Any]:
    """Return what the page says of being called: whether it can be, and which phones are."""
    return {"calls": people.push_key(), "phones": people.phones_of(account)}


@needs(*access.JUDGING)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Call this browser from now on (开启提醒)."""
    given = {name: request.POST.get(name, "") for name in ("endpoint", "key", "secret")}
    browser = Browser(**given, language=get_language() or "")
    try:
        phones.keep_phone(
            account=account_id(request),
            browser=browser,
            before=request.POST.get("before", ""),
            at=timezone.localtime(),
        )
    except Refused as refused:
        messages.error(request, refusals.sentence(refused))
    else:
        messages.success(request, _("已开启。有新的待办时会叫醒这部手机。"))
    return redirect("hand:me")


@needs(*access.JUDGING)
@require_POST
def drop(request: HttpRequest, digest: str) -> HttpResponse:
    """Call this browser no more (停用提醒)."""
    phones.drop_phone(account=account_id(request), digest=digest)
    messages.success(request, _("已停用。"))
    return redirect("hand:me")
