"""The papers of a revocation: 拟撤销行政许可告知书, 撤销行政许可决定书.

What its holder is told first: that it is to be revoked, why, and until when they may answer; and
what was decided in the end. Chinese documents with legal effect: their words stand here and are
not translated. Sources: 行政许可法 arts. 7, 69.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mingtang.core.clock import civil_day
from mingtang.core.licences.hearing import RevocationTold
from mingtang.core.licences.standing import LicenceRevoked
from mingtang.core.licences.state import RevocationGround
from mingtang.core.licences.terms import Signatory
from mingtang.core.notices.wording import (
    LAW,
    Remedies,
    in_words,
    remedies,
    unsealed,
    with_weekday,
)
from mingtang.core.sheets import Block, Layout, Sheet, facts, heading, text

WORD = "撤告"  # of its register
DECISION_WORD = "撤决"
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
    """The licence as its papers speak of it."""

    name: str
    number: str  # 证照编号; empty while it is made
    case: str  # that it was granted by
    organ_name: str
    holder_name: str
    organisation: bool  # the holder is one, and is spoken to as 你单位

    @property
    def you(self) -> str:
        """How the holder is spoken to."""
        return "你单位" if self.organisation else "您"

    def matter(self, *more: tuple[str, str]) -> Block:
        """Return the facts that say which licence it is."""
        numbered = (("证照编号", self.number),) if self.number else ()
        return facts(("证照", self.name), *numbered, ("办件编号", self.case), *more)


def to_be_revoked(licence: Affected, event: RevocationTold) -> Sheet:
    """Return the sheet, without number and check code."""
    you, last = licence.you, with_weekday(event.answer_due)
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
            licence.matter(("拟撤销的情形", GROUNDS[event.ground]), ("陈述申辩截止日", last)),
            heading("事实和理由"),
            text(unsealed(event.reason)),
            text(
                f"{you}可以最迟于{last}向本机关陈述和申辩：登录后在证照页面提交，或者到窗口书面提交；"
                "逾期不提出的，本机关依法作出决定。事实、理由或者证据成立的，本机关予以采纳。"
                "本告知书不是撤销决定，决定作出以前证照的效力不受影响。"
            ),
        ),
        date=civil_day(event.at),
        notes=(f"经办：工号 {event.by.staff_no}，{_under(event.by)}",),
    )


def revoked(licence: Affected, event: LicenceRevoked, *, answered: bool, where: Remedies) -> Sheet:
    """Return the sheet, without number and check code.

    `answered`: the holder said something; `where`: whom they turn to against it.
    """
    you = licence.you
    heard = (
        f"{you}已向本机关陈述和申辩，本机关进行了复核，对未采纳的部分，理由如上。"
        if answered
        else f"本机关已书面告知{you}拟撤销的事实、理由和依据，{you}在期限内没有陈述和申辩。"
    )
    return Sheet(
        layout=Layout.NOTICE,
        title="撤销行政许可决定书",
        organ=licence.organ_name,
        addressee=licence.holder_name,
        blocks=(
            text(
                f"经查，{you}持有的下列证照存在依法应当或者可以撤销的情形。依据{LAW}第六十九条，"
                "本机关决定撤销该证照所载的行政许可。"
            ),
            licence.matter(("撤销的情形", GROUNDS[event.ground])),
            heading("事实和理由"),
            text(unsealed(event.reason)),
            text(heard),
            text(
                "该许可自本决定作出之日起撤销，电子证照同时失效；持有纸质证照的，请交回发证窗口。"
                f"{_interests(you, event.ground)}"
            ),
            text(remedies(you, where)),
        ),
        date=civil_day(event.at),
        notes=(f"本决定由首席代表（工号 {event.by.staff_no}）作出，{_under(event.by)}",),
    )


def _interests(you: str, ground: RevocationGround) -> str:
    """What becomes of what rested on it: art. 69 para. 4."""
    if ground is RevocationGround.FRAUD:
        return f"{you}基于该许可取得的利益不受保护。"
    return f"{you}的合法权益因撤销受到损害的，可以依法请求赔偿。"


def _under(by: Signatory) -> str:
    letter = by.authority
    return f"依据授权书 {letter.letter_no}，有效期至{in_words(letter.valid_to)}。"
