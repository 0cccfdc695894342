"""Checkpoints: signed, published, witnessed; and what an insider with the key cannot do."""

from datetime import timedelta

import pytest

from mingtang.core import checkpoint as checkpoints
from mingtang.core import merkle, note, tiles
from mingtang.ledger import keys, publishing, queries, receipts, sequencer, witnesses
from mingtang.ledger.enact import enact, enact_one
from mingtang.ledger.memory import memory
from mingtang.ledger.models import Checkpoint, Cosignature, LedgerEntry, LedgerHead
from mingtang.ledger.nodes import read_nodes
from tests.rooms.ledger_subjects import NOON, publish
from tests.words import without_seat_belt

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)


def _open(text):
    verifier = note.ed25519_verifier(keys.public(), keys.verify)
    return checkpoints.open_checkpoint(text, verifier)[0]


def test_a_checkpoint_is_signed_written_and_published(log_home):
    enact([publish(year) for year in range(1900, 2200)])
    sequencer.advance(at=NOON)

    head = _open(publishing.published_checkpoint())
    assert (head.size, head.root) == (300, merkle.root(300, read_nodes))
    assert sorted(p.relative_to(log_home / "log").as_posix() for p in _files(log_home)) == sorted(
        ["checkpoint", *(tile.path for tile in tiles.tiles_of(300))]
    )


def _files(home):
    return [path for path in (home / "log").rglob("*") if path.is_file()]


def test_nothing_new_means_no_new_checkpoint(log_home):
    enact_one(publish(2026))
    assert sequencer.advance(at=NOON).size == 1
    assert sequencer.advance(at=LATER).size == 1
    assert Checkpoint.objects.count() == 1


def test_partial_tiles_of_every_published_size_stay(log_home):
    enact_one(publish(2026))
    sequencer.advance(at=NOON)
    enact_one(publish(2025))
    sequencer.advance(at=LATER)
    names = {path.name for path in _files(log_home)}
    assert {"1", "2", "checkpoint"} <= names


def test_of_two_sequencers_one_is_told_it_was_overtaken(log_home, monkeypatch):
    enact_one(publish(2026))
    sequencer.advance(at=NOON)
    last = Checkpoint.objects.get()
    enact_one(publish(2025))
    sequencer.advance(at=LATER)
    enact_one(publish(2024))
    with pytest.raises(sequencer.Overtaken):
        sequencer._sign(last, 3, LATER)


def test_a_clock_set_back_is_refused(log_home):
    enact_one(publish(2026))
    sequencer.advance(at=LATER)
    enact_one(publish(2025))
    with pytest.raises(sequencer.RefusedToStart, match="the clock says"):
        sequencer.advance(at=NOON)


def test_starting_on_an_old_backup_is_refused(log_home):
    enact([publish(2025), publish(2026)])
    sequencer.advance(at=NOON)
    with without_seat_belt():
        LedgerEntry.objects.filter(index=1).delete()
    Checkpoint.objects.all().delete()
    LedgerHead.objects.filter(pk=1).update(size=1, edge=bytes(LedgerEntry.objects.get().leaf))
    memory.forget()
    with pytest.raises(sequencer.RefusedToStart, match="it was rolled back"):
        sequencer.check_start()


def test_starting_on_a_rewritten_history_is_refused(log_home):
    enact([publish(2025), publish(2026)])
    sequencer.advance(at=NOON)
    with without_seat_belt():
        LedgerEntry.objects.filter(index=1).update(leaf=b"\x01" * 32)
    with pytest.raises(sequencer.RefusedToStart, match="history was rewritten"):
        sequencer.check_start()


def test_starting_on_an_honest_log_is_fine(log_home):
    sequencer.check_start()
    enact([publish(2025), publish(2026)])
    sequencer.advance(at=NOON)
    sequencer.check_start()


def test_a_witness_cosigns_and_the_quorum_publishes(witness):
    enact([publish(2025), publish(2026)])
    checkpoint = sequencer.advance(at=NOON)
    assert witnesses.quorum_reached(checkpoint)
    assert [name for name, _ in queries.head().witnesses] == ["witness.example/w1"]
    enact_one(publish(2024))
    sequencer.advance(at=LATER)
    assert queries.head().size == 3
    assert Cosignature.objects.count() == 2


def test_without_its_quorum_a_checkpoint_is_not_published(log_home, witness):
    witness.shutdown()
    witness.server_close()
    enact_one(publish(2026))
    sequencer.advance(at=NOON)
    assert publishing.published_checkpoint() is None
    assert receipts.receipt_file(0) is None  # our word alone is no proof against us
    assert (log_home / "log" / "tile" / "0" / "000.p" / "1").exists()


def test_rewriting_history_with_the_log_key_in_hand_is_refused_by_the_witness(witness):
    enact([publish(2025), publish(2026)])
    sequencer.advance(at=NOON)
    receipt_before = receipts.receipt_file(1)

    # The insider has everything: database, key, no seat belt. History is made anew.
    with without_seat_belt():
        LedgerEntry.objects.all().delete()
    for table in (Checkpoint, Cosignature):
        table.objects.all().delete()
    LedgerHead.objects.filter(pk=1).update(size=0, edge=b"")
    memory.forget()
    enact([publish(2025), publish(2026, source="another story"), publish(2024)])
    forged = sequencer.advance(at=LATER)

    assert forged.size == 3
    assert not witnesses.quorum_reached(forged)
    assert queries.head().size == 2  # the published one still tells the true story
    assert receipt_before is not None


def test_the_receipt_of_an_entry_waits_for_its_checkpoint(log_home):
    enact_one(publish(2026))
    assert receipts.receipt_file(0) is None
    sequencer.advance(at=NOON)
    assert receipts.receipt_file(0).startswith('{"disclosures":[],"format":"mingtang.receipt.v1"')


def test_starting_with_another_key_is_refused(log_home):
    enact_one(publish(2026))
    sequencer.advance(at=NOON)
    keys.path().unlink()
    keys.path().with_suffix(".vkey").unlink()
    keys.make("mingtang.example/log")
    with pytest.raises(sequencer.RefusedToStart, match="is not ours"):
        sequencer.check_start()


def test_a_key_that_was_lost_is_not_made_anew_in_silence(log_home):
    keys.path().unlink()
    with pytest.raises(FileExistsError, match="is there"):
        keys.make("mingtang.example/log")
