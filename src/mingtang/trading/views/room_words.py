"""What the room's scripts say (竞价大厅用语), in the reader's language; they fill in `{name}`."""

from django.utils.translation import gettext_lazy as _

from mingtang.trading.templatetags.lot_words import (
    PART_NAMES,
    PARTS,
    STOPPINGS,
    UNSOLD,
    UNTIL,
    VERDICTS,
)

WORDS = {
    # the connection
    "reconnecting": _("连接中断，正在重连，已收到的记录不会丢"),
    "offset-ahead": _("您的时钟快 {seconds} 秒，已校正"),
    "offset-behind": _("您的时钟慢 {seconds} 秒，已校正"),
    "offset-none": _("您的时钟与服务器一致"),
    "offset-unknown": _("正在校对时钟…"),
    # where I stand
    "leading": _("您当前领先"),
    "overtaken": _("已被超过"),
    "not-yet": _("您还没有报价"),
    "won": _("您已竞得"),
    "not-won": _("您未竞得"),
    "offered": _("已密封报价"),
    "last-bid": _("我的上次报价 {price}"),
    "barred": _("您的竞买资格已被取消"),
    "me": _("{paddle}（我）"),
    # prices and time
    "highest": _("当前最高报价"),
    "lowest": _("当前最低报价"),
    "start": _("起始价"),
    "most": _("最高限价"),
    "sold": _("成交价"),
    "not-said": _("待公布"),
    "falling": _("当前价，第一个应价的成交"),
    "steps": _("加 {n} 个幅度（{step}）"),
    "steps-down": _("减 {n} 个幅度（{step}）"),
    "first-price": _("起始价可以直接报"),
    "first-price-down": _("最高限价可以直接报"),
    "same-as-best": _("与当前最高价相同，限时竞价的第一次报价可以这样报"),
    "to-ceiling": _("最高限价"),
    "hurry": _("竞拍即将结束，请竞买人抓紧时间报价！"),
    "seconds-left": _("还有 {n} 秒"),
    "extended": _("第 {n} 次延时，新截止 {time}"),
    "extended-times": _("已延时 {n} 次"),
    "per-square-metre": _("元/平方米"),
    "yuan": _("元"),
    "comma": _("，"),
    "and": _("；"),
    "stopped": _("竞价已终止"),
    "award": _("号牌 {paddle} · {price}"),
    "award-units": _("号牌 {paddle} · {price} × {quantity} {unit}"),
    # bidding
    "bid": _("出价 {price}"),
    "take": _("应价 {price}"),
    "match": _("行使优先购买权，同价 {price}"),
    "offer": _("密封报价 {price}"),
    "price-moved": _("价格已经变了，这个价现在不能报。请返回，按新的价格再报。"),
    "sending": _("正在送出…"),
    "asking-again": _("正在确认您的报价…网络不通时不会重复报价，请不要关闭页面。"),
    "recorded": _("报价有效，已记入账本 № {index}，服务器收到时间 {time}"),
    "offer-recorded": _("密封报价已记入账本 № {index}，服务器收到时间 {time}"),
    "declared": _("已确认参加"),
    "declare-timed": _("参加限时竞价"),
    "declare-lot": _("参加摇号"),
    "declare-one-shot": _("参加一次报价"),
    "session-over": _("进入大厅的凭证已过期，请刷新页面。您的报价没有送出。"),
    "no-answer": _("服务器没有答复，报价没有记录。"),
    "not-yours": _("您没有参加限时竞价的资格：规程要求先有过有效报价，或者在询问期内确认参加。"),
    "ceiling-reached": _(
        "已有人报到最高限价，不再接受报价。到时会问您是否参加后面的环节，请留意。"
    ),
    "amount-wrong": _("请填写金额，最多两位小数。"),
    "quantity-wrong": _("请填写数量，必须是整数。"),
    "insecure": _(
        "这个浏览器不能安全签名，不能在这里报价。请换用新版浏览器，并用 https 打开本页。"
    ),
    "offers-used": _("可以报价的次数已经用完。"),
    # what others did, read aloud
    "new-bid": _("号牌 {paddle} 报价 {price}"),
    # the record
    "log-extended": _("第 {n} 次延时，新截止 {time}"),
    "log-declared": _("号牌 {paddle} 确认参加"),
    "log-ceiling": _("号牌 {paddle} 报到最高限价"),
    "log-suspended": _("竞价中止：{reason}"),
    "log-resumed": _("竞价定于 {time} 恢复，中止时剩余的时间不变"),
    "log-stopped": _("竞价终止：{reason}"),
    "log-barred": _("号牌 {paddle} 被取消竞买资格：{reason}"),
    "log-shifted": _("因系统中断，截止时间顺延"),
    "log-changed": _("标的变更：{reason}"),
    "log-reserve": _("底价已录入"),
    "log-reserve-agreed": _("底价由第二人核对，已经生效"),
    "log-proposed": _("主持人提议{what}：{reason}"),
    "log-declined": _("提议没有通过"),
    "log-closed": _("竞价结束：{verdict}"),
    # the host
    "proposal": _("提议{what}：{reason}"),
    "watchers": _("{n} 个连接"),
}
LOG_KINDS = {
    "lot.entry-declared.v1": "log-declared",
    "lot.ceiling-reached.v1": "log-ceiling",
    "lot.suspended.v1": "log-suspended",
    "lot.resumed.v1": "log-resumed",
    "lot.stopped.v1": "log-stopped",
    "lot.paddle-barred.v1": "log-barred",
    "lot.deadlines-shifted.v1": "log-shifted",
    "lot.changed.v1": "log-changed",
    "lot.stop-proposed.v1": "log-proposed",
    "lot.stop-declined.v1": "log-declined",
    "lot.closed.v1": "log-closed",
    "lot.reserve-entered.v1": "log-reserve",
}


def said() -> dict[str, str]:
    """Return everything the scripts say, by name."""
    words = {name: str(word) for name, word in WORDS.items()}
    for family, named in (
        ("part", PARTS),
        ("part-name", PART_NAMES),
        ("until", UNTIL),
        ("verdict", VERDICTS),
        ("unsold", UNSOLD),
        ("stopping", STOPPINGS),
    ):
        words |= {f"{family}-{value}": str(word) for value, word in named.items()}
    return words
