"""A mandate (授权书): which organ lets whom do what, for which items, from when until when.

    ──grant──▶ granted ──publish──▶ published ──revoke──▶ revoked

A chief representative (首席代表) acts in the name of a department, a trade officer in the name of
the centre that trades. The letter says so, hangs at the window and stands online; one that nobody
can read does not count. It is checked on the day of each act, and the act keeps an `Authority`
naming it. Its holder cannot pass it on (转委托).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, assert_never
from unicodedata import normalize

from mingtang.core.decider import Decider, require

EVERY_ITEM = "*"
TRADING = "trading"  # what a centre itself does, which is no item of the catalogue: ADR 23
KEY_LIMIT = 60  # characters


class MandatePower(StrEnum):
    ACCEPT = "accept"  # 受理
    DECIDE = "decide"  # 决定
    SEAL = "seal"  # 用印


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """What the letter says, and where it stands today."""

    letter_no: str
    organ: str  # organisation code
    organ_name: str
    person: str
    person_name: str  # public: an official in office
    items: tuple[str, ...]  # item codes, TRADING, or EVERY_ITEM alone
    powers: tuple[MandatePower, ...]
    limits: str = ""  # in words: amounts, areas, conditions
    valid_from: date
    valid_to: date  # the last day it is good for
    document: str = ""  # "sha256:…" or "sm3:…" of the signed paper
    published: bool = False
    revoked: bool = False


@dataclass(frozen=True, kw_only=True)
class Authority:
    """In whose name an act was done: kept in the act's own event, printed on the paper."""

    letter_no: str
    organ: str
    person: str
    valid_to: date


def key(letter_no: str) -> str:
    """Return the stream key of a letter: its letters and digits, runs of anything else as '-'."""
    text = normalize("NFKC", letter_no).lower()
    words = "".join(sign if sign.isalnum() else " " for sign in text).split()
    return "-".join(words)[:KEY_LIMIT]


def authority(mandate: Mandate) -> Authority:
    """Return what an act done under `mandate` keeps of it."""
    return Authority(
        letter_no=mandate.letter_no,
        organ=mandate.organ,
        person=mandate.person,
        valid_to=mandate.valid_to,
    )


def why_not(
    mandate: Mandate, *, organ: str, item: str, power: MandatePower, day: date
) -> str | None:
    """Return the code of the first reason why `mandate` does not carry this act, or None.

    First and last day count in full. Codes: mandate.not-published, mandate.revoked,
    mandate.not-yet-valid, mandate.expired, mandate.other-organ, mandate.item-not-covered,
    mandate.power-not-given.
    """
    reasons = (
        (not mandate.published, "mandate.not-published"),
        (mandate.revoked, "mandate.revoked"),
        (day < mandate.valid_from, "mandate.not-yet-valid"),
        (day > mandate.valid_to, "mandate.expired"),
        (organ != mandate.organ, "mandate.other-organ"),
        (not {item, EVERY_ITEM} & {*mandate.items}, "mandate.item-not-covered"),
        (power not in mandate.powers, "mandate.power-not-given"),
    )
    return next((code for broken, code in reasons if broken), None)


def covers(mandate: Mandate, *, organ: str, item: str, power: MandatePower, day: date) -> bool:
    """Whether `mandate` carries this act on this civil day in China."""
    return why_not(mandate, organ=organ, item=item, power=power, day=day) is None


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class GrantMandate:
    """授权. Two facts are looked up: who the parties are in that organ on this very day."""

    mandate: Mandate
    holder_is_chief: bool  # appointed to one of the roles that may act in the organ's name
    granter_manages: bool  # appointed head of the organ
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PublishMandate:
    """公示授权书: it hangs at `office` and stands online."""

    office: str
    office_open: bool
    granter_manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevokeMandate:
    """撤销授权. What was done under it stays done."""

    reason: str
    granter_manages: bool
    by: str
    at: datetime


