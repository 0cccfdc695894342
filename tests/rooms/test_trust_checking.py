"""A sealed paper checked: intact, whole, whose it is; every altered byte is found."""

import random
from functools import cache
from io import BytesIO
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzzing
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from mingtang.core.seals import Certificate, Seal
from mingtang.trust.ports import checking, signing
from mingtang.trust.ports.checking import Checked, check
from tests.rooms.trust_words import (
    FIRST,
    LAST,
    MONDAY,
    PLACE,
    Authority,
    cms,
    gap,
    made,
    paper,
    pyhanko_says,
    sealed,
    with_cms,
)

OTHER = Seal(
    seal_no="X",
    organ="elsewhere",
    organ_name="演示外单位",
    name="专用章",
    certificate=Certificate(
        fingerprint="", issuer="", sealer="elsewhere", test=False, valid_from=FIRST, valid_to=LAST
    ),
    custodian="",
)
unhurried = fuzzing(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def seal(home):
    return made("local")


# ── Checked ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pdf", "problem"),
    [
        (b"", "paper.not-a-pdf"),
        (b"PK\x03\x04", "paper.not-a-pdf"),
        (b"%PDF-1.7\n" + b" " * checking.LIMIT, "paper.not-a-pdf"),
        (b"%PDF-1.7\n", "paper.not-sealed"),
    ],
)
def test_what_is_no_sealed_paper_is_named(home, pdf, problem):
    assert check(pdf) == Checked(problem=problem)


def test_a_paper_without_a_seal_is_not_sealed():
    assert check(paper()) == Checked(problem="paper.not-sealed")


def test_every_altered_byte_of_the_paper_is_found(seal):
    """Every 97th position, one bit each: the header, the pages, the picture, the dictionary."""
    pdf = sealed(seal)
    chance = random.Random(7)
    found = {"paper.altered": 0, "paper.not-a-pdf": 0, "paper.not-sealed": 0}
    for place in range(0, len(pdf), 97):
        found[check(flipped(pdf, place, chance.randrange(8))).problem] += 1
    assert sum(found.values()) == len(range(0, len(pdf), 97))
    assert found["paper.altered"] > found["paper.not-a-pdf"] + found["paper.not-sealed"]


def test_every_altered_digit_of_the_signature_and_its_padding_is_found(seal):
    pdf = sealed(seal)
    begin, end = gap(pdf)
    for place in [*range(begin - 1, begin + 40), *range(begin, end, 23), end - 1, end]:
        for bit in (0, 5):  # bit 5 is what tells a letter from its capital
            assert check(flipped(pdf, place, bit)).problem == "paper.altered"


def test_every_altered_byte_inside_the_signature_is_found(seal):
    """Also those no signature covers: lengths, versions, the name of the issuer."""
    pdf = sealed(seal)
    der = cms(pdf)
    for place in range(0, len(der), 3):
        for bit in (place % 8, 5):
            altered = with_cms(pdf, flipped(der, place, bit))
            assert check(altered).problem == "paper.altered"


def test_an_outer_length_that_takes_in_the_padding_is_found(seal):
    pdf = sealed(seal)
    der = cms(pdf)
    longer = der[:2] + (int.from_bytes(der[2:4], "big") + 6).to_bytes(2, "big") + der[4:]
    assert check(with_cms(pdf, longer + bytes(6))).problem == "paper.altered"


