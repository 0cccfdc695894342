"""收件回执: what came in, and when an answer is due at the latest."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from mingtang.core.cases.filing import CaseFiled, CorrectionsReceived
from mingtang.core.cases.terms import Document, Officer
from mingtang.core.notices.wording import (
    Notice,
    Wording,
    compose,
    due_day,
    handled_by,
    moment,
    provisional,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, heading, listed, text

TRACKING = "凭办件编号和申请时所留电话号码的后四位，可以在网上查询办理进度。"


def received(wording: Wording, event: CaseFiled) -> Notice:
    return _receipt(
        wording,
        f"今收到{wording.you}提出的下列申请：",
        documents=event.documents,
        at=event.at,
        intake_due=event.intake_due,
        officer=event.taken_by,
        how="网上提交" if event.channel == "online" else "窗口提交",
    )


def corrections_received(wording: Wording, event: CorrectionsReceived) -> Notice:
    return _receipt(
        wording,
        f"今收到{wording.you}对下列申请提交的补正材料：",
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
    documents: Sequence[Document],
    at: datetime,
    intake_due: date,
    officer: Officer | None,
    how: str,
) -> Notice:
    blocks = [
        text(opening),
        wording.matter(
            ("收件", f"{moment(at)}，{how}"), ("最迟答复日", due_day(wording, intake_due))
        ),
        *_materials(wording, documents),
        *provisional(wording),
        text(f"{_answer(wording)}{_limits(wording)}本回执不代表申请已被受理。"),
    ]
    by = (*handled_by(wording, officer), TRACKING)
    sheet = compose(wording, "收件回执", *blocks, at=at, by=by)
    return Notice(paper=PaperKind.RECEIVED, word="收", user="", sheet=sheet)


def _answer(wording: Wording) -> str:
    """行政许可法 art. 32(4): not told within five working days, it counts as accepted.

    What is to be corrected is told once: after corrections there is nothing more to ask for.
    """
    corrected = wording.case.corrected
    or_told = "" if corrected else "，或者一次性告知需要补正的全部内容"
    return (
        f"{wording.under('第三十二条')}，本机关最迟在上列答复日告知是否受理{or_told}；"
        f"逾期不告知的，自收到{'补正' if corrected else '申请'}材料之日起即为受理。"
    )


def _limits(wording: Wording) -> str:
    terms = wording.terms
    if terms.on_the_spot:
        return "本事项材料齐全、符合规定的，当场办结。"
    statutory, promised = terms.statutory_days, terms.promised_days
    if terms.first_review is not None:
        return (
            f"受理后，本机关 {terms.first_review.days} 个工作日内初审并报送{wording.decider}；"
            f"自报送之日起，法定 {statutory} 个工作日、承诺 {promised} 个工作日内作出决定。"
        )
    return f"受理后，法定 {statutory} 个工作日、承诺 {promised} 个工作日内办结。"


def _materials(wording: Wording, documents: Sequence[Document]) -> list[Block]:
    """Return the materials that came in, by the item's names, each with how many files."""
    if not documents:
        return []
    names = dict(wording.item.materials)
    counts = Counter(document.material for document in documents)
    lines = [(names.get(key, key), f"{count} 个文件") for key, count in counts.items()]
    return [heading(f"收到的材料（{len(lines)} 项，{len(documents)} 个文件）"), listed(*lines)]
