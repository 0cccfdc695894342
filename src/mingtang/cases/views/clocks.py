"""The clock of a case as its card shows it (时限卡): days given, used, left, and why that date."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from mingtang.cases.queries import (
    CaseRow,
    FirstReviewRow,
    JointRow,
    contracted_of,
    first_review,
    first_review_term,
    joint_standing,
    joint_term,
    pauses_of,
    standing,
    term,
)
from mingtang.cases.views import words
from mingtang.core import clock
from mingtang.core.bundles import JOINT_DAYS
from mingtang.core.cases import RESTART, Counted, Stage
from mingtang.core.clock import LineKind
from mingtang.core.worktime import WorkCalendar, working_days_between
from mingtang.ui.formats import civil_date

Values = dict[str, Any]
LATE_SHOWN = timedelta(days=31)  # days past a due date still drawn one by one


def clock_card(row: CaseRow, *, today: date, calendar: WorkCalendar) -> Values | None:
    """Return the clock that runs now, or the one the case ended under; None: none ever ran."""
    stage = Stage(row.stage)
    if row.first_review_days and row.handed_up_date is None and row.accepted_date is not None:
        return _first_review_clock(row, today, calendar)
    if row.accepted_date is not None:
        return _handling_clock(row, today, calendar)
    if stage is Stage.CORRECTING:
        return {
            "title": _("答复时限"),
            "limit_days": 5,
            "used_days": 0,
            "lamp": "paused",
            "paused": _("等申请人补正，这段时间不计入；收到补正后重新起算 5 个工作日。"),
        }
    return _answer_clock(row, today, calendar) if stage is Stage.FILED else None


def _answer_clock(row: CaseRow, today: date, calendar: WorkCalendar) -> Values:
    running = clock.Term(budget_days=5, started=row.received_date)
    used = clock.used(running, today=today, calendar=calendar)
    state, word = words.answer_lamp(row.intake_due, today=today, calendar=calendar)
    return {
        "title": _("答复时限"),
        "lamp": state,
        "lamp_word": word,
        "limit_days": 5,
        "used_days": used,
        "left_days": 5 - used,
        "due_date": row.intake_due,
        "provisional": row.provisional,
        "why": _("窗口最迟这一天告知是否受理；逾期不告知的，依法自收到申请之日起视为受理。"),
        "basis": _("行政许可法 第三十二条、第八十二条"),
        "days": _days(running, row.intake_due, today, None, calendar, row.received_date),
    }


def _handling_clock(row: CaseRow, today: date, calendar: WorkCalendar) -> Values:
    running = term(row, promised=True)
    stands = standing(row, today=today, calendar=calendar)
    assert running is not None
    assert stands is not None
    closed = clock.civil_day(row.closed_at) if row.closed_at else None
    used = clock.used(running, today=today, calendar=calendar, closed=closed)
    state, word = words.LAMPS[stands]
    if row.special and stands is clock.Standing.PAUSED:
        return _standing_still(row, used, today, calendar)
    assert row.promised_due is not None, "a running term has a last day"
    return {
        "title": _("办理时限"),
        "lamp": state,
        "lamp_word": str(word),
        "statutory_days": row.statutory_days,
        "limit_days": row.promised_days,
        "used_days": used,
        "left_days": None if closed else row.promised_days - used,
        "due_date": row.promised_due,
        "provisional": row.provisional,
        "why": _why(row, today, calendar),
        "basis": _("行政许可法 第四十二条、第八十二条；民法典 第二百零一条"),
        "days": _days(running, row.promised_due, today, closed, calendar, running.started),
    }


def first_review_card(row: CaseRow, *, today: date, calendar: WorkCalendar) -> Values | None:
    """Return the clock of a first review that is over, beside the one of the organ above."""
    over = row.first_review_days and row.handed_up_date is not None
    return _first_review_clock(row, today, calendar) if over else None


def _first_review_clock(row: CaseRow, today: date, calendar: WorkCalendar) -> Values:
    """Return the clock of the lower organ, from acceptance to the hand-over."""
    first = first_review(row.number)
    assert first is not None
    running, closed = first_review_term(first), first.closed_date
    used = clock.used(running, today=today, calendar=calendar, closed=closed)
    stands = clock.standing(running, today=today, calendar=calendar, closed=closed)
    state, word = words.FIRST_REVIEW_LAMPS[stands]
    values: Values = {
        "title": _("初审期限（%(organ)s）") % {"organ": words.body_name(first.organ)},
        "lamp": state,
        "lamp_word": str(word),
        "limit_days": first.days,
        "used_days": used,
    }
    if row.special and closed is None and stands is clock.Standing.PAUSED:
        told = _("%(what)s自%(day)s起进行，%(expected)s，不计入期限；结束后继续计时。")
        return {**values, "lamp": "paused", "paused": told % _under_way(row, today, calendar)}
    return {
        **values,
        "left_days": None if closed else first.days - used,
        "due_date": first.due,
        "provisional": row.provisional and closed is None,
        "why": _first_review_why(first, row),
        "basis": _("行政许可法 第四十三条、第八十二条；民法典 第二百零一条"),
        "days": _days(running, first.due, today, closed, calendar, first.begun_date),
    }


def _first_review_why(first: FirstReviewRow, row: CaseRow) -> str:
    begun = _("依法自收到申请的 %(day)s起视为受理") if row.deemed else _("%(day)s受理")
    sentences = [begun % {"day": civil_date(first.begun_date)}]
    said = _("次日起 %(n)s 个工作日内审查完毕，报送%(organ)s决定")
    sentences.append(said % {"n": first.days, "organ": words.body_name(first.decider)})
    if any(pause.until_date for pause in pauses_of(first)):
        sentences.append(_("特别程序的时间没有计入"))
    if first.restarts:
        day = civil_date(date.fromisoformat(first.restarts[-1]))
        sentences.append(_("申请内容有实质变更，自%(day)s起重新计算") % {"day": day})
    if first.handed_date:
        handed = _("%(day)s报送，决定机关的期限自次日起算")
        sentences.append(handed % {"day": civil_date(first.handed_date)})
    else:
        sentences.append(_("报送后，决定机关的期限另行起算"))
    return _("；").join(sentences) + _("。")


def _standing_still(row: CaseRow, used: int, today: date, calendar: WorkCalendar) -> Values:
    """Return the clock while a special procedure lasts: no date, but why and for how long."""
    said = _under_way(row, today, calendar)
    return {
        "title": _("办理时限"),
        "lamp": "paused",
        "statutory_days": row.statutory_days,
        "limit_days": row.promised_days,
        "used_days": used,
        "paused": _("%(what)s自%(day)s起进行，%(expected)s，不计入期限；结束后继续计时。") % said,
    }


def _under_way(row: CaseRow, today: date, calendar: WorkCalendar) -> Values:
    """Return the special procedure a case is in, in words."""
    pauses = pauses_of(row)
    pause = pauses[-1]
    what = str(words.procedure(pause.kind))
    bodies = [one.body_name for one in contracted_of(row) if one.pause == len(pauses) - 1]
    if bodies:
        what = _("%(body)s承担的%(what)s") % {"body": bodies[0], "what": what}
    return {
        "what": what,
        "day": civil_date(pause.from_date),
        "expected": words.expected(pause, today=today, calendar=calendar),
    }


def _why(row: CaseRow, today: date, calendar: WorkCalendar) -> str:
    sentences = [_begun(row)]
    sentences.append(_("次日起算，只数工作日") if row.promised_days else _("即办件，当日办结"))
    if row.special:  # begun after the promised day: it stops the statutory term alone
        said = _("%(what)s自%(day)s起进行，%(expected)s，法定期限暂停计算")
        sentences.append(said % _under_way(row, today, calendar))
    else:
        sentences.append(_("法定最迟 %(day)s") % {"day": civil_date(row.statutory_due)})
    if row.extended_days:
        sentences.append(_("法定期限经批准延长 %(n)s 个工作日") % {"n": row.extended_days})
    if any(pause.until_date for pause in pauses_of(row)):
        sentences.append(_("特别程序的时间没有计入"))
    sentences += _contracted(row, calendar)
    if row.restarts:
        day = civil_date(date.fromisoformat(row.restarts[-1]))
        sentences.append(_("申请内容有实质变更，自%(day)s起重新计算") % {"day": day})
    if row.provisional:
        sentences.append(_("其中有的年份放假安排尚未公布，公布后会重新计算并记录在经过里"))
    return _("；").join(sentences) + _("。")


def _begun(row: CaseRow) -> str:
    """Return the act the clock runs from: acceptance, or the hand-over after a first review."""
    if row.handed_up_date:
        return _("%(day)s收到初审意见和全部材料") % {"day": civil_date(row.handed_up_date)}
    begun = _("依法自收到申请的 %(day)s起视为受理") if row.deemed else _("%(day)s受理")
    return begun % {"day": civil_date(row.accepted_date)}


def _contracted(row: CaseRow, calendar: WorkCalendar) -> list[str]:
    """Return what each contracted body's time does to the clock, the one at work left out."""
    pauses, sentences = pauses_of(row), []
    for one in contracted_of(row):
        if one.counted:
            why = words.COUNTED[Counted(one.counted)]
            said = {"body": one.body_name, "why": why}
            sentences.append(_("%(body)s的服务时间照常计入，因为%(why)s") % said)
        elif (until := pauses[one.pause].until_date) is not None:
            eve = timedelta(days=1)
            begun = pauses[one.pause].from_date
            n = working_days_between(begun - eve, until - eve, calendar=calendar)
            counted = {"body": one.body_name, "n": n}
            sentences.append(_("其中%(body)s提供服务的 %(n)s 个工作日不计入") % counted)
    return sentences


