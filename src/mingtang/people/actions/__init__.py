"""Everything that can be done to people, organisations, offices, letters and accounts.

`by` is the person id of whoever acts, or the name of a programme. A list of things goes through
one commit and gives one outcome each; what it looks up (is the office open, is the person
known) is as of before that commit, so enter persons first, then organisations, offices,
appointments, letters.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from axes.utils import reset as forget_failures
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from mingtang.core import mandates, organisations, people, totp
from mingtang.core.decider import Refused, require
from mingtang.core.mandates import Mandate
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import HEADS, REPRESENTATIVES, IdKind, Role
from mingtang.core.phrases import PhraseUse, why_no_phrase
from mingtang.core.totp import ProofMethod
from mingtang.ledger.enact import Outcome, enact, enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries
from mingtang.people.actions.phones import drop_phones
from mingtang.people.models import Account, AccountAct, FactorRow, PhraseRow
from mingtang.people.projection import MANDATE, OFFICE, ORGANISATION, PERSON

SUBJECTS = (ORGANISATION, OFFICE, PERSON, MANDATE)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that reads like another


def new_id() -> str:
    """Return the id of a person: 60 random bits that say nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


# ── Persons ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a person shows at the window, already checked by a form."""

    name: str
    id_kind: IdKind
    id_number: str
    phone: str = ""


def register_person(
    *, identity: Identity, at: datetime, by: str = "", person: str = "", once: str | None = None
) -> Receipt:
    """Register a person (登记人员); without `by`, they do it themselves. The key is their id."""
    return enact_one(_registration(identity, {}, at, by, person or new_id(), once))


def register_people(*, identities: Iterable[Identity], by: str, at: datetime) -> list[Outcome]:
    """Register many persons in one commit. A number that comes twice counts once."""
    taken: dict[tuple[IdKind, str], str] = {}
    return enact([_registration(one, taken, at, by, new_id(), None) for one in identities])


def _registration(
    identity: Identity,
    taken: dict[tuple[IdKind, str], str],
    at: datetime,
    by: str,
    person: str,
    once: str | None,
) -> Order:
    number = (identity.id_kind, identity.id_number)

    def command() -> people.RegisterPerson:
        known = queries.person_with(id_kind=number[0], id_number=number[1])
        return people.RegisterPerson(
            person=person,
            name=identity.name,
            id_kind=identity.id_kind,
            id_number=identity.id_number,
            phone=identity.phone,
            same_number=known or taken.setdefault(number, person),
            by=by or person,
            at=at,
        )

    return Order(PERSON, person, command, once)


def amend_person(*, person: str, identity: Identity, by: str, at: datetime) -> Receipt:
    """Correct what is known of a person (更正人员信息)."""

    def command() -> people.AmendPerson:
        return people.AmendPerson(
            name=identity.name,
            id_kind=identity.id_kind,
            id_number=identity.id_number,
            phone=identity.phone,
            same_number=queries.person_with(id_kind=identity.id_kind, id_number=identity.id_number),
            by=by,
            at=at,
        )

    return enact_one(Order(PERSON, person, command))


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post to be given."""

    person: str
    role: Role
    organisation: str
    staff_no: str
    office: str = ""
    title: str = ""


def appoint(*, post: Post, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Appoint somebody (任命)."""
    return enact_one(_appointment(post, by, at, once))


def appoint_many(*, posts: Iterable[Post], by: str, at: datetime) -> list[Outcome]:
    """Give many posts in one commit."""
    return enact([_appointment(post, by, at, None) for post in posts])


def _appointment(post: Post, by: str, at: datetime, once: str | None) -> Order:
    def command() -> people.Appoint:
        return people.Appoint(
            role=post.role,
            organisation=post.organisation,
            organisation_kind=queries.organisation_kinds().get(post.organisation),
            office=post.office,
            office_open=post.office in queries.open_offices(),
            staff_no=post.staff_no,
            title=post.title,
            by=by,
            at=at,
        )

    return Order(PERSON, post.person, command, once)


def end_appointment(*, person: str, number: int, reason: str, by: str, at: datetime) -> Receipt:
    """End an appointment (免职)."""
    command = people.EndAppointment(number=number, reason=reason, by=by, at=at)
    return enact_one(Order(PERSON, person, command))


def entrust(*, person: str, agent: str, scope: str, at: datetime) -> Receipt:
    """Let another person file for oneself (委托)."""

    def command() -> people.EntrustPerson:
        known = bool(queries.actor(agent).person)
        return people.EntrustPerson(agent=agent, agent_known=known, scope=scope, by=person, at=at)

    return enact_one(Order(PERSON, person, command))


