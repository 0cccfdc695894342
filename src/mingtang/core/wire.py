"""Events as bytes: the one encoding that is hashed, stored, exchanged and replayed.

The public face of an event is UTF-8 JSON with sorted keys, no spaces, no floats:

    {"at":"2026-03-02T09:00:00+08:00","kind":"case.accepted.v1",...}

Beside the event's own fields stand where it stands: "_stream", its place "_seq" in it, and
"_once", the digest of the key that keeps a retry from being a second act.

A field typed `Sealed` never enters it. In its place stands a salted digest under "_sd"
(RFC 9901, section 4.2); the salt and the value live where they can be erased, and an
event read back without them shows `ERASED`.

A field may be text, an integer, a truth value, a date, a moment with offset, a StrEnum,
another dataclass of such fields, a tuple of any of these, or None where its type says so.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, ClassVar, NewType, Protocol, Union, get_args, get_origin, get_type_hints

Sealed = NewType("Sealed", str)  # a personal or secret value: never in the public face
ERASED = Sealed("\N{FULL BLOCK}")
PLACE = ("_once", "_sd", "_seq", "_stream")  # in the public face, but not of the event
NOWHERE: Mapping[str, Any] = {}
LIMIT = 65_535  # bytes: an entry bundle gives each entry a 16-bit length (C2SP tlog-tiles)

_AS_IS = frozenset({str, int, bool, NoneType})
_dumps = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_loads = json.JSONDecoder().decode
Decode = Callable[[Any], Any]


class Recorded(Protocol):
    """A frozen dataclass with a `kind` that never changes once written, e.g. "case.filed.v1"."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What opens one digest: keep it and the value can be shown, erase it and it is gone."""

    name: str
    salt: str  # at least 128 random bits, URL-safe base64
    value: str

    @property
    def digest(self) -> str:
        opened = _b64(_dumps([self.salt, self.name, self.value]).encode())
        return _b64(sha256(opened.encode()).digest())


@dataclass(frozen=True, slots=True)
class _Shape:
    """What encoding and decoding need to know of one kind of event, worked out once."""

    make: Callable[..., Any]
    names: Sequence[str]
    sealed: Sequence[str]
    rich: Sequence[tuple[str, Decode]]


class Wire:
    """Encodes and decodes a closed set of events."""

    def __init__(self, events: Iterable[type[Recorded]]) -> None:
        self._events = {event.kind: event for event in events}
        self._shapes = {kind: _shape(event) for kind, event in self._events.items()}

    @property
    def events(self) -> Mapping[str, type[Recorded]]:
        """Every event there is, by kind."""
        return self._events

    def sealed_fields(self, kind: str) -> Sequence[str]:
        return self._shapes[kind].sealed

    def encode(
        self, event: Recorded, salts: Iterable[str] = (), *, place: Mapping[str, Any] = NOWHERE
    ) -> tuple[bytes, list[Disclosure]]:
        """Return the public face and what opens its sealed fields, one salt taken for each.

        `place` holds the underscored fields that say where in the ledger the event stands.
        """
        shape = self._shapes[event.kind]
        body = {}
        for name in shape.names:
            value = getattr(event, name)
            body[name] = value if type(value) in _AS_IS else _plain(value)
        opened = [
            Disclosure(name, salt, body.pop(name))
            for name, salt in zip(shape.sealed, salts, strict=False)
        ]
        assert len(opened) == len(shape.sealed), f"{event.kind} needs a salt per sealed field"
        if opened:
            body["_sd"] = sorted(disclosure.digest for disclosure in opened)
        body["kind"] = event.kind
        body.update(place)
        return _dumps(body).encode(), opened

    def decode(self, data: bytes, opened: Mapping[str, str] | None = None) -> Any:
        """Return the event. Raises KeyError for a kind this Wire does not know."""
        body = _loads(data.decode())
        shape = self._shapes[body.pop("kind")]
        for name in PLACE:
            body.pop(name, None)
        for name in shape.sealed:
            body[name] = opened.get(name, ERASED) if opened else ERASED
        for name, decode in shape.rich:
            if name in body:
                body[name] = decode(body[name])
        return shape.make(**body)


def plain(value: object) -> Any:
    """Return any recordable value as what JSON can hold: text, integers, lists, objects."""
    return _plain(value)


def canonical(value: object) -> str:
    """Return any recordable value as canonical JSON text."""
    return _dumps(_plain(value))


def read(kind: Any, value: Any) -> Any:
    """Return a value of type `kind` from what `plain` made of it."""
    decode = _decoder(kind)
    return decode(value) if decode else value


def _shape(event: type[Recorded]) -> _Shape:
    hints = get_type_hints(event)
    names = [f.name for f in fields(event)]
    return _Shape(
        make=event,
        names=names,
        sealed=[name for name in names if hints[name] is Sealed],
        rich=[(name, decode) for name in names if (decode := _decoder(hints[name]))],
    )


def _plain(value: object) -> Any:
    kind = type(value)
    if kind in _AS_IS:
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (str, int)):
        return value
    raise TypeError(f"{kind.__name__} has no canonical form")


@cache
def _decoder(kind: Any) -> Decode | None:
    """Return what turns plain JSON back into `kind`, or None where JSON already is."""
    if kind is Sealed or kind in (str, int, bool):
        return None
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if get_origin(kind) in (Union, UnionType):
        return _optional(kind)
    if get_origin(kind) is tuple:
        part = _decoder(get_args(kind)[0])
        return (lambda values: tuple(map(part, values))) if part else tuple
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"{kind} cannot be written to the ledger")


def _optional(kind: Any) -> Decode | None:
    [inner] = [part for part in get_args(kind) if part is not NoneType]
    decode = _decoder(inner)
    return (lambda value: None if value is None else decode(value)) if decode else None


def _record(kind: Any) -> Decode:
    hints = get_type_hints(kind)
    rich = [(f.name, decode) for f in fields(kind) if (decode := _decoder(hints[f.name]))]

    def decode_record(body: dict[str, Any]) -> Any:
        values = dict(body)
        for name, decode in rich:
            if name in values:
                values[name] = decode(values[name])
        return kind(**values)

    return decode_record


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
