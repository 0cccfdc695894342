"""Accounts (账号): opened, stopped, reset by the system administrator, who sees no names."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mingtang.core.people import Power
from mingtang.people import actions, queries
from mingtang.people.access import actor_of, needs
from mingtang.people.forms import OpenAccountForm
from mingtang.people.views.filling import carried_out, filled

ACTS: dict[str, tuple[Callable[..., str | None], object]] = {
    "disable": (actions.disable_account, gettext_lazy("账号已停用。")),
    "enable": (actions.enable_account, gettext_lazy("账号已启用。")),
    "reset": (actions.reset_account, gettext_lazy("账号已重置。")),
}


@needs(Power.ACCOUNT_MANAGE)
def index(request: HttpRequest) -> HttpResponse:
    """Every account, by user name."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.accounts(words=words), 50).get_page(request.GET.get("page"))
    return render(request, "people/accounts.html", {"page": page, "words": words})


@never_cache
@needs(Power.ACCOUNT_MANAGE)
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account for somebody registered (开通账号)."""
    form, password = filled(OpenAccountForm, request), []
    if request.method == "POST" and carried_out(
        form,
        lambda: password.append(
            actions.open_account(
                person=form.cleaned_data["person"],
                username=form.cleaned_data["username"],
                by=actor_of(request).person,
                at=timezone.localtime(),
            )
        ),
    ):
        return _shown_once(request, form.cleaned_data["username"], password[0])
    context = {"form": form, "title": _("开通账号"), "button": _("开通")}
    return render(request, "people/form.html", context)


@never_cache
@require_POST
@needs(Power.ACCOUNT_MANAGE)
def act(request: HttpRequest, username: str, act: str) -> HttpResponse:
    """Stop, open again or reset an account."""
    if act not in ACTS:
        raise Http404
    do, done = ACTS[act]
    password = do(username=username, by=actor_of(request).person, at=timezone.localtime())
    if password:
        return _shown_once(request, username, password)
    messages.success(request, str(done))
    return redirect("people:accounts")


def _shown_once(request: HttpRequest, username: str, password: str) -> HttpResponse:
    """Show a one-time password: it is kept nowhere and cannot be shown again."""
    context = {"username": username, "password": password}
    return render(request, "people/one_time_password.html", context)
