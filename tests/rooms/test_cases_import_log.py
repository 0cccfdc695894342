"""`mingtang cases import-log`: the dirt of real logs, made up and small; and a real log."""

import gzip
import json
import re
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingtang.cases import queries
from mingtang.cases.models import ForeignCaseRow
from mingtang.cases.projection import FOREIGN_CASE
from mingtang.config.cli import main
from mingtang.config.importing import logs_map
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.logs import import_log
from mingtang.config.importing.reading import Unusable
from mingtang.core.foreigncases import (
    Counting,
    ForeignOutline,
    ForeignStanding,
    ForeignStep,
    Unit,
    clock_of,
    key_of,
)
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import shadow

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared/data/process/receipt.csv.gz"
REAL_MAP = ROOT / "docs/formats/receipt.toml"
CHINA = timezone(timedelta(hours=8))
MAP = """
source = "演示审批系统"
zone = "Asia/Shanghai"
absent = ["无"]
times = ["%Y年%m月%d日", "%d.%m.%Y %H:%M"]
[columns]
case = "办件编号"
activity = "环节"
at = "时间"
id = "环节编号"
resource = "人员"
started = "收到"
deadline = "期限"
closed = "办结"
department = "部门"
"""
HEAD = "办件编号,环节,时间,环节编号,人员,收到,期限,办结,部门"
FIRST = "A-1,收件,2026-03-02 09:00,1,甲,2026-03-02,2026-03-16,2026-03-16 17:00,许可科"
SECOND = "A-1,审查,2026-03-03 10:30:00,2,无,2026-03-02,2026-03-16,2026-03-16 17:00,许可科"
OTHER = "A-2,收件,2026-03-02 11:00,3,甲,2026-03-02,2026-03-16,2026-03-17 00:10,许可科"


@pytest.fixture
def run(tmp_path, capsys):
    """Import text as a file; return exit code and report."""

    def run(*lines, name="log.csv", written=MAP, data=None):
        file, map_file = tmp_path / name, tmp_path / "map.toml"
        file.write_bytes("\n".join(lines).encode() if data is None else data)
        map_file.write_text(written, encoding="utf-8")
        return run_file(file, map_file)

    def run_file(file, map_file):
        code = import_log(file, map_file, as_json=True)
        return code, json.loads(capsys.readouterr().out)

    run.file = run_file
    return run


def counts(report):
    names = ("read", "repeated", "cases", "new", "continued", "unchanged", "steps_recorded")
    return (*(report[name] for name in names), len(report["refused"]), len(report["doubts"]))


def places(cells):
    return [(cell["line"], cell["column"], cell["code"]) for cell in cells]


def case(number, source="演示审批系统"):
    return queries.foreign_file(key_of(source, number))


def at(day, hour=0, minute=0, second=0):
    return datetime(2026, 3, day, hour, minute, second, tzinfo=CHINA)


# ── What a good log becomes ─────────────────────────────────────────────────


@pytest.mark.django_db
def test_rows_become_cases_with_their_steps_in_order(run):
    code, report = run(HEAD, SECOND, FIRST, OTHER)
    assert (code, counts(report)) == (0, (3, 0, 2, 2, 0, 0, 3, 0, 0))
    assert (report["kind"], report["source"], report["unmapped"]) == ("CSV", "演示审批系统", [])
    state = case("A-1").state
    assert state.steps == (
        ForeignStep(activity="收件", at=at(2, 9), id="1", resource="甲"),
        ForeignStep(activity="审查", at=at(3, 10, 30), id="2"),
    )
    assert state.outline == ForeignOutline(
        started=at(2), deadline=at(16, 23, 59, 59), closed=at(16, 17), department="许可科"
    )
    row = case("A-1").row
    assert (row.began_date, row.due_date) == (date(2026, 3, 2), date(2026, 3, 16))
    assert (row.steps, row.activities) == (2, [["审查", 1], ["收件", 1]])


