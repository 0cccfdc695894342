"""Receipts (存证回执): what a person keeps to show, without us, that something was recorded.

A JSON document in one spelling only: UTF-8, keys sorted, no spaces, one newline at the end.
Files are named *.receipt.json.

    {"disclosures":[{"name":"...","salt":"...","value":"..."}],
     "format":"mingtang.receipt.v1",
     "leaf":"<base64 of the entry's bytes>",
     "proof":"<the text of a C2SP tlog-proof>",
     "sha256":"<hex digest of this document without this member>"}

Disclosures open digests the entry holds under "_sd" (RFC 9901, section 4.2.3). `sha256` is
no proof, it finds damage: a cosignature of a witness the reader does not know is the one
part nothing else covers. It may be missing; a receipt we write has it.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from mingtang.core import tlogproof
from mingtang.core.strict import Malformed, format_base64, parse_base64
from mingtang.core.wire import Disclosure

FORMAT = "mingtang.receipt.v1"
_MEMBERS = {"disclosures", "format", "leaf", "proof"}
_dumps = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    leaf: bytes  # the entry
    proof: tlogproof.TlogProof
    disclosures: tuple[Disclosure, ...] = ()


def format_receipt(receipt: Receipt) -> str:
    """Return the document. The same receipt gives the same bytes."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "proof": tlogproof.format_proof(receipt.proof),
        "leaf": format_base64(receipt.leaf),
        "disclosures": [
            {"name": d.name, "salt": d.salt, "value": d.value} for d in receipt.disclosures
        ],
    }
    return _spell({**document, "sha256": _digest(document)})


def parse_receipt(text: str) -> Receipt:
    """Return what the document holds, only its form and its own digest checked.

    Raises Malformed, naming the member or the character.
    """
    document = parse_object(text)
    if unknown := document.keys() - _MEMBERS - {"sha256"}:
        raise Malformed(f"unknown member {min(unknown)!r}")
    if missing := _MEMBERS - document.keys():
        raise Malformed(f"member {min(missing)!r} is missing")
    if document["format"] != FORMAT:
        raise Malformed(f"member 'format' is not {FORMAT!r}")
    _refuse_other_spelling(text, _spell(document))
    receipt = Receipt(
        leaf=_member("leaf", parse_base64, _text(document, "leaf")),
        proof=_member("proof", tlogproof.parse_proof, _text(document, "proof")),
        disclosures=_disclosures(document["disclosures"]),
    )
    digest = document.pop("sha256", None)
    if digest is not None and digest != _digest(document):
        raise Malformed("member 'sha256': the document is not the one it was made for")
    return receipt


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


def _disclosures(values: object) -> tuple[Disclosure, ...]:
    if not isinstance(values, list):
        raise Malformed("member 'disclosures' is not a list")
    disclosures = []
    for place, value in enumerate(values):
        if not isinstance(value, dict) or value.keys() != {"name", "salt", "value"}:
            raise Malformed(f"disclosure {place} is not a name, a salt and a value")
        parts = {name: _text(value, name) for name in ("name", "salt", "value")}
        disclosures.append(Disclosure(**parts))
    return tuple(disclosures)


def _member(name: str, parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except Malformed as error:
        raise Malformed(f"member {name!r}: {error}") from error


def _text(document: dict[str, Any], name: str) -> str:
    value = document[name]
    if not isinstance(value, str):
        raise Malformed(f"member {name!r} is not text")
    return value


def _spell(document: dict[str, Any]) -> str:
    return _dumps(document) + "\n"


def _digest(document: dict[str, Any]) -> str:
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
