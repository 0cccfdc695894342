"""Signing up for a lot, and deciding who may bid (竞买报名和资格审查)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.applications import LONGEST_REASON

MOST_FILES = 10
MOST_RANKS = 99


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once, or none."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = [one for one in data or [] if one]
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(_("文件太多，最多 %(most)s 个。") % {"most": MOST_FILES})
        return [super(_FilesField, self).clean(one, initial) for one in sent]


class SignUpForm(forms.Form):
    """报名. What we know of the bidder is not asked; `key` comes from the browser.

    `binding` is what a certificate says of the key (see keys.js). No authority is connected, so
    it is empty and nothing reads it.
    """

    bidder = forms.ChoiceField(label=_("以谁的名义竞买"), widget=forms.RadioSelect)
    priority = forms.CharField(
        label=_("主张优先购买权的理由"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("没有优先购买权的不填。由交易经办人员核实，定顺位。"),
    )
    documents = _FilesField(
        label=_("证明文件"),
        required=False,
        help_text=_("公告要求的资格证明等，PDF、图片、Word、Excel，可以选几个。"),
    )
    promised = forms.BooleanField(
        label=_(
            "我已阅读公告和交易规程，承诺所填属实、有履约能力，报价后不撤回，竞得后按期签约付款。"
        )
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=200)
    binding = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8_000)

    def __init__(
        self, *args: Any, bidders: Sequence[tuple[str, str]], priority: bool, **kwargs: Any
    ) -> None:
        """`priority`: whether the lot's procedure knows a right of priority."""
        super().__init__(*args, **kwargs)
        if not priority:
            del self.fields["priority"]
        self.fields["bidder"].choices = bidders  # type: ignore[attr-defined]  # it is a choice
        self.fields["bidder"].initial = bidders[0][0]
        self.fields["key"].error_messages["required"] = _(
            "浏览器没有生成会话密钥，不能报名。请换用新版浏览器，并允许本页运行脚本。"
        )


class KeyForm(forms.Form):
    """更换会话密钥: the public point of the new one."""

    key = forms.CharField(max_length=200)
    then = forms.CharField(required=False)


class AdmitForm(forms.Form):
    """准予参加竞买."""

    rank = forms.IntegerField(
        label=_("优先购买权顺位"),
        min_value=0,
        max_value=MOST_RANKS,
        initial=0,
        help_text=_("没有优先购买权的填 0；有的，第一顺位填 1。"),
    )


class RefuseForm(forms.Form):
    """不予参加竞买."""

    reason = forms.CharField(
        label=_("不予参加的理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
