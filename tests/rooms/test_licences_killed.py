"""A batch whose worker dies at any moment: each certificate exists exactly once."""

import os
import random
import signal
from collections import Counter

import pytest

from mingtang.config.wiring import REACTIONS, SUBJECTS
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.verify import verify
from mingtang.licences.models import LicenceRow
from mingtang.papers.actions import making
from mingtang.papers.models import KeptFileRow, PaperRow
from mingtang.trust.ports.checking import check
from mingtang.vault import queries as vault
from tests.core.case_examples import MONDAY
from tests.rooms import batch_town, licence_words
from tests.rooms.test_papers_killed import may_go_on, told_to_go, vault_files

ROWS = 6
KILLS = 20


@pytest.fixture
def batch(own_commits, log_home):
    """A hospital's rows, granted; nobody has worked on their papers yet."""
    office = licence_words.build()
    batch_town.found(office)
    licence_words.publish(office, licence_words.WORKER)
    for reaction in REACTIONS:
        reactions.begin(reaction)
    return licence_words.in_one(office, ROWS)


def test_each_certificate_of_a_batch_exists_exactly_once(batch, another_process):
    number, cases = batch
    process = another_process("paper_process", "work-until-killed")
    told_to_go(process)
    assert killed_again_and_again(process) == KILLS
    making.tidy(at=MONDAY)
    making.tidy(at=MONDAY + 2 * making.LEFT_BEHIND)

    for kind, once in (
        ("licence.registered.v1", [f"licence/{case}" for case in cases]),
        ("licence.issued.v1", [f"licence/{case}" for case in cases]),
    ):
        found = LedgerEntry.objects.filter(kind=kind).values_list("stream", flat=True)
        assert Counter(found) == Counter(once)
    assert set(LicenceRow.objects.filter(batch=number).values_list("stage", flat=True)) == {"valid"}

    papers = list(PaperRow.objects.filter(batch=number))
    assert Counter(paper.paper for paper in papers) == {
        "received": ROWS,
        "accepted": ROWS,
        "granted": ROWS,
        "licence": ROWS,
    }
    for paper in papers:
        assert check(vault.path_of(paper.file).read_bytes()).problem == ""
    assert {paper.file for paper in papers} <= vault_files()
    assert not KeptFileRow.objects.exists()
    assert list(verify(SUBJECTS)) == []


def killed_again_and_again(process):
    """Kill the worker after so many steps, a different number each time; return how often."""
    chance, killed = random.Random(50), 0
    child, left = 0, 0
    for line in process.stdout:
        if line.startswith("child"):
            child = int(line.split()[1])
            left = chance.randrange(1, 60) if killed < KILLS else -1
            continue
        if not child:
            continue  # its last word
        left -= 1
        may_go_on(process)  # and die somewhere on the way to the next word
        if left == 0:
            os.kill(child, signal.SIGKILL)
            child, killed = 0, killed + 1
    assert process.wait() == 0
    return killed
