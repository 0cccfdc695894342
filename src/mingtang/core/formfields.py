"""An application form (申请书) as data: its JSON Schema, and whether answers fit it.

Answers are what JSON can hold: text, whole numbers (money in fen), true or false, lists of
text, and days as "2026-03-16".
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.core.catalogue import FormField

TEXT_MAX = 500  # characters of one line
TEXTAREA_MAX = 5_000
MOST = 10**15  # largest number or amount in fen; JSON readers keep 2^53 exactly

ID_NUMBER = r"^[1-9]\d{16}[\dX]$"  # GB 11643
USCC = r"^[0-9A-HJ-NPQRTUWXY]{18}$"  # GB 32100: no I, O, S, V, Z
PHONE = r"^(1\d{10}|0\d{2,3}-?\d{7,8})$"


@dataclass(frozen=True)
class Unfit:
    """An answer that does not fit its field."""

    field: str
    code: str  # e.g. "form.missing"


# ── JSON Schema ─────────────────────────────────────────────────────────────

SHAPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string", "maxLength": TEXT_MAX},
    "textarea": {"type": "string", "maxLength": TEXTAREA_MAX},
    "integer": {"type": "integer", "minimum": -MOST, "maximum": MOST},
    "money": {"type": "integer", "minimum": 0, "maximum": MOST, "description": "fen"},
    "date": {"type": "string", "format": "date"},
    "choice": {"type": "string"},
    "multichoice": {"type": "array", "uniqueItems": True},
    "boolean": {"type": "boolean"},
    "idnumber": {"type": "string", "pattern": ID_NUMBER},
    "uscc": {"type": "string", "pattern": USCC},
    "phone": {"type": "string", "pattern": PHONE},
}
KINDS = tuple(SHAPES)


def json_schema(
    fields: Sequence[FormField], *, title: str, address: str = "", english: bool = False
) -> dict[str, Any]:
    """Return the form as JSON Schema, draft 2020-12; `address` is where it can be fetched."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": {field.name: _property(field, english=english) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }
    return {"$id": address, **schema} if address else schema


def _property(field: FormField, *, english: bool) -> dict[str, Any]:
    shape = dict(SHAPES[field.kind])
    shape["title"] = (english and field.label_en) or field.label
    help_text = (english and field.help_en) or field.help
    if help_text:
        shape["description"] = "；".join(filter(None, [help_text, shape.get("description")]))
    values = [option.value for option in field.options]
    if field.kind == "choice":
        shape["enum"] = values
    elif field.kind == "multichoice":
        shape["items"] = {"type": "string", "enum": values}
        if field.required:
            shape["minItems"] = 1
    elif shape["type"] == "string" and field.required:
        shape["minLength"] = 1
    elif field.kind == "boolean" and field.required:
        shape["const"] = True  # a promise that must be given
    return shape


# ── Checking ────────────────────────────────────────────────────────────────


def unfit(fields: Sequence[FormField], answers: Mapping[str, object]) -> tuple[Unfit, ...]:
    """Return every answer that does not fit, in the form's order; none: all fit.

    Codes: form.missing, form.unknown-field, form.wrong-type, form.too-long,
    form.out-of-range, form.not-a-date, form.not-an-option, form.bad-id-number,
    form.bad-uscc, form.bad-phone.
    """
    return tuple(_unfit(fields, answers))


def _unfit(fields: Sequence[FormField], answers: Mapping[str, object]) -> Iterator[Unfit]:
    for field in fields:
        answer = answers.get(field.name)
        if answer in (None, "", []) or (field.kind == "boolean" and answer is False):
            if field.required:
                yield Unfit(field.name, "form.missing")
        elif code := CHECKS[field.kind](field, answer):
            yield Unfit(field.name, code)
    known = {field.name for field in fields}
    for name in answers:
        if name not in known:
            yield Unfit(name, "form.unknown-field")


Check = Callable[[FormField, Any], str]


def _text(limit: int) -> Check:
    def check(field: FormField, answer: Any) -> str:
        if not isinstance(answer, str):
            return "form.wrong-type"
        return "" if len(answer) <= limit else "form.too-long"

    return check


def _number(least: int) -> Check:
    def check(field: FormField, answer: Any) -> str:
        if type(answer) is not int:  # True is an int, and not an amount
            return "form.wrong-type"
        return "" if least <= answer <= MOST else "form.out-of-range"

    return check


def _matching(pattern: str, code: str) -> Check:
    matches = re.compile(pattern).fullmatch

    def check(field: FormField, answer: Any) -> str:
        return "" if isinstance(answer, str) and matches(answer) else code

    return check


def _date(field: FormField, answer: Any) -> str:
    try:
        return "" if date.fromisoformat(answer).isoformat() == answer else "form.not-a-date"
    except (TypeError, ValueError):
        return "form.not-a-date"


def _boolean(field: FormField, answer: Any) -> str:
    return "" if isinstance(answer, bool) else "form.wrong-type"


def _choice(field: FormField, answer: Any) -> str:
    return "" if answer in {option.value for option in field.options} else "form.not-an-option"


def _choices(field: FormField, answer: Any) -> str:
    if not isinstance(answer, list) or not all(isinstance(one, str) for one in answer):
        return "form.wrong-type"
    return "" if set(answer) <= {option.value for option in field.options} else "form.not-an-option"


CHECKS: Mapping[str, Check] = {
    "text": _text(TEXT_MAX),
    "textarea": _text(TEXTAREA_MAX),
    "integer": _number(-MOST),
    "money": _number(0),
    "date": _date,
    "choice": _choice,
    "multichoice": _choices,
    "boolean": _boolean,
    "idnumber": _matching(ID_NUMBER, "form.bad-id-number"),
    "uscc": _matching(USCC, "form.bad-uscc"),
    "phone": _matching(PHONE, "form.bad-phone"),
}