def end_entrustment(*, person: str, agent: str, reason: str, by: str, at: datetime) -> Receipt:
    """End it, from either side (解除委托)."""
    command = people.EndEntrustment(agent=agent, reason=reason, by=by, at=at)
    return enact_one(Order(PERSON, person, command))


# ── Organisations and offices ───────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Body:
    """An organisation to be entered. Units that file are known by their credit code."""

    code: str
    kind: OrganisationKind
    particulars: Particulars


def register_organisation(
    *, body: Body, by: str, by_staff: bool, at: datetime, once: str | None = None
) -> Receipt:
    """Enter an organisation (登记单位). Who enters the unit they file for is its first agent."""
    orders = [_body(body, by, by_staff, at, once)]
    if not by_staff:
        orders.append(_agent(body.code, by, "", by, by_staff, at))
    outcome, *_rest = enact(orders)
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def register_organisations(*, bodies: Iterable[Body], by: str, at: datetime) -> list[Outcome]:
    """Enter many organisations in one commit, as staff."""
    return enact([_body(body, by, True, at, None) for body in bodies])


def _body(body: Body, by: str, by_staff: bool, at: datetime, once: str | None) -> Order:
    command = organisations.RegisterOrganisation(
        code=body.code,
        organisation_kind=body.kind,
        particulars=body.particulars,
        by_staff=by_staff,
        by=by,
        at=at,
    )
    return Order(ORGANISATION, body.code, command, once)


def amend_organisation(
    *, code: str, particulars: Particulars, by: str, by_staff: bool, at: datetime
) -> Receipt:
    """Correct what is known of an organisation (更正单位信息)."""
    command = organisations.AmendOrganisation(
        particulars=particulars, by_staff=by_staff, by=by, at=at
    )
    return enact_one(Order(ORGANISATION, code, command))


def name_agent(
    *, organisation: str, person: str, scope: str, by: str, by_staff: bool, at: datetime
) -> Receipt:
    """Let a person file for an organisation (指定代理人)."""
    return enact_one(_agent(organisation, person, scope, by, by_staff, at))


def name_agents(*, agents: Iterable[tuple[str, str]], by: str, at: datetime) -> list[Outcome]:
    """Name many (organisation, person) in one commit, as staff."""
    return enact([_agent(body, person, "", by, True, at) for body, person in agents])


def _agent(
    organisation: str, person: str, scope: str, by: str, by_staff: bool, at: datetime
) -> Order:
    def command() -> organisations.NameAgent:
        return organisations.NameAgent(
            person=person,
            person_known=bool(queries.actor(person).person),
            scope=scope,
            by_staff=by_staff,
            by=by,
            at=at,
        )

    return Order(ORGANISATION, organisation, command)


def remove_agent(
    *, organisation: str, person: str, reason: str, by: str, by_staff: bool, at: datetime
) -> Receipt:
    """End an agency (取消代理人)."""
    command = organisations.RemoveAgent(
        person=person, reason=reason, by_staff=by_staff, by=by, at=at
    )
    return enact_one(Order(ORGANISATION, organisation, command))


@dataclass(frozen=True, kw_only=True)
class Place:
    """An office to be opened."""

    code: str
    organisation: str
    kind: OfficeKind
    name: str
    address: str = ""


def open_office(*, place: Place, by: str, at: datetime) -> Receipt:
    """Open an office (设立办公场所)."""
    return enact_one(_place(place, by, at))


def open_offices(*, places: Iterable[Place], by: str, at: datetime) -> list[Outcome]:
    """Open many offices in one commit."""
    return enact([_place(place, by, at) for place in places])


def _place(place: Place, by: str, at: datetime) -> Order:
    def command() -> organisations.OpenOffice:
        return organisations.OpenOffice(
            code=place.code,
            organisation=place.organisation,
            organisation_known=place.organisation in queries.organisation_kinds(),
            office_kind=place.kind,
            name=place.name,
            address=place.address,
            by=by,
            at=at,
        )

    return Order(OFFICE, place.code, command)


def close_office(*, code: str, reason: str, by: str, at: datetime) -> Receipt:
    """Close an office (撤销办公场所)."""
    command = organisations.CloseOffice(reason=reason, by=by, at=at)
    return enact_one(Order(OFFICE, code, command))


# ── Letters ─────────────────────────────────────────────────────────────────


