"""延期通知书、特别程序告知书、期限重新起算告知书: why it takes longer, and until when.

Source: 行政许可法 arts. 42, 45.
"""

from collections.abc import Mapping

from mingtang.core.cases.change import TermRestarted
from mingtang.core.cases.contracted import ContractedBegun
from mingtang.core.cases.special import CaseExtended, SpecialBegun, SpecialKind
from mingtang.core.clock import civil_day
from mingtang.core.notices.wording import (
    Notice,
    Wording,
    compose,
    due_day,
    handled_by,
    in_words,
    provisional,
    unsealed,
    with_weekday,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import heading, text

PROCEDURES: Mapping[SpecialKind, str] = {
    SpecialKind.HEARING: "听证",
    SpecialKind.TENDER: "招标",
    SpecialKind.AUCTION: "拍卖",
    SpecialKind.INSPECTION: "检验",
    SpecialKind.TESTING: "检测",
    SpecialKind.QUARANTINE: "检疫",
    SpecialKind.APPRAISAL: "鉴定",
    SpecialKind.EXPERT_REVIEW: "专家评审",
}


def extended(wording: Wording, event: CaseExtended) -> Notice:
    """The applicant is told the reason: art. 42 para. 1."""
    blocks = [
        text(
            f"{wording.you}提出的下列申请，在法定期限内不能作出决定。"
            f"{wording.under('第四十二条第一款')}，经本机关负责人批准，"
            f"办理期限延长 {event.days} 个工作日。"
        ),
        wording.matter(
            ("原法定届满日", with_weekday(event.statutory_due_before)),
            ("延长后届满日", due_day(wording, event.statutory_due)),
        ),
        *provisional(wording),
        heading("延长期限的理由"),
        text(unsealed(event.reason)),
    ]
    approver = event.approver
    by = handled_by(wording, approver, as_what="经本机关负责人批准")
    sheet = compose(wording, "延期通知书", *blocks, at=event.at, by=by)
    return Notice(paper=PaperKind.EXTENDED, word="延", user=approver.person, sheet=sheet)


def special_begun(wording: Wording, event: SpecialBegun) -> Notice:
    """The applicant is told in writing how long it will take: art. 45."""
    what = PROCEDURES[event.procedure]
    blocks = [
        text(
            f"办理{wording.you}提出的下列申请，依法需要进行{what}。"
            f"{wording.under('第四十五条')}，自{in_words(civil_day(event.at))}起至{what}结束，"
            "所需时间不计算在办理期限内。"
        ),
        wording.matter(("特别程序", what), ("预计所需时间", f"{event.expected_days} 个工作日")),
        heading("事由"),
        text(unsealed(event.reason)),
        text(f"{what}结束后继续计算期限，新的届满日可以在办理进度中查看。"),
    ]
    officer = event.officer
    sheet = compose(
        wording, "特别程序告知书", *blocks, at=event.at, by=handled_by(wording, officer)
    )
    return Notice(paper=PaperKind.SPECIAL, word="特", user=officer.person, sheet=sheet)


def contracted_begun(wording: Wording, event: ContractedBegun) -> Notice:
    """A special procedure nobody of the organ began: a contracted body did (art. 45)."""
    what = PROCEDURES[event.procedure]
    blocks = [
        text(
            f"办理{wording.you}提出的下列申请，依法需要进行{what}，由中介机构承担。"
            f"{wording.under('第四十五条')}，自{in_words(civil_day(event.at))}该机构开始服务起至其"
            "交付成果，所需时间不计算在办理期限内。"
        ),
        wording.matter(
            ("特别程序", what),
            ("中介机构", unsealed(event.body_name)),
            ("合同约定时间", f"{event.expected_days} 个工作日"),
        ),
        text("成果交付后继续计算期限，新的届满日可以在办理进度中查看。"),
    ]
    sheet = compose(wording, "特别程序告知书", *blocks, at=event.at, by=handled_by(wording, None))
    return Notice(paper=PaperKind.SPECIAL, word="特", user="", sheet=sheet)


def restarted(wording: Wording, event: TermRestarted) -> Notice:
    """The applicant is told that the terms run anew, from when, and why."""
    begun = in_words(event.change_date)
    blocks = [
        text(
            f"{wording.you}于{begun}提出变更下列申请的内容。经审查，这是对申请内容的实质变更，"
            f"{wording.under('第四十二条第一款')}，办理期限自{begun}起重新计算。"
        ),
        wording.matter(
            ("原法定届满日", with_weekday(event.statutory_due_before)),
            ("重新计算后的法定届满日", due_day(wording, event.statutory_due)),
            ("重新计算后的承诺届满日", due_day(wording, event.promised_due)),
        ),
        *provisional(wording),
        heading("理由"),
        text(unsealed(event.reason)),
    ]
    officer = event.officer
    sheet = compose(
        wording, "期限重新起算告知书", *blocks, at=event.at, by=handled_by(wording, officer)
    )
    return Notice(paper=PaperKind.RESTARTED, word="重", user=officer.person, sheet=sheet)
