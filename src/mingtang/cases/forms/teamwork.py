"""What colleagues write to one another about a task: who, why, until when."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain, written
from mingtang.core.cases import Agreement, Need, When

Choices = Sequence[tuple[str, str]]
Groups = Sequence[tuple[str, Choices]]
WHEN = {When.BEFORE: _("我办之前，先听意见"), When.AFTER: _("我办之后，签完才生效")}
NEED = {Need.ALL: _("会签：所有人都要签"), Need.ANY: _("或签：一人签了就行")}
AGREEMENT = {Agreement.AGREES: _("同意"), Agreement.DISSENTS: _("不同意")}


class ReturnForm(Plain):
    """退回指定环节."""

    return_step = forms.ChoiceField(
        label=_("退回到哪一步"), help_text=_("这一步和它以后的各步重新办理，时限照常计算")
    )
    return_reason = written(_("退回的理由"))

    def __init__(self, *args: Any, steps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing is chosen beforehand: the wrong step must not be one careless press away.
        self.fields["return_step"].choices = [("", _("请选择")), *steps]  # type: ignore[attr-defined]


class SignersForm(Plain):
    """加签、会签、或签."""

    signers = forms.MultipleChoiceField(label=_("请谁签署"), widget=forms.CheckboxSelectMultiple())
    signing_when = forms.ChoiceField(
        label=_("什么时候"), choices=list(WHEN.items()), widget=forms.RadioSelect()
    )
    signing_need = forms.ChoiceField(
        label=_("要几个人"), choices=list(NEED.items()), widget=forms.RadioSelect()
    )
    signing_note = written(_("请他们看什么"), required=False)

    def __init__(
        self, *args: Any, colleagues: Choices, deciding: bool = False, **kwargs: Any
    ) -> None:
        initial = {"signing_when": When.BEFORE, "signing_need": Need.ALL}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["signers"].choices = colleagues  # type: ignore[attr-defined]
        if deciding:  # a decision is the last word
            self.fields["signing_when"].choices = [(When.BEFORE, WHEN[When.BEFORE])]  # type: ignore[attr-defined]


class SignForm(Plain):
    """签署意见."""

    agreement = forms.ChoiceField(
        label=_("您的意见"), choices=list(AGREEMENT.items()), widget=forms.RadioSelect()
    )
    opinion = written(_("意见"), _("不同意的，请写明理由"), required=False)


class ReassignForm(Plain):
    """转办."""

    reassign_to = forms.ChoiceField(label=_("转给谁"))
    reassign_reason = written(_("转办的理由"))

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reassign_to"].choices = [("", _("请选择")), *colleagues]  # type: ignore[attr-defined]


class CopyForm(Plain):
    """抄送."""

    copy_to = forms.ChoiceField(label=_("抄送给谁"), help_text=_("从此可以查阅这一件，不用办理"))

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy_to"].choices = [("", _("请选择")), *colleagues]  # type: ignore[attr-defined]


class DropForm(Plain):
    """减签."""

    drop_reason = written(_("不再请谁签，写明理由"))


class RemindForm(Plain):
    """催办."""

    remind_words = written(_("想说的话"), _("可以不写。每件每天最多催一次。"), required=False)


class DelegateForm(Plain):
    """委托代办. `colleagues`: a group for each department in which one has tasks; what is chosen is
    "department/person", for a colleague may be one in several."""

    deputy = forms.ChoiceField(label=_("委托给谁"))
    from_date = forms.DateField(label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))
    until_date = forms.DateField(
        label=_("到哪天止（含这一天）"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, colleagues: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = [("", _("请选择")), *colleagues]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, str]:
        """Return the department and the colleague."""
        department, _slash, person = self.cleaned_data["deputy"].rpartition("/")
        return department, person
