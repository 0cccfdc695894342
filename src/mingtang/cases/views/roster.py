"""The list of a batch in a draft (批量名单): what was uploaded or typed, right or wrong.

Draft: {"rows": [[line, {field: text}], …], "unused": [heading, …]}
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.forms import Form
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from mingtang.cases.forms.rows import Rows
from mingtang.cases.forms.spreadsheets import Line, Sheet, plain
from mingtang.cases.views import words
from mingtang.catalogue.forms import application_form
from mingtang.core.batches import MOST
from mingtang.core.catalogue import FormField
from mingtang.core.decider import require

CELL = "cell"  # of a wrong cell on the page: cell-<line>-<field>
PREFIX = "row"  # of the form in which one row is written by hand


class Roster:
    """What stands in the list so far. Every change is kept before it is judged."""

    def __init__(self, draft: dict[str, Any], fields: Sequence[FormField]) -> None:
        self.draft, self.fields = draft, fields

    @property
    def lines(self) -> list[Line]:
        return [Line(number, cells) for number, cells in self.draft.get("rows", [])]

    @property
    def rows(self) -> Rows:
        """The lines, judged."""
        return Rows(self.fields, self.lines)

    @property
    def unused(self) -> list[str]:
        """Headings of the uploaded sheet that are no field's."""
        found: list[str] = self.draft.get("unused", [])
        return found

    def take(self, sheet: Sheet) -> None:
        """Take an uploaded sheet in place of what was there."""
        self.draft["rows"] = [[line.number, line.cells] for line in sheet.lines]
        self.draft["unused"] = list(sheet.unused)

    def keep_cells(self, data: MultiValueDict[str, str]) -> None:
        """Put corrected cells into their rows; the rest of each row stays."""
        for number, cells in self.draft.get("rows", []):
            for field in self.fields:
                name = f"{CELL}-{number}-{field.name}"
                if (cell := data.get(name)) is not None:
                    cells[field.name] = plain(cell)

    def keep_row(self, number: int | None, data: MultiValueDict[str, str]) -> int:
        """Keep one row written by hand, in place of line `number` or as a new last one.

        Returns its line. Raises Refused: batch.too-many (facts: limit).
        """
        rows = self.draft.setdefault("rows", [])
        said = {f.name: _text(f, data.getlist(f"{PREFIX}-{f.name}")) for f in self.fields}
        for line in rows:
            if number is not None and line[0] == number:
                line[1] = said
                return number
        require(len(rows) < MOST, "batch.too-many", limit=MOST)
        last = max((line[0] for line in rows), default=1) + 1
        rows.append([last, said])
        return last

    def remove(self, numbers: Collection[int]) -> None:
        self.draft["rows"] = [line for line in self.draft.get("rows", []) if line[0] not in numbers]

    def form(self, number: int | None = None) -> Form:
        """Return the form for one row, empty or with what line `number` says."""
        rows = self.rows
        for line, answers in zip(rows.lines, rows.answers, strict=True):
            if line.number == number:
                return application_form(
                    self.fields, initial={**line.cells, **answers}, prefix=PREFIX
                )
        return application_form(self.fields, prefix=PREFIX)


def _text(field: FormField, values: Sequence[str]) -> str:
    """Return what was chosen or typed for a row as it would stand in a cell."""
    if field.kind == "boolean":
        return _("是") if any(values) else _("否")
    labels = {option.value: words.either(option.label, option.label_en) for option in field.options}
    return plain("、".join(labels.get(value, value) for value in values))
