"""Events as bytes: one spelling, nothing sealed in it, the same for anybody who writes it."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.core.history import WIRE
from mingtang.core.wire import (
    ERASED,
    PLACE,
    Disclosure,
    Sealed,
    Wire,
    canonical,
    plain,
    read,
)
from tests.core.case_examples import NOT_ACCEPTED, filed
from tests.core.event_examples import one

VECTOR = Path(__file__).parents[1] / "vectors" / "rfc9901_disclosure.json"
EVENTS = list(WIRE.events.values())
EACH = pytest.mark.parametrize("event_type", EVENTS, ids=lambda event: event.kind)
SEALED = [event for event in EVENTS if WIRE.sealed_fields(event.kind)]
EACH_SEALED = pytest.mark.parametrize("event_type", SEALED, ids=lambda event: event.kind)

# ── Any value a field may have, from its type alone ─────────────────────────

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    Sealed: TEXT,
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=OFFSETS),
}

# A busy machine is not a wrong rule: an event of many parts takes long to make up.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return what gives values of a field's type; fails for a type the wire does not know."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) in (Union, UnionType):
        [inner] = [part for part in get_args(kind) if part is not NoneType]
        return st.none() | values(inner)
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=2).map(tuple)
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    assert is_dataclass(kind), kind
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: values(hints[f.name]) for f in fields(kind)})


def salts(start: int = 0):
    return (f"salt-{number}" for number in count(start))


def encoded(event: Any) -> tuple[bytes, list[Disclosure]]:
    return WIRE.encode(event, salts())


# ── There and back ──────────────────────────────────────────────────────────


@EACH
@settings(BUSY, max_examples=25)
@given(data=st.data())
def test_every_event_comes_back_as_it_went(event_type, data):
    event = data.draw(values(event_type))
    body, opened = encoded(event)
    assert WIRE.decode(body, {d.name: d.value for d in opened}) == event


@EACH
@settings(BUSY, max_examples=15)
@given(data=st.data())
def test_every_event_has_the_bytes_rfc_8785_gives_it(event_type, data):
    body, _ = encoded(data.draw(values(event_type)))
    assert rfc8785.dumps(json.loads(body)) == body


@EACH_SEALED
@settings(BUSY, max_examples=15)
@given(data=st.data())
def test_without_what_opens_them_sealed_fields_read_as_erased(event_type, data):
    event = data.draw(values(event_type))
    body, _ = encoded(event)
    blank = dict.fromkeys(WIRE.sealed_fields(event.kind), ERASED)
    assert WIRE.decode(body) == replace(event, **blank)


@EACH
def test_the_public_face_has_every_open_field_and_its_kind(event_type):
    event = one(event_type)
    face = json.loads(encoded(event)[0])
    names = {field.name for field in fields(event_type)} - set(WIRE.sealed_fields(event.kind))
    digests = {"_sd"} if WIRE.sealed_fields(event.kind) else set()
    assert set(face) == names | digests | {"kind"}
    assert face["kind"] == event_type.kind


# ── What is sealed ──────────────────────────────────────────────────────────

SECRET = "此値絶不外露"


@EACH_SEALED
def test_a_sealed_value_is_never_in_the_public_face(event_type):
    names = WIRE.sealed_fields(event_type.kind)
    event = replace(one(event_type), **{name: f"{SECRET}{name}" for name in names})
    body, opened = encoded(event)
    assert SECRET not in body.decode()
    assert SECRET not in json.dumps(json.loads(body), ensure_ascii=False)
    assert {d.name: d.value for d in opened} == {name: f"{SECRET}{name}" for name in names}
    assert json.loads(body)["_sd"] == sorted(d.digest for d in opened)


@EACH_SEALED
def test_one_value_sealed_twice_gives_digests_that_do_not_tell(event_type):
    event = one(event_type)
    first, _ = WIRE.encode(event, salts())
    second, _ = WIRE.encode(event, salts(1000))
    assert not set(json.loads(first)["_sd"]) & set(json.loads(second)["_sd"])


def test_the_order_of_digests_does_not_tell_which_is_which():
    faces = [json.loads(WIRE.encode(filed(), salts(n))[0])["_sd"] for n in range(5)]
    assert all(face == sorted(face) for face in faces)


def test_each_sealed_field_needs_a_salt_of_its_own():
    with pytest.raises(AssertionError, match="needs a salt"):
        WIRE.encode(filed(), ["only one"])


def test_a_disclosure_digest_is_the_one_of_rfc_9901():
    """The vector spaces its array as the RFC's example does; ours has no spaces."""
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    salt, name, value = vector["decoded"]
    assert _digest(vector["disclosure_b64url"]) == vector["sha256_b64url"]

    ours = Disclosure(name=name, salt=salt, value=value)
    text = json.dumps([salt, name, value], separators=(",", ":"), ensure_ascii=False)
    assert ours.digest == _digest(_b64(text.encode()))


