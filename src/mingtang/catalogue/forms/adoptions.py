"""What an organ says when it adopts a shared item (认领): a promise, its offices, its phone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.adoptions import LONGEST_PHONE


class AdoptForm(forms.Form):
    """认领. All else is the shared item's."""

    promised_days = forms.IntegerField(
        label=_("承诺时限（工作日）"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    offices = forms.MultipleChoiceField(
        label=_("办理地点"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个办理地点。")},
    )
    phone = forms.CharField(
        label=_("咨询电话"), max_length=LONGEST_PHONE, help_text=_("带区号，例如 010-12345678")
    )

    def __init__(
        self, *args: Any, offices: Sequence[tuple[str, str]], limit: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        chosen: Any = self.fields["offices"]
        chosen.choices = list(offices)
        said = _("0 到 %(limit)s：不得超过法定时限，可以与发布机关的承诺不同")
        self.fields["promised_days"].help_text = said % {"limit": limit}


class WithdrawAdoptionForm(forms.Form):
    reason = forms.CharField(
        label=_("退出的理由"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如职权调整、不再由本机关办理；会记入账本并公开，正在办理的办件照旧办完"),
    )
