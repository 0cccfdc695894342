"""The identifier of an e-licence (证照标识): real ones, and what one wrong character does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from mingtang.core.licences.identifier import (
    SIGNS,
    Identifier,
    NotAnIdentifier,
    check_sign,
    format_identifier,
    parse_identifier,
)
from tests.vectors.facts import facts

REAL = facts("licence_identifiers")
signs = st.text(SIGNS, min_size=1, max_size=18)
identifiers = st.builds(
    Identifier,
    type=st.text(SIGNS, min_size=21, max_size=21),
    issuer=signs,
    serial=st.text(SIGNS, min_size=1, max_size=20),
    version=st.integers(1, 999),
)


@pytest.mark.parametrize("case", REAL["identifiers"], ids=lambda case: case["serial"])
def test_real_identifiers_are_read_and_written(case):
    identifier = Identifier(case["type"], case["issuer"], case["serial"], case["version"])
    assert parse_identifier(case["text"]) == identifier
    assert format_identifier(identifier) == str(identifier) == case["text"]


@pytest.mark.parametrize("case", REAL["refused"], ids=lambda case: case["why"])
def test_what_is_no_identifier(case):
    with pytest.raises(NotAnIdentifier):
        parse_identifier(case["text"])


def test_one_may_type_it_in_small_letters_with_space_around_it():
    text = REAL["identifiers"][0]["text"]
    assert str(parse_identifier(f"  {text.lower()}\n")) == text


@given(st.text(SIGNS, min_size=1, max_size=62))
def test_the_check_sign_is_the_one_of_another_implementation(text):
    assert check_sign(text) == mod_37_36.calc_check_digit(text)


@given(identifiers)
def test_what_was_written_is_read_back(identifier):
    assert parse_identifier(format_identifier(identifier)) == identifier


@given(identifiers, st.data())
def test_one_wrong_character_is_refused(identifier, data):
    text = format_identifier(identifier)
    place = data.draw(st.sampled_from([n for n, sign in enumerate(text) if n > 14 and sign != "."]))
    other = data.draw(st.sampled_from(sorted({*SIGNS} - {text[place]})))
    with pytest.raises(NotAnIdentifier):
        parse_identifier(text[:place] + other + text[place + 1 :])
