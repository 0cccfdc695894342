"""What is written down in a joint case: questions, answers, extensions, the result."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain, written
from mingtang.core.joint.extending import MOST_DAYS


class AskForm(Plain):
    """发起会商."""

    question = written(_("会商什么"), _("各部门看得到，写进记录；申请人看不到内容"))
    departments = forms.MultipleChoiceField(
        label=_("请哪些部门答复"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, departments: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = departments  # type: ignore[attr-defined]


class AnswerForm(Plain):
    """答复会商."""

    answer = written(_("会商意见"), _("写进记录，牵头部门和其他部门看得到"))


class ExtensionForm(Plain):
    """申请延长联办期限."""

    days = forms.IntegerField(
        label=_("延长几个工作日"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=MOST_DAYS,
        help_text=_(
            "只能延长一次，最多 15 个工作日，由本级人民政府负责人批准（行政许可法第四十二条）"
        ),
        error_messages={"max_value": _("最多延长 %(limit_value)s 个工作日。")},
    )
    extension_reason = written(_("理由"), _("批准后告知申请人"))


class ApproveForm(Plain):
    """批准延长, or not."""

    approved = forms.ChoiceField(
        label=_("答复"), choices=[("yes", _("批准")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    approval_opinion = written(_("意见"), _("不同意的须写明理由"), required=False)


class ConcludeForm(Plain):
    """出具联办结果."""

    statement = written(
        _("结果说明"),
        _("有分项没有准予的须写明：哪一项、为什么、申请人可以怎么办。申请人看得到"),
        required=False,
    )
