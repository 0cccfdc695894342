"""A case in plain words (办件用语): its stages, its lamps, its tasks; `telling` says its events."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mingtang.cases import forms
from mingtang.cases.forms import counsel, referral, special, teamwork
from mingtang.cases.queries import BatchRow, CaseFile, CaseRow, JointRow, OpinionRow, standing
from mingtang.core import cases
from mingtang.core.cases import (
    REFERRED,
    Conclusion,
    Finding,
    Leg,
    Officer,
    Pausing,
    SharedOutcome,
    SpecialKind,
    Stage,
)
from mingtang.core.clock import Standing
from mingtang.core.totp import ProofMethod
from mingtang.core.worktime import WorkCalendar, working_days_between
from mingtang.people import queries as people
from mingtang.ui.formats import civil_date

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STAGES = {
    Stage.FILED: gettext_lazy("待受理"),
    Stage.CORRECTING: gettext_lazy("待补正"),
    Stage.FIRST_REVIEW: gettext_lazy("初审中"),
    Stage.REVIEWING: gettext_lazy("审查中"),
    Stage.DECIDING: gettext_lazy("待决定"),
    Stage.GRANTED: gettext_lazy("准予"),
    Stage.REFUSED: gettext_lazy("不予"),
    Stage.NOT_ACCEPTED: gettext_lazy("不予受理"),
    Stage.WITHDRAWN: gettext_lazy("已撤回"),
}
ENDINGS = {
    Stage.GRANTED: "good",
    Stage.REFUSED: "bad",
    Stage.NOT_ACCEPTED: "bad",
    Stage.WITHDRAWN: "idle",
}
GROUNDS = dict(forms.GROUNDS)
PROCEDURES = special.PROCEDURES
COUNTED = {
    cases.Counted.NO_PROCEDURE: gettext_lazy("这项服务不属于法律规定不计时的程序"),
    cases.Counted.NOT_NEEDED: gettext_lazy("这个事项的审批依法不需要这项服务"),
    cases.Counted.NOT_UNDER_REVIEW: gettext_lazy("服务开始时办件不在审查中"),
    cases.Counted.SPECIAL_OPEN: gettext_lazy("服务开始时已经因为别的特别程序暂停计时"),
    cases.Counted.TERM_OVER: gettext_lazy("服务开始时法定期限已经届满"),
}
PROOFS = {
    ProofMethod.TOTP: gettext_lazy("身份验证器的一次性数字"),
    ProofMethod.RECOVERY_CODE: gettext_lazy("恢复码"),
}
ANSWERS = referral.ANSWERS
CONCLUSIONS = counsel.CONCLUSIONS
CONCLUSION_KINDS: Mapping[str, str] = {
    Conclusion.LAWFUL: "good",
    Conclusion.IF_CHANGED: "warn",
    Conclusion.AT_RISK: "warn",
    Conclusion.UNLAWFUL: "bad",
}
LEG_LAMPS = {
    Standing.IN_TIME: ("good", gettext_lazy("在对方期限内")),
    Standing.NEAR: ("warn", gettext_lazy("对方临近期限")),
    Standing.OVER: ("bad", gettext_lazy("对方已逾期")),
    Standing.DONE_IN_TIME: ("good", gettext_lazy("按期答复")),
    Standing.DONE_LATE: ("bad", gettext_lazy("逾期答复")),
}
FINDINGS: Mapping[str, "StrOrPromise"] = {
    "accepted": gettext_lazy("受理"),
    "deemed": gettext_lazy("视为受理"),
    "not_accepted": gettext_lazy("不予受理"),
    Finding.MEETS: gettext_lazy("符合"),
    Finding.FAILS: gettext_lazy("不符合"),
    "granted": gettext_lazy("准予"),
    "refused": gettext_lazy("不予"),
    cases.RETURNED: gettext_lazy("退回"),
    **{str(agreement): word for agreement, word in teamwork.AGREEMENT.items()},
}
SHARED = {
    SharedOutcome.FOUND: gettext_lazy("已共享获取，不用提交"),
    SharedOutcome.NOT_HELD: gettext_lazy("没有查到，须自行提交"),
    SharedOutcome.LAPSED: gettext_lazy("名下的证照已失效，须自行提交"),
    SharedOutcome.NOT_SUPPLIED: gettext_lazy("暂未共享，须自行提交"),
}
LAMPS = {
    Standing.IN_TIME: ("good", gettext_lazy("在承诺时限内")),
    Standing.NEAR: ("warn", gettext_lazy("临近承诺时限")),
    Standing.OVER: ("bad", gettext_lazy("已超承诺时限")),
    Standing.PAUSED: ("paused", gettext_lazy("暂停计时")),
    Standing.DONE_IN_TIME: ("good", gettext_lazy("按时办结")),
    Standing.DONE_LATE: ("bad", gettext_lazy("超期办结")),
}


FIRST_REVIEW_LAMPS = {
    Standing.IN_TIME: ("good", gettext_lazy("在初审期限内")),
    Standing.NEAR: ("warn", gettext_lazy("临近初审期限")),
    Standing.OVER: ("bad", gettext_lazy("已超初审期限")),
    Standing.PAUSED: ("paused", gettext_lazy("暂停计时")),
    Standing.DONE_IN_TIME: ("good", gettext_lazy("按期报送")),
    Standing.DONE_LATE: ("bad", gettext_lazy("逾期报送")),
}
JOINT_LAMPS = {
    Standing.IN_TIME: ("good", gettext_lazy("在联办期限内")),
    Standing.NEAR: ("warn", gettext_lazy("临近联办期限")),
    Standing.OVER: ("bad", gettext_lazy("已超联办期限")),
    Standing.PAUSED: ("paused", gettext_lazy("暂停计时")),
    Standing.DONE_IN_TIME: ("good", gettext_lazy("按时办结")),
    Standing.DONE_LATE: ("bad", gettext_lazy("超期办结")),
}


def joint_lamps(row: JointRow) -> Mapping[Standing, tuple[str, Any]]:
    """Return the words for how a joint case stands: against its promise, or the joint term."""
    return LAMPS if row.promised_due is not None else JOINT_LAMPS


def english() -> bool:
    return (get_language() or "").startswith("en")


def either(chinese: str, in_english: str) -> str:
    """Return what the catalogue says in the reader's language, or else in Chinese."""
    return (in_english if english() else "") or chinese


