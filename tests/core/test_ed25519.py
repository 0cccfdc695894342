"""Ed25519 in plain Python says what OpenSSL says, and is never less strict."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import ed25519

RFC8032 = [  # section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("case", RFC8032)
def test_the_vectors_of_the_rfc(case):
    public, message, signature = map(bytes.fromhex, case)
    assert ed25519.verify(public, message, signature)
    assert not ed25519.verify(public, message + b"!", signature)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.data())
def test_it_agrees_with_openssl_on_good_and_bent_signatures(seed, message, data):
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = secret.public_key().public_bytes_raw(), secret.sign(message)
    assert ed25519.verify(public, message, signature)

    place = data.draw(st.integers(0, 511))
    bent = bytearray(signature)
    bent[place // 8] ^= 1 << place % 8
    assert ed25519.verify(public, message, bytes(bent)) == openssl(public, message, bytes(bent))


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_what_openssl_refuses_it_refuses(public, signature):
    assert not ed25519.verify(public, b"m", signature) or openssl(public, b"m", signature)


@pytest.mark.parametrize("case", RFC8032)
def test_a_scalar_beyond_the_order_is_refused(case):
    public, message, signature = map(bytes.fromhex, case)
    s = int.from_bytes(signature[32:], "little") + ed25519.L
    assert not ed25519.verify(public, message, signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "public",
    [
        (ed25519.P + 1).to_bytes(32, "little"),  # 1, not in its shortest form
        (1 | 1 << 255).to_bytes(32, "little"),  # x is 0 and yet odd
        (2).to_bytes(32, "little"),  # no such point
        b"",
        bytes(31),
        bytes(33),
    ],
)
def test_what_is_no_key_verifies_nothing(public):
    assert not ed25519.verify(public, b"", bytes(64))


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_has_64_bytes(length):
    assert not ed25519.verify(bytes.fromhex(RFC8032[0][0]), b"", bytes(length))


def openssl(public, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
