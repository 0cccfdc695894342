"""Bring service items in from a file (导入事项): `mingtang import-items FILE`.

Good rows become drafts, bad ones are listed with line and reason, a second run changes
nothing. Then it says which public elements are still missing, and so why nothing of it may be
published yet.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.utils import timezone

from mingtang.catalogue import actions, queries
from mingtang.config.importing import printing
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import Format, elements
from mingtang.config.importing.departments import Departments
from mingtang.config.importing.reading import Row, Table, Unusable, read
from mingtang.config.importing.report import Report
from mingtang.core.catalogue import Category, ItemContent, key_of
from mingtang.core.decider import Refused
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.ledger.orders import Receipt
from mingtang.people import actions as people
from mingtang.people import queries as people_queries

BY = "import"  # who is written down as having drafted


def import_items(file: Path, *, as_json: bool = False) -> int:
    """Import and print the report. Returns 0: all good, 1: some rows bad, 2: file unusable."""
    began = perf_counter()
    try:
        table = read(file)
    except Unusable as unusable:
        printing.unusable(file, unusable.code, unusable.facts, as_json=as_json)
        return 2
    with nullcontext() if as_json else printing.progress(len(table.rows)) as advance:
        report = run(table, at=timezone.localtime(), progress=advance)
    report.seconds = round(perf_counter() - began, 2)
    printing.report(file, report, queries.quality_report(), as_json=as_json)
    return 1 if report.bad else 0


def run(table: Table, *, at: datetime, progress: actions.Progress | None = None) -> Report:
    """Draft every good row of the table and return what became of all of them."""
    report = Report(table.kind, table.encoding, table.format.name, read=len(table.rows))
    contents, said = _contents(table, report)
    report.departments = len({content.department_name for content in contents.values()})
    report.registered = _register(contents, at=at)
    known = queries.known_keys()
    outcomes = actions.import_list(
        [(contents[line], said[line]) for line in contents], by=BY, at=at, progress=progress
    )
    for (line, content), outcome in zip(contents.items(), outcomes, strict=True):
        if isinstance(outcome, Receipt) and key_of(content.code) in known:
            report.changed += 1
        elif isinstance(outcome, Receipt):
            report.new += 1
        elif not isinstance(outcome, Refused):
            raise outcome
        elif outcome.code == "item.draft-unchanged":
            report.unchanged += 1
        else:
            report.refuse(line, outcome.code, outcome.facts)
    report.bad.sort(key=lambda row: row.line)
    return report


def _contents(
    table: Table, report: Report
) -> tuple[dict[int, ItemContent], dict[int, tuple[str, ...]]]:
    """Return the items that can be read, and which elements the list spoke of, by line."""
    given = {}
    for row in table.rows:
        try:
            given[row.line] = _elements(table.format, row)
        except Unreadable as error:
            report.refuse(row.line, error.code, error.facts)
    departments = Departments.of(given.values(), people_queries.organisation_names())
    contents: dict[int, ItemContent] = {}
    said: dict[int, tuple[str, ...]] = {}
    first: dict[str, int] = {}
    for line, values in given.items():
        try:
            code, name = departments.organisation(values)
            values |= {"department": code, "department_name": name}
            content = ItemContent(**values)
            same = first.setdefault(content.code, line)
            if same != line and contents[same] != content:
                raise Unreadable("import.same-code", first=same)
        except Unreadable as error:
            report.refuse(line, error.code, error.facts)
        else:
            contents[line], said[line] = content, tuple(values)
    return contents, said


def _elements(found: Format, row: Row) -> dict[str, Any]:
    if row.bad:
        raise row.bad
    values = elements(found, row.values)
    for element in ("code", "name"):
        if not values.get(element):
            raise Unreadable(f"item.{element}-missing")
    if "category" not in values and "item_type" not in values:
        raise Unreadable("import.element-missing", element="category")
    licence = values.get("item_type", "01") == "01"
    values.setdefault("category", Category.LICENCE if licence else Category.SERVICE)
    values.setdefault("item_type", "01" if values["category"] is Category.LICENCE else "20")
    return values


def _register(contents: Mapping[int, ItemContent], *, at: datetime) -> int:
    """Register the departments nobody has registered yet; return how many."""
    known = people_queries.organisation_names()
    names = {one.department: one.department_name for one in contents.values()}
    bodies = [
        people.Body(code=code, kind=OrganisationKind.DEPARTMENT, particulars=Particulars(name=name))
        for code, name in names.items()
        if code not in known
    ]
    for outcome in people.register_organisations(bodies=bodies, by=BY, at=at):
        if isinstance(outcome, Exception):
            raise outcome
    return len(bodies)
