"""What is written down beside the main clock: checks of promises and on site, changes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain, written


class CheckForm(Plain):
    """承诺核查."""

    held = forms.ChoiceField(
        label=_("核查结果"),
        choices=[("yes", _("属实")), ("no", _("不实"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选属实或者不实。")},
    )
    finding = written(_("核查经过和依据"), _("怎样核查的，看到什么"))


class SiteCheckForm(Plain):
    """现场核查: with whom, when, where, and what was seen."""

    others = forms.MultipleChoiceField(
        label=_("同行人员"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("现场核查须有两名以上工作人员（行政许可法第三十四条）"),
        error_messages={"required": _("请选至少一名同行人员。")},
    )
    checked_date = forms.DateField(
        label=_("核查日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label=_("核查地点"), max_length=300)
    seen = written(_("核查情况"), _("看到什么，是否与申请一致"))

    def __init__(self, colleagues: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields["others"]
        choose.choices = list(colleagues)


class ChangeForm(Plain):
    """申请变更."""

    what = written(_("变更什么，为什么"), _("只写变更的部分；没有变的不用再写"))


class RuleForm(Plain):
    """认定变更."""

    substantial = forms.ChoiceField(
        label=_("是不是实质变更"),
        choices=[
            ("yes", _("是：须重新审查，期限自申请变更之日起重新计算")),
            ("no", _("不是：不影响审查，期限不变")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选是或者不是。")},
    )
    ruling_reason = written(_("理由"), _("实质变更的，写进期限重新起算告知书，告知申请人"))
