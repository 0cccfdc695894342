"""Web Push: a short message for one browser, through the push service it subscribed at.

RFC 8030 is the asking, RFC 8291 (with 8188) seals what is said for the browser alone, RFC 8292
(VAPID) names the house to the service. The key of the house is derived from the installation's
secret: a new secret makes every subscription void, and the phones subscribe again.
"""

import json
import logging
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from mingtang.core import p256
from mingtang.core.phones import Subscription, service_of

RECORD = 4096  # octets of one record: RFC 8291, 4
LAST = b"\x02"  # ends the last record: RFC 8188, 2
KEPT = 12 * 3600  # seconds a service keeps a call for a phone that is off
GOOD_FOR = timedelta(hours=12)  # of the house's word to a service: a day at most, RFC 8292, 2
TIMEOUT = 10  # seconds without an answer
ENDED = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}  # RFC 8030, 5
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
log = logging.getLogger(__name__)


class Answer(StrEnum):
    CALLED = "called"
    LATER = "later"  # the service is not there, or has too much to do
    GONE = "gone"  # the subscription is void: the phone has to subscribe again


@dataclass(frozen=True, slots=True)
class Called:
    answer: Answer
    asked: timedelta | None = None  # how long the service asks to wait
    silent: bool = False  # no answer at all


def call(to: Subscription, message: dict[str, Any], *, at: datetime) -> Called:
    """Give a message to the push service of a phone; of several waiting it keeps the last."""
    request = Request(
        to.endpoint,
        data=sealed(json.dumps(message).encode(), to),
        headers={
            "Authorization": authorization(to.endpoint, at=at),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT),
            "Topic": "work",
            "Urgency": "normal",
        },
        method="POST",
    )
    try:
        with _opener.open(request, timeout=TIMEOUT):
            return Called(Answer.CALLED)
    except HTTPError as error:
        with error:
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in PASSING:
                if error.code not in ENDED:  # the service does not like how it is asked
                    log.warning("%s refused a call: %d", service_of(to.endpoint), error.code)
                return Called(Answer.GONE)
            return Called(Answer.LATER, _seconds(error.headers.get("Retry-After", "")))
    except (OSError, HTTPException):
        return Called(Answer.LATER, silent=True)


class _NoRedirects(HTTPRedirectHandler):
    """Only a service that is allowed is ever asked."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = build_opener(_NoRedirects())


def _seconds(text: str) -> timedelta | None:
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() else None


# ── RFC 8291: sealed for one browser ────────────────────────────────────────


def sealed(
    plain: bytes,
    to: Subscription,
    *,
    salt: bytes | None = None,
    key: EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return a message of one record, for whoever holds the subscription's private key.

    `salt` (16 octets) and `key` are drawn anew for every message; tests give theirs.
    """
    salt, key = salt or os.urandom(16), key or generate_private_key(SECP256R1())
    shared = key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), to.key))
    public = _point(key)
    material = _derived(shared, to.secret, b"WebPush: info\0" + to.key + public, 32)
    cipher = AESGCM(_derived(material, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    return head + cipher.encrypt(nonce, plain + LAST, None)


def _derived(material: bytes, salt: bytes | None, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=info).derive(material)


# ── RFC 8292: who asks ──────────────────────────────────────────────────────


def house_key() -> str:
    """Return the house's public key as a browser wants it (applicationServerKey)."""
    return _text(_point(_house_key(settings.SECRET_KEY)))


@lru_cache(maxsize=1)
def _house_key(secret: str) -> EllipticCurvePrivateKey:
    # Wider than the order by 128 bits, so that no key is likelier than another: FIPS 186-5, A.2.1.
    drawn = int.from_bytes(_derived(secret.encode(), None, b"mingtang/web-push/v1", 48), "big")
    return derive_private_key(drawn % (p256.N - 1) + 1, SECP256R1())


def authorization(endpoint: str, *, at: datetime) -> str:
    """Return the house's signed word to the service of an endpoint (VAPID)."""
    key = _house_key(settings.SECRET_KEY)
    claims = {
        "aud": service_of(endpoint),
        "exp": int((at + GOOD_FOR).timestamp()),
        "sub": settings.URL,
    }
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    signed = ".".join(_text(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    signature = _text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={house_key()}"


def _point(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
