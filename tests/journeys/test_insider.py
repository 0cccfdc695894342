"""An insider with the database in hand (内部人改库): whatever they alter or delete is named.

Each test alters a copy of the whole installation, the triggers taken off first as an insider
would, and reads what `mingtang verify --json` says of it.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import field, press

pytestmark = pytest.mark.journey
TABLES = """
import json, django
django.setup()
from mingtang.config.wiring import SUBJECTS
print(json.dumps([
    [table._meta.db_table, table._meta.pk.column,
     [[f.column, f.name, f.get_internal_type()] for f in table._meta.local_concrete_fields
      if not f.primary_key]]
    for subject in SUBJECTS for table in subject.tables
]))
"""
WORK = """
import itertools, django
django.setup()
from django.utils import timezone
from mingtang.core.people import IdKind
from mingtang.people import actions
print("begun", flush=True)
for number in itertools.count():
    somebody = actions.Identity(name="演示来客", id_kind=IdKind.OTHER, id_number=f"L{number}")
    actions.register_person(identity=somebody, by="system", at=timezone.localtime())
"""
LISTINGS = """地块编号,起始价格
演示〔2026〕1号,100万元
演示〔2026〕2号,200万元
"""
LOG = """办件,环节,时间
演示-1,收件,2026-03-02 09:00
演示-2,收件,2026-03-02 10:00
"""
LOG_MAP = """source = "演示系统"
zone = "Asia/Shanghai"
columns = { case = "办件", activity = "环节", at = "时间" }
"""
LOOK = """
import django
django.setup()
from django.utils import timezone
from mingtang.core.papers import Need, Reader
from mingtang.papers import actions, queries
reader = Reader(person="演示审查员", staff_no="901", organisation="health")
for paper in queries.PaperRow.objects.filter(paper="licence", issued_at__isnull=False)[:2]:
    now = timezone.localtime()
    need = Need(handed_in=True, closed=False, in_hand=False, asked=False)
    actions.read(key=paper.key, reader=reader, case="MT-DEMO-CASE", purpose="演示",
        need=lambda: need, at=now)
"""
MONEY = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.deposits import TransferTo
from mingtang.trading.actions import deposits
from mingtang.trading.queries import deposits as queries
now = timezone.localtime()
for number in ("1", "2"):
    deposits.open_sub_account("insider" + number, 500_000, now, "演示竞买人", now)
    for account in (queries.standing("insider" + number).account, "99404"):
        came = Booking(institution="演示银行", booked=now, amount_fen=500_000, memo="演示",
            serial=account + number, sequence=number, payer_account="6222", payer_name="演示")
        deposits.book_arrival(account=account, booking=came, at=now)
due = now + timedelta(days=5)
deposits.order_refunds(applications=["insider1", "insider2"], reason="演示", due_at=due, at=now)
for number in ("3", "4"):
    deposits.open_sub_account("insider" + number, 500_000, now, "演示竞买人", now)
    account = queries.standing("insider" + number).account
    came = Booking(institution="演示银行", booked=now, amount_fen=500_000, memo="演示",
        serial=account, sequence=number, payer_account="6222", payer_name="演示")
    deposits.book_arrival(account=account, booking=came, at=now)
    deposits.transfer(application="insider" + number, amount_fen=500_000, to=TransferTo.COURT,
        reason="演示", due_at=due, ended=True, founded=True, at=now)
    deposits.order_payout(application="insider" + number, kept=1, to_account="9999",
        to_name="演示法院", by="system", at=now)
"""
MOVED = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from mingtang.core.trading.lots.terms import LotContent, Timetable
from mingtang.core.trading.outages import OutageRecorded, OutageRule
from mingtang.trading.actions import hosting
now = timezone.localtime()
second, month = timedelta(seconds=1), timedelta(days=30)
began, recovered = now - 100 * second, now - 99 * second
times = Timetable(sign_up_from=now - month, sign_up_until=began + second / 2,
    deposit_until=began + second / 2, opens=now + month, closes=now + 2 * month)
lots = [LotContent(no=no, title=f"演示标的{no}", procedure="ascending", procedure_version=1,
    times=times, start_fen=100, step_fen=1) for no in (1, 2)]
