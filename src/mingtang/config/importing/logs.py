"""Bring in an event log of another system (导入外部办件): `mingtang cases import-log FILE`.

Rows become cases with their steps in the order of time. A bad row is listed with its line and
column and costs itself alone; a cell of the case that cannot be read costs only itself, and is
listed as in doubt (存疑). A second run changes nothing; a grown log adds what is new.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.utils import timezone

from mingtang.cases import queries
from mingtang.cases.actions import foreign
from mingtang.config.importing import logs_printing, logs_xes, printing, reading
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import plain_heading
from mingtang.config.importing.logs_map import (
    CASE_TEXTS,
    CASE_TIMES,
    STEP_TEXTS,
    LogMap,
    read_map,
)
from mingtang.config.importing.logs_report import Report
from mingtang.config.importing.reading import Row, Unusable
from mingtang.core.decider import Refused
from mingtang.core.foreigncases import ForeignOutline, ForeignStep, RecordForeignCase, key_of
from mingtang.ledger.orders import Receipt

BY = "import"  # who is written down as having brought it in


@dataclass(frozen=True, slots=True)
class Log:
    """A file as rows by plain heading."""

    kind: str
    encoding: str
    headings: Sequence[str]  # as they are written
    rows: Sequence[Row]
    nested: int = 0


@dataclass(slots=True)
class _Case:
    """A case while its rows are read."""

    line: int  # of its first row
    steps: list[ForeignStep] = field(default_factory=list)
    outline: dict[str, Any] = field(default_factory=dict)
    said: dict[str, int] = field(default_factory=dict)  # line each element was read from
    by_id: dict[str, tuple[int, ForeignStep]] = field(default_factory=dict)
    known: set[ForeignStep] = field(default_factory=set)
    doubted: set[tuple[str, str]] = field(default_factory=set)  # element and cell, told of once


def import_log(file: Path, map_file: Path, *, as_json: bool = False) -> int:
    """Import and print the report. Returns 0: all good, 1: something bad, 2: a file unusable."""
    began = perf_counter()
    reading_now = map_file
    try:
        mapped = read_map(map_file)
        reading_now = file
        log = read(file, mapped)
    except Unusable as unusable:
        printing.unusable(reading_now, unusable.code, unusable.facts, as_json=as_json)
        return 2
    report = Report(log.kind, log.encoding, mapped.source)
    cases = cases_of(log, mapped, report, at=timezone.localtime())
    with nullcontext() if as_json else printing.progress(len(cases)) as advance:
        record(cases, report, progress=advance)
    report.seconds = round(perf_counter() - began, 2)
    logs_printing.report(file, report, as_json=as_json)
    return 1 if report.refused else 0


def read(file: Path, mapped: LogMap) -> Log:
    """Return the rows of a log: CSV or what else a table comes in, or XES; packed or not."""
    data = reading.unpacked(file)
    if logs_xes.is_xml(data):
        xes = logs_xes.read(data)
        _require_columns(xes.headings, mapped)
        return Log("XES", "", xes.headings, [*xes.rows, *xes.empty], xes.nested)
    table = reading.table_of(data, [mapped.format])
    headings = list(dict.fromkeys(heading for row in table.rows for heading in row.values))
    _require_columns(headings, mapped)
    rows = [Row(row.line, _plain(row.values), row.bad) for row in table.rows]
    return Log(table.kind, table.encoding, headings, rows)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {plain_heading(heading): value for heading, value in values.items()}


def _require_columns(headings: Sequence[str], mapped: LogMap) -> None:
    """Every column the map names is there, and only one of them: `Case ID` is case_id."""
    present = Counter(map(plain_heading, headings))
    wanted = {one: present[plain_heading(one)] for one in mapped.columns.values()}
    for code, wrong in (
        ("log.columns-missing", [one for one, times in wanted.items() if times == 0]),
        ("log.columns-alike", [one for one, times in wanted.items() if times > 1]),
    ):
        if wrong:
            raise Unusable(code, columns="、".join(wrong))


# ── Rows as cases ───────────────────────────────────────────────────────────


def cases_of(
    log: Log, mapped: LogMap, report: Report, *, at: datetime
) -> dict[int, RecordForeignCase]:
    """Return the cases that can be read, by the line of their first row."""
    used = {plain_heading(heading) for heading in mapped.columns.values()}
    report.unmapped = [one for one in log.headings if plain_heading(one) not in used]
    report.nested = log.nested
    report.read = len(log.rows)
    cases: dict[str, _Case] = {}
    for row in log.rows:
        try:
            if row.bad:
                raise row.bad
            _take(row, mapped, cases, report)
        except Unreadable as error:
            report.refuse(row.line, _column(error, mapped), error.code, error.facts)
    report.cases = len(cases)
    return {
        case.line: RecordForeignCase(
            source=mapped.source,
            number=number,
            outline=_outline(case, mapped, report),
            steps=tuple(case.steps),
            by=BY,
            at=at,
        )
        for number, case in cases.items()
    }


def _column(error: Unreadable, mapped: LogMap) -> str:
    element = str(error.facts.get("element", ""))
    return mapped.columns.get(element, element)


def _take(row: Row, mapped: LogMap, cases: dict[str, _Case], report: Report) -> None:
    """Add a row to its case. Raises Unreadable, and then the case is as it was before."""
    number = _needed("case", mapped, row)
    step, doubts = _step(row, mapped)
    case = cases.get(number) or _Case(row.line)
    line, same = case.by_id.get(step.id, (0, step))
    if step.id and same != step:
        raise Unreadable("log.same-id", element="id", first=line)
    cases[number] = case
    if step in case.known:
        report.repeated += 1
    else:
        case.steps.append(step)
        case.known.add(step)
        if step.id:
            case.by_id[step.id] = (row.line, step)
    for code, value in doubts:
        report.doubt(row.line, mapped.columns["at"], code, {"element": "at", "value": value})
    for element in (*CASE_TEXTS, *CASE_TIMES):
        _take_element(element, row, mapped, case, report)


def _needed(element: str, mapped: LogMap, row: Row) -> str:
    """Return a cell no row can do without."""
    found = _text(element, mapped, row)
    if not found:
        raise Unreadable("import.element-missing", element=element)
    return found


def _text(element: str, mapped: LogMap, row: Row) -> str:
    try:
        return mapped.text(element, row.values)
    except Unreadable as error:
        value = _value(element, mapped, row)
        raise Unreadable(
            error.code, **{**error.facts, "element": element, "value": value}
        ) from None


def _value(element: str, mapped: LogMap, row: Row) -> object:
    return row.values.get(plain_heading(mapped.columns.get(element, "")), "")


def _step(row: Row, mapped: LogMap) -> tuple[ForeignStep, list[tuple[str, object]]]:
    """Return what a row says was done, and what is doubtful about its time."""
    _needed("activity", mapped, row)
    _needed("at", mapped, row)
    value = _value("at", mapped, row)
    try:
        found = mapped.time("at", row.values)
    except Unreadable as error:
        raise Unreadable(error.code, element="at", value=value) from None
    assert found is not None  # its cell is not empty
    texts = {element: _text(element, mapped, row) for element in STEP_TEXTS}
    step = ForeignStep(at=found.at, group=texts.pop("step_group"), **texts)
    return step, [(found.doubt, value)] if found.doubt else []


def _take_element(element: str, row: Row, mapped: LogMap, case: _Case, report: Report) -> None:
    """Keep what a row says of its case; the first that says anything is taken."""
    if element not in mapped.columns:
        return
    value = _value(element, mapped, row)

    def doubt(code: str, **more: object) -> None:
        if (element, str(value)) not in case.doubted:
            case.doubted.add((element, str(value)))
            facts = {**more, "element": element, "value": value}
            report.doubt(row.line, mapped.columns[element], code, facts)

    found: str | datetime
    try:
        if element in CASE_TEXTS:
            found, doubtful = _text(element, mapped, row), ""
        else:
            time = mapped.time(element, row.values)
            found, doubtful = (time.at, time.doubt) if time else ("", "")
    except Unreadable as error:
        doubt(error.code, **error.facts)
        return
    if found == "":
        return
    first = case.said.setdefault(element, row.line)
    if first == row.line:
        case.outline[element] = found
        if doubtful:
            doubt(doubtful)
    elif case.outline[element] != found:
        doubt("log.case-differs", first=first)


def _outline(case: _Case, mapped: LogMap, report: Report) -> ForeignOutline:
    """Return what is known of the case; an end or a deadline before its beginning is told of."""
    outline = ForeignOutline(counting=mapped.counting, **case.outline)
    if outline.started is not None:
        for element in ("deadline", "closed"):
            moment = getattr(outline, element)
            if moment is not None and moment < outline.started:
                facts = {"element": element, "value": moment.isoformat(sep=" ")}
                column = mapped.columns[element]
                report.doubt(case.said[element], column, "log.before-beginning", facts)
    return outline


# ── Into the ledger ─────────────────────────────────────────────────────────


def record(
    cases: Mapping[int, RecordForeignCase],
    report: Report,
    *,
    progress: foreign.Progress | None = None,
) -> None:
    """Record the cases and write down what became of them."""
    known = queries.foreign_keys()
    before = queries.foreign_steps()
    outcomes = foreign.import_cases(list(cases.values()), progress=progress)
    for (line, case), outcome in zip(cases.items(), outcomes, strict=True):
        if isinstance(outcome, Receipt) and key_of(case.source, case.number) in known:
            report.continued += 1
        elif isinstance(outcome, Receipt):
            report.new += 1
        elif not isinstance(outcome, Refused):
            raise outcome
        elif outcome.code == "foreign-case.unchanged":
            report.unchanged += 1
        else:
            report.refuse(line, "", outcome.code, outcome.facts)
    report.steps_recorded = queries.foreign_steps() - before
    report.refused.sort(key=lambda cell: cell.line)
    report.doubts.sort(key=lambda cell: cell.line)