@pytest.mark.django_db
def test_closing_on_the_due_date_is_in_time_and_ten_minutes_into_the_next_day_is_not(run):
    """Both are 16 March in UTC."""
    run(HEAD, FIRST, OTHER)
    assert case("A-1").row.standing == ForeignStanding.IN_TIME
    assert case("A-2").row.standing == ForeignStanding.LATE


@pytest.mark.django_db
def test_a_deadline_may_be_meant_to_the_moment(run):
    to_the_moment = MAP.replace("absent", 'deadline = "moment"\nabsent')
    late = FIRST.replace("2026-03-16,2026-03-16 17:00", "2026-03-16 16:59,2026-03-16 17:00")
    day = late.replace("A-1", "A-3").replace("2026-03-16 16:59", "2026-03-16").replace(",1,", ",9,")
    run(HEAD, late, day, written=to_the_moment)
    assert case("A-1").state.outline.counting is Counting.MOMENT
    assert case("A-1").row.standing == ForeignStanding.LATE
    assert case("A-3").row.standing == ForeignStanding.IN_TIME  # a day is whole


@pytest.mark.django_db
def test_a_log_is_read_packed_or_not_and_in_the_encodings_offices_use(run):
    text = "\n".join([HEAD, FIRST])
    code, report = run(name="log.csv.gz", data=gzip.compress(text.encode("gb18030"), mtime=0))
    assert (code, report["kind"], report["encoding"]) == (0, "CSV", "gb18030")
    code, report = run(name="log.csv", data=b"\xef\xbb\xbf" + text.replace(",", ";").encode())
    assert counts(report) == (1, 0, 1, 0, 0, 1, 0, 0, 0)


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_a_grown_log_adds_what_is_new(run):
    open_case = FIRST.replace("2026-03-16 17:00", "")
    run(HEAD, open_case)
    before = LedgerEntry.objects.count()
    assert counts(run(HEAD, open_case)[1]) == (1, 0, 1, 0, 0, 1, 0, 0, 0)
    assert LedgerEntry.objects.count() == before
    assert case("A-1").row.standing == ForeignStanding.OPEN
    _, report = run(HEAD, open_case, SECOND, OTHER)
    assert counts(report) == (3, 0, 2, 1, 1, 0, 2, 0, 0)
    assert LedgerEntry.objects.count() == before + 2
    found = case("A-1")
    assert [len(one.event.steps) for one in found.history] == [1, 1]
    assert found.row.standing == ForeignStanding.IN_TIME


@pytest.mark.django_db
def test_a_long_case_goes_on_in_further_entries(run):
    lines = [
        f"A-1,{'长' * 190}{n},2026-03-{n % 28 + 1:02},{n},{'甲' * 190},,,," for n in range(200)
    ]
    code, report = run(HEAD, *lines)
    assert (code, counts(report)) == (0, (200, 0, 1, 1, 0, 0, 200, 0, 0))
    found = case("A-1")
    assert len(found.history) == 5
    assert found.row.steps == 200
    assert counts(run(HEAD, *lines)[1])[5] == 1  # unchanged


# ── Dirt ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_bad_rows_are_told_with_line_and_column_and_the_good_ones_kept(run):
    code, report = run(
        HEAD,
        FIRST,
        ",收件,2026-03-02,4,甲,,,,",
        "A-1,,2026-03-02,5,甲,,,,",
        "A-1,补正,,6,甲,,,,",
        "A-1,补正,三月二日,7,甲,,,,",
        "A-1,补正,2026-02-30,8,甲,,,,",
        "A-1,补正,2026-03-02",
        f"A-1,{'长' * 201},2026-03-02,9,甲,,,,",
        "A-1,补正,2026-03-02,1,甲,,,,",
        FIRST,
        SECOND,
    )
    assert (code, counts(report)) == (1, (11, 1, 1, 1, 0, 0, 2, 8, 0))
    assert places(report["refused"]) == [
        (3, "办件编号", "import.element-missing"),
        (4, "环节", "import.element-missing"),
        (5, "时间", "import.element-missing"),
        (6, "时间", "log.not-a-time"),
        (7, "时间", "log.not-a-time"),
        (8, "", "import.wrong-number-of-cells"),
        (9, "环节", "foreign-case.too-long"),
        (10, "环节编号", "log.same-id"),
    ]
    assert report["refused"][3]["reason"] == "at 不是对照表所写的时间：三月二日"
    assert report["refused"][7]["reason_en"] == "Same id of a step as in line 2, other content"


