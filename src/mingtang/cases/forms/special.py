"""What is written down when dates are moved: an extension, a special procedure and its result."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain, written
from mingtang.core.cases import SpecialKind
from mingtang.core.cases.special import MOST_DAYS

PROCEDURES = {
    SpecialKind.HEARING: _("听证"),
    SpecialKind.TENDER: _("招标"),
    SpecialKind.AUCTION: _("拍卖"),
    SpecialKind.INSPECTION: _("检验"),
    SpecialKind.TESTING: _("检测"),
    SpecialKind.QUARANTINE: _("检疫"),
    SpecialKind.APPRAISAL: _("鉴定"),
    SpecialKind.EXPERT_REVIEW: _("专家评审"),
}


class ExtendForm(Plain):
    """延长期限."""

    days = forms.IntegerField(
        label=_("延长几个工作日"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=MOST_DAYS,
        help_text=_("法律只允许延长一次，最多 10 个工作日（行政许可法第四十二条）"),
        error_messages={"max_value": _("最多延长 %(limit_value)s 个工作日。")},
    )
    extension_reason = written(_("理由"), _("写进延期通知书，告知申请人"))


class BeginSpecialForm(Plain):
    """启动特别程序."""

    procedure = forms.ChoiceField(label=_("哪一种程序"), choices=list(PROCEDURES.items()))
    expected_days = forms.IntegerField(
        label=_("预计需要几个工作日"),
        min_value=1,
        max_value=365,
        help_text=_("所需时间须书面告知申请人（行政许可法第四十五条）"),
    )
    special_reason = written(_("事由"), _("写进特别程序告知书，告知申请人"))


class EndSpecialForm(Plain):
    """结束特别程序."""

    result = written(_("结果"), _("检验检测结论、听证笔录要点或者评审意见"))