Command = GrantMandate | PublishMandate | RevokeMandate

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class MandateGranted:
    kind: ClassVar[str] = "mandate.granted.v1"
    letter_no: str
    organ: str
    organ_name: str
    person: str
    person_name: str
    items: tuple[str, ...]
    powers: tuple[MandatePower, ...]
    limits: str
    valid_from: date
    valid_to: date
    document: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MandatePublished:
    kind: ClassVar[str] = "mandate.published.v1"
    letter_no: str
    office: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MandateRevoked:
    kind: ClassVar[str] = "mandate.revoked.v1"
    letter_no: str
    reason: str
    by: str
    at: datetime


Event = MandateGranted | MandatePublished | MandateRevoked
EVENTS = (MandateGranted, MandatePublished, MandateRevoked)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    mandate: Mandate | None = None


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: mandate.already-granted, mandate.letter-number-missing,
    mandate.period-reversed, mandate.items-missing, mandate.powers-missing, mandate.own-mandate,
    mandate.not-chief-representative, mandate.granter-not-manager, mandate.unknown,
    mandate.already-published, mandate.office-not-open, mandate.revoked, mandate.reason-missing.
    """
    match command:
        case GrantMandate():
            return [_grant(state, command)]
        case PublishMandate():
            mandate = _standing(state, command)
            require(not mandate.published, "mandate.already-published")
            require(command.office_open, "mandate.office-not-open")
            return [
                MandatePublished(
                    letter_no=mandate.letter_no,
                    office=command.office,
                    by=command.by,
                    at=command.at,
                )
            ]
        case RevokeMandate():
            mandate = _standing(state, command)
            require(command.reason.strip() != "", "mandate.reason-missing")
            return [
                MandateRevoked(
                    letter_no=mandate.letter_no,
                    reason=command.reason,
                    by=command.by,
                    at=command.at,
                )
            ]
        case _:
            assert_never(command)


def _grant(state: State, command: GrantMandate) -> MandateGranted:
    letter = command.mandate
    require(state.mandate is None, "mandate.already-granted")
    require(key(letter.letter_no) != "", "mandate.letter-number-missing")
    require(letter.valid_from <= letter.valid_to, "mandate.period-reversed")
    require(letter.items != (), "mandate.items-missing")
    require(letter.powers != (), "mandate.powers-missing")
    require(command.by != letter.person, "mandate.own-mandate")
    require(command.granter_manages, "mandate.granter-not-manager")
    require(command.holder_is_chief, "mandate.not-chief-representative")
    return MandateGranted(
        letter_no=letter.letter_no,
        organ=letter.organ,
        organ_name=letter.organ_name,
        person=letter.person,
        person_name=letter.person_name,
        items=letter.items,
        powers=letter.powers,
        limits=letter.limits,
        valid_from=letter.valid_from,
        valid_to=letter.valid_to,
        document=letter.document,
        by=command.by,
        at=command.at,
    )


def _standing(state: State, command: PublishMandate | RevokeMandate) -> Mandate:
    """Return the letter, if there is one, it is not revoked and its organ's manager asks."""
    require(state.mandate is not None, "mandate.unknown")
    assert state.mandate is not None
    require(not state.mandate.revoked, "mandate.revoked")
    require(command.granter_manages, "mandate.granter-not-manager")
    return state.mandate


def evolve(state: State, event: Event) -> State:
    match event:
        case MandateGranted():
            return State(
                Mandate(
                    letter_no=event.letter_no,
                    organ=event.organ,
                    organ_name=event.organ_name,
                    person=event.person,
                    person_name=event.person_name,
                    items=event.items,
                    powers=event.powers,
                    limits=event.limits,
                    valid_from=event.valid_from,
                    valid_to=event.valid_to,
                    document=event.document,
                )
            )
        case MandatePublished():
            return State(state.mandate and replace(state.mandate, published=True))
        case MandateRevoked():
            return State(state.mandate and replace(state.mandate, revoked=True))
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
