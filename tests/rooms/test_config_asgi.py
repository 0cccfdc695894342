"""One port for all: the room under its prefix, every other path to the pages, unharmed."""

import asyncio
import json

import pytest
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.urls import include, path

from mingtang.bidding import app as bidding
from tests.rooms.bidding_words import ask


def told(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "asked": request.GET.get("q", ""),
            "address": request.META["REMOTE_ADDR"],
            "host": request.get_host(),
            "cookie": request.COOKIES.get("a", ""),
            "length": len(request.body),
        }
    )


def in_parts(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(b"%d\n" % n for n in range(3))


def broken(request: HttpRequest) -> JsonResponse:
    raise ValueError("on purpose")


class Addresses:
    urlpatterns = (
        path("told/", told),
        path("bidding-notes/", told),
        path("parts/", in_parts),
        path("broken/", broken),
        path("", include("mingtang.config.urls")),
    )
    handler500 = "mingtang.ui.views.broken"


@pytest.fixture
def both(settings, own_commits):
    from mingtang.config.asgi import beside

    settings.ROOT_URLCONF = Addresses
    return lambda *said, **more: asyncio.run(_asked(beside, said, more))


async def _asked(beside, said, more):
    return await ask(beside(bidding.application()), *said, **more)


def test_a_page_is_asked_for_as_it_was(both):
    answer = both("GET", "/told/?q=%E6%A0%87", cookie="a=1")
    assert (answer.status, answer.json) == (
        200,
        {
            "method": "GET",
            "path": "/told/",
            "asked": "标",
            "address": "127.0.0.1",
            "host": "127.0.0.1",
            "cookie": "1",
            "length": 0,
        },
    )
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_what_only_looks_like_the_room_is_a_page(both):
    assert both("GET", "/bidding-notes/").json["path"] == "/bidding-notes/"


def test_the_room_is_under_its_prefix(both):
    answer = both("GET", "/bidding/time")
    assert "now" in json.loads(answer.body)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_page_may_come_in_parts(both):
    answer = both("GET", "/parts/")
    assert (answer.status, answer.body) == (200, b"0\n1\n2\n")


def test_a_broken_page_is_a_page_that_says_so(both):
    assert both("GET", "/broken/").status == 500


def test_what_is_too_large_is_refused_before_it_is_read(both):
    answer = both("GET", "/told/", content_length=str(30 * 1024 * 1024))
    assert answer.status == 413