@pytest.mark.django_db
def test_cells_of_the_case_in_doubt_cost_only_themselves_and_are_told_once(run):
    code, report = run(
        HEAD,
        "A-1,收件,2026-03-02,1,甲,2026-03-02,没定,2026-03-01,许可科",
        "A-1,审查,2026-03-03,2,甲,2026-03-02,没定,2026-03-01,审批科",
        "A-1,决定,2026-03-04,3,甲,2026-03-02,没定,2026-03-01,审批科",
    )
    assert (code, counts(report)) == (0, (3, 0, 1, 1, 0, 0, 3, 0, 3))
    assert places(report["doubts"]) == [
        (2, "期限", "log.not-a-time"),
        (2, "办结", "log.before-beginning"),
        (3, "部门", "log.case-differs"),
    ]
    assert case("A-1").state.outline.deadline is None
    assert case("A-1").row.department == "许可科"


@pytest.mark.django_db
def test_what_was_brought_in_is_not_rewritten_and_the_case_is_told_of(run):
    run(HEAD, FIRST, OTHER)
    code, report = run(HEAD, OTHER, FIRST.replace("甲", "乙"))
    assert (code, counts(report)) == (1, (2, 0, 2, 0, 0, 1, 0, 1, 0))
    assert places(report["refused"]) == [(3, "", "foreign-case.step-changed")]
    assert "1" in report["refused"][0]["reason"]
    assert case("A-1").state.steps[0].resource == "甲"