def _days(
    running: clock.Term,
    due: date,
    today: date,
    closed: date | None,
    calendar: WorkCalendar,
    start: date,
) -> list[Values]:
    """Return every day from the start on, with why it counts or does not."""
    until = max(due, min(closed or today, due + LATE_SHOWN))
    lines = clock.explain(running, until=until, calendar=calendar)
    shown = []
    for line in lines:
        kind, why = _day_words(line)
        if line.day == due and line.kind is not LineKind.START:
            kind, why = "due", _("第 %(n)s 个工作日，最后一天") % {"n": line.number}
        shown.append(
            {
                "date": line.day,
                "counts": line.kind.counted,
                "number": line.number,
                "kind": kind,
                "why": why,
            }
        )
    return shown


def _day_words(line: clock.DayLine) -> tuple[str, str]:
    match line.kind:
        case LineKind.START if line.basis == RESTART:
            return "start", _("申请内容有实质变更，以前的不再计算；当天不计，次日重新起算")
        case LineKind.START:
            return "start", _("当天不计，次日起算")
        case LineKind.MAKEUP:
            return "makeup", _("调休上班，计入：%(source)s") % {"source": line.basis}
        case LineKind.HOLIDAY:
            return "holiday", _("节假日，不计：%(source)s") % {"source": line.basis}
        case LineKind.PAUSED:
            what = words.procedure(line.basis)
            return "paused", _("%(what)s，不计") % {"what": what}
        case LineKind.INTERRUPTED:
            return "paused", line.basis
        case _:
            return "", ""


