"""Bring in notices of other platforms (导入其他平台项目): `mingtang import-notices FILE...`.

Good rows are kept, bad ones listed with line and column. A cell that could not be taken for
what its column is does not cost the row: its words are kept, and it is listed as in doubt
(存疑). A second run changes nothing.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from django.utils import timezone

from mingtang.config.importing import notices_printing, printing
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.notices_columns import FORMATS
from mingtang.config.importing.notices_reading import Doubt, Said, notice_of
from mingtang.config.importing.notices_regions import read_divisions
from mingtang.config.importing.notices_report import Report
from mingtang.config.importing.reading import Table, Unusable, read
from mingtang.core.decider import Refused
from mingtang.core.trading.foreign import ForeignNotice, key_of
from mingtang.ledger.orders import Receipt
from mingtang.trading import queries
from mingtang.trading.actions import foreign

BY = "import"  # who is written down as having brought them in


def import_notices(
    files: Sequence[Path], said: Said, divisions: Path | None, *, as_json: bool = False
) -> int:
    """Import and print the reports. Returns 0: all good, 1: some rows bad, 2: a file unusable."""
    if divisions:
        try:
            said = replace(said, divisions=read_divisions(divisions))
        except Unusable as unusable:
            printing.unusable(divisions, unusable.code, unusable.facts, as_json=as_json)
            return 2
    return max(_import(file, said, as_json=as_json) for file in files)


def _import(file: Path, said: Said, *, as_json: bool) -> int:
    began = perf_counter()
    try:
        table = read(file, FORMATS)
    except Unusable as unusable:
        printing.unusable(file, unusable.code, unusable.facts, as_json=as_json)
        return 2
    with nullcontext() if as_json else printing.progress(len(table.rows)) as advance:
        report = run(table, said, at=timezone.localtime(), progress=advance)
    report.seconds = round(perf_counter() - began, 2)
    notices_printing.report(file, report, as_json=as_json)
    return 1 if report.refused else 0


def run(
    table: Table, said: Said, *, at: datetime, progress: foreign.Progress | None = None
) -> Report:
    """Record every good row of the table and return what became of all of them."""
    report = Report(table.kind, table.encoding, table.format.name, read=len(table.rows))
    notices = _notices(table, said, report)
    known = queries.known_notices()
    outcomes = foreign.import_notices(list(notices.values()), by=BY, at=at, progress=progress)
    for (line, notice), outcome in zip(notices.items(), outcomes, strict=True):
        if isinstance(outcome, Receipt) and _key(notice) in known:
            report.corrected += 1
        elif isinstance(outcome, Receipt):
            report.new += 1
        elif not isinstance(outcome, Refused):
            raise outcome
        elif outcome.code == "foreign-notice.unchanged":
            report.unchanged += 1
        else:
            report.refuse(line, "", outcome.code, outcome.facts)
    report.refused.sort(key=lambda cell: cell.line)
    return report


def _notices(table: Table, said: Said, report: Report) -> dict[int, ForeignNotice]:
    """Return the notices that can be read, by line, each once."""
    notices: dict[int, ForeignNotice] = {}
    first: dict[str, int] = {}
    for row in table.rows:
        try:
            if row.bad:
                raise row.bad
            notice, doubts = notice_of(table.format, row.values, said)
            same = first.setdefault(_key(notice), row.line)
            if same == row.line:
                notices[row.line] = notice
                _doubt(report, row.line, doubts)
            elif notices[same] == notice:
                report.repeated += 1
            else:
                raise Unreadable("notice.same-number", first=same)
        except Unreadable as error:
            report.refuse(row.line, str(error.facts.get("element", "")), error.code, error.facts)
    return notices


def _doubt(report: Report, line: int, doubts: Sequence[Doubt]) -> None:
    for one in doubts:
        report.doubt(line, one.column, one.code, {"value": one.value, "element": one.column})


def _key(notice: ForeignNotice) -> str:
    return key_of(notice.source, notice.kind, notice.source_id)
