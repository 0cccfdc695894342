"""The `mingtang` command: a map, and what it says when it cannot."""

import json
import threading
from datetime import date

import pytest
from click.testing import CliRunner

from mingtang.cases.models import CaseRow
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.models import CalendarYearRow
from mingtang.config import working
from mingtang.config.cli import ROOMS, main
from mingtang.ledger import queries as ledger
from mingtang.people import queries as people
from mingtang.people.models import AppointmentRow

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def empty(settings, tmp_path):
    """A data directory where nothing has been prepared."""
    settings.HOME = tmp_path
    settings.LOG_DIRECTORY = tmp_path / "log"
    settings.VAULT_DIRECTORY = tmp_path / "vault"
    settings.POLICY_FILE = tmp_path / "policy"
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


def test_the_help_names_every_command_under_what_one_wants_to_do():
    page = run("--help").output
    named = [name for _, names in ROOMS for name in names]
    shown = [name for name, command in main.commands.items() if not command.hidden]
    assert sorted(named) == sorted(shown)
    assert all(f"\n  {name} " in page for name in named)


def test_init_prepares_an_empty_installation_once(empty):
    first = run("init")
    assert first.exit_code == 0
    assert [line.split()[0] for line in first.output.splitlines()] == [
        "secret",
        "database",
        "log",
        "calendar",
    ]
    assert (empty / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    assert (empty / "keys" / "secret").stat().st_mode & 0o777 == 0o600
    assert catalogue.calendar().is_official(date(2026, 12, 31))
    size = ledger.size()
    again = run("init")
    assert [line.split()[0] for line in again.output.splitlines()] == ["database"]
    assert ledger.size() == size


def test_init_does_not_make_a_second_key_for_one_that_was_lost(empty):
    run("init")
    (empty / "keys" / "log.key").unlink()
    lost = run("init")
    assert lost.exit_code == 1
    assert "the log key is lost" in str(lost.exception)


def test_the_three_administrators_are_opened_once(empty):
    run("init")
    opened = run("administrators")
    assert [line.split()[1] for line in opened.output.splitlines()] == [
        "system-admin",
        "security-admin",
        "audit-admin",
    ]
    persons = AppointmentRow.objects.values_list("person", flat=True)
    assert all(people.is_staff(person) for person in persons)
    again = run("administrators")
    assert again.exit_code == 1
    assert "(person.number-taken)" in again.output


def test_verify_leaves_with_nothing_found_and_one_otherwise(empty):
    run("init")
    assert run("verify").exit_code == 0
    CalendarYearRow.objects.filter(year=2026).update(source="made up")
    found = run("verify", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout.splitlines()[-1]) == {
        "code": "verify.row-altered",
        "where": "catalogue_calendaryearrow 2026",
        "what": "source",
    }
    assert "catalogue_calendaryearrow" in run("rebuild").output
    assert run("verify").exit_code == 0


def test_a_year_becomes_official_from_a_file(empty, tmp_path):
    run("init")
    notice = tmp_path / "2027.txt"
    notice.write_text("off 2027-01-01\n\nwork 2027-02-06\n")
    done = run("calendar", "2027", str(notice), "--source", "演示通知")
    assert done.output == "2027: official, 0 open cases dated anew\n"
    assert catalogue.calendar().is_official(date(2027, 6, 1))
    same = run("calendar", "2027", str(notice), "--source", "演示通知")
    assert same.exit_code == 1
    assert "(calendar.unchanged)" in same.output


def test_a_line_of_the_calendar_file_that_says_nothing_is_named(empty, tmp_path):
    notice = tmp_path / "2027.txt"
    notice.write_text("off 2027-01-01\nholiday 2027-01-02\n")
    wrong = run("calendar", "2027", str(notice), "--source", "演示通知")
    assert wrong.exit_code == 1
    assert "line 2" in str(wrong.exception)


def test_work_refuses_to_start_on_a_log_that_is_not_the_database_s(empty):
    run("init")
    (empty / "log").mkdir()
    (empty / "log" / "checkpoint").write_text("nonsense")
    assert working.work(threading.Event()) == 1
    assert CaseRow.objects.count() == 0