hosting.announce(project="JY-INSI-DER0", contents=lots, by="system", at=now)
rule = OutageRule(least_seconds=1, grace_seconds=1)
said = {"service": "insider", "began": began, "recovered": recovered, "at": now, "rule": rule}
outage = hosting.record_outage(**said).key
hosting.shift_deadlines(outage=outage, event=OutageRecorded(**said))
hosting.record_outage(**{**said, "service": "insider-2"})
"""
HALL = """
import django
django.setup()
from django.utils import timezone
from mingtang.core.halls import HallRules
from mingtang.core.people import IdKind, Role
from mingtang.people import actions as people
from mingtang.windows import actions
now = timezone.localtime()
somebody = people.Identity(name="演示", id_kind=IdKind.OTHER, id_number="yunling-manager")
person = people.register_person(identity=somebody, by="system", at=now).key
post = people.Post(person=person, role=Role.CENTRE_MANAGER, organisation="yunling", staff_no="Y-1")
people.appoint(post=post, by="system", at=now)
rules = HallRules(name="演示大厅", windows=("yunling-general-1",), opens=540, closes=1020, seats=1,
    days_ahead=1, per_person=1)
actions.arrange(hall="yunling", rules=rules, by=person, at=now)
"""
ALTERED = {  # how an insider alters a value so that it is still one of its kind
    "CharField": "{0} || 'x'",
    "TextField": "{0} || 'x'",
    "JSONField": "'[\"altered\"]'",
    "BooleanField": "1 - {0}",
    "DateField": "'1999-01-01'",
    "DateTimeField": "'1999-01-01 00:00:00'",
}
NONSENSE = {  # what SQLite lets an insider write all the same
    "CharField": "CAST(X'FF' AS TEXT)",
    "TextField": "CAST(X'FF' AS TEXT)",
    "JSONField": "'no JSON'",
    "DateField": "'9999-99-99'",
    "DateTimeField": "'9999-99-99 99:99:99'",
}


@pytest.fixture
def copied(hall, tmp_path):
    """Return the installation copied to where it can be altered.

    Files first: a checkpoint that was published is of entries the database has by then.
    """
    home = tmp_path / "copy"
    shutil.copytree(hall.home, home, ignore=shutil.ignore_patterns("*.sqlite3*", ".*", "static"))
    with (
        sqlite3.connect(hall.home / "mingtang.sqlite3") as source,
        sqlite3.connect(home / "mingtang.sqlite3") as target,
    ):
        source.backup(target)
        for (trigger,) in target.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%'"
        ).fetchall():
            target.execute(f"DROP TRIGGER {trigger}")
    environment = {
        **hall.environment,
        "MINGTANG_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'mingtang.sqlite3'}",
    }
    return replace(hall, home=home, environment=environment)


def alter(hall, *statements):
    with sqlite3.connect(hall.home / "mingtang.sqlite3") as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            assert database.execute(statement).rowcount == 1, statement


def ask(hall, question):
    with sqlite3.connect(hall.home / "mingtang.sqlite3") as database:
        return database.execute(question).fetchall()


def found(hall):
    """Return what `mingtang verify` finds, as (code, where, what)."""
    done = hall.command("verify", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == (1 if lines else 0), done.stderr
    return {(line["code"], line["where"], line["what"]) for line in lines}


# ── Copies of what the ledger says ──────────────────────────────────────────


@pytest.fixture(scope="module")
def projected(hall):
    """Return every table some subject projects: its name, its key, and its other columns."""
    done = subprocess.run(
        [sys.executable, "-c", TABLES], env=hall.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_altered_and_every_deleted_row_of_every_projected_table_is_named(
    something_of_everything, copied, projected
):
    assert found(copied) == set()
    expected = set()
    for table, key, columns in projected:
        first, last = ends(copied, table, key)
        values = [
            f'"{c}" = ' + ALTERED.get(kind, "coalesce({0}, 0) + 1000003").format(f'"{c}"')
            for c, _name, kind in columns
        ]
        alter(copied, f"UPDATE {table} SET {', '.join(values)} WHERE {key} = '{first}'")
        alter(copied, f"DELETE FROM {table} WHERE {key} = '{last}'")
        expected |= {("verify.row-altered", f"{table} {first}", name) for _c, name, _k in columns}
        expected.add(("verify.row-removed", f"{table} {last}", ""))
    assert found(copied) == expected


def test_values_that_are_not_even_of_their_kind_are_named_too(
    something_of_everything, copied, projected
):
    expected = set()
    for table, key, columns in projected:
        first, _last = ends(copied, table, key)
        for column, name, kind in columns:
            if kind in NONSENSE and column != "bigrams":  # the search of SQLite would refuse it
                change = f'SET "{column}" = {NONSENSE[kind]}'
                alter(copied, f"UPDATE {table} {change} WHERE {key} = '{first}'")
                expected.add(("verify.row-altered", f"{table} {first}", name))
    assert found(copied) == expected


def ends(hall, table, key):
    [(first, last, count)] = ask(hall, f"SELECT min({key}), max({key}), count(*) FROM {table}")
    assert count > 1, f"{table} needs two rows for this journey"
    return first, last


def test_checking_while_people_go_on_working_finds_nothing(copied):
    work = [sys.executable, "-c", WORK]
    with subprocess.Popen(work, env=copied.environment, stdout=subprocess.PIPE) as others:
        others.stdout.readline()
        try:
            [(before,)] = ask(copied, "SELECT size FROM ledger_ledgerhead")
            assert found(copied) == set()
            assert others.poll() is None
        finally:
            others.kill()
    [(after,)] = ask(copied, "SELECT size FROM ledger_ledgerhead")
    assert after > before


@pytest.fixture(scope="module")
def something_of_everything(hall, browser, tmp_path_factory):
    """Do through the pages what the demonstration leaves undone, so that no table is empty."""
    from tests.journeys.acting import sign_in

    listings = tmp_path_factory.mktemp("listings") / "listings.csv"
    listings.write_text(LISTINGS, encoding="utf-8")
    brought = hall.command("import-notices", str(listings), "--source", "演示交易中心")
    assert brought.returncode == 0, brought.stdout + brought.stderr
    log, log_map = listings.with_name("log.csv"), listings.with_name("map.toml")
    log.write_text(LOG, encoding="utf-8")
    log_map.write_text(LOG_MAP, encoding="utf-8")
    brought = hall.command("cases", "import-log", str(log), "--map", str(log_map))
    assert brought.returncode == 0, brought.stdout + brought.stderr
    with browser.new_context(locale="zh-CN") as context:
        citizen = context.new_page()
        sign_in(citizen, hall.url, "citizen")
        for agent in ("reviewer-40", "reviewer-41"):
            citizen.goto(f"{hall.url}/me/agents/")
            field(citizen, "person").fill(agent)
            press(citizen, "委托")
        expect(citizen.get_by_role("button", name="解除委托")).to_have_count(2)
    with browser.new_context(locale="zh-CN") as context:
        centre = context.new_page()
        sign_in(centre, hall.url, "centre")
        for code in ("insider-1", "insider-2"):
            centre.goto(f"{hall.url}/catalogue/new/")
            field(centre, "code").fill(code)
            field(centre, "code_scheme").select_option("local")
            field(centre, "name").fill("演示事项")
            press(centre, "建立草稿")
        wait_for_licences(centre, hall)
    for script in (LOOK, MONEY, MOVED, HALL):
        assert subprocess.run([sys.executable, "-c", script], env=hall.environment).returncode == 0


def wait_for_licences(page, hall):
    """Wait until two of the demonstration's certificates are made."""
    deadline = time.monotonic() + 60
    made = "SELECT count(*) FROM papers_paperrow WHERE paper = 'licence' AND issued_at > ''"
    while ask(hall, made) < [(2,)]:
        assert time.monotonic() < deadline
        page.wait_for_timeout(250)


