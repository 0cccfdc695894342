"""What is typed at the queue: who comes for what, which quarter-hour, and the rules of a hall."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.halls import (
    MOST_DAYS,
    MOST_SEATS,
    MOST_TICKETS,
    QUARTER,
    WHOLE_DAY,
    ClosedDay,
    HallBreak,
    HallRules,
    WindowServes,
)
from mingtang.core.queues import LONGEST


class TicketForm(forms.Form):
    """Taking a number: items, a name or a phone may be left, need not."""

    items = forms.MultipleChoiceField(
        label=_("来办什么"), widget=forms.CheckboxSelectMultiple, required=False
    )
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

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`items`: those that were chosen, key and name; none: nothing is asked about them."""
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(items)
        field.initial = [key for key, _name in items]
        if not items:
            del self.fields["items"]

    def said(self) -> dict[str, Any]:
        return self.cleaned_data


class BookForm(TicketForm):
    """Booking a quarter-hour of one day."""

    slot = forms.ChoiceField(label=_("时段"), widget=forms.RadioSelect)
    field_order = ("slot", "items", "name", "phone")

    def __init__(self, *args: Any, free: Sequence[tuple[datetime, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot = self.fields["slot"]
        assert isinstance(slot, forms.ChoiceField)
        slot.choices = [(at.isoformat(), label) for at, label in free]

    def said(self) -> dict[str, Any]:
        slot = datetime.fromisoformat(self.cleaned_data["slot"])
        return {**self.cleaned_data, "slot": slot}


def clock(minutes: int) -> str:
    """`540` as `09:00`; the end of the day is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_of(text: str) -> int:
    """`09:00` as `540`. Raises ValueError."""
    hours, colon, minutes = text.strip().partition(":")
    if not colon or len(minutes) != 2:
        raise ValueError(text)
    return int(hours) * 60 + int(minutes)


class BreaksField(forms.CharField):
    """Breaks, one on a line: `12:00-13:30`."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> Any:
        lines = [line.replace("：", ":") for line in str(value or "").splitlines() if line.strip()]
        try:
            pairs = [line.split("-") for line in lines]
            found = [HallBreak(begins=minutes_of(one), ends=minutes_of(two)) for one, two in pairs]
        except ValueError:
            raise forms.ValidationError(_("请每行写一段，例如 12:00-13:30。")) from None
        return tuple(found)


class ClosedDaysField(forms.CharField):
    """Days on which the hall is closed, one on a line: `2026-12-01 why`."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        found = []
        for line in filter(str.strip, str(value or "").splitlines()):
            day, _space, reason = line.strip().partition(" ")
            try:
                found.append(ClosedDay(day=date.fromisoformat(day), reason=reason.strip()))
            except ValueError:
                raise forms.ValidationError(_("请每行写一天，例如 2026-12-01 内部培训。")) from None
        return tuple(found)


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
    breaks = BreaksField(
        label=_("中间休息"),
        required=False,
        help_text=_("每行一段，例如 12:00-13:30。休息时不发号，也不能预约。"),
    )
    closed = ClosedDaysField(
        label=_("停办的日子"),
        required=False,
        help_text=_("每行一天和原因，例如 2026-12-01 内部培训。这一天不发号，也不能预约。"),
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

    def rules(self, before: HallRules | None) -> HallRules:
        """Return what was typed; what each window serves stays as it was `before`."""
        windows = tuple(self.cleaned_data["windows"])
        kept = tuple(one for one in (before.serving if before else ()) if one.window in windows)
        return HallRules(**{**self.cleaned_data, "windows": windows, "serving": kept})


class ServesForm(forms.Form):
    """What one window serves; nothing chosen: everything."""

    topics = forms.MultipleChoiceField(
        label=_("办理的主题"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("主题下的事项都办。主题和事项都不选，就什么都办（综合窗口）。"),
    )
    items = forms.MultipleChoiceField(
        label=_("另外办理的事项"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        *args: Any,
        topics: Sequence[tuple[str, str]],
        items: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("topics", topics), ("items", items)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = list(choices)
        if not items:
            del self.fields["items"]

    def rules(self, before: HallRules, window: str) -> HallRules:
        """Return the rules with what was chosen for this window."""
        items = tuple(self.cleaned_data.get("items", ()))
        topics = tuple(self.cleaned_data["topics"])
        said = WindowServes(window=window, items=items, topics=topics)
        found = {one.window: one for one in before.serving}
        found[window] = said
        if not items and not topics:
            del found[window]
        in_order = tuple(found[one] for one in before.windows if one in found)
        return replace(before, serving=in_order)


def typed(rules: HallRules | None) -> dict[str, Any]:
    """Return the rules as the form begins with them."""
    if rules is None:
        return {"opens": 9 * 60, "closes": 17 * 60, "seats": 2, "days_ahead": 7, "per_person": 1}
    breaks = [f"{clock(one.begins)}-{clock(one.ends)}" for one in rules.breaks]
    closed = [f"{one.day} {one.reason}" for one in rules.closed]
    return {
        **vars(rules),
        "windows": list(rules.windows),
        "breaks": "\n".join(breaks),
        "closed": "\n".join(closed),
    }
