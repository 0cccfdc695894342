"""准予、不予许可决定书: the decision itself, under the letter it rests on.

Source: 行政许可法 arts. 38, 39, 44.
"""

from mingtang.core.cases.decision import CaseDecided
from mingtang.core.notices.wording import LAW, Notice, Wording, compose, remedies
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, text
from mingtang.core.wire import ERASED


def decided(wording: Wording, event: CaseDecided) -> Notice:
    granted = event.granted
    what = "行政许可" if wording.item.licence else ""
    title = f"{'准予' if granted else '不予'}{what}决定书"
    blocks = _granted(wording, event) if granted else _refused(wording, event)
    sheet = compose(
        wording,
        title,
        *blocks,
        at=event.at,
        officer=event.officer,
        authority=event.authority,
    )
    return Notice(
        paper=PaperKind.GRANTED if granted else PaperKind.REFUSED,
        word="准" if granted else "不准",
        user=event.officer.person,
        sheet=sheet,
    )


def _granted(wording: Wording, event: CaseDecided) -> list[Block]:
    opening = (
        f"{wording.you}提出的“{wording.terms.name}”申请，经审查，符合法定条件、标准。"
        f"依据{_basis(wording)}，本机关决定准予。"
    )
    blocks = [text(opening), wording.matter()]
    if event.reason and event.reason != ERASED:
        blocks += [heading("说明"), text(event.reason)]
    if wording.item.result:
        # art. 44: within ten days of the decision
        blocks.append(
            text(f"“{wording.item.result}”自作出决定之日起十日内向{wording.you}颁发、送达。")
        )
    return blocks


def _refused(wording: Wording, event: CaseDecided) -> list[Block]:
    opening = (
        f"{wording.you}提出的“{wording.terms.name}”申请（办件编号 {wording.number}），"
        f"经审查，不符合法定条件、标准。依据{_basis(wording)}，本机关决定不予准许。"
    )
    reason = "" if event.reason == ERASED else event.reason
    return [text(opening), heading("理由"), text(reason), text(remedies(wording))]


def _basis(wording: Wording) -> str:
    article = f"{LAW}第三十八条" if wording.item.licence else ""
    return "、".join([*wording.item.basis, *filter(None, [article])]) or "有关规定"
