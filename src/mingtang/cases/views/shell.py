"""The shell of 掌上审批 on a phone: what installs it, what it keeps, what it asks while open.

The service worker keeps style, scripts, icons and one page that says there is no network. It keeps
no page with a case in it: what is on the phone after closing says nothing about anybody.
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingtang.cases import access
from mingtang.cases.views import tasks as desktop
from mingtang.people.access import needs, public

KEPT = (
    "ui/mingtang.css",
    "ui/mingtang.js",
    "ui/mark.svg",
    "vendor/htmx/htmx.min.js",
    "cases/cases.css",
    "cases/hand/hand.css",
    "cases/hand/hand.js",
    "cases/hand/icon-192.png",
)
WORKER = "cases/hand/worker.js"


@public("names an application and its icons, nobody's business")
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The web application manifest (W3C): name, icons, where it begins and ends."""
    home = reverse("hand:tasks")
    icon = {"sizes": "192x192", "type": "image/png", "src": static("cases/hand/icon-192.png")}
    large = {"sizes": "512x512", "type": "image/png", "src": static("cases/hand/icon-512.png")}
    masked = {**large, "src": static("cases/hand/icon-mask-512.png"), "purpose": "maskable"}
    values = {
        "id": home,
        "name": _("明堂掌上审批"),
        "short_name": _("掌上审批"),
        "description": _("审批人员在手机上看件、审查、决定、用印"),
        "lang": "en" if (get_language() or "").startswith("en") else "zh-Hans",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#FBFAF7",
        "theme_color": "#A6261D",
        "icons": [icon, large, masked],
    }
    said = json.dumps(values, ensure_ascii=False)
    return HttpResponse(said, content_type="application/manifest+json")


@public("the same script for everybody, with nothing of anybody in it")
@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, under the addresses it may control; its version is what it keeps."""
    shell = [reverse("hand:offline"), *map(static, KEPT)]
    calls = {"page": reverse("hand:me"), "keep": reverse("hand:phone-keep")}
    parts = {"VERSION": version(), "SHELL": shell, "WORDS": _called(), "CALLS": calls}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in parts.items())
    return HttpResponse(head + _file(WORKER).read_text("utf-8"), content_type="text/javascript")


def _called() -> dict[str, dict[str, str]]:
    """Return what the phone shows when it is called, by language; `{n}` is how many tasks wait."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = {"title": _("掌上审批"), "text": _("有新的待办，共 {n} 件")}
    return said


@cache
def version() -> str:
    """Return what changes whenever a kept file does."""
    digest = sha256()
    for name in (*KEPT, WORKER):
        digest.update(_file(name).read_bytes())
    return digest.hexdigest()[:16]


def _file(name: str) -> Path:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found)


@public("says that there is no network, to whoever has none")
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page the phone keeps for when nothing else can be had."""
    return render(request, "cases/hand/offline.html")


@needs(*access.JUDGING)
@never_cache
@require_GET
def count(request: HttpRequest) -> JsonResponse:
    """How many tasks are open: `{"todo": n}`, asked while the page is looked at."""
    return JsonResponse({"todo": desktop.open_tasks(request)})