def item_name(row: CaseRow | BatchRow) -> str:
    return either(row.item_name, row.item_name_en)


def body_name(code: str, written: str = "") -> str:
    """Return the name of an organisation, or its code when nobody registered it.

    `written`: its name in what is shown, which Chinese readers see as it stands there.
    """
    return people.organisation_name(code, written)


def officer_name(officer: Officer) -> str:
    """Return an officer as their badge names them: unit, desk, staff number."""
    desk = people.open_offices().get(officer.office, "") if officer.office else ""
    where = " ".join(filter(None, [body_name(officer.organisation), desk]))
    return _("%(where)s · 工号 %(number)s") % {"where": where, "number": officer.staff_no}


# ── The lamp ────────────────────────────────────────────────────────────────


def lamp(row: CaseRow, *, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """Return state and word of a case's lamp: how it stands against the time it has."""
    stage = Stage(row.stage)
    if stage in ENDINGS:
        return ENDINGS[stage], str(STAGES[stage])
    if stage is Stage.CORRECTING:
        return "paused", str(STAGES[stage])
    if stage is Stage.FILED:
        return answer_lamp(row.intake_due, today=today, calendar=calendar)
    stands = standing(row, today=today, calendar=calendar)
    lamps = FIRST_REVIEW_LAMPS if stage is Stage.FIRST_REVIEW else LAMPS
    state, word = lamps[stands] if stands else ("idle", STAGES[stage])
    return state, str(word)


def answer_lamp(due: date, *, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """Return the lamp of the five days in which an applicant is told (行政许可法 art. 32)."""
    if today > due:
        return "bad", _("已过答复期限")
    left = working_days_between(today, due, calendar=calendar)
    if left == 0:
        return "warn", _("今天须答复")
    word = ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}
    return ("warn" if left == 1 else "good"), word


def day_lamp(due: date, *, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """Return the lamp of a date of its own: past it is red, its last three days are yellow."""
    if today > due:
        late = working_days_between(due, today, calendar=calendar)
        said = ngettext("已过期 %(n)s 个工作日", "已过期 %(n)s 个工作日", late)
        return "bad", said % {"n": late}
    left = working_days_between(today, due, calendar=calendar)
    if left == 0:
        return "warn", _("今天到期")
    said = ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left)
    return ("warn" if left < 3 else "good"), said % {"n": left}


def punctuality(row: CaseRow, *, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """Return the lamp as those who oversee see it: in time or not, whatever was decided."""
    stands = standing(row, today=today, calendar=calendar)
    if row.closed_at is None or stands is None or row.stage == Stage.WITHDRAWN:
        return lamp(row, today=today, calendar=calendar)
    state, word = LAMPS[stands]
    return state, str(word)


def leg_lamp(leg: Leg, *, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """Return the lamp of a leg (转报): how the body stands against its own term."""
    if leg.closed_date is not None and not leg.answer:
        return "idle", _("已撤回")
    stands = cases.leg_standing(leg, today=today, calendar=calendar)
    state, word = LEG_LAMPS[stands] if stands else ("idle", _("等待交接"))
    return state, str(word)


def opinion_lamp(row: OpinionRow, *, today: date) -> tuple[str, str]:
    """Return the lamp of a request for a legal opinion: what was said, or how long there is."""
    if row.conclusion:
        conclusion = Conclusion(row.conclusion)
        return CONCLUSION_KINDS[conclusion], str(CONCLUSIONS[conclusion])
    if row.closed_date is not None:
        return "idle", _("不再需要")
    if today > row.due_date:
        return "bad", _("已过答复日期")
    return ("warn", _("今天答复")) if today == row.due_date else ("good", _("待答复"))


def procedure(kind: str) -> str:
    """Return what a clock stands still for, in a word."""
    return _("转报") if kind == REFERRED else str(PROCEDURES[SpecialKind(kind)])


def expected(pause: Pausing, *, today: date, calendar: WorkCalendar) -> str:
    """Return how long a special procedure was said to take, and until when; or that it took longer
    while it lasts."""
    last = cases.expected_end(pause, calendar=calendar)
    said = {"n": pause.expected_days, "day": civil_date(last)}
    if pause.until_date is None and today > last:
        return _("预计 %(n)s 个工作日，至 %(day)s，已经超过") % said
    return _("预计 %(n)s 个工作日，至 %(day)s") % said


def task_name(case: CaseFile, key: str) -> str:
    """Return what a task is called: a step by its name, or receiving or deciding."""
    backbone = {
        cases.INTAKE: _("接件"),
        cases.FIRST_REVIEW: _("初审"),
        cases.DECISION: _("决定"),
    }
    return backbone.get(key) or step_name(case, key)


def step_name(case: CaseFile, key: str) -> str:
    """Return what the case's item calls one of its steps."""
    assert case.state.terms is not None
    step = next(step for step in case.state.terms.steps if step.key == key)
    return either(step.name, step.name_en)
