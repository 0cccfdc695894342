"""A change of shift at the windows, and what people there keep writing."""

from datetime import datetime

from mingtang.cases import queries
from mingtang.cases.actions import handovers
from mingtang.core.cases import Officer
from mingtang.core.phrases import PhraseUse
from mingtang.people import actions as people

PHRASES = (
    (PhraseUse.OPINION, "经审查，申请材料齐全，符合法定条件，拟准予许可。"),
    (PhraseUse.OPINION, "现场核查与申报一致，同意。"),
    (PhraseUse.SHORTFALL, "法定代表人没有签字，请签字后重新提交。"),
    (PhraseUse.SHORTFALL, "平面图没有标注面积，请标注后重新提交。"),
)


def live(*, giver: Officer, receiver: Officer, department: str, until: datetime) -> None:
    """Hand some of what waits from one clerk to another, and offer a second list; keep phrases."""
    for use, text in PHRASES:
        people.keep_phrase(owner=department, use=use, text=text)
    waiting = [row.number for row in queries.to_hand_over(giver.person, None)]
    notes = ("原件都在 1 号抽屉里，按编号排好了。", "请先联系第一件的申请人。")
    lists = [
        handovers.offer(
            numbers=numbers, receiver=receiver.person, note=note, giver=giver, at=until
        ).key
        for numbers, note in zip((waiting[:4], waiting[4:6]), notes, strict=True)
        if numbers
    ]
    if len(lists) > 1:
        handovers.confirm(key=lists[0], seen=waiting[:4], officer=receiver, at=until)
