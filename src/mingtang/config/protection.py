"""Middleware that guards every page: content policy, size of uploads, refusals, second factor."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from mingtang.core.decider import Refused
from mingtang.people import queries as people
from mingtang.ui import refusals

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " form-action 'self'; frame-ancestors 'none'"
)
FORM_OVERHEAD = 1024 * 1024  # bytes of a form around its files
OPEN_TO_UNPROVEN = ("/account/", "/static/", "/ui/")


class ContentPolicy:
    """Nothing from another host, no inline script, no inline style."""

    def __init__(self, next: Next) -> None:
        self.next = next

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.next(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=()")
        return response


class ClientAddress:
    """Whose request this is, behind `MINGTANG_PROXIES` proxies of ours.

    Only the addresses our own proxies wrote count: whatever stands further left in the header
    was sent by the client and may be anything.
    """

    def __init__(self, next: Next) -> None:
        self.next = next

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if settings.PROXIES and len(hops) >= settings.PROXIES and hops[-settings.PROXIES]:
            request.META["REMOTE_ADDR"] = hops[-settings.PROXIES]
        return self.next(request)


class Language:
    """Chinese first; English for whoever chose it. A browser's own list of languages is not
    a choice: a page says the same to everybody who is sent its address."""

    def __init__(self, next: Next) -> None:
        self.next = next

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.next(request)
        response.headers.setdefault("Content-Language", language)
        return response


class UploadLimit:
    """Refuse a body that says it is too large before a byte of it is read."""

    def __init__(self, next: Next) -> None:
        self.next = next

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.UPLOAD_LIMIT + FORM_OVERHEAD:
            megabytes = settings.UPLOAD_LIMIT // (1024 * 1024)
            return render(request, "413.html", {"limit": megabytes}, status=413)
        return self.next(request)


class Refusals:
    """A refusal nobody caught becomes a page that says why, in the person's language."""

    def __init__(self, next: Next) -> None:
        self.next = next

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        context = {"code": error.code, "sentence": refusals.sentence(error)}
        return render(request, "ui/refused.html", context, status=409)


class SecondFactor:
    """Where it is switched on, staff set up a second factor before they do anything else."""

    def __init__(self, next: Next) -> None:
        self.next = next

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR and self._unproven(request):
            return redirect(reverse("mfa_activate_totp"))
        return self.next(request)

    def _unproven(self, request: HttpRequest) -> bool:
        account = request.user
        if not account.is_authenticated or request.path.startswith(OPEN_TO_UNPROVEN):
            return False
        return people.is_staff(account.person) and not people.has_second_factor(account.pk)
