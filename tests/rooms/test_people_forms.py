"""Identity numbers, credit codes, phones: what passes, what does not, and what is said."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from mingtang.people.forms import credit_code, phone_number, resident_number

TODAY = date(2026, 3, 2)


def number(county: str, born: str = "19900307", serial: str = "123") -> str:
    body = f"{county}{born}{serial}"
    return body + mod_11_2.calc_check_digit(body)


@pytest.mark.parametrize("county", ["520115", "520204", "520281", "520581", "522302", "520555"])
def test_a_number_of_a_renamed_or_local_guizhou_county_passes(county):
    assert resident_number(number(county), today=TODAY) == number(county)


@pytest.mark.parametrize("county", ["110101", "659999", "710000", "810000", "820000", "830000"])
def test_a_county_nobody_has_heard_of_proves_nothing(county):
    assert resident_number(number(county), today=TODAY) == number(county)


def test_a_small_x_and_spaces_are_what_people_type():
    [typed] = [
        number("520115", serial=f"{serial:03d}")
        for serial in range(100)
        if number("520115", serial=f"{serial:03d}").endswith("X")
    ][:1]
    assert (
        resident_number(f" {typed[:6]} {typed[6:14]} {typed[14:].lower()} ", today=TODAY) == typed
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("52011519900307123", "有 18 位"),
        ("52011519900307ABCD", "有 18 位"),
        (number("100101"), "前两位不是省级代码"),
        (number("000101"), "前两位不是省级代码"),
        (number("520115", born="19900230"), "不是一个日期"),
        (number("520115", born="19901301"), "不是一个日期"),
        (number("520115", born="20260303"), "出生日期不可能"),
        (number("520115", born="18491231"), "出生日期不可能"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(wrong, said):
    with pytest.raises(ValidationError, match=said):
        resident_number(wrong, today=TODAY)


def test_every_single_wrong_digit_is_noticed():
    right = number("520115")
    for place in range(14, 18):
        digit = str((int(right[place].replace("X", "0")) + 1) % 10)
        with pytest.raises(ValidationError, match="末位校验不符"):
            resident_number(right[:place] + digit + right[place + 1 :], today=TODAY)


def test_somebody_born_today_has_a_number():
    assert resident_number(number("520115", born=f"{TODAY:%Y%m%d}"), today=TODAY)
    with pytest.raises(ValidationError):
        resident_number(number("520115", born=f"{TODAY + timedelta(days=1):%Y%m%d}"), today=TODAY)


def test_a_made_up_province_exists_only_in_the_demonstration(settings):
    made_up = number("990101")
    settings.DEMO = False
    with pytest.raises(ValidationError, match="前两位不是省级代码"):
        resident_number(made_up, today=TODAY)
    settings.DEMO = True
    assert resident_number(made_up, today=TODAY) == made_up


def test_a_credit_code_is_returned_as_printed():
    assert credit_code(" 91990000-ma9d01016c ") == "91990000MA9D01016C"


@pytest.mark.parametrize("wrong", ["91990000MA9D01016D", "9199", "I1990000MA9D01016C", "王"])
def test_a_wrong_credit_code_is_refused(wrong):
    with pytest.raises(ValidationError, match="统一社会信用代码不对"):
        credit_code(wrong)


@pytest.mark.parametrize("right", ["19900000001", "0990-1234567", "01012345678", "+85212345678"])
def test_phones_as_people_have_them_pass(right):
    assert phone_number(right) == right


@pytest.mark.parametrize("wrong", ["12345678901", "1990000000", "abc", "0990-1", ""])
def test_what_nobody_can_call_is_refused(wrong):
    with pytest.raises(ValidationError, match="手机号"):
        phone_number(wrong)
