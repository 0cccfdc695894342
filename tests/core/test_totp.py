"""One-time codes: the values RFC 4226 and RFC 6238 print, and how far a clock may be off."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mingtang.core.totp import SECONDS, code_of, step_at, step_of

SECRET = b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
MOMENTS = some.integers(86_400, 4_102_444_800).map(lambda s: datetime.fromtimestamp(s, UTC))


# As numbers, since none of them begins with a nought.
RFC_4226 = [755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489]


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_codes_by_a_counter_are_those_of_rfc_4226(counter, code):
    assert code_of(SECRET, counter) == str(code)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_by_the_clock_are_the_last_six_digits_of_rfc_6238(seconds, eight_digits):
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_of(SECRET, step_at(at)) == eight_digits[-6:]
    assert step_of(SECRET, eight_digits[-6:], at) == seconds // SECONDS


@given(MOMENTS, some.integers(-4, 4))
def test_a_clock_may_be_one_step_off_and_no_more(at, off):
    step = step_at(at) + off
    near = {step_at(at) + n for n in (-1, 0, 1)}
    found = step_of(SECRET, code_of(SECRET, step), at)
    assert found == step if step in near else found is None or found in near


def test_what_is_no_code_is_none():
    for typed in ("", "12345", "１２３４５６", "abcdef", "0" * 400):
        assert step_of(SECRET, typed, NOW) is None


def test_a_secret_may_be_written_small():
    assert code_of(SECRET.lower(), 0) == "755224"
