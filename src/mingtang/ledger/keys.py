"""The log's signing key: one file, readable by its owner alone, never in the database.

    PRIVATE+KEY+<origin>+<8 hex digits of the key id>+<base64 of 0x01 || 32-byte seed>

the spelling Go's note tools use. Whoever holds it can sign checkpoints, but not rewrite what
a witness has seen.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from mingtang.core import note
from mingtang.core.strict import format_base64, parse_base64

PREFIX = "PRIVATE+KEY"


class KeyUnusable(Exception):
    """The key file is missing, broken, or another origin's. The message says which."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: note.Key
    sign: Callable[[bytes], bytes]


def path() -> Path:
    return Path(settings.HOME) / "keys" / "log.key"


def make(origin: str) -> SigningKey:
    """Make this platform's log key, once.

    Raises FileExistsError when there is one, or was: a public half without its secret means
    that the key was lost or left out of a restore, and a new one would start another log.
    """
    if path().with_suffix(".vkey").exists():
        raise FileExistsError(f"{path().with_suffix('.vkey')} is there, {path()} is not")
    secret = Ed25519PrivateKey.generate()
    key = note.ed25519_key(origin, secret.public_key().public_bytes_raw())
    material = format_base64(b"\x01" + secret.private_bytes_raw())
    line = f"{PREFIX}+{origin}+{key.id.hex()}+{material}"
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(line + "\n")
    path().with_suffix(".vkey").write_text(note.format_vkey(key) + "\n", encoding="utf-8")
    return SigningKey(key, secret.sign)


def load() -> SigningKey:
    """Return the log's key. Raises KeyUnusable."""
    try:
        text = path().read_text(encoding="utf-8").strip()
        origin, key_id, material = text.removeprefix(PREFIX + "+").split("+", 2)
        data = parse_base64(material)
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"the log key cannot be read: {error}") from error
    if data[:1] != b"\x01" or len(data) != 33:
        raise KeyUnusable("the log key is not an Ed25519 key")
    secret = Ed25519PrivateKey.from_private_bytes(data[1:])
    key = note.ed25519_key(origin, secret.public_key().public_bytes_raw())
    if key.id.hex() != key_id or origin != settings.ORIGIN:
        raise KeyUnusable(f"the log key is of {origin}, this platform is {settings.ORIGIN}")
    return SigningKey(key, secret.sign)


def public() -> note.Key:
    """Return the public half, which a page may show. Raises KeyUnusable."""
    try:
        return note.parse_vkey(path().with_suffix(".vkey").read_text(encoding="utf-8").strip())
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"the log's public key cannot be read: {error}") from error


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature with the fast implementation."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except Exception:  # cryptography names several; all mean no
        return False
    return True
