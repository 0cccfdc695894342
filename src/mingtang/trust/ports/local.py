"""A test authority of this platform (测试印章签发机构): keys in files, for trying things out.

    HOME/keys/seals/authority.pem       its key, encrypted, and its certificate
    HOME/keys/seals/<fingerprint>.pem   one seal's key, encrypted, and its certificate

Everything it issues says 测试 and TEST, and papers sealed with it have no legal force. Files are
written whole or not at all, readable by their owner alone; the passphrase follows from this
installation's secret and is kept nowhere.
"""

import os
import tempfile
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from mingtang.core.decider import Refused
from mingtang.core.seals import Certificate, Seal
from mingtang.trust.ports.certificates import (
    certificate_of,
    first_moment,
    last_moment,
    read_chain,
)
from mingtang.trust.ports.roots import test_authority
from mingtang.trust.ports.sealing import Place

NAME = "测试印章签发机构"
FIRST, LAST = date(2020, 1, 1), date(2099, 12, 31)  # the authority outlives its seals
NAME_LIMIT = 64  # bytes of an attribute of a name: RFC 5280, appendix A
_CURVE = ec.SECP256R1()  # by measurement: 14 ms a seal, with RSA-2048 19 ms
_FACTS = ("digital_signature", "content_commitment", "key_cert_sign", "crl_sign")
_USAGES = (
    *_FACTS,
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "encipher_only",
    "decipher_only",
)


class LocalSealer:
    test = True

    def make(
        self, *, seal_no: str, organ_name: str, name: str, valid_from: date, valid_to: date
    ) -> Certificate:
        root, root_key = _authority()
        key = ec.generate_private_key(_CURVE)
        subject = _name(organ_name, f"测试{organ_name}{name}", seal_no)
        made = _issue(
            subject,
            key.public_key(),
            (root.subject, root_key),
            (first_moment(valid_from), last_moment(valid_to)),
            authority=False,
        )
        certificate = certificate_of(made, sealer="local", test=True)
        _write(_path(certificate.fingerprint), key, made)
        return certificate

    def seal(self, pdf: bytes, *, seal: Seal, place: Place, at: datetime, reason: str) -> bytes:
        from mingtang.trust.ports import signing

        path = _path(seal.certificate.fingerprint)
        if not path.exists():
            raise Refused("seal.sealer-unavailable", sealer="local", why="its key is not here")
        certificate, key = _read(path, settings.SECRET_KEY)
        signer = signing.RawSigner([certificate], lambda data: key.sign(data, ec.ECDSA(SHA256())))
        return signing.sign(pdf, signer, seal=seal, place=place, at=at, reason=reason)

    def destroy(self, certificate: Certificate) -> None:
        _path(certificate.fingerprint).unlink(missing_ok=True)


# ── Files ───────────────────────────────────────────────────────────────────


def _path(fingerprint: str) -> Path:
    return test_authority().with_name(f"{fingerprint}.pem")


@lru_cache(maxsize=1000)
def _read(path: Path, secret: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Return certificate and key of a file, opened once in a process."""
    pem = path.read_bytes()
    try:
        key = load_pem_private_key(pem, _passphrase(secret))
    except ValueError as error:
        why = f"{path.name} does not open with this installation's secret"
        raise Refused("seal.sealer-unavailable", sealer="local", why=why) from error
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return read_chain(pem)[0], key


def _write(path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """Write a file whole, once. Raises FileExistsError when somebody was faster."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    locked = key.private_bytes(
        Encoding.PEM,
        PrivateFormat.PKCS8,
        BestAvailableEncryption(_passphrase(settings.SECRET_KEY)),
    )
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # made with mode 0600
        file.write(locked + certificate.public_bytes(Encoding.PEM))
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, path)


def _passphrase(secret: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"mingtang/seal-keys/v1")
    return derived.derive(secret.encode()).hex().encode()


# ── Certificates ────────────────────────────────────────────────────────────


def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Return the test authority, made when it is first needed."""
    if not test_authority().exists():
        key = ec.generate_private_key(_CURVE)
        subject = _name(settings.ORIGIN, NAME, "")
        period = (first_moment(FIRST), last_moment(LAST))
        made = _issue(subject, key.public_key(), (subject, key), period, authority=True)
        with suppress(FileExistsError):  # another process made it meanwhile
            _write(test_authority(), key, made)
    return _read(test_authority(), settings.SECRET_KEY)


def _fitting(value: str) -> str:
    """Return as much of a name as an attribute holds; the library counts bytes."""
    return value.encode()[:NAME_LIMIT].decode(errors="ignore")


def _name(organisation: str, common: str, serial: str) -> x509.Name:
    said = {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.ORGANIZATION_NAME: organisation,
        NameOID.ORGANIZATIONAL_UNIT_NAME: "TEST",
        NameOID.SERIAL_NUMBER: serial,
        NameOID.COMMON_NAME: common,
    }
    return x509.Name(
        x509.NameAttribute(oid, _fitting(value)) for oid, value in said.items() if value
    )


def _issue(
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    issuer: tuple[x509.Name, ec.EllipticCurvePrivateKey],
    period: tuple[datetime, datetime],
    *,
    authority: bool,
) -> x509.Certificate:
    name, key = issuer
    uses = _FACTS[2:] if authority else _FACTS[:2]
    usage = x509.KeyUsage(**{fact: fact in uses for fact in _USAGES})
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period[0])
        .not_valid_after(period[1])
        .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_issued_with(key), critical=False)
    )
    return builder.sign(key, SHA256())


def _issued_with(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
