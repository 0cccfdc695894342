"""The holder's own documents hold a licence while it is good; what was handed over is delivered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.config.wiring import REACTIONS
from mingtang.core.licences import (
    CancellationGround,
    DeliveredHow,
    ReissueReason,
)
from mingtang.core.papers import ServedHow
from mingtang.ledger import reactions
from mingtang.licences import actions
from mingtang.licences.actions import boxes
from mingtang.papers import actions as papers
from mingtang.papers import queries
from mingtang.vault import queries as vault
from tests.core.case_examples import MONDAY
from tests.rooms import licence_words as words
from tests.rooms.licence_words import chief, row

pytestmark = pytest.mark.django_db
ALL = {one.reader: one for one in REACTIONS if one.reader.startswith("licences.")}


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def office():
    office = words.build()
    for reaction in ALL.values():
        reactions.begin(reaction)
    return office


def hear():
    for reaction in ALL.values():
        reactions.run(reaction)


@pytest.fixture
def key(office):
    number = words.licensed(office)
    hear()
    return number


def offered(office):
    """Return the papers among what the citizen may hand in again."""
    held = vault.documents_of(office.citizen)
    return [queries.held_document(one.id).key for one in held if queries.held_document(one.id)]


def suspend(office, key):
    actions.suspend(key=key, reason="核查", officer=chief(office), at=MONDAY)
    hear()


def test_a_licence_that_was_issued_can_be_handed_in(office, key):
    assert offered(office) == [f"{key}-L1"]


def test_while_it_is_suspended_it_cannot_and_then_it_can_again(office, key):
    suspend(office, key)
    assert offered(office) == []
    actions.resume(key=key, reason="核查完毕", officer=chief(office), at=MONDAY)
    hear()
    assert offered(office) == [f"{key}-L1"]


@pytest.mark.parametrize("end", ["revoke", "cancel"])
def test_what_has_ended_cannot(office, key, end):
    if end == "revoke":
        words.revoked(office, key)
    else:
        ground = CancellationGround.REQUESTED
        actions.cancel(key=key, ground=ground, reason="依法", officer=chief(office), at=MONDAY)
    hear()
    assert offered(office) == []


def test_only_the_newest_version_can(office, key):
    actions.reissue(
        key=key, why=ReissueReason.LOST, reason="遗失", officer=chief(office), at=MONDAY
    )
    hear()
    assert offered(office) == []
    words.work()
    hear()
    assert offered(office) == [f"{key}-L2"]


def test_after_its_last_day_it_cannot(office, key):
    last = row(key).valid_to
    assert boxes.put_away_expired(today=last) == 0
    assert offered(office) == [f"{key}-L1"]
    assert boxes.put_away_expired(today=last + timedelta(days=1)) == 1
    assert offered(office) == []
    assert boxes.put_away_expired(today=last + timedelta(days=1)) == 0


def test_it_can_be_opened_all_the_same(office, key):
    suspend(office, key)
    paper = queries.paper(f"{key}-L1")
    assert vault.path_of(paper.file).read_bytes().startswith(b"%PDF-")


# ── Handed over with the papers of its case ─────────────────────────────────


@pytest.mark.parametrize(
    ("served", "delivered"),
    [(ServedHow.WINDOW, DeliveredHow.WINDOW), (ServedHow.POST, DeliveredHow.POST)],
)
def test_a_paper_handed_over_is_a_licence_delivered(office, key, served, delivered):
    papers.serve(key=f"{key}-L1", how=served, recipient="演示甲", by=office.clerk, at=MONDAY)
    hear()
    found = row(key)
    assert (found.delivered_how, found.recipient, found.delivered_by) == (
        delivered,
        "演示甲",
        office.clerk,
    )


def test_opened_by_its_holder_it_is_not_in_a_hand(office, key):
    papers.serve(
        key=f"{key}-L1", how=ServedHow.ONLINE, recipient="演示甲", by=office.citizen, at=MONDAY
    )
    hear()
    assert row(key).delivered_how == DeliveredHow.ELECTRONIC


def test_heard_twice_it_is_delivered_once(office, key):
    papers.serve(
        key=f"{key}-L1", how=ServedHow.WINDOW, recipient="演示甲", by=office.clerk, at=MONDAY
    )
    reaction = replace(ALL["licences.handed-over"], reader="test.again")
    before = row(key).last_index
    hear()
    once = row(key).last_index
    reactions.run(reaction)
    assert before < once == row(key).last_index
    assert row(key).valid_to == date(2031, 3, 1)
