"""Writing a project (录入项目): what it is, and lot by lot what is offered and when.

Whatever is typed can be kept, finished or not: what the rules still miss is said on the project's
page. A time left empty is the one the procedure suggests.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import formset_factory
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading import announcing, projects
from mingtang.core.trading.lots.terms import LotContent, LotFact, Timetable
from mingtang.core.trading.projects import ProjectContent
from mingtang.people.forms import CreditCodeField
from mingtang.trading import queries
from mingtang.trading.forms.amounts import fen, in_yuan, yuan_field
from mingtang.trading.templatetags.procedure_words import CATEGORIES, either

TIMES = ("sign_up_from", "sign_up_until", "deposit_until", "opens", "closes")
AMOUNTS = ("start", "step", "ceiling", "reserve", "appraisal", "deposit")
MINUTE = "%Y-%m-%dT%H:%M"
SUGGESTED = _("空着就按规程和工作日历推算。")

Suggest = Callable[[str], Timetable]  # by code of a procedure


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    return forms.DateTimeField(
        label=label, widget=widget, required=False, help_text=help_text, input_formats=[MINUTE]
    )


def _area(
    label: Any, limit: int, rows: int, help_text: Any = "", *, required: bool = False
) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=help_text, widget=area
    )


class KindForm(forms.Form):
    """Beginning a project: the kind of trade, which its trade code begins with."""

    kind = forms.ChoiceField(label=_("交易品类"), help_text=_("录入后不能改。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = queries.kinds()
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (
                str(name),
                [(k.code, f"{k.code} {either(k)}") for k in kinds if k.category == code.value],
            )
            for code, name in CATEGORIES.items()
        ]


class ProjectForm(forms.Form):
    """All of a project but its kind and its lots."""

    title = forms.CharField(label=_("项目名称"), max_length=projects.LONGEST["title"])
    seller = forms.CharField(
        label=_("转让方、出让人或者采购人"), max_length=projects.LONGEST["seller"], required=False
    )
    seller_code = CreditCodeField(label=_("统一社会信用代码"), required=False)
    region = forms.CharField(label=_("地区"), max_length=projects.LONGEST["region"], required=False)
    summary = _area(
        _("公告正文"),
        projects.LONGEST["summary"],
        8,
        _("竞买人条件、看样、付款和交付等，照原样登在公告里。"),
    )
    contact = _area(_("联系方式"), projects.LONGEST["contact"], 2)


class FactsField(forms.CharField):
    """What to know of a lot, a line each: name, colon, what is so."""

    widget = forms.Textarea(attrs={"rows": 5})

    def clean(self, value: Any) -> tuple[LotFact, ...]:
        facts = []
        for line in filter(None, map(str.strip, str(super().clean(value)).splitlines())):
            name, colon, told = line.replace("：", ":", 1).partition(":")
            if not (colon and name.strip() and told.strip()):
                wrong = gettext("这一行没有写成“名称：内容”：%(line)s")
                raise ValidationError(wrong % {"line": line[:40]})
            facts.append(LotFact(name=name.strip(), value=told.strip()))
        return tuple(facts)


def _facts() -> FactsField:
    return FactsField(
        label=_("基本情况"),
        required=False,
        help_text=_("每行一条：名称：内容，例如 出让面积：23,456 平方米。"),
    )


class TimesForm(forms.Form):
    """The five times of a lot."""

    sign_up_from = _moment(_("报名开始"), SUGGESTED)
    sign_up_until = _moment(_("报名截止"))
    deposit_until = _moment(_("保证金到账截止"), _("以银行入账时间为准。"))
    opens = _moment(_("竞价开始"))
    closes = _moment(_("竞价截止"), _("自由报价、公开竞价或者密封报价到此为止。"))

    def times(self, suggested: Timetable) -> Timetable:
        """Return what was typed, the rest as suggested."""
        data = self.cleaned_data
        moments = {name: data[name] or getattr(suggested, name) for name in TIMES}
        return Timetable(**moments)


class LotForm(TimesForm):
    """One lot."""

    lot_title = forms.CharField(
        label=_("标的名称"), max_length=announcing.LONGEST["title"], required=False
    )
    procedure = forms.ChoiceField(label=_("交易规程"))
    facts = _facts()
    quantity = forms.IntegerField(
        label=_("数量"),
        min_value=1,
        max_value=announcing.MOST_UNITS,
        required=False,
        help_text=_("多家成交的写总量，价格按一个单位写；其他的空着。"),
    )
    unit = forms.CharField(
        label=_("计量单位"), max_length=announcing.LONGEST["unit"], required=False
    )
    start = yuan_field(_("起始价（元）"), _("反向竞价的写最高限价。"))
    step = yuan_field(_("竞价幅度（元）"), _("规程有幅度表的空着。"))
    ceiling = yuan_field(_("最高限价（元）"), _("减起始价应是幅度的整数倍。没有的空着。"))
    reserve = yuan_field(_("公开的底价（元）"), _("保密的底价不要写在这里。"))
    appraisal = yuan_field(_("评估价、估算价或者预算（元）"))
    deposit = yuan_field(_("保证金（元）"))
    priority = _area(_("优先购买权人"), announcing.LONGEST["priority"], 2, _("没有的空着。"))
    again_of = forms.CharField(
        label=_("原标的编号"),
        max_length=announcing.LONGEST["again_of"],
        required=False,
        help_text=_("再次交易的填写。"),
    )
    field_order = (
        "lot_title",
        "procedure",
        "facts",
        "quantity",
        "unit",
        *AMOUNTS,
        *TIMES,
        "priority",
        "again_of",
    )

    def __init__(self, *args: Any, procedures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = procedures  # type: ignore[attr-defined]

    def lot(self, no: int, suggest: Suggest) -> LotContent:
        """Return the lot. Call it after `is_valid`."""
        data = self.cleaned_data
        code = data["procedure"]
        amounts = {f"{name}_fen": fen(data[name]) for name in AMOUNTS}
        return LotContent(
            no=no,
            title=data["lot_title"],
            facts=data["facts"],
            quantity=data["quantity"] or 1,
            unit=data["unit"],
            procedure=code,
            procedure_version=0,  # the one in use when the notice goes out
            times=self.times(suggest(code)),
            priority=data["priority"],
            again_of=data["again_of"],
            **amounts,
        )


LotRows = formset_factory(LotForm, extra=0, can_delete=True, max_num=projects.MOST_LOTS)


class ProjectEditor:
    """The form of a project with a row for each lot.

    `add` gives it a row more; `suggest_again` sets all times anew, by each row's procedure.
    """

    def __init__(
        self,
        content: ProjectContent,
        *,
        suggest: Suggest,
        data: Any = None,
        add: bool = False,
        suggest_again: bool = False,
    ) -> None:
        self.content, self.suggest = content, suggest
        rows: dict[str, Any] = {
            "form_kwargs": {"label_suffix": "", "procedures": _choices(content)}
        }
        if data is not None and add:
            data = _with_another_lot(data, content, suggest)
        if data is not None and suggest_again:
            data = _with_times(data, suggest)
        initial = {name: getattr(content, name) for name in ProjectForm.base_fields}
        self.form = ProjectForm(data, label_suffix="", initial=initial)
        self.rows = LotRows(
            data, prefix="lots", initial=[as_typed(lot) for lot in content.lots], **rows
        )

    @property
    def forms(self) -> Sequence[forms.Form]:
        return [self.form, *self.rows.forms]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.rows.is_valid()])

    def written(self) -> ProjectContent:
        """Return what was written, lots numbered in their order. Call it after `is_valid`."""
        typed = [row for row in self.rows.forms if row.cleaned_data]
        kept = [row for row in typed if not row.cleaned_data.get("DELETE")]
        lots = [row.lot(no, self.suggest) for no, row in enumerate(kept, 1)]
        return ProjectContent(kind=self.content.kind, lots=tuple(lots), **self.form.cleaned_data)


def _choices(content: ProjectContent) -> list[tuple[str, str]]:
    """Return the procedures in use, and those this project names already."""
    named = {lot.procedure for lot in content.lots}
    rows = [row for row in queries.procedures() if row.in_use or row.code in named]
    return [(row.code, either(row)) for row in rows]


def _with_another_lot(data: Any, content: ProjectContent, suggest: Suggest) -> Any:
    """Return what was typed with one lot more, like the last one but for its name."""
    data = data.copy()
    count = _count(data)
    if count >= projects.MOST_LOTS:
        return data
    data["lots-TOTAL_FORMS"] = str(count + 1)
    usual = content.lots[0].procedure if content.lots else ""
    procedure = data.get(f"lots-{count - 1}-procedure", usual)
    typed = {"procedure": procedure, **_typed_times(suggest(procedure))}
    for name in TIMES:
        typed[name] = data.get(f"lots-{count - 1}-{name}") or typed[name]
    for name, value in typed.items():
        data[f"lots-{count}-{name}"] = value
    return data


def _with_times(data: Any, suggest: Suggest) -> Any:
    data = data.copy()
    for place in range(_count(data)):
        times = suggest(data.get(f"lots-{place}-procedure", ""))
        for name, value in _typed_times(times).items():
            data[f"lots-{place}-{name}"] = value
    return data


def _count(data: Any) -> int:
    typed = data.get("lots-TOTAL_FORMS", "")
    return min(int(typed), projects.MOST_LOTS) if typed.isascii() and typed.isdigit() else 0


def _typed_times(times: Timetable) -> dict[str, str]:
    return {name: _local(getattr(times, name)).strftime(MINUTE) for name in TIMES}


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def as_typed(lot: LotContent) -> dict[str, Any]:
    """Return a lot as its form shows it."""
    amounts = {name: getattr(lot, f"{name}_fen") for name in AMOUNTS}
    return {
        "lot_title": lot.title,
        "procedure": lot.procedure,
        "facts": "\n".join(f"{fact.name}：{fact.value}" for fact in lot.facts),
        "quantity": lot.quantity if lot.quantity > 1 else None,
        "unit": lot.unit,
        "priority": lot.priority,
        "again_of": lot.again_of,
        **{name: _local(getattr(lot.times, name)) for name in TIMES},
        **{name: in_yuan(amount) if amount else None for name, amount in amounts.items()},
    }


# ── Notices after the first ─────────────────────────────────────────────────


class ChangedLotForm(TimesForm):
    """What a change notice may say anew of a lot."""

    lot_title = forms.CharField(label=_("标的名称"), max_length=announcing.LONGEST["title"])
    facts = _facts()
    unit = forms.CharField(
        label=_("计量单位"), max_length=announcing.LONGEST["unit"], required=False
    )
    appraisal = yuan_field(_("评估价、估算价或者预算（元）"))
    priority = _area(_("优先购买权人"), announcing.LONGEST["priority"], 2)
    field_order = ("lot_title", "facts", *TIMES, "unit", "appraisal", "priority")

    def changed(self, lot: LotContent) -> LotContent:
        """Return the lot as it reads now. Call it after `is_valid`."""
        data = self.cleaned_data
        values = {name: getattr(lot, name) for name in lot.__dataclass_fields__}
        values |= {
            "title": data["lot_title"],
            "facts": data["facts"],
            "unit": data["unit"],
            "appraisal_fen": fen(data["appraisal"]),
            "priority": data["priority"],
            "times": self.times(lot.times),
        }
        return LotContent(**values)


class ChangeForm(forms.Form):
    """Why a notice is changed."""

    reason = _area(_("变更的理由"), projects.LONGEST_REASON, 3, required=True)


class ChangeEditor:
    """A change notice: why, and every lot as it would read from then on."""

    def __init__(self, content: ProjectContent, *, data: Any = None) -> None:
        self.content = content
        self.form = ChangeForm(data, label_suffix="")
        self.rows = [
            (
                lot,
                ChangedLotForm(
                    data, prefix=f"lot{lot.no}", label_suffix="", initial=_unchanged(lot)
                ),
            )
            for lot in content.lots
        ]

    @property
    def forms(self) -> Sequence[forms.Form]:
        return [self.form, *(form for _lot, form in self.rows)]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]  # every one says what is wrong
        return all(valid)

    def written(self) -> tuple[LotContent, ...]:
        """Return the lots that read otherwise now. Call it after `is_valid`."""
        now = [(lot, form.changed(lot)) for lot, form in self.rows]
        return tuple(changed for lot, changed in now if changed != lot)


def _unchanged(lot: LotContent) -> dict[str, Any]:
    typed = as_typed(lot)
    return {name: typed[name] for name in ChangedLotForm.base_fields}


class NoticeNumberForm(forms.Form):
    number = forms.CharField(label=_("公告文号"), max_length=projects.LONGEST_NUMBER)


class StopForm(forms.Form):
    """Why (理由), as it stands in the notice."""

    reason = _area(_("理由"), projects.LONGEST_REASON, 3, _("照原样登在公告里。"), required=True)


class ResumptionForm(StopForm):
    resumes = forms.DateTimeField(
        label=_("恢复时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        input_formats=[MINUTE],
    )
    field_order = ("resumes", "reason")