# ── The joint term ──────────────────────────────────────────────────────────


def joint_clock(row: JointRow, *, today: date, calendar: WorkCalendar) -> Values | None:
    """Return the clock of a joint case (联办时限); None before it was accepted."""
    running = joint_term(row)
    if running is None:
        return None
    assert row.accepted_date is not None
    closed = clock.civil_day(row.closed_at) if row.closed_at else None
    used = clock.used(running, today=today, calendar=calendar, closed=closed)
    stands = joint_standing(row, today=today, calendar=calendar)
    assert stands is not None
    state, word = words.joint_lamps(row)[stands]
    values = {
        "title": _("联办时限"),
        "lamp": state,
        "lamp_word": str(word),
        "limit_days": running.allowed_days,
        "used_days": used,
    }
    last = row.due
    if row.promised_due is not None:
        last, values["statutory_days"] = row.promised_due, JOINT_DAYS + row.extended_days
    if stands is clock.Standing.PAUSED:
        told = _("有分项在进行特别程序，这段时间不计入联办期限；结束后继续计时。")
        return {**values, "lamp": "paused", "paused": told}
    assert last is not None, "a running term has a last day"
    return {
        **values,
        "left_days": None if closed else running.allowed_days - used,
        "due_date": last,
        "provisional": row.provisional,
        "why": _joint_why(row),
        "basis": _("行政许可法 第四十二条第二款、第四十五条、第八十二条"),
        "days": _days(running, last, today, closed, calendar, row.accepted_date),
    }


def _joint_why(row: JointRow) -> str:
    sentences = [_("%(day)s最后一个分项受理") % {"day": civil_date(row.accepted_date)}]
    if row.promised_due is None:
        sentences.append(_("次日起算 45 个工作日"))
    else:
        sentences.append(_("承诺次日起算 %(n)s 个工作日") % {"n": row.promised_days})
        sentences.append(_("法定最迟 %(day)s") % {"day": civil_date(row.due)})
    if row.extended_days:
        said = _("法定期限经本级人民政府负责人批准延长 %(n)s 个工作日")
        sentences.append(said % {"n": row.extended_days})
    if row.pauses:
        sentences.append(_("分项特别程序的时间没有计入"))
    if row.provisional:
        sentences.append(_("其中有的年份放假安排尚未公布，公布后会重新计算并记录在经过里"))
    return _("；").join(sentences) + _("。")
