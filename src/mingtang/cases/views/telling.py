"""What happened to a case, a sentence for every event (办件经过)."""

from dataclasses import dataclass
from typing import Any, assert_never

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingtang.cases.queries import CaseFile
from mingtang.cases.views import hearingwords, words
from mingtang.core import cases
from mingtang.core.cases import Leg, Officer, SharedOutcome
from mingtang.core.organisations import OrganisationKind
from mingtang.people import queries as people
from mingtang.ui.formats import civil_date


@dataclass(frozen=True)
class Told:
    """One event as a sentence."""

    what: str
    who: str
    note: str = ""


def told(event: Any, case: CaseFile, *, full: bool) -> Told:
    """Return an event in plain words. `full`: to somebody who may read what is sealed."""
    by = words.officer_name(event.officer) if getattr(event, "officer", None) else ""
    filer = _("代理人") if case.row.agent else _("申请人")
    match event:
        case cases.CaseFiled():
            return _told_filed(event, filer)
        case cases.CorrectionsReceived():
            return Told(_("收到补正材料"), filer, _("答复期限重新起算"))
        case cases.CaseWithdrawn():
            return Told(_("申请人撤回申请"), filer, event.reason if full else "")
        case cases.CorrectionsNotified():
            what = ngettext(
                "一次性告知补正，共 %(n)s 项", "一次性告知补正，共 %(n)s 项", event.count
            )
            return Told(what % {"n": event.count}, by)
        case cases.CaseAccepted():
            return Told(_("受理"), by, _due_words(event, case))
        case (
            cases.DeferredReceived()
            | cases.CommitmentsChecked()
            | cases.ChangeRequested()
            | cases.TermRestarted()
            | cases.ChangeNoted()
            | cases.SiteChecked()
        ):
            return _told_beside(event, by, filer, full=full)
        case cases.CaseExtended() | cases.SpecialBegun() | cases.SpecialEnded():
            return _told_moved(event, by, full=full)
        case cases.ContractedBegun() | cases.ContractedCounted() | cases.ContractedEnded():
            return _told_contracted(event)
        case cases.CaseDeemedAccepted():
            note = _("五个工作日内没有告知，依法自收到申请之日起视为受理")
            note = _("；").join([note, _due_words(event, case)])
            return Told(_("视为受理"), _("系统按期限自动记录"), note)
        case cases.CaseNotAccepted():
            ground = str(words.GROUNDS[event.ground])
            return Told(_("不予受理"), by, _("：").join([ground, event.reason]) if full else ground)
        case cases.StepCompleted():
            what = _("%(step)s：%(finding)s") % {
                "step": words.step_name(case, event.step),
                "finding": words.FINDINGS[event.finding],
            }
            return Told(what, by, _("审查结束，转首席代表决定") if event.review_finished else "")
        case cases.CaseHandedUp():
            return _told_handed_up(event, by)
        case cases.CaseDecided():
            what = _("决定：准予") if event.granted else _("决定：不予")
            letter = _("依据授权书 %(letter)s") % {"letter": event.authority.letter_no}
            cited = [_cited(case.state.leg(number)) for number in event.cites]
            cited += [hearingwords.record_word(case.state.hearing(n)) for n in event.hearings]
            reason = event.reason if full else ""
            return Told(what, by, _("；").join(filter(None, [letter, *cited, reason])))
        case cases.ActProven():
            return Told(_("第二重验证通过"), by, str(words.PROOFS[event.method]))
        case (
            cases.CaseReferred()
            | cases.LegHandedOver()
            | cases.LegReminded()
            | cases.LegUrged()
            | cases.LegAnswered()
            | cases.LegRecalled()
        ):
            return _told_leg(event, case, by, full=full)
        case (
            cases.OpinionAsked()
            | cases.OpinionGiven()
            | cases.OpinionDeclined()
            | cases.OpinionForgone()
        ):
            return _told_opinion(event, case, by)
        case (
            cases.HearingAnnounced()
            | cases.HearingPartyNamed()
            | cases.HearingRightTold()
            | cases.HearingRightReached()
            | cases.HearingAsked()
            | cases.HearingForgone()
            | cases.HearingWithdrawn()
            | cases.HearingScheduled()
            | cases.HearingNotified()
            | cases.ChairChallenged()
            | cases.ChallengeRuled()
            | cases.ChairChanged()
            | cases.HearingHeld()
        ):
            return Told(*hearingwords.told(event, by, full=full))
        case (
            cases.TaskClaimed()
            | cases.TaskGivenBack()
            | cases.TaskReassigned()
            | cases.TaskTakenOver()
            | cases.CaseCopied()
        ):
            return _told_passed(event, case, by)
        case cases.StepHeld() | cases.SignersAsked() | cases.TaskSigned() | cases.SignerDropped():
            return _told_signing(event, case, by)
        case cases.CaseReturned():
            named = {
                "task": words.task_name(case, event.task),
                "step": words.task_name(case, event.step),
            }
            note = _("以后的各步重新办理，时限照常计算")
            return Told(_("从“%(task)s”退回到“%(step)s”") % named, by, note)
        case cases.TasksReminded():
            names = _("、").join(words.task_name(case, key) for key in event.tasks)
            note = event.words if full else ""
            return Told(_("催办：%(tasks)s") % {"tasks": names}, by or filer, note)
        case cases.CaseRedated():
            return Told(_("放假安排公布，期限重新计算"), _("系统按日历自动记录"), _moved(event))
        case cases.MaterialsShared():
            return _told_shared(event)
        case _:
            assert_never(event)


