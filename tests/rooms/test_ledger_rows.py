"""Row changes mean the same in the database and in the memory of whoever checks it."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.cases.models import EfficiencyRow
from mingtang.core.efficiency import Sums
from mingtang.ledger.models import Place
from mingtang.ledger.rows import Add, Change, Drop, Put, Shadow, write
from mingtang.people.models import EntrustmentRow, OfficeRow

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
BLANK = {
    "person": "P",
    "agent": "A",
    "scope": "",
    "entrusted_at": NOON,
    "last_index": 0,
}


def put(key, **changes):
    return Put(EntrustmentRow, key, {**BLANK, **changes})


def change(key, **values):
    return Change(EntrustmentRow, key, values)


def drop(key):
    return Drop(EntrustmentRow, key)


def stored():
    return {row.pop("id"): row for row in EntrustmentRow.objects.values()}


@pytest.mark.parametrize(
    ("rows", "scope"),
    [
        ([put("a"), put("a", scope="x")], "x"),
        ([put("a"), change("a", scope="x")], "x"),
        ([put("a"), change("a", scope="x"), change("a", last_index=7)], "x"),
        ([put("a"), drop("a"), put("a", scope="x")], "x"),
        ([put("a"), drop("a")], None),
        ([drop("a")], None),
        ([drop("a"), put("a", scope="x")], "x"),
        ([], None),
    ],
)
def test_the_last_change_of_a_row_is_what_holds(rows, scope):
    write(rows)
    assert (stored().get("a") or {}).get("scope") == scope


def test_a_row_that_is_there_already_is_written_whole():
    write([put("a", scope="x", last_index=1)])
    write([put("a", last_index=2)])
    assert stored() == {"a": {**BLANK, "last_index": 2}}


def test_a_change_touches_only_its_columns():
    write([put("a", scope="x"), put("b", scope="y")])
    write([change("a", last_index=5)])
    assert stored() == {
        "a": {**BLANK, "scope": "x", "last_index": 5},
        "b": {**BLANK, "scope": "y"},
    }


def test_alike_changes_are_one_statement_however_many_rows():
    with CaptureQueriesContext(connection) as run:
        write([put(f"k{number}") for number in range(500)])
        write([drop(f"k{number}") for number in range(500)])
    assert [query["sql"].split()[0] for query in run] == ["INSERT", "DELETE"]


def test_more_rows_than_a_statement_has_parameters_for_are_written_in_several():
    write([put(f"k{number}") for number in range(6_000)])
    assert EntrustmentRow.objects.count() == 6_000
    write([Put(Place, f"r{number}", {"index": number}) for number in range(16_000)])
    assert Place.objects.count() == 16_000


def test_a_put_that_forgets_a_column_is_a_mistake_of_ours():
    with pytest.raises(AssertionError, match="must name every column"):
        write([Put(OfficeRow, "w", {"organisation": "m"})])


KEYS = st.sampled_from("abc")
STEPS = st.lists(
    st.one_of(
        st.builds(lambda key, n: put(key, last_index=n), KEYS, st.integers(0, 9)),
        st.builds(lambda key, s: change(key, scope=s), KEYS, st.sampled_from("xyz")),
        st.builds(lambda key, n: change(key, last_index=n), KEYS, st.integers(0, 9)),
        st.builds(drop, KEYS),
    ),
    max_size=12,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=4))
def test_database_and_shadow_agree_after_any_changes(commits):
    EntrustmentRow.objects.all().delete()
    shadow = Shadow([EntrustmentRow])
    for rows in commits:
        there = set(shadow.tables[EntrustmentRow])
        possible = []
        for row in rows:  # a projection changes only rows that are there
            if isinstance(row, Change) and row.key not in there:
                continue
            there = there - {row.key} if isinstance(row, Drop) else there | {row.key}
            possible.append(row)
        shadow.apply(possible)
        write(possible)
        assert stored() == shadow.tables[EntrustmentRow]


# ── Sums ────────────────────────────────────────────────────────────────────


def add(key, number, days=0):
    said = {"department": "d", "act": "decision", "item": "i", "month": "2026-03", "used_days": 1}
    amounts = asdict(Sums(cases=number, statutory_days=days))
    return Add(EfficiencyRow, key, said, amounts)


def sums():
    rows = EfficiencyRow.objects.values_list("id", "cases", "statutory_days", "month")
    return {key: found for key, *found in rows}


def test_the_first_addition_begins_the_row_and_later_ones_add_to_it():
    write([add("a", 1, 20)])
    write([add("a", 2, 5), add("b", 7)])
    assert sums() == {"a": [3, 25, "2026-03"], "b": [7, 0, "2026-03"]}


def test_additions_to_one_row_are_one_statement():
    with CaptureQueriesContext(connection) as asked:
        write([add("a", 1, 20), add("b", 1), add("a", 2, 5)])
    assert len(asked) == 1
    assert sums()["a"] == [3, 25, "2026-03"]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9))), max_size=4))
def test_sums_are_the_same_in_the_database_and_in_the_memory_of_whoever_checks(commits):
    EfficiencyRow.objects.all().delete()
    shadow = Shadow([EfficiencyRow])
    for commit in commits:
        rows = [add(key, number) for key, number in commit]
        write(rows)
        shadow.apply(rows)
    stored = {row.pop("id"): row for row in EfficiencyRow.objects.values()}
    assert stored == shadow.tables[EfficiencyRow]
