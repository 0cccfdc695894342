"""Anybody with Python and the public log counts all ratings again."""

import json

import pytest

from tests.core.logwords import LOG, write_log
from tests.core.test_tallies import COUNTED, face, log
from tests.core.test_verifier import verify


def folder(tmp_path, entries, name="log"):
    bodies = [json.dumps(entry).encode() if isinstance(entry, dict) else entry for entry in entries]
    return write_log(tmp_path / name, bodies)


def counted(capsys, place):
    return verify(capsys, "ratings", place, "--vkey", LOG.vkey)


def test_the_numbers_are_said_as_a_table(tmp_path, capsys):
    code, said = counted(capsys, folder(tmp_path, [entry for _, entry in log()]))
    assert code == 0
    assert said.splitlines() == [
        "Valid: the log gives every number published of ratings.",
        "Ballots issued: 6",
        "Ratings given: 6",
        "Ratings counted: 5",
        "Ratings waiting: 1",
        "Tallies: 1",
        "month,department,item,grade,number",
        "2026-04,market,a,1,2",
        "2026-04,market,a,2,1",
        "2026-04,market,a,5,2",
    ]


def test_a_log_of_more_than_one_bundle_is_read_to_its_end(tmp_path, capsys):
    entries = [{"kind": "case.filed.v1"}] * 300 + [entry for _, entry in log()]
    code, said = counted(capsys, folder(tmp_path, entries))
    assert (code, "Ratings counted: 5" in said) == (0, True)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (face(COUNTED, "tally/x"), "counts a rating that was counted already"),
        ({"kind": "tally.published.v1"}, "not what an entry about ratings must be"),
        (b"no json", "not what an entry about ratings must be"),
    ],
)
def test_what_does_not_add_up_is_named(tmp_path, capsys, entry, why):
    entries = [known for _, known in log()]
    code, said = counted(capsys, folder(tmp_path, [*entries, entry]))
    assert code == 1
    assert said.splitlines()[0] == f"Refused: entry {len(entries)}: {why}"


def test_a_bent_log_is_refused_before_anything_is_counted(tmp_path, capsys):
    place = folder(tmp_path, [entry for _, entry in log()])
    [bundle] = [path for path in place.rglob("*") if "entries" in str(path) and path.is_file()]
    bundle.write_bytes(bundle.read_bytes().replace(b'"number": 2', b'"number": 3', 1))
    code, said = counted(capsys, place)
    assert (code, "Ratings" in said) == (1, False)
