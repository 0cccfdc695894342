"""The bidding room as an ASGI application: bids in, receipts back, lines out.

    POST /bidding/lots/<lot>/bids           a signed bid; answered once it is on disk
    POST /bidding/lots/<lot>/declarations   joining the timed part, or what follows a ceiling
    POST /bidding/lots/<lot>/offers         a sealed offer
    GET  /bidding/lots/<lot>/lines          every line of the lot, then as they come (SSE)
    GET  /bidding/lots/<lot>/standing       where it stands now
    GET  /bidding/time                      the server's clock, to measure one's own against
    POST /bidding/echo                      what was sent: what the room is measured against
    GET  /bidding/health                    200 while it takes bids

Who writes carries a paddle's token in `Authorization`. There are no cookies, so another site
cannot act for anybody. Whatever is not listed here is refused.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from random import randrange
from typing import Any

from django.conf import settings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from mingtang.bidding import acts
from mingtang.bidding.answers import recorded, refused, said
from mingtang.bidding.closing import close_what_is_due
from mingtang.bidding.committing import Committer
from mingtang.bidding.guard import Guard
from mingtang.bidding.hub import Hub, Lot, NoSuchLot
from mingtang.bidding.limits import BODY, SOCKETS, Pace
from mingtang.bidding.writing import InThread, NotRecorded, Writer
from mingtang.core.clock import CHINA
from mingtang.core.decider import Refused, require
from mingtang.ledger.orders import Receipt
from mingtang.trading.ports import tokens

log = logging.getLogger(__name__)
_loads = json.JSONDecoder().decode
Read = Callable[[tokens.PaddleToken, Mapping[str, Any], datetime], acts.Act]


class Room:
    """What runs while the room is open: one committer, one reader, one clock."""

    def __init__(self, writer: Writer) -> None:
        self.hub = Hub()
        self.committer = Committer(writer=writer, committed=self.hub.wake)
        self.pace = Pace(settings.BID_RATE)
        self.failed = asyncio.Event()  # a part of it is lost: the process had better start anew
        self._running: list[asyncio.Task[None]] = []

    @property
    def open(self) -> bool:
        return self.committer.open and not any(task.done() for task in self._running)

    def begin(self) -> None:
        for part in (self.committer.run, self.hub.run, self._clock):
            task = asyncio.create_task(part())
            task.add_done_callback(self._ended)
            self._running.append(task)

    def close(self) -> None:
        """Take nothing more and let the watchers go. What is under way is still answered."""
        self.hub.close()
        self.committer.close()

    async def ended(self) -> None:
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _clock(self) -> None:
        await close_what_is_due(self.committer)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A room that has lost a part takes no more bids: its health says so."""
        if not task.cancelled() and task.exception() is not None:
            log.critical("a part of the room failed", exc_info=task.exception())
            self.close()
            self.failed.set()


# ── Writing ─────────────────────────────────────────────────────────────────


async def bid(request: Request) -> Response:
    return await _write(request, acts.read_bid)


async def declaration(request: Request) -> Response:
    return await _write(request, acts.read_declaration)


async def offer(request: Request) -> Response:
    return await _write(request, acts.read_offer)


async def _write(request: Request, read: Read) -> Response:
    room: Room = request.app.state.room
    token = _token(request)
    require(token.lot == request.path_params["lot"], "room.other-lot")
    sender = f"{token.lot}/{token.paddle}"
    require(room.pace.allows(sender, time.monotonic()), "room.too-many")
    body = await _body(request)
    # Only now has the whole message arrived: one begun before the end and finished after it,
    # when others' last bids are known, came too late.
    received = datetime.now(CHINA)
    act = read(token, _object(body), received)
    try:
        outcome = await room.committer.enact(act, once=act.once)
    except NotRecorded:
        raise Refused("room.not-recorded") from None
    if isinstance(outcome, Receipt):
        return recorded(outcome, received=received)
    raise outcome


def _token(request: Request) -> tokens.PaddleToken:
    said = next((v for n, v in request.scope["headers"] if n == b"authorization"), b"")
    scheme, _, text = said.decode("latin-1").partition(" ")
    require(scheme.lower() == "bearer" and text != "", "room.token-missing")
    try:
        return tokens.read(text, secret=settings.SECRET_KEY, at=datetime.now(CHINA))
    except tokens.TokenUnusable:
        raise Refused("room.token-unusable") from None


