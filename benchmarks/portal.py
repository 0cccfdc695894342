"""Anonymous public pages a second of one processor, against an empty view of the same Django.

The demonstration province is there: 741 items, hundreds of cases. Both go through the whole
stack of middleware. `anew`: the page is made each time, as after every new entry of the ledger;
`kept`: the process hands out the page it made last; `304`: the reader has it already.
"""

import time

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from installation import Ask, asker, installation, show

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
    ask = asker()
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


def _rate(ask: Ask, address: str, tag: str = "") -> float:
    status, _ = ask(address, tag)  # warm: templates read, figures worked out
    assert status == (304 if tag else 200), (address, status)

    start = time.process_time()
    for _ in range(COUNT):
        ask(address, tag)
    return COUNT / (time.process_time() - start)


if __name__ == "__main__":
    main()
