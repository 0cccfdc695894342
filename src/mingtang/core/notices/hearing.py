"""听证告知书、听证通知书: the right to a hearing, and when and where it is held.

Each party has one of its own; to whoever did not apply it says who did. Source: 行政许可法
arts. 46-48.
"""

from mingtang.core.cases.hearingday import HearingNotified
from mingtang.core.cases.hearingright import HearingRightTold
from mingtang.core.cases.hearings import APPLICANT, Hearing
from mingtang.core.notices.wording import (
    Notice,
    Wording,
    compose,
    handled_by,
    moment,
    unsealed,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, text


def right_told(wording: Wording, event: HearingRightTold) -> Notice:
    """Within how many days it is asked for, where, and that it costs nothing: art. 47."""
    you = wording.you
    blocks = [
        text(
            f"{_whose(wording, event.party)}提出的下列申请，"
            "直接涉及申请人与他人之间的重大利益关系。"
            f"{wording.under('第四十七条')}，在作出决定前，{you}享有要求听证的权利。"
        ),
        wording.matter(),
        heading("涉及的重大利益"),
        text(unsealed(event.stake)),
        text(
            f"{you}要求听证的，应当自收到本告知书之日起五个工作日内提出：登录后在办件页面提出，"
            "或者向本机关书面提出。逾期没有提出的，本机关依法作出决定。"
            f"提出听证申请的，本机关在二十个工作日内组织听证，{you}不承担组织听证的费用。"
        ),
    ]
    officer = event.officer
    sheet = compose(wording, "听证告知书", *blocks, at=event.at, by=handled_by(wording, officer))
    return Notice(paper=PaperKind.HEARING_RIGHT, word="听告", user=officer.person, sheet=sheet)


def notified(wording: Wording, event: HearingNotified) -> Notice:
    """Time and place, who chairs it, what a party may do there: art. 48."""
    hearing, you = wording.case.hearing(event.hearing), wording.you
    blocks = [
        text(
            f"{_whose(wording, event.party)}提出的下列申请，{wording.under(_article(hearing))}，"
            "本机关决定举行听证，现将时间、地点通知如下："
        ),
        wording.matter(
            ("听证时间", moment(event.starts_at)),
            ("听证地点", hearing.place),
            ("听证主持人", _chair(wording, hearing)),
            ("举行方式", "公开举行" if hearing.public else "不公开举行"),
        ),
        *_reasons(hearing),
        text(
            "审查该申请的工作人员将在听证中提供审查意见的证据、理由，"
            f"{you}可以提出证据，并进行申辩和质证。"
        ),
        text(f"{you}认为主持人与该申请有直接利害关系的，有权申请其回避，请在听证开始前提出。"),
        text(
            f"听证制作笔录，交{you}确认无误后签字或者盖章；本机关根据听证笔录作出决定。"
            f"{you}不承担组织听证的费用。"
        ),
    ]
    officer = event.officer
    sheet = compose(wording, "听证通知书", *blocks, at=event.at, by=handled_by(wording, officer))
    return Notice(paper=PaperKind.HEARING_NOTICE, word="听通", user=officer.person, sheet=sheet)


def _whose(wording: Wording, party: int) -> str:
    return wording.you if party == APPLICANT else "申请人"


def _article(hearing: Hearing) -> str:
    return "第四十六条" if hearing.ground else "第四十七条"


def _chair(wording: Wording, hearing: Hearing) -> str:
    """Name and number, so that a party can tell whether to ask for another."""
    assert hearing.chair is not None
    name = wording.letterhead.officer_name
    number = f"工号 {hearing.chair.staff_no}"
    return f"{name}（{number}）" if name else number


def _reasons(hearing: Hearing) -> list[Block]:
    blocks: list[Block] = []
    if hearing.put_off:
        blocks += [heading("改期的理由"), text(hearing.put_off)]
    if hearing.private_reason:
        blocks += [heading("不公开举行的理由"), text(hearing.private_reason)]
    return blocks
