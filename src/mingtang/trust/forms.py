"""What is typed about a seal: ordering one, handing it over, stopping, destroying it."""

import secrets
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import HEADS, REPRESENTATIVES
from mingtang.people import queries as people
from mingtang.people.forms import role_names
from mingtang.trust.actions import SealOrder
from mingtang.trust.ports.sealing import available

NAME = "行政审批专用章"  # engraved: a name, not translated
YEARS = 5
KEEPERS = sorted(REPRESENTATIVES) + sorted(HEADS)
WAYS = {
    "service": _("政务电子印章系统（密钥在印章系统里）"),
    "device": _("密码设备（密钥在设备里）"),
    "local": _("本平台测试机构（测试印章，没有法律效力）"),
}


class _Keeper(forms.ChoiceField):
    """One of those who may keep a seal of these organs, as `organ person`."""

    def offer(self, organs: frozenset[str], *, but: str = "") -> None:
        roles = role_names()
        self.choices = [
            (f"{post.organisation} {post.person}", _line(post, roles[post.role]))
            for organ in sorted(organs)
            for role in KEEPERS
            for post in people.staff(organisation=organ, role=role)
            if post.person != but
        ]


def _line(post: Any, role: str) -> str:
    return f"{post.name} · {role} · {post.organisation_name} · {post.staff_no}"


class MakeSealForm(forms.Form):
    """Ordering the seal of one of `organs` (制作印章)."""

    keeper = _Keeper(
        label=_("保管人"), help_text=_("本单位在任的首席代表、交易经办人员或者负责人。")
    )
    seal_no = forms.CharField(
        label=_("印章编码"),
        max_length=13,
        validators=[RegexValidator(r"^\d{13}$", _("印章编码是 13 位数字。"))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("13 位数字，由印章备案机关给出。"),
    )
    name = forms.CharField(label=_("印章名称"), max_length=20, initial=NAME)
    sealer = forms.ChoiceField(label=_("密钥放在哪里"), widget=forms.RadioSelect)
    valid_from = forms.DateField(
        label=_("证书自"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("只用于测试印章。正式印章以它的证书上的期限为准。"),
    )
    valid_to = forms.DateField(
        label=_("证书至（含当日）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    confirmed = forms.BooleanField(
        label=_("已核对：一个部门只有一枚，制作、移交和每次用印都会记入账本。")
    )

    def __init__(self, *args: Any, organs: frozenset[str], today: date, **kwargs: Any) -> None:
        self._today = today
        last = _years_on(today) - timedelta(days=1)
        first = {"sealer": available()[0], "valid_from": today, "valid_to": last}
        super().__init__(*args, **{**kwargs, "initial": {**first, **kwargs.get("initial", {})}})
        keeper, sealer = self.fields["keeper"], self.fields["sealer"]
        assert isinstance(keeper, _Keeper)
        keeper.offer(organs)
        sealer.choices = [(way, WAYS[way]) for way in available()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sealer") != "local":
            return {**cleaned, "valid_from": self._today, "valid_to": self._today}
        for name in ("valid_from", "valid_to"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("请填写日期。"))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("结束日期早于开始日期。"))
        return cleaned

    def order(self) -> SealOrder:
        said = self.cleaned_data
        organ, _, custodian = said["keeper"].partition(" ")
        return SealOrder(
            seal_no=said["seal_no"],
            organ=organ,
            name=said["name"],
            custodian=custodian,
            sealer=said["sealer"],
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
        )


def made_up_number() -> str:
    """Return a number for a demonstration: of the division 990000, which there is not."""
    return f"990000{secrets.randbelow(10_000_000):07}"


def _years_on(day: date) -> date:
    """Return the same day some years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:
        return date(day.year + YEARS, 3, 1)


class HandOverForm(forms.Form):
    """To whom it goes (移交)."""

    keeper = _Keeper(label=_("接收人"))
    reason = forms.CharField(label=_("事由"), max_length=500)

    def __init__(self, *args: Any, organ: str, keeper: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keeper"]
        assert isinstance(field, _Keeper)
        field.offer(frozenset({organ}), but=keeper)

    @property
    def receiver(self) -> str:
        said: str = self.cleaned_data["keeper"]
        return said.partition(" ")[2]


class SealReasonForm(forms.Form):
    """Why (理由)."""

    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DestroyForm(SealReasonForm):
    """Why, and that it is for good (销毁)."""

    confirmed = forms.BooleanField(label=_("我知道销毁后不能恢复，此前用印的文书仍然有效。"))
