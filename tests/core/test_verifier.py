"""The verifier, as anyone runs it: any log, any receipt, and no changed byte gets past it."""

import json
import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mingtang.core import merkle, note, receipt, tiles, tlogproof
from mingtang.core.wire import Disclosure
from mingtang.verifier.__main__ import main
from mingtang.verifier.log import check_log

from .logwords import (
    LOG,
    OTHER_WITNESS,
    WITNESS,
    Signer,
    file_of,
    head_of,
    nodes_of,
    signed,
    write_log,
)

ROOT = Path(__file__).parents[2]
NAME = Disclosure("applicant", "c2FsdA", "演示一号")
PHONE = Disclosure("phone", "cGVwcGVy", "000")
ENTRY = json.dumps(
    {"_sd": sorted([NAME.digest, PHONE.digest]), "kind": "case.filed.v1", "number": "演示-1"},
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
).encode()
SEVEN = [b"entry %d" % n for n in range(6)] + [ENTRY]
POLICY = f"witness w1 {WITNESS.vkey}\nwitness w2 {OTHER_WITNESS.vkey}\ngroup two all w1 w2\n"


def receipt_of(*witnesses, disclosures=(NAME,)):
    proof = tlogproof.TlogProof(
        index=6,
        hashes=tuple(merkle.prove_inclusion(6, 7, nodes_of(SEVEN))),
        checkpoint=signed(head_of(SEVEN), *witnesses),
    )
    return receipt.Receipt(leaf=ENTRY, proof=proof, disclosures=disclosures)


