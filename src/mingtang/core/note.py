"""Signed notes (签名文书): a text, an empty line, and one line per signature (C2SP signed-note).

    any text, ending in a newline
                                            <- one empty line
    — <key name> <base64 of 4-byte key id || signature>
    — <another key name> ...

UTF-8, no control character but the newline. Text and signatures part at the last empty
line. The dash is U+2014. A key name is not empty and holds no space and no plus sign.

    key id = SHA-256(name || 0x0A || type || public key)[:4]
    vkey   = <name>+<8 hex digits of the key id>+<base64 of type || public key>

Types: 0x01 Ed25519 over the text, 0x04 Ed25519 cosignature (core.cosignature),
0x06 ML-DSA-44, 0xff followed by a longer name for private ones.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mingtang.core import ed25519
from mingtang.core.strict import Malformed, format_base64, parse_base64

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_SIGNATURES = 100  # the standard asks for at least 16
MAX_BYTES = 1 << 20
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")

Verify = Callable[[bytes, bytes, bytes], bool]  # (public key, message, signature)


class NoteRefused(Exception):
    """The note is well formed, but nobody known has validly signed it. The message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A public key under its name. `material` is the type byte followed by the key itself."""

    name: str
    material: bytes

    @property
    def type(self) -> int:
        return self.material[0]

    @property
    def public(self) -> bytes:
        return self.material[1:]

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.material).digest()[:4]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """One signature line. `data` is what follows the key id, its shape the key's affair."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    text: str  # with its final newline
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verifier:
    """A key we trust and how its signatures are checked: `check(text, signature data)`."""

    key: Key
    check: Callable[[bytes, bytes], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A note at least one known key has signed. `ignored` are the lines of unknown keys."""

    text: str
    verified: tuple[tuple[Key, Signature], ...]
    ignored: tuple[Signature, ...]


def ed25519_key(name: str, public: bytes, *, type: int = ED25519) -> Key:
    """Return the key of a signer from its 32 public bytes."""
    if len(public) != 32:
        raise Malformed(f"an Ed25519 public key has 32 bytes, not {len(public)}")
    return Key(name=_checked_name(name), material=bytes([type]) + public)


def format_vkey(key: Key) -> str:
    return f"{key.name}+{key.id.hex()}+{format_base64(key.material)}"


def parse_vkey(text: str) -> Key:
    """Return the key of a vkey. Raises Malformed, also when the key id is not that of the key."""
    parts = text.split("+", 2)  # base64 may hold a plus sign, name and id may not
    if len(parts) != 3:
        raise Malformed("a vkey is <name>+<key id>+<key>")
    name, key_id, material = parts
    key = Key(name=_checked_name(name), material=parse_base64(material))
    if not key.material:
        raise Malformed("the vkey holds no key")
    if key.type in (ED25519, COSIGNATURE) and len(key.public) != 32:
        raise Malformed(f"an Ed25519 public key has 32 bytes, not {len(key.public)}")
    if key.id.hex() != key_id:
        raise Malformed(f"the vkey says key id {key_id[:16]}, its key has {key.id.hex()}")
    return key


def ed25519_verifier(key: Key, verify: Verify = ed25519.verify) -> Verifier:
    """Return the verifier of a type 0x01 key."""
    if key.type != ED25519:
        raise Malformed(f"{key.name}: type 0x{key.type:02x} is not an Ed25519 note key")
    return Verifier(key=key, check=lambda text, data: verify(key.public, text, data))


def sign(text: str, *, key: Key, signer: Callable[[bytes], bytes]) -> Signature:
    """Return the type 0x01 signature of `text`; `signer` signs bytes with the secret of `key`."""
    return Signature(name=key.name, key_id=key.id, data=signer(text.encode()))


def format_note(note: Note) -> str:
    return f"{note.text}\n{format_signatures(note.signatures)}"


def format_signatures(signatures: Iterable[Signature]) -> str:
    return "".join(f"— {s.name} {format_base64(s.key_id + s.data)}\n" for s in signatures)


def parse_note(text: str) -> Note:
    """Return text and signatures, nothing checked but the form."""
    _check_characters(text)
    split = text.rfind("\n\n")
    if split < 0:
        raise Malformed("no empty line before the signatures")
    signatures = parse_signatures(text[split + 2 :])
    return Note(text=text[: split + 1], signatures=signatures)


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Return one or more signature lines, each with its newline."""
    _check_characters(lines)
    if not lines.endswith("\n"):
        raise Malformed("no newline at the end of the signatures")
    rows = lines[:-1].split("\n")
    if len(rows) > MAX_SIGNATURES:
        raise Malformed(f"more than {MAX_SIGNATURES} signatures")
    return tuple(_parse_signature(row) for row in rows)


def open_note(text: str, verifiers: Sequence[Verifier]) -> Opened:
    """Return the note's text once a known key is found to have signed it.

    Lines of unknown keys (name and id must both fit) are ignored. One bad line of a known
    key refuses the whole note. Raises Malformed, NoteRefused.
    """
    note = parse_note(text)
    known = {(v.key.name, v.key.id): v for v in verifiers}
    message = note.text.encode()
    verified: dict[Key, Signature] = {}
    ignored = []
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            ignored.append(signature)
        elif not verifier.check(message, signature.data):
            raise NoteRefused(f"the signature of {signature.name} is not valid")
        else:
            verified.setdefault(verifier.key, signature)
    if not verified:
        raise NoteRefused("no signature of a known key")
    return Opened(text=note.text, verified=tuple(verified.items()), ignored=tuple(ignored))


def _parse_signature(line: str) -> Signature:
    match line.split(" "):
        case ["—", name, encoded]:
            data = parse_base64(encoded)
        case _:
            raise Malformed(f"not a signature line: {line[:60]!r}")
    if len(data) < 5:
        raise Malformed(f"signature too short: {line[:60]!r}")
    return Signature(name=_checked_name(name), key_id=data[:4], data=data[4:])


def _checked_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() for c in name) or _CONTROL.search(name):
        raise Malformed(f"not a key name: {name[:60]!r}")
    return name


def _check_characters(text: str) -> None:
    if found := _CONTROL.search(text):
        raise Malformed(f"control character at {found.start()}")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise Malformed(f"not UTF-8 at {error.start}") from error
    if size > MAX_BYTES:
        raise Malformed("the note is too large")
