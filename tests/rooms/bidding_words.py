"""The bidding room in tests: lots open now, paddles that sign, requests without a network."""

import asyncio
import json
import secrets
from base64 import urlsafe_b64encode
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from mingtang.bidding import app as bidding
from mingtang.core.trading.applications import bid_message, declaration_message
from mingtang.core.trading.lots.commands import AnnounceLot
from mingtang.core.trading.lots.terms import LotContent, Timetable
from mingtang.ledger.enact import enact_one
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Order
from mingtang.trading.ports import tokens
from mingtang.trading.projection import LOT
from tests.core.trading_examples import AUCTION, sourced

HOUR = timedelta(hours=1)
START, STEP = 5_000_000, 100_000  # fen
LOT_KEY = "JY-ROOM-0001-1"


def open_lot(key=LOT_KEY, *, closes_in=5 * HOUR):
    """Announce a lot that has been open for an hour, by the real clock: the room has no other."""
    now = timezone.localtime()
    content = LotContent(
        no=1,
        title="演示标的",
        procedure="auction",
        procedure_version=1,
        times=Timetable(
            sign_up_from=now - 9 * HOUR,
            sign_up_until=now - 8 * HOUR,
            deposit_until=now - 8 * HOUR,
            opens=now - HOUR,
            closes=now + closes_in,
        ),
        start_fen=START,
        step_fen=STEP,
    )
    command = AnnounceLot(
        project="JY-ROOM-0001",
        content=content,
        procedure=sourced(**AUCTION),
        seed="5eed",
        by="P-officer",
        at=now - 9 * HOUR,
    )
    return enact_one(Order(LOT, key, command))


def lines_of(key=LOT_KEY):
    """Return a lot's public record as the ledger has it: version, index, body."""
    entries = LedgerEntry.objects.filter(stream=f"lot/{key}").order_by("version")
    return [(e.version, e.index, json.loads(bytes(e.body))) for e in entries]


def bids_of(key=LOT_KEY):
    """Return the bids of a lot by their reference; each has exactly one entry."""
    found = [(i, b) for _, i, b in lines_of(key) if b["kind"] == "lot.bid-placed.v1"]
    refs = [body["ref"] for _, body in found]
    assert len(set(refs)) == len(refs)
    return {body["ref"]: (index, body) for index, body in found}


@dataclass
class Paddle:
    """A bidder's browser: its key, its token, what it sends."""

    paddle: str
    lot: str = LOT_KEY
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def key(self):
        public = self.private.public_key()
        return _b64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def token(self, **changed):
        said = {
            "lot": self.lot,
            "paddle": self.paddle,
            "key": self.key,
            "key_no": 1,
            "rank": 0,
            "application": f"application-{self.paddle}",
            "until": timezone.localtime() + HOUR,
        }
        token = tokens.PaddleToken(**{**said, **changed})
        return tokens.issue(token, secret=settings.SECRET_KEY)

    def sign(self, message):
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(SHA256())))
        return _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def bid(self, price, **changed):
        """Return the content of a bid as the page sends it."""
        ref = changed.pop("ref", None) or secrets.token_urlsafe(16)
        said = {"lot": self.lot, "paddle": self.paddle, "price_fen": price, "quantity": 1}
        signature = self.sign(bid_message(**said, ref=ref))
        return {"price_fen": price, "ref": ref, "signature": signature, **changed}

    def declaration(self):
        ref, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        message = declaration_message(lot=self.lot, paddle=self.paddle, nonce=nonce, ref=ref)
        return {"nonce": nonce, "ref": ref, "signature": self.sign(message)}


def _b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


# ── Asking the application itself ───────────────────────────────────────────


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@asynccontextmanager
async def open_room(writer=None):
    """Open the room as a server's lifespan does; yield the application."""
    app = bidding.application(writer)
    room = app.state.room
    room.begin()
    try:
        yield app
    finally:
        room.close()
        await room.ended()


async def ask(app, method, path, *, body=b"", parts=None, **headers):
    """Return the answer to one request. `parts` are what its body arrives in, awaited in turn."""
    arriving = [*parts] if parts else [body]
    sent = []

    async def receive():
        if not arriving:
            await asyncio.Event().wait()  # nobody leaves before the answer
        part = arriving.pop(0)
        return {
            "type": "http.request",
            "body": part if isinstance(part, bytes) else await part,
            "more_body": bool(arriving),
        }

    async def send(message):
        sent.append(message)

    await app(scope(method, path, **headers), receive, send)
    return Answer(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )


def scope(method, path, **headers):
    path, _, query = path.partition("?")
    named = {"host": "127.0.0.1", **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in named.items()
        ],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }


async def post(app, paddle, content, *, kind="bids", token=None, lot=None, **headers):
    """Return the answer to what a paddle sends."""
    return await ask(
        app,
        "POST",
        f"/bidding/lots/{lot or paddle.lot}/{kind}",
        body=content if isinstance(content, bytes) else json.dumps(content).encode(),
        authorization=f"Bearer {token or paddle.token()}",
        **headers,
    )


class Watcher:
    """One that watches a lot's lines; `stop` is its browser being closed."""

    def __init__(self, app, *, after="", lot=LOT_KEY):
        self.messages = []  # event, id or None, data
        self.status = 0
        self._text = b""
        self._more, self._gone = asyncio.Event(), asyncio.Event()
        self.held = asyncio.Event()  # while it is clear, the socket swallows nothing
        self.held.set()
        named = {"last_event_id": str(after)} if after != "" else {}
        asked = scope("GET", f"/bidding/lots/{lot}/lines", **named)
        self.task = asyncio.ensure_future(app(asked, self._receive, self._send))

    @property
    def lines(self):
        """What it has of the lot's record: version, index, body."""
        return [
            (int(ident), data["index"], data["entry"])
            for event, ident, data in self.messages
            if event == "line"
        ]

    @property
    def standings(self):
        return [data for event, _, data in self.messages if event == "standing"]

    async def until(self, fulfilled):
        """Wait until it has seen enough."""
        async with asyncio.timeout(30):
            while not fulfilled(self):
                self._more.clear()
                await self._more.wait()

    async def stop(self):
        self._gone.set()
        await asyncio.wait_for(self.task, 30)

    async def _receive(self):
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        await self.held.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self._text += message.get("body", b"")
        *whole, self._text = self._text.split(b"\n\n")
        for text in whole:
            fields = dict(line.split(": ", 1) for line in text.decode().split("\n"))
            if "event" in fields:
                data = json.loads(fields["data"])
                self.messages.append((fields["event"], fields.get("id"), data))
        self._more.set()
