"""Made-up values for the components page (示例数据): every piece in every state."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of `ui/components.html`."""
    return {
        "lamps": ["good", "warn", "bad", "paused", "idle"],
        "chips": [(_("即办件"), "good"), (_("承诺 5 个工作日"), ""), (_("全程网办"), "info"),
                  (_("临近"), "warn"), (_("超期"), "bad"), (_("行政许可"), "brand")],
        "figures": _figures(),
        "step_lines": _step_lines(),
        "clocks": _clocks(),
        "timeline": _timeline(),
        "receipt": _receipt(),
        "materials": _materials(),
        "actions": _actions(),
        "item": _item(),
        "page": Paginator(range(11_820), 10).page(7),
        "form": _wrong_form(),
        "upload_limit": 10 * 1024 * 1024,
        "money_fen": 1_234_000_000_00,
        "ledger_head": {"size": 1_284_907, "root": FINGERPRINT, "at": _receipt()["at"],
                        "witnesses": 3, "url": "#"},
    }  # fmt: skip


def _figures() -> list[dict[str, Any]]:
    return [
        {"label": _("承诺时限"), "was": "20", "value": "5", "unit": _("个工作日"),
         "note": _("比法定少 75%")},
        {"label": _("到现场"), "value": "0", "unit": _("次")},
        {"label": _("收费"), "value": _("不收费")},
        {"label": _("出让起始价"), "value": "12,340.00", "unit": _("万元")},
    ]  # fmt: skip


def _step_lines() -> list[tuple[str, list[dict[str, str]]]]:
    names = [_("申请"), _("受理"), _("审查"), _("决定"), _("制证"), _("送达"), _("评价")]

    def line(*states: str, notes: dict[int, str]) -> list[dict[str, str]]:
        return [
            {"name": name, "state": state, "note": notes.get(place, "")}
            for place, (name, state) in enumerate(zip(names, states, strict=True))
        ]

    return [
        (_("进行中"), line("done", "done", "done", "now", "next", "next", "next",
                        notes={0: "3-12 21:17", 1: "3-13 09:05", 2: "3-17 10:22"})),
        (_("暂停"), line("done", "done", "paused", "next", "skipped", "next", "next",
                       notes={2: _("现场核查，不计入时限 1 天")})),
    ]  # fmt: skip


def _days() -> list[dict[str, Any]]:
    """Friday 2026-03-13 to Monday 2026-03-23: five working days, two weekends, one day paused."""
    days: list[dict[str, Any]] = []
    counted = 0
    for offset in range(11):
        day = date(2026, 3, 13) + timedelta(days=offset)
        entry: dict[str, Any] = {"date": day, "counts": False, "kind": ""}
        if offset == 0:
            entry |= {"kind": "start", "why": _("受理当天不计，次日起算")}
        elif day.weekday() >= 5:
            entry |= {"why": _("周末")}
        elif day.day == 16:
            entry |= {"kind": "paused", "why": _("现场核查通知书"), "document": "#"}
        else:
            counted += 1
            entry |= {"counts": True, "number": counted}
        days.append(entry)
    days[-1] |= {"kind": "due", "why": _("第 5 个工作日，最迟这一天作出决定")}
    return days


def _clocks() -> list[dict[str, Any]]:
    clock = {"statutory_days": 20, "limit_days": 5, "due_date": date(2026, 3, 23)}
    return [
        clock | {"lamp": "good", "lamp_word": _("在承诺时限内"), "used_days": 2, "left_days": 3,
                 "why": _("3 月 13 日受理，次日起算；周末不计；3 月 16 日现场核查不计入。"),
                 "days": _days(), "open": True, "basis": _("行政许可法 第四十二条、第八十二条")},
        clock | {"lamp": "warn", "lamp_word": _("临近时限"), "used_days": 5, "left_days": 0,
                 "provisional": True},
        clock | {"lamp": "bad", "lamp_word": _("超期 2 天"), "used_days": 7, "left_days": -2},
        clock | {"lamp": "paused", "lamp_word": _("暂停计时"), "used_days": 2, "left_days": 3,
                 "paused": _("专家评审，已书面告知申请人")},
    ]  # fmt: skip


