"""Codes of trades (交易编码): the national lists, the trade code and its check character."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_2

from mingtang.core.trading.codes import (
    BUSINESS,
    BUSINESSES,
    CHECKS,
    INFORMATION,
    SIGNS,
    NotATradeCode,
    TradeCode,
    check_character,
    format_trade_code,
    parse_trade_code,
)

USCC = "12350100M000100Y43"
CODE = TradeCode("A01", USCC, date(2026, 3, 16), 1)
TEXT = f"A01-{USCC}-20260316-000001-9"
SHORT = f"{USCC}202603160000019"

codes = st.builds(
    TradeCode,
    st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True),
    st.text(SIGNS, min_size=18, max_size=18),
    st.dates(date(1949, 10, 1), date(9999, 12, 31)),
    st.integers(1, 999_999),
)

# ── Categories and information ──────────────────────────────────────────────


def test_the_national_portal_has_eleven_categories_and_thirty_kinds_of_information():
    assert [business.code for business in BUSINESSES] == [
        "01", "02", "03", "04", "05", "21", "22", "23", "24", "25", "90",
    ]  # fmt: skip
    assert len(INFORMATION) == 30
    assert (BUSINESS["22"].name, INFORMATION["0302"].name) == ("排污权", "成交宗地")


def test_every_kind_of_information_begins_with_the_code_of_its_category():
    for business in BUSINESSES:
        assert {one.code[:2] for one in business.information} == {business.code}
    assert all(one.name and one.name_en for one in INFORMATION.values())


# ── The trade code ──────────────────────────────────────────────────────────


def test_a_code_is_written_with_dashes_or_in_33_signs_without_its_class():
    assert (format_trade_code(CODE), str(CODE), CODE.short) == (TEXT, TEXT, SHORT)
    assert len(SHORT) == 33


@pytest.mark.parametrize("text", [TEXT, TEXT.lower(), f"  {TEXT}\n", TEXT.replace("-", "")])
def test_what_somebody_typed_is_read(text):
    assert parse_trade_code(text) == CODE


def test_a_short_one_is_read_with_its_class():
    assert parse_trade_code(SHORT, trade_class="A01") == CODE
    with pytest.raises(NotATradeCode):
        parse_trade_code(SHORT)
    with pytest.raises(NotATradeCode):
        parse_trade_code(SHORT, trade_class="A02")


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "0",
        TEXT.replace("20260316", "20260231"),
        TEXT.replace("20260316", "2026O316"),
        TEXT.replace("000001", "00000A"),
        TEXT.replace("A01", "AB1"),
        TEXT.replace("A01", "101"),
        TEXT.replace("M000", "M0*0"),
        TEXT.replace("A01", "ſ01"),  # a letter that becomes S when made a capital
        TEXT.replace("000001", "00000１"),
    ],
)
def test_what_is_no_code_is_refused(text):
    with pytest.raises(NotATradeCode):
        parse_trade_code(text)


@pytest.mark.parametrize(
    "part",
    [
        {"trade_class": "A1"},
        {"trade_class": "a01"},
        {"trade_class": "A0B"},
        {"trade_class": ""},
        {"uscc": USCC[:-1]},
        {"uscc": USCC.lower()},
        {"day": date(999, 1, 1)},
        {"serial": 0},
        {"serial": 1_000_000},
    ],
)
def test_a_code_is_not_made_of_wrong_parts(part):
    with pytest.raises(NotATradeCode):
        replace(CODE, **part)


@given(codes)
def test_a_code_is_read_as_it_was_written(code):
    assert parse_trade_code(str(code)) == code
    assert parse_trade_code(code.short, trade_class=code.trade_class) == code


# ── The check character ─────────────────────────────────────────────────────


@given(st.text(SIGNS, min_size=1, max_size=60))
@example("0")
@example("A" * 35)
def test_the_check_character_is_that_of_iso_7064(text):
    assert check_character(text) == mod_37_2.calc_check_digit(text)
    assert mod_37_2.is_valid(text + check_character(text))


@given(codes, st.data())
def test_one_wrong_character_is_found(code, data):
    text = str(code).replace("-", "")
    place = data.draw(st.integers(0, len(text) - 1))
    signs = CHECKS if place == len(text) - 1 else SIGNS
    other = data.draw(st.sampled_from([sign for sign in signs if sign != text[place]]))
    with pytest.raises(NotATradeCode):
        parse_trade_code(text[:place] + other + text[place + 1 :])


@given(codes, st.data())
def test_two_neighbours_that_changed_places_are_found(code, data):
    text = str(code).replace("-", "")
    place = data.draw(st.integers(0, len(text) - 2))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if swapped == text:
        return
    with pytest.raises(NotATradeCode):
        parse_trade_code(swapped)


def test_the_thirty_seventh_check_character_is_an_asterisk():
    serial = next(n for n in range(1, 999) if str(replace(CODE, serial=n))[-1] == "*")
    code = replace(CODE, serial=serial)
    assert parse_trade_code(str(code)) == code
