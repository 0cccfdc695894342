"""Writing a procedure (交易规程编辑): its parameters and, row by row, the rules they follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading import consistency
from mingtang.core.trading.parameters import (
    PARAMETERS,
    AfterCeiling,
    Again,
    Allocation,
    AllocationRow,
    Award,
    Base,
    Bidding,
    BidStep,
    Ceiling,
    Clock,
    Deposit,
    DepositDue,
    Direction,
    Entry,
    Extension,
    Payee,
    Payout,
    Period,
    Priority,
    PriorityRight,
    Procedure,
    Reserve,
    Secrecy,
    Source,
    StepRow,
    Sureness,
    TimedStart,
    Unit,
)
from mingtang.trading.forms.amounts import fen, in_yuan, yuan_field
from mingtang.trading.templatetags import procedure_words as words

NONE = ("", _("没有"))
SECONDS = _("秒")
PERMILLE = _("千分数，例如 200 是 20%。")


def _count(label: Any, *, help_text: Any = "", least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=100_000, required=False, help_text=help_text
    )


def _choice(
    label: Any, labels: Mapping[Any, Any], *, required: bool = True, help_text: Any = ""
) -> forms.ChoiceField:
    choices = [(str(key), name) for key, name in labels.items()]
    return forms.ChoiceField(
        label=label,
        choices=choices if required else [NONE, *choices],
        required=required,
        help_text=help_text,
    )


def _table(label: Any, help_text: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=area)


PERIODS = ("notice", "free", "signing", "publication", "refund")
RIGHTS = {
    "plain": _("有，同价优先"),
    "ranked": _("有，同价优先，先比顺位"),
}


class ProcedureForm(forms.Form):
    """All of a procedure but its code and its sources. What is empty, it does not say."""

    name = forms.CharField(label=_("名称"), max_length=consistency.LONGEST["name"])
    name_en = forms.CharField(label=_("英文名称"), max_length=consistency.LONGEST["name_en"])
    bidding = _choice(words.NAMES["bidding"], words.BIDDINGS)
    direction = _choice(words.NAMES["direction"], words.DIRECTIONS)
    award = _choice(words.NAMES["award"], words.AWARDS)
    least_bidders = _count(words.NAMES["least_bidders"], least=1)
    most_bids = _count(words.NAMES["most_bids"], help_text=_("空着就不限。"))
    notice = _count(words.NAMES["notice"])
    notice_unit = _choice(_("单位"), words.UNITS)
    free = _count(words.NAMES["free"])
    free_unit = _choice(_("单位"), words.UNITS)
    blackout_seconds = _count(words.NAMES["blackout_seconds"], help_text=SECONDS)
    asking_seconds = _count(words.NAMES["asking_seconds"], help_text=SECONDS)
    entry = _choice(words.NAMES["entry"], words.ENTRIES, required=False)
    timed_start = _choice(words.NAMES["timed_start"], words.STARTS, required=False)
    countdown_seconds = _count(words.NAMES["countdown_seconds"], help_text=SECONDS)
    extension_window = _count(_("延时：最后多久内有报价"), help_text=SECONDS)
    extension_by = _count(_("延时：改到该报价之后多久"), help_text=SECONDS)
    extension_most = _count(_("最多延时几次"), help_text=_("空着就不限。"))
    clock_every = _count(_("降价：每隔多久"), help_text=SECONDS)
    clock_fall = _count(_("降价：每次降起始价的多少"), help_text=PERMILLE)
    step = _choice(words.NAMES["step"], {"said": _("有，公告或者下面确定")}, required=False)
    step_least = yuan_field(_("幅度不低于（元）"), _("空着就由公告确定。"))
    step_most = yuan_field(_("幅度不高于（元）"))
    step_most_at_once = _count(_("一次最多几个幅度"), help_text=_("空着就不限。"))
    step_table = _table(_("幅度表"), _("每行：起价（元） 幅度（元）。第一行从 0 起。"))
    reserve = _choice(words.NAMES["reserve"], words.SECRECIES, required=False)
    reserve_of_start = _count(_("底价等于起始价的多少"), help_text=PERMILLE)
    reserve_of_appraisal = _count(_("底价不低于评估价的多少"), help_text=PERMILLE)
    reserve_within = _count(_("底价在截止前多久内录入"), help_text=SECONDS)
    ceiling = _choice(words.NAMES["ceiling"], words.CEILINGS, required=False)
    ceiling_asking = _count(_("限价后询问多久"), help_text=SECONDS)
    ceiling_quoting = _count(_("一次报价多久"), help_text=SECONDS)
    ceiling_least = _count(_("至少几家达到限价"))
    priority = _choice(words.NAMES["priority"], RIGHTS, required=False)
    allocation_table = _table(
        words.NAMES["allocation"], _("每行：家数 前多少成交（千分数）。第一行从 1 家起。")
    )
    allocation_partly = forms.BooleanField(label=_("最后一家可以部分成交"), required=False)
    deposit_least = _count(_("保证金不低于"), help_text=PERMILLE)
    deposit_most = _count(_("保证金不高于"), help_text=PERMILLE)
    deposit_base = _choice(_("按什么计算"), words.BASES)
    deposit_due = _choice(_("到账期限"), words.DUES)
    signing = _count(words.NAMES["signing"])
    signing_unit = _choice(_("单位"), words.UNITS)
    publication = _count(words.NAMES["publication"])
    publication_unit = _choice(_("单位"), words.UNITS)
    refund = _count(words.NAMES["refund"])
    refund_unit = _choice(_("单位"), words.UNITS)
    payout = _count(_("转付竞得人的保证金，不超过"))
    payout_unit = _choice(_("单位"), words.UNITS)
    payout_to = _choice(_("付给"), words.PAYEES)
    payout_at_end = forms.BooleanField(label=_("成交后就付，不等签订合同"), required=False)
    again = _count(_("流拍后多久内再次交易"))
    again_unit = _choice(_("单位"), words.UNITS)
    again_notice = _count(_("再次交易的公告期"))
    again_notice_unit = _choice(_("单位"), words.UNITS)
    again_fall = _count(_("再次交易的起始价最多降"), help_text=PERMILLE)

    def clean_step_table(self) -> tuple[StepRow, ...]:
        rows = _numbers(self.cleaned_data["step_table"], decimals=2)
        return tuple(StepRow(from_fen=fen(low), step_fen=fen(step)) for low, step in rows)

    def clean_allocation_table(self) -> tuple[AllocationRow, ...]:
        rows = _numbers(self.cleaned_data["allocation_table"], decimals=0)
        return tuple(
            AllocationRow(from_bidders=int(count), winners_permille=int(share))
            for count, share in rows
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("again") and not found.get("again_notice"):
            self.add_error("again_notice", gettext("再次交易的公告期要写。"))
        return found

    def parameters(self) -> dict[str, Any]:
        """Return what the form says, as Procedure takes it. Call it after `is_valid`."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "name_en": data["name_en"],
            "bidding": Bidding(data["bidding"]),
            "direction": Direction(data["direction"]),
            "award": Award(data["award"]),
            "least_bidders": data["least_bidders"] or 1,
            "most_bids": data["most_bids"] or 0,
            **{name: self._period(name) for name in PERIODS},
            "blackout_seconds": data["blackout_seconds"] or 0,
            "asking_seconds": data["asking_seconds"] or 0,
            "countdown_seconds": data["countdown_seconds"] or 0,
            "entry": Entry(data["entry"]) if data["entry"] else None,
            "timed_start": TimedStart(data["timed_start"]) if data["timed_start"] else None,
            "extension": self._extension(),
            "clock": self._clock(),
            "step": self._step(),
            "reserve": self._reserve(),
            "ceiling": self._ceiling(),
            "priority": self._priority(),
            "allocation": self._allocation(),
            "deposit": self._deposit(),
            "payout": self._payout(),
            "again": self._again(),
        }

    def _period(self, name: str) -> Period | None:
        number = self.cleaned_data[name]
        unit = Unit(self.cleaned_data[f"{name}_unit"])
        return Period(number=number, unit=unit) if number else None

    def _given(self, prefix: str, *names: str) -> dict[str, int]:
        """Return what was typed under a prefix, nothing being 0."""
        return {name: self.cleaned_data[f"{prefix}_{name}"] or 0 for name in names}

    def _payout(self) -> Payout | None:
        within = self._period("payout")
        if within is None:
            return None
        to, at_end = Payee(self.cleaned_data["payout_to"]), self.cleaned_data["payout_at_end"]
        return Payout(to=to, at_end=at_end, within=within)

    def _again(self) -> Again | None:
        within, notice = self._period("again"), self._period("again_notice")
        if within is None or notice is None:
            return None
        fall = self.cleaned_data["again_fall"] or 0
        return Again(within=within, notice=notice, fall_permille=fall)

    def _extension(self) -> Extension | None:
        given = self._given("extension", "window", "by", "most")
        if not any(given.values()):
            return None
        return Extension(window_seconds=given["window"], by_seconds=given["by"], most=given["most"])

    def _clock(self) -> Clock | None:
        given = self._given("clock", "every", "fall")
        if not any(given.values()):
            return None
        return Clock(every_seconds=given["every"], fall_permille=given["fall"])

    def _step(self) -> BidStep | None:
        data = self.cleaned_data
        if not data["step"]:
            return None
        return BidStep(
            least_fen=fen(data["step_least"]),
            most_fen=fen(data["step_most"]),
            table=data["step_table"],
            most_at_once=data["step_most_at_once"] or 0,
        )

    def _reserve(self) -> Reserve | None:
        data = self.cleaned_data
        if not data["reserve"]:
            return None
        given = self._given("reserve", "of_start", "of_appraisal", "within")
        return Reserve(
            secrecy=Secrecy(data["reserve"]),
            of_start_permille=given["of_start"],
            least_of_appraisal_permille=given["of_appraisal"],
            entered_within_seconds=given["within"],
        )

    def _ceiling(self) -> Ceiling | None:
        then = self.cleaned_data["ceiling"]
        if not then:
            return None
        given = self._given("ceiling", "asking", "quoting", "least")
        return Ceiling(
            then=AfterCeiling(then),
            asking_seconds=given["asking"],
            quoting_seconds=given["quoting"],
            least_bidders=given["least"],
        )

    def _priority(self) -> Priority | None:
        chosen = self.cleaned_data["priority"]
        if not chosen:
            return None
        return Priority(right=PriorityRight.SAME_PRICE, ranked=chosen == "ranked")

    def _allocation(self) -> Allocation | None:
        data = self.cleaned_data
        if not data["allocation_table"]:
            return None
        return Allocation(table=data["allocation_table"], partly=data["allocation_partly"])

    def _deposit(self) -> Deposit | None:
        data, given = self.cleaned_data, self._given("deposit", "least", "most")
        if not any(given.values()):
            return None
        return Deposit(
            least_permille=given["least"],
            most_permille=given["most"],
            base=Base(data["deposit_base"]),
            due=DepositDue(data["deposit_due"]),
        )