def _told_handed_up(event: cases.CaseHandedUp, by: str) -> Told:
    """Return to whom a first review went up, and by when it is decided there. The opinion is among
    the organs."""
    said = {"finding": words.FINDINGS[event.finding], "organ": words.body_name(event.to)}
    what = _("初审：%(finding)s，连同全部材料报送%(organ)s") % said
    dates = _("决定期限自次日起算，承诺最迟 %(promised)s，法定最迟 %(statutory)s") % {
        "promised": event.promised_due.isoformat(),
        "statutory": event.statutory_due.isoformat(),
    }
    return Told(what, by, dates)


def _told_shared(event: cases.MaterialsShared) -> Told:
    """Return how many materials were not asked for, and how many had to be after all."""
    found = sum(one.outcome is SharedOutcome.FOUND for one in event.shared)
    asked = len(event.shared) - found
    what = ngettext("共享获取材料 %(n)s 份，不用提交", "共享获取材料 %(n)s 份，不用提交", found)
    said = ngettext("%(n)s 份没有查到，由申请人提交", "%(n)s 份没有查到，由申请人提交", asked)
    note = said % {"n": asked} if asked else ""
    return Told(what % {"n": found}, _("系统按资源目录自动查询"), note)


def _cited(leg: Leg) -> str:
    return _("引用%(body)s的答复 %(no)s") % {"body": leg.body, "no": leg.answer_no}


def _told_passed(event: Any, case: CaseFile, by: str) -> Told:
    """Return whose a task became, or who may read the case. Why is for colleagues to know."""
    if isinstance(event, cases.CaseCopied):
        return Told(_("抄送给 %(who)s") % {"who": words.officer_name(event.to)}, by)
    named = {"task": words.task_name(case, event.task)}
    if isinstance(event, cases.TaskReassigned):
        return Told(_("转办：%(task)s") % named, by, words.officer_name(event.to))
    if isinstance(event, cases.TaskTakenOver):
        note = _("代工号 %(number)s 办理") % {"number": event.holder_no}
        return Told(_("代办：%(task)s") % named, by, note)
    if isinstance(event, cases.TaskClaimed):
        return Told(_("领取：%(task)s") % named, by)
    return Told(_("退还：%(task)s") % named, by)


def _told_signing(event: Any, case: CaseFile, by: str) -> Told:
    """Return who signs, and that somebody did; what they wrote is for colleagues."""
    if isinstance(event, cases.StepHeld):
        named = {"task": words.task_name(case, event.step)}
        return Told(_("%(task)s：已有意见，等签署后生效") % named, by)
    named = {"task": words.task_name(case, event.task)}
    if isinstance(event, cases.SignersAsked):
        numbers = _("、").join(one.staff_no for one in event.signers)
        note = _("工号 %(numbers)s") % {"numbers": numbers}
        return Told(_("请同事签署：%(task)s") % named, by, note)
    if isinstance(event, cases.SignerDropped):
        note = _("工号 %(number)s") % {"number": event.signer.staff_no}
        return Told(_("不再请其签署：%(task)s") % named, by, note)
    note = _("退给经办人重新办理") if event.reopened else ""
    return Told(_("签署：%(task)s") % named, by, note)


