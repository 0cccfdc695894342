"""The signature itself (电子签名): a picture and a PAdES signature written into a PDF.

What every way of holding keys shares. pyHanko is imported here and nowhere above, so that
only processes that seal or check wait for it.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    InnerScaling,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mingtang.core.seals import Seal
from mingtang.trust.ports.loops import finished
from mingtang.trust.ports.seal_pictures import seal_picture
from mingtang.trust.ports.sealing import Place

FIELD = "Seal"
TEST_REASON = "测试印章"  # what the reason of a test seal begins with
ROOM = 1280  # bytes a signature takes beside its certificates, with an RSA key of 4,096 bits


class RawSigner(Signer):
    """A signer around one function: signed attributes in, signature value out."""

    def __init__(self, chain: Sequence[x509.Certificate], sign: Callable[[bytes], bytes]) -> None:
        certificates = [to_asn1(certificate) for certificate in chain]
        others = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's
        others.register_multiple(certificates[1:])
        super().__init__(signing_cert=certificates[0], cert_registry=others, embed_roots=False)
        self._sign = sign

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        assert digest_algorithm == "sha256"
        return self._sign(data)


def to_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def verify(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` (SHA-256) is by the key of `certificate`: P-256 or RSA."""
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def sign(
    pdf: bytes, signer: Signer, *, seal: Seal, place: Place, at: datetime, reason: str
) -> bytes:
    """Return `pdf` with the seal's picture and signature appended to it."""
    said = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=f"{seal.organ_name}{seal.name}",
        reason=_reason(seal, reason),
    )
    # pyHanko says whole points, and takes fractions.
    field = SigFieldSpec(FIELD, on_page=place.page - 1, box=_box(place))  # type: ignore[arg-type]
    style = _style(seal_picture(seal.organ_name, seal.name, test=seal.certificate.test))
    pdf_signer = _DatedSigner(said, signer, stamp_style=style, new_field_spec=field)
    pdf_signer.at = at
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    written: BytesIO = finished(pdf_signer.async_sign_pdf(writer, bytes_reserved=_reserved(signer)))
    return written.getvalue()


class _DatedSigner(PdfSigner):
    """Signs as of a given moment instead of the clock's."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def _reason(seal: Seal, reason: str) -> str:
    return f"{TEST_REASON}：{reason}" if seal.certificate.test else reason


def _box(place: Place) -> tuple[float, float, float, float]:
    left, low = place.x - place.diameter / 2, place.y - place.diameter / 2
    return (left, low, left + place.diameter, low + place.diameter)


def _reserved(signer: Signer) -> int:
    """Return how many hex digits the signature may take."""
    chain = [signer.signing_cert, *signer.cert_registry]
    return 2 * (ROOM + sum(len(certificate.dump()) for certificate in chain))


# ── The picture ─────────────────────────────────────────────────────────────


class _Picture(PdfContent):
    """The first page of a PDF, read once and copied into each paper: ink, under which the words
    it crosses stay as dark as they were."""

    def __init__(self, source: PdfFileReader) -> None:
        super().__init__()
        self._source = source

    def render(self) -> bytes:
        with _reading:  # a reader remembers where it is
            page = self._ensure_writer.import_page_as_xobject(self._source)
        self.resources.xobject["/Picture"] = page
        self.resources.ext_g_state["/Ink"] = DictionaryObject(  # type: ignore[no-untyped-call]
            {pdf_name("/BM"): pdf_name("/Multiply")}
        )
        left, low, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - low))
        return b"/Ink gs /Picture Do"


_reading = threading.Lock()


@lru_cache(maxsize=200)
def _source(picture: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(picture))


def _style(picture: bytes) -> StaticStampStyle:
    return StaticStampStyle(
        border_width=0,
        background=_Picture(_source(picture)),
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
        ),
    )
