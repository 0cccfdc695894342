"""What is written down about a legal opinion: the question, the opinion, an interest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain
from mingtang.core.cases import Conclusion

CONCLUSIONS = {
    Conclusion.LAWFUL: _("合法"),
    Conclusion.IF_CHANGED: _("修改后合法"),
    Conclusion.AT_RISK: _("有法律风险"),
    Conclusion.UNLAWFUL: _("不合法"),
}


def _written(label: Any, help_text: Any = "", *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class AskForm(Plain):
    """征求法律意见."""

    body = forms.ChoiceField(label=_("向哪个单位的法律顾问征求"))
    question = _written(_("要回答的问题"), _("写明事实和争议；不公开，不告知申请人"))
    due_date = forms.DateField(
        label=_("请在哪一天前答复"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = list(bodies)


class GiveForm(Plain):
    """出具法律意见."""

    conclusion = forms.ChoiceField(
        label=_("结论"),
        choices=list(CONCLUSIONS.items()),
        widget=forms.RadioSelect,
        help_text=_("结论记在公开账本里，意见正文密封"),
        error_messages={"required": _("请选一项。")},
    )
    opinion = _written(_("法律意见"), _("依据、理由和建议；决定人在决定前看到"), rows=8)


class DeclineForm(Plain):
    """回避."""

    interest = _written(_("有什么利害关系"), _("密封记录；由同单位的其他法律顾问出具意见"))
