"""A paddle's token (号牌令牌): who may bid in a lot, told to the bidding room without a question.

    v1.<base64url of JSON>.<base64url of HMAC-SHA256 over what stands before the second dot>

The bidder's page is given one when it opens the room; each bid carries it. It says which paddle,
which key its bids are signed with, and what right of priority it has. It opens nothing by itself:
a bid also needs a signature by that key, and the rules of the lot have the last word.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

VERSION = "v1"
LENGTH = 1_000  # characters; longer ones are not looked at
PURPOSE = b"mingtang.trading.paddle-token.v1"


class TokenUnusable(Exception):
    """Not a token of ours, or no longer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaddleToken:
    lot: str
    paddle: str
    key: str  # P-256 point, uncompressed, base64url
    key_no: int  # which of this paddle's keys it is, from 1
    rank: int  # of a right of priority; 0: none
    application: str
    until: datetime


def issue(token: PaddleToken, *, secret: str) -> str:
    """Return the token as text, good for whoever knows the same secret."""
    said = asdict(token) | {"until": token.until.isoformat()}
    text = f"{VERSION}.{_b64(json.dumps(said, separators=(',', ':')).encode())}"
    return f"{text}.{_mac(text, secret)}"


def read(text: str, *, secret: str, at: datetime) -> PaddleToken:
    """Return what a token says. Raises TokenUnusable when it is not ours or has run out."""
    token = _read(text, secret)
    if at >= token.until:
        raise TokenUnusable
    return token


@lru_cache(maxsize=20_000)  # a bidder sends the same one with every bid
def _read(text: str, secret: str) -> PaddleToken:
    try:
        version, body, mac = text.split(".") if len(text) <= LENGTH else ("", "", "")
        expected = _mac(f"{version}.{body}", secret)
        if version != VERSION or not hmac.compare_digest(mac.encode(), expected.encode()):
            raise TokenUnusable
        said = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return PaddleToken(**said | {"until": datetime.fromisoformat(said["until"])})
    except ValueError as error:
        raise TokenUnusable from error


def _mac(text: str, secret: str) -> str:
    return _b64(hmac.digest(_key(secret), text.encode(), "sha256"))


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    """Return a key for tokens alone: what signs sessions must not open the room."""
    return hmac.digest(secret.encode(), PURPOSE, sha256)


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
