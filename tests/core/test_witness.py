"""The witness over real HTTP: what it cosigns, what it refuses, and what it never forgets."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from mingtang.core import checkpoint, cosignature, merkle, note, witnessing
from mingtang.witness import __main__ as program
from mingtang.witness.heads import Heads
from mingtang.witness.secret import NoSecret
from mingtang.witness.server import open_server

from .logwords import LOG, OTHER_WITNESS, Signer, head_of, nodes_of, signed

ENTRIES = [b"entry %d" % n for n in range(20)]
REWRITTEN = [*ENTRIES[:3], b"rewritten", *ENTRIES[4:]]
NAME = "witness.example/演示"
HERE = f"/{sha256(LOG.name.encode()).hexdigest()}/checkpoint"


@contextmanager
def running(state, logs=(LOG.key,)):
    server = open_server(state=state, name=NAME, logs=logs, new_key=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def witness(tmp_path):
    with running(tmp_path) as server:
        yield server


def asked(server, method, path, body=None, headers=None):
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def add(server, old, entries, size, *, proof=None, text=None):
    """Ask to cosign the log's first `size` entries after its first `old`."""
    if proof is None:
        proof = merkle.prove_consistency(old, size, nodes_of(entries)) if 0 < old <= size else []
    body = witnessing.format_request(old, proof, text or signed(head_of(entries[:size])))
    status, answer, headers = asked(server, "POST", "/add-checkpoint", body)
    return status, answer.decode(), headers["Content-Type"]


def cosigned(server, entries, size, lines):
    """Say whether these lines are good cosignatures of the witness, and nothing else."""
    text = checkpoint.format_checkpoint(head_of(entries[:size]))
    verifier = cosignature.verifier(server.witness.key)
    [(key, _)] = witnessing.parse_response(lines.encode(), text=text, witnesses=[verifier])
    return key == server.witness.key and lines.count("\n") == 1


# What it cosigns


def test_it_cosigns_the_first_checkpoint_and_each_that_extends_it(witness):
    for old, size in [(0, 1), (1, 5), (5, 5), (5, 8), (8, 20)]:
        status, lines, _ = add(witness, old, ENTRIES, size)
        assert status == 200
        assert cosigned(witness, ENTRIES, size, lines)


def test_it_cosigns_an_empty_log(witness):
    assert add(witness, 0, ENTRIES, 0)[0] == 200
    assert add(witness, 0, ENTRIES, 3)[0] == 200


def test_it_shows_what_it_cosigned_last(witness):
    assert asked(witness, "GET", HERE)[0] == 404
    add(witness, 0, ENTRIES, 4)
    status, shown, headers = asked(witness, "GET", HERE)
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    ours = cosignature.verifier(witness.witness.key)
    head, opened = checkpoint.open_checkpoint(shown.decode(), LOG.verifier, [ours])
    assert head == head_of(ENTRIES[:4])
    assert [key.name for key, _ in opened.verified] == [LOG.name, NAME]


def test_it_tells_its_key(witness):
    status, body, _ = asked(witness, "GET", "/vkey")
    assert status == 200
    assert note.parse_vkey(body.decode().rstrip("\n")) == witness.witness.key


def test_a_log_may_have_an_old_and_a_new_key_for_a_while(tmp_path):
    new = Signer("next.example")
    renamed = note.ed25519_key(LOG.name, new.key.public)
    text = checkpoint.format_checkpoint(head_of(ENTRIES[:2]))
    line = note.sign(text, key=renamed, signer=new.secret.sign)
    with running(tmp_path, logs=[LOG.key, renamed]) as server:
        assert add(server, 0, ENTRIES, 1)[0] == 200
        by_new_key = note.format_note(note.Note(text=text, signatures=(line,)))
        assert add(server, 1, ENTRIES, 2, text=by_new_key)[0] == 200


# What it refuses


def test_an_unknown_log_is_404(witness):
    stranger = Signer("stranger.example")
    text = signed(head_of(ENTRIES, origin=stranger.name), log=stranger)
    assert add(witness, 0, ENTRIES, 20, text=text)[0] == 404


def test_a_checkpoint_not_signed_by_its_log_is_403(witness):
    head = head_of(ENTRIES)
    assert add(witness, 0, ENTRIES, 20, text=signed(head, log=Signer("else.example")))[0] == 403
    forged = signed(head).replace("\n20\n", "\n19\n")
    assert add(witness, 0, ENTRIES, 20, text=forged)[0] == 403


def test_an_old_size_beyond_the_new_is_400(witness):
    add(witness, 0, ENTRIES, 8)
    assert add(witness, 8, ENTRIES, 5)[0] == 400


