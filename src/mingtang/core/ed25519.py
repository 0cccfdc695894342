"""Ed25519 signatures, checked in plain Python (RFC 8032, section 5.1).

Only verification: it handles public data, so timing gives nothing away. Strict: S must
be below the group order, the key and R must be points in their shortest form, and the
equation is the one without cofactor, as OpenSSL computes it. A few milliseconds a signature.

Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z on -x² + y² = 1 + d·x²·y².
"""

from functools import lru_cache
from hashlib import sha512

Point = tuple[int, int, int, int]

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493  # order of the base point
D = -121665 * pow(121666, P - 2, P) % P
_D2 = 2 * D % P
_SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` (64 bytes) is one of `message` by `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    odd_multiples = _odd_multiples_of_minus(public)
    if s >= L or odd_multiples is None:
        return False
    h = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L
    return _encode(_sum_of_products(s, h, odd_multiples)) == signature[:32]


def _sum_of_products(s: int, h: int, minus_a: list[Point]) -> Point:
    """Return s·B + h·(-A), doubling once for both (Straus)."""
    s_digits, h_digits = _digits(s, 8), _digits(h, 5)
    base = _base_multiples()
    x, y, z, t = 0, 1, 1, 0
    for i in range(max(len(s_digits), len(h_digits)) - 1, -1, -1):
        # double; dbl-2008-hwcd with a = -1
        a, b = x * x % P, y * y % P
        e, g = (x + y) * (x + y) - a - b, b - a
        f, k = (g - 2 * z * z) % P, -a - b
        x, y, z, t = e * f % P, g * k % P, f * g % P, e * k % P
        if i < len(s_digits) and (digit := s_digits[i]):
            x, y, z, t = _add_digit((x, y, z, t), base, digit)
        if i < len(h_digits) and (digit := h_digits[i]):
            x, y, z, t = _add_digit((x, y, z, t), minus_a, digit)
    return x, y, z, t


def _add_digit(point: Point, odd_multiples: list[Point], digit: int) -> Point:
    x, y, z, t = odd_multiples[abs(digit) >> 1]
    return _add(point, (x, y, z, t) if digit > 0 else (-x, y, z, -t))


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = p[3] * q[3] * _D2 % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


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


def _odd_multiples(point: Point, count: int) -> list[Point]:
    double, multiples = _add(point, point), [point]
    while len(multiples) < count:
        multiples.append(_add(multiples[-1], double))
    return multiples


@lru_cache(maxsize=1)
def _base_multiples() -> list[Point]:
    y = 4 * pow(5, P - 2, P) % P
    base = _decode(y.to_bytes(32, "little"))
    assert base is not None
    return _odd_multiples(base, 64)


@lru_cache(maxsize=64)
def _odd_multiples_of_minus(public: bytes) -> list[Point] | None:
    point = _decode(public)
    if point is None:
        return None
    x, y, z, t = point
    return _odd_multiples((-x % P, y, z, -t % P), 8)


def _decode(data: bytes) -> Point | None:
    """Return the point of its 32-byte form (RFC 8032, section 5.1.3), None if there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * _SQRT_MINUS_1 % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _encode(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")
