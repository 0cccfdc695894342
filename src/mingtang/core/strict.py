"""Strict readings that every text of the log shares (严格解析): one value, one spelling.

Two parsers that disagree on what a text says are two logs. So a number has no leading
zero, base64 has its padding and no stray bits, and whatever is refused says why.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error

LARGEST = 2**63 - 1  # tree sizes, indices and timestamps fit a signed 64-bit integer
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Malformed(ValueError):
    """The bytes are not what the format says. The message says what and where."""


def parse_decimal(text: str) -> int:
    """Return the number written in ASCII decimal without sign or leading zeroes, at most 2^63-1."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > LARGEST:
        raise Malformed(f"not a plain decimal: {text[:40]!r}")
    return number


def format_base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def parse_base64(text: str) -> bytes:
    """Return the bytes of canonical standard base64 (RFC 4648, section 4), padding included."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise Malformed(f"not base64: {text[:40]!r}") from error
    if format_base64(data) != text:  # stray bits before the padding
        raise Malformed(f"not canonical base64: {text[:40]!r}")
    return data


def parse_hash(text: str) -> bytes:
    """Return the 32 bytes of a SHA-256 hash written in base64."""
    data = parse_base64(text)
    if len(data) != 32:
        raise Malformed(f"a hash has 32 bytes, not {len(data)}: {text[:60]!r}")
    return data
