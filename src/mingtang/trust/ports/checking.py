"""Checking a sealed PDF (验章): is it whole, whose seal is it, does that count here.

Bytes from strangers never reach a PDF parser. Every paper of this platform has one signature
over the whole file but the gap that holds it, so four things are enough: the span it says it
covers is the file; the gap holds one CMS structure and zeros, with nothing inside that could be
spelt otherwise; digest and signature are right; the certificate leads to a root that counts.
The work is bounded by LIMIT and CMS_LIMIT, nothing is fetched.

Not checked: revocation. A seal that was suspended or destroyed is in the ledger, and so is
every use of it; whoever asks compares `fingerprint` with the paper's entry.
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from mingtang.trust.ports.certificates import fingerprint
from mingtang.trust.ports.loops import finished
from mingtang.trust.ports.roots import Root, recognised

LIMIT = 20 * 1024 * 1024  # bytes of a file
CMS_LIMIT = 64 * 1024  # bytes of a signature with its certificates
CERTIFICATES = 6  # in one signature: ways through n of them can be n!
_PARTS = ("digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
DIGESTS = {"sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
_RANGE = re.compile(rb"/ByteRange ?\[ ?0 (\d{1,9}) (\d{1,9}) (\d{1,9}) ?\]")
_HEX = re.compile(rb"<((?:[0-9A-F]{2})+|(?:[0-9a-f]{2})+)>")
_OCTAL = re.compile(rb"\\([0-7]{3})")  # how pyHanko writes the signs in a moment
_MOMENT = re.compile(rb"/M ?\(D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d)'?)\)")

# A stranger's seal is an answer and no incident: pyHanko would write a traceback for each.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a PDF is worth. `problem` names the first thing wrong and is empty for none:

    paper.not-a-pdf, paper.not-sealed, paper.altered, paper.appended, paper.stranger.
    """

    signed: bool = False  # there is a signature at all
    intact: bool = False  # what it covers is as it was signed
    whole: bool = False  # it covers the whole file, nothing was appended
    trusted: bool = False  # its certificate leads to a root this platform recognises
    fingerprint: str = ""  # SHA-256 of the signer's certificate, hex
    signer: str = ""  # the name in it
    signed_at: datetime | None = None  # as the signer says
    test: bool = False  # by a test authority: no legal force
    problem: str = ""


def check(pdf: bytes) -> Checked:
    """Return what `pdf` is worth (核验). Never raises, whatever it is given."""
    if len(pdf) > LIMIT or not pdf.startswith(b"%PDF-"):
        return Checked(problem="paper.not-a-pdf")
    if b"/ByteRange" not in pdf:
        return Checked(problem="paper.not-sealed")
    try:
        envelope = _opened(pdf)
        return _judged(envelope, recognised())
    except Exception:  # of many libraries; all mean that this is not what was signed
        return Checked(signed=True, problem="paper.altered")


# ── The file ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Envelope:
    cms: bytes  # DER
    covered: tuple[memoryview, memoryview]  # what the signature is over
    whole: bool
    signed_at: datetime | None


def _opened(pdf: bytes) -> _Envelope:
    """Return the first signature of the file and what it covers. Raises ValueError."""
    found = _RANGE.search(pdf)
    if found is None:
        raise ValueError("no range that begins with the file")
    before, after, rest = map(int, found.groups())
    gap = _HEX.fullmatch(pdf, before, after)
    if not (before < after and after + rest <= len(pdf) and gap):
        raise ValueError("the gap is not one string of hex digits")
    if after - before > 4 * CMS_LIMIT:
        raise ValueError("the signature is too large")
    view = memoryview(pdf)
    return _Envelope(
        cms=_without_padding(bytes.fromhex(gap[1].decode("ascii"))),
        covered=(view[:before], view[after : after + rest]),
        whole=after + rest == len(pdf),
        signed_at=_said_moment(pdf, found.end()),
    )


