"""延期通知书、特别程序告知书: why it takes longer, and until when.

Source: 行政许可法 arts. 42, 45.
"""

from collections.abc import Mapping

from mingtang.core.cases.special import CaseExtended, SpecialBegun, SpecialKind
from mingtang.core.clock import civil_day
from mingtang.core.notices.wording import (
    LAW,
    Notice,
    Wording,
    compose,
    in_words,
    provisional,
    with_weekday,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import heading, text
from mingtang.core.wire import ERASED

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
    reason = "" if event.reason == ERASED else event.reason
    blocks = [
        text(
            f"{wording.you}提出的“{wording.terms.name}”申请（办件编号 {wording.number}），"
            f"在法定期限内不能作出决定。依据{LAW}第四十二条第一款，经本机关负责人批准，"
            f"办理期限延长 {event.days} 个工作日。"
        ),
        wording.matter(
            ("原法定期限届满日", with_weekday(event.statutory_due_before)),
            ("延长后届满日", f"{with_weekday(event.statutory_due)}{provisional(wording)}"),
        ),
        heading("延长期限的理由"),
        text(reason),
        text("特此通知。"),
    ]
    sheet = compose(wording, "延期通知书", *blocks, at=event.at, officer=event.approver)
    return Notice(paper=PaperKind.EXTENDED, word="延", user=event.approver.person, sheet=sheet)


def special_begun(wording: Wording, event: SpecialBegun) -> Notice:
    what = PROCEDURES[event.procedure]
    reason = "" if event.reason == ERASED else event.reason
    blocks = [
        text(
            f"办理{wording.you}提出的“{wording.terms.name}”申请（办件编号 {wording.number}），"
            f"依法需要进行{what}。依据{LAW}第四十五条，自{in_words(civil_day(event.at))}起至{what}"
            "结束，所需时间不计算在办理期限内。"
        ),
        wording.matter(("特别程序", what), ("预计所需时间", f"{event.expected_days} 个工作日")),
        heading("事由"),
        text(reason),
        text(f"{what}结束后，本机关恢复计算期限，并更新办理进度中的届满日。特此告知。"),
    ]
    sheet = compose(wording, "特别程序告知书", *blocks, at=event.at, officer=event.officer)
    return Notice(paper=PaperKind.SPECIAL, word="特", user=event.officer.person, sheet=sheet)
