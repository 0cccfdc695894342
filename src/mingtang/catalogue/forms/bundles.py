"""What is written about a bundle (一件事): its items by code, and what of them is the same."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.core.bundles import (
    JOINT_DAYS,
    LONGEST,
    BundleContent,
    Contents,
    ItemPart,
    SameMaterial,
)
from mingtang.core.catalogue import key_of


class BundleForm(forms.Form):
    """起草一件事."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=LONGEST["name"])
    name_en = forms.CharField(
        label=gettext_lazy("英文名称"), max_length=LONGEST["name_en"], required=False
    )
    summary = forms.CharField(
        label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    lead = forms.ChoiceField(
        label=gettext_lazy("牵头部门"),
        help_text=gettext_lazy("由本级人民政府确定，须是其中一个事项的实施部门"),
    )
    government = forms.ChoiceField(
        label=gettext_lazy("本级人民政府"),
        help_text=gettext_lazy("联办期限的延长由其负责人批准"),
    )
    promised_days = forms.IntegerField(
        label=gettext_lazy("承诺的联办期限（工作日）"),
        min_value=1,
        max_value=JOINT_DAYS,
        initial=JOINT_DAYS,
        help_text=gettext_lazy("从最后一个分项受理的次日起算，最长 45 个工作日，可以更短"),
    )
    items = forms.CharField(
        label=gettext_lazy("事项"),
        help_text=gettext_lazy("每行一个事项编码，按办事指南上显示的先后"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    same = forms.CharField(
        label=gettext_lazy("声明为同一份的材料"),
        required=False,
        help_text=gettext_lazy(
            "名称和来源相同的自动合并，不用写。名称不同而其实是同一份的，每行写一组，"
            "如：事项编码/材料键 事项编码/材料键"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        departments: Mapping[str, str],
        governments: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.departments, self.governments = departments, governments
        self.fields["lead"].choices = list(departments.items())  # type: ignore[attr-defined]
        self.fields["government"].choices = list(governments.items())  # type: ignore[attr-defined]

    def clean_items(self) -> tuple[str, ...]:
        codes = [line.strip() for line in self.cleaned_data["items"].splitlines()]
        return tuple(key_of(code) for code in codes if code)

    def clean_same(self) -> tuple[SameMaterial, ...]:
        lines = [line.split() for line in self.cleaned_data["same"].splitlines()]
        return tuple(SameMaterial(parts=tuple(map(_part, line))) for line in lines if line)

    def content(self) -> BundleContent:
        given = dict(self.cleaned_data)
        return BundleContent(
            **given,
            lead_name=self.departments[given["lead"]],
            government_name=self.governments[given["government"]],
        )


def _part(text: str) -> ItemPart:
    code, slash, key = text.rpartition("/")
    if not slash:
        raise forms.ValidationError(
            _("“%(text)s”看不懂，请写成：事项编码/材料键。") % {"text": text}
        )
    return ItemPart(item=key_of(code), key=key)


def typed(content: BundleContent, codes: Mapping[str, str]) -> dict[str, str]:
    """Return a bundle as it is typed. `codes`: of the items by key."""
    return {
        "name": content.name,
        "name_en": content.name_en,
        "summary": content.summary,
        "lead": content.lead,
        "government": content.government,
        "promised_days": str(content.promised_days),
        "items": "\n".join(codes.get(key, key) for key in content.items),
        "same": "\n".join(
            " ".join(f"{codes.get(part.item, part.item)}/{part.key}" for part in one.parts)
            for one in content.same
        ),
    }


def codes_of(contents: Contents) -> dict[str, str]:
    return {key: content.code for key, content in contents.items()}


class NewBundleForm(BundleForm):
    """新建一件事."""

    key = forms.SlugField(
        label=gettext_lazy("网址里的短名"),
        max_length=20,
        help_text=gettext_lazy("小写字母、数字和连字符，以后不能改"),
    )
    field_order = ("key",)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].lower()
        if key == "new":  # an address of its own
            raise forms.ValidationError(_("这个短名不能用，请换一个。"))
        return key

    def content(self) -> BundleContent:
        del self.cleaned_data["key"]
        return super().content()
