"""The rows of a batch in tables (名单): a column's heading, a wrong cell to be corrected."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from mingtang.cases.forms.rows import Cell, Row
from mingtang.core.catalogue import FormField

register = template.Library()


@register.simple_tag
def column(field: FormField) -> str:
    """`{% column field %}`: the label of a field in the reader's language."""
    return _either(field.label, field.label_en)


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    """`{{ columns|at:0 }}`: one of several by its place."""
    return values[place]


@register.simple_tag
def cell_input(row: Row, cell: Cell) -> SafeString:
    """`{% cell_input row cell %}`: what a wrong cell is corrected in, with what stands there."""
    attributes = {
        "name": f"cell-{row.number}-{cell.field.name}",
        "aria-label": f"{row.number} {column(cell.field)}",
        "aria-invalid": "true",
        "aria-describedby": f"e-{row.number}-{cell.field.name}",
    }
    if cell.field.kind == "choice":
        labels = [cell.text, *(_either(one.label, one.label_en) for one in cell.field.options)]
        options = format_html_join("", "<option>{}</option>", ((label,) for label in labels))
        return format_html("<select{}>{}</select>", flatatt(attributes), options)
    return format_html("<input{}>", flatatt({**attributes, "value": cell.text}))


def _either(chinese: str, in_english: str) -> str:
    return (in_english if (get_language() or "").startswith("en") else "") or chinese
