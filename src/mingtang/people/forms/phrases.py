"""What is written down to be written again (常用语)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.phrases import LONGEST, PhraseUse

USES = [
    (PhraseUse.OPINION, _("审查、决定意见")),
    (PhraseUse.SHORTFALL, _("补正理由")),
]


class PhraseForm(forms.Form):
    """保存一句常用语, for oneself or for everybody of one's organisation."""

    text = forms.CharField(label=_("一句话"), max_length=LONGEST)
    use = forms.ChoiceField(label=_("用在哪里"), choices=USES)
    owner = forms.ChoiceField(label=_("给谁用"))

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]  # as declared
