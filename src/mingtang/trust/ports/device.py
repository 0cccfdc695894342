"""A cryptographic device that holds the keys (密码设备), over PKCS#11.

Which one says a URI (RFC 7512), e.g. `pkcs11:token=Seals?module-path=/usr/lib/vendor/p11.so`.
On its token, a seal's private key and certificate both carry the seal's number as their label.

    HOME/keys/seal-device   the user PIN, readable by its owner alone

Needs the package python-pkcs11, which an installation without a device can do without.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from mingtang.core.decider import Refused
from mingtang.core.seals import Certificate, Seal
from mingtang.trust.ports.certificates import fingerprint_of
from mingtang.trust.ports.roots import issued_elsewhere
from mingtang.trust.ports.sealing import Place


@dataclass(frozen=True, slots=True)
class Address:
    """Which token of which module."""

    token: str
    module: str

    @classmethod
    def parse(cls, uri: str) -> "Address":
        """Read `pkcs11:token=…?module-path=…`. Raises Refused."""
        scheme, _, rest = uri.partition(":")
        path, _, query = rest.partition("?")
        said = dict(part.partition("=")[::2] for part in path.split(";"))
        module = dict(parse_qsl(query)).get("module-path", "")
        if scheme != "pkcs11" or not said.get("token") or not module:
            _unavailable("its address is not pkcs11:token=…?module-path=…")
        return cls(token=unquote(said["token"]), module=module)


class DeviceSealer:
    test = False

    def __init__(self, uri: str) -> None:
        self._address = Address.parse(uri)

    def make(
        self, *, seal_no: str, organ_name: str, name: str, valid_from: date, valid_to: date
    ) -> Certificate:
        with self._session() as session:
            chain = [_certificate(session, seal_no)]
        return issued_elsewhere(chain, sealer="device")

    def seal(self, pdf: bytes, *, seal: Seal, place: Place, at: datetime, reason: str) -> bytes:
        from mingtang.trust.ports import signing

        with self._session() as session:
            certificate = _certificate(session, seal.seal_no)
            if fingerprint_of(certificate) != seal.certificate.fingerprint:
                _unavailable("the device has another certificate for this seal")
            signer = _signer(session, seal.seal_no, certificate)
            return signing.sign(pdf, signer, seal=seal, place=place, at=at, reason=reason)

    def destroy(self, certificate: Certificate) -> None:
        """Whoever keeps the device destroys the key on it, in the presence of witnesses."""

    @contextmanager
    def _session(self) -> Iterator[Any]:
        """Yield the session on the token. What the device does not like is a refusal."""
        try:
            import pkcs11
        except ImportError:
            _unavailable("the package python-pkcs11 is not installed")
        with _one_at_a_time:
            try:
                yield _open(self._address)
            except pkcs11.PKCS11Error as error:
                close()  # begin with a new session next time
                _unavailable(f"{type(error).__name__}: {error}")


_one_at_a_time = threading.Lock()
_sessions: dict[tuple[int, Address], Any] = {}  # by process, which may have been forked


def _open(address: Address) -> Any:
    """Return the session on the token, opened once in a process."""
    import pkcs11

    place = (os.getpid(), address)
    if place not in _sessions:
        module = pkcs11.lib(address.module)
        _sessions[place] = module.get_token(token_label=address.token).open(user_pin=_pin())
    return _sessions[place]


def close() -> None:
    """Log out of the token: a session that is left open keeps others from logging in."""
    while _sessions:
        (process, _), session = _sessions.popitem()
        if process == os.getpid():
            with suppress(Exception):  # the device may be gone
                session.close()


def _certificate(session: Any, seal_no: str) -> x509.Certificate:
    """Return the certificate labelled with the seal's number. Raises Refused, PKCS11Error."""
    from pkcs11 import Attribute, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: seal_no}
    found = [thing[Attribute.VALUE] for thing in session.get_objects(wanted)]
    if len(found) != 1:
        raise Refused("seal.number-unknown")
    try:
        return x509.load_der_x509_certificate(found[0])
    except ValueError as error:
        _unavailable(f"a certificate cannot be read: {error}")


def _signer(session: Any, seal_no: str, certificate: x509.Certificate) -> Any:
    from pyhanko.sign.pkcs11 import PKCS11Signer

    from mingtang.trust.ports import signing

    return PKCS11Signer(
        session,
        signing_cert=signing.to_asn1(certificate),
        key_label=seal_no,
        embed_roots=False,
        # Not every device hashes by itself; all sign a digest.
        use_raw_mechanism=isinstance(certificate.public_key(), ec.EllipticCurvePublicKey),
    )


def _pin() -> str:
    path = Path(settings.HOME) / "keys" / "seal-device"
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        _unavailable(f"its PIN cannot be read: {error}")


def _unavailable(why: str) -> NoReturn:
    raise Refused("seal.sealer-unavailable", sealer="device", why=why)