def _timeline() -> list[dict[str, Any]]:
    at = datetime(2026, 3, 17, 2, 22, 9, tzinfo=UTC)
    return [
        {"at": at, "what": _("审查通过，转首席代表决定"), "who": _("演示市场监管局 · 审查人 07"),
         "index": 1_284_655, "receipt_url": "#"},
        {"at": at - timedelta(hours=19), "what": _("现场核查完成，两名执法人员签字"),
         "note": _("不计入时限 1 天"), "index": 1_283_902, "receipt_url": "#"},
        {"at": at - timedelta(days=4, hours=1), "what": _("受理"), "who": _("演示综合窗口 3"),
         "documents": [(_("受理通知书"), "#")], "index": 1_280_118, "receipt_url": "#"},
        {"at": at - timedelta(days=5), "what": _("网上提交，复用营业执照，无需上传"),
         "who": _("本人"), "index": 1_279_960},
    ]  # fmt: skip


def _receipt() -> dict[str, Any]:
    return {
        "what": _("受理"),
        "at": datetime(2026, 3, 13, 1, 5, 41, tzinfo=UTC),
        "index": 1_280_118,
        "fingerprint": FINGERPRINT,
        "witnesses": 3,
        "qr": "mingtang receipt 1280118 " + FINGERPRINT[:16],
        "download_url": "#",
        "verify_url": "#",
    }


def _materials() -> list[dict[str, Any]]:
    return [
        {"name": _("食品经营许可申请书"), "need": _("必要"), "form": _("电子"),
         "source": _("申请人自备"), "links": [(_("空白表格"), "#"), (_("样表"), "#")],
         "lamp": "good", "lamp_word": _("符合")},
        {"name": _("营业执照"), "need": _("必要"), "form": _("电子"), "source": _("政府部门核发"),
         "note": _("从您的证照中取用，无需上传"), "lamp": "good", "lamp_word": _("符合")},
        {"name": _("经营场所平面图"), "need": _("必要，可容缺"), "form": _("原件 1 份"),
         "source": _("申请人自备"), "note": _("缺比例尺，请补正"), "links": [(_("样表"), "#")],
         "lamp": "warn", "lamp_word": _("需补正")},
    ]  # fmt: skip


def _actions() -> list[dict[str, Any]]:
    return [
        {"label": pgettext("button", "受理"), "url": "#", "kind": "primary"},
        {"label": _("一次性告知补正"), "url": "#", "get": True},
        {"label": _("容缺受理"), "url": "#", "get": True},
        {"label": _("不予受理"), "url": "#", "kind": "danger",
         "confirm": _("不予受理须书面说明理由。确定要不予受理吗？")},
    ]  # fmt: skip


def _item() -> dict[str, Any]:
    return {
        "title": _("食品经营许可（新办）"), "url": "#", "code": "11520000MB1A00001X4520131001000",
        "department": _("演示市场监督管理局"), "lamp": "good", "lamp_word": _("在用"),
        "chips": [(_("行政许可"), "brand"), (_("承诺 5 个工作日"), ""), (_("全程网办"), "info")],
        "actions": [(_("在线办理"), "#"), (_("办事指南"), "#")],
    }  # fmt: skip


class SampleForm(forms.Form):
    """One field of each kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        text = {"name": _("申请人姓名"), "phone": _("手机号码"), "kind": _("经营方式"),
                "place": _("经营地址"), "plan": _("平面图"),
                "promise": _("我已阅读告知内容并承诺属实")}  # fmt: skip
        for name, label in text.items():
            self.fields[name].label = label
        self.fields["phone"].help_text = _("用于接收办理进度，不会公开")
        kinds = [("shop", _("门店")), ("online", _("网络经营"))]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # as declared
        self.fields["plan"].help_text = _("PDF 或图片，10 MB 以内")

    name = forms.CharField()
    phone = forms.CharField(min_length=11)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    place = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    plan = forms.FileField(
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.jpg,.png", "data-max-bytes": str(10 * 1024 * 1024)}
        ),
    )
    promise = forms.BooleanField()


def _wrong_form() -> SampleForm:

    return SampleForm({"name": _("演示甲"), "phone": "138"})
