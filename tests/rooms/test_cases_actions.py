"""Every action on a case against a database: rows as the ledger says, few statements each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.cases import actions, queries
from mingtang.cases.models import CaseRow, TaskRow
from mingtang.cases.projection import CASE
from mingtang.config.wiring import SUBJECTS
from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.catalogue import key_of
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import rebuild, shadow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.case_town import clerk, officer, row
from tests.words import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def town():
    return case_town.build()


def tables():
    return {
        table: {
            r.pk: {k: v for k, v in vars(r).items() if k != "_state"} for r in table.objects.all()
        }
        for table in CASE.tables
    }


def assert_rows_are_what_the_ledger_says():
    expected = shadow(SUBJECTS).tables
    for table in CASE.tables:
        rows = {r.pk: r for r in table.objects.all()}
        assert set(rows) == set(expected[table])
        for key, values in expected[table].items():
            for name, value in values.items():
                column = table._meta.get_field(name).attname
                assert getattr(rows[key], column) == value, (key, name)


def review(town, number, step="papers"):
    return actions.complete_step(
        number=number,
        step=step,
        finding=cases.Finding.MEETS,
        opinion="符合",
        officer=officer(town.reviewer, "N-004", "market"),
        at=MONDAY,
    )


def decide(town, number):
    chief = officer(town.chief, "N-006", "market")
    return actions.decide(number=number, granted=True, reason="", officer=chief, at=MONDAY)


def test_a_number_cannot_be_guessed_and_says_nothing():
    numbers = {actions.new_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(len(number) == 12 and number.startswith("MT-") for number in numbers)


def test_filing_makes_a_case_and_the_windows_task(town):
    number = case_town.filed(town)
    case = row(number)
    assert (case.stage, case.item_version, case.department) == (Stage.FILED, 1, "market")
    assert (case.intake_due, case.phone_tail) == (date(2026, 3, 9), "0001")
    task = TaskRow.objects.get()
    assert (task.id, task.power, task.done_at) == (f"{number}.intake", "case.intake", None)


def test_an_item_that_is_not_in_force_is_not_filed(town):
    applicant = cases.Applicant(kind="person", id="P", name="n", id_number="i", phone="1")
    with refused("item.not-in-force"):
        actions.file_case(
            item="nothing", applicant=applicant, answers={}, form={}, documents=[], at=MONDAY
        )


def test_a_case_keeps_its_version_when_a_new_one_is_published(town):
    number = case_town.filed(town)
    case_town.publish(
        case_town.COMPLETE.__class__(**{**vars(case_town.COMPLETE), "promised_days": 8}), draft=2
    )
    actions.accept(number=number, officer=clerk(town), at=MONDAY)
    assert (row(number).item_version, row(number).promised_days) == (1, 5)
    assert row(case_town.filed(town)).promised_days == 8


def test_the_whole_way_leaves_rows_that_equal_a_replay(town):
    number = case_town.reviewed(town)
    decide(town, number)
    waiting = case_town.notified(town)
    actions.submit_corrections(
        number=waiting, person=town.citizen, documents=[], form={"premises": "x"}, at=MONDAY
    )
    actions.withdraw(number=waiting, person=town.citizen, reason="", at=MONDAY)
    refused_case = case_town.filed(town)
    actions.refuse_acceptance(
        number=refused_case,
        ground=cases.Ground.NOT_REQUIRED,
        reason="不需要许可",
        competent_organ="",
        officer=clerk(town),
        at=MONDAY,
    )
    late = case_town.filed(town)
    actions.deem_accepted(at=MONDAY + timedelta(days=8))
    assert row(number).stage == Stage.GRANTED
    assert row(late).deemed
    assert_rows_are_what_the_ledger_says()
    before = tables()
    rebuild(SUBJECTS)
    assert tables() == before


def test_deemed_acceptance_is_done_once_and_only_to_what_is_late(town):
    case_town.filed(town)
    case_town.accepted(town)
    case_town.notified(town)
    assert actions.deem_accepted(at=MONDAY + timedelta(days=7)) == 0
    assert actions.deem_accepted(at=MONDAY + timedelta(days=8)) == 1
    assert actions.deem_accepted(at=MONDAY + timedelta(days=8)) == 0


def test_a_newly_announced_year_moves_open_cases_and_only_those(town):
    december = MONDAY.replace(month=12, day=28)
    moved, ended = case_town.filed(town, at=december), case_town.filed(town, at=december)
    actions.withdraw(number=ended, person=town.citizen, reason="", at=december)
    case_town.catalogue.publish_calendar_year(
        year=2027,
        official=True,
        off_days=[date(2027, 1, 1)],
        makeup_days=[],
        source="演示通知",
        by="t",
        at=december,
    )
    assert actions.redate_all(at=december) == 1
    assert actions.redate_all(at=december) == 0
    assert (row(moved).intake_due, row(moved).provisional) == (date(2027, 1, 5), False)
    assert_rows_are_what_the_ledger_says()


def test_the_letter_that_carries_a_decision_is_found_among_several(town):
    case_town.grant(town, letter_no="演市监授〔2026〕2号", items=("OTHER",))
    number = case_town.reviewed(town)
    assert isinstance(decide(town, number), Receipt)


def test_nobody_in_particular_applied_for_nothing(town):
    case_town.filed(town)
    assert list(queries.of_applicant("")) == []


# ── How much each act asks of the database ──────────────────────────────────


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    kept = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in captured if not q["sql"].lstrip().upper().startswith(kept)]


def test_a_step_of_a_warm_case_takes_at_most_six_statements(town):
    number = case_town.filed(town)
    warm = case_town.filed(town)
    actions.accept(number=warm, officer=clerk(town), at=MONDAY)
    accept = statements(lambda: actions.accept(number=number, officer=clerk(town), at=MONDAY))
    step = statements(lambda: review(town, number))
    ready = case_town.reviewed(town)
    queries.mandate_for(person=town.chief, organ="market", item="DEMO-001", day=MONDAY.date())
    decision = statements(lambda: decide(town, ready))
    counts = {"accept": len(accept), "step": len(step), "decide": len(decision)}
    assert all(count <= 6 for count in counts.values()), (counts, accept, step, decision)


def test_a_review_that_ends_clears_away_no_task_that_never_was(town):
    sent = statements(lambda: case_town.reviewed(town))
    assert [sql for sql in sent if sql.startswith("DELETE") and "taskrow" in sql] == []


def test_rows_are_never_found_by_guessing_around_the_case(town):
    assert CaseRow.objects.count() == 0
    assert not queries.is_known(number="MT-0000-0000", phone_tail="")


def test_codes_and_names_as_long_as_an_item_may_have_them_fit_the_rows(town):
    steps = [replace(step, name="核" * 500, name_en="c" * 500) for step in COMPLETE.steps]
    long = replace(COMPLETE, code="X" * 200, name="长" * 300, steps=tuple(steps))
    case_town.publish(long)
    number = case_town.filed(town, item=key_of(long.code))
    actions.accept(number=number, officer=clerk(town), at=MONDAY)
    assert row(number).item_code == long.code
    assert TaskRow.objects.get(case=number, key=steps[0].key).name == "核" * 500
