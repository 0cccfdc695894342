"""Forms about organisations, offices and posts (单位、办公场所、岗位)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.organisations import PUBLIC_BODIES, OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.people import queries
from mingtang.people.actions import Body, Place, Post
from mingtang.people.forms.numbers import CreditCodeField, PhoneField
from mingtang.people.forms.persons import PersonField
from mingtang.people.forms.words import OFFICE_KINDS, ORGANISATION_KINDS, ROLES


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
        bodies = public_bodies()
        self.fields["organisation"].choices = bodies  # type: ignore[attr-defined]  # as declared

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
        bodies = [("", _("不属于单位")), *public_bodies()]
        offices = [("", _("不驻窗口")), *queries.open_offices().items()]
        self.fields["organisation"].choices = bodies  # type: ignore[attr-defined]  # as declared
        self.fields["office"].choices = offices  # type: ignore[attr-defined]  # as declared

    def post(self) -> Post:
        said = self.cleaned_data
        return Post(**{**said, "role": Role(said["role"])})


def public_bodies() -> list[tuple[str, str]]:
    found = queries.organisations(*PUBLIC_BODIES)
    return [(row.code, queries.organisation_name(row.code)) for row in found]
