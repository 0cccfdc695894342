"""Forms about a person and their account (人员、账号)."""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import IdKind
from mingtang.people import queries
from mingtang.people.actions import Identity
from mingtang.people.forms.numbers import PhoneField, resident_number
from mingtang.people.forms.words import ID_KINDS

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{3,39}")


class IdentityForm(forms.Form):
    """Who somebody is (身份信息)."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=ID_KINDS, initial=IdKind.RESIDENT)
    id_number = forms.CharField(label=_("证件号码"), max_length=40)
    phone = PhoneField(label=_("联系电话"), max_length=40)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = cleaned.get("id_number", "")
        if number and cleaned.get("id_kind") == IdKind.RESIDENT:
            try:
                cleaned["id_number"] = resident_number(number, today=timezone.localdate())
            except ValidationError as wrong:
                self.add_error("id_number", wrong)
        return cleaned

    def identity(self) -> Identity:
        said = self.cleaned_data
        return Identity(
            name=said["name"],
            id_kind=IdKind(said["id_kind"]),
            id_number=said["id_number"],
            phone=said["phone"],
        )


class ContactForm(forms.Form):
    """How to reach somebody (联系方式)."""

    phone = PhoneField(label=_("新的联系电话"), max_length=40)


def _new_username(username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise ValidationError(_("用户名用 4 至 40 个字母、数字、点或横线，以字母或数字开头。"))
    if queries.account(username):
        raise ValidationError(_("这个用户名已有人使用，请换一个。"))


class SignUpForm(IdentityForm):
    """Registering oneself (注册)."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        validators=[_new_username],
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        help_text=_("至少 10 个字符，不要与姓名、用户名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        password = cleaned.get("password", "")
        if password and password != cleaned.get("password_again"):
            self.add_error("password_again", _("两次输入的密码不同。"))
        if password:
            try:
                nobody = queries.nobody_yet(cleaned.get("username", ""))
                get_adapter().clean_password(password, nobody)
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class PersonField(forms.CharField):
    """Somebody registered, by person number or user name; gives the person number.

    Never by identity number: that would tell anybody who is registered here.
    """

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        found = queries.find_person(text) if text else ""
        if text and not found:
            raise ValidationError(_("没有找到这个人员编号或用户名。"))
        return found


class OpenAccountForm(forms.Form):
    """Opening an account for somebody (开通账号)."""

    person = PersonField(label=_("人员编号"), max_length=40)
    username = forms.CharField(label=_("用户名"), max_length=40, validators=[_new_username])


class ReasonForm(forms.Form):
    """Why (理由)."""

    reason = forms.CharField(label=_("理由"), max_length=500)


class AgentForm(forms.Form):
    """Somebody who may file for another (代理人)."""

    person = PersonField(
        label=_("代理人的人员编号"),
        max_length=40,
        help_text=_("请代理人在“我的资料”里查看自己的人员编号。"),
    )
    scope = forms.CharField(label=_("代办范围"), max_length=200, required=False)
