"""A joint case in plain words (联办用语): its stages, its lamp, and a sentence for every event."""

from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.cases.access import Sight
from mingtang.cases.queries import JointFile, JointRow, joint_standing
from mingtang.cases.views import words
from mingtang.core import joint
from mingtang.core.joint import JointStage
from mingtang.core.worktime import WorkCalendar
from mingtang.ui.formats import civil_date

STAGES = {
    JointStage.FILED: gettext_lazy("待受理"),
    JointStage.HANDLING: gettext_lazy("并联审批中"),
    JointStage.CONCLUDING: gettext_lazy("待出具结果"),
    JointStage.GRANTED: gettext_lazy("全部准予"),
    JointStage.PARTLY: gettext_lazy("部分准予"),
    JointStage.REFUSED: gettext_lazy("没有准予"),
    JointStage.LAPSED: gettext_lazy("已终结"),
}
ENDINGS = {
    JointStage.GRANTED: "good",
    JointStage.PARTLY: "warn",
    JointStage.REFUSED: "bad",
    JointStage.LAPSED: "idle",
}


def name_of(row: JointRow) -> str:
    return words.either(row.name, row.name_en)


def lamp(row: JointRow, *, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """Return state and word of a joint case's lamp."""
    stage = JointStage(row.stage)
    if stage in ENDINGS:
        return ENDINGS[stage], str(STAGES[stage])
    stands = joint_standing(row, today=today, calendar=calendar)
    state, word = words.joint_lamps(row)[stands] if stands else ("idle", STAGES[stage])
    return state, str(word)


@dataclass(frozen=True)
class Told:
    """One event as a sentence."""

    what: str
    who: str
    note: str = ""


def told(event: Any, file: JointFile, *, sight: Sight) -> Told:
    """Return an event in plain words, its texts only to those who may read them."""
    officer = getattr(event, "officer", None) or getattr(event, "approver", None)
    by = words.officer_name(officer) if officer else _("系统按各分项自动记录")
    match event:
        case joint.JointFiled():
            what = _("提交一件事申请，共 %(n)s 个分项") % {"n": len(event.branches)}
            filer = _("代理人") if file.row.agent else _("申请人")
            return Told(what, words.officer_name(event.taken_by) if event.taken_by else filer)
        case joint.JointAccepted():
            last = _("最迟 %(day)s") % _day(event.promised_due or event.due)
            if event.promised_due:
                last = _("；").join([last, _("法定最迟 %(day)s") % _day(event.due)])
            return Told(_("受理，联办期限起算"), by, last)
        case joint.BranchClosed():
            named = {"name": _branch(file, event.case), "how": words.STAGES[event.outcome]}
            return Told(_("分项办结：%(name)s，%(how)s") % named, "", event.case)
        case joint.JointPauseNoted():
            return Told(_("分项的特别程序影响联办期限"), by, _moved(event))
        case joint.JointRedated():
            return Told(_("按正式日历重算联办期限"), by, _moved(event))
        case joint.BranchesJoined():
            return Told(_("各分项全部办结，由牵头部门出具结果"), by)
        case joint.JointLapsed():
            return Told(_("各分项都没有作出决定，联办终结"), by)
        case joint.JointConcluded():
            what = _("出具联办结果：%(how)s") % {"how": STAGES[event.outcome]}
            return Told(what, by, event.statement if sight.full else "")
        case joint.JointWithdrawn():
            return _told_withdrawn(event, file, sight)
        case joint.DepartmentsAsked() | joint.ConsultationAnswered():
            return _told_consulting(event, by, sight)
        case joint.ExtensionAsked() | joint.JointExtended() | joint.ExtensionDenied():
            return _told_extending(event, by, sight)
        case _:
            assert_never(event)


def _told_withdrawn(event: joint.JointWithdrawn, file: JointFile, sight: Sight) -> Told:
    """What was taken back, and what had ended before and stands."""
    names = {"names": _("、").join(_branch(file, case) for case in event.withdrawn)}
    notes = [event.reason if sight.full else ""]
    if event.kept:
        kept = {"names": _("、").join(_branch(file, case) for case in event.kept)}
        notes.insert(0, _("已经办结、没有撤回：%(names)s") % kept)
    filer = _("代理人") if file.row.agent else _("申请人")
    return Told(_("整体撤回：%(names)s") % names, filer, _("；").join(filter(None, notes)))


def _told_consulting(
    event: joint.DepartmentsAsked | joint.ConsultationAnswered, by: str, sight: Sight
) -> Told:
    """What departments say to one another is theirs; that they were asked is everybody's."""
    office = sight is Sight.OFFICE
    if isinstance(event, joint.DepartmentsAsked):
        names = _("、").join(words.body_name(code) for code in event.departments)
        what = _("发起会商：%(names)s") % {"names": names}
        return Told(what, by, event.question if office else "")
    what = _("答复会商：%(name)s") % {"name": words.body_name(event.department)}
    return Told(what, by, event.answer if office else "")


def _told_extending(
    event: joint.ExtensionAsked | joint.JointExtended | joint.ExtensionDenied,
    by: str,
    sight: Sight,
) -> Told:
    if isinstance(event, joint.ExtensionDenied):
        return Told(_("政府负责人不同意延长"), by, event.opinion if sight is Sight.OFFICE else "")
    reason = event.reason if sight.full else ""
    said = {"n": event.days}
    if isinstance(event, joint.ExtensionAsked):
        return Told(_("申请延长联办期限 %(n)s 个工作日") % said, by, reason)
    note = _("；").join(filter(None, [_moved(event), reason]))
    return Told(_("批准延长联办期限 %(n)s 个工作日") % said, by, note)


def _moved(event: joint.JointPauseNoted | joint.JointRedated | joint.JointExtended) -> str:
    if event.due_before == event.due:
        return _("最迟 %(day)s") % _day(event.due)
    return _("最迟 %(old)s → %(new)s") % {
        "old": civil_date(event.due_before),
        "new": civil_date(event.due),
    }


def _day(day: date) -> dict[str, str]:
    return {"day": civil_date(day)}


def _branch(file: JointFile, case: str) -> str:
    return next(
        words.either(branch.name, branch.name_en)
        for branch in file.state.branches
        if branch.case == case
    )
