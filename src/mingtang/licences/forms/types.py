"""Writing a type of licence (证照类型编辑): its name, what is printed, how long it lasts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue import queries as catalogue
from mingtang.core.catalogue import FormField, ItemContent
from mingtang.core.decider import Refused
from mingtang.core.licences.identifier import SIGNS
from mingtang.core.licences.types import (
    APPLICANT,
    FORM,
    LONGEST,
    LONGEST_LABEL,
    MOST_DAYS,
    MOST_MONTHS,
    TEXT,
    LicenceField,
    TypeContent,
)
from mingtang.core.sheets import Layout
from mingtang.licences.templatetags import licence_words as words

SUFFIX = 3  # signs of a type's own after the code of its owner
MOST_FIELDS = 40
FIXED = "text"  # as a source: the same words on every licence
SOURCES = {APPLICANT[0]: _("申请人的姓名或者名称"), APPLICANT[1]: _("申请人的证件号码")}


class NewTypeForm(forms.Form):
    """Beginning a type: whose it is, and its three signs."""

    organ = forms.ChoiceField(label=_("核发机关"))
    suffix = forms.CharField(
        label=_("类型代码后 3 位"),
        min_length=SUFFIX,
        max_length=SUFFIX,
        help_text=_("数字或者大写字母，例如 W01。前 18 位是核发机关的统一社会信用代码。"),
    )

    def __init__(self, *args: Any, organs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].choices = organs  # type: ignore[attr-defined]  # a ChoiceField

    def clean_suffix(self) -> str:
        suffix: str = self.cleaned_data["suffix"].upper()
        if {*suffix} - {*SIGNS}:
            raise ValidationError(_("只能用数字和大写字母。"))
        return suffix


class TypeForm(forms.Form):
    """What a type says once."""

    name = forms.CharField(label=_("证照名称"), max_length=LONGEST["name"])
    name_en = forms.CharField(label=_("英文名称"), max_length=LONGEST["name_en"], required=False)
    layout = forms.ChoiceField(label=_("版式"), choices=list(words.LAYOUTS.items()))
    validity_months = forms.IntegerField(
        label=_("有效期（月）"), min_value=0, max_value=MOST_MONTHS, help_text=_("长期有效填 0。")
    )
    renewal_days = forms.IntegerField(
        label=_("延续应提前（天）"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("行政许可法第五十条规定 30 日，法律、法规、规章另有规定的从其规定。"),
    )
    items = forms.MultipleChoiceField(
        label=_("准予后核发这种证照的事项"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("本机关在用的事项。一个事项只能核发一种证照。"),
    )
    remarks = forms.CharField(
        label=_("证面备注"),
        max_length=LONGEST["remarks"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = items  # type: ignore[attr-defined]  # a ChoiceField


class FieldForm(forms.Form):
    """One printed field. A row without a label is no row."""

    name = forms.CharField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label=_("栏目"), max_length=LONGEST_LABEL, required=False)
    label_en = forms.CharField(label=_("英文栏目"), max_length=LONGEST_LABEL, required=False)
    source = forms.ChoiceField(label=_("取自"))
    text = forms.CharField(label=_("固定文字"), max_length=500, required=False)
    required = forms.BooleanField(label=_("必须有内容"), required=False)

    def __init__(self, *args: Any, sources: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("label") and data.get("source") == FIXED and not data.get("text"):
            self.add_error("text", _("固定文字不能空着。"))
        return data

    def field(self, place: int) -> LicenceField | None:
        data = self.cleaned_data
        if not data.get("label"):
            return None
        source = data["source"]
        return LicenceField(
            name=data["name"] or f"f{place}",
            label=data["label"],
            label_en=data["label_en"],
            source=f"{TEXT}{data['text']}" if source == FIXED else source,
            required=data["required"],
        )


class HolderForm(FieldForm):
    """The name or the number of the holder: never the same words on every licence."""

    def __init__(self, *args: Any, sources: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        said = [(value, label) for value, label in sources if value != FIXED]
        super().__init__(*args, sources=said, **kwargs)
        del self.fields["text"]


def _rows(sources: Sequence[tuple[str, Any]], **kwargs: Any) -> "BaseFormSet[FieldForm]":
    kind = formset_factory(
        FieldForm, extra=0, can_delete=True, max_num=MOST_FIELDS, validate_max=True
    )
    return kind(form_kwargs={"sources": sources, "label_suffix": ""}, **kwargs)


class TypeEditor:
    """The whole editor: the type, its holder's two fields, and the rows of all others.

    `add` asks for one more row, as does the first look at an empty one.
    """

    def __init__(
        self,
        content: TypeContent,
        *,
        items: Sequence[tuple[str, str]],
        data: QueryDict | None = None,
        add: bool = False,
    ) -> None:
        self.content = content
        picked = data.getlist("items") if data is not None else content.items
        offered = sources(picked)
        if data is not None and add:
            data = data.copy()
            data["fields-TOTAL_FORMS"] = str(int(data.get("fields-TOTAL_FORMS") or 0) + 1)
        self.form = TypeForm(data, label_suffix="", items=items, initial=_initial(content))
        self.holder_name, self.holder_number = (
            HolderForm(data, prefix=prefix, sources=offered, label_suffix="", initial=_row(field))
            for prefix, field in (
                ("holder_name", content.holder_name),
                ("holder_number", content.holder_number),
            )
        )
        self.rows = _rows(
            offered, data=data, prefix="fields", initial=[_row(field) for field in content.fields]
        )

    @property
    def forms(self) -> list[Any]:
        return [self.form, self.holder_name, self.holder_number]

    def is_valid(self) -> bool:
        return all([*(form.is_valid() for form in self.forms), self.rows.is_valid()])

    def written(self) -> TypeContent:
        """Return what was written. Call it after `is_valid`."""
        data = self.form.cleaned_data
        kept = [row for row in self.rows.forms if not row.cleaned_data.get("DELETE")]
        fields = [row.field(place) for place, row in enumerate(kept, 1)]
        return TypeContent(
            code=self.content.code,
            name=data["name"],
            name_en=data["name_en"],
            organ=self.content.organ,
            organ_name=self.content.organ_name,
            items=tuple(data["items"]),
            layout=Layout(data["layout"]),
            holder_name=self.holder_name.field(0) or self.content.holder_name,
            holder_number=self.holder_number.field(0) or self.content.holder_number,
            fields=_apart([field for field in fields if field]),
            validity_months=data["validity_months"],
            renewal_days=data["renewal_days"],
            remarks=data["remarks"],
        )


def empty(code: str, organ: str, organ_name: str) -> TypeContent:
    """Return what a new type begins with."""
    return TypeContent(
        code=code,
        name="",
        organ=organ,
        organ_name=organ_name,
        items=(),
        holder_name=LicenceField(
            name="holder_name", label="持有人", label_en="Holder", source=APPLICANT[0]
        ),
        holder_number=LicenceField(
            name="holder_number", label="证件号码", label_en="Number", source=APPLICANT[1]
        ),
    )


def _apart(fields: Sequence[LicenceField]) -> tuple[LicenceField, ...]:
    """Return the fields, those that were added under names nobody has yet."""
    taken: set[str] = set()
    apart = []
    for field in fields:
        name, number = field.name, 1
        while name in taken:
            number += 1
            name = f"{field.name}_{number}"
        taken.add(name)
        apart.append(
            LicenceField(
                name=name,
                label=field.label,
                label_en=field.label_en,
                source=field.source,
                required=field.required,
            )
        )
    return tuple(apart)


def _initial(content: TypeContent) -> dict[str, Any]:
    names = ("name", "name_en", "layout", "validity_months", "renewal_days", "items", "remarks")
    return {name: getattr(content, name) for name in names}


def _row(field: LicenceField) -> dict[str, Any]:
    fixed = field.source.startswith(TEXT)
    return {
        "name": field.name,
        "label": field.label,
        "label_en": field.label_en,
        "source": FIXED if fixed else field.source,
        "text": field.source.removeprefix(TEXT) if fixed else "",
        "required": field.required,
    }


def sources(items: Sequence[str]) -> list[tuple[str, Any]]:
    """Return where a value can come from: the applicant, fields all these items ask for, text."""
    forms_of = [content.form for code in items if (content := _content(code))]
    common: list[FormField] = []
    if forms_of:
        shared = set.intersection(*({field.name for field in form} for form in forms_of))
        common = [field for field in forms_of[0] if field.name in shared]
    return [
        *SOURCES.items(),
        *((f"{FORM}{field.name}", field.label) for field in common),
        (FIXED, _("固定文字")),
    ]


def _content(code: str) -> ItemContent | None:
    try:
        return catalogue.item_in_force(code).content
    except Refused:
        return None