# ── Exactly these bytes ─────────────────────────────────────────────────────


def test_the_spelling_is_fixed():
    body, [disclosure] = WIRE.encode(
        NOT_ACCEPTED, ["2GLC42sKQveCfGfryNRN9w"], place={"_stream": "case/MT-1", "_seq": 3}
    )
    assert body.decode() == (
        '{"_sd":["' + disclosure.digest + '"],"_seq":3,"_stream":"case/MT-1",'
        '"at":"2026-03-04T09:00:00+08:00","competent_organ":"演示县市场监督管理局",'
        '"ground":"not_competent","kind":"case.not-accepted.v1",'
        '"officer":{"office":"window-7","organisation":"centre","person":"P-clerk",'
        '"staff_no":"07"}}'
    )
    assert disclosure.digest == "2P1GAq1XDklQmZJ4J5OTNpqHhHj5sqAp8P_kRsaEBHA"


def test_where_an_event_stands_is_no_part_of_it():
    place = {"_stream": "case/MT-1", "_seq": 3, "_once": "ab"}
    body, opened = WIRE.encode(NOT_ACCEPTED, salts(), place=place)
    assert set(place) < set(PLACE)
    assert WIRE.decode(body, {d.name: d.value for d in opened}) == NOT_ACCEPTED


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None, "c": True}, '{"a":null,"b":1,"c":true}'),
        (("x", 2), '["x",2]'),
        (date(2026, 3, 2), '"2026-03-02"'),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), '"2026-03-02T09:00:00+00:00"'),
        ('明"\\\n\x1f\x7f€😀', '"明\\"\\\\\\n\\u001f\x7f€😀"'),
    ],
)
def test_canonical_text(value, text):
    assert canonical(value) == text
    assert rfc8785.dumps(json.loads(text)).decode() == text


JSON = st.recursive(
    st.none() | st.booleans() | PLAIN[int] | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        # Names of ours are ASCII; beyond the BMP the two orders of names differ.
        | st.dictionaries(
            st.text(st.characters(max_codepoint=0xD7FF), max_size=6), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_without_fractions_is_written_as_rfc_8785_writes_it(value):
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


# ── What is refused ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", {1, 2}, object(), 1 + 2j])
def test_what_has_no_canonical_form_is_refused(value):
    for wrapped in (value, [value], {"a": value}):
        with pytest.raises(TypeError, match="has no canonical form"):
            plain(wrapped)


def test_a_field_of_a_type_the_wire_does_not_know_is_refused_when_the_program_starts():
    @dataclass(frozen=True, kw_only=True)
    class Weighed:
        kind: ClassVar[str] = "test.weighed.v1"
        grams: float

    with pytest.raises(TypeError, match="cannot be written to the ledger"):
        Wire([Weighed])


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError, match=r"case\.unheard-of\.v9"):
        WIRE.decode(b'{"kind":"case.unheard-of.v9"}')


def test_text_that_is_no_text_is_refused():
    with pytest.raises(UnicodeEncodeError):
        WIRE.encode(replace(NOT_ACCEPTED, competent_organ="\ud800"), salts())


def test_what_plain_made_read_takes_back():
    for event_type in EVENTS:
        event = one(event_type)
        assert read(event_type, json.loads(canonical(event))) == event


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _digest(text: str) -> str:
    return _b64(sha256(text.encode()).digest())