def test_an_old_size_that_is_not_ours_is_409_with_the_size(witness):
    assert add(witness, 3, ENTRIES, 8)[::2] == (409, "text/x.tlog.size")
    add(witness, 0, ENTRIES, 8)
    for old in (0, 7, 9):
        status, body, kind = add(witness, old, ENTRIES, 20)
        assert (status, kind) == (409, "text/x.tlog.size")
        assert witnessing.parse_size(body.encode()) == 8


@pytest.mark.parametrize("bend", [lambda p: p[1:], lambda p: [*p, bytes(32)], lambda p: p[::-1]])
def test_a_proof_that_does_not_hold_is_422(witness, bend):
    add(witness, 0, ENTRIES, 7)
    proof = merkle.prove_consistency(7, 20, nodes_of(ENTRIES))
    assert add(witness, 7, ENTRIES, 20, proof=bend(proof))[0] == 422
    assert add(witness, 7, ENTRIES, 20, proof=proof)[0] == 200


def test_a_proof_from_nothing_is_empty(witness):
    assert add(witness, 0, ENTRIES, 8, proof=[bytes(32)])[0] == 422


def test_an_empty_log_has_the_empty_root(witness):
    head = checkpoint.Checkpoint(origin=LOG.name, size=0, root=bytes(32))
    assert add(witness, 0, ENTRIES, 0, text=signed(head))[0] == 422


def test_history_rewritten_with_the_logs_own_key_is_refused(witness):
    add(witness, 0, ENTRIES, 8)
    before = asked(witness, "GET", HERE)[1]

    assert add(witness, 8, REWRITTEN, 8)[0] == 422  # the same size, another root
    assert add(witness, 8, REWRITTEN, 20)[0] == 422  # longer, with a proof of its own
    assert add(witness, 0, REWRITTEN, 20)[0] == 409  # as if we had never met
    assert add(witness, 5, REWRITTEN, 8)[0] == 409  # rolled back
    assert asked(witness, "GET", HERE)[1] == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n" + signed(head_of(ENTRIES)).encode(),
        b"old 0\n\nnot a note\n",
        b"old 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\n" + signed(head_of(ENTRIES)).encode(),
        b"\xff\xfe",
        b"old 0\n\n" + signed(head_of(ENTRIES)).encode()[:-1],
    ],
)
def test_a_malformed_request_is_400_and_harmless(witness, body):
    assert asked(witness, "POST", "/add-checkpoint", body)[0] == 400
    assert add(witness, 0, ENTRIES, 3)[0] == 200


def test_extension_lines_are_400(witness):
    text = checkpoint.format_checkpoint(head_of(ENTRIES)) + "extension\n"
    extended = note.format_note(note.Note(text=text, signatures=(LOG.sign(text),)))
    assert add(witness, 0, ENTRIES, 20, text=extended)[0] == 400


def test_bodies_without_length_or_too_large_are_not_read(witness):
    post = ("POST", "/add-checkpoint")
    # The header alone: a body on its way to a closed door may break the pipe before the answer.
    assert asked(witness, *post, headers={"Transfer-Encoding": "chunked"})[0] == 411
    assert asked(witness, *post, headers={"Content-Length": "x"})[0] == 411
    assert asked(witness, *post, headers={"Content-Length": "-1"})[0] == 411
    too_large = {"Content-Length": str(witnessing.MAX_REQUEST + 1)}
    assert asked(witness, *post, headers=too_large)[0] == 413


def test_noise_does_not_stop_it(witness):
    for noise in (b"\0" * 100, b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nold"):
        with socket.create_connection(("127.0.0.1", witness.server_port)) as peer:
            peer.sendall(noise)
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(4096):
                pass
    assert add(witness, 0, ENTRIES, 3)[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/../heads.sqlite3", 404),
        ("GET", "/add-checkpoint", 404),
        ("GET", "/" + "0" * 64 + "/checkpoint", 404),
        ("POST", "/other", 404),
        ("PUT", "/add-checkpoint", 501),
    ],
)
def test_there_is_nothing_else_to_ask(witness, method, path, status):
    assert asked(witness, method, path, b"")[0] == status


# What it never forgets


def test_lines_nobody_checked_are_not_stored(witness):
    head = head_of(ENTRIES[:4])
    forged = note.Signature(name="w.example", key_id=b"1234", data=bytes(72))
    text = signed(head, OTHER_WITNESS) + note.format_signatures([forged])
    assert add(witness, 0, ENTRIES, 4, text=text)[0] == 200
    shown = asked(witness, "GET", HERE)[1].decode()
    assert [s.name for s in note.parse_note(shown).signatures] == [LOG.name, NAME]


