"""What a bidder's browser signed (WebCrypto: ECDSA, P-256, SHA-256), checked before the rules look.

The rules only record the signature: anybody checks it again from the log, without this room.

Note [A checker of its own]: a check is 70 microseconds of arithmetic, as much as a bid costs the
rules. A process beside the room does it while the room takes the next bids and commits the last
ones; threads would have to wait for the interpreter before and after each. Should that process
die, the room checks by itself and starts another.
"""

import asyncio
import logging
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from mingtang.bidding.beside import Beside, Gone, answer

log = logging.getLogger(__name__)
ECDSA = ec.ECDSA(SHA256())
MODULE = "mingtang.bidding.signatures"
FEW = 2  # so many are checked here: asking takes longer

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


class Checker:
    """Checks many at a time in a process beside this one. See Note [A checker of its own]."""

    def __init__(self) -> None:
        self._process = Beside(MODULE)

    async def check(self, many: Sequence[Signed]) -> Sequence[bool]:
        """Return for each whether its signature fits."""
        if len(many) > FEW:
            try:
                fits: Sequence[bool] = await self._process.ask(many)
                return fits
            except Gone:
                log.warning("the checker of signatures went; another is started")
        return await asyncio.to_thread(_check, many)

    async def close(self) -> None:
        await self._process.close()


def _check(many: Sequence[Signed]) -> Sequence[bool]:
    return [signed(*one) for one in many]


if __name__ == "__main__":
    answer(_check)