def _numbers(text: str, *, decimals: int) -> Iterable[tuple[Decimal, Decimal]]:
    """Read a table of two columns, a row a line."""
    rows = []
    for line in filter(str.strip, text.splitlines()):
        parts = line.replace(",", "").split()
        if len(parts) != 2 or not all(_is_number(part, decimals) for part in parts):
            raise ValidationError(gettext("这一行不是两个数：%(line)s") % {"line": line[:40]})
        rows.append((Decimal(parts[0]), Decimal(parts[1])))
    return rows


def _is_number(text: str, decimals: int) -> bool:
    whole, dot, rest = text.partition(".")
    proper = whole.isascii() and whole.isdigit() and len(whole) <= 12
    if not dot:
        return proper
    return proper and rest.isascii() and rest.isdigit() and len(rest) <= decimals


# ── Sources ─────────────────────────────────────────────────────────────────


class SourceForm(forms.Form):
    """One rule, and what follows it."""

    rule = forms.CharField(label=_("依据（法条或者规则）"), max_length=consistency.LONGEST_RULE)
    rule_en = forms.CharField(
        label=_("依据的英文"), max_length=consistency.LONGEST_RULE, required=False
    )
    parameters = forms.MultipleChoiceField(
        label=_("是哪些参数的依据"),
        choices=[(name, words.NAMES[name]) for name in PARAMETERS],
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    sure = _choice(_("核对情况"), {sure: word for sure, (_lamp, word) in words.SURENESS.items()})
    note = forms.CharField(
        label=_("说明"),
        max_length=consistency.LONGEST_NOTE,
        required=False,
        help_text=_("待核对的必须写。"),
    )
    note_en = forms.CharField(
        label=_("说明的英文"), max_length=consistency.LONGEST_NOTE, required=False
    )

    def source(self) -> Source:
        data = self.cleaned_data
        return Source(
            parameters=tuple(data["parameters"]),
            rule=data["rule"],
            rule_en=data["rule_en"],
            sure=Sureness(data["sure"]),
            note=data["note"],
            note_en=data["note_en"],
        )


SourceRows = formset_factory(SourceForm, extra=0, can_delete=True, max_num=consistency.MOST_ROWS)


class ProcedureEditor:
    """The form of a procedure with its rows of sources."""

    def __init__(self, procedure: Procedure, *, data: Any = None, add: bool = False) -> None:
        self.procedure = procedure
        if data is not None and add:
            data = data.copy()
            data["sources-TOTAL_FORMS"] = str(int(data.get("sources-TOTAL_FORMS") or 0) + 1)
        self.form = ProcedureForm(data, label_suffix="", initial=_initial(procedure))
        self.rows = SourceRows(
            data,
            prefix="sources",
            initial=[asdict(source) for source in procedure.sources],
            form_kwargs={"label_suffix": ""},
        )

    @property
    def forms(self) -> Sequence[forms.Form]:
        return [self.form, *self.rows.forms]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.rows.is_valid()])

    def written(self) -> Procedure:
        """Return what was written. Call it after `is_valid`."""
        kept = [row for row in self.rows.forms if not row.cleaned_data.get("DELETE")]
        return Procedure(
            code=self.procedure.code,
            sources=tuple(row.source() for row in kept if row.cleaned_data),
            **self.form.parameters(),
        )


