"""Events about seals as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core import seals
from mingtang.core.seals import Standing
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.trust.models import SealRow


def project(fact: Fact) -> Iterable[Row]:
    event: seals.Event = fact.event
    match event:
        case seals.SealMade():
            yield Put(SealRow, fact.key, _made(event, fact))
        case seals.SealHandedOver():
            handed = {
                "custodian": event.receiver,
                "kept_since": event.at,
                "last_index": fact.index,
            }
            yield Change(SealRow, fact.key, handed)
        case seals.SealSuspended():
            yield _change(fact, Standing.SUSPENDED)
        case seals.SealResumed():
            yield _change(fact, Standing.ACTIVE)
        case seals.SealDestroyed():
            yield _change(fact, Standing.DESTROYED)
        case _:
            assert_never(event)


def _made(event: seals.SealMade, fact: Fact) -> dict[str, Any]:
    certificate = event.certificate
    return {
        "seal_no": event.seal_no,
        "organ": event.organ,
        "organ_name": event.organ_name,
        "name": event.name,
        "fingerprint": certificate.fingerprint,
        "issuer": certificate.issuer,
        "sealer": certificate.sealer,
        "test": certificate.test,
        "valid_from": certificate.valid_from,
        "valid_to": certificate.valid_to,
        "custodian": event.custodian,
        "standing": Standing.ACTIVE.value,
        "made_by": event.by,
        "made_at": event.at,
        "made_index": fact.index,
        "kept_since": event.at,
        "changed_by": "",
        "changed_at": None,
        "changed_index": None,
        "change_reason": "",
        "last_index": fact.index,
    }


def _change(fact: Fact, standing: Standing) -> Row:
    event: seals.SealSuspended | seals.SealResumed | seals.SealDestroyed = fact.event
    changed = {
        "standing": standing.value,
        "changed_by": event.by,
        "changed_at": event.at,
        "changed_index": fact.index,
        "change_reason": event.reason,
        "last_index": fact.index,
    }
    return Change(SealRow, fact.key, changed)


SEAL = Subject("seal", seals.DECIDER, project, (SealRow,))
