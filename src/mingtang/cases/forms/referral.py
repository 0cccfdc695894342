"""What is written down about a referral: the order, the receipt, urging, the answer, a recall."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mingtang.cases.forms import DecideForm, Plain, written
from mingtang.core.cases import Answer
from mingtang.core.catalogue import Referral

ANSWERS = {
    Answer.GRANTED: _("同意"),
    Answer.REFUSED: _("不同意"),
    Answer.RETURNED: _("退回"),
    Answer.NEEDS_MORE: _("要求补充"),
}
OTHER = ""  # a body the item does not name
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.ofd"


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ReferForm(Plain):
    """转报: to whom, why, and what is handed over."""

    named = forms.ChoiceField(
        label=_("报送机关"), required=False, widget=forms.RadioSelect, initial=OTHER
    )
    body = forms.CharField(
        label=_("其他机关的名称"),
        max_length=200,
        required=False,
        help_text=_("事项没有写明的系统外机关"),
    )
    days = forms.IntegerField(
        label=_("对方依法有几个工作日"), min_value=1, max_value=365, required=False
    )
    basis = forms.CharField(label=_("依据"), max_length=500, required=False)
    referral_reason = written(_("报送理由"), _("为什么要报送，请对方审查什么"))
    documents = forms.MultipleChoiceField(
        label=_("移交的材料"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("记下每份的指纹，以后可以核对交出去的是哪一份"),
    )

    def __init__(
        self,
        *args: Any,
        named: Sequence[Referral],
        documents: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        bodies = [(to.body, _body(to)) for to in named]
        papers: Any = self.fields["documents"]
        papers.choices = list(documents)
        papers.initial = [id for id, _name in documents]
        if not documents:
            del self.fields["documents"]
        choice: Any = self.fields["named"]
        choice.choices = [*bodies, (OTHER, _("其他机关"))]
        choice.initial = bodies[0][0] if bodies else OTHER
        if not bodies:
            del self.fields["named"]
            for name in ("body", "days", "basis"):
                self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("named"):
            for name in ("body", "days", "basis"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("报送其他机关的，须填写这一栏。"))
        return given

    @property
    def to(self) -> str:
        """The body it goes to."""
        body: str = self.cleaned_data.get("named") or self.cleaned_data["body"]
        return body


def _body(to: Referral) -> str:
    days = ngettext("%(n)s 个工作日", "%(n)s 个工作日", to.days) % {"n": to.days}
    return f"{to.body}（{days}，{to.basis}）"


class HandOverForm(Plain):
    """登记交接."""

    receipt_no = forms.CharField(label=_("对方的回执编号"), max_length=200)
    received_by = forms.CharField(label=_("对方接收人"), max_length=100)
    received_date = _day(_("对方签收的日期"), _("对方的期限从次日起算"))


class UrgeForm(Plain):
    """催办."""

    message = written(_("怎样催办"), _("催办函的文号，或者电话向谁、怎么答复"))


class AnswerForm(Plain):
    """登记答复."""

    answer = forms.ChoiceField(
        label=_("答复"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )
    answer_no = forms.CharField(label=_("答复文号"), max_length=200)
    answer_date = _day(_("落款日期"))
    arrived_date = _day(_("收到日期"))
    document = forms.FileField(
        label=_("答复文件"),
        required=False,
        help_text=_("同意或者不同意的，必须上传：决定要以它为据"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class RecallForm(Plain):
    """撤回转报."""

    recall_reason = written(_("撤回的理由"))


class DecideCaseForm(DecideForm):
    """决定, with the answers and records it cites and why it does not wait for counsel."""

    cites = forms.MultipleChoiceField(
        label=_("引用的答复"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("写进决定书"),
    )
    hearings = forms.MultipleChoiceField(
        label=_("听证笔录"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("举行过听证的，根据听证笔录作出决定（行政许可法第四十八条）"),
        error_messages={"required": _("请勾选笔录：决定须根据听证笔录作出。")},
    )
    without_opinion = written(
        _("不等法律意见的理由"), _("征求的法律意见还没有出具；现在决定的，必须写明"), required=False
    )

    def __init__(
        self,
        *args: Any,
        answers: Sequence[tuple[str, str]] = (),
        awaited: bool = False,
        records: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cites: Any = self.fields["cites"]
        cites.choices = list(answers)
        cites.initial = [number for number, _word in answers]
        if not answers:
            del self.fields["cites"]
        record: Any = self.fields["hearings"]
        record.choices = list(records)
        if not records:
            del self.fields["hearings"]
        if not awaited:
            del self.fields["without_opinion"]

    def decided(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            **super().decided(),
            "cites": tuple(map(int, given.get("cites", ()))),
            "hearings": tuple(map(int, given.get("hearings", ()))),
            "without_opinion": given.get("without_opinion", ""),
        }
