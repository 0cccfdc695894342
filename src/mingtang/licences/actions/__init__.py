"""What the organ does to licences it issued, and what the centre does to their types.

How licences come to be: `registering`, `printing`, `issuing`; how they are renewed: `renewing`.
`at` is the moment it happens, `once` the form's idempotency key.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core import licences
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.licences import (
    CancellationGround,
    DeliveredHow,
    Holder,
    ReissueReason,
    Value,
    types,
)
from mingtang.core.licences.types import TypeContent
from mingtang.core.mandates import Mandate
from mingtang.core.people import IdKind, Power
from mingtang.core.wire import ERASED, read
from mingtang.ledger.enact import enact, enact_one, known_state
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.licences import queries
from mingtang.licences.projection import LICENCE, LICENCE_TYPE
from mingtang.people import queries as people

SUBJECTS = (LICENCE, LICENCE_TYPE)
CHUNK = 100  # licences whose acts share a commit
Command = Callable[[], licences.Command]

# ── On one licence ──────────────────────────────────────────────────────────


def suspend(
    *, key: str, reason: str, officer: Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Suspend a licence (暂停证照): it is not good until it is resumed."""

    def command() -> licences.SuspendLicence:
        letter = letter_of(key, officer, at)
        return licences.SuspendLicence(reason=reason, officer=officer, mandate=letter, at=at)

    return enact_one(Order(LICENCE, key, command, once))


