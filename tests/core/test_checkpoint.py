"""A checkpoint says three things, in one spelling, signed by the log it names."""

import pytest

from mingtang.core import checkpoint, note
from mingtang.core.checkpoint import Checkpoint
from mingtang.core.strict import Malformed

from .logwords import LOG, WITNESS, Signer, signed

HEAD = Checkpoint(origin=LOG.name, size=10, root=bytes(range(32)))
TEXT = checkpoint.format_checkpoint(HEAD)


def test_it_reads_back():
    assert f"{LOG.name}\n10\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n" == TEXT
    assert checkpoint.parse_checkpoint(TEXT) == HEAD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n10\n", "\n010\n"),
        ("\n10\n", "\n+10\n"),
        ("\n10\n", "\n-10\n"),
        ("\n10\n", "\n 10\n"),
        ("\n10\n", "\n1_0\n"),
        ("\n10\n", "\n１０\n"),
        ("\n10\n", "\n10.0\n"),
        ("\n10\n", "\n\n"),
        ("\n10\n", "\n9223372036854775808\n"),
        ("\n10\n", "\n" + "9" * 5000 + "\n"),
        ("h8=\n", "h8=\nextension\n"),
        ("h8=\n", "h8=\n\n"),
        ("h8=\n", "h8=\r\n"),
        ("h8=\n", "h8="),
        ("h8=\n", "h8\n"),
        ("h8=\n", "h9=\n"),  # stray bits: the same 32 bytes, another spelling
        ("GBka", "GB-_"),
        ("Hh8=", "Hg=="),
        ("AAEC", "AA EC"),
        ("AAECAwQF", ""),
        (LOG.name, ""),
    ],
)
def test_other_spellings_are_refused(old, new):
    text = TEXT.replace(old, new)
    assert text != TEXT
    with pytest.raises(Malformed):
        checkpoint.parse_checkpoint(text)


def test_the_largest_size():
    text = TEXT.replace("\n10\n", f"\n{2**63 - 1}\n")
    assert checkpoint.parse_checkpoint(text).size == 2**63 - 1


def test_it_opens_for_the_key_of_its_log_and_tells_who_else_signed():
    head, opened = checkpoint.open_checkpoint(
        signed(HEAD, WITNESS), LOG.verifier, [WITNESS.verifier]
    )
    assert head == HEAD
    assert [key.name for key, _ in opened.verified] == [LOG.name, WITNESS.name]


def test_a_witness_alone_does_not_make_a_checkpoint():
    text = note.format_note(note.Note(text=TEXT, signatures=(WITNESS.cosign(TEXT),)))
    with pytest.raises(note.NoteRefused, match=f"no signature of {LOG.name}"):
        checkpoint.open_checkpoint(text, LOG.verifier, [WITNESS.verifier])


def test_a_log_cannot_sign_for_another_origin():
    other = Signer("other.example")
    with pytest.raises(note.NoteRefused, match=r"the key is other\.example"):
        checkpoint.open_checkpoint(signed(HEAD, log=other), other.verifier)
