"""The record of an auction as a file: one spelling, and nothing in it that is not read."""

import json

import pytest

from mingtang.core.strict import Malformed
from mingtang.core.trading.records import AuctionRecord, Piece, format_record, parse_record
from mingtang.core.wire import Disclosure

SEED = Disclosure("seed", "c2FsdA", "演示")
RECORD = AuctionRecord(
    lot="JY-7K2P-9QXD-1",
    pieces=(
        Piece(index=3, leaf=b"{}", path=(b"\1" * 32,), disclosures=(SEED,)),
        Piece(index=9, leaf=b"[]", path=()),
    ),
    checkpoint="log.example\n10\nx\n",
)


def test_a_record_reads_back_and_is_spelled_in_one_way():
    text = format_record(RECORD)
    assert parse_record(text) == RECORD
    assert text.startswith('{"checkpoint":"log.example\\n10\\nx\\n","entries":[{"disclosures":[')
    assert text.endswith('"}\n')
    with pytest.raises(Malformed, match="not in its one spelling at character 1"):
        parse_record(text.replace('{"checkpoint"', '{ "checkpoint"', 1))


def test_a_damaged_document_is_found_before_anything_is_read_of_it():
    with pytest.raises(Malformed, match="not the one it was made for"):
        parse_record(format_record(RECORD).replace("JY-7K2P", "JY-7K2Q"))


def entry(**members):
    return lambda d: {**d, "entries": [{**d["entries"][0], **members}, d["entries"][1]]}


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (lambda d: {**d, "winner": "0421"}, "unknown member 'winner'"),
        (lambda d: {k: v for k, v in d.items() if k != "lot"}, "member 'lot' is missing"),
        (lambda d: {**d, "format": "mingtang.receipt.v1"}, "member 'format' is not"),
        (lambda d: {**d, "lot": 1}, "member 'lot' is not text"),
        (lambda d: {**d, "checkpoint": None}, "member 'checkpoint' is not text"),
        (lambda d: {**d, "entries": {}}, "member 'entries' is not a list"),
        (lambda d: {**d, "entries": [1]}, "entry 0: not an index, a leaf, a path"),
        (lambda d: {**d, "entries": d["entries"][::-1]}, "entry 1 does not come after"),
        (lambda d: {**d, "entries": d["entries"][:1] * 2}, "entry 1 does not come after"),
        (entry(kind="x"), "entry 0: not an index, a leaf, a path"),
        (entry(index=-1), "entry 0: member 'index' is not a place"),
        (entry(index=True), "entry 0: member 'index' is not a place"),
        (entry(index="3"), "entry 0: member 'index' is not a place"),
        (entry(leaf="e30"), "entry 0: member 'leaf': not base64"),
        (entry(path=["AAAA"]), "entry 0: member 'path': a hash has 32 bytes"),
        (entry(path="AAAA"), "entry 0: member 'path' is not a list"),
        (entry(path=["AAAA"] * 64), "entry 0: member 'path' is not a list"),
        (entry(disclosures=[{}]), "entry 0: disclosure 0 is not a name"),
    ],
)
def test_what_says_more_or_less_or_otherwise_is_refused(bend, says):
    document = json.loads(format_record(RECORD))
    del document["sha256"]  # not what finds these
    bent = json.dumps(bend(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with pytest.raises(Malformed, match=says):
        parse_record(bent + "\n")
