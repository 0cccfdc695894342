"""Tokens of ballots (评价令牌): made from what was finished and the installation's secret.

A token is never kept: whoever may show it makes it again. Everything named after it is named by a
one-way function of its own, so that the names of a ballot, a rating and a call-back cannot be
brought together without the token (docs/adr/0025).
"""

import hmac
from base64 import b32encode
from hashlib import sha256
from secrets import token_hex

SIGNS = 26  # of five bits each: 130 bits
LONGEST = 64  # characters; longer ones are not looked at
_TOKEN = b"mingtang.ratings.token.v1"
_DIGEST = b"mingtang.ratings.digest.v1"
_RATING = b"mingtang.ratings.rating.v1"
_REPLY = b"mingtang.ratings.reply.v1"
_CALLBACK = b"mingtang.ratings.callback.v1"


def token_for(origin: str, *, secret: str) -> str:
    """Return the token for what was finished, the same each time: 26 signs a-z 2-7."""
    key = hmac.digest(secret.encode(), _TOKEN, sha256)
    return _signs(hmac.digest(key, origin.encode(), sha256))


def digest_of(token: str) -> str:
    """Return what a ballot keeps of its token: 64 hexadecimal digits."""
    return _one_way(_DIGEST, token).hex()


def rating_of(token: str) -> str:
    """Return the key of the rating this token can give."""
    return _signs(_one_way(_RATING, token))


def new_reply() -> str:
    """Return a secret by which a rater comes back: 32 hexadecimal digits."""
    return token_hex(16)


def reply_digest(reply: str) -> str:
    """Return what a rating keeps of it: 64 hexadecimal digits."""
    return _one_way(_REPLY, reply).hex()


def callback_of(digest: str) -> str:
    """Return the key of the call-back on the rating that keeps this digest of a reply."""
    return _signs(_one_way(_CALLBACK, digest))


def _one_way(purpose: bytes, text: str) -> bytes:
    return sha256(purpose + b"\0" + text.encode()).digest()


def _signs(data: bytes) -> str:
    return b32encode(data).decode().lower()[:SIGNS]
