"""What a treasurer types: why money goes back, where to, a statement to book."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.banking import LONGEST
from mingtang.trading.forms.amounts import yuan_field

LARGEST = 20_000_000  # bytes of a statement


class RefundForm(forms.Form):
    """退还: to the accounts the money came from, or to another with the reason."""

    reason = forms.CharField(label=_("理由"), max_length=LONGEST)
    to_account = forms.CharField(
        label=_("改退到账号"),
        max_length=34,
        required=False,
        help_text=_("一般不填，原路退回。原账户已销户的，填新账号和户名，并在理由里写明。"),
    )
    to_name = forms.CharField(label=_("新账号户名"), max_length=140, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if bool(found.get("to_account")) != bool(found.get("to_name")):
            raise ValidationError(gettext("改退的账号和户名要一起填。"))
        return found


class KeepForm(forms.Form):
    """不予退还、转出: all that is held, unless an amount is written."""

    amount = yuan_field(_("金额（元）"), _("空着就是在管的全部。"))
    reason = forms.CharField(label=_("理由"), max_length=LONGEST)


class PayoutForm(forms.Form):
    """转付: to whom it is for."""

    to_name = forms.CharField(label=_("收款户名"), max_length=140)
    to_account = forms.CharField(
        label=_("收款账号"), max_length=34, help_text=_("法院、委托方书面指定的账户，请核对两遍。")
    )


class DeclineForm(forms.Form):
    """复核退回."""

    reason = forms.CharField(label=_("退回的理由"), max_length=LONGEST)


class ReturnForm(forms.Form):
    """退回不明来款."""

    reason = forms.CharField(label=_("理由"), max_length=LONGEST)


class StatementForm(forms.Form):
    """A statement of account as a file (camt.053)."""

    file = forms.FileField(
        label=_("银行对账单（camt.053）"),
        help_text=_("同一份对账单可以重复上传，每笔只入账一次。"),
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise ValidationError(gettext("文件太大，不像是对账单。"))
        content: bytes = sent.read()
        return content
