"""Batches against a database: filing, what a crash leaves, and one act on many cases."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.cases import queries
from mingtang.cases.actions import batches
from mingtang.cases.models import BatchRow, CaseRow, TaskRow
from mingtang.cases.reactions import REACTIONS
from mingtang.config.checking import findings
from mingtang.config.wiring import SUBJECTS
from mingtang.core import cases
from mingtang.core.cases import Finding, Stage
from mingtang.core.decider import Refused
from mingtang.ledger import reactions
from mingtang.ledger.actions import erase
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import history, rebuild
from tests.core.case_examples import MONDAY, day
from tests.rooms import batch_town, case_town
from tests.rooms.case_town import clerk, officer
from tests.words import refused

pytestmark = pytest.mark.django_db
[HEARING] = [reaction for reaction in REACTIONS if reaction.reader == "cases.batch"]


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def town():
    built = case_town.build()
    batch_town.found(built)
    return built


def once(numbers, act="act"):
    return {number: f"someone/{act}/{number}/key" for number in numbers}


def accept(town, numbers, act="accept"):
    return batches.accept_each(once=once(numbers, act), officer=clerk(town), at=MONDAY)


def stages(number):
    return Counter(queries.of_batch(number).values_list("stage", flat=True))


def review(town, numbers):
    """Go through all steps of the item with every case."""
    for step, someone, staff_no, body in (
        ("papers", town.reviewer, "N-004", "market"),
        ("site", town.inspector, "N-005", "inspection"),
        ("merge", town.reviewer, "N-004", "market"),
    ):
        yield batches.complete_each(
            once=once(numbers, step),
            step=step,
            finding=Finding.MEETS,
            opinion="符合",
            officer=officer(someone, staff_no, body),
            at=MONDAY,
        )


def decide(town, numbers, *, granted=True, reason="", act="decide"):
    return batches.decide_each(
        once=once(numbers, act),
        granted=granted,
        reason=reason,
        officer=officer(town.chief, "N-006", "market"),
        at=MONDAY,
    )


def codes(outcomes):
    return [one.code if isinstance(one, Refused) else "" for one in outcomes.values()]


# ── Filing ──────────────────────────────────────────────────────────────────


def test_every_row_becomes_a_case_of_its_own(town):
    number = batch_town.batch(town, 3)
    row = BatchRow.objects.get()
    assert (row.number, row.count, row.applicant, row.agent, row.channel, row.phone_tail) == (
        number,
        3,
        batch_town.HOSPITAL,
        town.citizen,
        "online",
        "0001",
    )
    found = list(queries.of_batch(number))
    assert [(case.place, case.stage, case.applicant) for case in found] == [
        (place, Stage.FILED, batch_town.HOSPITAL) for place in (1, 2, 3)
    ]
    assert len({case.number for case in found}) == 3
    assert TaskRow.objects.filter(batch=number, key=cases.INTAKE).count() == 3


def test_a_case_holds_its_own_row_and_what_all_have_in_common(town):
    number = batch_town.batch(town, 2)
    second = queries.case_file(queries.of_batch(number)[1])
    filed = second.event(cases.CaseFiled)
    assert (filed.batch, filed.place) == (number, 2)
    assert filed.form == (
        '{"answers":{},"fields":{"job":"x","name":"演示员2","number":"'
        + batch_town.resident(2)
        + '","since":"2020-01-31","unit":"演示医院"}}'
    )
    assert filed.documents == queries.batch_event(number).documents


def test_a_batch_taken_at_the_window_names_the_clerk_in_every_case(town):
    number = batch_town.batch(town, 2, taken_by=clerk(town))
    assert BatchRow.objects.get().office == "window-7"
    assert [(case.channel, case.office) for case in queries.of_batch(number)] == [
        ("window", "window-7")
    ] * 2


PROMISE = "本单位承诺每名人员体检合格，不实愿承担法律责任。"


def test_a_promise_stands_in_every_row_and_is_looked_into_there(town):
    """告知承诺 for many: each case rests on its own, and each is checked."""
    [material] = batch_town.WORKERS.materials
    case_town.publish(
        replace(batch_town.WORKERS, materials=(replace(material, commitment=PROMISE),)), draft=2
    )
    number = batch_town.batch(town, promised=("m1",))
    [commitment] = cases.committed([replace(material, commitment=PROMISE)], ["m1"])
    filed = [history(f"case/{one}")[0].event for one in batch_town.numbers(number)]
    assert [one.commitments for one in filed] == [(commitment,)] * 3
    assert queries.batch_event(number).commitments == (commitment,)
    assert [row.commitments for row in CaseRow.objects.filter(batch=number)] == [["m1"]] * 3


def test_a_promise_no_row_may_rest_on_files_nothing(town):
    with refused("case.commitment-not-allowed"):
        batch_town.batch(town, promised=("m1",))
    assert not CaseRow.objects.exists()


def test_the_same_form_sent_twice_is_one_batch(town):
    first = batch_town.batch(town, 2, once="a-form")
    assert batch_town.batch(town, 2, once="a-form") == first
    assert (BatchRow.objects.count(), CaseRow.objects.count()) == (1, 2)


def test_a_refused_batch_leaves_no_case(town):
    with refused("batch.rows-alike"):
        batches.file_batch(
            item=batch_town.MANY,
            applicant=cases.Applicant(kind="person", id="P", name="n", id_number="i", phone="1"),
            answers={},
            rows=[batch_town.worker(1), batch_town.worker(1)],
            documents=[case_town.document(case_town.kept("P"), "m1")],
            at=MONDAY,
        )
    assert (BatchRow.objects.count(), CaseRow.objects.count()) == (0, 0)


def test_an_item_that_takes_no_batches_is_refused(town):
    with refused("batch.not-allowed"):
        batches.file_batch(
            item=case_town.ITEM,
            applicant=cases.Applicant(kind="person", id="P", name="n", id_number="i", phone="1"),
            answers={"s1": "no"},
            rows=[{"premises": "x", "kind": "shop"}],
            documents=[],
            at=MONDAY,
        )


# ── What a crash leaves ─────────────────────────────────────────────────────


def filed_up_to(monkeypatch, town, place, count=5):
    """File a batch of which only the first rows become cases: the process dies then."""
    chunks = iter([place, 0])

    def dying(orders):
        done = enact_many(orders[: next(chunks)])
        assert len(done) == place
        raise ConnectionError

    enact_many = batches.enact_many
    with monkeypatch.context() as patch:
        patch.setattr(batches, "enact_many", dying)
        with pytest.raises(ConnectionError):
            batch_town.batch(town, count, once="the-form")
    return BatchRow.objects.get().number


@pytest.mark.parametrize("place", [0, 2])
def test_the_reaction_files_what_is_missing_and_nothing_twice(town, monkeypatch, place):
    number = filed_up_to(monkeypatch, town, place)
    before = batch_town.numbers(number)
    assert len(before) == place
    assert reactions.run(HEARING) == 1
    after = batch_town.numbers(number)
    assert (len(after), after[:place]) == (5, before)
    assert batches.file_rows(number) == 0
    assert batch_town.numbers(number) == after


def test_what_is_filed_late_was_handed_in_when_the_batch_was(town, monkeypatch):
    number = filed_up_to(monkeypatch, town, 0)
    case_town.publish(replace(batch_town.WORKERS, promised_days=9), draft=2)
    reactions.run(HEARING)
    case = queries.of_batch(number)[0]
    assert (case.filed_at, case.intake_due) == (MONDAY, date(2026, 3, 9))
    assert (case.item_version, case.promised_days) == (1, 5)


def test_sending_the_form_again_files_what_is_missing(town, monkeypatch):
    number = filed_up_to(monkeypatch, town, 2)
    assert batch_town.batch(town, 5, once="the-form") == number
    assert len(batch_town.numbers(number)) == 5


def test_two_who_file_the_same_rows_file_each_once(town, monkeypatch):
    number = filed_up_to(monkeypatch, town, 1)
    with monkeypatch.context() as patch:
        patch.setattr(queries, "places_of", lambda number: set())  # it looked before we wrote
        assert batches.file_rows(number) == 4
    assert [case.place for case in queries.of_batch(number)] == [1, 2, 3, 4, 5]


def test_rows_that_were_erased_are_not_filed(town, monkeypatch):
    number = filed_up_to(monkeypatch, town, 2)
    index = BatchRow.objects.get().last_index
    erase(index=index, names=("rows",), basis="演示依据", by="t", at=MONDAY, subjects=SUBJECTS)
    assert (batches.file_rows(number), reactions.run(HEARING)) == (0, 1)
    assert len(batch_town.numbers(number)) == 2


def test_of_a_batch_nobody_filed_nothing_is_filed(town):
    assert batches.file_rows("B-0000-0000") == 0


# ── One act, many cases ─────────────────────────────────────────────────────


def test_many_are_taken_from_intake_to_decision_each_with_its_own_receipt(town):
    number = batch_town.batch(town, 3)
    rows = batch_town.numbers(number)
    accepted = accept(town, rows)
    assert list(accepted) == rows
    assert [one.stream for one in accepted.values()] == [f"case/{row}" for row in rows]
    for outcomes in review(town, rows):
        assert codes(outcomes) == ["", "", ""]
    decided = decide(town, rows)
    assert len({one.index for one in decided.values()}) == 3
    assert stages(number) == {Stage.GRANTED: 3}


def test_one_that_is_refused_leaves_the_others_alone(town):
    rows = batch_town.numbers(batch_town.batch(town, 3))
    accept(town, [rows[1]])
    outcomes = accept(town, rows, act="again")
    assert codes(outcomes) == ["", "case.not-awaiting-acceptance", ""]
    assert [row.stage for row in CaseRow.objects.filter(pk__in=rows)] == [Stage.REVIEWING] * 3


def test_a_decision_without_a_mandate_decides_nothing(town):
    number = batch_town.batch(town, 2)
    rows = batch_town.numbers(number)
    accept(town, rows)
    list(review(town, rows))
    outcomes = batches.decide_each(
        once=once(rows),
        granted=True,
        reason="",
        officer=officer(town.manager, "N-007", "market"),
        at=MONDAY,
    )
    assert codes(outcomes) == ["case.no-mandate"] * 2
    assert stages(number) == {Stage.DECIDING: 2}


def test_some_are_granted_and_some_refused(town):
    number = batch_town.batch(town, 3)
    rows = batch_town.numbers(number)
    accept(town, rows)
    list(review(town, rows))
    assert codes(decide(town, rows[:1], granted=False)) == ["case.reason-missing"]
    decide(town, rows[:1], granted=False, reason="体检不合格", act="refuse")
    decide(town, rows[1:])
    assert stages(number) == {Stage.REFUSED: 1, Stage.GRANTED: 2}


def test_the_same_form_sent_again_gives_the_first_receipts_and_does_the_rest(town):
    rows = batch_town.numbers(batch_town.batch(town, 4))
    first = accept(town, rows[:2])  # the connection broke here
    second = accept(town, rows)
    assert [one.index for one in list(second.values())[:2]] == [one.index for one in first.values()]
    assert [one.repeated for one in second.values()] == [True, True, False, False]
    assert LedgerEntry.objects.filter(kind="case.accepted.v1").count() == 4


def test_what_stands_in_the_ledger_is_read_back(town):
    rows = batch_town.numbers(batch_town.batch(town, 2))
    [first, second] = accept(town, rows).values()
    never = replace(second, index=10_000)
    other = replace(second, leaf=first.leaf)
    assert queries.recorded([first, second, never, other]) == {first, second}


# ── As the ledger says ──────────────────────────────────────────────────────


def test_rows_are_what_the_ledger_says_and_come_back_when_thrown_away(town):
    number = batch_town.batch(town, 2)
    accept(town, batch_town.numbers(number))
    assert list(findings()) == []
    tables = (BatchRow, CaseRow, TaskRow)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    rebuild(SUBJECTS)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_a_batch_edited_by_hand_is_found(town):
    number = batch_town.batch(town, 2)
    BatchRow.objects.update(count=3)
    [finding] = findings()
    assert (finding.code, finding.where) == ("verify.row-altered", f"cases_batchrow {number}")


def test_a_document_all_share_is_checked_once(town):
    number = batch_town.batch(town, 3)
    shared = queries.batch_event(number).documents
    assert list(queries.documents_recorded()) == list(shared)


# ── How much it asks of the database ────────────────────────────────────────


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    kept = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in captured if not q["sql"].lstrip().upper().startswith(kept)]


def test_accepting_fifty_takes_as_many_statements_as_accepting_one(town):
    rows = batch_town.numbers(batch_town.batch(town, 53))
    accept(town, rows[:2])  # warm
    one = len(statements(lambda: accept(town, rows[2:3])))
    fifty = len(statements(lambda: accept(town, rows[3:])))
    assert fifty == one
    assert one <= 6


def test_filing_fifty_takes_as_many_statements_as_filing_one(town):
    batch_town.batch(town, 1)
    one = len(statements(lambda: batch_town.batch(town, 1, at=day(3, 3))))
    assert len(statements(lambda: batch_town.batch(town, 50, at=day(3, 4)))) == one
