"""The one way to write: all or nothing, each order alone, nothing twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.core import merkle
from mingtang.core.decider import Refused
from mingtang.ledger import queries
from mingtang.ledger.enact import enact, enact_one, known_state
from mingtang.ledger.memory import memory, until_changed
from mingtang.ledger.models import LedgerEntry, LedgerHead, Place
from mingtang.ledger.nodes import read_nodes
from mingtang.ledger.orders import Receipt
from mingtang.ledger.rows import Put
from tests.rooms.ledger_subjects import NOON, YEAR, publish
from tests.words import refused

pytestmark = pytest.mark.django_db


def test_an_accepted_order_writes_entry_row_and_tree_together():
    receipt = enact_one(publish(2026))

    assert Place.objects.get().index == 1
    entry = LedgerEntry.objects.get()
    assert (entry.stream, entry.version, entry.kind) == (
        "calendar/2026",
        1,
        "calendar.year-published.v1",
    )
    merkle.check_inclusion(
        queries.inclusion_proof(receipt.index, queries.size()),
        index=receipt.index,
        leaf=receipt.leaf,
        size=1,
        root=merkle.root(1, read_nodes),
    )


def test_a_refused_order_writes_nothing():
    enact_one(publish(2026))
    with refused("calendar.unchanged"):
        enact_one(publish(2026))
    assert (queries.size(), LedgerEntry.objects.count()) == (1, 1)


def test_orders_that_share_a_commit_stand_alone():
    first, second, third = enact([publish(2026), publish(2026), publish(2025)])
    assert isinstance(first, Receipt)
    assert isinstance(second, Refused)
    assert second.code == "calendar.unchanged"
    assert isinstance(third, Receipt)
    assert (first.index, third.index) == (0, 1)


def test_two_orders_on_one_stream_see_each_other():
    first, second = enact([publish(2026, source="a"), publish(2026, source="b")])
    assert (first.index, second.index) == (0, 1)
    assert Place.objects.get().index == 2


def test_an_order_whose_rows_cannot_be_made_takes_only_itself_down():
    broken = replace(YEAR, project=lambda fact: 1 / 0)
    first, second, third = enact([publish(2024), publish(2025, subject=broken), publish(2026)])
    assert isinstance(first, Receipt)
    assert isinstance(second, ZeroDivisionError)
    assert isinstance(third, Receipt)
    assert sorted(Place.objects.values_list("reader", flat=True)) == ["2024", "2026"]


def test_an_order_the_database_refuses_takes_only_itself_down():
    broken = replace(YEAR, project=lambda fact: [Put(Place, fact.key, {"index": None})])
    first, second, third = enact([publish(2024), publish(2025, subject=broken), publish(2026)])
    assert isinstance(first, Receipt)
    assert type(second).__name__ == "IntegrityError"
    assert isinstance(third, Receipt)
    assert queries.size() == 2


def test_a_retry_gets_the_first_receipt():
    first = enact_one(publish(2026, once="a"))
    again = enact_one(publish(2026, once="a"))
    assert again == replace(first, repeated=True)
    assert queries.size() == 1


def test_a_retry_that_the_rules_would_allow_is_still_not_a_second_act():
    first = enact_one(publish(2026, source="a", once="k"))
    enact_one(publish(2026, source="b"))
    again = enact_one(publish(2026, source="a", once="k"))
    assert again == replace(first, repeated=True)
    assert queries.size() == 2


def test_the_entry_names_its_stream_its_place_and_its_act():
    enact_one(publish(2026, once="a"))
    body = bytes(LedgerEntry.objects.get().body).decode()
    assert '"_stream":"calendar/2026"' in body
    assert '"_seq":1' in body
    assert '"_once":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"' in body


def test_a_stale_memory_neither_accepts_nor_refuses():
    enact_one(publish(2026, source="a"))
    stale = (memory.seen, list(memory.edge), dict(memory.streams))
    enact_one(publish(2026, source="b"))
    memory.seen, memory.edge = stale[0], stale[1]  # as another process would still see it
    memory.streams.update(stale[2])

    with refused("calendar.unchanged"):
        enact_one(publish(2026, source="b"))

    memory.seen, memory.edge = stale[0], stale[1]
    memory.streams.update(stale[2])
    receipt = enact_one(publish(2026, source="c"))
    assert receipt.index == 2
    assert LedgerEntry.objects.get(pk=2).version == 3


def test_a_stale_memory_does_not_refuse_what_is_allowed_by_now():
    enact_one(publish(2026, source="a"))
    stale = (memory.seen, list(memory.edge), dict(memory.streams))
    enact_one(publish(2026, source="b"))
    memory.seen, memory.edge = stale[0], stale[1]
    memory.streams.update(stale[2])

    assert enact_one(publish(2026, source="a")).index == 2


def test_a_step_on_a_warm_stream_costs_six_statements_with_begin_and_commit():
    enact_one(publish(2026, source="a"))
    with CaptureQueriesContext(connection) as queries_run:
        enact_one(publish(2026, source="b"))
    verbs = [query["sql"].split()[0] for query in queries_run]
    allowed = {
        # In a test the outer transaction makes BEGIN and COMMIT a savepoint and its release.
        "sqlite": ["SAVEPOINT", "INSERT", "INSERT", "UPDATE", "RELEASE"],
        "postgresql": ["SAVEPOINT", "SELECT", "INSERT", "INSERT", "UPDATE", "RELEASE"],
    }
    assert verbs == allowed[connection.vendor]


def test_a_command_made_in_its_turn_sees_what_came_just_before():
    seen = []
    order = replace(publish(2025), command=lambda: seen.append(_years()) or publish(2025).command)
    enact([publish(2026)])
    assert _years() == ["2026"]
    enact([order])
    assert seen == [["2026"]]
    assert _years() == ["2025", "2026"]


@until_changed("calendar")
def _years():
    return sorted(Place.objects.values_list("reader", flat=True))


def test_a_thousand_entries_fill_tiles_and_every_proof_checks():
    enact([publish(year) for year in range(1000, 2000)])
    root = merkle.root(1000, read_nodes)
    assert merkle.edge_root(memory.edge) == root
    for index in (0, 255, 256, 511, 767, 768, 999):
        leaf = bytes(LedgerEntry.objects.get(pk=index).leaf)
        proof = queries.inclusion_proof(index, 1000)
        merkle.check_inclusion(proof, index=index, leaf=leaf, size=1000, root=root)
    for size in (1, 256, 257, 999, 1000):  # many at once say the same
        some = range(0, size, 7)
        alone = [queries.inclusion_proof(index, size) for index in some]
        assert queries.inclusion_proofs(some, size) == alone


def test_an_entry_too_large_for_a_bundle_is_refused():
    with refused("ledger.entry-too-large"):
        enact_one(publish(2026, source="长" * 30_000))
    assert LedgerHead.objects.get(pk=1).size == 0


def test_a_value_the_database_cannot_hold_takes_only_its_own_order_down():
    broken = replace(YEAR, project=lambda fact: [Put(Place, fact.key, {"index": 2**63})])
    first, second, third = enact([publish(2024), publish(2025, subject=broken), publish(2026)])
    assert isinstance(first, Receipt)
    assert type(second).__name__ in ("OverflowError", "DataError")
    assert isinstance(third, Receipt)
    assert sorted(Place.objects.values_list("reader", flat=True)) == ["2024", "2026"]


def test_a_failed_look_up_takes_only_its_own_order_down():
    def look_up():
        LedgerEntry.objects.get(pk=2**62)

    broken = replace(publish(2025), command=look_up)
    first, second, third = enact([publish(2024), broken, publish(2026)])
    assert isinstance(first, Receipt)
    assert isinstance(second, LedgerEntry.DoesNotExist)
    assert isinstance(third, Receipt)


def test_orders_decided_on_a_stale_memory_still_share_one_commit():
    enact_one(publish(2000))
    stale = (memory.seen, list(memory.edge))
    enact_one(publish(2001))
    memory.seen, memory.edge = stale  # as another process would still see it

    with CaptureQueriesContext(connection) as queries_run:
        outcomes = enact([publish(year) for year in range(2010, 2020)])

    assert [outcome.index for outcome in outcomes] == list(range(2, 12))
    moves = [query for query in queries_run if query["sql"].startswith("UPDATE")]
    assert len(moves) == 1


def test_what_is_remembered_of_streams_and_answers_has_an_end(monkeypatch):
    monkeypatch.setattr("mingtang.ledger.memory.STREAMS", 3)
    monkeypatch.setattr("mingtang.ledger.memory.ANSWERS", 3)
    enact([publish(year) for year in range(2000, 2010)])
    assert len(memory.streams) == 3
    for year in range(2000, 2010):
        with refused("calendar.unchanged"):
            enact_one(publish(year))
    assert len(memory.streams) == 3
    asked = []

    @until_changed("calendar")
    def echo(number):
        asked.append(number)
        return number

    assert [echo(number) for number in (1, 2, 3, 4, 1, 4)] == [1, 2, 3, 4, 1, 4]
    assert asked == [1, 2, 3, 4, 1]


def _published_at(at, source):
    order = publish(2026, source=source)
    return replace(order, command=replace(order.command, at=at))


def test_an_act_dated_before_what_already_happened_is_refused():
    enact_one(_published_at(NOON, "a"))
    with refused("ledger.clock-set-back"):
        enact_one(_published_at(NOON - timedelta(seconds=61), "b"))
    memory.forget()  # as after a restart
    with refused("ledger.clock-set-back"):
        enact_one(_published_at(NOON - timedelta(seconds=61), "b"))
    assert queries.size() == 1


def test_clocks_of_two_machines_may_differ_by_a_minute():
    enact_one(_published_at(NOON, "a"))
    enact_one(_published_at(NOON - timedelta(seconds=60), "b"))
    assert queries.size() == 2


def test_an_order_sees_what_those_before_it_in_the_same_commit_did():
    seen = []

    def command():
        seen.append(known_state(YEAR, "2026").version)
        return publish(2027).command

    enact([publish(2026), replace(publish(2027), command=command)])
    assert seen == [1]