def _told_moved(
    event: cases.CaseExtended | cases.SpecialBegun | cases.SpecialEnded, by: str, *, full: bool
) -> Told:
    """Return what moved the dates, and where to."""
    if isinstance(event, cases.CaseExtended):
        what = _("延长期限 %(n)s 个工作日") % {"n": event.days}
        until = _("法定期限至 %(day)s") % {"day": civil_date(event.statutory_due)}
        return Told(what, words.officer_name(event.approver), _noted(until, event.reason, full))
    named = {"what": words.PROCEDURES[event.procedure]}
    if isinstance(event, cases.SpecialBegun):
        stopped = _("暂停计时，预计 %(n)s 个工作日") % {"n": event.expected_days}
        what = _("启动特别程序：%(what)s") % named
        return Told(what, by, _noted(stopped, event.reason, full))
    resumed = _("恢复计时，承诺期限至 %(day)s") % {"day": civil_date(event.promised_due)}
    what = _("特别程序结束：%(what)s") % named
    return Told(what, by, _noted(resumed, event.result, full))


def _told_contracted(
    event: cases.ContractedBegun | cases.ContractedCounted | cases.ContractedEnded,
) -> Told:
    """Return what a contracted body did, and what that does to the clock."""
    if isinstance(event, cases.ContractedCounted):
        note = _("时间照常计入期限：%(why)s") % {"why": words.COUNTED[event.why]}
        return Told(_("中介服务开始"), event.body_name, note)
    named = {"what": words.PROCEDURES[event.procedure]}
    if isinstance(event, cases.ContractedBegun):
        stopped = _("暂停计时，预计 %(n)s 个工作日") % {"n": event.expected_days}
        return Told(_("中介服务开始：%(what)s") % named, event.body_name, stopped)
    resumed = _("%(n)s 个工作日不计入期限；恢复计时，承诺期限至 %(day)s") % {
        "n": event.days,
        "day": civil_date(event.promised_due),
    }
    return Told(_("中介服务结束：%(what)s") % named, event.body_name, resumed)


def _told_leg(event: Any, case: CaseFile, by: str, *, full: bool) -> Told:
    """Return what happened to a leg. What officers wrote to the body is not the applicant's."""
    leg = case.state.leg(event.leg)
    named = {"body": leg.body}
    match event:
        case cases.CaseReferred():
            note = _("对方期限 %(n)s 个工作日，自其签收次日起算") % {"n": leg.days}
            return Told(_("转报：%(body)s") % named, by, _noted(note, event.reason, full))
        case cases.LegHandedOver():
            note = _("回执 %(no)s，%(day)s 签收") % {
                "no": event.receipt_no,
                "day": event.received_date.isoformat(),
            }
            stopped = _("本机关期限暂停计时") if leg.standstill else ""
            return Told(_("转报交接：%(body)s") % named, by, _noted(note, stopped, True))
        case cases.LegReminded():
            over = event.nearness is cases.Nearness.OVER
            what = _("对方逾期：%(body)s") if over else _("对方临近期限：%(body)s")
            last = _("期限至 %(day)s") % {"day": event.due.isoformat()}
            return Told(what % named, _("系统按期限自动记录"), last)
        case cases.LegUrged():
            return Told(_("催办：%(body)s") % named, by)
        case cases.LegAnswered():
            said = {**named, "answer": words.ANSWERS[event.answer]}
            note = _("文号 %(no)s，%(day)s") % {
                "no": event.answer_no,
                "day": event.answer_date.isoformat(),
            }
            what = _("%(body)s答复：%(answer)s") % said
            return Told(what, by, _noted(note, _resumed(event.resumed), True))
        case _:
            note = _noted(_resumed(event.resumed), event.reason, full)
            return Told(_("撤回转报：%(body)s") % named, by, note)


def _resumed(resumed: Any) -> str:
    if resumed is None:
        return ""
    return _("恢复计时，承诺期限至 %(day)s") % {"day": civil_date(resumed.promised_due)}


def _told_opinion(event: Any, case: CaseFile, by: str) -> Told:
    """Return what happened to a request for an opinion; its words are for the officers alone."""
    match event:
        case cases.OpinionAsked():
            what = _("征求法律意见：%(body)s") % {"body": words.body_name(event.body)}
            return Told(what, by, _("请在 %(day)s 前答复") % {"day": event.due_date.isoformat()})
        case cases.OpinionGiven():
            said = {"conclusion": words.CONCLUSIONS[event.conclusion]}
            return Told(_("法律意见：%(conclusion)s") % said, by)
        case cases.OpinionDeclined():
            return Told(_("法律顾问回避"), by)
        case _:
            return Told(_("不等法律意见作出决定"), by)


