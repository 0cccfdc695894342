"""What people type about people: identity numbers, credit codes, phones, and the forms with them.

The traps: county codes are renamed and withdrawn while people keep their numbers, so an unknown
county proves nothing; only shape, province, birth date and check character are judged (GB 11643).
"""

import re
from datetime import date
from hashlib import sha256
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError
from stdnum.iso7064 import mod_11_2

from mingtang.core.mandates import EVERY_ITEM, Mandate, MandatePower
from mingtang.core.organisations import PUBLIC_BODIES, OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import IdKind, Role
from mingtang.people import queries
from mingtang.people.actions import Body, Identity, Place, Post

REGIONS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(str(code) for first, last in REGIONS for code in range(first, last + 1))
DEMO_PROVINCE = "99"  # no such province: only made-up people live there
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\+\d{6,15}")
USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{3,39}")

ID_KINDS = [
    (IdKind.RESIDENT, _("居民身份证")),
    (IdKind.PASSPORT, _("护照")),
    (IdKind.HK_MACAO_PERMIT, _("港澳居民来往内地通行证")),
    (IdKind.TAIWAN_PERMIT, _("台湾居民来往大陆通行证")),
    (IdKind.PERMANENT_RESIDENT, _("外国人永久居留身份证")),
    (IdKind.OTHER, _("其他证件")),
]
ROLES = [
    (Role.WINDOW_CLERK, _("窗口工作人员")),
    (Role.REVIEWER, _("审查人员")),
    (Role.CHIEF_REPRESENTATIVE, _("首席代表")),
    (Role.DEPARTMENT_MANAGER, _("部门负责人")),
    (Role.CENTRE_MANAGER, _("中心管理人员")),
    (Role.INSPECTOR, _("监察人员")),
    (Role.SYSTEM_ADMIN, _("系统管理员")),
    (Role.SECURITY_ADMIN, _("安全管理员")),
    (Role.AUDIT_ADMIN, _("审计管理员")),
]
ORGANISATION_KINDS = [
    (OrganisationKind.DEPARTMENT, _("部门")),
    (OrganisationKind.CENTRE, _("公共服务中心")),
    (OrganisationKind.ENTERPRISE, _("企业")),
    (OrganisationKind.PUBLIC_INSTITUTION, _("事业单位")),
    (OrganisationKind.SOCIAL_ORGANISATION, _("社会组织")),
    (OrganisationKind.OTHER, _("其他组织")),
]
OFFICE_KINDS = [(OfficeKind.WINDOW, _("窗口")), (OfficeKind.DEPARTMENT_OFFICE, _("部门办公室"))]
MANDATE_POWERS = [
    (MandatePower.ACCEPT, _("受理")),
    (MandatePower.DECIDE, _("决定")),
    (MandatePower.SEAL, _("用印")),
]


def role_names() -> dict[str, str]:
    """Return what each role is called, in the reader's language."""
    return {role.value: str(name) for role, name in ROLES}


# ── Numbers ─────────────────────────────────────────────────────────────────


def resident_number(text: str, *, today: date) -> str:
    """Return a citizen identity number (公民身份号码) without spaces, X in capitals.

    Raises ValidationError with a sentence that says what is wrong with it.
    """
    number = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise ValidationError(_("公民身份号码有 18 位，前 17 位是数字，末位是数字或 X。"))
    provinces = PROVINCES | {DEMO_PROVINCE} if settings.DEMO else PROVINCES
    if number[:2] not in provinces:
        raise ValidationError(_("公民身份号码前两位不是省级代码，请核对。"))
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError(_("公民身份号码第 7 至 14 位不是一个日期，请核对。")) from None
    if not date(1850, 1, 1) <= born <= today:
        raise ValidationError(_("公民身份号码里的出生日期不可能，请核对。"))
    if not mod_11_2.is_valid(number):
        raise ValidationError(_("公民身份号码末位校验不符，请逐位核对。"))
    return number


def credit_code(text: str) -> str:
    """Return a unified social credit code (统一社会信用代码, GB 32100) as it is printed."""
    try:
        return str(uscc.validate(text))
    except NumberError:
        raise ValidationError(
            _("统一社会信用代码不对：应为 18 位数字和大写字母（没有 I、O、Z、S、V），请逐位核对。")
        ) from None


def phone_number(text: str) -> str:
    """Return a mobile, fixed or international number without spaces."""
    number = re.sub(r"\s", "", text)
    if not PHONE.fullmatch(number):
        raise ValidationError(_("请写 11 位手机号，或带区号的固定电话，例如 0990-1234567。"))
    return number


