"""拟撤销告知书: that a licence is to be revoked, why, and until when its holder may answer.

A Chinese document with legal effect: its words stand here and are not translated. Sources:
行政许可法 arts. 7, 69.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mingtang.core.clock import civil_day
from mingtang.core.licences.hearing import RevocationTold
from mingtang.core.licences.standing import RevocationGround
from mingtang.core.notices.wording import LAW, in_words, unsealed, with_weekday
from mingtang.core.sheets import Layout, Sheet, facts, heading, text

WORD = "撤告"  # of its register
GROUNDS: Mapping[RevocationGround, str] = {
    RevocationGround.ABUSE: "工作人员滥用职权、玩忽职守作出准予许可决定",
    RevocationGround.BEYOND_POWERS: "超越法定职权作出准予许可决定",
    RevocationGround.AGAINST_PROCEDURE: "违反法定程序作出准予许可决定",
    RevocationGround.NOT_ELIGIBLE: "对不具备申请资格或者不符合法定条件的申请人准予许可",
    RevocationGround.FRAUD: "以欺骗、贿赂等不正当手段取得许可",
    RevocationGround.OTHER: "依法可以撤销的其他情形",
}


@dataclass(frozen=True, kw_only=True)
class Affected:
    """The licence as the notice speaks of it."""

    name: str
    number: str  # 证照编号; empty while it is made
    case: str  # that it was granted by
    organ_name: str
    holder_name: str
    organisation: bool  # the holder is one, and is spoken to as 你单位


def to_be_revoked(licence: Affected, event: RevocationTold) -> Sheet:
    """Return the sheet, without number and check code."""
    you = "你单位" if licence.organisation else "您"
    last = with_weekday(event.answer_due)
    authority = event.by.authority
    return Sheet(
        layout=Layout.NOTICE,
        title="拟撤销行政许可告知书",
        organ=licence.organ_name,
        addressee=licence.holder_name,
        blocks=(
            text(
                f"经查，{you}持有的下列证照存在依法应当或者可以撤销的情形，本机关拟予撤销。"
                f"依据{LAW}第七条、第六十九条，现将事实、理由和依据告知{you}。"
            ),
            facts(
                ("证照", licence.name),
                *((("证照编号", licence.number),) if licence.number else ()),
                ("办件编号", licence.case),
                ("拟撤销的情形", GROUNDS[event.ground]),
                ("陈述申辩截止日", last),
            ),
            heading("事实和理由"),
            text(unsealed(event.reason)),
            text(
                f"{you}可以最迟于{last}向本机关陈述和申辩：登录后在证照页面提交，或者到窗口书面提交；"
                "逾期不提出的，本机关依法作出决定。事实、理由或者证据成立的，本机关予以采纳。"
                "本告知书不是撤销决定，决定作出以前证照的效力不受影响。"
            ),
        ),
        date=civil_day(event.at),
        notes=(
            f"经办：工号 {event.by.staff_no}，依据授权书 {authority.letter_no}，"
            f"有效期至{in_words(authority.valid_to)}。",
        ),
    )