# ── The ledger itself ───────────────────────────────────────────────────────

NOT_COMPARED = ("verify.copies-not-compared", "the entries above come first", "")
PLACES = {  # what of an entry an insider may alter, and how it is named
    'body = CAST(replace(CAST(body AS TEXT), \'"at":"20\', \'"at":"19\') AS BLOB)': None,
    "body = 'no entry'": None,
    "leaf = zeroblob(32)": None,
    "stream = 'person/OTHER'": "its place or kind",
    "version = version + 500": "its place or kind",
    "kind = 'person.registered.v9'": "its place or kind",
    "once = 'taken'": "its place or kind",
}


@pytest.mark.parametrize("change", PLACES)
def test_whatever_is_altered_of_an_entry_is_named(copied, change):
    [(stream, version)] = ask(
        copied, 'SELECT stream, version FROM ledger_ledgerentry WHERE "index" = 700'
    )
    alter(copied, f'UPDATE ledger_ledgerentry SET {change} WHERE "index" = 700')
    named = found(copied)
    what = PLACES[change] or f"{stream} v{version}"
    assert ("verify.entry-altered", "entry 700", what) in named
    assert NOT_COMPARED in named


def test_a_deleted_entry_is_named_wherever_it_stood(copied):
    [(size,)] = ask(copied, "SELECT size FROM ledger_ledgerhead")
    # Of one that opens values, those that are left are named as well.
    [(index,)] = ask(
        copied,
        'SELECT min("index") FROM ledger_ledgerentry WHERE "index" >= 700'
        ' AND "index" NOT IN (SELECT "index" FROM ledger_opened)',
    )
    missing = ("verify.entry-missing", f"entry {index}", f"found {index + 1}")
    alter(copied, f'DELETE FROM ledger_ledgerentry WHERE "index" = {index}')
    assert found(copied) == {missing, NOT_COMPARED}
    alter(copied, f'DELETE FROM ledger_ledgerentry WHERE "index" = {size - 1}')
    assert missing in found(copied)


