"""准予、不予许可决定书: the decision itself, under the letter it rests on.

Source: 行政许可法 arts. 38, 39, 44, 48.
"""

from datetime import date

from mingtang.core.cases.decision import CaseDecided
from mingtang.core.notices.wording import (
    LAW,
    Notice,
    Wording,
    compose,
    decided_by,
    in_words,
    remedies,
    unsealed,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, text


def decided(wording: Wording, event: CaseDecided) -> Notice:
    """Return the decision; a refusal has its reason and both remedies (art. 38)."""
    granted = event.granted
    what = "行政许可" if wording.item.licence else ""
    blocks = _granted(wording, event, what) if granted else _refused(wording, event, what)
    sheet = compose(
        wording,
        f"{'准予' if granted else '不予'}{what}决定书",
        *blocks,
        at=event.at,
        by=decided_by(wording, event.officer, event.authority),
    )
    return Notice(
        paper=PaperKind.GRANTED if granted else PaperKind.REFUSED,
        word="准" if granted else "不准",
        user=event.officer.person,
        sheet=sheet,
    )


def _granted(wording: Wording, event: CaseDecided, what: str) -> list[Block]:
    opening = (
        f"{wording.you}提出的下列申请，经审查，符合{_standards(wording)}。"
        f"依据{_basis(wording, '第三十八条第一款')}，本机关决定准予{what}。"
    )
    blocks = [text(opening), wording.matter(*_cited(wording, event))]
    said = unsealed(event.reason)
    if said:
        blocks += [heading("说明"), text(said)]
    if wording.item.result:
        blocks.append(text(_handing_over(wording)))
    return blocks


def _cited(wording: Wording, event: CaseDecided) -> list[tuple[str, str]]:
    """Return what the decision rests on: answers of bodies outside the system (转报), and the
    records of hearings, on which it is taken (art. 48 para. 2)."""
    legs = [wording.case.leg(number) for number in event.cites]
    held = [wording.case.hearing(number) for number in event.hearings]
    return [
        *(("依据的答复", f"{leg.body} {leg.answer_no}（{_day(leg.answer_date)}）") for leg in legs),
        *(("依据的听证笔录", f"{_day(one.ended_date)}听证笔录") for one in held),
    ]


def _day(day: date | None) -> str:
    return in_words(day) if day else ""


def _handing_over(wording: Wording) -> str:
    """art. 44: within ten days of the decision; working days, art. 82."""
    result, within = f"“{wording.item.result}”", "自本决定作出之日起十个工作日内"
    if wording.terms.on_the_spot:
        return f"{result}当场颁发、送达；不能当场送达的，{within}送达。"
    return f"本机关{within}向{wording.you}颁发、送达{result}。"


def _refused(wording: Wording, event: CaseDecided, what: str) -> list[Block]:
    opening = (
        f"{wording.you}提出的下列申请，经审查，不符合{_standards(wording)}。"
        f"依据{_basis(wording, '第三十八条第二款')}，本机关决定不予{what or '办理'}。"
    )
    reason = text(unsealed(event.reason))
    return [
        text(opening),
        wording.matter(*_cited(wording, event)),
        heading("理由"),
        reason,
        text(remedies(wording.you, wording.letterhead.remedies)),
    ]


def _standards(wording: Wording) -> str:
    return "法定条件、标准" if wording.item.licence else "规定的条件、标准"


def _basis(wording: Wording, article: str) -> str:
    general = [f"{LAW}{article}"] if wording.item.licence else []
    return "、".join([*wording.item.basis, *general]) or "有关规定"
