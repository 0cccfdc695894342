"""Anonymous public pages a second of one processor, against an empty view of the same Django.

The demonstration province is there: 741 items, hundreds of cases. Both go through the whole
stack of middleware. `anew`: the page is made each time, as after every new entry of the ledger;
`kept`: the process hands out the page it made last; `304`: the reader has it already.
"""

import io
import sys
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from installation import installation, show

COUNT = 200
ADDRESSES = {
    "home": "/",
    "items": "/items/",
    "items, searching": "/items/?q=%E9%A3%9F%E5%93%81",
    "items, two choices": "/items/?category=licence&visits=0",
    "guide": "",  # of the first item, found below
    "ledger": "/ledger/",
    "explanation": "/about/",
}
Ask = Callable[..., tuple[int, dict[str, str]]]


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def main() -> None:
    with installation():
        measure()


def measure() -> None:
    from django.conf import settings

    from mingtang.catalogue import queries as catalogue
    from mingtang.config.demo import province
    from mingtang.portal import freshness

    class Addresses:
        urlpatterns = (path("empty", empty), path("", include("mingtang.config.urls")))

    settings.ROOT_URLCONF = Addresses
    province.make(quiet=True)
    first = catalogue.items(catalogue.Wanted(text="食品经营许可"))[0]
    ask = _asker()
    compared = _rate(ask, "/empty")
    show("empty view", compared, "pages/s", "1.000 of the empty view")
    for name, address in ADDRESSES.items():
        address = address or f"/items/{first.key}/"
        tag = ask(address)[1]["ETag"]
        keep = freshness.MOST_PAGES
        freshness.MOST_PAGES = 0
        freshness._pages.clear()
        anew = _rate(ask, address)
        freshness.MOST_PAGES = keep
        for how, figure in (
            ("anew", anew),
            ("kept", _rate(ask, address)),
            ("304", _rate(ask, address, tag)),
        ):
            show(f"{name}, {how}", figure, "pages/s", f"{figure / compared:.3f}")


def _asker() -> Ask:
    """Return what hands a request to the application, as a server would."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def ask(address: str, tag: str = "") -> tuple[int, dict[str, str]]:
        place, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        } | ({"HTTP_IF_NONE_MATCH": tag} if tag else {})
        got: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> None:
            got.append((int(status[:3]), dict(headers)))

        answer = application(environ, start)
        b"".join(answer)
        answer.close()
        return got[0]

    return ask


def _rate(ask: Ask, address: str, tag: str = "") -> float:
    status, _ = ask(address, tag)  # warm: templates read, figures worked out
    assert status == (304 if tag else 200), (address, status)

    start = time.process_time()
    for _ in range(COUNT):
        ask(address, tag)
    return COUNT / (time.process_time() - start)


if __name__ == "__main__":
    main()
