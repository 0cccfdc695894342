"""A draw is worked out anew from the public log, and nothing bent gets past it."""

import json
from dataclasses import replace

import pytest

from mingtang.core.history import WIRE
from mingtang.core.intermediaries import needs
from mingtang.core.intermediaries.choosing import Way
from mingtang.core.wire import canonical
from mingtang.verifier.choosing import Entry, check_need
from mingtang.verifier.words import Refused
from tests.core.logwords import LOG, write_log
from tests.core.need_examples import (
    CHOOSE,
    DIRECT,
    NEED,
    OPEN,
    QUOTING,
    SCORED,
    candidate,
    publish,
    score,
    sign_up,
    withdraw,
)
from tests.core.test_verifier import verify

THREE = (publish(), sign_up("A"), sign_up("B"), sign_up("C"), OPEN)


def log_of(*commands):
    """Return the public entries of a need these commands were carried out on."""
    state, entries = needs.State(), []
    for command in commands:
        for event in needs.decide(state, command):
            state = needs.evolve(state, event)
            place = {"_stream": f"need/{NEED}", "_seq": len(entries) + 1}
            salts = (f"salt-{n}" for n in range(20))
            entries.append(WIRE.encode(event, salts, place=place)[0])
    return entries


def read(leaves):
    found = [json.loads(leaf) for leaf in leaves]
    return [Entry(index, body["kind"], body) for index, body in enumerate(found)]


def checked(*commands):
    return check_need(NEED, read(log_of(*commands)))


def test_every_way_that_follows_from_the_log_is_worked_out_anew():
    found = checked(*THREE)
    assert (found.found, found.way, found.sign_ups) == ((), Way.DRAW, 3)
    assert found.chosen in {f"演示机构{name}" for name in "ABC"}
    quoted = checked(publish(QUOTING), sign_up("A", 700_000), sign_up("B", 600_000), OPEN)
    assert (quoted.found, quoted.chosen) == ((), "演示机构B")
    scored = checked(
        publish(SCORED),
        sign_up("A"),
        sign_up("B"),
        OPEN,
        *(score(name, who) for name in "AB" for who in ("P-s1", "P-s2")),
        CHOOSE,
    )
    assert scored.found == ()
    assert checked(publish(), OPEN).chosen == ""


WITHDRAWN = (*THREE[:-1], withdraw("B"), sign_up("B"), withdraw("A"), OPEN)


def test_whoever_withdrew_is_left_out_and_the_draw_still_follows():
    found = checked(*WITHDRAWN)
    assert (found.found, found.sign_ups) == ((), 2)
    assert found.chosen in {"演示机构B", "演示机构C"}
    assert checked(publish(), sign_up("A"), withdraw("A"), OPEN).chosen == ""


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"at": "2026-03-04T12:00:00+08:00"}, ["need-late-withdrawal"]),
        ({"no": 9}, ["need-other-withdrawal", "need-other-count", "need-other-sign-up"]),
    ],
)
def test_a_withdrawal_that_was_bent_is_named(change, codes):
    entries = read(log_of(*WITHDRAWN))
    [first, *_] = [entry for entry in entries if entry.kind == "need.sign-up-withdrawn.v1"]
    first.body.update(change)
    found = [one.code for one in check_need(NEED, entries).found]
    assert list(dict.fromkeys(found))[: len(codes)] == codes


def test_a_sign_up_that_nobody_withdrew_is_missed():
    entries = read(log_of(*WITHDRAWN))
    kept = [entry for entry in entries if entry.kind != "need.sign-up-withdrawn.v1"]
    assert "need-other-count" in [one.code for one in check_need(NEED, kept).found]


def test_whoever_is_barred_is_left_out():
    found = checked(*THREE[:-1], replace(OPEN, barred=(("A", "suspended"), ("B", "suspended"))))
    assert (found.found, found.chosen) == ((), "演示机构C")


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ((), "need-not-there"),
        ((publish(),), "need-not-opened"),
        ((publish(DIRECT, invited=candidate("A")),), "need-direct"),
        ((publish(SCORED), sign_up("A"), OPEN), "need-not-decided"),
    ],
)
def test_where_there_is_nothing_to_work_out_it_says_so(commands, code):
    with pytest.raises(Refused) as refused:
        checked(*commands)
    assert refused.value.code == code


def bent(kind, change):
    """Return the codes found when the first entry of a kind reads otherwise."""
    entries = read(log_of(*THREE))
    [first, *_] = [entry for entry in entries if entry.kind == kind]
    change(first.body)
    return [refused.code for refused in check_need(NEED, entries).found]


def other_body(body):
    body["body"] = next(name for name in "ABC" if name != body["body"])


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("need.opened.v1", lambda b: b.update(seed="another"), "need-other-seed"),
        ("need.published.v1", lambda b: b["terms"].update(seed_digest="0"), "need-other-seed"),
        ("need.opened.v1", lambda b: b["entrants"].pop(), "need-other-count"),
        (
            "need.opened.v1",
            lambda b: b["entrants"][0].update(nonce="chosen-too-late-xx"),
            "need-other-sign-up",
        ),
        ("need.opened.v1", lambda b: b["entrants"][0].update(price_fen=1), "need-other-sign-up"),
        ("need.opened.v1", lambda b: b["entrants"].reverse(), "need-other-sign-up"),
        ("need.signed-up.v1", lambda b: b.update(digest="0" * 64), "need-other-sign-up"),
        (
            "need.signed-up.v1",
            lambda b: b.update(at="2026-03-04T12:00:00+08:00"),
            "need-late-sign-up",
        ),
        (
            "need.opened.v1",
            lambda b: b.update(at="2026-03-04T11:59:59+08:00"),
            "need-opened-early",
        ),
        ("need.chosen.v1", other_body, "need-other-choice"),
    ],
)
def test_what_was_bent_is_named(kind, change, code):
    assert code in bent(kind, change)


def test_an_entry_of_another_form_is_refused():
    with pytest.raises(Refused) as refused:
        bent("need.opened.v1", lambda body: body.pop("seed"))
    assert refused.value.code == "form"


def test_the_command_reads_the_log_checks_it_and_works_the_draw_out(tmp_path, capsys):
    others = [canonical({"kind": f"other.{n}", "_stream": "other/1"}).encode() for n in range(300)]
    leaves = [*others, *log_of(*THREE)]
    write_log(tmp_path, leaves)
    arguments = ["need", tmp_path, "--need", NEED, "--vkey", LOG.vkey]
    code, out = verify(capsys, *arguments)[:2]
    assert code == 0, out
    assert "Valid: seed and sign-ups are those bound before" in out
    assert verify(capsys, "need", tmp_path, "--need", "n-2", "--vkey", LOG.vkey)[0] == 1
    altered = [leaf.replace(b'"seed":"seed-of', b'"seed":"sted-of') for leaf in leaves]
    write_log(tmp_path, altered)
    code, out = verify(capsys, *arguments)[:2]
    assert code == 1
    assert "not the one whose digest stands in the notice" in out