@pytest.mark.django_db
def test_columns_the_map_leaves_out_are_named(run):
    _, report = run(f"{HEAD},备注", f"{FIRST},某事")
    assert report["unmapped"] == ["备注"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.empty"),
        (gzip.compress(b"", mtime=0), "import.empty"),
        (gzip.compress(HEAD.encode() * 50, mtime=0)[:-20], "import.broken-gzip"),
        (b"\x1f\x8bnot gzip at all", "import.broken-gzip"),
        (b"%PDF-1.7", "import.wrong-file"),
        (
            HEAD.replace("环节,", "步骤,").encode() + b"\n" + FIRST.encode(),
            "import.unknown-columns",
        ),
        (HEAD.replace("期限", "限期").encode() + b"\n" + FIRST.encode(), "log.columns-missing"),
        (b"<log><trace>", "log.broken-xes"),
        (b"<html></html>", "log.no-log"),
        (b"<log></log>", "import.empty"),
        (b'<!DOCTYPE log [<!ENTITY a "b">]><log>&a;</log>', "log.broken-xes"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_so(run, data, code):
    assert run(data=data)[0] == 2
    assert run(data=data)[1]["unusable"]["code"] == code
    assert LedgerEntry.objects.count() == 0


@pytest.mark.django_db
def test_two_columns_that_could_both_be_meant_are_not_chosen_between(run):
    heading = HEAD.replace("部门", "Dept Name")
    written = MAP.replace('"部门"', '"dept_name"')
    assert run(heading, FIRST, written=written)[0] == 0
    code, report = run(f"{heading},dept_name", f"{FIRST},x", written=written)
    assert (code, report["unusable"]["code"]) == (2, "log.columns-alike")


# ── XES ─────────────────────────────────────────────────────────────────────

XES_MAP = """
source = "演示流程"
zone = "Asia/Shanghai"
[columns]
case = "case:concept:name"
activity = "concept:name"
at = "time:timestamp"
resource = "org:resource"
deadline = "case:deadline"
"""
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="urn:concept"/>
  <global scope="trace"><string key="concept:name" value="?"/></global>
  <string key="concept:name" value="演示日志"/>
  <trace>
    <string key="concept:name" value="X-1"/>
    <date key="deadline" value="2026-03-16T16:00:00Z"/>
    <event>
      <string key="concept:name" value="收件"><string key="inner" value="嵌套"/></string>
      <date key="time:timestamp" value="2026-03-02T01:00:00.000Z"/>
      <string key="org:resource" value="甲"/>
    </event>
    <event>
      <string key="concept:name" value="审查"/>
    </event>
  </trace>
  <trace><string key="concept:name" value="X-2"/></trace>
</log>
"""


@pytest.mark.django_db
@pytest.mark.parametrize("data", [XES.encode(), gzip.compress(XES.encode(), mtime=0)])
def test_xes_is_read_like_its_csv_each_event_with_its_line(run, data):
    code, report = run(name="log.xes.gz", data=data, written=XES_MAP)
    assert (code, report["kind"], counts(report)) == (1, "XES", (3, 0, 1, 1, 0, 0, 1, 2, 0))
    assert places(report["refused"]) == [
        (14, "time:timestamp", "import.element-missing"),
        (18, "", "log.case-without-steps"),
    ]
    assert report["nested"] == 1
    state = case("X-1", "演示流程").state
    assert state.steps == (ForeignStep(activity="收件", at=at(2, 9), resource="甲"),)
    assert state.outline.deadline.date() == date(2026, 3, 17)  # of the place, not of UTC


# ── The map ─────────────────────────────────────────────────────────────────


@pytest.fixture
def mapped(tmp_path):
    def mapped(written):
        file = tmp_path / "map.toml"
        file.write_text(written, encoding="utf-8")
        return logs_map.read_map(file)

    return mapped


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("source =", "source", "log.map-broken"),
        ('source = "演示审批系统"', "", "log.map-missing"),
        ('"演示审批系统"', "7", "log.map-entry"),
        ('"演示审批系统"', f'"{"长" * 201}"', "log.map-entry"),
        ("Asia/Shanghai", "Asia/Nowhere", "log.map-entry"),
        ("Asia/Shanghai", "../etc/passwd", "log.map-entry"),
        ('["无"]', '"无"', "log.map-entry"),
        ("%Y年", "%Q年", "log.map-entry"),
        ("absent", 'deadline = "hour"\nabsent', "log.map-entry"),
        ("absent", "colums = 1\nabsent", "log.map-entry"),
        ("[columns]", "[colums]", "log.map-entry"),
        ('case = "办件编号"', "", "log.map-missing"),
        ('id = "环节编号"', 'ident = "环节编号"', "log.map-entry"),
        ('id = "环节编号"', "id = 7", "log.map-entry"),
    ],
)
def test_a_map_that_cannot_be_used_is_said_so(mapped, old, new, code):
    assert old in MAP
    with pytest.raises(Unusable, match=f"^{code.replace('.', r'[.]')}$"):
        mapped(MAP.replace(old, new))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2026-03-02T09:00:00+08:00", at(2, 9)),
        ("2026-03-02 01:00:00Z", at(2, 9)),
        ("2026-03-02 09:00", at(2, 9)),
        ("2026-03-02", at(2)),
        ("20260302", at(2)),
        ("2026年03月02日", at(2)),
        ("02.03.2026 09:00", at(2, 9)),
        ("无", None),
        ("", None),
    ],
)
def test_times_are_read_as_the_map_says(mapped, written, found):
    time = mapped(MAP).time("started", {"收到": written})
    assert (time and time.at, time and time.doubt) == (found, found and "")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2026-03-16", at(16, 23, 59, 59)),
        ("2026-03-16 00:00:00", at(16, 23, 59, 59)),  # how spreadsheets write a day
        ("2026年03月16日", at(16, 23, 59, 59)),
        ("2026-03-16 00:00", at(16)),
        ("2026-03-16 00:00:00+08:00", at(16)),
        ("16.03.2026 00:00", at(16)),
    ],
)
def test_a_deadline_that_is_a_day_lasts_until_the_day_is_over(mapped, written, found):
    assert mapped(MAP).time("deadline", {"期限": written}).at == found


@pytest.mark.parametrize(
    "written", ["9999-12-31 23:00-12:00", "0001-01-01 00:00+14:00", "2026-13-01"]
)
def test_a_time_there_cannot_be_is_no_time(mapped, written):
    with pytest.raises(Unreadable, match=r"^log\.not-a-time$"):
        mapped(MAP).time("started", {"收到": written})


def test_every_entry_of_a_map_is_told_of():
    page = (ROOT / "docs/formats/import-log.md").read_text(encoding="utf-8")
    told = {
        name
        for line in page.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`\[?(\w+)\]?`", line.split("|")[1])
    }
    assert told == {*logs_map.ENTRIES, *logs_map.ELEMENTS}


@pytest.mark.parametrize(
    ("written", "offset", "doubt"),
    [
        ("2011-07-01 12:00", 2, ""),
        ("2011-12-01 12:00", 1, ""),
        ("2011-10-30 02:30", 2, "log.hour-twice"),
        ("2011-03-27 02:30", 1, "log.hour-never"),
        ("2011-10-30 02:30+01:00", 1, ""),
    ],
)
def test_a_time_without_offset_has_that_of_the_zone_then(mapped, written, offset, doubt):
    there = mapped(MAP.replace("Asia/Shanghai", "Europe/Amsterdam"))
    time = there.time("started", {"收到": written})
    assert (time.at.utcoffset(), time.doubt) == (timedelta(hours=offset), doubt)


# ── The command ─────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_command_shows_progress_and_names_line_column_and_reason(tmp_path):
    file, map_file = tmp_path / "log.csv", tmp_path / "map.toml"
    file.write_text(f"{HEAD}\n{FIRST}\nA-1,补正,三月二日,7,甲,,,,\n", encoding="utf-8")
    map_file.write_text(MAP, encoding="utf-8")
    done = CliRunner().invoke(main, ["cases", "import-log", str(file), "--map", str(map_file)])
    assert done.exit_code == 1
    assert "导入 / importing" in done.output
    assert "没有导入的行和办件 / rows and cases not taken" in done.output
    assert "三月二日" in done.output


# ── A real log ──────────────────────────────────────────────────────────────

real = pytest.mark.skipif(not REAL.exists(), reason="the real log is not beside this copy")


@real
@pytest.mark.django_db
def test_the_real_log_comes_in_whole_and_a_second_time_changes_nothing(run):
    code, report = run.file(REAL, REAL_MAP)
    assert (code, counts(report)) == (0, (8577, 0, 1434, 1434, 0, 0, 8577, 0, 2))
    assert report["unmapped"] == []
    assert {code for _, _, code in places(report["doubts"])} == {"log.before-beginning"}
    assert counts(run.file(REAL, REAL_MAP)[1]) == (8577, 0, 1434, 0, 0, 1434, 0, 0, 2)
    rows = {row.pop("key"): row for row in ForeignCaseRow.objects.values()}
    assert shadow([FOREIGN_CASE]).tables[ForeignCaseRow] == rows
    [figures] = queries.foreign_figures()
    assert (figures.cases, figures.steps, len(figures.activities)) == (1434, 8577, 27)
    assert figures.activities[0] == ("Confirmation of receipt", 1434)
    # Of 377 cases closed after the moment of their deadline, 68 were closed on the due date.
    assert figures.standings == {"in_time": 1020, "late": 309, "open": 105}
    assert (figures.judged, figures.late) == (1329, 309)
    known = Counter(row.standing for row in ForeignCaseRow.objects.all())
    assert known == figures.standings


@real
@pytest.mark.django_db
def test_a_real_case_on_its_clock(run):
    run.file(REAL, REAL_MAP)
    found = case("case-10011", "Receipt phase of an environmental permit (CoSeLoG)")
    assert [step.id for step in found.state.steps] == [
        "task-42933",
        "task-42935",
        "task-42957",
        "task-47958",
    ]
    clock = clock_of(found.state.outline, found.state.steps, calendar=WorkCalendar(()))
    assert (clock.unit, clock.used_days, clock.allowed_days) == (Unit.CALENDAR_DAYS, 44, 56)
    assert found.row.standing == ForeignStanding.OPEN  # and so counted to its last step
    assert clock.until == date(2011, 11, 24)
