"""What is typed about licences: grounds and reasons, what changes, who took them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.licences import (
    CancellationGround,
    DeliveredHow,
    ReissueReason,
    RevocationGround,
    Value,
)
from mingtang.core.licences.hearing import LONGEST as LONGEST_ANSWER
from mingtang.core.licences.making import LONGEST, LONGEST_NAME, LONGEST_NUMBER, REWRITING
from mingtang.core.licences.types import TypeContent
from mingtang.licences.actions import Amendment
from mingtang.licences.queries import LicenceRow
from mingtang.licences.templatetags import licence_words as words

PREFIX = "value_"
BY_HAND = (DeliveredHow.WINDOW, DeliveredHow.POST)


def _radios(label: Any, labels: Mapping[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(labels.items()), widget=forms.RadioSelect)


class ActForm(forms.Form):
    """An act of the organ, with its reason."""

    reason = forms.CharField(
        label=_("理由和依据"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def said(self) -> dict[str, Any]:
        """Return what was said, as the action takes it."""
        return {"reason": self.cleaned_data["reason"]}


class TellForm(ActForm):
    """拟撤销告知: on which ground, and why; the holder reads it."""

    field_order = ["ground", "reason"]
    ground = _radios(_("拟撤销的情形（行政许可法第六十九条）"), words.REVOCATIONS)

    def said(self) -> dict[str, Any]:
        return {**super().said(), "ground": RevocationGround(self.cleaned_data["ground"])}


class AnswerForm(forms.Form):
    """陈述申辩."""

    answer = forms.CharField(
        label=_("您的陈述和申辩"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写明哪里不对、为什么，有什么证据。提交后不能更改。"),
    )


class CancelForm(ActForm):
    field_order = ["ground", "reason"]
    ground = _radios(_("注销的情形（行政许可法第七十条）"), words.CANCELLATIONS)

    def said(self) -> dict[str, Any]:
        return {**super().said(), "ground": CancellationGround(self.cleaned_data["ground"])}


class ReissueForm(ActForm):
    """Issuing anew: lost or damaged as it was, changed or corrected with what is typed here."""

    why = _radios(_("补发、换发的原因"), words.WHYS)
    holder_name = forms.CharField(max_length=LONGEST_NAME)
    holder_number = forms.CharField(max_length=LONGEST_NUMBER, required=False)

    def __init__(
        self,
        *args: Any,
        row: LicenceRow,
        content: TypeContent,
        values: Sequence[Value],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        said = {value.name: value.value for value in values}
        self.fields["holder_name"].label = content.holder_name.label
        self.fields["holder_number"].label = content.holder_number.label
        self.initial.update(holder_name=row.holder_name, holder_number=row.holder_number)
        for field in content.fields:
            self.fields[f"{PREFIX}{field.name}"] = forms.CharField(
                label=field.label, required=False, max_length=LONGEST
            )
            self.initial[f"{PREFIX}{field.name}"] = said.get(field.name, "")
        self.fields["holder_name"].help_text = _("遗失、污损的照旧，以下各栏不用改。")
        written = [name for name in self.fields if name not in ("why", "reason")]
        self.order_fields(["why", *written, "reason"])

    def said(self) -> dict[str, Any]:
        reason = ReissueReason(self.cleaned_data["why"])
        amendment = self._amendment() if reason in REWRITING else None
        return {**super().said(), "why": reason, "amendment": amendment}

    def _amendment(self) -> Amendment:
        data = self.cleaned_data
        return Amendment(
            holder_name=data["holder_name"],
            holder_number=data["holder_number"],
            values={
                name.removeprefix(PREFIX): text
                for name, text in data.items()
                if name.startswith(PREFIX)
            },
        )


class HandOverForm(forms.Form):
    """Handing one over (发证)."""

    how = _radios(_("发证方式"), {way: words.WAYS[way] for way in BY_HAND})
    recipient = forms.CharField(label=_("领取人"), max_length=LONGEST_NAME)


class BatchHandOverForm(forms.Form):
    """Handing over those that were picked."""

    how = _radios(_("发证方式"), {way: words.WAYS[way] for way in BY_HAND})
    recipient = forms.CharField(
        label=_("统一领取人"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("由一个人代领全部时填写；不填，记为各由持证人本人领取。"),
    )
