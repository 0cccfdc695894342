"""ECDSA signatures over P-256 with SHA-256, checked in plain Python (FIPS 186-5, 6.4.2).

Only verification: it handles public data, so timing gives nothing away. What browsers make with
WebCrypto: the key as an uncompressed point (SEC 1, 2.3.3), the signature as r || s. As the standard
has it, s and n - s both pass. About a millisecond a signature, and two where the key is new.

Points are affine (x, y) in tables and Jacobian (X, Y, Z) with x = X/Z², y = Y/Z³ on the way, on
y² = x³ - 3x + b; Z = 0 is the point at infinity.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]
Halves = tuple[list[Affine], list[Affine]]  # odd multiples of a point, and of 2^128 times it

# SP 800-186, 3.2.1.3
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551  # order
B = 0x5AC635D8_AA3A93E7_B3EBBD55_769886BC_651D06B0_CC53B0F6_3BCE3C3E_27D2604B
G = (
    0x6B17D1F2_E12C4247_F8BCE6E5_63A440F2_77037D81_2DEB33A0_F4A13945_D898C296,
    0x4FE342E2_FE1A7F9B_8EE7EB4A_7C0F9E16_2BCE3357_6B315ECE_CBB64068_37BF51F5,
)
INFINITY = (1, 1, 0)
HALF = 128  # bits
MASK = (1 << HALF) - 1


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` (64 bytes) is one of `message` by `public` (65 bytes)."""
    key_halves = _halves_of(public)
    if key_halves is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    hashed = int.from_bytes(sha256(message).digest(), "big")
    x, _, z = _sum_of_products(hashed * inverse % N, r * inverse % N, key_halves)
    if not z:
        return False
    # The point's x, taken mod N, is r; the field is larger than the order.
    square = z * z
    return (x - r * square) % P == 0 or (r + N < P and (x - (r + N) * square) % P == 0)


def is_key(public: bytes) -> bool:
    """Say whether these are the 65 bytes of a point of the curve."""
    return _decode(public) is not None


def _sum_of_products(u: int, v: int, key_halves: Halves) -> Jacobian:
    """Return u·G + v·Q, each in two halves, doubling once for all of them (Shamir's trick)."""
    due: list[list[Affine]] = [[] for _ in range(HALF + 2)]  # what to add before which doubling
    for number, (lower, upper), width in ((u, _base_halves(), 8), (v, key_halves, 6)):
        for part, multiples in ((number & MASK, lower), (number >> HALF, upper)):
            for place, digit in _digits(part, width):
                x, y = multiples[abs(digit) >> 1]
                due[place].append((x, y if digit > 0 else -y))
    point = INFINITY
    for points in reversed(due):
        point = _double(point)
        for other in points:
            point = _add(point, other)
    return point


def _double(point: Jacobian) -> Jacobian:
    x, y, z = point  # dbl-2001-b, for a = -3
    delta, gamma = z * z % P, y * y % P
    beta, alpha = x * gamma % P, 3 * (x - delta) * (x + delta) % P
    doubled = (alpha * alpha - 8 * beta) % P
    return doubled, (alpha * (4 * beta - doubled) - 8 * gamma * gamma) % P, 2 * y * z % P


def _add(point: Jacobian, other: Affine) -> Jacobian:
    x, y, z = point
    if not z:
        return other[0], other[1] % P, 1
    square = z * z % P
    h, r = (other[0] * square - x) % P, (other[1] * square * z - y) % P
    if not h:
        return INFINITY if r else _double(point)
    h2 = h * h % P
    h3, v = h * h2 % P, x * h2 % P
    added = (r * r - h3 - 2 * v) % P
    return added, (r * (v - added) - y * h3) % P, z * h % P


def _digits(number: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the signed odd digits that are not 0 with their places: at most one in `width` is."""
    place, whole = 0, 1 << width
    while number:
        zeros = (number & -number).bit_length() - 1
        number, place = number >> zeros, place + zeros
        digit = number & (whole - 1)
        digit -= whole if digit >= whole >> 1 else 0
        yield place, digit
        number -= digit


def _halves(point: Affine, count: int) -> Halves:
    """Return the odd multiples of the point, and those of 2^128 times it."""
    upper = (*point, 1)
    for _ in range(HALF):
        upper = _double(upper)
    return _odd_multiples(point, count), _odd_multiples(_affine(upper), count)


def _odd_multiples(point: Affine, count: int) -> list[Affine]:
    """Return 1, 3, 5, … times the point."""
    double, multiples = _affine(_double((*point, 1))), [point]
    while len(multiples) < count:
        multiples.append(_affine(_add((*multiples[-1], 1), double)))
    return multiples


@lru_cache(maxsize=1)
def _base_halves() -> Halves:
    return _halves(G, 64)


@lru_cache(maxsize=1024)
def _halves_of(public: bytes) -> Halves | None:
    point = _decode(public)
    return _halves(point, 16) if point else None


def _decode(public: bytes) -> Affine | None:
    """Return the point these bytes are, None if they are none of the curve."""
    if len(public) != 65 or public[0] != 4:
        return None
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    on_curve = x < P and y < P and (y * y - (x * x - 3) * x - B) % P == 0
    return (x, y) if on_curve else None  # the order is prime: every point has it


def _affine(point: Jacobian) -> Affine:
    x, y, z = point
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P