class NewProcedureForm(forms.Form):
    """Beginning a procedure: its code, which never changes."""

    code = forms.SlugField(
        label=_("规程代码"),
        max_length=consistency.LONGEST["code"],
        help_text=_("小写字母、数字和短横，例如 land-listing。发布后不能改。"),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if {*code} - consistency.SLUG or code.startswith("-") or code.endswith("-"):
            raise ValidationError(_("只能用小写字母、数字和短横，首尾不能是短横。"))
        return code


def empty(code: str) -> Procedure:
    """Return what a new procedure begins with."""
    return Procedure(
        code=code,
        name="",
        name_en="",
        bidding=Bidding.LISTING,
        direction=Direction.ASCENDING,
        sources=(),
    )


def _initial(procedure: Procedure) -> dict[str, Any]:
    """Return a procedure as the form shows it."""
    same = ["name", "name_en", "bidding", "direction", "award", "least_bidders", "entry"]
    same += ["timed_start"]
    counted = ("most_bids", "blackout_seconds", "asking_seconds", "countdown_seconds")
    initial = {name: getattr(procedure, name) for name in same}
    initial |= {name: getattr(procedure, name) or None for name in counted}
    for name in PERIODS:
        period = getattr(procedure, name)
        initial |= {name: period.number, f"{name}_unit": period.unit} if period else {}
    return initial | dict(_initial_parts(procedure))


def _initial_parts(procedure: Procedure) -> Iterable[tuple[str, Any]]:
    if extension := procedure.extension:
        yield "extension_window", extension.window_seconds
        yield "extension_by", extension.by_seconds
        yield "extension_most", extension.most or None
    if clock := procedure.clock:
        yield "clock_every", clock.every_seconds
        yield "clock_fall", clock.fall_permille
    if step := procedure.step:
        yield "step", "said"
        yield "step_least", in_yuan(step.least_fen) if step.least_fen else None
        yield "step_most", in_yuan(step.most_fen) if step.most_fen else None
        yield "step_most_at_once", step.most_at_once or None
        rows = (f"{in_yuan(row.from_fen)} {in_yuan(row.step_fen)}" for row in step.table)
        yield "step_table", "\n".join(rows)
    if reserve := procedure.reserve:
        yield "reserve", reserve.secrecy
        yield "reserve_of_start", reserve.of_start_permille or None
        yield "reserve_of_appraisal", reserve.least_of_appraisal_permille or None
        yield "reserve_within", reserve.entered_within_seconds or None
    if ceiling := procedure.ceiling:
        yield "ceiling", ceiling.then
        yield "ceiling_asking", ceiling.asking_seconds or None
        yield "ceiling_quoting", ceiling.quoting_seconds or None
        yield "ceiling_least", ceiling.least_bidders
    if priority := procedure.priority:
        yield "priority", "ranked" if priority.ranked else "plain"
    if allocation := procedure.allocation:
        lines = (f"{row.from_bidders} {row.winners_permille}" for row in allocation.table)
        yield "allocation_table", "\n".join(lines)
        yield "allocation_partly", allocation.partly
    if payout := procedure.payout:
        yield "payout", payout.within.number
        yield "payout_unit", payout.within.unit
        yield "payout_to", payout.to
        yield "payout_at_end", payout.at_end
    if again := procedure.again:
        yield "again", again.within.number
        yield "again_unit", again.within.unit
        yield "again_notice", again.notice.number
        yield "again_notice_unit", again.notice.unit
        yield "again_fall", again.fall_permille
    if deposit := procedure.deposit:
        yield "deposit_least", deposit.least_permille
        yield "deposit_most", deposit.most_permille
        yield "deposit_base", deposit.base
        yield "deposit_due", deposit.due
