"""Setting a seal on a PDF (用印): three ways to hold the key, one shape.

    local     a test authority of this platform: its papers say 测试印章 and have no legal force
    service   the government's electronic seal system, over HTTP
    device    a cryptographic device, over PKCS#11

The signature is PAdES (ETSI EN 319 142-1, baseline B-B), certifying, no change allowed after it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.conf import settings

from mingtang.core.decider import Refused
from mingtang.core.seals import Certificate, Seal

WAYS = ("local", "service", "device")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the seal's picture goes, in PDF points from the lower left corner of the page."""

    page: int  # from 1
    x: float  # of its centre
    y: float
    diameter: float


class Sealer(Protocol):
    """One way to hold keys and to sign with them. Everything it raises is Refused."""

    test: bool

    def make(
        self, *, seal_no: str, organ_name: str, name: str, valid_from: date, valid_to: date
    ) -> Certificate:
        """Return the certificate of a new seal (制作印章).

        The local way makes key and certificate; the others look up what was issued for
        `seal_no` elsewhere, and its own period counts.
        Raises Refused: seal.sealer-unavailable, seal.number-unknown,
        seal.certificate-not-recognised.
        """

    def seal(self, pdf: bytes, *, seal: Seal, place: Place, at: datetime, reason: str) -> bytes:
        """Return `pdf` sealed (用印), said to be at `at`. Whether it may is asked before.

        Raises Refused: seal.sealer-unavailable, after which trying again later is safe.
        """

    def destroy(self, certificate: Certificate) -> None:
        """Do away with the key of a seal that was destroyed (销毁), where it is ours to do so."""


def sealer(name: str) -> Sealer:
    """Return the way of that name: "local", "service" or "device".

    Raises Refused: seal.sealer-unavailable where it is not set up here.
    """
    if name == "local":
        from mingtang.trust.ports.local import LocalSealer

        return LocalSealer()
    if name == "service" and settings.SEAL_SERVICE:
        from mingtang.trust.ports.service import ServiceSealer

        return ServiceSealer(settings.SEAL_SERVICE)
    if name == "device" and settings.SEAL_DEVICE:
        from mingtang.trust.ports.device import DeviceSealer

        return DeviceSealer(settings.SEAL_DEVICE)
    raise Refused("seal.sealer-unavailable", sealer=name, why="not set up")


def available() -> tuple[str, ...]:
    """Return the ways that are set up here, the ones with legal force first."""
    set_up = {"service": settings.SEAL_SERVICE, "device": settings.SEAL_DEVICE, "local": True}
    return tuple(name for name, there in set_up.items() if there)
