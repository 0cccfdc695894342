"""What is written down when a window is handed over (交接)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import Plain


class OfferForm(Plain):
    """提出交接: which cases, to whom, with which word."""

    receiver = forms.ChoiceField(label=_("交给谁"))
    note = forms.CharField(
        label=_("要交代的话（可以不填）"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, colleagues: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = list(colleagues)  # type: ignore[attr-defined]


class DeclineForm(Plain):
    """不接: why."""

    reason = forms.CharField(label=_("不接的原因"), max_length=500)
