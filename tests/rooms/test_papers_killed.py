"""A worker that dies while it makes papers, and two that make the same ones."""

import os
import random
import signal
from collections import Counter
from hashlib import sha256

import pytest
from django.conf import settings

from mingtang.config.wiring import SUBJECTS
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.verify import verify
from mingtang.papers.actions import making
from mingtang.papers.models import KeptFileRow, MakingRow, PaperRow
from mingtang.trust.ports.checking import check
from mingtang.vault import queries as vault
from mingtang.vault.models import DocumentRow
from tests.rooms import paper_words
from tests.rooms.paper_words import drafts, order, serials
from tests.rooms.people_words import MONDAY

MANY = 20


@pytest.fixture
def papers(own_commits, log_home):
    """As many papers ordered, in a department that may seal them."""
    paper_words.build()
    return order(*drafts(MANY, batch="B-7K2P-9QXD"))


def told_to_go(process):
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()


def may_go_on(process):
    process.stdin.write(".")
    process.stdin.flush()


def vault_files() -> set[str]:
    return {path.name for path in settings.VAULT_DIRECTORY.rglob("*") if path.is_file()}


def assert_each_exists_exactly_once(keys):
    """One entry, one file, one row each; every file verifies; no number missing or twice."""
    issued = LedgerEntry.objects.filter(kind="paper.issued.v1").values_list("stream", flat=True)
    assert Counter(issued) == {f"paper/{key}": 1 for key in keys}
    rows = list(PaperRow.objects.all())
    assert serials(rows) == list(range(1, len(keys) + 1))
    for row in rows:
        kept = vault.document(row.file)
        pdf = vault.path_of(row.file).read_bytes()
        assert (sha256(pdf).hexdigest(), len(pdf)) == (row.sha256, row.size)
        assert vault.is_intact(kept)
        verdict = check(pdf)
        assert (verdict.problem, verdict.fingerprint) == ("", row.certificate)
    files = {row.file for row in rows}
    assert len(files) == len(keys)
    assert vault_files() == files
    assert {kept.id for kept in DocumentRow.objects.all()} == files
    assert not KeptFileRow.objects.exists()
    assert not MakingRow.objects.exists()
    assert list(verify(SUBJECTS)) == []


def test_killed_at_any_moment_and_begun_again_each_paper_exists_exactly_once(
    papers, another_process
):
    chance, kills = random.Random(20260302), 20
    process = another_process("paper_process", "make-until-killed")
    told_to_go(process)
    child, left, died_at = 0, 0, Counter()
    for line in process.stdout:
        if line.startswith("child"):
            child = int(line.split()[1])
            left = chance.randrange(1, 26) if kills else -1
            kills -= bool(kills)
            continue
        if not child:
            continue  # its last word
        left -= 1
        may_go_on(process)  # and die somewhere on the way to the next word
        if left == 0:
            os.kill(child, signal.SIGKILL)
            child = 0
            died_at[line.strip()] += 1
    assert process.wait() == 0
    # it died in every step of making, and more often than there are commits
    assert {line.split()[1] for line in died_at} == {
        "typeset",
        "check",
        "keep_document",
        "enact",
        "_settle",
    }
    making.tidy(at=MONDAY)  # what was issued is put in order at once
    orphans = vault_files() - {row.file for row in PaperRow.objects.all()}
    assert making.tidy(at=MONDAY + 2 * making.LEFT_BEHIND) >= len(orphans) > 0
    assert_each_exists_exactly_once(papers)


def test_two_workers_at_once_make_each_paper_once_and_leave_no_second_file(papers, another_process):
    both = [another_process("paper_process", "make", MANY) for _ in range(2)]
    for process in both:
        told_to_go(process)
    said = [tuple(map(int, process.communicate()[0].split())) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    made, in_vain = map(sum, zip(*said, strict=True))
    assert (made, in_vain) == (MANY, MANY)  # both made them all
    assert_each_exists_exactly_once(papers)
