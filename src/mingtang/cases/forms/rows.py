"""The rows of a batch (批量申请的各行): what was typed into them, what it says, what is wrong.

Every cell is judged by the very field the application form has for it. Before that, what
spreadsheets do to what people type is undone where it can be, and named where it cannot.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mingtang.cases.forms.spreadsheets import Line, plain
from mingtang.catalogue.forms import application_form
from mingtang.core import batches
from mingtang.core.catalogue import FormField

SEVERAL = re.compile(r"[、,，;；|\n]+")
YES = ("是", "有", "对", "√", "y", "yes", "true", "1")
NO = ("", "否", "无", "没有", "×", "n", "no", "false", "0")
SCIENTIFIC = re.compile(r"-?\d(\.\d+)?[eE]\+\d{2,}")  # as Excel shows it; 2E25 may be a model
SHORT = re.compile(r"\d(\.\d+)?[eE]\d{2,}")
NUMBERS = ("idnumber", "uscc", "phone", "integer", "money")
ERRORS = ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is shown: its field, its text, and what is wrong with it, if anything."""

    field: FormField
    text: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # of the line in the sheet
    cells: Sequence[Cell]

    @property
    def wrong(self) -> bool:
        return any(cell.wrong for cell in self.cells)


class Rows:
    """All rows, judged. `fields`: those that differ, in the order of the form."""

    def __init__(self, fields: Sequence[FormField], lines: Sequence[Line]) -> None:
        self.fields, self.lines = fields, lines
        self.kinds: Mapping[str, forms.Field] = application_form(fields).fields

    @cached_property
    def _judged(self) -> tuple[list[dict[str, Any]], dict[tuple[int, str], str]]:
        """Return the answers of every row, and what is wrong: (place, field) → sentence."""
        answers: list[dict[str, Any]] = []
        wrong: dict[tuple[int, str], str] = {}
        for place, line in enumerate(self.lines):
            said: dict[str, Any] = {}
            for field in self.fields:
                try:
                    said[field.name] = self._answer(field, line.cells.get(field.name, ""))
                except ValidationError as error:
                    wrong[place, field.name] = " ".join(error.messages)
            answers.append(said)
        return answers, {**self._alike(answers), **wrong}

    def _answer(self, field: FormField, text: str) -> Any:
        """Return one cell as an answer. Raises ValidationError with a sentence."""
        _require_intact(text, field)
        return self.kinds[field.name].clean(READ.get(field.kind, _as_it_is)(field, text))

    def _alike(self, answers: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], str]:
        by = batches.telling(self.fields)
        found = {}
        for second, first in batches.repeated(answers, by).items():
            line = self.lines[first - 1].number
            said = (
                _("与第 %(line)s 行相同，请删去一行。")
                if len(by) == 1
                else _("整行与第 %(line)s 行相同，请删去一行。")
            )
            found[second - 1, by[0]] = said % {"line": line}
        return found

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What the rows say, as it is recorded. Complete where nothing is wrong."""
        return self._judged[0]

    @property
    def wrong(self) -> int:
        """How many rows have something wrong."""
        return len({place for place, _field in self._judged[1]})

    @property
    def rows(self) -> list[Row]:
        wrong = self._judged[1]
        return [
            Row(
                line.number,
                [
                    Cell(f, line.cells.get(f.name, ""), wrong.get((place, f.name), ""))
                    for f in self.fields
                ],
            )
            for place, line in enumerate(self.lines)
        ]

    def __len__(self) -> int:
        return len(self.lines)


# ── What spreadsheets do to what people type ────────────────────────────────


def _require_intact(text: str, field: FormField) -> None:
    """Refuse what is not what somebody typed: a formula, its failure, a number cut short."""
    if text.startswith("="):
        raise ValidationError(_("这一格是公式。请复制后“选择性粘贴”为数值，或者直接填写。"))
    if text.upper() in ERRORS:
        raise ValidationError(_("这一格是公式算出的错误值，请直接填写。"))
    counted = SCIENTIFIC.fullmatch(text) and field.kind != "textarea"
    if counted or (field.kind in NUMBERS and SHORT.fullmatch(text)):
        raise ValidationError(
            _(
                "号码被表格软件变成了科学计数法，末几位已经丢失。请把这一列设成“文本”格式再重新填写。"
            )
        )


def _as_it_is(field: FormField, text: str) -> Any:
    return text


def _narrow(field: FormField, text: str) -> Any:
    """Full-width signs as half-width ones, without blanks: numbers, however they were typed."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _date(field: FormField, text: str) -> Any:
    said = _narrow(field, text.removesuffix(" 00:00:00"))
    if re.fullmatch(r"(19|20)\d{6}", said):
        return f"{said[:4]}-{said[4:6]}-{said[6:]}"
    return re.sub(r"[./]", "-", said)


def _option(field: FormField, text: str) -> str:
    """Return the value of the option that is named, in either language; else what was typed."""
    word = _narrow(field, text).casefold()
    for option in field.options:
        names = (option.label, option.label_en, option.value)
        if word in [_narrow(field, name).casefold() for name in names if name]:
            return option.value
    if text:
        options = _("、").join(option.label for option in field.options)
        raise ValidationError(_("应是其中之一：%(options)s。"), params={"options": options})
    return ""


def _options(field: FormField, text: str) -> Any:
    return [_option(field, one) for one in filter(None, map(plain, SEVERAL.split(text)))]


def _truth(field: FormField, text: str) -> Any:
    word = _narrow(field, text).casefold()
    if word not in YES + NO:
        raise ValidationError(_("请填“是”或者“否”。"))
    return word in YES


READ: Mapping[str, Callable[[FormField, str], Any]] = {
    "integer": _narrow,
    "money": _narrow,
    "date": _date,
    "choice": _option,
    "multichoice": _options,
    "boolean": _truth,
    "idnumber": _narrow,
    "uscc": _narrow,
    "phone": _narrow,
}
