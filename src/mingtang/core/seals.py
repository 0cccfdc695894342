"""A seal (行政审批专用章, 公共资源交易专用章): one per department or centre, a controlled object.

    ──make──▶ active ──suspend──▶ suspended ──resume──▶ active
                 └───────destroy (from either)───────▶ destroyed

A department's window has one seal instead of six. The record says who keeps it, who handed it
to whom, and until when its certificate is good. Who may use it is said by a mandate (授权书)
with the power to seal; each use stands in the paper's own event (`core.papers.PaperIssued`),
bound to the digest of what was sealed and to the act it states.
Source: 行政许可法 art. 32 last paragraph; 国务院关于在线政务服务的若干规定 art. 9.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core import mandates
from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, require
from mingtang.core.mandates import Authority, Mandate, MandatePower


class Standing(StrEnum):
    ACTIVE = "active"  # 在用
    SUSPENDED = "suspended"  # 停用
    DESTROYED = "destroyed"  # 已销毁


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The seal's certificate: what whoever checks a paper compares."""

    fingerprint: str  # SHA-256 of the certificate in DER, hex
    issuer: str  # as its authority calls itself
    sealer: str  # which way of sealing holds the key: local | service | device
    test: bool  # of a test authority: papers say so, and have no legal force
    valid_from: date
    valid_to: date  # the last day it is good for


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A seal, and where it stands today."""

    seal_no: str
    organ: str  # organisation code
    organ_name: str
    name: str  # what is engraved under the star, e.g. 行政审批专用章
    certificate: Certificate
    custodian: str  # person
    standing: Standing = Standing.ACTIVE


@dataclass(frozen=True, kw_only=True)
class SealUse:
    """一次用印: kept in the event of the paper that was sealed, and printed on it."""

    seal_no: str
    certificate: str  # fingerprint
    test: bool
    authority: Authority  # who used it, under which letter
    custodian: str  # who kept the seal at that moment


def why_not(
    seal: Seal | None, mandate: Mandate | None, *, organ: str, item: str, day: date
) -> str | None:
    """Return the code of the first reason why this seal may not be used under this mandate, or
    None.

    Codes: seal.none, seal.suspended, seal.destroyed, seal.other-organ, seal.not-yet-valid,
    seal.expired, seal.no-mandate, and those of `mandates.why_not`.
    """
    if seal is None:
        return "seal.none"
    certificate = seal.certificate
    reasons = (
        (seal.standing is Standing.SUSPENDED, "seal.suspended"),
        (seal.standing is Standing.DESTROYED, "seal.destroyed"),
        (seal.organ != organ, "seal.other-organ"),
        (day < certificate.valid_from, "seal.not-yet-valid"),
        (day > certificate.valid_to, "seal.expired"),
        (mandate is None, "seal.no-mandate"),
    )
    broken = next((code for holds, code in reasons if holds), None)
    if broken or mandate is None:
        return broken
    return mandates.why_not(mandate, organ=organ, item=item, power=MandatePower.SEAL, day=day)


def use_of(seal: Seal, mandate: Mandate) -> SealUse:
    """Return what the event of a sealed paper keeps of the seal's use."""
    return SealUse(
        seal_no=seal.seal_no,
        certificate=seal.certificate.fingerprint,
        test=seal.certificate.test,
        authority=mandates.authority(mandate),
        custodian=seal.custodian,
    )


def use_in_words(seal: Seal, mandate: Mandate) -> str:
    """Return what a paper says about the use of the seal (用印) in its small print."""
    what = f"{seal.organ_name}{seal.name}（编号 {seal.seal_no}）"
    return f"用印：{what}，依据授权书 {mandate.letter_no}。"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class MakeSeal:
    """制作印章. Two facts are looked up: whether the organ has another seal that is not
    destroyed, and whether custodian and orderer serve the organ today."""

    seal: Seal
    organ_has_seal: bool
    custodian_serves: bool  # representative or head of the organ
    orderer_manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HandOverSeal:
    """移交印章: from who keeps it to who will. Either the keeper or the organ's manager."""

    to: str
    receiver_serves: bool
    giver_manages: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SuspendSeal:
    """停用印章: at once, by whoever keeps it or manages the organ."""

    reason: str
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResumeSeal:
    """恢复使用."""

    reason: str
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DestroySeal:
    """销毁印章: for good. What it sealed stays sealed."""

    reason: str
    manages: bool
    by: str
    at: datetime