def flipped(data: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return bytes(changed)


@pytest.mark.parametrize("more", [b"\n", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n"])
def test_something_appended_is_told_from_something_altered(seal, more):
    verdict = check(sealed(seal) + more)
    assert verdict.problem == "paper.appended"
    assert (verdict.intact, verdict.whole, verdict.trusted) == (True, False, True)


def test_an_incremental_update_is_something_appended(seal):
    writer = IncrementalPdfFileWriter(BytesIO(sealed(seal)))
    writer.root["/Lang"] = TextStringObject("en")
    writer.update_root()
    update = BytesIO()
    writer.write(update)
    assert check(update.getvalue()).problem == "paper.appended"


def test_another_sealed_paper_behind_it_is_something_appended(seal):
    assert check(sealed(seal) + sealed(seal)).problem == "paper.appended"


# ── Whose seal ──────────────────────────────────────────────────────────────


def by_stranger(authority, *between, key=None, others=(), at=MONDAY):
    """Seal a paper with a key that `authority` certified, or the last of those between."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer = between[-1] if between else authority
    chain = [issuer.issue("演示外单位专用章", key.public_key()), *others]
    signer = signing.RawSigner(chain, _signing_with(key))
    signer.embed_roots = True  # also what looks like one
    return signing.sign(paper(), signer, seal=OTHER, place=PLACE, at=at, reason="证明")


def _signing_with(key):
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, PKCS1v15(), SHA256())
    return lambda data: key.sign(data, ec.ECDSA(SHA256()))


def test_a_seal_of_an_authority_nobody_recognised_is_a_strangers(home, caplog):
    verdict = check(by_stranger(Authority()))
    assert verdict.problem == "paper.stranger"
    assert (verdict.intact, verdict.whole, verdict.trusted) == (True, True, False)
    assert (verdict.signer, verdict.test) == ("演示外单位专用章", False)
    assert caplog.text == ""  # anybody may ask, and nobody fills the log by it


@pytest.mark.parametrize(("file", "test"), [("ca.pem", False), ("ca.test.pem", True)])
def test_once_its_root_is_put_there_it_counts_and_a_test_stays_a_test(home, file, test):
    authority = Authority()
    pdf = by_stranger(authority)
    authority.recognise(home, file=file)
    verdict = check(pdf)
    assert (verdict.problem, verdict.trusted, verdict.test) == ("", True, test)


def test_a_root_that_cannot_be_read_counts_for_nothing_and_hinders_nobody(home, caplog):
    authority = Authority()
    authority.recognise(home)
    (home / "trust" / "broken.pem").write_text("nothing")
    assert check(by_stranger(authority)).problem == ""
    assert "broken.pem holds no certificate" in caplog.text


def test_rsa_and_a_certificate_in_between_are_understood(home):
    root, middle = Authority(), Authority("演示中间 CA")
    root.recognise(home)
    between = root.issue("演示中间 CA", middle.key.public_key(), ca=True)
    key = rsa.generate_private_key(65537, 2048)
    pdf = by_stranger(root, middle, key=key, others=[between])
    assert check(pdf).problem == ""
    assert pyhanko_says(pdf) == "INTACT:TRUSTED,UNTOUCHED"


def test_a_certificate_in_the_signature_that_leads_nowhere_is_not_let_pass(home):
    root, other = Authority(), Authority("演示旁人 CA")
    root.recognise(home)
    idle = other.issue("旁人", other.key.public_key())
    assert check(by_stranger(root, others=[idle])).problem == "paper.stranger"


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        (MONDAY.replace(year=2025), "paper.stranger"),
        (MONDAY.replace(year=2030), ""),
        (MONDAY.replace(year=2031), "paper.stranger"),
    ],
)
def test_a_certificate_counts_for_what_was_sealed_in_its_time(home, at, problem):
    root = Authority()
    root.recognise(home)
    assert check(by_stranger(root, at=at)).problem == problem


def test_more_certificates_than_a_seal_has_are_not_looked_through(home):
    """Among certificates of one name there are as many ways as there are orders of them."""
    ring = [Authority("同名") for _ in range(9)]
    others = [a.issue("同名", b.key.public_key(), ca=True) for a, b in pairwise([*ring, ring[0]])]
    few = by_stranger(ring[0], others=others[: checking.CERTIFICATES - 1])
    assert check(few).problem == "paper.stranger"
    many = by_stranger(ring[0], others=others)
    assert check(many) == Checked(signed=True, problem="paper.altered")


# ── Whatever it is given ────────────────────────────────────────────────────


@unhurried
@given(st.binary(max_size=2000))
def test_nothing_at_all_makes_it_raise(noise):
    for pdf in (noise, b"%PDF-1.7\n" + noise, around(noise)):
        assert check(pdf).problem != ""


@unhurried
@given(st.data())
def test_no_mangled_signature_makes_it_raise_or_passes(data):
    pdf = one_sealed()
    der = bytearray(cms(pdf))
    for _ in range(data.draw(st.integers(1, 6))):
        begin = data.draw(st.integers(0, len(der) - 1))
        end = data.draw(st.integers(begin, min(len(der), begin + 40)))
        der[begin:end] = data.draw(st.binary(max_size=40))
    if bytes(der) != cms(pdf):
        assert check(around(bytes(der))).problem == "paper.altered"


@pytest.mark.parametrize("depth", [100, 3000, 12_000])
def test_structures_within_structures_are_given_up(depth):
    inner = b""
    for _ in range(depth):
        inner = b"\x30\x82" + len(inner).to_bytes(2, "big") + inner
    assert check(around(inner)) == Checked(signed=True, problem="paper.altered")


@pytest.mark.parametrize(
    "noise", [b"/ByteRange", b"/ByteRange [0 9 99 9]", b"/ByteRange [0 1 ", b"<" * 20, b"("]
)
def test_a_large_file_of_nothing_but_beginnings_is_read_once(noise):
    pdf = (b"%PDF-/ByteRange" + noise * (checking.LIMIT // len(noise)))[: checking.LIMIT]
    assert check(pdf) == Checked(signed=True, problem="paper.altered")


def around(der: bytes) -> bytes:
    """Return a file whose signature covers all of it but the gap, whatever is in there."""
    head, gap = b"%PDF-1.7\n/Contents ", b"<" + der.hex().upper().encode() + b">"
    rest = 80
    tail = b"/ByteRange [0 %d %d %d]" % (len(head), len(head) + len(gap), rest)
    return head + gap + tail.ljust(rest)


@cache
def one_sealed() -> bytes:
    """Of an installation that is gone: what is asked of it does not depend on whose it was."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = signing.RawSigner([Authority().issue("演示", key.public_key())], _signing_with(key))
    return signing.sign(paper(), signer, seal=OTHER, place=PLACE, at=MONDAY, reason="证明")
