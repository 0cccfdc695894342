"""ECDSA signatures over P-256 with SHA-256, checked in plain Python (FIPS 186-5, 6.4.2).

Only verification: it handles public data, so timing gives nothing away. What browsers make with
WebCrypto: the key as an uncompressed point (SEC 1, 2.3.3), the signature as r || s. Like the
standard, s and n - s are both let pass. About two milliseconds a signature.

Points are affine (x, y) in tables and Jacobian (X, Y, Z) with x = X/Z², y = Y/Z³ on the way, on
y² = x³ - 3x + b; Z = 0 is the point at infinity.
"""

from functools import lru_cache
from hashlib import sha256

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]

# SP 800-186, 3.2.1.3
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551  # order
B = 0x5AC635D8_AA3A93E7_B3EBBD55_769886BC_651D06B0_CC53B0F6_3BCE3C3E_27D2604B
G = (
    0x6B17D1F2_E12C4247_F8BCE6E5_63A440F2_77037D81_2DEB33A0_F4A13945_D898C296,
    0x4FE342E2_FE1A7F9B_8EE7EB4A_7C0F9E16_2BCE3357_6B315ECE_CBB64068_37BF51F5,
)
INFINITY = (1, 1, 0)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` (64 bytes) is one of `message` by `public` (65 bytes)."""
    key_multiples = _odd_multiples_of(public)
    if key_multiples is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    hashed = int.from_bytes(sha256(message).digest(), "big")
    x, _, z = _sum_of_products(hashed * inverse % N, r * inverse % N, key_multiples)
    if not z:
        return False
    # The point's x, taken mod N, is r; the field is larger than the order.
    square = z * z
    return (x - r * square) % P == 0 or (r + N < P and (x - (r + N) * square) % P == 0)


def is_key(public: bytes) -> bool:
    """Say whether these are the 65 bytes of a point of the curve."""
    return _decode(public) is not None


def _sum_of_products(u: int, v: int, key_multiples: list[Affine]) -> Jacobian:
    """Return u·G + v·Q, doubling once for both (Shamir's trick)."""
    u_digits, v_digits = _digits(u, 8), _digits(v, 6)
    base, point = _base_multiples(), INFINITY
    for i in range(max(len(u_digits), len(v_digits)) - 1, -1, -1):
        point = _double(point)
        if i < len(u_digits) and (digit := u_digits[i]):
            point = _add_digit(point, base, digit)
        if i < len(v_digits) and (digit := v_digits[i]):
            point = _add_digit(point, key_multiples, digit)
    return point


def _add_digit(point: Jacobian, odd_multiples: list[Affine], digit: int) -> Jacobian:
    x, y = odd_multiples[abs(digit) >> 1]
    return _add(point, (x, y if digit > 0 else -y))


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


def _digits(number: int, width: int) -> list[int]:
    """Return the signed odd digits of `number`, lowest first: at most one in `width` is not 0."""
    digits, half = [], 1 << (width - 1)
    while number:
        digit = 0
        if number & 1:
            digit = number & (2 * half - 1)
            digit -= 2 * half if digit >= half else 0
            number -= digit
        digits.append(digit)
        number >>= 1
    return digits


def _odd_multiples(point: Affine, count: int) -> list[Affine]:
    """Return 1, 3, 5, … times the point."""
    double, multiples = _affine(_double((*point, 1))), [point]
    while len(multiples) < count:
        multiples.append(_affine(_add((*multiples[-1], 1), double)))
    return multiples


@lru_cache(maxsize=1)
def _base_multiples() -> list[Affine]:
    return _odd_multiples(G, 64)


@lru_cache(maxsize=1024)
def _odd_multiples_of(public: bytes) -> list[Affine] | None:
    point = _decode(public)
    return _odd_multiples(point, 16) if point else None


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