Command = MakeSeal | HandOverSeal | SuspendSeal | ResumeSeal | DestroySeal

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class SealMade:
    kind: ClassVar[str] = "seal.made.v1"
    seal_no: str
    organ: str
    organ_name: str
    name: str
    certificate: Certificate
    custodian: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SealHandedOver:
    kind: ClassVar[str] = "seal.handed-over.v1"
    seal_no: str
    giver: str  # who kept it until now
    receiver: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SealSuspended:
    kind: ClassVar[str] = "seal.suspended.v1"
    seal_no: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SealResumed:
    kind: ClassVar[str] = "seal.resumed.v1"
    seal_no: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SealDestroyed:
    kind: ClassVar[str] = "seal.destroyed.v1"
    seal_no: str
    reason: str
    by: str
    at: datetime


Event = SealMade | SealHandedOver | SealSuspended | SealResumed | SealDestroyed
EVENTS = (SealMade, SealHandedOver, SealSuspended, SealResumed, SealDestroyed)


@dataclass(frozen=True)
class State:
    seal: Seal | None = None


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: seal.already-made, seal.number-missing, seal.name-missing,
    seal.organ-has-one, seal.certificate-period, seal.orderer-not-manager,
    seal.custodian-not-serving, seal.unknown, seal.destroyed, seal.not-keeper, seal.same-keeper,
    seal.reason-missing, seal.suspended, seal.not-suspended.
    """
    match command:
        case MakeSeal():
            return [_make(state, command)]
        case HandOverSeal():
            seal = _standing(state)
            _require_keeper(seal, command.by, command.giver_manages)
            require(command.to != seal.custodian, "seal.same-keeper")
            require(command.receiver_serves, "seal.custodian-not-serving")
            return [
                SealHandedOver(
                    seal_no=seal.seal_no,
                    giver=seal.custodian,
                    receiver=command.to,
                    reason=command.reason,
                    by=command.by,
                    at=command.at,
                )
            ]
        case SuspendSeal():
            seal = _standing(state)
            _require_keeper(seal, command.by, command.manages)
            require(seal.standing is Standing.ACTIVE, "seal.suspended")
            require(bool(command.reason.strip()), "seal.reason-missing")
            return [
                SealSuspended(
                    seal_no=seal.seal_no, reason=command.reason, by=command.by, at=command.at
                )
            ]
        case ResumeSeal():
            seal = _standing(state)
            require(command.manages, "seal.orderer-not-manager")
            require(seal.standing is Standing.SUSPENDED, "seal.not-suspended")
            require(bool(command.reason.strip()), "seal.reason-missing")
            return [
                SealResumed(
                    seal_no=seal.seal_no, reason=command.reason, by=command.by, at=command.at
                )
            ]
        case DestroySeal():
            seal = _standing(state)
            require(command.manages, "seal.orderer-not-manager")
            require(bool(command.reason.strip()), "seal.reason-missing")
            return [
                SealDestroyed(
                    seal_no=seal.seal_no, reason=command.reason, by=command.by, at=command.at
                )
            ]
        case _:
            assert_never(command)


def _make(state: State, command: MakeSeal) -> SealMade:
    seal = command.seal
    require(state.seal is None, "seal.already-made")
    require(bool(seal.seal_no.strip()), "seal.number-missing")
    require(bool(seal.name.strip()), "seal.name-missing")
    require(not command.organ_has_seal, "seal.organ-has-one")  # one instead of six
    certificate = seal.certificate
    today = civil_day(command.at)
    require(certificate.valid_from <= today <= certificate.valid_to, "seal.certificate-period")
    require(command.orderer_manages, "seal.orderer-not-manager")
    require(command.custodian_serves, "seal.custodian-not-serving")
    return SealMade(
        seal_no=seal.seal_no,
        organ=seal.organ,
        organ_name=seal.organ_name,
        name=seal.name,
        certificate=certificate,
        custodian=seal.custodian,
        by=command.by,
        at=command.at,
    )


def _standing(state: State) -> Seal:
    require(state.seal is not None, "seal.unknown")
    assert state.seal is not None
    require(state.seal.standing is not Standing.DESTROYED, "seal.destroyed")
    return state.seal


def _require_keeper(seal: Seal, person: str, manages: bool) -> None:
    require(manages or person == seal.custodian, "seal.not-keeper")


def evolve(state: State, event: Event) -> State:
    match event:
        case SealMade():
            return State(
                Seal(
                    seal_no=event.seal_no,
                    organ=event.organ,
                    organ_name=event.organ_name,
                    name=event.name,
                    certificate=event.certificate,
                    custodian=event.custodian,
                )
            )
        case SealHandedOver():
            return State(state.seal and replace(state.seal, custodian=event.receiver))
        case SealSuspended():
            return State(state.seal and replace(state.seal, standing=Standing.SUSPENDED))
        case SealResumed():
            return State(state.seal and replace(state.seal, standing=Standing.ACTIVE))
        case SealDestroyed():
            return State(state.seal and replace(state.seal, standing=Standing.DESTROYED))
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
