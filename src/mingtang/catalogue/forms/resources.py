"""An entry of the resource directory (资源目录), as the centre keeps it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.forms.rows import SEPARATOR
from mingtang.core.resources import LONGEST, ResourceContent


class CodesField(forms.CharField):
    """Codes, one a line or separated, kept as a tuple."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # kept so
        return tuple(dict.fromkeys(filter(None, SEPARATOR.split(value or ""))))


class ResourceForm(forms.Form):
    """What is supplied, by whom, to whom, and on what ground."""

    code = forms.CharField(
        label=_("目录代码"),
        max_length=40,
        help_text=_("小写字母、数字和连字符，例如 business-licence；以后不能更改"),
    )
    name = forms.CharField(label=_("资源名称"), max_length=LONGEST["name"])
    name_en = forms.CharField(label=_("英文名称"), max_length=LONGEST["name_en"], required=False)
    supplier = forms.ChoiceField(label=_("提供单位"))
    items = CodesField(
        label=_("是哪些事项的结果"), help_text=_("事项编码，每行一个。各级同名的事项都列上")
    )
    types = CodesField(
        label=_("是哪些证照类型"),
        help_text=_("21 位证照类型代码，每行一个。哪一级签发的都认"),
    )
    recipients = forms.MultipleChoiceField(
        label=_("提供给哪些部门"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个也不选，就是提供给所有部门（无条件共享）"),
    )
    basis = forms.CharField(
        label=_("依据"), max_length=LONGEST["basis"], help_text=_("法律、法规或者共享的决定")
    )

    def __init__(
        self, *args: Any, bodies: Mapping[str, str], before: ResourceContent | None, **kwargs: Any
    ) -> None:
        self.bodies, self.before = {**bodies}, before
        if before is not None:
            kwargs["initial"] = {name: getattr(before, name) for name in self.base_fields}
            self.bodies.setdefault(before.supplier, before.supplier_name)
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choices = list(self.bodies.items())
        for name in ("supplier", "recipients"):
            chosen: Any = self.fields[name]
            chosen.choices = choices
        self.fields["code"].disabled = before is not None

    def content(self) -> ResourceContent:
        """Return the entry as it now stands on the page. Only after `is_valid`."""
        values = dict(self.cleaned_data)
        values["recipients"] = tuple(values["recipients"])
        return ResourceContent(supplier_name=self.bodies[values["supplier"]], **values)


class WithdrawResourceForm(forms.Form):
    reason = forms.CharField(
        label=_("移出的理由"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("会记入账本并公开；用到它的事项从此改为由申请人提交"),
    )
