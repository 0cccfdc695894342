"""What repeats in an item, as rows of small forms: materials, steps, fees ...

An empty row is no row. Where rows are referred to by a key, a row without one gets the next
free. Options of a choice are lines of text: `value | label | English label | materials`.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from itertools import count
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue import queries
from mingtang.catalogue.templatetags import catalogue_words as words
from mingtang.core.catalogue import (
    FIRST_REVIEW_DAYS,
    Choice,
    Fee,
    FirstReview,
    FormField,
    Join,
    LegalBasis,
    Material,
    Question,
    Reach,
    ReachMode,
    ReachScope,
    Referral,
    Situation,
    Step,
)
from mingtang.core.organisations import OrganisationKind
from mingtang.people import queries as people

MOST_ROWS = 200
SEPARATOR = re.compile(r"[、,，;；\s]+")


def _line(label: Any, *, longest: int = 500, help: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help)


def _area(label: Any, *, help: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=label, required=False, max_length=10_000, widget=area, help_text=help
    )


def _number(label: Any, *, most: int) -> forms.IntegerField:
    digits = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, widget=digits
    )


def _choice(label: Any, labels: Mapping[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=list(labels.items()))


KEY = _("标识")


class KeysField(forms.CharField):
    """Keys of other rows on one line, kept as a tuple."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # kept so
        return tuple(filter(None, SEPARATOR.split(value or "")))


