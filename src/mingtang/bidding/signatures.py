"""What a bidder's browser signed (WebCrypto: ECDSA, P-256, SHA-256), checked before the rules look.

The rules only record the signature: anybody checks it again from the log, without this room.
"""

from base64 import urlsafe_b64decode
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ECDSA = ec.ECDSA(SHA256())

Signed = tuple[str, str, str]  # text, key, signature


def signed(text: str, key: str, signature: str) -> bool:
    """Whether `signature` (r || s, 64 bytes, base64url) is one of the text by this key."""
    try:
        raw = _bytes(signature)
        if len(raw) != 64:
            return False
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        _public(key).verify(encode_dss_signature(r, s), text.encode(), ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=20_000)
def _public(key: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
