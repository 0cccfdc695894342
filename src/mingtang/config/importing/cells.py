"""One cell as one element of an item: text as people type it, or JSON of the right shape."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mingtang.core.catalogue import Category, LegalBasis, Material, ResultKind


class Unreadable(Exception):
    """A cell does not hold what its element is made of. `code` and `facts` say how."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


SEVERAL = re.compile(r"[|;；、\n]")
YES = ("1", "是", "true", "yes", "y")
NO = ("0", "否", "false", "no", "n")
WORDS: Mapping[type[StrEnum], Mapping[str, StrEnum]] = {
    Category: {
        "行政许可": Category.LICENCE,
        "非行政许可审批": Category.NON_LICENCE,
        "服务事项": Category.SERVICE,
        "公共服务": Category.SERVICE,
    },
    ResultKind: {
        "出证": ResultKind.CERTIFICATE,
        "批复": ResultKind.APPROVAL,
        "出文": ResultKind.DOCUMENT,
        "无": ResultKind.NONE,
    },
}


def text(value: Any) -> str:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Unreadable("import.not-text")
    return _storable(str(value)).strip()


def _storable(value: str) -> str:
    """Return text that every database can keep: no NUL, no half of a character."""
    try:
        if b"\x00" not in value.encode():
            return value
    except UnicodeEncodeError:
        pass
    raise Unreadable("import.not-text")


def text_but(nothing: str) -> Callable[[Any], str]:
    """Read text, where one word says that there is none."""
    return lambda value: "" if text(value) == nothing else text(value)


def two_digits(value: Any) -> str:
    """Return a code of GB/T 39046 table A.1 as it is written there: 1 becomes 01."""
    return text(value).zfill(2)


def level(value: Any) -> str:
    """Return the level of authority (GB/T 39046 table A.2) that a 12-digit division code shows."""
    code = text(value).ljust(12, "0")
    if not re.fullmatch(r"\d{12}", code):
        raise Unreadable("import.not-a-division")
    for digits, found in ((9, "6"), (6, "5"), (4, "4"), (2, "3")):
        if code[digits : digits + (2 if digits < 6 else 3)].strip("0"):
            return found
    return "2"


def number(value: Any) -> int:
    digits = text(value)
    if not re.fullmatch(r"-?\d{1,9}", digits):
        raise Unreadable("import.not-a-number")
    return int(digits)


def truth(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in YES + NO:
        raise Unreadable("import.not-yes-or-no")
    return word in YES


def several(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else SEVERAL.split(text(value))
    return tuple(filter(None, (text(part) for part in parts)))


def reader(record: type, element: str) -> Callable[[Any], Any]:
    """Return how a cell of this element is read, from the type the element has."""
    kind = get_type_hints(record)[element]
    simple = {str: text, int: number, bool: truth, tuple[str, ...]: several}
    kind = _without_none(kind)
    if kind in simple:
        return simple[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda value: _word(kind, value)
    return lambda value: _rows(get_args(kind)[0], value)


def _word(kind: type[StrEnum], value: Any) -> StrEnum:
    word = text(value)
    if word in WORDS[kind]:
        return WORDS[kind][word]
    if word not in {one.value for one in kind}:
        raise Unreadable("import.unknown-word")
    return kind(word)


def _rows(record: type, value: Any) -> tuple[Any, ...]:
    """Return several records, from JSON; laws and materials also from their names alone."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise Unreadable("import.broken-json-cell") from None
    if isinstance(value, list):
        return tuple(_strict(record, one) for one in value)
    names = several(value)
    if record is LegalBasis:
        return tuple(LegalBasis(title=name) for name in names)
    if record is Material:
        return tuple(Material(key=f"m{place}", name=name) for place, name in enumerate(names, 1))
    raise Unreadable("import.needs-json")


def _strict(kind: Any, value: Any) -> Any:
    """Return `value` as `kind`. JSON of another shape is refused, never bent."""
    kind = _without_none(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        if not isinstance(value, dict) or set(value) - set(hints):
            raise Unreadable("import.other-shape")
        read = {name: _strict(hints[name], one) for name, one in value.items()}
        missing = {f.name for f in fields(kind) if f.name not in read} & _required(kind)
        if missing:
            raise Unreadable("import.other-shape")
        return kind(**read)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise Unreadable("import.other-shape")
        return tuple(_strict(get_args(kind)[0], one) for one in value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word(kind, value) if kind in WORDS else _member(kind, value)
    if type(value) is not kind:
        raise Unreadable("import.other-shape")
    return _storable(value) if isinstance(value, str) else value


def _member(kind: type[StrEnum], value: Any) -> StrEnum:
    if value not in {one.value for one in kind}:
        raise Unreadable("import.unknown-word")
    return kind(value)


def _required(kind: type) -> set[str]:
    return {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        [kind] = [part for part in get_args(kind) if part is not NoneType]
    return kind
