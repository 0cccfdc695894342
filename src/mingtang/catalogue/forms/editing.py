"""The editor of an item (事项编辑): its single elements, and a set of rows for what repeats.

Only what says which item it is must be filled in: a draft may be unfinished, and the quality
rules say what is still missing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.forms import rows
from mingtang.catalogue.templatetags import catalogue_words as words
from mingtang.core.catalogue import LONGEST, MOST, Category, ItemContent, ResultKind, key_of

SEVERAL = re.compile(r"[|;；、,，\s]+")


def choices(labels: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    return list(labels.items())


class CodesField(forms.CharField):
    """Several codes on one line, kept as a tuple."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # kept so
        return tuple(filter(None, SEVERAL.split(value or "")))


def _text(element: str, *, longest: int = 1_000, help: Any = "") -> forms.CharField:
    return forms.CharField(
        label=words.ELEMENTS[element], required=False, max_length=longest, help_text=help
    )


def _long(element: str, *, help: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=words.ELEMENTS[element],
        required=False,
        max_length=10_000,
        widget=area,
        help_text=help,
    )


def _days(element: str, *, help: Any = "") -> forms.IntegerField:
    digits = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=words.ELEMENTS[element],
        required=False,
        min_value=0,
        max_value=MOST,
        widget=digits,
        help_text=help,
    )


