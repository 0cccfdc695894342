"""Accounts (账号): credentials, never in the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from axes.utils import reset as forget_failures
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from mingtang.core.decider import Refused, require
from mingtang.ledger.numbers import in_groups
from mingtang.people import queries
from mingtang.people.actions.persons import Identity, new_id, register_person
from mingtang.people.actions.phones import drop_phones
from mingtang.people.models import Account, AccountAct


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
    return in_groups(16)


def _note(act: str, username: str, by: str, at: datetime) -> None:
    AccountAct.objects.create(at=at, by=by, username=username, act=act)
