"""One example of anything the ledger can hold, made from its type alone."""

from dataclasses import fields
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mingtang.core.wire import Sealed

ONE = {
    str: "x",
    Sealed: "y",
    int: 7,
    bool: True,
    date: date(2026, 3, 2),
    datetime: datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8))),
}


def one(kind: Any) -> Any:
    """Return a value of this type: every optional one there, every tuple of one."""
    if kind in ONE:
        return ONE[kind]
    if get_origin(kind) in (Union, UnionType):
        return one(next(part for part in get_args(kind) if part is not NoneType))
    if get_origin(kind) is tuple:
        return (one(get_args(kind)[0]),)
    if issubclass(kind, StrEnum):
        return next(iter(kind))
    hints = get_type_hints(kind)
    return kind(**{field.name: one(hints[field.name]) for field in fields(kind)})
