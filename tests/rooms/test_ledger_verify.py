"""What an insider changes by hand is found and named."""

import pytest
from django.db import DatabaseError, connection, transaction

from mingtang.core.merkle import grow, leaf_hash
from mingtang.ledger import sequencer
from mingtang.ledger.enact import enact, enact_one
from mingtang.ledger.models import Checkpoint, LedgerEntry, LedgerHead, Place, TreeNode
from mingtang.ledger.replay import rebuild
from mingtang.ledger.verify import Finding, verify
from tests.rooms.ledger_subjects import NOON, YEAR, publish
from tests.words import without_seat_belt

pytestmark = pytest.mark.django_db


@pytest.fixture
def honest(log_home):
    enact([publish(year) for year in range(1700, 2026)])
    sequencer.advance(at=NOON)


def found():
    return list(verify([YEAR]))


def sql(statement):
    with without_seat_belt(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0


def test_an_honest_ledger_has_nothing_to_find(honest):
    assert found() == []


def test_an_altered_row_is_named(honest):
    sql("UPDATE ledger_place SET \"index\" = 7 WHERE reader = '2020'")
    assert found() == [Finding("verify.row-altered", "ledger_place 2020", "index")]


def test_a_removed_row_is_named(honest):
    sql("DELETE FROM ledger_place WHERE reader = '2020'")
    assert found() == [Finding("verify.row-removed", "ledger_place 2020")]


def test_an_added_row_is_named(honest):
    sql("INSERT INTO ledger_place (reader, \"index\") VALUES ('1066', 1)")
    assert found() == [Finding("verify.row-added", "ledger_place 1066")]


def test_altered_bytes_are_named(honest):
    body = bytes(LedgerEntry.objects.get(pk=20).body).replace(b"notice", b"n0tice")
    with without_seat_belt():
        LedgerEntry.objects.filter(pk=20).update(body=body)
    codes = [(f.code, f.where) for f in found()]
    assert codes[0] == ("verify.entry-altered", "entry 20")
    assert codes[-1][0] == "verify.copies-not-compared"


def test_altered_bytes_with_their_leaf_made_to_fit_are_named_by_the_checkpoint(honest):
    body = bytes(LedgerEntry.objects.get(pk=20).body).replace(b"notice", b"n0tice")
    with without_seat_belt():
        LedgerEntry.objects.filter(pk=20).update(body=body, leaf=leaf_hash(body))
    assert {f.code for f in found()} == {
        "verify.head-altered",
        "verify.node-altered",
        "verify.history-rewritten",
        "verify.copies-not-compared",
    }


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_ledgerentry SET stream = 'calendar/1' WHERE \"index\" = 5",
        'UPDATE ledger_ledgerentry SET version = 9 WHERE "index" = 5',
        "UPDATE ledger_ledgerentry SET kind = 'case.filed.v1' WHERE \"index\" = 5",
        "UPDATE ledger_ledgerentry SET once = 'x' WHERE \"index\" = 5",
    ],
)
def test_every_column_beside_the_bytes_is_watched(honest, change):
    sql(change)
    assert Finding("verify.entry-altered", "entry 5", "its place or kind") in found()


def test_a_removed_entry_is_named(honest):
    sql('DELETE FROM ledger_ledgerentry WHERE "index" = 100')
    assert found()[0] == Finding("verify.entry-missing", "entry 100", "found 101")


def test_a_cut_off_end_is_named(honest):
    sql('DELETE FROM ledger_ledgerentry WHERE "index" >= 300')
    codes = [(f.code, f.where) for f in found()]
    assert ("verify.entries-cut-off", "ledger head") in codes
    assert ("verify.entries-cut-off", "checkpoint 326") in codes


def test_an_entry_slipped_in_behind_the_head_is_named(honest):
    entry = LedgerEntry.objects.get(pk=325)
    body = bytes(entry.body).replace(b"calendar/2025", b"calendar/2077")
    LedgerEntry.objects.create(
        index=326, stream="calendar/2077", version=1, kind=entry.kind, body=body, leaf=b"\0" * 32
    )
    codes = [(f.code, f.where) for f in found()]
    assert ("verify.entry-altered", "entry 326") in codes
    assert ("verify.entries-added", "ledger head") in codes


def test_an_altered_node_and_an_altered_head_are_named(honest):
    TreeNode.objects.update(hash=b"\x02" * 32)
    LedgerHead.objects.update(edge=b"\x03" * 96)
    assert [f.code for f in found()][:2] == ["verify.head-altered", "verify.node-altered"]


def test_a_forged_checkpoint_is_named(honest):
    sql("UPDATE ledger_checkpoint SET note = replace(note, '326', '325')")
    assert found()[0].code == "verify.checkpoint-not-ours"


def test_rebuilding_gives_the_same_rows(honest):
    before = list(Place.objects.order_by("reader").values())
    Place.objects.update(index=99)
    assert rebuild([YEAR]) == {"ledger_place": 326}
    assert list(Place.objects.order_by("reader").values()) == before
    assert found() == []


def test_the_seat_belt_refuses_an_honest_mistake(honest):
    with pytest.raises(DatabaseError, match="only ever inserted"), transaction.atomic():
        LedgerEntry.objects.filter(pk=1).update(version=2)
    with pytest.raises(DatabaseError, match="only ever inserted"), transaction.atomic():
        LedgerEntry.objects.filter(pk=1).delete()
    assert found() == []
    enact_one(publish(2026))
    assert found() == []


def test_a_history_rewritten_up_to_the_published_size_is_named(honest):
    """An old backup, written on with other entries: no checkpoint row knows the published size."""
    body = bytes(LedgerEntry.objects.get(pk=325).body).replace(b"notice", b"n0tice")
    with without_seat_belt():
        LedgerEntry.objects.filter(pk=325).update(body=body, leaf=leaf_hash(body))
    Checkpoint.objects.all().delete()
    leaves = [bytes(leaf) for leaf in LedgerEntry.objects.values_list("leaf", flat=True)]
    LedgerHead.objects.update(edge=b"".join(grow([], 0, leaves)[0]))
    assert Finding("verify.history-rewritten", "published checkpoint") in found()
