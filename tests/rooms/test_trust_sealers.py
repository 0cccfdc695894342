"""Seals whose keys lie elsewhere: a seal service over HTTP, a device over PKCS#11."""

import json
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from mingtang.trust.ports import device, service
from mingtang.trust.ports.checking import check
from mingtang.trust.ports.sealing import available
from tests.rooms.seal_service import TOKEN, SealService
from tests.rooms.trust_words import (
    FIRST,
    LAST,
    NUMBER,
    Authority,
    made,
    paper,
    pdfsig_says,
    pyhanko_says,
    sealed,
)
from tests.words import refused


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    (tmp_path / "keys").mkdir()
    return tmp_path


@pytest.fixture
def authority(home):
    """A real authority, as far as this platform is concerned."""
    found = Authority()
    found.recognise(home)
    return found


# ── The service ─────────────────────────────────────────────────────────────


@pytest.fixture
def running(authority, home, settings):
    found = SealService()
    found.hold(NUMBER, authority)
    settings.SEAL_SERVICE = found.url
    (home / "keys" / "seal-service").write_text(TOKEN + "\n")
    yield found
    found.stop()


def test_a_seal_of_the_service_has_the_certificate_that_was_issued_for_its_number(running):
    seal = made("service")
    certificate = seal.certificate
    assert (certificate.sealer, certificate.test) == ("service", False)
    assert (certificate.issuer, certificate.valid_from) == ("CN=演示根 CA", FIRST)
    assert available() == ("service", "local")
    assert running.asked == [("GET", f"/seal-system/seals/{NUMBER}")]


def test_the_service_seals_a_paper_it_never_sees(running, tmp_path):
    seal = made("service")
    pdf = sealed(seal)
    verdict = check(pdf)
    assert (verdict.problem, verdict.test) == ("", False)
    assert verdict.fingerprint == seal.certificate.fingerprint
    assert pyhanko_says(pdf) == "INTACT:TRUSTED,UNTOUCHED"
    assert (
        pdfsig_says(pdf, tmp_path / "paper.pdf")[-1] == "Signature Validation: Signature is Valid."
    )
    [(request, _)] = running.signed.values()
    assert {key: request[key] for key in ("seal_no", "digest_algorithm", "reason")} == {
        "seal_no": NUMBER,
        "digest_algorithm": "sha256",
        "reason": "准予许可决定",
    }
    assert request["document_sha256"] == sha256(paper()).hexdigest()
    assert len(json.dumps(request)) < 2000


def test_its_certificate_is_asked_for_once_in_a_process(running):
    seal = made("service")
    for _ in range(3):
        sealed(seal)
    assert [method for method, _ in running.asked] == ["GET", "GET", "POST", "POST", "POST"]


@pytest.mark.parametrize("failure", [None, (503, b"{}"), (200, b"not json"), (200, b"[]")])
def test_what_fails_on_the_way_is_asked_again_and_signed_once(running, failure):
    seal = made("service")
    sealed(seal)
    running.failures = [failure, failure]
    assert check(sealed(seal)).problem == ""
    assert len(running.signed) == 2
    assert [method for method, _ in running.asked[-3:]] == ["POST"] * 3


@pytest.mark.parametrize(
    ("failures", "asked"),
    [
        ([(503, b"{}")] * 3, 3),
        ([(200, b" " * (service.ANSWER_LIMIT + 1))] * 3, 3),
        ([(403, b"{}")], 1),
        ([(404, b"{}")], 1),
        ([(200, b"{}")], 1),
        ([(200, b'{"signature": 7}')], 1),
        ([(200, b'{"signature": "?"}')], 1),
        ([(200, b'{"signature": "AAAA"}')], 1),
    ],
)
def test_when_the_service_does_not_sign_nothing_is_sealed(running, failures, asked):
    seal = made("service")
    sealed(seal)
    running.failures = list(failures)
    before = len(running.asked)
    with refused("seal.sealer-unavailable"):
        sealed(seal)
    assert len(running.asked) - before == asked


def test_a_service_that_is_not_there_is_a_refusal(running):
    seal = made("service")
    running.stop()
    running.stop = lambda: None
    with refused("seal.sealer-unavailable"):
        sealed(seal)


def test_the_token_goes_nowhere_but_to_the_service(running):
    running.failures = [(302, f"{running.url}/seals/{NUMBER}".encode())]
    with refused("seal.sealer-unavailable"):
        made("service")
    assert len(running.asked) == 1


@pytest.mark.parametrize("token", [None, "another"])
def test_without_the_token_nothing_is_made(running, home, token):
    path = home / "keys" / "seal-service"
    path.unlink()
    if token:
        path.write_text(token)
    with refused("seal.sealer-unavailable"):
        made("service")


def test_a_number_the_service_does_not_know_is_named(running):
    with refused("seal.number-unknown"):
        made("service", seal_no="没有/这个")
    assert running.asked[-1][1].endswith("%E6%B2%A1%E6%9C%89%2F%E8%BF%99%E4%B8%AA")


def test_a_certificate_of_an_authority_that_does_not_count_here_is_not_taken(running):
    running.hold("B", Authority("演示别家 CA"))
    with refused("seal.certificate-not-recognised"):
        made("service", seal_no="B")