class ItemForm(forms.Form):
    """Every element that is there once. The code is settled when the item is made."""

    name = forms.CharField(label=words.ELEMENTS["name"], max_length=LONGEST["name"])
    name_en = _text("name_en", longest=LONGEST["name_en"])
    department = forms.ChoiceField(label=words.ELEMENTS["department_name"])
    category = forms.ChoiceField(
        label=words.ELEMENTS["category"], choices=choices(words.CATEGORIES)
    )
    item_type = forms.ChoiceField(
        label=words.ELEMENTS["item_type"],
        choices=[
            (code, format_lazy("{} {}", code, label)) for code, label in words.ITEM_TYPES.items()
        ],
    )
    legacy = forms.BooleanField(
        label=words.ELEMENTS["legacy"],
        required=False,
        help_text=_("仅用于 2015 年 5 月已取消的非行政许可审批，公开备查，不接受申请"),
    )
    authority_level = forms.ChoiceField(
        label=words.ELEMENTS["authority_level"], choices=choices(words.LEVELS)
    )
    basic_code = _text("basic_code", longest=60)
    summary = _long("summary")
    summary_en = _long("summary_en")
    audience = forms.MultipleChoiceField(
        label=words.ELEMENTS["audience"],
        required=False,
        choices=choices(words.AUDIENCES),
        widget=forms.CheckboxSelectMultiple,
    )
    topics = CodesField(
        label=words.ELEMENTS["topics"], required=False, max_length=300, help_text=_("用顿号隔开")
    )
    conditions = _long("conditions", help=_("指南里没有写的条件，受理时不得要求"))
    quantity_limit = _text("quantity_limit", help=_("没有数量限制的留空"))
    special_procedures = _long(
        "special_procedures", help=_("听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审")
    )
    hearing_basis = _text(
        "hearing_basis", help=_("法律、法规、规章规定作出决定前应当听证的，写明哪一条；没有的留空")
    )
    statutory_days = _days("statutory_days", help=_("工作日，自受理之日起"))
    promised_days = _days("promised_days", help=_("工作日；0 表示当场办结（即办件）"))
    deferral_days = _days(
        "deferral_days", help=_("工作日，自受理之日起，材料“可容缺”时适用；留空为 10 个工作日")
    )
    check_days = _days(
        "check_days", help=_("自然日，自决定之日起，以承诺代替材料时适用；留空为 60 日")
    )
    adoptable = forms.BooleanField(
        label=words.ELEMENTS["adoptable"],
        required=False,
        help_text=_("其他层级的机关可以认领：内容、材料、申请表和法定时限按这里的，承诺时限自定"),
    )
    visits = _days("visits")
    visit_reason = _text("visit_reason", help=_("不需要到现场的留空"))
    visits_before = _days("visits_before", help=_("到作出决定为止；没有可比的，四栏都留空"))
    steps_before = _days("steps_before", help=_("包括受理和决定"))
    seals_before = _days("seals_before", help=_("各机关一共盖几枚章"))
    before_source = _text("before_source", help=_("哪一份办事指南、文件，哪一年"))
    online_depth = forms.TypedChoiceField(
        label=words.ELEMENTS["online_depth"], choices=choices(words.DEPTHS), coerce=int
    )
    by_post = forms.BooleanField(label=words.ELEMENTS["by_post"], required=False)
    pay_online = forms.BooleanField(label=words.ELEMENTS["pay_online"], required=False)
    result_kind = forms.ChoiceField(
        label=words.ELEMENTS["result_kind"], choices=choices(words.RESULT_KINDS)
    )
    result_name = _text("result_name")
    result_sample = _text("result_sample")
    validity = _text("validity")
    address = _text("address", help=_("写到窗口或房间"))
    hours = _text("hours", help=_("例如：工作日 9:00-17:00"))
    enquiry_phone = _text("enquiry_phone", longest=200, help=_("带区号"))
    complaint_phone = _text("complaint_phone", longest=200, help=_("带区号，与咨询电话不同"))

    def __init__(self, *args: Any, departments: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.departments = departments
        choose: Any = self.fields["department"]
        choose.choices = list(departments.items())
        known: Any = self.fields["item_type"]
        current = self.initial.get("item_type", "")
        if current not in words.ITEM_TYPES:  # whatever an imported list wrote stays choosable
            known.choices = [(current, current), *known.choices]

    def elements(self) -> dict[str, Any]:
        """Return the elements as an item has them."""
        values = dict(self.cleaned_data)
        return values | {
            "audience": tuple(values["audience"]),
            "category": Category(values["category"]),
            "result_kind": ResultKind(values["result_kind"]),
            "department_name": self.departments[values["department"]],
        }


@dataclass(frozen=True)
class Section:
    """A part of the page: single elements, then a set of rows."""

    name: str  # its anchor
    title: Any
    fields: tuple[str, ...]
    rows: str = ""  # the element that repeats


SECTIONS = (
    Section(
        "basics",
        _("基本信息"),
        (
            "name",
            "name_en",
            "department",
            "category",
            "item_type",
            "legacy",
            "authority_level",
            "basic_code",
            "summary",
            "summary_en",
            "audience",
            "topics",
        ),
    ),
    Section("legal_basis", _("设定依据"), (), "legal_basis"),
    Section("conditions", _("受理条件"), ("conditions", "quantity_limit")),
    Section("materials", _("申请材料"), (), "materials"),
    Section("situations", _("情形"), (), "situations"),
    Section("form", _("申请表"), (), "form"),
    Section(
        "limits",
        _("时限和流程"),
        ("statutory_days", "promised_days", "deferral_days", "check_days"),
        "steps",
    ),
    Section("special", _("特别程序"), ("special_procedures", "hearing_basis")),
    Section("referral", _("转报"), (), "referred_to"),
    Section("first_review", _("下级初审"), (), "first_reviews"),
    Section(
        "ways",
        _("办理方式"),
        ("visits", "visit_reason", "online_depth", "by_post", "pay_online"),
    ),
    Section(
        "before",
        _("改革前"),
        ("visits_before", "steps_before", "seals_before", "before_source"),
    ),
    Section("reaches", _("异地办理"), ("adoptable",), "reaches"),
    Section("fees", _("收费"), (), "fees"),
    Section("result", _("审批结果"), ("result_kind", "result_name", "result_sample", "validity")),
    Section("place", _("地点和联系"), ("address", "hours", "enquiry_phone", "complaint_phone")),
    Section("questions", _("常见问题"), (), "questions"),
)


BESIDE = {"form": "batch_fields"}  # what is written in the rows of another element


class Editor:
    """The whole page: one form for what is there once, a set of rows for each that repeats."""

    def __init__(
        self,
        content: ItemContent,
        *,
        departments: Mapping[str, str],
        data: Any = None,
        add: str = "",
    ) -> None:
        self.before = content
        if data is not None and add in rows.ROWS:
            data = rows.with_one_more(data, add)
        initial = {name: getattr(content, name) for name in ItemForm.base_fields}
        self.form = ItemForm(data, initial=initial, departments=departments)
        self.rows = {
            element: rows.row_set(
                element, getattr(content, element), data, differing=content.batch_fields
            )
            for element in rows.ROWS
        }

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(one.is_valid() for one in self.rows.values())])

    @property
    def wrong_forms(self) -> list[forms.Form]:
        """Return the forms that hold something typed wrongly, in the order of the page."""
        everything = [self.form, *(row for one in self.rows.values() for row in one.forms)]
        return [form for form in everything if form.errors]

    def content(self) -> ItemContent:
        """Return the item as it now stands on the page. Only after `is_valid`."""
        repeated: dict[str, Any] = {
            element: rows.records(element, one) for element, one in self.rows.items()
        }
        together = rows.batch_fields(self.rows["form"])
        return replace(self.before, **self.form.elements(), **repeated, batch_fields=together)

    def sections(self, missing: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
        """Return the parts of the page, each field and set with what is missing there."""
        return [
            {
                "name": section.name,
                "title": section.title,
                "fields": [(self.form[name], missing.get(name, ())) for name in section.fields],
                "rows": self.rows.get(section.rows),
                "element": section.rows,
                "about": rows.ABOUT.get(section.rows, ""),
                "missing": [
                    one
                    for element in (section.rows, BESIDE.get(section.rows, ""))
                    for one in missing.get(element, ())
                ],
            }
            for section in SECTIONS
        ]


class NewItemForm(forms.Form):
    """What says which item it is; everything else is written in the editor."""

    code = forms.CharField(
        label=words.ELEMENTS["code"],
        max_length=LONGEST["code"],
        help_text=_("按来源原样填写，以后不能更改"),
    )
    code_scheme = forms.ChoiceField(
        label=words.ELEMENTS["code_scheme"],
        choices=[
            ("national-31", _("国家实施编码（31 位）")),
            ("national-33", _("国家业务办理项编码（33 位）")),
            ("local", _("地方编码")),
        ],
    )
    name = forms.CharField(label=words.ELEMENTS["name"], max_length=LONGEST["name"])
    department = forms.ChoiceField(label=words.ELEMENTS["department_name"])
    category = forms.ChoiceField(
        label=words.ELEMENTS["category"],
        choices=[("licence", _("行政许可")), ("service", _("服务事项"))],
    )

    def __init__(
        self,
        *args: Any,
        departments: Mapping[str, str],
        is_known: Callable[[str], bool],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.departments, self.is_known = departments, is_known
        choose: Any = self.fields["department"]
        choose.choices = list(departments.items())

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if self.is_known(key_of(code)):
            raise ValidationError(_("已有这个编码的事项，请在列表里找到它再编辑。"))
        return code

    def content(self) -> ItemContent:
        values = self.cleaned_data
        category = Category(values["category"])
        return ItemContent(
            code=values["code"],
            code_scheme=values["code_scheme"],
            name=values["name"],
            category=category,
            item_type="01" if category is Category.LICENCE else "20",
            department=values["department"],
            department_name=self.departments[values["department"]],
        )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("取消的理由"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("会记入账本并公开；正在办理的办件按原来的版本办完"),
    )
