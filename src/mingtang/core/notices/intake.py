"""受理通知书、材料补正一次性告知书、不予受理决定书: what the window answers.

Source: 行政许可法 art. 32.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from mingtang.core.cases.intake import (
    CaseAccepted,
    CaseDeemedAccepted,
    CaseNotAccepted,
    CorrectionsNotified,
    Ground,
)
from mingtang.core.notices.wording import (
    LAW,
    Notice,
    Wording,
    compose,
    in_words,
    provisional,
    remedies,
    with_weekday,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, listed, text
from mingtang.core.wire import ERASED

# What each ground of refusing acceptance rests on: 行政许可法 art. 32 para. 1.
GROUNDS: Mapping[Ground, str] = {
    Ground.NOT_REQUIRED: "申请事项依法不需要取得行政许可（第三十二条第一款第一项）",
    Ground.NOT_COMPETENT: "申请事项依法不属于本机关职权范围（第三十二条第一款第二项）",
    Ground.NOT_ELIGIBLE: "申请人不具备提出本项申请的资格",
    Ground.NOT_CORRECTED: "经一次性告知补正后，申请材料仍不齐全或者不符合法定形式",
}
EXCLUDED = (
    "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在期限内，"
    "本机关将另行书面告知。"
)


def corrections(wording: Wording, event: CorrectionsNotified) -> Notice:
    sealed = event.shortfalls
    lines: list[Any] = [] if sealed == ERASED else json.loads(sealed)
    blocks = [
        text(
            f"{wording.you}提出的“{wording.terms.name}”申请（办件编号 {wording.number}），"
            "申请材料不齐全或者不符合法定形式。"
            f"依据{LAW}第三十二条第一款第四项，现将需要补正的全部内容一次告知如下："
        ),
        listed(*((line["name"], line["reason"]) for line in lines)),
        text(
            "请按上述内容补正后一并提交。本机关不会再次要求补正本次没有告知的内容；"
            "收到补正材料之日起五个工作日内作出是否受理的决定，逾期不告知的，"
            "自收到补正材料之日起即为受理。"
        ),
        text("补正可以在网上“我的办件”提交，也可以到窗口提交。"),
    ]
    sheet = compose(wording, "材料补正一次性告知书", *blocks, at=event.at, officer=event.officer)
    return Notice(paper=PaperKind.CORRECTIONS, word="补", user="", sheet=sheet)


def accepted(wording: Wording, event: CaseAccepted) -> Notice:
    opening = text(
        f"{wording.you}提出的申请，材料齐全、符合法定形式。依据{LAW}第三十二条第一款第五项，"
        f"本机关决定自{in_words(event.accepted_date)}起予以受理。"
    )
    blocks = (opening, *_dates(wording, event), text(EXCLUDED), text("特此通知。"))
    sheet = compose(wording, "受理通知书", *blocks, at=event.at, officer=event.officer)
    return Notice(paper=PaperKind.ACCEPTED, word="受", user="", sheet=sheet)


def deemed(wording: Wording, event: CaseDeemedAccepted) -> Notice:
    """An automatic act: nobody decided it, and the paper says so."""
    opening = text(
        f"{wording.you}提出的申请，本机关在收到申请材料之日起五个工作日内没有告知需要补正的内容。"
        f"依据{LAW}第三十二条第一款第四项，自收到申请材料之日"
        f"（{in_words(event.accepted_date)}）起即为受理。"
    )
    blocks = (opening, *_dates(wording, event), text(EXCLUDED), text("特此通知。"))
    sheet = compose(wording, "受理通知书", *blocks, at=event.at)
    return Notice(paper=PaperKind.ACCEPTED, word="受", user="", sheet=sheet)


def _dates(wording: Wording, event: CaseAccepted | CaseDeemedAccepted) -> list[Block]:
    terms, maybe = wording.terms, provisional(wording)

    def limit(days: int, due: date) -> str:
        if not days:
            return "当场办结"
        return f"{days} 个工作日，至{with_weekday(due)}{maybe}"

    return [
        wording.matter(
            ("受理日期", with_weekday(event.accepted_date)),
            ("法定办结期限", limit(terms.statutory_days, event.statutory_due)),
            ("承诺办结期限", limit(terms.promised_days, event.promised_due)),
        )
    ]


def not_accepted(wording: Wording, event: CaseNotAccepted) -> Notice:
    reason = "" if event.reason == ERASED else event.reason
    blocks = [
        text(
            f"{wording.you}提出的“{wording.terms.name}”申请（办件编号 {wording.number}），"
            f"经审查，{GROUNDS[event.ground]}。依据{LAW}第三十二条，本机关决定不予受理。"
        ),
        heading("理由"),
        text(reason),
    ]
    if event.competent_organ:
        blocks.append(text(f"请向{event.competent_organ}提出申请。"))
    blocks.append(text(remedies(wording)))
    sheet = compose(wording, "不予受理决定书", *blocks, at=event.at, officer=event.officer)
    return Notice(paper=PaperKind.NOT_ACCEPTED, word="不受", user="", sheet=sheet)
