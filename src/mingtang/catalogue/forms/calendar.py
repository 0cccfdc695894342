"""A year of the working-day calendar (年度工作日历), as its notice has it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
UNTIL = re.compile(r"\s*(?:~|至|到|—+|–)\s*")


class DaysField(forms.CharField):
    """Days of one year, in lines or separated: 2027-01-01, 1月1日, 2027-02-05 至 2027-02-11."""

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=5_000, **kwargs)

    def days(self, text: str, year: int) -> tuple[date, ...]:
        """Return the days in order. Raises ValidationError naming what is not a day."""
        found: set[date] = set()
        for part in filter(None, re.split(r"[、,，;；\n]+", text)):
            ends = [_day(end, year) for end in UNTIL.split(part.strip())]
            found |= set(_from_to(ends[0], ends[-1], part))
        return tuple(sorted(found))


def _day(text: str, year: int) -> date:
    match = DAY.fullmatch(text.strip())
    try:
        if match:
            written, month, day = match.groups()
            return date(int(written or year), int(month), int(day))
    except ValueError:
        pass
    raise ValidationError(_("“%(text)s”不是一个日期，请写成 2027-01-01。"), params={"text": text})


def _from_to(first: date, last: date, text: str) -> Iterator[date]:
    if not timedelta(0) <= last - first < timedelta(days=60):
        raise ValidationError(_("“%(text)s”不是一段假期。"), params={"text": text})
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


class CalendarYearForm(forms.Form):
    """Days off and days made up, as the State Council's notice lists them."""

    off_days = DaysField(
        label=_("放假的日子"),
        help_text=_("每行一天或一段，例如 2027-02-05 至 2027-02-11；平常的周末不必写"),
    )
    makeup_days = DaysField(label=_("调休上班的周末"), help_text=_("每行一天"))
    official = forms.BooleanField(
        label=_("正式"), required=False, help_text=_("依据国务院办公厅通知；一经正式不再改回暂定")
    )
    source = forms.CharField(
        label=_("依据"), max_length=300, required=False, help_text=_("通知的标题或文号")
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.year = year

    def clean_off_days(self) -> tuple[date, ...]:
        return self._days("off_days")

    def clean_makeup_days(self) -> tuple[date, ...]:
        return self._days("makeup_days")

    def _days(self, name: str) -> tuple[date, ...]:
        field: Any = self.fields[name]
        days: tuple[date, ...] = field.days(self.cleaned_data[name], self.year)
        return days
