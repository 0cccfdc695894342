"""Documents people keep (存证文件), as JSON in one spelling only: two readers read the same.

UTF-8, keys sorted, no spaces, nothing outside ASCII escaped unless JSON demands it, one newline
at the end. The member `format` says what it is. The member `sha256`, which may be missing, is the
hex digest of the document without it: it finds damage, it proves nothing.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from mingtang.core.strict import Malformed
from mingtang.core.wire import Disclosure

Value = TypeVar("Value")
_dumps = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def format_document(members: Mapping[str, Any]) -> str:
    """Return the document of these members and its digest. The same members give the same bytes."""
    return _spell({**members, "sha256": _digest(members)})


def parse_document(text: str, format: str, members: Collection[str]) -> dict[str, Any]:
    """Return the members of a document of this format; what they hold is not checked.

    `members` are all it has to have beside `format`. Raises Malformed, naming the member or the
    character.
    """
    document = parse_object(text)
    if unknown := document.keys() - {*members, "format", "sha256"}:
        raise Malformed(f"unknown member {min(unknown)!r}")
    if missing := {*members, "format"} - document.keys():
        raise Malformed(f"member {min(missing)!r} is missing")
    if document["format"] != format:
        raise Malformed(f"member 'format' is not {format!r}")
    _refuse_other_spelling(text, _spell(document))
    digest = document.pop("sha256", None)
    if digest is not None and digest != _digest(document):
        raise Malformed("member 'sha256': the document is not the one it was made for")
    return document


def parse_object(text: str) -> dict[str, Any]:
    """Return a JSON object whose members each have a name of their own. Raises Malformed."""
    try:
        value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON at character {error.pos}: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def parse_member(name: str, parse: Callable[[str], Value], value: object) -> Value:
    """Return what `parse` makes of the text of a member. Raises Malformed, naming the member."""
    try:
        return parse(text_of(name, value))
    except Malformed as error:
        raise Malformed(f"member {name!r}: {error}") from error


def text_of(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Malformed(f"member {name!r} is not text")
    return value


def plain_disclosures(disclosures: Sequence[Disclosure]) -> list[dict[str, str]]:
    return [{"name": d.name, "salt": d.salt, "value": d.value} for d in disclosures]


def parse_disclosures(values: object) -> tuple[Disclosure, ...]:
    """Return the disclosures of a list of objects. Raises Malformed."""
    if not isinstance(values, list):
        raise Malformed("member 'disclosures' is not a list")
    disclosures = []
    for place, value in enumerate(values):
        if not isinstance(value, dict) or value.keys() != {"name", "salt", "value"}:
            raise Malformed(f"disclosure {place} is not a name, a salt and a value")
        disclosures.append(Disclosure(**{name: text_of(name, value[name]) for name in value}))
    return tuple(disclosures)


def _spell(document: Mapping[str, Any]) -> str:
    return _dumps(document) + "\n"


def _digest(document: Mapping[str, Any]) -> str:
    return sha256(_spell(document).encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_other_spelling(text: str, spelled: str) -> None:
    if text != spelled:
        pairs = enumerate(zip(text, spelled, strict=False))
        at = next((n for n, (a, b) in pairs if a != b), min(len(text), len(spelled)))
        raise Malformed(f"not in its one spelling at character {at}")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member appears twice")
    return members


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