def test_the_newest_entries_cut_off_with_the_head_moved_back_are_named(copied):
    [(size,)] = ask(copied, "SELECT max(size) FROM ledger_checkpoint")
    with sqlite3.connect(copied.home / "mingtang.sqlite3") as database:
        database.execute(f'DELETE FROM ledger_ledgerentry WHERE "index" >= {size - 1}')
        database.execute(f'DELETE FROM ledger_opened WHERE "index" >= {size - 1}')
        database.execute(f"UPDATE ledger_ledgerhead SET size = {size - 1}")
    assert (
        "verify.entries-cut-off",
        f"checkpoint {size}",
        f"only {size - 1} entries are left",
    ) in found(copied)


def test_altered_and_deleted_values_behind_sealed_fields_are_named(copied):
    [(one, name), (two, gone)] = ask(
        copied,
        'SELECT "index", name FROM ledger_opened WHERE "index" IN'
        ' (SELECT DISTINCT "index" FROM ledger_opened ORDER BY "index" DESC LIMIT 2)'
        ' GROUP BY "index" ORDER BY "index"',
    )
    alter(
        copied,
        f"UPDATE ledger_opened SET value = '\"x\"' WHERE \"index\" = {one} AND name = '{name}'",
        f"DELETE FROM ledger_opened WHERE \"index\" = {two} AND name = '{gone}'",
        "INSERT INTO ledger_opened (\"index\", name, salt, value) VALUES (0, 'name', 'AA', '1')",
    )
    assert {
        ("verify.disclosure-altered", f"entry {one}", name),
        ("verify.disclosure-missing", f"entry {two}", gone),
        ("verify.disclosure-added", "opened values", "some belong to no entry"),
    } <= found(copied)


def test_altered_and_deleted_nodes_of_the_tree_are_named(copied):
    alter(
        copied,
        "UPDATE ledger_treenode SET hash = zeroblob(32) WHERE level = 8 AND n = 2",
        "DELETE FROM ledger_treenode WHERE level = 8 AND n = 5",
    )
    assert found(copied) == {
        ("verify.node-altered", "tree node (8, 2)", ""),
        ("verify.node-altered", "tree node (8, 5)", ""),
        NOT_COMPARED,
    }


def test_an_altered_and_a_deleted_head_are_named(copied):
    [(size,)] = ask(copied, "SELECT size FROM ledger_ledgerhead")
    alter(copied, "UPDATE ledger_ledgerhead SET edge = zeroblob(32)")
    assert found(copied) == {("verify.head-altered", "ledger head", ""), NOT_COMPARED}
    alter(copied, "UPDATE ledger_ledgerhead SET size = size - 1")
    what = f"says {size - 1}, there are {size}"
    assert found(copied) == {("verify.entries-added", "ledger head", what), NOT_COMPARED}
    alter(copied, "DELETE FROM ledger_ledgerhead")
    assert found(copied) == {("verify.head-missing", "ledger head", ""), NOT_COMPARED}


def test_altered_and_deleted_checkpoints_are_named(copied):
    sizes = [size for (size,) in ask(copied, "SELECT size FROM ledger_checkpoint ORDER BY size")]
    assert len(sizes) > 2
    alter(
        copied,
        f"UPDATE ledger_checkpoint SET note = replace(note, '{sizes[0]}', '{sizes[0] + 1}')"
        f" WHERE size = {sizes[0]}",
        f"DELETE FROM ledger_checkpoint WHERE size = {sizes[-1]}",
    )
    named = {(code, where) for code, where, _what in found(copied)}
    assert named == {
        ("verify.checkpoint-not-ours", f"checkpoint {sizes[0]}"),
        ("verify.checkpoint-moved", f"checkpoint {sizes[1]}"),
        ("verify.checkpoint-missing", f"checkpoint {sizes[-1]}"),
        NOT_COMPARED[:2],
    }


# ── Documents ───────────────────────────────────────────────────────────────


def test_a_document_altered_on_disk_or_removed_from_its_table_is_named(copied):
    # What is a paper is checked, and named, as one (tests/rooms/test_papers_making.py).
    first, second, third = (
        id
        for (id,) in ask(
            copied,
            "SELECT id FROM vault_documentrow"
            " WHERE id NOT IN (SELECT file FROM papers_paperrow) ORDER BY id LIMIT 3",
        )
    )
    path = copied.home / "vault" / first[:2] / first
    path.write_bytes(path.read_bytes() + b" ")
    (copied.home / "vault" / second[:2] / second).unlink()
    alter(copied, f"DELETE FROM vault_documentrow WHERE id = '{third}'")
    assert found(copied) == {
        ("verify.document-altered", f"document {first}", ""),
        ("verify.document-altered", f"document {second}", ""),
        ("verify.document-missing", f"document {third}", ""),
    }
