"""What stands in the way of a paper, and what killed workers leave behind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from mingtang.config.wiring import SUBJECTS
from mingtang.core.papers import DECIDER
from mingtang.core.sheets import text
from mingtang.ledger.actions import erase
from mingtang.ledger.replay import history
from mingtang.papers.actions import making
from mingtang.papers.models import KeptFileRow, PaperRow
from mingtang.trust import actions as trust
from mingtang.trust import queries as seals
from mingtang.trust.ports.roots import test_authority as authority_file
from mingtang.vault import queries as vault
from mingtang.vault.models import DocumentRow
from tests.rooms import paper_words
from tests.rooms.paper_words import (
    SHEET,
    assert_nothing_was_made,
    draft,
    drafts,
    licence,
    order,
    row,
    trouble,
    vault_files,
)
from tests.rooms.people_words import MONDAY

pytestmark = pytest.mark.django_db
KEY = "MT-7K2P-9QXD-2"
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
UNDRAWN = "\U00030000"  # an ideograph no font of ours has


@pytest.fixture(autouse=True)
def home(log_home):
    return log_home


@pytest.fixture
def office():
    return paper_words.build()


# ── Trouble with one is no trouble for another ──────────────────────────────


def test_a_name_that_cannot_be_drawn_is_shown_and_holds_up_nobody(office):
    odd = replace(SHEET, blocks=(text(f"持证人演示{UNDRAWN}"),))
    order(draft("A-1", sheet=odd), draft("A-2"))
    assert making.make_due(at=MONDAY) == 1
    assert row("A-2").issued_at == MONDAY
    assert row("A-1").issued_at is None
    assert (trouble("A-1").code, trouble("A-1").facts) == (
        "paper.glyph-missing",
        {"characters": [UNDRAWN]},
    )
    assert trouble("A-1").next_try_at is None
    assert making.make_due(at=MONDAY + 400 * DAY) == 0
    assert trouble("A-1").attempts == 1


def test_somebody_may_ask_for_another_try(office):
    odd = replace(SHEET, blocks=(text(UNDRAWN),))
    order(draft("A-1", sheet=odd), draft("A-2", organ="health"))
    making.make_due(at=MONDAY)
    assert making.try_again(at=MONDAY + SECOND, organs=["education"]) == 1
    making.make_due(at=MONDAY + SECOND)
    assert (trouble("A-1").attempts, trouble("A-2").attempts) == (2, 1)
    assert making.try_again(at=MONDAY + SECOND) == 2


def test_a_paper_that_was_erased_before_it_was_made_is_not_made(office):
    order()
    erase(
        index=row().ordered_index,
        names=("sheet",),
        basis="演示",
        by="P",
        at=MONDAY,
        subjects=SUBJECTS,
    )
    assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    assert (trouble().code, trouble().next_try_at) == ("paper.erased", None)


def test_a_key_that_is_not_there_is_asked_for_again_and_again_ever_more_rarely(office):
    fingerprint = seals.seal_of("education").certificate.fingerprint
    key = authority_file().with_name(f"{fingerprint}.pem")
    away = key.rename(key.with_suffix(".away"))
    order()
    waits, at = [], MONDAY
    for _ in range(8):
        assert making.make_due(at=at) == 0
        assert making.make_due(at=trouble().next_try_at - SECOND) == 0
        waits.append((trouble().next_try_at - at) // SECOND)
        at = trouble().next_try_at
    assert waits == [10, 20, 40, 80, 160, 320, 600, 600]
    assert (trouble().code, trouble().attempts) == ("seal.sealer-unavailable", 8)
    assert_nothing_was_made()
    away.rename(key)
    assert making.make_due(at=at) == 1
    assert trouble() is None


def test_a_refusal_over_seal_or_letter_is_tried_again_every_five_minutes(office):
    order()
    trust.suspend_seal(key="education-1", reason="疑似盗用", by=office.chief, at=MONDAY)
    making.make_due(at=MONDAY)
    assert trouble().next_try_at == MONDAY + 5 * MINUTE
    trust.resume_seal(key="education-1", reason="查明无事", by=office.manager, at=MONDAY)
    assert making.make_due(at=MONDAY + 5 * MINUTE - SECOND) == 0
    assert making.make_due(at=MONDAY + 5 * MINUTE) == 1


def test_a_crowd_in_trouble_stands_behind_what_was_never_tried(office):
    order(*drafts(30, organ="health"))
    making.make_due(at=MONDAY, limit=30)
    order()
    later = MONDAY + DAY  # all of the crowd are due again
    assert making.make_due(at=later, limit=25) == 1
    assert row().issued_at == later


def test_what_nobody_foresaw_is_logged_and_tried_again(office, caplog):
    settings.VAULT_DIRECTORY.write_text("not a directory")
    order()
    assert making.make_due(at=MONDAY) == 0
    assert (trouble().code, trouble().next_try_at) == ("paper.not-made", MONDAY + 10 * SECOND)
    assert f"paper {KEY} cannot be made" in caplog.text
    settings.VAULT_DIRECTORY.unlink()
    assert making.make_due(at=MONDAY + 10 * SECOND) == 1
    assert making.tidy(at=MONDAY + DAY) == 1
    assert not KeptFileRow.objects.exists()
    assert vault_files() == [vault.path_of(row().file)]


# ── What killed workers leave ───────────────────────────────────────────────


def killed_after_keeping(monkeypatch, key=KEY):
    """Keep a file for the paper and die before the ledger hears of it."""

    def die(orders):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "enact", die)
        with pytest.raises(KeyboardInterrupt):
            making.make_due(at=MONDAY)
    [left] = vault_files()
    return left


def test_a_file_nobody_recorded_goes_after_a_while(office, monkeypatch):
    order()
    left = killed_after_keeping(monkeypatch)
    assert making.make_due(at=MONDAY + SECOND) == 1
    assert making.tidy(at=MONDAY + 30 * MINUTE) == 0
    assert left in vault_files()
    assert making.tidy(at=MONDAY + 30 * MINUTE + SECOND) == 1
    assert vault_files() == [vault.path_of(row().file)]
    assert [kept.id for kept in DocumentRow.objects.all()] == [row().file]
    assert not KeptFileRow.objects.exists()


def test_who_slept_through_the_cleaning_does_not_issue_a_file_that_is_gone(office, monkeypatch):
    keep = making.vault.keep_document

    def keep_and_sleep(**said):
        kept = keep(**said)
        assert making.tidy(at=MONDAY + DAY) == 1
        return kept

    with monkeypatch.context() as patch:
        patch.setattr(making.vault, "keep_document", keep_and_sleep)
        order()
        assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    assert trouble().code == "paper.given-up"
    assert making.make_due(at=MONDAY + DAY) == 1


def test_what_was_issued_by_a_worker_that_died_at_once_is_put_in_order(office, monkeypatch):
    order(licence(owner=office.citizen))
    with monkeypatch.context() as patch:
        patch.setattr(making, "_settle", lambda rows, files: None)
        making.make_due(at=MONDAY)
    assert vault.documents_of(office.citizen) == []
    assert making.tidy(at=MONDAY + SECOND) == 0
    [held] = vault.documents_of(office.citizen)
    assert held.id == row(licence().key).file
    assert not KeptFileRow.objects.exists()


def test_the_second_of_two_files_of_one_paper_goes_at_once(office, monkeypatch):
    """Another worker issues the paper while ours is still being kept."""
    order()
    keep = making.vault.keep_document

    def keep_while_another_is_faster(**said):
        kept = keep(**said)
        monkeypatch.setattr(making.vault, "keep_document", keep)
        assert making.make_due(at=MONDAY) == 1
        return kept

    monkeypatch.setattr(making.vault, "keep_document", keep_while_another_is_faster)
    assert making.make_due(at=MONDAY) == 0
    assert vault_files() == [vault.path_of(row().file)]
    assert trouble() is None
    assert not KeptFileRow.objects.exists()
    state = DECIDER.replay(written.event for written in history(f"paper/{KEY}"))
    assert state.issued
    assert PaperRow.objects.count() == 1