def grant_mandate(*, letter: Mandate, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Grant a mandate (授权): the organ's head to one of its representatives."""
    return enact_one(_grant(letter, by, at, once))


def grant_mandates(*, letters: Iterable[tuple[Mandate, str]], at: datetime) -> list[Outcome]:
    """Grant many (letter, by whom) in one commit."""
    return enact([_grant(letter, by, at, None) for letter, by in letters])


def _grant(letter: Mandate, by: str, at: datetime, once: str | None) -> Order:
    def command() -> mandates.GrantMandate:
        return mandates.GrantMandate(
            mandate=letter,
            holder_is_chief=queries.is_holder(
                person=letter.person,
                roles=REPRESENTATIVES,
                organisation=letter.organ,
            ),
            granter_manages=_manages(by, letter.organ),
            by=by,
            at=at,
        )

    return Order(MANDATE, mandates.key(letter.letter_no), command, once)


def publish_mandate(
    *, key: str, office: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish a letter (公示授权书) at an office and online."""
    return enact_one(_publication(key, office, by, at, once))


def publish_mandates(*, letters: Iterable[tuple[str, str, str]], at: datetime) -> list[Outcome]:
    """Publish many (key, office, by whom) in one commit."""
    return enact([_publication(key, office, by, at, None) for key, office, by in letters])


def _publication(key: str, office: str, by: str, at: datetime, once: str | None) -> Order:
    def command() -> mandates.PublishMandate:
        return mandates.PublishMandate(
            office=office,
            office_open=office in queries.open_offices(),
            granter_manages=_manages(by, _organ(key)),
            by=by,
            at=at,
        )

    return Order(MANDATE, key, command, once)


def revoke_mandate(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Revoke a letter (撤销授权)."""

    def command() -> mandates.RevokeMandate:
        return mandates.RevokeMandate(
            reason=reason, granter_manages=_manages(by, _organ(key)), by=by, at=at
        )

    return enact_one(Order(MANDATE, key, command, once))


def _organ(key: str) -> str:
    row = queries.letter(key)
    return row.organ if row else ""


def _manages(person: str, organ: str) -> bool:
    return queries.is_holder(person=person, roles=HEADS, organisation=organ)


# ── Accounts: credentials, never in the log ─────────────────────────────────


def sign_up(*, identity: Identity, username: str, password: str, at: datetime) -> Account:
    """Register oneself with an account (注册). Raises Refused; then there is neither.

    The account is made first and opened last: a crash in between costs a user name, not a
    person who can never register again.
    """
    person = new_id()
    account = _new_account(username, person, password, is_active=False)
    try:
        register_person(identity=identity, person=person, at=at)
    except Exception:
        account.delete()
        raise
    account.is_active = True
    account.save(update_fields=["is_active"])
    _note("signed-up", username, person, at)
    return account


def open_account(*, person: str, username: str, by: str, at: datetime) -> str:
    """Open an account for somebody registered (开通账号). Return its one-time password."""
    require(bool(queries.actor(person).person), "account.person-unknown")
    require(queries.account_of(person) is None, "account.already-open")
    password = _one_time_password()
    _new_account(username, person, password, password_is_temporary=True)
    _note("opened", username, by, at)
    return password


def open_accounts(
    *, accounts: Mapping[str, str], password: str, by: str, at: datetime
) -> Sequence[Account]:
    """Open accounts (user name → person) that share one password, hashed once: for a demo."""
    encoded = make_password(password)
    opened = Account.objects.bulk_create(
        Account(username=name, person=person, password=encoded) for name, person in accounts.items()
    )
    AccountAct.objects.bulk_create(
        AccountAct(at=at, by=by, username=name, act="opened") for name in accounts
    )
    return opened


def disable_account(*, username: str, by: str, at: datetime) -> None:
    """Stop an account (停用账号): its sessions end with their next request."""
    _switch(username, False, "disabled", by, at)


def enable_account(*, username: str, by: str, at: datetime) -> None:
    """Open a stopped account again (启用账号)."""
    _switch(username, True, "enabled", by, at)


def reset_account(*, username: str, by: str, at: datetime) -> str:
    """Give an account a new one-time password (重置账号) and return it.

    Its second factor goes too, for whoever lost their phone, which is called no more, and so does
    a lockout.
    """
    account = _account(username, by)
    password = _one_time_password()
    account.set_password(password)
    account.password_is_temporary = True
    account.save(update_fields=["password", "password_is_temporary"])
    Authenticator.objects.filter(user_id=account.pk).delete()
    drop_phones(account=account.pk)
    forget_failures(username=username)
    _note("reset", username, by, at)
    return password


def _switch(username: str, active: bool, act: str, by: str, at: datetime) -> None:
    account = _account(username, by)
    require(account.is_active != active, f"account.already-{act}")
    account.is_active = active
    account.save(update_fields=["is_active"])
    _note(act, username, by, at)


def _account(username: str, by: str) -> Account:
    account = queries.account(username)
    if account is None:
        raise Refused("account.unknown")
    require(account.person != by, "account.own-account")
    return account


def _new_account(username: str, person: str, password: str, **values: Any) -> Account:
    try:
        return Account.objects.create_user(username, password, person, **values)
    except IntegrityError:
        raise Refused("account.username-taken") from None


def _one_time_password() -> str:
    """Sixteen signs in fours, 80 random bits, easy to read out."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(signs[start : start + 4] for start in range(0, 16, 4))


def _note(act: str, username: str, by: str, at: datetime) -> None:
    AccountAct.objects.create(at=at, by=by, username=username, act=act)


# ── The second factor: which codes are spent ────────────────────────────────

MOST_FAILURES = 5  # then none is taken for a while: the figures of signing in [C]
REST = timedelta(minutes=15)


def prove(*, account: int, code: str, at: datetime) -> ProofMethod:
    """Take a code of the account's second factor (第二重验证) and say what kind it was.

    It is good once, at whichever page; what fails is counted even where nothing else is written.
    Raises Refused: factor.not-set-up, factor.locked (facts: minutes), factor.replayed,
    factor.wrong.
    """
    with transaction.atomic():
        verdict = _verdict(account, "".join(code.split()), at)
    if isinstance(verdict, Refused):
        raise verdict
    return verdict


def _verdict(account: int, code: str, at: datetime) -> ProofMethod | Refused:
    kept = {one.type: one for one in Authenticator.objects.filter(user_id=account)}
    device = kept.get(Authenticator.Type.TOTP)
    if device is None:
        return Refused("factor.not-set-up")
    FactorRow.objects.get_or_create(account=account)
    row = FactorRow.objects.select_for_update().get(account=account)
    if row.failures >= MOST_FAILURES and row.failed_at and at < row.failed_at + REST:
        left = row.failed_at + REST - at
        return Refused("factor.locked", minutes=-(-int(left.total_seconds()) // 60))
    step = totp.step_of(decrypt(device.data["secret"]), code, at)
    if step is not None and step > row.step:
        _good(row, step)
        return ProofMethod.TOTP
    spare = kept.get(Authenticator.Type.RECOVERY_CODES)
    if step is None and spare is not None and spare.wrap().validate_code(code):
        _good(row, row.step)
        return ProofMethod.RECOVERY_CODE
    rested = row.failed_at is not None and at >= row.failed_at + REST
    row.failures, row.failed_at = 1 if rested else row.failures + 1, at
    row.save(update_fields=["failures", "failed_at"])
    return Refused("factor.wrong") if step is None else Refused("factor.replayed")


def spend_code(*, account: int, secret: str, code: str, at: datetime) -> None:
    """Remember the code a second factor was set up with: it opens nothing any more."""
    row, _made = FactorRow.objects.get_or_create(account=account)
    _good(row, totp.step_of(secret, code, at) or row.step)


def _good(row: FactorRow, step: int) -> None:
    row.step, row.failures, row.failed_at = step, 0, None
    row.save(update_fields=["step", "failures", "failed_at"])


# ── Phrases: a convenience of whoever writes ────────────────────────────────


def keep_phrase(*, owner: str, use: PhraseUse, text: str) -> None:
    """Keep a phrase (常用语) of a person or of an organisation; kept already, it stays.

    Raises Refused: phrase.empty, phrase.too-long (facts: limit), phrase.too-many (facts: limit).
    """
    text = " ".join(text.split())
    others = PhraseRow.objects.filter(owner=owner, use=use).exclude(text=text).count()
    refusal = why_no_phrase(text, others)
    if refusal is not None:
        raise refusal
    PhraseRow.objects.get_or_create(owner=owner, use=use, text=text)


def drop_phrase(*, id: int, owners: Iterable[str]) -> None:
    """Drop a phrase of one of these owners (删除常用语); of anybody else's nothing happens."""
    PhraseRow.objects.filter(pk=id, owner__in=list(owners)).delete()
