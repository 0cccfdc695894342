"""Phones that are called when there is work (来活提醒): a convenience, no fact of the log.

Work marks phones as due and waits for nobody; `call_due` calls them, in a thread of its own.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from mingtang.core import phones
from mingtang.core.phones import MOST_PHONES, Subscription
from mingtang.people.models import Account, PhoneRow
from mingtang.people.ports import webpush
from mingtang.people.ports.webpush import Answer, Called

AT_ONCE = 50  # phones called before the due ones are looked up again
NO_ANSWER = Called(Answer.LATER, silent=True)


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a browser gives when it subscribes; `key` and `secret` in base64url."""

    endpoint: str
    key: str
    secret: str
    language: str


@transaction.atomic
def keep_phone(*, account: int, browser: Browser, at: datetime, before: str = "") -> None:
    """Call this browser from now on when there is work for the account (开启提醒).

    Given by another account before, it is this one's now. `before`: the endpoint it was called
    at until now. Raises Refused: see `core.phones.subscription`.
    """
    found = phones.subscription(
        endpoint=browser.endpoint,
        key=browser.key,
        secret=browser.secret,
        services=settings.PUSH_SERVICES,
    )
    values = {
        "account": account,
        "endpoint": found.endpoint,
        "key": found.key,
        "secret": found.secret,
        "language": browser.language,
        "kept_at": at,
        "due_at": None,
        "failures": 0,
    }
    drop_phone(account=account, digest=_digest(before))
    PhoneRow.objects.update_or_create(digest=_digest(found.endpoint), defaults=values)
    ours = PhoneRow.objects.filter(account=account).order_by("-kept_at", "digest")
    PhoneRow.objects.filter(pk__in=[row.pk for row in ours[MOST_PHONES:]]).delete()


def _digest(endpoint: str) -> str:
    return sha256(endpoint.encode()).hexdigest()


def drop_phone(*, account: int, digest: str) -> None:
    """Call this browser no more (停用提醒); of anybody else's nothing happens."""
    PhoneRow.objects.filter(account=account, digest=digest).delete()


def drop_phones(*, account: int) -> None:
    """Call none of an account's browsers any more."""
    PhoneRow.objects.filter(account=account).delete()


def have_called(*, persons: Collection[str], at: datetime) -> None:
    """Let the phones of these persons be called: there is work for them."""
    accounts = Account.objects.filter(person__in=persons, is_active=True).values("pk")
    PhoneRow.objects.filter(account__in=accounts).update(due_at=at, failures=0)


def call_due(*, at: datetime, say: Callable[[str], dict[str, Any] | None]) -> int:
    """Call every phone that is due (叫醒手机); return how many took it.

    `say` gives what there is to tell a person; None: nothing any more. A phone may be called
    twice when this dies in between, which shows the same words again. A service that does not
    answer is asked once, not once for every phone.
    """
    due = list(PhoneRow.objects.filter(due_at__lte=at).order_by("due_at", "digest")[:AT_ONCE])
    holders = Account.objects.filter(pk__in={row.account for row in due}, is_active=True)
    persons = dict(holders.values_list("pk", "person"))
    said = cache(say)  # once for all of somebody's phones
    called, silent = 0, set[str]()
    for row in due:
        allowed = phones.is_allowed(row.endpoint, settings.PUSH_SERVICES)
        if row.account not in persons or not allowed:
            PhoneRow.objects.filter(pk=row.pk).delete()
            continue
        message = said(persons[row.account])
        if message is None:
            _settle(row, due_at=None)
            continue
        done = NO_ANSWER if row.service in silent else _call(row, message, at)
        silent |= {row.service} if done.silent else set()
        called += done.answer is Answer.CALLED
        _note(row, done, at)
    return called


def _call(row: PhoneRow, message: dict[str, Any], at: datetime) -> Called:
    to = Subscription(row.endpoint, bytes(row.key), bytes(row.secret))
    return webpush.call(to, {**message, "language": row.language}, at=at)


def _note(row: PhoneRow, done: Called, at: datetime) -> None:
    if done.answer is Answer.CALLED:
        _settle(row, due_at=None, failures=0)
    elif done.answer is Answer.LATER:
        failures = row.failures + 1
        _settle(row, due_at=phones.next_try(failures, at, done.asked), failures=failures)
    else:
        PhoneRow.objects.filter(pk=row.pk).delete()


def _settle(row: PhoneRow, **values: Any) -> None:
    """Change a phone that is due; one that became due again meanwhile stays so."""
    PhoneRow.objects.filter(pk=row.pk, due_at=row.due_at).update(**values)
