"""The record of service (送达回证): a paper that says how another paper reached its addressee.

Which papers have one: those from which a period runs or by which a right is decided; what is
handed over as a mere receipt has none, nor has a record of service itself.
Source: 行政许可法 arts. 32, 38, 42, 44, 45, 47, 48.
"""

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.notices.wording import AUTOMATIC, moment
from mingtang.core.papers import PaperKind, PaperServed, ServedHow
from mingtang.core.sheets import Layout, Sheet, facts, text

WITH_RECORD = frozenset(
    {
        PaperKind.CORRECTIONS,
        PaperKind.ACCEPTED,
        PaperKind.NOT_ACCEPTED,
        PaperKind.EXTENDED,
        PaperKind.SPECIAL,
        PaperKind.RESTARTED,
        PaperKind.HEARING_RIGHT,
        PaperKind.HEARING_NOTICE,
        PaperKind.GRANTED,
        PaperKind.REFUSED,
        PaperKind.TO_BE_REVOKED,
        PaperKind.REVOKED,
    }
)
WORD = "送"  # of its register
TITLE = "送达回证"
WAYS = {
    ServedHow.ONLINE: "电子送达",
    ServedHow.WINDOW: "窗口领取",
    ServedHow.POST: "邮寄送达",
    ServedHow.ELSEWHERE: "委托或者公告送达",
}
_TAKEN = {
    ServedHow.ONLINE: "电子签收：{recipient}登录后打开文书，签收时间由系统记录。",
    ServedHow.WINDOW: "当面签收：{recipient}在窗口领取，由经办人登记。",
    ServedHow.POST: "邮寄签收：{recipient}签收，由经办人登记。",
    ServedHow.ELSEWHERE: "由经办人登记，收件人{recipient}。",
}


def record_of_service(served: Sheet, event: PaperServed, *, index: int) -> Sheet:
    """Return the sheet that says how the paper `served` reached its addressee.

    `index`: entry of the ledger that holds it.
    """
    said = _TAKEN[event.how].format(recipient=event.recipient)
    return Sheet(
        layout=Layout.NOTICE,
        title=TITLE,
        organ=served.organ,
        blocks=(
            facts(
                ("受送达人", served.addressee),
                ("送达文书", served.title),
                ("文书文号", served.number),
                ("送达方式", WAYS[event.how]),
                ("送达时间", moment(event.at.astimezone(CHINA))),
                ("收件人", event.recipient),
                ("存证序号", str(index)),
            ),
            text(said),
        ),
        date=civil_day(event.at),
        notes=(AUTOMATIC,),
    )