async def _body(request: Request) -> bytes:
    """Return the body. Raises Refused as soon as it is longer than the room takes."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        require(len(body) <= BODY, "room.too-large")
    return body


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        content = _loads(body.decode())
    except ValueError:
        raise Refused("room.malformed") from None
    require(isinstance(content, dict), "room.malformed")
    return content  # type: ignore[no-any-return]  # a dict, as was just seen


# ── Reading ─────────────────────────────────────────────────────────────────


async def lines(request: Request) -> Response:
    room: Room = request.app.state.room
    require(room.open and room.hub.watchers < SOCKETS, "room.full")
    lot = await _lot(request)
    return Lines(room.hub, lot, _place(request))


async def standing(request: Request) -> Response:
    return Response((await _lot(request)).said, media_type="application/json")


async def _lot(request: Request) -> Lot:
    hub: Hub = request.app.state.room.hub
    try:
        return await hub.lot(request.path_params["lot"])
    except NoSuchLot:
        raise Refused("room.unknown-lot") from None


def _place(request: Request) -> int:
    """Return the version of the last line a watcher has; 0 where it does not say."""
    said = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0


class Lines(Response):
    """A lot's lines for one watcher, as long as both are there (Server-Sent Events)."""

    def __init__(self, hub: Hub, lot: Lot, after: int) -> None:
        super().__init__(
            headers={"x-accel-buffering": "no"}, media_type="text/event-stream; charset=utf-8"
        )
        del self.headers["content-length"]
        self.hub, self.lot, self.after = hub, lot, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def write(chunk: bytes, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

        head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(head)
        # Not all at once when a room closes: each comes back after a while of its own.
        await write(b"retry: %d\n\n" % randrange(500, 2_500))
        task = asyncio.current_task()
        assert task is not None
        gone = asyncio.ensure_future(_gone(receive))
        gone.add_done_callback(_leaving := lambda _: task.cancel())
        try:
            await self.hub.watch(self.lot, self.after, write)
        except asyncio.CancelledError:
            if not gone.done():
                raise  # it was too slow: the connection is dropped, its reader catches up
            return
        finally:
            gone.remove_done_callback(_leaving)
            gone.cancel()
        await write(b"", more=False)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


# ── Clock, echo, health ─────────────────────────────────────────────────────


async def clock(request: Request) -> Response:
    return said({"now": datetime.now(CHINA).isoformat(timespec="milliseconds")})


async def echo(request: Request) -> Response:
    return Response(await _body(request), media_type="application/json")


async def health(request: Request) -> Response:
    room: Room = request.app.state.room
    status = 200 if room.open else 503
    return said({"open": room.open, "watchers": room.hub.watchers}, status=status)


# ── The application ─────────────────────────────────────────────────────────


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    return refused(refusal)


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return said({"error": error.detail}, status=error.status_code, **(error.headers or {}))


async def _broken(request: Request, error: Exception) -> Response:
    return said({"error": "Internal Server Error"}, status=500)


def application(writer: Writer | None = None) -> Starlette:
    """Return the room, closed; it opens with the server's lifespan."""
    room_routes = [
        Route("/lots/{lot}/bids", bid, methods=["POST"]),
        Route("/lots/{lot}/declarations", declaration, methods=["POST"]),
        Route("/lots/{lot}/offers", offer, methods=["POST"]),
        Route("/lots/{lot}/lines", lines),
        Route("/lots/{lot}/standing", standing),
        Route("/time", clock),
        Route("/echo", echo, methods=["POST"]),
        Route("/health", health),
    ]
    app = Starlette(
        routes=[Mount(settings.BIDDING_URL, routes=room_routes)],
        middleware=[Middleware(Guard)],
        exception_handlers={Refused: _refused, HTTPException: _not_here, 500: _broken},
        lifespan=_opened,
    )
    app.state.room = Room(writer or InThread())
    return app


@asynccontextmanager
async def _opened(app: Starlette) -> AsyncIterator[None]:
    room: Room = app.state.room
    room.begin()
    with contextlib.suppress(NotRecorded):
        await room.committer.enact(None, once="opening")  # whoever writes has got up by then
    yield
    room.close()
    await room.ended()
