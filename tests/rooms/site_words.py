"""The site in a real browser, without a server: whatever the page asks for, Django answers."""

import contextvars
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client

SITE = "http://localhost:8000"  # a secure context; nothing listens
ASKED_AS = {"cookie": "HTTP_COOKIE", "referer": "HTTP_REFERER", "origin": "HTTP_ORIGIN"}


def serve(page):
    """Have the page's requests answered here; return the list they are noted in."""
    asked = []
    here = contextvars.copy_context()  # in it, Django finds this test's database

    def answer(route):
        request = route.request
        place = request.url.removeprefix(SITE)
        asked.append((request.method, place))
        if place.startswith("/static/"):
            found = finders.find(place.removeprefix("/static/"))
            return route.fulfill(path=found) if found else route.fulfill(status=404, body="")
        said = here.run(_ask, request, place, request.all_headers())
        return route.fulfill(status=said.status_code, headers=_headers(said), body=said.content)

    page.route("**/*", answer)
    return asked


def _ask(request, place, headers):
    extra = {name: headers[key] for key, name in ASKED_AS.items() if key in headers}
    client = Client(enforce_csrf_checks=True, HTTP_HOST=urlsplit(SITE).netloc)
    parts = urlsplit(place)
    return client.generic(
        request.method,
        parts.path,
        request.post_data_buffer or b"",
        headers.get("content-type", ""),
        QUERY_STRING=parts.query,
        **extra,
    )


def _headers(said):
    cookies = [morsel.OutputString() for morsel in said.cookies.values()]
    return dict(said.items()) | ({"Set-Cookie": "\n".join(cookies)} if cookies else {})
