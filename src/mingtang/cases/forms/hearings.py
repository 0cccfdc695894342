"""What is written down about a hearing (听证): by the organ, and by those who are heard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain
from mingtang.core.cases import HearingGround
from mingtang.core.clock import CHINA

GROUNDS = [
    (HearingGround.LAW, _("法律、法规、规章规定应当听证")),
    (HearingGround.PUBLIC_INTEREST, _("涉及公共利益的重大许可事项")),
]
MOST_PARTIES = 30
ACCEPTED = ".pdf,.jpg,.jpeg,.png"
SIGNED, UNSIGNED, ABSENT = "signed", "unsigned", "absent"


def _written(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InterestedForm(Plain):
    """Those with an interest, a line each: name, and number of an identity document if known."""

    interested = _written(
        _("利害关系人"),
        _("每行一位：姓名或者名称，空格，证件号码。没有写证件号码的，不能网上申请，由您代为登记"),
        required=False,
    )

    def clean_interested(self) -> list[tuple[str, str]]:
        lines = [line.split() for line in self.cleaned_data["interested"].splitlines()]
        found = [(" ".join(words[:-1]), words[-1]) for words in lines if words]
        named = [(name, number) if name else (number, "") for name, number in found]
        if len(named) > MOST_PARTIES:
            raise forms.ValidationError(_("一次最多列 30 位。"))
        return named


class AnnounceForm(InterestedForm):
    """公告听证."""

    ground = forms.ChoiceField(
        label=_("为什么举行"),
        choices=GROUNDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )
    matter = forms.CharField(
        label=_("听证事项"), max_length=300, help_text=_("向社会公告，不写个人信息")
    )
    basis = forms.CharField(
        label=_("依据"), max_length=500, help_text=_("哪一条，或者涉及什么公共利益")
    )
    field_order = ("ground", "matter", "basis", "interested")


class TellForm(InterestedForm):
    """告知听证权利."""

    interest = _written(_("涉及谁的什么重大利益"), _("写进听证告知书，告知申请人和利害关系人"))
    field_order = ("interest", "interested")


class _Chaired(Plain):
    """A form that names who chairs a hearing."""

    def __init__(self, *args: Any, chairs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["chair"]
        choice.choices = [("", _("请选择")), *chairs]


def _chair(*, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=_("听证主持人"), required=required, help_text=help_text)


class ScheduleForm(_Chaired):
    """通知听证, and putting it off."""

    day = forms.DateField(
        label=_("听证日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("听证地点"), max_length=300)
    chair = _chair(help_text=_("没有参加过这件审查的本机关人员，机关负责人除外"))
    private_reason = _written(
        _("不公开举行的理由"),
        _("听证公开举行；只有涉及国家秘密、商业秘密或者个人隐私的，才填写"),
        required=False,
    )
    put_off = _written(_("改期的理由"), _("写进听证通知书"))

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["put_off"]

    @property
    def starts_at(self) -> datetime:
        """When it begins, at the place."""
        given = self.cleaned_data
        return datetime.combine(given["day"], given["time"], CHINA)


class ChairForm(_Chaired):
    """更换主持人."""

    chair = _chair()
    chair_reason = _written(_("更换的理由"))


class RuleForm(_Chaired):
    """决定是否回避."""

    upheld = forms.ChoiceField(
        label=_("是否回避"),
        choices=[("yes", _("回避，另选主持人")), ("no", _("不回避"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )
    chair = _chair(required=False, help_text=_("决定回避的，必须选"))
    ruling = _written(_("理由"))


class RecordForm(Plain):
    """制作听证笔录."""

    presenters = forms.MultipleChoiceField(
        label=_("到场的审查人员"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("提供审查意见的证据、理由（行政许可法第四十八条）"),
        error_messages={"required": _("请至少选一位。")},
    )
    evidence = _written(_("审查人员提供的证据和理由"))
    statements = _written(_("申请人、利害关系人的陈述、申辩和质证"), required=False)
    unsigned = forms.CharField(
        label=_("到场没有签字的原因"),
        max_length=500,
        required=False,
        help_text=_("有人到场没有签字的，必须写"),
    )
    document = forms.FileField(
        label=_("签字的笔录"),
        help_text=_("扫描件，当事人确认无误后签字或者盖章"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("请上传签字的笔录。")},
    )

    def __init__(
        self,
        *args: Any,
        presenters: Sequence[tuple[str, str]],
        parties: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = [number for number, _name in parties]
        choose: Any = self.fields["presenters"]
        choose.choices = list(presenters)
        for number, name in parties:
            self.fields[f"party{number}"] = forms.ChoiceField(
                label=name,
                choices=[
                    (SIGNED, _("到场，已签字")),
                    (UNSIGNED, _("到场，没有签字")),
                    (ABSENT, _("没有到场")),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("请选一项。")},
            )
        there = [f"party{number}" for number in self.parties]
        self.order_fields(["presenters", "evidence", "statements", *there, "unsigned", "document"])


class TakeDownForm(Plain):
    """代为登记: what a party said on paper."""

    party = forms.ChoiceField(label=_("哪一方"))
    what = forms.ChoiceField(
        label=_("表示"),
        choices=[
            ("ask", _("申请听证")),
            ("forgo", _("放弃听证")),
            ("withdraw", _("撤回听证申请")),
            ("challenge", _("申请主持人回避")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )
    said = _written(_("内容"), _("申请回避的，必须写明理由"), required=False)

    def __init__(self, *args: Any, parties: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["party"]
        choice.choices = [(str(number), name) for number, name in parties]


class AskForm(Plain):
    """申请听证."""

    said = _written(_("想说明什么（可以不填）"), required=False)


class ForgoForm(Plain):
    """放弃听证: nothing to fill in."""


class WithdrawHearingForm(Plain):
    """撤回听证申请."""

    said = _written(_("理由（可以不填）"), required=False)


class ChallengeForm(Plain):
    """申请主持人回避."""

    said = _written(_("理由"), _("主持人与申请事项有什么直接利害关系"))