def _told_beside(event: Any, by: str, filer: str, *, full: bool) -> Told:
    """Return what stands beside the main clock: what followed, was checked, or was changed."""
    match event:
        case cases.DeferredReceived():
            left = len(event.missing)
            still = ngettext("还差 %(n)s 份", "还差 %(n)s 份", left) % {"n": left}
            who = words.officer_name(event.taken_by) if event.taken_by else filer
            return Told(_("收到容缺补交的材料"), who, still if left else _("已经补齐"))
        case cases.CommitmentsChecked():
            what = _("核查承诺：属实") if event.held else _("核查承诺：不实")
            until = event.barred_until
            said = _("%(day)s以前不适用告知承诺") % {"day": civil_date(until)} if until else ""
            return Told(what, by, _noted(said, event.finding, full))
        case cases.SiteChecked():
            there = _("、").join(words.officer_name(one) for one in (event.officer, *event.others))
            said = _("%(day)s核查") % {"day": civil_date(event.checked_date)}
            seen = _("：").join([event.place, event.finding])
            return Told(_("现场核查"), there, _noted(said, seen, full))
        case cases.ChangeRequested():
            return Told(_("申请变更申请内容"), filer, event.what if full else "")
        case cases.TermRestarted():
            moved = {"day": civil_date(event.change_date)}
            began = _("自%(day)s起重新计算期限") % moved
            dates = _("法定最迟 %(old)s → %(new)s") % {
                "old": event.statutory_due_before,
                "new": event.statutory_due,
            }
            note = _("；").join([began, dates])
            return Told(_("认定为实质变更"), by, _noted(note, event.reason, full))
        case _:
            return Told(_("认定变更不影响期限"), by, _noted("", event.reason, full))


def _noted(note: str, sealed: str, full: bool) -> str:
    """Return a note with what was written to it, for those who may read that."""
    return _("；").join(filter(None, [note, sealed if full else ""]))


def _told_filed(event: cases.CaseFiled, filer: str) -> Told:
    note = _("最迟于 %(day)s 告知是否受理") % {"day": event.intake_due.isoformat()}
    if event.taken_by:
        first = event.terms.first_review
        organ = first.organ if first else event.terms.department
        if _is_elsewhere(event.taken_by, organ):
            sent = _("代收，转%(organ)s受理") % {"organ": words.body_name(organ)}
            return Told(
                _("异地窗口收到申请"), words.officer_name(event.taken_by), _noted(sent, note, True)
            )
        return Told(_("窗口收到申请"), words.officer_name(event.taken_by), note)
    return Told(_("网上提交申请"), filer, note)


def _is_elsewhere(officer: Officer, department: str) -> bool:
    """Whether a window took it in that is neither the organ's own nor a centre's."""
    kind = people.organisation_kinds().get(officer.organisation)
    return officer.organisation != department and kind is not OrganisationKind.CENTRE


def _due_words(event: cases.CaseAccepted | cases.CaseDeemedAccepted, case: CaseFile) -> str:
    if case.state.terms and case.state.terms.first_review:
        last, organ = event.statutory_due.isoformat(), case.state.terms.department
        said = _("先行初审，最迟 %(day)s 报送%(organ)s决定")
        return said % {"day": last, "organ": words.body_name(organ)}
    said = _("承诺最迟 %(promised)s，法定最迟 %(statutory)s") % {
        "promised": event.promised_due.isoformat(),
        "statutory": event.statutory_due.isoformat(),
    }
    if event.deferred_due is None:
        return said
    count = len(event.deferred)
    follows = ngettext(
        "容缺 %(n)s 份材料，最迟 %(day)s 补交", "容缺 %(n)s 份材料，最迟 %(day)s 补交", count
    )
    return _("；").join([said, follows % {"n": count, "day": event.deferred_due.isoformat()}])


def _moved(event: cases.CaseRedated) -> str:
    """Say which dates moved, or that they no longer can."""
    pairs = [
        (_("答复最迟"), event.intake_due_before, event.intake_due),
        (_("承诺最迟"), event.promised_due_before, event.promised_due),
        (_("法定最迟"), event.statutory_due_before, event.statutory_due),
    ]
    moved = [f"{what} {old} → {new}" for what, old, new in pairs if old and new and old != new]
    return _("；").join(moved) or _("日期没有变，不再是暂定")
