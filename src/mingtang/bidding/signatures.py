"""What a bidder's browser signed (WebCrypto: ECDSA, P-256, SHA-256), checked before the rules look.

The rules only record the signature: anybody checks it again from the log, without this room.

Note [A checker of its own]: a check is 70 microseconds of arithmetic, as much as a bid costs the
rules. A process beside the room does it while the room takes the next bids and commits the last
ones; threads would have to wait for the interpreter before and after each. Should that process
die, the room checks by itself and starts another.
"""

import asyncio
import json
import logging
import sys
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

log = logging.getLogger(__name__)
ECDSA = ec.ECDSA(SHA256())
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
        self._process: asyncio.subprocess.Process | None = None

    async def check(self, many: Sequence[Signed]) -> Sequence[bool]:
        """Return for each whether its signature fits. One call at a time."""
        if len(many) > FEW:
            try:
                return await self._ask(many)
            except (OSError, EOFError, ValueError):
                log.warning("the checker of signatures failed; another is started", exc_info=True)
                await self.close()
        return await asyncio.to_thread(lambda: [signed(*one) for one in many])

    async def _ask(self, many: Sequence[Signed]) -> Sequence[bool]:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "mingtang.bidding.signatures"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # an interrupt at the terminal is the room's to hear
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(many).encode() + b"\n")
        answer = await self._process.stdout.readline()
        if len(answer) != len(many) + 1:
            raise EOFError(f"{len(answer)} characters for {len(many)} signatures")
        return [mark == ord("1") for mark in answer[:-1]]

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            if process.returncode is None:
                process.kill()
            await process.wait()


def _answer_until_the_room_goes() -> None:
    for line in sys.stdin.buffer:
        marks = "".join("1" if signed(*one) else "0" for one in json.loads(line))
        sys.stdout.write(f"{marks}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _answer_until_the_room_goes()
