"""Cosignatures (见证签名): a witness saw this checkpoint, consistent with all it saw before.

C2SP tlog-cosignature, Ed25519 version 1, note key type 0x04. Signed are these bytes:

    cosignature/v1
    time <POSIX seconds, plain decimal>
    <the whole text of the checkpoint note, its final newline included>

A signature line carries the time as 8 bytes, big-endian, then the 64-byte signature.
"""

from collections.abc import Callable, Iterable

from mingtang.core import ed25519, note
from mingtang.core.strict import LARGEST, Malformed


def message(text: str, *, timestamp: int) -> bytes:
    """Return the bytes to sign. `text` is a note text, `timestamp` in seconds since 1970."""
    if not 0 <= timestamp <= LARGEST:
        raise ValueError(f"not a timestamp: {timestamp}")
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def cosign(
    text: str, *, key: note.Key, timestamp: int, signer: Callable[[bytes], bytes]
) -> note.Signature:
    """Return a witness's signature of a checkpoint text; `signer` holds the secret of `key`."""
    data = timestamp.to_bytes(8, "big") + signer(message(text, timestamp=timestamp))
    return note.Signature(name=key.name, key_id=key.id, data=data)


def timestamp_of(signature: note.Signature) -> int:
    """Return when a cosignature says it was made, in seconds since 1970."""
    if len(signature.data) != 72:
        raise Malformed(f"a cosignature has 72 bytes, not {len(signature.data)}")
    return int.from_bytes(signature.data[:8], "big")


def verifier(key: note.Key, verify: note.Verify = ed25519.verify) -> note.Verifier:
    """Return the verifier of a type 0x04 key."""
    if key.type != note.COSIGNATURE:
        raise Malformed(f"{key.name}: type 0x{key.type:02x} is not an Ed25519 cosignature key")

    def check(text: bytes, data: bytes) -> bool:
        timestamp = int.from_bytes(data[:8], "big")
        if len(data) != 72 or timestamp > LARGEST:
            return False
        signed = b"cosignature/v1\ntime %d\n%s" % (timestamp, text)
        return verify(key.public, signed, data[8:])

    return note.Verifier(key=key, check=check)


def verifiers(
    keys: Iterable[note.Key], verify: note.Verify = ed25519.verify
) -> list[note.Verifier]:
    """Return a verifier for each key of a type we can check; the other types never count."""
    makers = {note.ED25519: note.ed25519_verifier, note.COSIGNATURE: verifier}
    return [makers[key.type](key, verify) for key in keys if key.type in makers]
