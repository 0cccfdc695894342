"""The public check (公开核验): by QR code, by what is typed, by the file itself; no sign-in.

Nothing here is kept by browsers or proxies: a licence can be suspended any minute. A file that is
sent is looked at and let go.
"""

import re
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.core.licences.identifier import Identifier
from mingtang.core.mandates import key
from mingtang.portal import records, verdicts
from mingtang.portal.asking import Code, Wrong, code_of, understood
from mingtang.portal.checking import Finding
from mingtang.ui.access import public

LONGEST = 200  # signs of what is typed
DIGEST = re.compile(r"[0-9a-f]{64}")
MINUTE = 60
MOST_FILES, MOST_UNKNOWN = 20, 60  # a minute, from one address


@public("anybody may check a paper they hold or were shown")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """The box and the drop area; with `q`, what is on record; with a file, what it is worth."""
    if request.method == "POST":
        return _whole_file(request)
    if "q" not in request.GET:
        return _page(request, {})
    typed = request.GET["q"][:LONGEST]
    meant = understood(typed)
    if isinstance(meant, Wrong):
        return _page(request, {"typed": typed, "wrong": verdicts.wrong(meant)}, status=422)
    if isinstance(meant, Identifier):
        finding = records.by_identifier(meant, today=today())
        return _answer(request, finding, {"identifier": meant})
    return _by_code(request, meant)


@public("what a QR code leads to: the paper carries its own key")
@require_safe
@never_cache
def code(request: HttpRequest, code: str) -> HttpResponse:
    """What is on record by the check code of a paper."""
    return _by_code(request, code_of(code))


@public("whoever knows a file's digest has had the file")
@require_safe
@never_cache
def digest(request: HttpRequest, digest: str) -> HttpResponse:
    """What is on record of a file: the browser asks this without sending it."""
    if not DIGEST.fullmatch(digest):
        raise Http404("not a SHA-256 in small hex")
    return _answer(request, records.by_digest(digest, today=today()), {"digest": digest})


def _by_code(request: HttpRequest, meant: Code | None) -> HttpResponse:
    return _answer(request, records.by_code(meant, today=today()), {"code": meant})


def _whole_file(request: HttpRequest) -> HttpResponse:
    sent = request.FILES.get("file")
    if sent is None:
        return _page(request, {"no_file": _("请先选一份 PDF 文件。")}, status=422)
    if (sent.size or 0) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        return render(request, "413.html", {"limit": limit}, status=413)
    if _too_often(request, "file", MOST_FILES):
        return _later(request)
    finding = records.by_file(sent.read(), today=today())
    return _answer(request, finding, {"file": sent.name})


def _answer(request: HttpRequest, finding: Finding, asked: dict[str, Any]) -> HttpResponse:
    unknown = not finding.found and "file" not in asked
    if unknown and _too_often(request, "unknown", MOST_UNKNOWN):
        return _later(request)
    context = {
        "finding": finding,
        "heading": verdicts.heading(finding),
        "lines": verdicts.lines(finding),
        "printed": verdicts.printed(finding),
        "question": "" if finding.found else verdicts.asked(asked),
        "advice": verdicts.advice(finding, asked),
        "letter_url": _letter(finding),
    }
    response = _page(request, context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _letter(finding: Finding) -> str:
    """Return where the letter is published, empty where none is named or known by its number."""
    number = finding.paper.letter_no if finding.paper else ""
    return reverse("people:letter", args=[key(number)]) if number else ""


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {"limit": settings.UPLOAD_LIMIT, **context}
    return render(request, "portal/check.html", context, status=status)


def _later(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(MINUTE)
    return response


# ── Not too often ───────────────────────────────────────────────────────────
# Counted in this process's memory, forgotten after a minute. Codes cannot be guessed anyway: this
# keeps one address from taking everybody's place. What is on record is always answered.


def _too_often(request: HttpRequest, what: str, most: int) -> bool:
    place = f"check:{what}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(place, 1, MINUTE):
        return most < 1
    try:
        return cache.incr(place) > most
    except ValueError:  # forgotten between the two lines
        return False
