"""A paddle's token: good for whoever knows the secret, until it runs out, and for nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mingtang.trading.ports import tokens

NOON = datetime.fromisoformat("2026-03-16T12:00:00+08:00")
TOKEN = tokens.PaddleToken(
    lot="JY-TEST-0001-1",
    paddle="4711",
    key="B" * 87,
    key_no=1,
    rank=2,
    application="0123456789abcdef0123",
    until=NOON,
)
BEFORE = NOON - timedelta(microseconds=1)


def test_what_is_issued_can_be_read():
    text = tokens.issue(TOKEN, secret="s")
    assert tokens.read(text, secret="s", at=BEFORE) == TOKEN
    assert text.isascii()
    assert len(text) < tokens.LENGTH


def test_it_runs_out():
    text = tokens.issue(TOKEN, secret="s")
    with pytest.raises(tokens.TokenUnusable):
        tokens.read(text, secret="s", at=NOON)


def test_another_secret_does_not_read_it():
    with pytest.raises(tokens.TokenUnusable):
        tokens.read(tokens.issue(TOKEN, secret="s"), secret="t", at=BEFORE)


@pytest.mark.parametrize("place", range(3))
def test_no_part_of_it_can_be_exchanged(place):
    mine = tokens.issue(TOKEN, secret="s").split(".")
    other = tokens.issue(replace(TOKEN, paddle="5088"), secret="s").split(".")
    mixed = ["v2" if n == 0 else other[n] if n == place else part for n, part in enumerate(mine)]
    if place:
        mixed[0] = mine[0]
    with pytest.raises(tokens.TokenUnusable):
        tokens.read(".".join(mixed), secret="s", at=BEFORE)


@pytest.mark.parametrize("text", ["", ".", "..", "v1..", "v1.e30.AAAA", "中.文.字", "x" * 5_000])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(tokens.TokenUnusable):
        tokens.read(text, secret="s", at=BEFORE)
