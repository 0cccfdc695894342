"""The electronic seal system of the government, over HTTP (印章服务).

The protocol is ours and small: docs/formats/seal-service.md. The document never leaves: the
service signs the attributes that hold its digest. What comes back is checked before it is used.

    HOME/keys/seal-service   the bearer token, readable by its owner alone
"""

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from cryptography import x509
from django.conf import settings

from mingtang.core.decider import Refused
from mingtang.core.seals import Certificate, Seal
from mingtang.trust.ports.certificates import Chain, fingerprint_of
from mingtang.trust.ports.roots import issued_elsewhere
from mingtang.trust.ports.sealing import Place

TIMEOUT = 10  # seconds without an answer
ATTEMPTS = 3  # within one sealing; the request id makes asking again safe
ANSWER_LIMIT = 256 * 1024  # bytes
log = logging.getLogger("mingtang.trust")


class ServiceSealer:
    test = False

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def make(
        self, *, seal_no: str, organ_name: str, name: str, valid_from: date, valid_to: date
    ) -> Certificate:
        return issued_elsewhere(self._chain(seal_no), sealer="service")

    def seal(self, pdf: bytes, *, seal: Seal, place: Place, at: datetime, reason: str) -> bytes:
        from mingtang.trust.ports import signing

        chain = self._chain_of(seal)
        document = sha256(pdf).hexdigest()

        def sign(attributes: bytes) -> bytes:
            answer = self._ask("/sign", _request(seal.seal_no, attributes, document, reason))
            try:
                signature = _bytes(answer.get("signature"))
            except ValueError as error:
                _unavailable(f"no signature that can be read: {error}")
            if not signing.verify(chain[0], signature, attributes):
                _unavailable("the signature that came back is not by the seal's key")
            return signature

        signer = signing.RawSigner(chain, sign)
        return signing.sign(pdf, signer, seal=seal, place=place, at=at, reason=reason)

    def destroy(self, certificate: Certificate) -> None:
        """The service destroys its keys itself."""

    def _chain_of(self, seal: Seal) -> Chain:
        """Return the certificates the record of the seal means, asked for once in a process."""
        meant = seal.certificate.fingerprint
        if meant not in _chains:
            chain = self._chain(seal.seal_no)
            if fingerprint_of(chain[0]) != meant:
                _unavailable("the service has another certificate for this seal")
            _chains[meant] = chain
        return _chains[meant]

    def _chain(self, seal_no: str) -> Chain:
        """Return a seal's certificate and those between it and a root."""
        answer = self._ask(f"/seals/{quote(seal_no, safe='')}")
        found = answer.get("certificates")
        if not isinstance(found, list) or not found:
            _unavailable("the answer has no certificates")
        try:
            return [x509.load_der_x509_certificate(_bytes(der)) for der in found]
        except ValueError as error:
            _unavailable(f"a certificate cannot be read: {error}")

    # ── One question, one answer ──

    def _ask(self, path: str, body: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """Return the answer to a question, asked again where the line or the service fails."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {_token()}", "Content-Type": "application/json"}
        request = Request(self._url + path, data=data, headers=headers)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _answer(request)
            except HTTPError as error:
                error.close()
                if error.code == HTTPStatus.NOT_FOUND and body is None:
                    raise Refused("seal.number-unknown") from error
                problem: Exception = error
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    break  # it was understood, and the answer is no
            except (OSError, HTTPException, ValueError) as error:
                problem = error
            log.warning("seal service, attempt %d: %s", attempt, problem)
        _unavailable(str(problem))


_chains: dict[str, Chain] = {}  # by fingerprint


def _request(seal_no: str, attributes: bytes, document: str, reason: str) -> Mapping[str, str]:
    """Return the question. Asked again it has the same id, and the service signs once."""
    told_apart_by = sha256(seal_no.encode() + b"\0" + attributes).hexdigest()
    return {
        "seal_no": seal_no,
        "digest_algorithm": "sha256",
        "signed_attributes": b64encode(attributes).decode("ascii"),
        "document_sha256": document,
        "reason": reason,
        "request_id": told_apart_by[:32],
    }


def _answer(request: Request) -> Mapping[str, Any]:
    """Return what the service says. Raises OSError (HTTPError), HTTPException, ValueError."""
    with _opener.open(request, timeout=TIMEOUT) as response:
        text = response.read(ANSWER_LIMIT + 1)
    if len(text) > ANSWER_LIMIT:
        raise ValueError("the answer is too long")
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("the answer is not an object")
    return answer


class _NoRedirects(HTTPRedirectHandler):
    """The token goes to the address it was given for and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirects())


def _token() -> str:
    path = Path(settings.HOME) / "keys" / "seal-service"
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        _unavailable(f"its token cannot be read: {error}")


def _bytes(text: object) -> bytes:
    """Return base64 as bytes. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("not base64")
    return b64decode(text, validate=True)


def _unavailable(why: str) -> NoReturn:
    raise Refused("seal.sealer-unavailable", sealer="service", why=why)
