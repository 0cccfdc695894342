"""收件回执: what came in, and when an answer is due at the latest."""

from datetime import date, datetime

from mingtang.core.cases.filing import CaseFiled, CorrectionsReceived
from mingtang.core.cases.terms import Document, Officer
from mingtang.core.notices.wording import (
    Notice,
    Wording,
    compose,
    moment,
    provisional,
    with_weekday,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, listed, text


def received(wording: Wording, event: CaseFiled) -> Notice:
    channel = "网上提交" if event.channel == "online" else "窗口提交"
    return _receipt(
        wording,
        f"今收到{wording.you}提交的下列申请。",
        documents=event.documents,
        at=event.at,
        intake_due=event.intake_due,
        officer=event.taken_by,
        how=channel,
    )


def corrections_received(wording: Wording, event: CorrectionsReceived) -> Notice:
    return _receipt(
        wording,
        f"今收到{wording.you}提交的补正材料。",
        documents=event.documents,
        at=event.at,
        intake_due=event.intake_due,
        officer=None,
        how="提交补正",
    )


def _receipt(
    wording: Wording,
    opening: str,
    *,
    documents: tuple[Document, ...],
    at: datetime,
    intake_due: date,
    officer: Officer | None,
    how: str,
) -> Notice:
    due = f"{with_weekday(intake_due)}{provisional(wording)}"
    blocks = [
        text(opening),
        wording.matter(("收件时间", moment(at)), ("提交方式", how)),
        *_materials(wording, documents),
        # 行政许可法 art. 32(4): not told within five working days, it counts as accepted.
        text(
            f"本机关将在{due}前告知是否受理，或者一次性告知需要补正的全部内容；"
            f"逾期不告知的，自收到申请材料之日起即为受理。"
        ),
        text("本回执仅证明收到上述材料，不代表申请已被受理。"),
    ]
    sheet = compose(wording, "收件回执", *blocks, at=at, officer=officer)
    return Notice(paper=PaperKind.RECEIVED, word="收", user="", sheet=sheet)


def _materials(wording: Wording, documents: tuple[Document, ...]) -> list[Block]:
    """Return the materials that came in, by the item's names, each with how many files."""
    if not documents:
        return []
    names = dict(wording.item.materials)
    counts: dict[str, int] = {}
    for document in documents:
        counts[document.material] = counts.get(document.material, 0) + 1
    lines = [(names.get(key, key), f"{count} 个文件") for key, count in counts.items()]
    return [heading("收到的材料"), listed(*lines)]
