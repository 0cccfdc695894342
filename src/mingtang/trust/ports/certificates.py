"""Certificates as the rules know them: fingerprint, issuer, first and last day (证书)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.seals import Certificate

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


def fingerprint(der: bytes) -> str:
    """Return the SHA-256 of a certificate in DER, hex: what a paper is compared by."""
    return sha256(der).hexdigest()


def certificate_of(found: x509.Certificate, *, sealer: str, test: bool) -> Certificate:
    """Return what the record of a seal keeps of its certificate.

    A last day that is not over when the certificate ends does not count.
    """
    return Certificate(
        fingerprint=fingerprint(found.public_bytes(Encoding.DER)),
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


def read_chain(pem: bytes) -> Sequence[x509.Certificate]:
    """Return the certificates of a PEM file, in its order. Raises ValueError."""
    return x509.load_pem_x509_certificates(pem)
