"""What people type about cases: numbers, opinions, grounds, and the choices of an application."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.core.cases import Finding, Ground
from mingtang.core.catalogue import Situation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Crockford's alphabet forgives what reads alike.
ALIKE = str.maketrans("OIL", "011")
NUMBER = re.compile(r"MT[0-9A-HJKMNP-TV-Z]{8}")
JOINT_NUMBER = re.compile(r"J[0-9A-HJKMNP-TV-Z]{8}")
ONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
GROUNDS = [
    (Ground.NOT_REQUIRED, _("依法不需要取得行政许可")),
    (Ground.NOT_COMPETENT, _("不属于本机关职权范围")),
    (Ground.NOT_ELIGIBLE, _("不具备申请资格")),
    (Ground.NOT_CORRECTED, _("补正后仍不符合，或者没有补正")),
]


class Plain(forms.Form):
    """A form as this house draws it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def written(
    label: "StrOrPromise", help_text: "StrOrPromise" = "", *, required: bool = True
) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=1000,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def once_key(data: Mapping[str, Any]) -> str | None:
    """Return the idempotency key a form carries, or None when it is missing or made up."""
    key = str(data.get("once_key", ""))
    return key if ONCE.fullmatch(key) else None


def case_number(text: str) -> str:
    """Return a case number as it is printed, however it was typed; empty when it is none."""
    signs = re.sub(r"[^0-9A-Z]", "", text.upper())
    signs = signs[:2] + signs[2:].translate(ALIKE)
    return f"MT-{signs[2:6]}-{signs[6:]}" if NUMBER.fullmatch(signs) else ""


def joint_number(text: str) -> str:
    """Return a joint number (联办编号) as it is printed, however typed; empty when it is none."""
    signs = re.sub(r"[^0-9A-Z]", "", text.upper())
    signs = signs[:1] + signs[1:].translate(ALIKE)
    return f"J-{signs[1:5]}-{signs[5:]}" if JOINT_NUMBER.fullmatch(signs) else ""


class TrackForm(Plain):
    """查进度: a number, and proof of having to do with it."""

    number = forms.CharField(
        label=_("办件编号"),
        max_length=20,
        help_text=_("回执上的编号，例如 MT-7K2P-9QXD；一件事的联办编号，例如 J-7K2P-9QXD"),
    )
    tail = forms.RegexField(
        r"^\d{4}$",
        label=_("联系电话末四位"),
        help_text=_("申请时留下的电话号码的最后四位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("请填写四位数字。")},
    )

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        number = case_number(typed) or joint_number(typed)
        if not number:
            said = _("办件编号是 MT、联办编号是 J 加 8 位数字或字母，请照回执核对。")
            raise forms.ValidationError(said)
        return number


class WithdrawForm(Plain):
    """撤回申请."""

    reason = forms.CharField(
        label=_("撤回理由（可以不填）"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SituationForm(Plain):
    """选择情形: the questions that decide which materials are asked for."""

    def __init__(self, situations: Sequence[Situation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_english = (get_language() or "").startswith("en")
        for situation in situations:
            self.fields[situation.key] = forms.ChoiceField(
                label=(in_english and situation.question_en) or situation.question,
                choices=[
                    (option.value, (in_english and option.label_en) or option.label)
                    for option in situation.options
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("请选一项。")},
            )


class WhoForm(Plain):
    """谁是申请人: oneself, or whoever one may file for."""

    who = forms.ChoiceField(label=_("以谁的名义申请"), widget=forms.RadioSelect)

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = list(choices)  # type: ignore[attr-defined]


class WhereForm(Plain):
    """办理机关: who is to handle it, where several do."""

    organ = forms.ChoiceField(
        label=_("向哪个机关申请"),
        widget=forms.RadioSelect,
        help_text=_("要求和材料都一样，办理地点和时限按您选的机关"),
        error_messages={"required": _("请选一项。")},
    )

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].choices = list(choices)  # type: ignore[attr-defined]


class ManyForm(Plain):
    """申请方式: one application, or many in one."""

    many = forms.ChoiceField(
        label=_("这次申请几件"),
        choices=[
            ("no", _("一件")),
            ("yes", _("批量：一份申请，多人或者多个对象，名单用表格上传")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )


class RefuseForm(Plain):
    """不予受理: on which ground, and why."""

    ground = forms.ChoiceField(label=_("不予受理的情形"), choices=GROUNDS)
    competent_organ = forms.CharField(
        label=_("应向哪个机关申请"),
        max_length=200,
        required=False,
        help_text=_("不属于本机关职权的，必须告知（行政许可法第三十二条）"),
    )
    refusal_reason = forms.CharField(
        label=_("理由"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StepForm(Plain):
    """审查意见."""

    finding = forms.ChoiceField(
        label=_("审查结论"),
        choices=[(Finding.MEETS, _("符合")), (Finding.FAILS, _("不符合"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选符合或者不符合。")},
    )
    opinion = forms.CharField(
        label=_("意见"),
        max_length=1000,
        required=False,
        help_text=_("不符合的，必须写明"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PassUpForm(StepForm):
    """初步审查意见: goes up with every material (行政许可法 art. 35)."""

    opinion = forms.CharField(
        label=_("初步审查意见"),
        max_length=1000,
        help_text=_("连同全部申请材料直接报送上级机关（行政许可法第三十五条）"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明初步审查意见。")},
    )


class DecideForm(Plain):
    """决定."""

    granted = forms.ChoiceField(
        label=_("决定"),
        choices=[("yes", _("准予")), ("no", _("不予"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选准予或者不予。")},
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=1000,
        required=False,
        help_text=_("不予的，必须说明理由（行政许可法第三十八条）"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def decided(self) -> dict[str, Any]:
        """Return the decision and its reason, as whoever decides gives them."""
        given = self.cleaned_data
        return {"granted": given["granted"] == "yes", "reason": given["reason"]}
