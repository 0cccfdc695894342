"""One-time codes by the clock (一次性验证码): RFC 6238, SHA-1, six digits, 30 seconds.

What every authenticator on a phone computes. A code stands for one step of the clock; whoever
checks it remembers the step, because the same code must not open twice (RFC 6238, 5.2).
"""

import hmac
from base64 import b32decode
from datetime import datetime
from enum import StrEnum
from hashlib import sha1

SECONDS = 30  # a step
DIGITS = 6
TOLERANCE = 1  # steps a phone's clock may be off, either way; RFC 6238, 5.2 recommends one


class ProofMethod(StrEnum):
    """What somebody gave as a second factor (第二重验证)."""

    TOTP = "totp"  # 验证器应用的数字
    RECOVERY_CODE = "recovery_code"  # 恢复码


def step_at(at: datetime) -> int:
    """Return the step of the clock a moment lies in."""
    return int(at.timestamp()) // SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the code of this step. `secret`: base32, as a phone is given it."""
    key = b32decode(secret.encode("ascii"), casefold=True)
    digest = hmac.new(key, step.to_bytes(8, "big"), sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the step this code stands for, at most one away from `at`; None: it is no code."""
    now, found = step_at(at), None
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found