def written(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def verify(capsys, *arguments, lang="en"):
    """Run the verifier here; return its exit code and what it said."""
    code = main([*map(str, arguments), "--lang", lang])
    return code, capsys.readouterr().out


def in_a_process(*arguments):
    """Run it as a person would, with nothing installed: no site packages at all."""
    return subprocess.run(
        [sys.executable, "-S", "-W", "error", "-m", "mingtang.verifier", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def flips(data):
    for place in range(len(data)):
        yield place, data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]


# How it is run


def test_it_runs_on_python_alone_and_says_0_1_or_2(tmp_path):
    good = written(tmp_path / "a.receipt.json", receipt.format_receipt(receipt_of()))
    folder = write_log(tmp_path / "log", SEVEN)

    done = in_a_process("receipt", good, "--vkey", LOG.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("有效：这条记录确在日志中")
    done = in_a_process("log", folder, "--vkey", LOG.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("有效：日志完整")

    done = in_a_process("receipt", good, "--vkey", Signer("other.example").vkey)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("不予认可：")
    assert in_a_process("receipt", good).returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["receipt", "{tmp}/none", "--vkey", LOG.vkey],
        ["receipt", "{tmp}", "--vkey", LOG.vkey],
        ["receipt", "{tmp}/x", "--vkey", "nonsense"],
        ["receipt", "{tmp}/x", "--vkey", WITNESS.vkey],
        ["receipt", "{tmp}/x", "--vkey", LOG.vkey, "--policy", "{tmp}/none"],
        ["receipt", "{tmp}/x", "--vkey", LOG.vkey, "--policy", "{tmp}/x"],
        ["receipt", "{tmp}/x", "--vkey", LOG.vkey, "--policy", "{tmp}/other"],
        ["log", "{tmp}/none", "--vkey", LOG.vkey],
        ["log", "http://127.0.0.1:1/", "--vkey", LOG.vkey],
        ["log", "http://[", "--vkey", LOG.vkey],
        [],
    ],
)
def test_wrong_usage_is_told_from_refusal(tmp_path, capsys, arguments):
    written(tmp_path / "x", "not a policy")
    written(tmp_path / "other", f"log {Signer('other.example').vkey}\nquorum none\n")
    with pytest.raises(SystemExit) as stop:
        main([argument.format(tmp=tmp_path) for argument in arguments])
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


# Receipts


def test_a_receipt_is_told_in_words(tmp_path, capsys):
    path = written(tmp_path / "a.receipt.json", receipt.format_receipt(receipt_of(WITNESS)))
    code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
    assert code == 0
    assert said.splitlines() == [
        "Valid: this record is in the log, and the log signed with the key given.",
        "Log: log.example/演示",
        "Index (from 0): 6",
        "Entries in the log: 7",
        "Kind of entry: case.filed.v1",
        "Public fields:",
        "  number = 演示-1",
        "Sealed fields shown:",
        "  applicant = 演示一号",
        "Sealed fields withheld (digests only):",
        f"  {PHONE.digest}",
        "Cosignatures:",
        "  none checked: name the witnesses with --policy",
        "Signature lines not checked (unknown keys):",
        "  witness.example/w1",
    ]
    _, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey, lang="zh")
    assert "未出示的封存内容（只有摘要）:\n" in said


@pytest.mark.parametrize("witnesses", [(), (WITNESS, OTHER_WITNESS)])
def test_every_changed_byte_of_a_receipt_is_refused(tmp_path, capsys, witnesses):
    good = receipt.format_receipt(receipt_of(*witnesses)).encode()
    for place, bent in flips(good):
        path = written(tmp_path / "a.receipt.json", bent)
        code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
        assert (code, said[:9]) == (1, "Refused: "), place


def test_every_changed_byte_of_a_log_proof_is_refused(tmp_path, capsys):
    kept = receipt_of()
    proof = tlogproof.TlogProof(
        index=6, hashes=kept.proof.hashes, checkpoint=kept.proof.checkpoint, extra=ENTRY
    )
    good = tlogproof.format_proof(proof).encode()
    path = written(tmp_path / "a.tlog-proof", good)
    assert verify(capsys, "receipt", path, "--vkey", LOG.vkey)[0] == 0
    for place, bent in flips(good):
        written(tmp_path / "a.tlog-proof", bent)
        assert verify(capsys, "receipt", path, "--vkey", LOG.vkey)[0] == 1, place


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (lambda d: {**d, "extra": 1}, "unknown member 'extra'"),
        (lambda d: {k: v for k, v in d.items() if k != "leaf"}, "member 'leaf' is missing"),
        (lambda d: {**d, "format": "mingtang.receipt.v2"}, "member 'format'"),
        (lambda d: {**d, "leaf": 1}, "member 'leaf' is not text"),
        (lambda d: {**d, "leaf": "AA"}, "member 'leaf': not base64"),
        (lambda d: {**d, "leaf": "AAAA"}, "leaf, index or path hashes do not give"),
        (lambda d: {**d, "proof": "x"}, "member 'proof': not a log proof"),
        (lambda d: {**d, "disclosures": {}}, "'disclosures' is not a list"),
        (lambda d: {**d, "disclosures": [{"name": "x"}]}, "disclosure 0 is not a name"),
        (lambda d: {**d, "disclosures": d["disclosures"] * 2}, "disclosures[1]"),
        (
            lambda d: {**d, "disclosures": [{**d["disclosures"][0], "value": "演示二号"}]},
            "disclosures[0]: the digest of 'applicant' is not among the entry's _sd",
        ),
    ],
)
def test_a_receipt_that_says_more_or_less_is_refused(tmp_path, capsys, bend, says):
    document = json.loads(receipt.format_receipt(receipt_of()))
    del document["sha256"]  # not what finds these
    bent = json.dumps(bend(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    path = written(tmp_path / "a.receipt.json", bent + "\n")
    code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
    assert code == 1
    assert says in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON at character 0"),
        ("[]", "not a JSON object"),
        ('{"a":1,"a":2}', "a member appears twice"),
        ('{"a":NaN}', "NaN is not a number"),
        ("[" * 100_000, "not JSON"),
        ('{"a":' + "9" * 5000 + "}", "not JSON"),
        (b"\xff", "not UTF-8 at byte 0"),
        ('{"a":"\\ud800"}', "unknown member 'a'"),
    ],
)
def test_what_is_no_receipt_at_all_is_refused(tmp_path, capsys, text, says):
    path = written(tmp_path / "a.receipt.json", text)
    code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
    assert code == 1
    assert says in said


def test_spaces_are_another_spelling(tmp_path, capsys):
    text = receipt.format_receipt(receipt_of()).replace('"format":', '"format": ')
    path = written(tmp_path / "a.receipt.json", text)
    code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
    assert code == 1
    assert f"not in its one spelling at character {text.index('mingtang.receipt') - 2}" in said


def test_a_policy_asks_for_its_witnesses(tmp_path, capsys):
    policy = written(tmp_path / "policy", POLICY + "quorum two\n")

    def asked(*witnesses):
        text = receipt.format_receipt(receipt_of(*witnesses))
        path = written(tmp_path / "a.receipt.json", text)
        return verify(capsys, "receipt", path, "--vkey", LOG.vkey, "--policy", policy)

    code, said = asked(WITNESS, OTHER_WITNESS)
    assert code == 0
    assert "  witness.example/w1  2023-11-14T22:13:20+00:00\n" in said
    assert asked(WITNESS)[0] == 1
    assert "too few cosignatures" in asked(WITNESS)[1]


def test_what_an_entry_holds_cannot_steer_the_terminal(tmp_path, capsys):
    entry = b'{"kind":"x","no\\u202ete":"\\u001b[2J\\nValid\\ud800"}'
    proof = tlogproof.TlogProof(index=0, hashes=(), checkpoint=signed(head_of([entry])))
    kept = receipt.Receipt(leaf=entry, proof=proof)
    path = written(tmp_path / "a.receipt.json", receipt.format_receipt(kept))
    code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
    assert code == 0
    assert "  no\\u202ete = \\u001b[2J\\u000aValid\\ud800\n" in said


