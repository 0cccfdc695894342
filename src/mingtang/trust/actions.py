"""Everything that can be done to a seal: made, handed over, suspended, resumed, destroyed.

`by` is the person id of whoever acts. What a command looks up (who serves the organ, whether it
has a seal already) is as of its place in the log.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.core import seals
from mingtang.core.decider import Refused
from mingtang.core.people import HEADS, REPRESENTATIVES
from mingtang.core.seals import Certificate, Seal
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people
from mingtang.trust import queries
from mingtang.trust.ports.sealing import sealer
from mingtang.trust.projection import SEAL

SUBJECTS = (SEAL,)

# ── Making one ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class SealOrder:
    """What whoever orders a seal says (制作要求)."""

    seal_no: str
    organ: str  # organisation code
    name: str  # engraved under the star
    custodian: str  # person
    sealer: str  # local | service | device
    valid_from: date  # of the certificate; where it was issued elsewhere, its own period counts
    valid_to: date


def make_seal(*, order: SealOrder, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Make an organ's seal (制作印章). The key of the receipt is the seal's.

    The certificate comes first, once the rules have nothing against the seal. Killed after it,
    there is a key nobody uses; there is never a seal without its key.
    Raises Refused: those of core.seals and of `Sealer.make`.
    """
    key = f"{order.organ}-{queries.seals_made(order.organ) + 1}"
    try:
        seals.decide(seals.State(), _command(order, _hoped_for(order), by, at)())
        certificate = _certificate(order)
    except Refused as refused:
        return enact_one(Order(SEAL, key, _refusing(refused), once))
    return enact_one(Order(SEAL, key, _command(order, certificate, by, at), once))


def _certificate(order: SealOrder) -> Certificate:
    return sealer(order.sealer).make(
        seal_no=order.seal_no,
        organ_name=_organ_name(order),
        name=order.name,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
    )


def _hoped_for(order: SealOrder) -> Certificate:
    """Return a certificate as ordered: for asking the rules before there is a real one."""
    return Certificate(
        fingerprint="",
        issuer="",
        sealer=order.sealer,
        test=True,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
    )


def _command(
    order: SealOrder, certificate: Certificate, by: str, at: datetime
) -> Callable[[], seals.MakeSeal]:
    seal = Seal(
        seal_no=order.seal_no,
        organ=order.organ,
        organ_name=_organ_name(order),
        name=order.name,
        certificate=certificate,
        custodian=order.custodian,
    )

    def command() -> seals.MakeSeal:
        return seals.MakeSeal(
            seal=seal,
            organ_has_seal=queries.seal_of(order.organ) is not None,
            custodian_serves=_serves(order.custodian, order.organ),
            orderer_manages=_manages(by, order.organ),
            by=by,
            at=at,
        )

    return command


def _refusing(refused: Refused) -> Callable[[], seals.MakeSeal]:
    """Return what refuses in its turn, so that an act asked for twice finds its receipt."""

    def command() -> seals.MakeSeal:
        raise refused

    return command


def _organ_name(order: SealOrder) -> str:
    return people.organisation_names().get(order.organ, order.organ)


# ── What happens to it then ─────────────────────────────────────────────────


def hand_over_seal(
    *, key: str, to: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Hand a seal to another keeper (移交印章)."""

    def command() -> seals.HandOverSeal:
        organ = _organ(key)
        return seals.HandOverSeal(
            to=to,
            receiver_serves=_serves(to, organ),
            giver_manages=_manages(by, organ),
            reason=reason,
            by=by,
            at=at,
        )

    return enact_one(Order(SEAL, key, command, once))


def suspend_seal(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Stop a seal at once (停用印章): nothing is sealed with it until it is resumed."""
    return _change(seals.SuspendSeal, key, reason, by, at, once)


def resume_seal(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Put a suspended seal to use again (恢复使用)."""
    return _change(seals.ResumeSeal, key, reason, by, at, once)


def destroy_seal(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Destroy a seal for good (销毁印章). What it sealed stays sealed.

    The key goes after the record says so: killed in between, it is one nobody may use.
    """
    receipt = _change(seals.DestroySeal, key, reason, by, at, once)
    row = queries.seal(key)
    assert row is not None
    certificate = queries.as_seal(row).certificate
    with suppress(Refused):  # a way of sealing that is set up here no more has its keys elsewhere
        sealer(certificate.sealer).destroy(certificate)
    return receipt


def _change(
    kind: type[seals.SuspendSeal] | type[seals.ResumeSeal] | type[seals.DestroySeal],
    key: str,
    reason: str,
    by: str,
    at: datetime,
    once: str | None,
) -> Receipt:
    def command() -> seals.Command:
        return kind(reason=reason, manages=_manages(by, _organ(key)), by=by, at=at)

    return enact_one(Order(SEAL, key, command, once))


# ── Who is who ──────────────────────────────────────────────────────────────


def _organ(key: str) -> str:
    row = queries.seal(key)
    return row.organ if row else ""


def _manages(person: str, organ: str) -> bool:
    return people.is_holder(person=person, roles=HEADS, organisation=organ)


def _serves(person: str, organ: str) -> bool:
    """Whether this person may keep the organ's seal: its representative or its head."""
    return people.is_holder(person=person, roles=HEADS | REPRESENTATIVES, organisation=organ)
