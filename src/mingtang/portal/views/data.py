"""Open data (公开数据): every item in force with every public element, as one file."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import ItemRow
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public

COLUMNS = (
    "key",
    "version",
    "code",
    "code_scheme",
    "basic_code",
    "name",
    "name_en",
    "category",
    "item_type",
    "department",
    "department_name",
    "audience",
    "topics",
    "legal_basis",
    "conditions",
    "materials",
    "steps",
    "referred_to",
    "first_reviews",
    "adoptable",
    "reaches",
    "fees",
    "statutory_days",
    "promised_days",
    "visits",
    "online_depth",
    "result_kind",
    "result_name",
    "validity",
    "address",
    "hours",
    "enquiry_phone",
    "complaint_phone",
    "legacy",
)


@public("open data: what the guides say, for machines")
@require_safe
@kept_while_unchanged
def items_json(request: HttpRequest) -> StreamingHttpResponse:
    """`{"format": "mingtang.items.v1", "items": [{key, version, …every public element}]}`."""
    return StreamingHttpResponse(_json(), content_type="application/json")


@public("open data: what the guides say, for spreadsheets")
@require_safe
@kept_while_unchanged
def items_csv(request: HttpRequest) -> StreamingHttpResponse:
    """One line an item, UTF-8 with a mark for spreadsheets; several values joined by `|`."""
    return StreamingHttpResponse(
        _csv(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="items.csv"'},
    )


def _json() -> Iterator[str]:
    yield '{"format":"mingtang.items.v1","items":['
    for place, row in enumerate(catalogue.published()):
        head = json.dumps({"key": row.key, "version": row.version})
        yield f"{',' if place else ''}\n{head[:-1]},{row.content[1:]}"  # both are plain objects
    yield "\n]}\n"


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv() -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in catalogue.published():
        yield writer.writerow(_cells(row))


def _cells(row: ItemRow) -> list[str]:
    content = json.loads(row.content) | {"key": row.key, "version": row.version}
    return [_cell(content.get(column)) for column in COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(_cell(part) for part in value)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("title") or "")
    text = str(value)
    # A spreadsheet runs a cell that begins like a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
