"""The application form of an item (申请表), made from its fields.

What the form gives back (`cleaned_data`) can be recorded as it is: text, whole numbers (money
in fen), dates, truth values, lists of text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.core.catalogue import Choice, FormField
from mingtang.core.formfields import MOST, TEXT_MAX, TEXTAREA_MAX
from mingtang.people.forms import CreditCodeField, PhoneField, ResidentNumberField
from mingtang.ui.formats import FEN_PER_YUAN


def application_form(
    fields: Sequence[FormField],
    *,
    data: Mapping[str, Any] | MultiValueDict[str, str] | None = None,
    initial: Mapping[str, Any] | None = None,
    prefix: str | None = None,
) -> forms.Form:
    """Return the form with these fields (申请表), in the reader's language.

    `initial` takes values as they were recorded: money in fen, days as dates or text.
    """
    english = (get_language() or "").startswith("en")
    made = {field.name: FIELDS[field.kind](field, english) for field in fields}
    kind = type("ApplicationForm", (forms.Form,), made)
    form: forms.Form = kind(data=data, initial=initial, prefix=prefix, label_suffix="")
    return form


class MoneyField(forms.CharField):
    """金额: typed and shown in yuan with at most two decimals, kept in whole fen."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # fen, not text
        if isinstance(value, int):
            return value
        text = re.sub(r"[\s,，¥￥元]", "", str(value or ""))
        if not text:
            return None
        if not re.fullmatch(r"\d{1,13}(\.\d{1,2})?", text):
            raise ValidationError(_("请写金额，单位元，最多两位小数，例如 1234.50。"))
        yuan, _dot, decimals = text.partition(".")
        return int(yuan) * FEN_PER_YUAN + int(decimals.ljust(2, "0") or 0)

    def prepare_value(self, value: Any) -> Any:
        """Show fen as yuan; what was typed stays as it was typed."""
        if isinstance(value, int):
            return f"{value // FEN_PER_YUAN}.{value % FEN_PER_YUAN:02}"
        return value


def _common(field: FormField, english: bool) -> dict[str, Any]:
    return {
        "label": (english and field.label_en) or field.label,
        "help_text": (english and field.help_en) or field.help,
        "required": field.required,
    }


def _choices(options: Sequence[Choice], english: bool) -> list[tuple[str, str]]:
    return [(one.value, (english and one.label_en) or one.label) for one in options]


def _textarea(field: FormField, english: bool) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(max_length=TEXTAREA_MAX, widget=area, **_common(field, english))


def _integer(field: FormField, english: bool) -> forms.Field:
    # Not type=number: a wheel over it changes figures unseen, and 1e5 is a number to it.
    digits = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        min_value=-MOST, max_value=MOST, widget=digits, **_common(field, english)
    )


def _date(field: FormField, english: bool) -> forms.Field:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        widget=picker,
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        **_common(field, english),
    )


def _choice(field: FormField, english: bool) -> forms.Field:
    options = _choices(field.options, english)
    if len(options) <= 5:
        return forms.ChoiceField(
            choices=options, widget=forms.RadioSelect, **_common(field, english)
        )
    return forms.ChoiceField(choices=[("", "---------"), *options], **_common(field, english))


def _multichoice(field: FormField, english: bool) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=_choices(field.options, english),
        widget=forms.CheckboxSelectMultiple,
        **_common(field, english),
    )


def _made(kind: type[forms.Field], **options: Any) -> Callable[[FormField, bool], forms.Field]:
    return lambda field, english: kind(**options, **_common(field, english))


FIELDS: Mapping[str, Callable[[FormField, bool], forms.Field]] = {
    "text": _made(forms.CharField, max_length=TEXT_MAX),
    "textarea": _textarea,
    "integer": _integer,
    "money": _made(MoneyField),
    "date": _date,
    "choice": _choice,
    "multichoice": _multichoice,
    "boolean": _made(forms.BooleanField),
    "idnumber": _made(ResidentNumberField, max_length=30),
    "uscc": _made(CreditCodeField, max_length=30),
    "phone": _made(PhoneField, max_length=30),
}
