"""A proof one keeps: it shows an entry to be logged, and nothing else passes for it."""

import pytest

from mingtang.core import merkle, note, tlogproof
from mingtang.core.strict import Malformed
from mingtang.core.tlogproof import TlogProof

from .logwords import LOG, WITNESS, Signer, head_of, nodes_of, signed

ENTRIES = [b"entry %d" % n for n in range(5)]
NOTE = signed(head_of(ENTRIES), WITNESS)
PROOF = TlogProof(
    index=3,
    hashes=tuple(merkle.prove_inclusion(3, 5, nodes_of(ENTRIES))),
    checkpoint=NOTE,
    extra="演示".encode(),
)


def test_it_reads_back():
    text = tlogproof.format_proof(PROOF)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra 5ryU56S6\nindex 3\n")
    assert tlogproof.parse_proof(text) == PROOF


def test_an_entry_alone_in_its_log_has_an_empty_path():
    alone = TlogProof(index=0, hashes=(), checkpoint=signed(head_of([b"x"])))
    text = tlogproof.format_proof(alone)
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example/")
    assert tlogproof.parse_proof(text) == alone
    assert tlogproof.check_proof(alone, b"x", LOG.verifier)[0].size == 1


def test_it_shows_its_entry_under_a_signed_checkpoint():
    head, opened = tlogproof.check_proof(PROOF, ENTRIES[3], LOG.verifier, [WITNESS.verifier])
    assert head.size == 5
    assert {key.name for key, _ in opened.verified} == {LOG.name, WITNESS.name}


def test_it_shows_no_other_entry():
    with pytest.raises(merkle.ProofFailed):
        tlogproof.check_proof(PROOF, ENTRIES[2], LOG.verifier)


def test_it_needs_the_signature_of_the_log():
    with pytest.raises(note.NoteRefused):
        tlogproof.check_proof(PROOF, ENTRIES[3], Signer("other.example").verifier)


def test_a_path_has_at_most_63_hashes():
    long = TlogProof(index=0, hashes=(bytes(32),) * 64, checkpoint=NOTE)
    with pytest.raises(Malformed, match="more than 63"):
        tlogproof.parse_proof(tlogproof.format_proof(long))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx\n",
        "c2sp.org/tlog-proof@v1\nextra AA\nindex 0\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nx\n",
        "c2sp.org/tlog-proof@v1\n\nindex 0\n\nx\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n",
    ],
)
def test_what_is_not_a_proof(text):
    with pytest.raises(Malformed):
        tlogproof.parse_proof(text)