class CreditCodeField(forms.CharField):
    """统一社会信用代码."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return credit_code(text) if text else ""


class PhoneField(forms.CharField):
    """联系电话."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return phone_number(text) if text else ""


class ResidentNumberField(forms.CharField):
    """公民身份号码."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return resident_number(text, today=timezone.localdate()) if text else ""


# ── A person and their account ──────────────────────────────────────────────


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


# ── Organisations, offices, posts ───────────────────────────────────────────


class UnitForm(forms.Form):
    """The unit one files for (本单位)."""

    kind = forms.ChoiceField(
        label=_("单位类型"),
        choices=[choice for choice in ORGANISATION_KINDS if choice[0] not in PUBLIC_BODIES],
    )
    name = forms.CharField(label=_("单位名称"), max_length=200)
    uscc = CreditCodeField(label=_("统一社会信用代码"), max_length=30)
    phone = PhoneField(label=_("联系电话"), max_length=60, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)

    def body(self) -> Body:
        said = self.cleaned_data
        return Body(
            code=said["uscc"],
            kind=OrganisationKind(said["kind"]),
            particulars=Particulars(
                name=said["name"], uscc=said["uscc"], phone=said["phone"], address=said["address"]
            ),
        )


class BodyForm(UnitForm):
    """A public body, entered by staff (部门、中心)."""

    kind = forms.ChoiceField(
        label=_("单位类型"),
        choices=[choice for choice in ORGANISATION_KINDS if choice[0] in PUBLIC_BODIES],
    )
    code = forms.SlugField(label=_("单位代码"), max_length=60)
    short_name = forms.CharField(label=_("简称"), max_length=80, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    uscc = CreditCodeField(label=_("统一社会信用代码"), max_length=30, required=False)
    field_order = ("kind", "code", "name", "short_name", "name_en")

    def body(self) -> Body:
        said = self.cleaned_data
        return Body(
            code=said["code"],
            kind=OrganisationKind(said["kind"]),
            particulars=Particulars(
                name=said["name"],
                name_en=said["name_en"],
                short_name=said["short_name"],
                uscc=said["uscc"],
                phone=said["phone"],
                address=said["address"],
            ),
        )


class PlaceForm(forms.Form):
    """An office to open (办公场所)."""

    organisation = forms.ChoiceField(label=_("所属单位"))
    kind = forms.ChoiceField(label=_("类型"), choices=OFFICE_KINDS)
    code = forms.SlugField(label=_("代码"), max_length=60)
    name = forms.CharField(label=_("名称"), max_length=120)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = public_bodies()

    def place(self) -> Place:
        said = self.cleaned_data
        return Place(**{**said, "kind": OfficeKind(said["kind"])})


class PostForm(forms.Form):
    """A post to give (任命)."""

    person = PersonField(label=_("人员编号或用户名"), max_length=40)
    role = forms.ChoiceField(label=_("岗位"), choices=ROLES)
    organisation = forms.ChoiceField(
        label=_("单位"), required=False, help_text=_("三类管理员可以不属于任何单位。")
    )
    office = forms.ChoiceField(label=_("办公场所"), required=False)
    staff_no = forms.CharField(label=_("工号"), max_length=40, help_text=_("工号对外公开。"))
    title = forms.CharField(label=_("职务"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("不属于单位")), *public_bodies()]
        self.fields["office"].choices = [("", _("不驻窗口")), *queries.open_offices().items()]

    def post(self) -> Post:
        said = self.cleaned_data
        return Post(**{**said, "role": Role(said["role"])})


def public_bodies() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in queries.organisations(*PUBLIC_BODIES)]


# ── Letters ─────────────────────────────────────────────────────────────────


class MandateForm(forms.Form):
    """An authorisation letter (授权书) for one of the chief representatives of `organs`."""

    holder = forms.ChoiceField(label=_("首席代表"))
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
        self._chiefs = {
            f"{row.organisation} {row.person}": row
            for organ in sorted(organs)
            for row in queries.staff(organisation=organ, role=Role.CHIEF_REPRESENTATIVE)
        }
        self.fields["holder"].choices = [
            (key, f"{row.name} · {row.organisation_name} · {row.staff_no}")
            for key, row in self._chiefs.items()
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
        chief = self._chiefs[said["holder"]]
        lines = (line.strip() for line in said["items"].splitlines())
        return Mandate(
            letter_no=said["letter_no"],
            organ=chief.organisation,
            organ_name=chief.organisation_name,
            person=chief.person,
            person_name=chief.name,
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
        self.fields["office"].choices = list(queries.open_offices().items())