def _without_padding(padded: bytes) -> bytes:
    """Return the DER structure at the beginning; the rest must be zeros. Raises ValueError."""
    if padded[:1] != b"\x30" or len(padded) < 4 or padded[1] != 0x82:
        raise ValueError("not a sequence of 256 to 65,535 bytes")
    end = 4 + int.from_bytes(padded[2:4], "big")
    if end > min(len(padded), CMS_LIMIT) or padded[end:].strip(b"\0"):
        raise ValueError("something behind the signature")
    return padded[:end]


def _said_moment(pdf: bytes, begin: int) -> datetime | None:
    """Return the moment in the signature's dictionary, where it is written as we write it."""
    plain = _OCTAL.sub(lambda sign: bytes([int(sign[1], 8)]), pdf[begin : begin + 500])
    found = _MOMENT.search(plain)
    if found is None:
        return None
    digits, sign, hours, minutes = (part.decode("ascii") for part in found.groups(b""))
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-ahead if sign == "-" else ahead)
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=zone)


# ── The signature ───────────────────────────────────────────────────────────


def _judged(envelope: _Envelope, roots: Sequence[Root]) -> Checked:
    from asn1crypto import cms

    signed = cms.ContentInfo.load(envelope.cms, strict=True)["content"]
    if len(signed["signer_infos"]) != 1 or len(signed["certificates"]) > CERTIFICATES:
        raise ValueError("more than a seal has")
    status = finished(_validated(signed, envelope, roots))
    anchor = _anchor(signed, status, roots)
    intact = status.intact and status.valid
    if anchor is not None:  # ours: then it is spelt as we spell it
        intact = intact and _written_anew(signed, status.signing_cert) == envelope.cms
    return Checked(
        signed=True,
        intact=intact,
        whole=envelope.whole,
        trusted=intact and anchor is not None,
        fingerprint=fingerprint(status.signing_cert.dump()),
        signer=str(status.signing_cert.subject.native.get("common_name", "")),
        signed_at=envelope.signed_at,
        test=intact and anchor is not None and anchor.test,
        problem=_problem(intact=intact, whole=envelope.whole, known=anchor is not None),
    )


def _problem(*, intact: bool, whole: bool, known: bool) -> str:
    if not intact:
        return "paper.altered"
    if not whole:
        return "paper.appended"
    return "" if known else "paper.stranger"


async def _validated(signed: Any, envelope: _Envelope, roots: Sequence[Root]) -> Any:
    from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    algorithm = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    digest = hashlib.new(DIGESTS[algorithm])
    for part in envelope.covered:
        digest.update(part)
    context = ValidationContext(
        trust_roots=[_asn1(root) for root in roots],
        allow_fetching=False,
        moment=envelope.signed_at,
    )
    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return await async_validate_cms_signature(
        signed,
        raw_digest=digest.digest(),
        validation_context=context,
        key_usage_settings=usage,
    )


def _anchor(signed: Any, status: Any, roots: Sequence[Root]) -> Root | None:
    """Return the root the signer's certificate leads to, or None.

    A certificate in the signature that is not on the way there could be anything: then None.
    """
    if not status.trusted:
        return None
    on_the_way = {found.dump() for found in status.validation_path}
    if {found.chosen.dump() for found in signed["certificates"]} - on_the_way:
        return None
    known = {_asn1(root).dump(): root for root in roots}
    return next((known[found] for found in on_the_way if found in known), None)


def _written_anew(signed: Any, certificate: Any) -> bytes:
    """Return the signature written from its parts.

    What is neither signed itself nor one of these parts can only be spelt in this one way: a
    name in other letters, a length that takes in the padding, an unsigned attribute differ.
    """
    from asn1crypto import cms

    [signer] = signed["signer_infos"]
    ours = {
        "version": "v1",
        "sid": cms.IssuerAndSerialNumber(
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        ),
        **{name: signer[name] for name in _PARTS},
    }
    content = {
        "version": "v1",
        "digest_algorithms": [signer["digest_algorithm"]],
        "encap_content_info": {"content_type": "data"},
        "certificates": [found.chosen for found in signed["certificates"]],
        "signer_infos": [ours],
    }
    der: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return der


def _asn1(root: Root) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(root.certificate.public_bytes(Encoding.DER))
