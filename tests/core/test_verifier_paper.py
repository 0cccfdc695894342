"""A paper checked at home: the file is the one that was issued, or it is refused and said why."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.core import merkle, receipt, tlogproof
from mingtang.core.history import WIRE
from mingtang.core.mandates import Authority
from mingtang.core.papers import File, PaperIssued
from mingtang.core.seals import SealUse
from mingtang.verifier import sm3
from mingtang.verifier.__main__ import main

from .logwords import LOG, OTHER_WITNESS, WITNESS, head_of, nodes_of, signed
from .test_verifier import ENTRY, flips, in_a_process, verify, written

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
PDF = b"%PDF-1.7 \xe6\xbc\x94\xe7\xa4\xba sealed\n%%EOF\n"
USE = SealUse(
    seal_no="99000000000011",
    certificate="ab" * 32,
    test=False,
    authority=Authority(
        letter_no="演示授〔2026〕1号", organ="market", person="P1", valid_to=date(2026, 12, 31)
    ),
    custodian="P1",
)
ISSUED = PaperIssued(
    about="licence/MT-7K2P-9QXD",
    file=File(
        id="d1",
        sha256=hashlib.sha256(PDF).hexdigest(),
        sm3=hashlib.new("sm3", PDF).hexdigest(),
        size=len(PDF),
    ),
    content="0" * 64,
    use=USE,
    at=MONDAY,
)


def entry_of(event):
    place = {"_stream": "paper/MT-7K2P-9QXD-L1", "_seq": 2}
    entry, _ = WIRE.encode(event, iter([]), place=place)
    return entry


def receipt_of(entry, *witnesses):
    entries = [b"first", b"second", entry, b"fourth"]
    proof = tlogproof.TlogProof(
        index=2,
        hashes=tuple(merkle.prove_inclusion(2, 4, nodes_of(entries))),
        checkpoint=signed(head_of(entries), *witnesses),
    )
    return receipt.format_receipt(receipt.Receipt(leaf=entry, proof=proof))


@pytest.fixture
def kept(tmp_path):
    """Return the paths of a good receipt and its PDF."""
    issued = written(tmp_path / "a.receipt.json", receipt_of(entry_of(ISSUED)))
    return issued, written(tmp_path / "a.pdf", PDF)


def test_the_file_that_was_issued_is_told_with_seal_and_letter(kept, capsys):
    code, said = verify(capsys, "paper", *kept, "--vkey", LOG.vkey)
    assert code == 0
    assert said.splitlines() == [
        "Valid: this file is, byte for byte, the one whose issue is in the log.",
        "Log: log.example/演示",
        "Index (from 0): 2",
        "Entries in the log: 4",
        "Paper: paper/MT-7K2P-9QXD-L1",
        "Issued: 2026-03-02T09:00:00+08:00",
        "Number of the seal: 99000000000011",
        f"Fingerprint of its certificate: {'ab' * 32}",
        "Under the letter: 演示授〔2026〕1号",
        "Cosignatures:",
        "  none checked: name the witnesses with --policy",
        "Not checked: the seal inside the PDF (pdfsig does), and whether a licence is in force"
        " today (ask who issued it).",
    ]


def test_it_runs_on_python_alone(kept):
    done = in_a_process("paper", *kept, "--vkey", LOG.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("有效：这份文件就是日志中签发的那一份")


def test_a_test_seal_is_said_to_be_one(tmp_path, kept, capsys):
    event = replace(ISSUED, use=replace(USE, test=True))
    kept_receipt = written(tmp_path / "t.receipt.json", receipt_of(entry_of(event)))
    _, said = verify(capsys, "paper", kept_receipt, kept[1], "--vkey", LOG.vkey)
    assert "A test seal: without legal force.\n" in said


def test_every_changed_byte_of_the_pdf_is_refused(kept, capsys):
    for place, bent in flips(PDF):
        with open(kept[1], "wb") as file:
            file.write(bent)
        code, said = verify(capsys, "paper", *kept, "--vkey", LOG.vkey)
        found = hashlib.sha256(bent).hexdigest()
        assert (code, said) == (
            1,
            f"Refused: pdf: not the file that was issued: its sha256 is {found}\n",
        ), place


@pytest.mark.parametrize("change", [PDF + b"\n", PDF[:-1], b""])
def test_a_file_of_another_length_is_refused(tmp_path, kept, capsys, change):
    pdf = written(tmp_path / "b.pdf", change)
    code, said = verify(capsys, "paper", kept[0], pdf, "--vkey", LOG.vkey)
    assert (code, said) == (
        1,
        f"Refused: pdf: not the file that was issued: {len(change)} bytes where"
        f" {len(PDF)} are due\n",
    )


def test_both_digests_must_hold(tmp_path, kept, capsys):
    event = replace(ISSUED, file=replace(ISSUED.file, sm3="0" * 64))
    issued = written(tmp_path / "b.receipt.json", receipt_of(entry_of(event)))
    code, said = verify(capsys, "paper", issued, kept[1], "--vkey", LOG.vkey)
    assert (code, said) == (
        1,
        f"Refused: pdf: not the file that was issued: its sm3 is {ISSUED.file.sm3}\n",
    )


@pytest.mark.parametrize(
    ("entry", "kind"), [(ENTRY, "case.filed.v1"), (b"[]", "—"), (b"not JSON", "—")]
)
def test_a_receipt_of_something_else_proves_no_paper(tmp_path, kept, capsys, entry, kind):
    other = written(tmp_path / "c.receipt.json", receipt_of(entry))
    code, said = verify(capsys, "paper", other, kept[1], "--vkey", LOG.vkey)
    assert (code, said) == (
        1,
        f"Refused: receipt: a receipt of {kind}, not of a paper that was issued"
        " (paper.issued.v1)\n",
    )


def test_an_entry_without_a_file_issued_nothing(tmp_path, kept, capsys):
    entry = b'{"file":"x","kind":"paper.issued.v1"}'
    other = written(tmp_path / "c.receipt.json", receipt_of(entry))
    code, said = verify(capsys, "paper", other, kept[1], "--vkey", LOG.vkey)
    assert (code, said) == (
        1,
        f"Refused: pdf: not the file that was issued: {len(PDF)} bytes where — are due\n",
    )


def test_a_receipt_altered_to_fit_another_file_is_refused(tmp_path, kept, capsys):
    other = PDF.replace(b"sealed", b"forged")
    entry = entry_of(ISSUED).replace(
        ISSUED.file.sha256.encode(), hashlib.sha256(other).hexdigest().encode()
    )
    good = receipt.parse_receipt(receipt_of(entry_of(ISSUED)))
    bent = receipt.format_receipt(replace(good, leaf=entry))
    paths = written(tmp_path / "d.receipt.json", bent), written(tmp_path / "d.pdf", other)
    code, said = verify(capsys, "paper", *paths, "--vkey", LOG.vkey)
    assert (code, said) == (1, "Refused: proof: leaf, index or path hashes do not give the"
                               " signed root\n")  # fmt: skip


def test_a_policy_asks_for_its_witnesses_here_too(tmp_path, kept, capsys):
    policy = written(tmp_path / "policy", f"witness w1 {WITNESS.vkey}\nquorum w1\n")
    for witness, code in ((WITNESS, 0), (OTHER_WITNESS, 1)):
        written(tmp_path / "a.receipt.json", receipt_of(entry_of(ISSUED), witness))
        asked = ("paper", *kept, "--vkey", LOG.vkey, "--policy", policy)
        assert verify(capsys, *asked)[0] == code


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_that_is_not_there_is_wrong_usage(kept, capsys, missing):
    paths = [*kept]
    paths[missing] += ".none"
    with pytest.raises(SystemExit) as stop:
        main(["paper", *paths, "--vkey", LOG.vkey])
    assert stop.value.code == 2
    assert "No such file" in capsys.readouterr().err


# SM3: the two examples of GB/T 32905-2016, annex A; and as OpenSSL has it.


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_by_hand_is_that_of_the_standard(data, digest):
    assert sm3.sm3_by_hand(data) == digest


@pytest.mark.parametrize("length", [0, 1, 54, 55, 56, 57, 63, 64, 65, 200])
def test_sm3_by_hand_and_by_openssl_agree_at_every_length(length, monkeypatch):
    data = bytes(range(256))[:length]
    by_openssl = sm3.sm3(data)
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    assert sm3.sm3(data) == by_openssl == hashlib.new("sm3", data).hexdigest()
