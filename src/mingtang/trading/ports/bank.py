"""The bank that keeps the deposits (保证金开户银行), as `bank.json` in MINGTANG_HOME names it."""

import json
from dataclasses import dataclass, fields
from ipaddress import ip_network
from pathlib import Path

from django.conf import settings


class Unusable(Exception):
    """`bank.json` is not what it should be; the message says how."""


@dataclass(frozen=True, slots=True)
class Bank:
    """开户信息. Without a file, sub-accounts can be opened but nobody is told where to pay."""

    holder: str = ""  # 户名: the centre
    name: str = ""  # 开户行
    code: str = ""  # 联行号: 12 digits
    institution: str = "MINGTANG"  # what the bank calls the centre
    account: str = ""  # the centre's account, of which the sub-accounts are part
    prefix: str = "99"  # digits every sub-account begins with
    address: str = ""  # host:port of the bank's side of the pushed protocol
    allow: tuple[str, ...] = ("127.0.0.1/32",)  # networks the bank pushes from


def path() -> Path:
    home: Path = settings.HOME
    return home / "bank.json"


def bank() -> Bank:
    """Return what is known of the bank. Raises Unusable."""
    try:
        text = path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return Bank()
    try:
        said = json.loads(text)
        found = Bank(**{**said, "allow": tuple(said.get("allow", Bank().allow))})
        for network in found.allow:
            ip_network(network)
    except (ValueError, TypeError, AttributeError) as error:
        raise Unusable(f"bank.json: {error}") from error
    if any(type(getattr(found, f.name)) is not str for f in fields(found) if f.name != "allow"):
        raise Unusable("bank.json: every value but `allow` is text")
    if not (found.prefix.isascii() and found.prefix.isdigit() and len(found.prefix) <= 18):
        raise Unusable("bank.json: `prefix` is up to 18 digits")
    return found