def test_a_log_proof_without_its_entry_proves_nothing(tmp_path, capsys):
    path = written(tmp_path / "a.tlog-proof", tlogproof.format_proof(receipt_of().proof))
    code, said = verify(capsys, "receipt", path, "--vkey", LOG.vkey)
    assert code == 1
    assert "no extra line" in said


# Logs


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 600])
def test_a_log_of_any_size_and_origin_is_valid(tmp_path, capsys, size):
    foreign = Signer("sum.example.org/другой")
    folder = write_log(tmp_path / "log", [b"%d" % n for n in range(size)], log=foreign)
    code, said = verify(capsys, "log", folder, "--vkey", foreign.vkey)
    assert code == 0
    assert f"Entries in the log: {size}\n" in said


def test_a_log_with_a_third_level_of_tiles_is_valid(tmp_path, capsys):
    folder = write_log(tmp_path / "log", [b""] * 65_792)
    assert (folder / "tile/2/000.p/1").exists()
    assert verify(capsys, "log", folder, "--vkey", LOG.vkey)[0] == 0

    bent = folder / "tile/1/000"
    bent.write_bytes(bent.read_bytes()[:-1] + b"!")
    code, said = verify(capsys, "log", folder, "--vkey", LOG.vkey)
    assert (code, said) == (
        1,
        "Refused: tile/1/000: differs from byte 8191 on\nplaces that differ: 1\n",
    )


def test_every_changed_byte_of_a_small_log_is_named_with_its_file(tmp_path, capsys):
    folder = write_log(tmp_path / "log", SEVEN)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        good, name = file.read_bytes(), str(file.relative_to(folder))
        for place, bent in flips(good):
            file.write_bytes(bent)
            code, said = verify(capsys, "log", folder, "--vkey", LOG.vkey)
            assert code == 1
            assert said.startswith(f"Refused: {name}: "), place
            if name.startswith("tile/0"):
                assert f"differs from byte {place} on\n" in said
        file.write_bytes(good)


class Memory:
    """A log as a mapping from path to bytes."""

    def __init__(self, files):
        self.files = files

    def read(self, path):
        return self.files.get(path)

    def paths(self):
        return iter(sorted(self.files))


ENTRIES_515 = [b"entry %d" % n for n in range(515)]
HEAD_515 = head_of(ENTRIES_515)


def files_of_515():
    read = nodes_of(ENTRIES_515)
    return {tile.path: file_of(tile, ENTRIES_515, read) for tile in tiles.tiles_of(515)}


def found_in(files, head=HEAD_515):
    check = check_log(Memory(files), size=head.size, root=head.root, progress=lambda done: None)
    return [(found.where, found.code, found.details) for found in check]


def test_the_place_of_a_change_is_named_in_full_and_partial_files_alike():
    good = files_of_515()
    assert found_in(good) == []
    for path, data in good.items():
        for place, bent in flips(data):
            if place % 89 and place < len(data) - 2:
                continue
            [(where, code, details)] = found_in({**good, path: bent})
            assert where == path
            if "entries" not in path:
                assert (code, details) == ("wrong-bytes", {"byte": place})


def test_a_changed_entry_is_named_by_its_number_and_byte():
    good = files_of_515()
    bundle = good["tile/entries/001"]
    bent = bundle.replace(b"entry 300", b"entry 3oo")
    at = bundle.index(b"entry 300") - 2
    assert found_in({**good, "tile/entries/001": bent}) == [
        ("tile/entries/001", "wrong-entry", {"index": 300, "byte": at})
    ]


def test_an_entry_changed_with_its_hash_is_found_from_above():
    entries = [*ENTRIES_515[:300], b"entry 3oo", *ENTRIES_515[301:]]
    read, good = nodes_of(entries), files_of_515()
    for tile in (tiles.Tile(tiles.ENTRIES, 1), tiles.Tile(0, 1)):
        good[tile.path] = file_of(tile, entries, read)
    assert found_in(good) == [
        ("tile/0/001", "wrong-file", {}),
        ("tile/entries/001", "wrong-file", {}),
    ]


def test_a_history_rewritten_throughout_does_not_give_the_signed_root():
    entries = [*ENTRIES_515[:300], b"entry 3oo", *ENTRIES_515[301:]]
    read = nodes_of(entries)
    rewritten = {t.path: file_of(t, entries, read) for t in tiles.tiles_of(515)}
    assert ("checkpoint", "wrong-root", {}) in found_in(rewritten)


