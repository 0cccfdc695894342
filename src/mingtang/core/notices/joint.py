"""延期通知书 of a joint case: why it takes longer, until when, and who approved it.

Source: 行政许可法 art. 42 para. 2.
"""

from mingtang.core.joint.extending import JointExtended
from mingtang.core.notices.wording import (
    LAW,
    JointWording,
    Notice,
    compose,
    due_day,
    handled_by,
    provisional,
    unsealed,
    with_weekday,
)
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import facts, heading, text


def _until(wording: JointWording, event: JointExtended) -> str:
    """Return the new last day; while a branch is in a procedure of art. 45 nobody knows it yet."""
    if any(pause.until_date is None for pause in wording.joint.pauses):
        return "有分项在进行特别程序，所需时间不计算在内，结束后另行计算"
    return due_day(wording, event.due)


def extended(wording: JointWording, event: JointExtended) -> Notice:
    """The applicant is told the reason: art. 42 para. 2. It goes out in the lead's name."""
    approved = "经本级人民政府负责人批准"
    blocks = [
        text(
            f"{wording.you}一次提出的下列申请，由几个部门联合办理，在法定期限内不能全部办结。"
            f"依据{LAW}第四十二条第二款，{approved}，联办期限延长 {event.days} 个工作日。"
        ),
        facts(
            ("申请事项", wording.name),
            ("联办编号", wording.number),
            ("分项", "、".join(branch.name for branch in wording.joint.branches)),
            ("原法定届满日", with_weekday(event.due_before)),
            ("延长后届满日", _until(wording, event)),
        ),
        *provisional(wording),
        heading("延长期限的理由"),
        text(unsealed(event.reason)),
        text("各部门仍按各自的期限办理自己的分项。"),
    ]
    by = handled_by(wording, event.approver, as_what=approved)
    sheet = compose(wording, "延期通知书", *blocks, at=event.at, by=by)
    return Notice(paper=PaperKind.EXTENDED, word="延", user="", sheet=sheet)
