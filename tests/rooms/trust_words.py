"""What the tests of seals begin with: a paper, a seal, where and when it is set, an authority."""

import re
import subprocess
from datetime import date, datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from shutil import which

import pytest
import typst
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from mingtang.core.seals import Seal
from mingtang.trust.ports import roots
from mingtang.trust.ports.loops import finished
from mingtang.trust.ports.sealing import Place, sealer

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
PLACE = Place(page=2, x=400, y=300, diameter=119)
NUMBER = "9900000000017"
SAID = {"organ_name": "演示明州省教育厅", "name": "行政审批专用章"}


@cache
def paper() -> bytes:
    """Two pages, as typst writes them."""
    return typst.compile(b"= Decision\nGranted.\n#pagebreak()\nSecond page.")


def made(way: str, *, seal_no: str = NUMBER, **changed: object) -> Seal:
    """Have a seal made and return it as the rules know it."""
    order = {"seal_no": seal_no, **SAID, "valid_from": FIRST, "valid_to": LAST, **changed}
    certificate = sealer(way).make(**order)
    return Seal(
        seal_no=seal_no,
        organ="education",
        organ_name=order["organ_name"],
        name=order["name"],
        certificate=certificate,
        custodian="P1",
    )


def sealed(seal: Seal, pdf: bytes | None = None, **changed: object) -> bytes:
    said = {"place": PLACE, "at": MONDAY, "reason": "准予许可决定", **changed}
    return sealer(seal.certificate.sealer).seal(pdf or paper(), seal=seal, **said)


# ── The signature in a file ─────────────────────────────────────────────────


def gap(pdf: bytes) -> tuple[int, int]:
    """Return where the hex digits of the only signature begin and end."""
    [found] = re.finditer(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", pdf)
    before, after = map(int, found.groups())
    return before + 1, after - 1


def cms(pdf: bytes) -> bytes:
    """Return the signature in DER, without the zeros behind it."""
    begin, end = gap(pdf)
    der = bytes.fromhex(pdf[begin:end].decode())
    return der[: 4 + int.from_bytes(der[2:4], "big")]


def with_cms(pdf: bytes, der: bytes) -> bytes:
    """Return the file with another signature in its gap, padded to the length that was there."""
    begin, end = gap(pdf)
    digits = der.hex().upper().encode()
    return pdf[:begin] + digits + b"0" * (end - begin - len(digits)) + pdf[end:]


# ── Second opinions ─────────────────────────────────────────────────────────


def pyhanko_says(pdf: bytes) -> str:
    """Return the whole verdict of pyHanko's PDF validation, PDF parser and all."""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    anchors = [
        asn1.Certificate.load(root.certificate.public_bytes(Encoding.DER))
        for root in roots.recognised()
    ]
    context = ValidationContext(trust_roots=anchors, allow_fetching=False, moment=MONDAY)
    return finished(async_validate_pdf_signature(signature, context)).summary()


def pdfsig_says(pdf: bytes, path) -> list[str]:
    """Return what poppler says of the signature and of how much it covers."""
    if which("pdfsig") is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    path.write_bytes(pdf)
    run = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    told = [line.strip(" -") for line in run.stdout.splitlines()]
    return [line for line in told if "document signed" in line or "Validation" in line]


# ── An authority of somebody else's ─────────────────────────────────────────


class Authority:
    """A certificate authority outside the platform, e.g. a real one."""

    def __init__(self, name: str = "演示根 CA") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self.certificate = self._issue(self._name, self.key.public_key(), ca=True)

    def issue(self, name: str, key, *, ca: bool = False) -> x509.Certificate:
        """Certify a public key for sealing, or for issuing further ones."""
        return self._issue(_name(name), key, ca=ca)

    def recognise(self, home, *, file: str = "root.pem") -> None:
        """Put the root where this platform looks for those that count."""
        (home / "trust").mkdir(exist_ok=True)
        (home / "trust" / file).write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def _issue(self, subject: x509.Name, key, *, ca: bool) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2026, 1, 1, tzinfo=MONDAY.tzinfo))
            .not_valid_after(datetime(2030, 12, 31, 23, 59, 59, tzinfo=MONDAY.tzinfo))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(_usage(sealing=not ca), critical=True)
            .sign(self.key, SHA256())
        )


def _usage(*, sealing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sealing,
        content_commitment=sealing,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sealing,
        crl_sign=not sealing,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
