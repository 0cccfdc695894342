"""What is typed with a thumb: a decision, and the code that proves who takes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms.referral import DecideCaseForm
from mingtang.core.decider import Refused
from mingtang.ui.refusals import sentence


class HandDecideForm(DecideCaseForm):
    """决定, with the second factor (第二重验证)."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=16,
        help_text=_("身份验证器应用里的 6 位数字；手机换了的，用一个恢复码"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}
        ),
        error_messages={"required": _("请输入验证码。")},
    )

    def clean(self) -> dict[str, Any]:
        """A refusal without reasons is told before a code is spent on it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("granted") == "no" and not given.get("reason", "").strip():
            self.add_error("reason", sentence(Refused("case.reason-missing")))
        return given