def resume(
    *, key: str, reason: str, officer: Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Resume a suspended licence (恢复证照)."""

    def command() -> licences.ResumeLicence:
        letter = letter_of(key, officer, at)
        return licences.ResumeLicence(reason=reason, officer=officer, mandate=letter, at=at)

    return enact_one(Order(LICENCE, key, command, once))


def revoke(
    *,
    key: str,
    reason: str,
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Revoke a licence (撤销证照) that should not have been granted, for good.

    On the ground its holder was told (`hearing.tell`).
    """

    def command() -> licences.RevokeLicence:
        letter = letter_of(key, officer, at)
        return licences.RevokeLicence(reason=reason, officer=officer, mandate=letter, at=at)

    return enact_one(Order(LICENCE, key, command, once))


def cancel(
    *,
    key: str,
    ground: CancellationGround,
    reason: str,
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Strike a licence off (注销证照), for good."""

    def command() -> licences.CancelLicence:
        letter = letter_of(key, officer, at)
        return licences.CancelLicence(
            ground=ground, reason=reason, officer=officer, mandate=letter, at=at
        )

    return enact_one(Order(LICENCE, key, command, once))


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What a licence is to say from now on (变更后的内容): field → words."""

    holder_name: str
    holder_number: str
    values: Mapping[str, str]


def reissue(
    *,
    key: str,
    why: ReissueReason,
    reason: str,
    amendment: Amendment | None = None,
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Issue a licence anew (换发、补发证照): its next version is made in the background.

    Lost or damaged, it says what it said; without an `amendment`, too.
    """

    def command() -> licences.ReissueLicence:
        content = _content(key)
        state: licences.State = known_state(LICENCE, key).state
        holder, values = _as_it_is(state)
        if amendment is not None:
            holder = _renamed(holder, amendment)
            values = _rewritten(content, amendment)
        return licences.ReissueLicence(
            why=why,
            reason=reason,
            content=content,
            holder=holder,
            values=values,
            officer=officer,
            mandate=letter_of(key, officer, at),
            at=at,
        )

    return enact_one(Order(LICENCE, key, command, once))


def letter_of(key: str, officer: Officer, at: datetime) -> Mandate | None:
    """Return the letter this officer would act on a licence under at `at`, or the nearest."""
    state: licences.State = known_state(LICENCE, key).state
    return queries.mandate_for(
        person=officer.person, organ=state.organ, item=state.item, day=civil_day(at)
    )


def _content(key: str) -> TypeContent:
    """Return the version of its type a licence was made by. Raises Refused: licence.unknown."""
    row = queries.licence(key)
    if row is None:
        raise Refused("licence.unknown")
    return queries.type_version(row.type, row.type_version)


def _as_it_is(state: licences.State) -> tuple[Holder, tuple[Value, ...]]:
    assert state.holder is not None
    if state.values == ERASED:
        return state.holder, ()
    values: tuple[Value, ...] = read(tuple[Value, ...], json.loads(state.values))
    return state.holder, values


def _renamed(holder: Holder, amendment: Amendment) -> Holder:
    name, number = amendment.holder_name.strip(), amendment.holder_number.strip()
    if number == holder.number:
        return Holder(kind=holder.kind, id=holder.id, name=name, number=number)
    registered = person_known_as(name, number) if holder.kind == "person" else ""
    return Holder(kind=holder.kind, id=registered, name=name, number=number)


def _rewritten(content: TypeContent, amendment: Amendment) -> tuple[Value, ...]:
    return tuple(
        Value(
            name=field.name,
            label=field.label,
            label_en=field.label_en,
            value=amendment.values.get(field.name, "").strip(),
        )
        for field in content.fields
    )


def person_known_as(name: str, number: str) -> str:
    """Return the id of the person registered with this resident identity number and name."""
    found = people.person_with(id_kind=IdKind.RESIDENT, id_number=number)
    return found if found and people.names([found]).get(found) == name else ""


# ── Into the holder's hands ─────────────────────────────────────────────────


def hand_over(
    *,
    recipients: Mapping[str, str],
    how: DeliveredHow,
    by: str,
    at: datetime,
    once: Mapping[str, str] | None = None,
) -> dict[str, Outcome]:
    """Record who took which licence (发证): key → name of the recipient, each its own outcome."""
    keys = list(recipients)
    orders = [
        Order(
            LICENCE,
            key,
            licences.DeliverLicence(how=how, recipient=recipients[key], by=by, at=at),
            once[key] if once else None,
        )
        for key in keys
    ]
    return dict(zip(keys, enact_many(orders), strict=True))


def enact_many(orders: Sequence[Order]) -> list[Outcome]:
    """Carry out many orders, sharing commits; each has its own outcome."""
    return [
        outcome
        for start in range(0, len(orders), CHUNK)
        for outcome in enact(orders[start : start + CHUNK])
    ]


def not_before(key: str, at: datetime) -> datetime:
    """Return a moment no earlier than what happened to a licence since.

    A worker that was down answers late; what it does is dated by what it answers where it can.
    """
    last = known_state(LICENCE, key).at
    return max(at, last) if last else at


# ── Types ───────────────────────────────────────────────────────────────────


def publish_type(
    *, content: TypeContent, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish a type or its next version (发布证照类型), for what is granted from now on."""

    def command() -> types.PublishType:
        return types.PublishType(
            content=content,
            publisher_manages=_manages(by),
            taken=_taken(content),
            form_fields=form_fields(content.items),
            by=by,
            at=at,
        )

    return enact_one(Order(LICENCE_TYPE, content.code, command, once))


def withdraw_type(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Withdraw a type (停用证照类型): nothing further is made by it."""

    def command() -> types.WithdrawType:
        return types.WithdrawType(reason=reason, publisher_manages=_manages(by), by=by, at=at)

    return enact_one(Order(LICENCE_TYPE, key, command, once))


def _manages(person: str) -> bool:
    return Power.CATALOGUE_PUBLISH in people.actor(person).powers


def _taken(content: TypeContent) -> str:
    serving = [queries.types_in_use().get(code) for code in content.items]
    return next((one.key for one in serving if one and one.key != content.code), "")


def form_fields(items: Sequence[str]) -> frozenset[str] | None:
    """Return the names of the fields that every item's form has; None: none is in force."""
    forms: list[frozenset[str]] = []
    for code in items:
        try:
            form = catalogue.item_in_force(code).content.form
        except Refused:
            continue
        forms.append(frozenset(field.name for field in form))
    return frozenset.intersection(*forms) if forms else None