class OptionsField(forms.CharField):
    """One option a line, kept as a tuple of `Choice`."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return "\n".join(_option_line(option) for option in value)

    def to_python(self, value: Any) -> tuple[Choice, ...]:  # type: ignore[override]  # kept so
        lines = [line for line in (value or "").splitlines() if line.strip()]
        return tuple(map(_option, lines))


def _option_line(option: Choice) -> str:
    parts = [option.value, option.label, option.label_en, "、".join(option.materials)]
    while parts[-1] == "":
        parts.pop()
    return " | ".join(parts)


def _option(line: str) -> Choice:
    parts = [part.strip() for part in re.split(r"[|｜]", line)]
    value, label, label_en, materials = (*parts, "", "", "", "")[:4]
    return Choice(
        value=value,
        label=label or value,
        label_en=label_en,
        materials=tuple(filter(None, SEPARATOR.split(materials))),
    )


def _entries() -> list[tuple[str, Any]]:
    """Return every entry of the resource directory, one that was withdrawn too: an item may still
    name it, and is told so."""
    return [("", _("不是目录里的")), *queries.entries()]


class LegalBasisForm(forms.Form):
    title = _line(_("法规名称"))
    number = _line(_("文号"))
    article = _line(_("条款"))
    text = _area(_("内容"))


class MaterialForm(forms.Form):
    key = _line(KEY, longest=40)
    name = _line(_("材料名称"))
    name_en = _line(_("英文名称"))
    needed = _choice(_("必要性"), words.MATERIAL_NEEDS)
    form = _choice(_("形式"), words.MATERIAL_FORMS)
    copies = _number(_("份数"), most=99)
    source = _choice(_("来源"), words.MATERIAL_SOURCES)
    basis = _line(_("依据"), help=_("与事项无关的材料不得要求"))
    guidance = _area(_("填报须知"))
    supplied_by = forms.ChoiceField(label=_("资源目录里的哪一条"), required=False, choices=_entries)
    shared = forms.BooleanField(
        label=_("共享获取"),
        required=False,
        help_text=_("申请时自动查询，查到就不用交；查不到才由申请人提交"),
    )
    commitment = _area(
        _("承诺内容"),
        help=_("可以用书面承诺代替这份材料的，写明承诺什么、不实承担什么后果；不能代替的留空"),
    )


class SituationForm(forms.Form):
    key = _line(KEY, longest=40)
    question = _line(_("问题"))
    question_en = _line(_("英文问题"))
    options = OptionsField(
        label=_("选项"),
        required=False,
        help_text=_("每行一个：值 | 名称 | 英文 | 只有选它才需要的材料标识"),
    )


class FormFieldForm(forms.Form):
    name = _line(_("字段名"), longest=40)
    label = _line(_("标题"))
    label_en = _line(_("英文标题"))
    kind = _choice(_("类型"), words.FIELD_KINDS)
    required = forms.BooleanField(label=_("必填"), required=False)
    differs = forms.BooleanField(
        label=_("批量申请时各行不同"),
        required=False,
        help_text=_("勾了任何一栏，这个事项就可以批量申请：勾了的填在名单里，其余只填一次"),
    )
    help = _line(_("说明"))
    help_en = _line(_("英文说明"))
    options = OptionsField(
        label=_("选项"), required=False, help_text=_("单选、多选用，每行一个：值 | 名称 | 英文")
    )


class StepForm(forms.Form):
    key = _line(KEY, longest=40)
    name = _line(_("环节名称"))
    name_en = _line(_("英文名称"))
    after = KeysField(
        label=_("在哪些环节之后"), required=False, help_text=_("填标识；空着表示受理后即开始")
    )
    join = _choice(_("有多个前一步时"), words.JOINS)
    department = _line(_("办理部门代码"), longest=60, help=_("本部门办理的留空"))
    days = _number(_("时限（工作日）"), most=9_999)
    standard = _area(_("审查标准"))
    standard_en = _area(_("英文标准"))
    outcome = _line(_("结果"))
    outcome_en = _line(_("英文结果"))


class ReferralForm(forms.Form):
    body = _line(_("机关名称"), help=_("系统以外、依法要作出意见或者决定的机关"))
    days = _number(_("办理期限（工作日）"), most=9_999)
    basis = _line(_("依据"), help=_("规定由它审查并规定期限的法律法规"))
    standstill_basis = _line(
        _("不计入本机关期限的依据"), help=_("空着表示照常计入：行政许可法第四十五条没有列出转报")
    )


def _departments() -> list[tuple[str, Any]]:
    known = people.organisations(OrganisationKind.DEPARTMENT)
    return [("", _("没有初审")), *((row.code, row.name) for row in known)]


class FirstReviewForm(forms.Form):
    organ = forms.ChoiceField(label=_("初审机关"), required=False, choices=_departments)
    days = forms.IntegerField(
        label=_("初审期限（工作日）"),
        required=False,
        min_value=1,
        max_value=FIRST_REVIEW_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("自受理之日起，留空为 20 个工作日；法律不允许更长"),
    )
    basis = _line(_("依据"), help=_("规定先由下级机关审查的法律法规"))


class ReachForm(forms.Form):
    mode = _choice(_("形式"), {"": "—", **words.REACH_MODES})
    scope = _choice(_("范围"), words.REACH_SCOPES)
    area = _line(_("覆盖地区"), help=_("跨省通办的，写明与哪些地方通办"))

    def clean_area(self) -> str:
        area: str = self.cleaned_data["area"]
        if area and not self.cleaned_data.get("mode"):
            raise forms.ValidationError(_("请选通办的形式。"))
        return area


class FeeForm(forms.Form):
    name = _line(_("收费项目"))
    standard = _line(_("标准"))
    basis = _line(_("依据"), help=_("法律或行政法规"))


class QuestionForm(forms.Form):
    question = _line(_("问题"))
    answer = _area(_("回答"))


# Element: its record, its form, and how its keys begin where it has keys.
ROWS: Mapping[str, tuple[Callable[..., Any], type[forms.Form], str]] = {
    "legal_basis": (LegalBasis, LegalBasisForm, ""),
    "materials": (Material, MaterialForm, "m"),
    "situations": (Situation, SituationForm, "s"),
    "form": (FormField, FormFieldForm, "f"),
    "steps": (Step, StepForm, "step"),
    "referred_to": (Referral, ReferralForm, ""),
    "first_reviews": (FirstReview, FirstReviewForm, ""),
    "reaches": (Reach, ReachForm, ""),
    "fees": (Fee, FeeForm, ""),
    "questions": (Question, QuestionForm, ""),
}
ABOUT: Mapping[str, Any] = {
    "legal_basis": _("一条法规一行。"),
    "materials": _("标识供情形引用，例如 m1；新行留空会自动编号。"),
    "situations": _("申请人先回答，只提交与其情形有关的材料。没有情形差别的不必填。"),
    "form": _("一行是申请表里的一栏。"),
    "steps": _("受理和决定之间的环节。没有前一步的在受理后同时开始，公开的流程图由此画出。"),
    "referred_to": _("决定前要报系统外机关的，一个机关一行。没有的不必填。"),
    "first_reviews": _(
        "依法先经下级机关审查的，每个初审机关一行。申请人选其一；受理、初审后连同全部材料报送本机关。"
    ),
    "reaches": _("异地代收代办、多地联办的，任何窗口都可以收件，由实施机关受理和决定。"),
    "fees": _("没有收费的不必填。"),
    "questions": _("一问一答。"),
}
NEEDED = {  # what a record cannot be without, empty while it is being written
    "legal_basis": ("title",),
    "materials": ("name",),
    "situations": ("question",),
    "form": ("label",),
    "steps": ("name",),
    "referred_to": ("body", "basis"),
    "first_reviews": ("organ",),
    "fees": ("name", "standard", "basis"),
    "questions": ("question", "answer"),
}
ENUMS: Mapping[str, type[Any]] = {"join": Join, "mode": ReachMode, "scope": ReachScope}
CHOSEN = {
    "needed",
    "form",
    "source",
    "kind",
    "join",
    "required",
    "differs",
    "supplied_by",
    "shared",
    "scope",
}  # never typed


def row_set(
    element: str, records: Sequence[Any], data: Any, *, differing: Collection[str] = ()
) -> "BaseFormSet[Any]":
    """Return the rows of an element. `differing`: names of form fields that differ in batches."""
    _record, form, _start = ROWS[element]
    kind = formset_factory(
        form, extra=0, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    initial = [{f.name: getattr(one, f.name) for f in fields(one)} for one in records]
    for row in initial if element == "form" else ():
        row["differs"] = row["name"] in differing
    return kind(data, initial=initial, prefix=element, form_kwargs={"label_suffix": ""})


def with_one_more(data: Any, element: str) -> Any:
    """Return what was sent, with one more empty row at the end of a set."""
    data = data.copy()
    name = f"{element}-TOTAL_FORMS"
    count = int(data[name]) if str(data.get(name)).isdigit() else 0
    data[name] = str(min(count + 1, MOST_ROWS))
    return data


def records(element: str, formset: "BaseFormSet[Any]") -> tuple[Any, ...]:
    """Return the rows that say anything, as the item holds them."""
    record, _form, _start = ROWS[element]
    needed = dict.fromkeys(NEEDED.get(element, ()), "")
    rows = [{**needed, **row} for row in _kept(element, formset)]
    return tuple(
        record(**{name: value for name, value in row.items() if name != "differs"}) for row in rows
    )


def batch_fields(formset: "BaseFormSet[Any]") -> tuple[str, ...]:
    """Return the names of the form fields that differ by row in a batch (批量申请)."""
    return tuple(row["name"] for row in _kept("form", formset) if row.get("differs"))


def _kept(element: str, formset: "BaseFormSet[Any]") -> list[dict[str, Any]]:
    kept = [row for one in formset.forms if (row := _row(one))]
    if start := ROWS[element][2]:
        _name_the_nameless(kept, "name" if element == "form" else "key", start)
    return kept


def _row(form: forms.Form) -> dict[str, Any]:
    """Return what a row says, leaving out what it does not: the record has its own defaults."""
    values = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    if values.pop("DELETE", False) or not any(values[name] for name in values.keys() - CHOSEN):
        return {}
    for name, kind in ENUMS.items():
        if name in values:
            values[name] = kind(values[name])
    return values


def _name_the_nameless(rows: Sequence[dict[str, Any]], name: str, start: str) -> None:
    taken = {row.get(name) for row in rows}
    free = (f"{start}{number}" for number in count(1) if f"{start}{number}" not in taken)
    for row in rows:
        if name not in row:
            row[name] = next(free)
