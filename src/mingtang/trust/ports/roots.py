"""Whose certificates count here (信任的根证书).

HOME/trust/*.pem        roots an administrator has put there, one or more a file
HOME/trust/*.test.pem   roots of test authorities: recognised, and said to be a test
                        and this platform's own test authority, where there is one
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from django.conf import settings

from mingtang.core.decider import Refused
from mingtang.core.seals import Certificate
from mingtang.trust.ports.certificates import Chain, certificate_of, issued, read_chain

log = logging.getLogger("mingtang.trust")


@dataclass(frozen=True, slots=True)
class Root:
    certificate: x509.Certificate
    test: bool


def directory() -> Path:
    return Path(settings.HOME) / "trust"


def test_authority() -> Path:
    """Return where this platform's test authority lies, made or not: key and certificate."""
    return Path(settings.HOME) / "keys" / "seals" / "authority.pem"


def recognised() -> tuple[Root, ...]:
    """Return the roots as they are on disk now."""
    files = [*sorted(directory().glob("*.pem")), test_authority()]
    return tuple(root for path in files for root in _roots(path))


def issued_elsewhere(chain: Chain, *, sealer: str) -> Certificate:
    """Return what the record keeps of a certificate this platform did not issue.

    Raises Refused: seal.certificate-not-recognised where it leads to no root that counts here.
    """
    linked = all(issued(one, other) for one, other in pairwise(chain))
    root = next((root for root in recognised() if issued(chain[-1], root.certificate)), None)
    if not linked or root is None:
        raise Refused("seal.certificate-not-recognised", issuer=chain[0].issuer.rfc4514_string())
    return certificate_of(chain[0], sealer=sealer, test=root.test)


def _roots(path: Path) -> Sequence[Root]:
    try:
        state = path.stat()
    except FileNotFoundError:
        return ()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=100)
def _read(path: Path, _changed_at: int, _size: int) -> Sequence[Root]:
    """Read a file once for as long as it stays as it is. One that is broken counts for nothing."""
    test = path == test_authority() or path.name.endswith(".test.pem")
    try:
        return tuple(Root(found, test) for found in read_chain(path.read_bytes()))
    except (OSError, ValueError) as error:
        log.warning("%s holds no certificate that can be read: %s", path, error)
        return ()
