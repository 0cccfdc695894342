"""Forms about authorisation letters (授权书)."""

from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.mandates import EVERY_ITEM, Mandate, MandatePower
from mingtang.core.people import REPRESENTATIVES
from mingtang.people import queries
from mingtang.people.forms.words import MANDATE_POWERS


class MandateForm(forms.Form):
    """An authorisation letter (授权书) for one of the representatives of `organs`."""

    holder = forms.ChoiceField(label=_("被授权人"))
    letter_no = forms.CharField(
        label=_("授权书文号"), max_length=120, help_text=_("例如：明教授权〔2026〕1号")
    )
    every_item = forms.BooleanField(label=_("本机关的全部事项"), required=False)
    items = forms.CharField(
        label=_("授权事项编码"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个编码。已选“全部事项”时不用填。"),
    )
    powers = forms.MultipleChoiceField(
        label=_("权限"), choices=MANDATE_POWERS, widget=forms.CheckboxSelectMultiple
    )
    limits = forms.CharField(
        label=_("限制"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    valid_from = forms.DateField(
        label=_("自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("至（含当日）"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    paper = forms.FileField(
        label=_("签字盖章的授权书"),
        required=False,
        help_text=_("只记录文件的 SHA-256 指纹，以后可用原件核对。"),
    )

    def __init__(self, *args: Any, organs: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._holders = {
            f"{row.organisation} {row.person}": row
            for organ in sorted(organs)
            for role in sorted(REPRESENTATIVES)
            for row in queries.staff(organisation=organ, role=role)
        }
        self.fields["holder"].choices = [  # type: ignore[attr-defined]  # as declared
            (key, f"{row.name} · {row.organisation_name} · {row.staff_no}")
            for key, row in self._holders.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("every_item") and not cleaned.get("items", "").split():
            self.add_error("items", _("请列出授权的事项，或选择全部事项。"))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("结束日期早于开始日期。"))
        return cleaned

    def letter(self) -> Mandate:
        said = self.cleaned_data
        holder = self._holders[said["holder"]]
        lines = (line.strip() for line in said["items"].splitlines())
        return Mandate(
            letter_no=said["letter_no"],
            organ=holder.organisation,
            organ_name=holder.organisation_name,
            person=holder.person,
            person_name=holder.name,
            items=(EVERY_ITEM,) if said["every_item"] else tuple(filter(None, lines)),
            powers=tuple(map(MandatePower, said["powers"])),
            limits=said["limits"],
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            document=_fingerprint(said["paper"]),
        )


def _fingerprint(paper: Any) -> str:
    if not paper:
        return ""
    digest = sha256()
    for chunk in paper.chunks():
        digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


class PublishForm(forms.Form):
    """Where a letter hangs (公示地点)."""

    office = forms.ChoiceField(label=_("公示的窗口"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = list(queries.open_offices().items())
        self.fields["office"].choices = offices  # type: ignore[attr-defined]  # as declared
