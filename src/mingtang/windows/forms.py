"""What is typed at the queue: who comes, which quarter-hour, and the rules of a hall."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.halls import MOST_DAYS, MOST_SEATS, MOST_TICKETS, QUARTER, WHOLE_DAY, HallRules
from mingtang.core.queues import LONGEST


class TicketForm(forms.Form):
    """Taking a number: a name or a phone may be left, need not."""

    name = forms.CharField(
        label=_("称呼"),
        max_length=LONGEST,
        required=False,
        help_text=_("可以不填。只有叫到您的窗口看得到，不公开。"),
    )
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=LONGEST,
        required=False,
        help_text=_("可以不填。只有叫到您的窗口看得到，不公开。"),
    )


class BookForm(TicketForm):
    """Booking a quarter-hour of one day."""

    slot = forms.ChoiceField(label=_("时段"), widget=forms.RadioSelect)
    field_order = ("slot", "name", "phone")

    def __init__(self, *args: Any, free: Sequence[tuple[datetime, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot = self.fields["slot"]
        assert isinstance(slot, forms.ChoiceField)
        slot.choices = [(at.isoformat(), label) for at, label in free]

    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "slot": datetime.fromisoformat(said["slot"]),
            "name": said["name"],
            "phone": said["phone"],
        }


def clock(minutes: int) -> str:
    """`540` as `09:00`; the end of the day is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


QUARTERS = [(minutes, clock(minutes)) for minutes in range(0, WHOLE_DAY + QUARTER, QUARTER)]


class HallForm(forms.Form):
    """The rules of one hall's queue."""

    name = forms.CharField(label=_("大厅名称"), max_length=100)
    windows = forms.MultipleChoiceField(
        label=_("参加叫号的窗口"), widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TypedChoiceField(label=_("开始取号"), coerce=int, choices=QUARTERS)
    closes = forms.TypedChoiceField(
        label=_("停止取号"),
        coerce=int,
        choices=QUARTERS,
        help_text=_("到点后不再发号，已经取号的照常办理。"),
    )
    every_day = forms.BooleanField(label=_("周末和节假日也开放"), required=False)
    seats = forms.IntegerField(label=_("每刻钟可预约人数"), min_value=0, max_value=MOST_SEATS)
    days_ahead = forms.IntegerField(label=_("最多提前几天预约"), min_value=0, max_value=MOST_DAYS)
    per_person = forms.IntegerField(
        label=_("每人每天最多同时持有几个号"), min_value=1, max_value=MOST_TICKETS
    )

    def __init__(self, *args: Any, windows: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["windows"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(windows)

    def rules(self) -> HallRules:
        return HallRules(**{**self.cleaned_data, "windows": tuple(self.cleaned_data["windows"])})


def typed(rules: HallRules | None) -> dict[str, Any]:
    """Return the rules as the form begins with them."""
    if rules is None:
        return {"opens": 9 * 60, "closes": 17 * 60, "seats": 2, "days_ahead": 7, "per_person": 1}
    return {**vars(rules), "windows": list(rules.windows)}
