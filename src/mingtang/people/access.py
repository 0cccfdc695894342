"""Who may open a page (访问权限). A view without one of these marks does not pass the tests.

@needs(Power.CASE_REVIEW, Power.CASE_DECIDE)   # at least one of these powers
@signed_in                                     # whoever they are
@public("why anybody may read this")
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from mingtang.core.people import Power
from mingtang.people.queries import Actor, actor
from mingtang.ui.access import public

__all__ = ["Actor", "account_id", "actor_of", "needs", "public", "signed_in"]

View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """Return who is asking; nobody in particular for somebody not signed in."""
    found: Actor | None = getattr(request, "_actor", None)
    if found is None:
        person = getattr(request.user, "person", "")
        found = actor(person) if person else Actor()
        request._actor = found  # type: ignore[attr-defined]  # asked once per request
    return found


def account_id(request: HttpRequest) -> int:
    """Return the account that is signed in. Raises PermissionDenied where nobody is."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user.pk


def signed_in(view: View) -> View:
    """Open to whoever is signed in; others are sent to sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _stopped(request) or view(request, *args, **kwargs)

    guarded.access = ("signed-in",)  # type: ignore[attr-defined]  # functions take attributes
    return guarded


def needs(*powers: Power) -> Callable[[View], View]:
    """Open to whoever has at least one of `powers`. With none named it is open to nobody."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            stopped = _stopped(request)
            if stopped:
                return stopped
            if not actor_of(request).powers & {*powers}:
                raise PermissionDenied(_("您登录的身份没有办理这件事的权限。"))
            return view(request, *args, **kwargs)

        guarded.access = ("powers", powers)  # type: ignore[attr-defined]  # as above
        return guarded

    return mark


def _stopped(request: HttpRequest) -> HttpResponse | None:
    """Who is not signed in signs in; who has a password from staff changes it first."""
    if not request.user.is_authenticated:
        # A part of a page that asks by itself would put the sign-in page in its own place.
        if "HX-Request" in request.headers:
            return HttpResponseClientRefresh()
        return redirect_to_login(request.get_full_path())
    if request.user.password_is_temporary:
        messages.warning(request, _("您用的是一次性密码，请先设置自己的密码。"))
        return redirect("account_change_password")
    return None
