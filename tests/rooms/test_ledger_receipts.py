"""A receipt is checked without us, and whoever alters a byte of one is refused."""

import re
import subprocess
import sys

import pytest

from mingtang.core import note
from mingtang.core.receipt import format_receipt, parse_receipt
from mingtang.ledger import keys, receipts, sequencer
from mingtang.ledger.enact import enact
from mingtang.verifier.__main__ import REFUSED, VALID, main
from tests.rooms import people_words
from tests.rooms.conftest import ROOT
from tests.rooms.ledger_subjects import NOON, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(log_home):
    """Entry 3 of a log of ten: a person, three sealed values."""
    enact([publish(year) for year in (2001, 2002, 2003)])
    people_words.person()
    enact([publish(year) for year in range(2004, 2010)])
    sequencer.advance(at=NOON)
    return receipts.receipt_file(3)


@pytest.fixture
def check(log_home):
    """Return the verifier: exit code for a receipt's text."""

    def run(text, *options):
        path = log_home / "mine.receipt.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        vkey = note.format_vkey(keys.public())
        return main(["receipt", str(path), "--vkey", vkey, "--lang", "en", *options])

    return run


def test_a_receipt_with_everything_opened_is_valid(issued, check, capsys):
    assert check(issued) == VALID
    said = capsys.readouterr().out
    assert "name = 演示1" in said
    assert "id_number = E00000001" in said
    assert "Sealed fields withheld (digests only):\n  (none)" in said


def test_a_receipt_that_opens_nothing_is_valid_and_says_what_it_withholds(issued, check, capsys):
    closed = receipts.receipt_file(3, disclose=())
    assert check(closed) == VALID
    assert "演示1" not in closed
    withheld = capsys.readouterr().out.partition("withheld (digests only):\n")[2]
    assert [line[:2] for line in withheld.splitlines()[:4]] == ["  ", "  ", "  ", "Co"]


def test_the_program_says_so_without_django_and_without_a_server(issued, log_home):
    (log_home / "mine.receipt.json").write_text(issued, encoding="utf-8")
    run = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import sys; sys.modules['django'] = None; import runpy;"
            "runpy.run_module('mingtang.verifier', run_name='__main__')",
            *("receipt", str(log_home / "mine.receipt.json")),
            *("--vkey", note.format_vkey(keys.public())),
        ],
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        cwd=log_home,
        check=False,
    )
    assert (run.returncode, run.stderr) == (VALID, "")
    assert run.stdout.startswith("有效：")


def test_every_flipped_byte_is_refused(issued, check):
    data = issued.encode()
    for position in [*range(0, len(data), 9), len(data) - 1]:
        altered = bytearray(data)
        altered[position] ^= 1
        assert check(bytes(altered)) == REFUSED, position


def test_every_flipped_byte_is_refused_by_signature_and_tree_alone(issued, check):
    bare = re.sub(r',"sha256":"[0-9a-f]{64}"', "", issued).encode()
    assert check(bare) == VALID
    for position in [*range(0, len(bare), 9), len(bare) - 1]:
        altered = bytearray(bare)
        altered[position] ^= 1
        assert check(bytes(altered)) == REFUSED, position


def test_a_value_changed_with_the_digest_made_to_fit_is_refused(issued, check, capsys):
    forged = parse_receipt(issued)
    wrong = [type(d)(d.name, d.salt, d.value + "?") for d in forged.disclosures]
    text = format_receipt(type(forged)(leaf=forged.leaf, proof=forged.proof, disclosures=(*wrong,)))
    assert check(text) == REFUSED
    assert "is not among the entry's _sd" in capsys.readouterr().out


def test_a_receipt_carries_its_witness_and_a_policy_counts_it(witness, check, capsys):
    enact([publish(2001), publish(2002)])
    sequencer.advance(at=NOON)
    text = receipts.receipt_file(1)
    policy = str(keys.path().parent.parent / "policy")
    assert check(text, "--policy", policy) == VALID
    assert "witness.example/w1" in capsys.readouterr().out
    assert check(text) == VALID
    assert "Signature lines not checked" in capsys.readouterr().out

    for position in range(0, len(text), 9):
        altered = bytearray(text.encode())
        altered[position] ^= 1
        assert check(bytes(altered), "--policy", policy) == REFUSED, position


def test_without_its_witness_a_receipt_does_not_satisfy_a_policy(witness, check):
    enact([publish(2001), publish(2002)])
    sequencer.advance(at=NOON)
    found = parse_receipt(receipts.receipt_file(1))
    signed = note.parse_note(found.proof.checkpoint)
    alone = note.format_note(note.Note(text=signed.text, signatures=signed.signatures[:1]))
    proof = type(found.proof)(index=1, hashes=found.proof.hashes, checkpoint=alone)
    text = format_receipt(type(found)(leaf=found.leaf, proof=proof))
    assert check(text) == VALID
    assert check(text, "--policy", str(keys.path().parent.parent / "policy")) == REFUSED
