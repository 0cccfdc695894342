"""What is typed about ratings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core import callbacks
from mingtang.core.ratings import GRADES, LONGEST_CONTACT, LONGEST_TEXT

UNANSWERED = ("", _("不评"))


class RatingForm(forms.Form):
    """A grade is all that is asked; the rest may be left out, whatever the grade."""

    grade = forms.TypedChoiceField(
        label=_("总的来说"),
        coerce=int,
        choices=[(grade, grade) for grade in GRADES],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个等级。")},
    )
    text = forms.CharField(
        label=_("想说的话"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可以不填。不公开；部门只能按事项、按月看到五份以上的，看不到是谁写的。"),
    )
    contact = forms.CharField(
        label=_("怎样联系您"),
        max_length=LONGEST_CONTACT,
        required=False,
        help_text=_("可以不填。只有中心的督办人员看得到，被评价的部门看不到。"),
    )
    reply = forms.RegexField(regex="^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, aspects: list[tuple[str, Any]], grades: dict[int, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.aspects = [name for name, _label in aspects]
        for name, label in aspects:
            self.fields[f"aspect-{name}"] = forms.TypedChoiceField(
                label=label,
                coerce=int,
                empty_value=None,
                required=False,
                choices=[UNANSWERED, *grades.items()],
            )

    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        answers = {name: said[f"aspect-{name}"] for name in self.aspects}
        return {
            "grade": said["grade"],
            "text": said["text"],
            "contact": said["contact"],
            "reply": said["reply"],
            "aspects": {name: grade for name, grade in answers.items() if grade is not None},
        }


class CallBackForm(forms.Form):
    """A call that was made, or tried."""

    reached = forms.TypedChoiceField(
        label=_("联系上了吗"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("联系上了")), ("no", _("没有联系上，或者没有留联系方式"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("回访情况"),
        max_length=callbacks.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("评价人说了什么；没有联系上的，写明联系了几次、怎样联系的。不公开。"),
    )


class RectifyForm(forms.Form):
    """What was put right."""

    result = forms.CharField(
        label=_("整改结果"),
        max_length=callbacks.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写给评价人看：查了什么，改了什么。"),
    )