def test_a_bad_line_under_its_own_name_does_not_spoil_its_memory(witness):
    forged = note.Signature(name=NAME, key_id=witness.witness.key.id, data=bytes(72))
    text = signed(head_of(ENTRIES[:4])) + note.format_signatures([forged])
    assert add(witness, 0, ENTRIES, 4, text=text)[0] == 200
    assert add(witness, 4, ENTRIES, 8)[0] == 200


def test_a_restart_keeps_key_and_memory(tmp_path):
    with running(tmp_path) as server:
        add(server, 0, ENTRIES, 8)
        vkey = server.witness.vkey
    with running(tmp_path) as server:
        assert server.witness.vkey == vkey
        assert add(server, 0, REWRITTEN, 20)[:2] == (409, "8\n")
        assert add(server, 8, ENTRIES, 20)[0] == 200


def test_of_two_posts_at_once_one_finds_the_other_was_first(witness, monkeypatch):
    """Both have read the same last checkpoint before either writes."""
    add(witness, 0, ENTRIES, 8)
    both_have_read, read = threading.Barrier(2, timeout=10), Heads.of
    waiting = threading.local()

    def read_together(heads, origin):
        head = read(heads, origin)
        if not hasattr(waiting, "done"):
            waiting.done = True
            both_have_read.wait()
        return head

    monkeypatch.setattr(Heads, "of", read_together)
    answers = {}

    def post(size):
        answers[size] = add(witness, 8, ENTRIES, size)

    threads = [threading.Thread(target=post, args=[size]) for size in (12, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, *_ in answers.values()) == [200, 409]
    [first] = [size for size, (status, *_) in answers.items() if status == 200]
    [lost] = [body for status, body, _ in answers.values() if status == 409]
    assert lost == f"{first}\n"
    shown = asked(witness, "GET", HERE)[1].decode()
    assert note.parse_note(shown).text.split("\n")[1] == str(first)


def test_it_does_not_sign_with_the_clock_set_back(witness):
    witness.witness._now = lambda: 2_000_000_000.5
    assert add(witness, 0, ENTRIES, 3)[0] == 200
    witness.witness._now = lambda: 1_999_999_999.9
    assert add(witness, 3, ENTRIES, 4)[0] == 503
    assert "\n3\n" in asked(witness, "GET", HERE)[1].decode()


def test_without_its_memory_it_signs_nothing(witness, tmp_path):
    with sqlite3.connect(tmp_path / "heads.sqlite3") as db:
        db.execute("drop table head")
    db.close()
    assert add(witness, 0, ENTRIES, 3)[:2] == (503, "out of order\n")
    assert asked(witness, "GET", HERE)[0] == 503


# Its key, and the program


def test_the_key_is_for_its_owner_alone(tmp_path):
    with running(tmp_path / "new"):
        pass
    path = tmp_path / "new" / "witness.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(NoSecret, match="chmod 600"):
        open_server(state=tmp_path / "new", name=NAME, logs=[LOG.key])


@pytest.mark.parametrize("data", [b"", b"nonsense"])
def test_a_key_that_is_none_is_refused(tmp_path, data):
    path = tmp_path / "witness.pem"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(NoSecret, match="not a key"):
        open_server(state=tmp_path, name=NAME, logs=[LOG.key], new_key=True)
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    "options",
    [
        ["--name", NAME, "--log", LOG.vkey],  # no key, and none to be made
        ["--name", NAME, "--new-key"],
        ["--name", NAME, "--new-key", "--log", "nonsense"],
        ["--name", "a b", "--new-key", "--log", LOG.vkey],
        ["--name", NAME, "--new-key", "--log", LOG.vkey, "--listen", "nowhere"],
        ["--name", NAME, "--new-key", "--log", LOG.vkey, "--policy", "/nowhere"],
    ],
)
def test_the_program_says_what_it_lacks(tmp_path, capsys, options, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as stop:
        program.main(["--state", str(tmp_path / "state"), *options])
    assert stop.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_the_program_runs_and_stops_when_told(tmp_path):
    policy = tmp_path / "policy"
    policy.write_text(f"log {LOG.vkey}\nquorum none\n", encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "mingtang.witness", "--state", str(tmp_path)]
    command += ["--name", NAME, "--policy", str(policy), "--listen", "127.0.0.1:0", "--new-key"]
    source = str(Path(__file__).parents[2] / "src")
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": source, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert note.parse_vkey(process.stdout.readline().rstrip("\n")).name == NAME
        address = process.stdout.readline()
        port = int(re.search(r":(\d+)/", address)[1])
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        body = witnessing.format_request(0, [], signed(head_of(ENTRIES)))
        connection.request("POST", "/add-checkpoint", body)
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0
