"""ECDSA over P-256 in plain Python says what OpenSSL says."""

from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import p256
from tests.vectors.facts import facts

RFC6979 = facts("rfc6979_p256")
PUBLIC = bytes.fromhex(RFC6979["public"])
SIGNED = [
    (case["message"].encode(), bytes.fromhex(case["r"] + case["s"]))
    for case in RFC6979["signatures"]
]
MESSAGE, SIGNATURE = SIGNED[0]
WHOLE = {"max_examples": 40, "deadline": None}


@pytest.mark.parametrize(("message", "signature"), SIGNED)
def test_the_vectors_of_the_rfc(message, signature):
    assert p256.verify(PUBLIC, message, signature)
    assert not p256.verify(PUBLIC, message + b"!", signature)


@settings(**WHOLE)
@given(st.integers(1, p256.N - 1), st.binary(max_size=200), st.integers(0, 511))
def test_it_agrees_with_openssl_on_good_and_bent_signatures(secret, message, place):
    public, signature = signed(secret, message)
    assert p256.is_key(public)
    assert p256.verify(public, message, signature)

    bent = bytearray(signature)
    bent[place // 8] ^= 1 << place % 8
    assert p256.verify(public, message, bytes(bent)) == openssl(public, message, bytes(bent))


@settings(**WHOLE)
@given(st.integers(1, p256.N - 1), st.binary(min_size=64, max_size=64))
def test_it_agrees_with_openssl_on_any_bytes(secret, signature):
    public, _ = signed(secret, b"")
    assert p256.verify(public, b"m", signature) == openssl(public, b"m", signature)


@pytest.mark.parametrize("secret", [1, 2, 3, p256.N - 1, p256.N - 2, (p256.N + 1) // 2])
def test_keys_that_are_small_multiples_of_the_base_point(secret):
    """Where adding meets the point itself or its opposite."""
    for message in (b"", b"a", b"b", b"c"):
        public, signature = signed(secret, message)
        assert p256.verify(public, message, signature)


def test_a_sum_that_is_the_point_at_infinity_is_refused():
    """u·G + v·Q with Q = G and v = -u: r has to be -hash."""
    hashed = int.from_bytes(sha256(MESSAGE).digest(), "big")
    public, _ = signed(1, b"")
    signature = number(-hashed % p256.N) + number(7)
    assert not p256.verify(public, MESSAGE, signature)
    assert not openssl(public, MESSAGE, signature)


def test_both_square_roots_pass_as_the_standard_has_it():
    r, s = SIGNATURE[:32], int.from_bytes(SIGNATURE[32:], "big")
    other = r + number(p256.N - s)
    assert openssl(PUBLIC, MESSAGE, other)
    assert p256.verify(PUBLIC, MESSAGE, other)


def test_an_x_beyond_the_order_is_taken_modulo_it():
    """Made from a point whose x lies between order and field: r = s = x - order."""
    x = next(x for x in range(p256.N, p256.P) if lies_on_curve(x))
    y = pow((x * x - 3) * x + p256.B, (p256.P + 1) // 4, p256.P)
    r = x - p256.N
    # With s = r, v = 1: Q = R - u·G.
    u = int.from_bytes(sha256(MESSAGE).digest(), "big") * pow(r, -1, p256.N) % p256.N
    minus = p256._affine(p256._sum_of_products(p256.N - u, 0, ([], [])))
    key = p256._affine(p256._add((x, y, 1), minus))
    public = b"\4" + number(key[0]) + number(key[1])
    signature = number(r) * 2
    assert openssl(public, MESSAGE, signature)
    assert p256.verify(public, MESSAGE, signature)
    assert not p256.verify(public, MESSAGE + b"!", signature)


R, S = SIGNATURE[:32], SIGNATURE[32:]
ZERO = bytes(32)


@pytest.mark.parametrize(
    "signature",
    [
        ZERO + S,
        R + ZERO,
        ZERO + ZERO,
        p256.N.to_bytes(32, "big") + S,
        R + p256.N.to_bytes(32, "big"),
        R + b"\xff" * 32,
        b"\xff" * 32 + S,
        SIGNATURE[:-1],
        SIGNATURE + b"\0",
        b"",
        S + R,
    ],
)
def test_what_is_no_signature_is_refused(signature):
    assert not p256.verify(PUBLIC, MESSAGE, signature)


X, Y = PUBLIC[1:33], PUBLIC[33:]


@pytest.mark.parametrize(
    "public",
    [
        b"",
        b"\0",  # the point at infinity (SEC 1, 2.3.3)
        b"\4" + ZERO + ZERO,
        b"\2" + X,  # compressed
        b"\6" + X + Y,  # hybrid
        X + Y,
        PUBLIC[:-1],
        PUBLIC + b"\0",
        b"\4" + Y + X,  # not on the curve
        b"\4" + X + (int.from_bytes(Y, "big") ^ 1).to_bytes(32, "big"),
        b"\4" + b"\xff" * 32 + Y,  # beyond the field
        b"\4" + X + b"\xff" * 32,
    ],
)
def test_what_is_no_key_verifies_nothing(public):
    assert not p256.is_key(public)
    assert not p256.verify(public, MESSAGE, SIGNATURE)


def test_the_opposite_key_is_another_key():
    y = int.from_bytes(Y, "big")
    opposite = b"\4" + X + number(p256.P - y)
    assert p256.is_key(opposite)
    assert not p256.verify(opposite, MESSAGE, SIGNATURE)


# ── Words ───────────────────────────────────────────────────────────────────


def number(value):
    return value.to_bytes(32, "big")


def lies_on_curve(x):
    square = (x * x - 3) * x + p256.B
    return pow(square, (p256.P - 1) // 2, p256.P) == 1


def signed(secret, message):
    """Return the key as a point and a signature of the message as r || s."""
    key = ec.derive_private_key(secret, ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(SHA256())))
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public, number(r) + number(s)


def openssl(public, message, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
