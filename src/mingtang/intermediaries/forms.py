"""What is typed in the rooms of intermediaries: services, qualifications, needs, marks."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.core.cases.special import SpecialKind
from mingtang.core.catalogue import LegalBasis
from mingtang.core.intermediaries.choosing import NONCE, Way
from mingtang.core.intermediaries.needs.terms import (
    MOST_POINTS,
    Criterion,
    Mark,
    NeedContent,
    Publisher,
    PublisherKind,
)
from mingtang.core.intermediaries.services import PROCEDURES, ServiceContent
from mingtang.people.forms.numbers import credit_code

PROCEDURE_NAMES = {
    SpecialKind.INSPECTION: _("检验"),
    SpecialKind.TESTING: _("检测"),
    SpecialKind.QUARANTINE: _("检疫"),
    SpecialKind.APPRAISAL: _("鉴定"),
    SpecialKind.EXPERT_REVIEW: _("专家评审"),
}
WAYS = {
    Way.DRAW: _("随机抽取"),
    Way.QUOTE: _("竞价（最低报价）"),
    Way.BEST: _("择优（评分最高）"),
    Way.DIRECT: _("直接选取"),
}
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
LINES = {"rows": 3}


def yuan_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_digits=15,
        decimal_places=2,
        required=required,
        help_text=help_text,
    )


def fen(yuan: Decimal | None) -> int:
    return int(yuan * 100) if yuan else 0


def in_yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def long_text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1_000,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs=LINES),
    )


# ── Services ────────────────────────────────────────────────────────────────


class ServiceForm(forms.Form):
    """A kind of service with all that has to be public."""

    code = forms.SlugField(
        label=_("服务编码"), max_length=60, help_text=_("小写字母、数字和连字符。")
    )
    name = forms.CharField(label=_("服务名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    basis_title = forms.CharField(
        label=_("设定依据"),
        max_length=200,
        help_text=_("法律、行政法规或者国务院决定的名称。没有依据的，不得作为办理条件。"),
    )
    basis_article = forms.CharField(label=_("条款"), max_length=100, required=False)
    procedure = forms.ChoiceField(
        label=_("属于哪一项特别程序"),
        required=False,
        choices=[("", _("不属于，时间照常计入")), *((k, PROCEDURE_NAMES[k]) for k in PROCEDURES)],
    )
    items = forms.CharField(
        label=_("审批时依法需要这项服务的事项"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=_("事项编码，一行一个。只有这些事项的办件，服务时间才不计入期限。"),
    )
    conditions = long_text(_("服务条件"))
    flow = long_text(_("服务流程"))
    longest_days = forms.IntegerField(label=_("最长服务时间（工作日）"), min_value=1, max_value=250)
    fee_rule = long_text(_("收费标准及依据"))
    qualification = long_text(_("机构资质要求"))
    direct_most = yuan_field(
        _("直接选取的金额上限（元）"), _("空着就不允许直接选取。"), required=False
    )
    direct_note = forms.CharField(
        label=_("上限的依据"), max_length=300, required=False, help_text=_("各地规定不同，须写明。")
    )

    def content(self) -> ServiceContent:
        said = self.cleaned_data
        basis = LegalBasis(title=said["basis_title"], article=said["basis_article"])
        return ServiceContent(
            code=said["code"],
            name=said["name"],
            name_en=said["name_en"],
            bases=(basis,),
            procedure=SpecialKind(said["procedure"]) if said["procedure"] else None,
            items=tuple(dict.fromkeys(said["items"].split())),
            conditions=said["conditions"],
            flow=said["flow"],
            longest_days=said["longest_days"],
            fee_rule=said["fee_rule"],
            qualification=said["qualification"],
            direct_most_fen=fen(said["direct_most"]),
            direct_note=said["direct_note"],
        )


def typed_service(content: ServiceContent | None) -> dict[str, Any]:
    """Return a published service as its form begins."""
    if content is None:
        return {}
    most = content.direct_most_fen
    return {
        **vars(content),
        "basis_title": content.bases[0].title,
        "basis_article": content.bases[0].article,
        "procedure": content.procedure or "",
        "items": "\n".join(content.items),
        "direct_most": in_yuan(most) if most else "",
    }


class ReasonForm(forms.Form):
    reason = long_text(_("理由"))


class AnswerForm(ReasonForm):
    """A complaint is upheld or not."""

    upheld = forms.ChoiceField(
        label=_("处理结果"),
        widget=forms.RadioSelect,
        choices=[("yes", _("属实，暂停这家机构")), ("no", _("不属实"))],
    )
    field_order = ("upheld", "reason")


# ── The register ────────────────────────────────────────────────────────────


class JoinForm(forms.Form):
    """Asking to be listed for one service more, or with a newer qualification."""

    contact = forms.CharField(label=_("联系人"), max_length=40)
    phone = forms.CharField(label=_("联系电话"), max_length=30)
    service = forms.ChoiceField(label=_("服务"))
    name = forms.CharField(label=_("资质名称"), max_length=100)
    number = forms.CharField(label=_("资质证书编号"), max_length=60)
    until = forms.DateField(
        label=_("资质有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("资质证书"), help_text=_("PDF、PNG 或者 JPEG。中心审核时查看，不公开。")
    )

    def __init__(
        self, *args: Any, code: str, services: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.code = code
        choose(self.fields["service"], services)

    def clean(self) -> dict[str, Any]:
        """A unit that staff entered may go by another code: it cannot be listed."""
        credit_code(self.code)
        return super().clean() or {}


def choose(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


# ── Needs ───────────────────────────────────────────────────────────────────


class NeedForm(forms.Form):
    """采购公告."""

    publisher = forms.ChoiceField(label=_("以谁的名义发布"))
    title = forms.CharField(label=_("标题"), max_length=100)
    service = forms.ChoiceField(label=_("服务"))
    summary = long_text(_("需求说明"), _("公开。不要写个人信息。"))
    case = forms.CharField(
        label=_("为哪个办件"),
        max_length=20,
        required=False,
        help_text=_("办件编号，可以不填。不公开；依法不计入期限的服务，办件会暂停计时。"),
    )
    ceiling = yuan_field(_("预算上限（元）"))
    days = forms.IntegerField(label=_("服务时间（工作日）"), min_value=1, max_value=250)
    way = forms.ChoiceField(
        label=_("选取方式"), choices=list(WAYS.items()), widget=forms.RadioSelect
    )
    sign_up_until = forms.DateTimeField(
        label=_("报名截止"),
        required=False,
        input_formats=MOMENTS,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format=MOMENTS[1]
        ),
        help_text=_("到这一刻自动开启。直接选取的不用填。"),
    )
    invited = forms.ChoiceField(
        label=_("直接选取哪一家"), required=False, help_text=_("只用于直接选取。")
    )
    criteria = forms.CharField(
        label=_("评分标准"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=_("只用于择优。一行一项：名称、空格、满分，例如“服务方案 40”。"),
    )
    scorers = forms.IntegerField(
        label=_("至少几人评分"),
        required=False,
        min_value=0,
        max_value=20,
        help_text=_("只用于择优。"),
    )

    def __init__(
        self,
        *args: Any,
        publishers: Sequence[Publisher],
        services: Sequence[tuple[str, str]],
        bodies: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.publishers = {f"{one.kind}.{one.id}": one for one in publishers}
        choose(self.fields["publisher"], [(key, one.name) for key, one in self.publishers.items()])
        choose(self.fields["service"], services)
        choose(self.fields["invited"], [("", "—"), *bodies])

    def clean_criteria(self) -> tuple[Criterion, ...]:
        found = []
        lines = [line for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        for number, line in enumerate(lines, 1):
            name, _space, most = line.strip().rpartition(" ")
            if not name.strip() or not most.isascii() or not most.isdigit():
                raise ValidationError(_("每行写名称、空格和满分，例如“服务方案 40”。"))
            if not 0 < int(most[:6]) <= MOST_POINTS:
                raise ValidationError(_("一项的满分在 1 和 100 之间。"))
            found.append(Criterion(key=f"c{number}", name=name.strip(), most=int(most)))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("way") != Way.DIRECT and not said.get("sign_up_until"):
            self.add_error("sign_up_until", _("请填写报名截止时间。"))
        return said

    def who(self) -> Publisher:
        return self.publishers[self.cleaned_data["publisher"]]

    def content(self, *, now: Any) -> NeedContent:
        said, way = self.cleaned_data, Way(self.cleaned_data["way"])
        who, best = self.who(), way is Way.BEST
        return NeedContent(
            title=said["title"],
            service=said["service"],
            summary=said["summary"],
            ceiling_fen=fen(said["ceiling"]),
            days=said["days"],
            sign_up_until=said["sign_up_until"] if way is not Way.DIRECT else now,
            way=way,
            criteria=said["criteria"] if best else (),
            scorers=(said["scorers"] or 0) if best else 0,
            organ=who.id if who.kind is PublisherKind.DEPARTMENT else "",
        )


class SignUpForm(forms.Form):
    """报名."""

    body = forms.ChoiceField(label=_("以哪家机构报名"))
    price = yuan_field(_("报价（元）"), _("密封到开启，最低的当选；相同的抽取。"), required=False)
    nonce = forms.CharField(
        label=_("随机字符"),
        max_length=64,
        help_text=_("参与抽取，开启前密封。可以换成自己想的 16 至 64 个字母、数字或者符号。"),
    )

    def __init__(
        self, *args: Any, bodies: Sequence[tuple[str, str]], quoting: bool, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"nonce": secrets.token_urlsafe(24)})
        super().__init__(*args, **kwargs)
        choose(self.fields["body"], bodies)
        if not quoting:
            del self.fields["price"]

    def clean_nonce(self) -> str:
        nonce: str = self.cleaned_data["nonce"]
        if not NONCE.fullmatch(nonce):
            raise ValidationError(_("随机字符要 16 至 64 个，只用字母、数字和符号，没有空格。"))
        return nonce


class WithdrawForm(forms.Form):
    """撤回报名."""

    body = forms.ChoiceField(label=_("撤回哪家机构的报名"))

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["body"], bodies)


class ContractForm(forms.Form):
    price = yuan_field(_("合同金额（元）"))
    days = forms.IntegerField(label=_("服务时间（工作日）"), min_value=1, max_value=250)


class DeliverForm(forms.Form):
    file = forms.FileField(label=_("成果文件"), help_text=_("PDF、PNG、JPEG 或者 OFD。"))
    note = long_text(_("说明"), required=False)


class ReturnForm(ReasonForm):
    days = forms.IntegerField(label=_("重做时间（工作日）"), min_value=1, max_value=250)


class RateForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("评价"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, _("5 星 非常满意")),
            (4, _("4 星 满意")),
            (3, _("3 星 基本满意")),
            (2, _("2 星 不满意")),
            (1, _("1 星 非常不满意")),
        ],
    )
    comment = long_text(_("意见"), _("可以不填。不公开。"), required=False)


class ComplaintForm(forms.Form):
    text = long_text(_("投诉内容"), _("中心查看，不公开。"))


class ScoreForm(forms.Form):
    """One body's marks: a number and a reason by every criterion."""

    def __init__(
        self,
        *args: Any,
        bodies: Sequence[tuple[str, str]],
        criteria: Sequence[Criterion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.fields["body"] = forms.ChoiceField(label=_("机构"), choices=list(bodies))
        for one in criteria:
            label = _("%(name)s（满分 %(most)s）") % {"name": one.name, "most": one.most}
            self.fields[f"points_{one.key}"] = forms.IntegerField(
                label=label, min_value=0, max_value=one.most
            )
            self.fields[f"reason_{one.key}"] = forms.CharField(
                label=_("%(name)s的理由") % {"name": one.name}, max_length=300
            )

    def marks(self) -> tuple[Mark, ...]:
        said = self.cleaned_data
        return tuple(
            Mark(
                criterion=one.key,
                points=said[f"points_{one.key}"],
                reason=said[f"reason_{one.key}"],
            )
            for one in self.criteria
        )
