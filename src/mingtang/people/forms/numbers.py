"""Identity numbers, credit codes and phones as people type them (证件号码、信用代码、电话).

The traps: county codes are renamed and withdrawn while people keep their numbers, so an unknown
county proves nothing; only shape, province, birth date and check character are judged (GB 11643).
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError
from stdnum.iso7064 import mod_11_2

REGIONS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(str(code) for first, last in REGIONS for code in range(first, last + 1))
DEMO_PROVINCE = "99"  # no such province: only made-up people live there
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\+\d{6,15}")


def resident_number(text: str, *, today: date) -> str:
    """Return a citizen identity number (公民身份号码) without spaces, X in capitals.

    Raises ValidationError with a sentence that says what is wrong with it.
    """
    number = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise ValidationError(_("公民身份号码有 18 位，前 17 位是数字，末位是数字或 X。"))
    provinces = PROVINCES | {DEMO_PROVINCE} if settings.DEMO else PROVINCES
    if number[:2] not in provinces:
        raise ValidationError(_("公民身份号码前两位不是省级代码，请核对。"))
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError(_("公民身份号码第 7 至 14 位不是一个日期，请核对。")) from None
    if not date(1850, 1, 1) <= born <= today:
        raise ValidationError(_("公民身份号码里的出生日期不可能，请核对。"))
    if not mod_11_2.is_valid(number):
        raise ValidationError(_("公民身份号码末位校验不符，请逐位核对。"))
    return number


def credit_code(text: str) -> str:
    """Return a unified social credit code (统一社会信用代码, GB 32100) as it is printed."""
    try:
        return str(uscc.validate(text))
    except NumberError:
        raise ValidationError(
            _("统一社会信用代码不对：应为 18 位数字和大写字母（没有 I、O、Z、S、V），请逐位核对。")
        ) from None


def phone_number(text: str) -> str:
    """Return a mobile, fixed or international number without spaces."""
    number = re.sub(r"\s", "", text)
    if not PHONE.fullmatch(number):
        raise ValidationError(_("请写 11 位手机号，或带区号的固定电话，例如 0990-1234567。"))
    return number


class CreditCodeField(forms.CharField):
    """统一社会信用代码."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return credit_code(text) if text else ""


class PhoneField(forms.CharField):
    """联系电话."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return phone_number(text) if text else ""


class ResidentNumberField(forms.CharField):
    """公民身份号码."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return resident_number(text, today=timezone.localdate()) if text else ""