def test_each_missing_file_is_named():
    good = files_of_515()
    for path in good:
        rest = {name: data for name, data in good.items() if name != path}
        assert found_in(rest) == [(path, "missing", {})]


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0"])
def test_files_too_short_or_too_long_are_named(change):
    good = files_of_515()
    for path, data in good.items():
        [(where, code, _)] = found_in({**good, path: change(data)})
        assert where == path
        assert code in ("wrong-length", "wrong-entry", "form")


@pytest.mark.parametrize(
    "path", ["tile/0/003", "tile/0/002.p/4", "tile/2/000.p/1", "tile/0/notes.txt", "tile/x/000"]
)
def test_surplus_files_among_the_tiles_are_named(path):
    assert found_in({**files_of_515(), path: b""}) == [(path, "surplus", {})]


def test_partial_files_of_earlier_sizes_may_stay_but_not_change():
    good = files_of_515()
    earlier = {
        tile.path: file_of(tile, ENTRIES_515[:size])
        for size in (1, 200, 257, 514)
        for tile in tiles.tiles_of(size)
    }
    assert found_in({**earlier, **good}) == []
    for path in earlier.keys() - good.keys():
        for bent in (b"!" + earlier[path][1:], earlier[path][:-1], earlier[path] + b"\0"):
            assert [where for where, *_ in found_in({**good, **earlier, path: bent})] == [path]


def test_a_grown_log_may_have_dropped_its_partial_files():
    entries = [*ENTRIES_515, *(b"later %d" % n for n in range(253))]
    grown = {tile.path: file_of(tile, entries) for tile in tiles.tiles_of(768)}
    grown["tile/1/000.p/2"] = files_of_515()["tile/1/000.p/2"]
    assert {code for _, code, _ in found_in(grown)} == {"surplus"}


def test_a_log_that_grows_while_it_is_read_is_not_blamed(tmp_path, capsys, monkeypatch):
    entries = [b"%d" % n for n in range(9)]
    folder = write_log(tmp_path / "log", entries[:5])
    early = (folder / "checkpoint").read_bytes()
    write_log(folder, entries)
    late = (folder / "checkpoint").read_bytes()
    (folder / "checkpoint").write_bytes(early)
    code, said = verify(capsys, "log", folder, "--vkey", LOG.vkey)
    assert code == 1
    assert "tile/0/000.p/9: surplus file" in said

    def grow(*arguments, **options):
        yield from check_log(*arguments, **options)
        (folder / "checkpoint").write_bytes(late)

    monkeypatch.setattr("mingtang.verifier.__main__.check_log", grow)
    assert verify(capsys, "log", folder, "--vkey", LOG.vkey)[0] == 0


def test_a_folder_without_a_checkpoint_is_no_log(tmp_path, capsys):
    code, said = verify(capsys, "log", tmp_path, "--vkey", LOG.vkey)
    assert (code, said) == (1, "Refused: checkpoint: file is missing\n")


def test_files_beside_the_log_are_mentioned(tmp_path, capsys):
    folder = write_log(tmp_path / "log", SEVEN)
    written(folder / "readme.txt", "演示")
    code, said = verify(capsys, "log", folder, "--vkey", LOG.vkey)
    assert code == 0
    assert said.endswith("(not checked):\n  readme.txt\n")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def test_a_log_is_checked_over_the_web(tmp_path, capsys):
    folder = write_log(tmp_path / "log", ENTRIES_515, WITNESS)
    policy = written(tmp_path / "policy", POLICY + "quorum w1\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        asked = ("log", url, "--vkey", LOG.vkey, "--policy", policy)
        code, said = verify(capsys, *asked)
        assert code == 0
        assert "witness.example/w1  2023" in said

        (folder / "tile/entries/000").unlink()
        code, said = verify(capsys, *asked)
        assert (code, said) == (
            1,
            "Refused: tile/entries/000: file is missing\nplaces that differ: 1\n",
        )
    finally:
        server.shutdown()
        server.server_close()


def test_a_receipt_of_one_branch_does_not_hold_on_another(tmp_path):
    other = [*SEVEN[:6], b"rewritten"]
    kept = receipt_of()
    proof = tlogproof.TlogProof(
        index=6, hashes=kept.proof.hashes, checkpoint=signed(head_of(other))
    )
    with pytest.raises(merkle.ProofFailed):
        tlogproof.check_proof(proof, ENTRY, LOG.verifier)


def test_a_receipt_reads_back():
    kept = receipt_of(WITNESS)
    assert receipt.parse_receipt(receipt.format_receipt(kept)) == kept
    assert note.parse_note(kept.proof.checkpoint).signatures[1] == WITNESS.cosign(
        note.parse_note(kept.proof.checkpoint).text
    )
