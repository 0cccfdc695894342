"""The key of a witness (见证私钥): an Ed25519 key in a file only its owner may read."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


class NoSecret(Exception):
    """There is no key we would use. The message says why."""


def open_secret(state: Path, *, new: bool) -> Ed25519PrivateKey:
    """Return the key in the folder `state`, made now if there is none and `new` is true."""
    path = state / "witness.pem"
    if new and not path.exists():
        _make(path)
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError as error:
        raise NoSecret(f"{path}: no key yet; --new-key makes one") from error
    if mode & 0o077:
        raise NoSecret(f"{path}: others may read this key; chmod 600 it")
    try:
        secret = load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as error:
        raise NoSecret(f"{path}: not a key: {error}") from error
    if not isinstance(secret, Ed25519PrivateKey):
        raise NoSecret(f"{path}: not an Ed25519 key")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # Whole or not at all: a half-written key would stop every later start.
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(descriptor)
    os.replace(draft, path)