@pytest.mark.parametrize("body", [b"{}", b'{"certificates": []}', b'{"certificates": ["AAAA"]}'])
def test_an_answer_without_a_certificate_is_a_refusal(running, body):
    running.failures = [(200, body)]
    with refused("seal.sealer-unavailable"):
        made("service")


def test_a_service_that_changed_the_certificate_seals_nothing(running, authority):
    seal = made("service")
    running.hold(NUMBER, authority)
    with refused("seal.sealer-unavailable"):
        sealed(seal)
    assert running.signed == {}


# ── The device ──────────────────────────────────────────────────────────────

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")
PIN = "87654321"


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A software token of its own (SoftHSM2), and what to find it by."""
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    module = next(filter(Path.exists, map(Path, MODULES)), None)
    if module is None:
        pytest.skip("SoftHSM2 (libsofthsm2.so) is not installed")
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "conf"))
        label = ["--label", "Seals", "--so-pin", "12345678", "--pin", PIN]
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", *label], check=True, capture_output=True
        )
        yield f"pkcs11:token=Seals?module-path={module}"
        device.close()


@pytest.fixture
def plugged_in(token, home, settings):
    settings.SEAL_DEVICE = token
    (home / "keys" / "seal-device").write_text(PIN + "\n")


def put_on_token(uri: str, seal_no: str, authority, *, kind: str) -> None:
    """What whoever runs the device does: make a key on it, have it certified, keep both there."""
    import pkcs11
    from pkcs11 import Attribute, CertificateType, ObjectClass

    device.close()
    address = device.Address.parse(uri)
    slot = pkcs11.lib(address.module).get_token(token_label=address.token)
    with slot.open(rw=True, user_pin=PIN) as session:
        public = _new_key(session, seal_no, kind)
        certificate = authority.issue("演示设备印章", public)
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.LABEL: seal_no,
                Attribute.SUBJECT: certificate.subject.public_bytes(),
                Attribute.VALUE: certificate.public_bytes(Encoding.DER),
                Attribute.TOKEN: True,
            }
        )


def _new_key(session, label: str, kind: str):
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    if kind == "rsa":
        public, _ = session.generate_keypair(KeyType.RSA, 2048, store=True, label=label)
        exponent, modulus = public[Attribute.PUBLIC_EXPONENT], public[Attribute.MODULUS]
        numbers = (int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
        return rsa.RSAPublicNumbers(*numbers).public_key()
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
    public, _ = parameters.generate_keypair(store=True, label=label)
    return load_der_public_key(encode_ec_public_key(public))


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_device_seals_with_a_key_that_never_leaves_it(
    plugged_in, token, authority, tmp_path, kind
):
    put_on_token(token, f"D-{kind}", authority, kind=kind)
    seal = made("device", seal_no=f"D-{kind}")
    assert (seal.certificate.sealer, seal.certificate.test) == ("device", False)
    assert (seal.certificate.valid_from, seal.certificate.valid_to) == (FIRST, LAST)
    pdf = sealed(seal)
    assert check(pdf).fingerprint == seal.certificate.fingerprint
    assert check(pdf).problem == ""
    assert pyhanko_says(pdf) == "INTACT:TRUSTED,UNTOUCHED"
    assert (
        pdfsig_says(pdf, tmp_path / "paper.pdf")[-1] == "Signature Validation: Signature is Valid."
    )


def test_a_number_that_is_not_on_the_device_is_named(plugged_in, authority):
    with refused("seal.number-unknown"):
        made("device", seal_no="nothing")


def test_a_device_with_another_certificate_for_this_number_seals_nothing(
    plugged_in, token, authority
):
    put_on_token(token, "D-changed", authority, kind="ec")
    seal = made("device", seal_no="D-changed")
    other = replace(seal.certificate, fingerprint="00" * 32)
    with refused("seal.sealer-unavailable"):
        sealed(replace(seal, certificate=other))


def test_with_a_wrong_pin_nothing_is_made_and_with_the_right_one_it_goes_on(
    plugged_in, token, authority, home
):
    put_on_token(token, "D-pin", authority, kind="ec")
    pin = home / "keys" / "seal-device"
    pin.write_text("0000")
    with refused("seal.sealer-unavailable"):
        made("device", seal_no="D-pin")
    pin.unlink()
    with refused("seal.sealer-unavailable"):
        made("device", seal_no="D-pin")
    pin.write_text(PIN)
    assert made("device", seal_no="D-pin").certificate.sealer == "device"


@pytest.mark.parametrize(
    "uri",
    [
        "pkcs11:token=Nothing?module-path=/usr/lib/nothing.so",
        "pkcs11:token=Seals",
        "pkcs11:?module-path=/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/softhsm/libsofthsm2.so",
    ],
)
def test_a_device_that_is_not_there_is_a_refusal(home, settings, uri):
    settings.SEAL_DEVICE = uri
    (home / "keys" / "seal-device").write_text(PIN)
    with refused("seal.sealer-unavailable"):
        made("device")


def test_an_address_is_read_with_its_signs(home):
    address = device.Address.parse("pkcs11:token=%E5%8D%B0;serial=1?module-path=/usr/lib/a%20b.so")
    assert address == device.Address(token="印", module="/usr/lib/a b.so")
