"""Certificates as the rules know them: fingerprint, issuer, first and last day (证书)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.seals import Certificate

Chain = Sequence[x509.Certificate]  # a certificate, then who issued it, and so on; no root
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


def fingerprint(der: bytes) -> str:
    """Return the SHA-256 of a certificate in DER, hex: what a paper is compared by."""
    return sha256(der).hexdigest()


def fingerprint_of(certificate: x509.Certificate) -> str:
    return fingerprint(certificate.public_bytes(Encoding.DER))


def certificate_of(found: x509.Certificate, *, sealer: str, test: bool) -> Certificate:
    """Return what the record of a seal keeps of its certificate.

    A last day that is not over when the certificate ends does not count.
    """
    return Certificate(
        fingerprint=fingerprint_of(found),
        issuer=found.issuer.rfc4514_string(),
        sealer=sealer,
        test=test,
        valid_from=civil_day(found.not_valid_before_utc),
        valid_to=civil_day(found.not_valid_after_utc + _SECOND) - _DAY,
    )


def first_moment(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA)


def last_moment(day: date) -> datetime:
    return first_moment(day + _DAY) - _SECOND


def read_chain(pem: bytes) -> Chain:
    """Return the certificates of a PEM file, in its order. Raises ValueError."""
    return x509.load_pem_x509_certificates(pem)


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` issued `certificate`: by name and by signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
