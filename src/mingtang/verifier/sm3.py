"""SM3 (GB/T 32905-2016), for a Python whose OpenSSL does not have it."""

import hashlib

_START: tuple[int, ...] = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
    0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_WORD = 0xFFFFFFFF


def sm3(data: bytes) -> str:
    """Return the digest in hex, by OpenSSL where it can."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data).hexdigest()
    return sm3_by_hand(data)


def sm3_by_hand(data: bytes) -> str:
    """Return the digest in hex, in Python alone: half a megabyte a second."""
    padding = b"\x80" + b"\0" * (-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    padded, state = data + padding, _START
    for place in range(0, len(padded), 64):
        state = _compressed(state, padded[place : place + 64])
    return "".join(f"{word:08x}" for word in state)


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """Section 5.3: one block of 64 bytes worked into the state."""
    words = _expanded(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        first, constant = j < 16, 0x79CC4519 if j < 16 else 0x7A879D8A
        turned = _left(a, 12)
        ss1 = _left((turned + e + _left(constant, j)) & _WORD, 7)
        ff = a ^ b ^ c if first else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if first else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ turned) + (words[j] ^ words[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + words[j]) & _WORD
        a, b, c, d = tt1, a, _left(b, 9), c
        e, f, g, h = tt2 ^ _left(tt2, 9) ^ _left(tt2, 17), e, _left(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _expanded(block: bytes) -> list[int]:
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _left(words[j - 3], 15)
        x ^= _left(x, 15) ^ _left(x, 23)
        words.append(x ^ _left(words[j - 13], 7) ^ words[j - 6])
    return words


def _left(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _WORD
