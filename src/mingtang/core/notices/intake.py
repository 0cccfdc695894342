"""受理通知书、材料补正一次性告知书、不予受理决定书: what the window answers.

Source: 行政许可法 art. 32.
"""

import json
from collections.abc import Mapping, Sequence
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
    AUTOMATIC,
    Notice,
    Wording,
    compose,
    due_day,
    handled_by,
    in_words,
    provisional,
    remedies,
    unsealed,
    with_weekday,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, listed, text

# What each ground of refusing acceptance says: 行政许可法 art. 32 para. 1.
GROUNDS: Mapping[Ground, str] = {
    Ground.NOT_REQUIRED: "申请事项依法不需要办理",
    Ground.NOT_COMPETENT: "申请事项依法不属于本机关职权范围",
    Ground.NOT_ELIGIBLE: "申请人不具备提出本项申请的资格",
    Ground.NOT_CORRECTED: "经一次性告知补正，申请材料仍不齐全或者不符合法定形式",
}
PARAGRAPHS: Mapping[Ground, str] = {
    Ground.NOT_REQUIRED: "第三十二条第一款第一项",
    Ground.NOT_COMPETENT: "第三十二条第一款第二项",
    Ground.NOT_ELIGIBLE: "第三十二条",
    Ground.NOT_CORRECTED: "第三十二条第一款第五项",
}


def corrections(wording: Wording, event: CorrectionsNotified) -> Notice:
    """Everything, once: art. 32 para. 1 item 4."""
    shortfalls = unsealed(event.shortfalls)
    lines: list[Any] = json.loads(shortfalls) if shortfalls else []
    blocks = [
        text(
            f"{wording.you}提出的下列申请，材料不齐全或者不符合法定形式。"
            f"{wording.under('第三十二条第一款第四项')}，现将需要补正的全部内容一次告知如下。"
        ),
        wording.matter(),
        heading(f"需要补正的全部内容（共 {event.count} 项）"),
        listed(*((line["name"], line["reason"]) for line in lines)),
        text(
            "以上是需要补正的全部内容，请一并补正后在网上“我的办件”中或者到窗口提交。"
            "本机关在收到补正材料之日起五个工作日内告知是否受理；逾期不告知的，"
            "自收到补正材料之日起即为受理。办理期限自受理之日起计算。"
        ),
    ]
    sheet = compose(
        wording,
        "材料补正一次性告知书",
        *blocks,
        at=event.at,
        by=handled_by(wording, event.officer),
    )
    return Notice(paper=PaperKind.CORRECTIONS, word="补", user="", sheet=sheet)


def accepted(wording: Wording, event: CaseAccepted) -> Notice:
    opening = (
        f"{wording.you}提出的下列申请，材料齐全、符合法定形式。"
        f"{wording.under('第三十二条第一款第五项')}，"
        f"本机关自{in_words(event.accepted_date)}起予以受理。"
    )
    return _acceptance(wording, opening, event, handled_by(wording, event.officer))


def deemed(wording: Wording, event: CaseDeemedAccepted) -> Notice:
    """An automatic act: nobody decided it, and the paper says so."""
    what = "补正" if wording.case.corrected else "申请"
    opening = (
        f"对{wording.you}提出的下列申请，本机关在收到{what}材料之日起五个工作日内没有告知是否受理，"
        f"也没有告知需要补正的内容。{wording.under('第三十二条第一款第四项')}，自收到{what}材料之日"
        f"（{in_words(event.accepted_date)}）起即为受理。"
    )
    return _acceptance(wording, opening, event, (AUTOMATIC,))


def _acceptance(
    wording: Wording,
    opening: str,
    event: CaseAccepted | CaseDeemedAccepted,
    by: Sequence[str],
) -> Notice:
    excluded = (
        f"{wording.under('第四十五条')}，依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家"
        "评审的，所需时间不计算在上述期限内，本机关另行书面告知。"
    )
    blocks = (
        text(opening),
        _dates(wording, event),
        *_first_review(wording),
        *provisional(wording),
        *_deferral(wording, event),
        text(excluded),
    )
    sheet = compose(wording, "受理通知书", *blocks, at=event.at, by=by)
    return Notice(paper=PaperKind.ACCEPTED, word="受", user="", sheet=sheet)


def _first_review(wording: Wording) -> list[Block]:
    """Say who reviews first and who decides: arts. 35, 43."""
    if wording.terms.first_review is None:
        return []
    return [
        text(
            f"{wording.under('第三十五条、第四十三条')}，本机关先行审查，并在上述初审期限内将初步审查"
            f"意见和全部申请材料直接报送{wording.decider}，由其作出决定。{wording.you}不需要重复提供"
            "申请材料。"
        )
    ]


def _deferral(wording: Wording, event: CaseAccepted | CaseDeemedAccepted) -> list[Block]:
    """Return what follows after acceptance, and until when: 容缺受理."""
    if event.deferred_due is None:
        return []
    names = dict(wording.item.materials)
    missing = "、".join(names.get(key, key) for key in event.deferred)
    return [
        heading("容缺受理"),
        text(
            f"下列材料尚未提交，按照{wording.you}的承诺，须在{with_weekday(event.deferred_due)}前"
            f"（含当日）补交：{missing}。补齐以前不作出准予的决定；逾期没有补齐的，本机关可以据此"
            "作出不予许可的决定。补交期间不停止计算办理期限。"
        ),
    ]


def _dates(wording: Wording, event: CaseAccepted | CaseDeemedAccepted) -> Block:
    terms = wording.terms

    def limit(days: int, due: date) -> str:
        return f"{days} 个工作日，至{due_day(wording, due)}" if days else "当场办结"

    if terms.first_review is not None:
        return wording.matter(
            ("受理日期", with_weekday(event.accepted_date)),
            ("初审期限", limit(terms.first_review.days, event.statutory_due)),
            ("决定机关", wording.decider),
            ("决定期限", f"自报送之日起 {terms.statutory_days} 个工作日"),
            ("承诺决定期限", f"自报送之日起 {terms.promised_days} 个工作日"),
        )
    return wording.matter(
        ("受理日期", with_weekday(event.accepted_date)),
        ("法定办结期限", limit(terms.statutory_days, event.statutory_due)),
        ("承诺办结期限", limit(terms.promised_days, event.promised_due)),
    )


def not_accepted(wording: Wording, event: CaseNotAccepted) -> Notice:
    """A decision with its ground, its reason, whoever is competent, and both remedies."""
    ground = GROUNDS[event.ground]
    blocks = [
        text(
            f"{wording.you}提出的下列申请，经审核，{ground}。"
            f"{wording.under(PARAGRAPHS[event.ground])}，本机关决定不予受理。"
        ),
        wording.matter(),
        heading("理由"),
        text(unsealed(event.reason)),
    ]
    if event.competent_organ:
        blocks.append(text(f"请向{event.competent_organ}提出申请。"))
    blocks.append(text(remedies(wording.you, wording.letterhead.remedies)))
    sheet = compose(
        wording,
        "不予受理决定书",
        *blocks,
        at=event.at,
        by=handled_by(wording, event.officer),
    )
    return Notice(paper=PaperKind.NOT_ACCEPTED, word="不受", user="", sheet=sheet)
