"""What officers and hosts fill in about a lot (标的办理)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.applications import PADDLES
from mingtang.core.trading.lots.deciding import LONGEST_NUMBER
from mingtang.core.trading.lots.events import Stopping
from mingtang.core.trading.lots.stopping import LONGEST_REASON
from mingtang.trading.forms.amounts import yuan_field

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"})


def _reason() -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=_("理由"), max_length=LONGEST_REASON, widget=box)


def _paddle() -> forms.IntegerField:
    return forms.IntegerField(label=_("号牌"), min_value=PADDLES.start, max_value=PADDLES.stop - 1)


class OneOfSeveral(forms.Form):
    """A form beside others on one page: its fields have ids of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__}-%s", **kwargs})


# ── In the room ─────────────────────────────────────────────────────────────


class ReserveForm(OneOfSeveral):
    """The secret reserve, each of two persons for themselves (录入底价)."""

    amount = yuan_field(_("底价（元）"), _("两人各自录入，金额相同才生效。录入后不再显示。"))


class StopForm(OneOfSeveral):
    """Pause or stop, with the reason (提议中止、终止)."""

    stopping = forms.ChoiceField(
        label=_("提议"),
        choices=[
            (Stopping.PAUSE.value, _("中止：以后恢复，剩余时间不变")),
            (Stopping.END.value, _("终止：不再恢复")),
        ],
        widget=forms.RadioSelect,
        initial=Stopping.PAUSE.value,
    )
    reason = _reason()


class ResumeForm(OneOfSeveral):
    """When a paused lot goes on (恢复竞价)."""

    resumes = forms.DateTimeField(
        label=_("恢复时间"), widget=MOMENT, help_text=_("到时自动继续，中止时剩余的时间不变。")
    )


class BarForm(OneOfSeveral):
    """Take a paddle out of the bidding (取消竞买资格)."""

    paddle = _paddle()
    reason = _reason()


# ── After the end ───────────────────────────────────────────────────────────


class _WinnerForm(OneOfSeveral):
    paddle = forms.ChoiceField(label=_("号牌"))

    def __init__(self, *args: Any, paddles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paddle"].choices = [(one, one) for one in paddles]  # type: ignore[attr-defined]


class ContractForm(_WinnerForm):
    """The contract a winner signed (登记成交合同)."""

    number = forms.CharField(label=_("合同编号"), max_length=LONGEST_NUMBER)
    amount = yuan_field(_("合同金额（元）"))


class DefaultForm(_WinnerForm):
    """A winner who lets it go (登记悔拍)."""

    reason = _reason()
