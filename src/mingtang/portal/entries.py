"""Ledger entries in plain words (账本记录), from their public face alone.

What is sealed is not in the face, so nothing personal can be told here.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingtang.core.history import WIRE
from mingtang.ledger.queries import LedgerEntry
from mingtang.portal import words

KINDS = {
    "calendar.year-published.v1": _("发布年度工作日历"),
    "case.filed.v1": _("收到申请"),
    "case.corrections-received.v1": _("收到补正材料"),
    "case.withdrawn.v1": _("申请人撤回申请"),
    "case.corrections-notified.v1": _("一次性告知补正"),
    "case.accepted.v1": _("受理申请"),
    "case.deemed-accepted.v1": _("逾期未告知，视为受理"),
    "case.not-accepted.v1": _("不予受理"),
    "case.step-completed.v1": _("完成一个审查环节"),
    "case.decided.v1": _("作出决定"),
    "case.redated.v1": _("按正式日历重算时限"),
    "case.extended.v1": _("延长办理期限"),
    "case.special-begun.v1": _("启动特别程序，暂停计时"),
    "case.special-ended.v1": _("特别程序结束，恢复计时"),
    "case.deferred-received.v1": _("收到容缺补交的材料"),
    "case.commitments-checked.v1": _("核查告知承诺"),
    "case.change-requested.v1": _("申请人变更申请内容"),
    "case.term-restarted.v1": _("认定实质变更，期限重新起算"),
    "case.change-noted.v1": _("认定变更不影响期限"),
    "case.site-checked.v1": _("现场核查"),
    "deposit.arrived.v1": _("保证金入账"),
    "deposit.closed.v1": _("保证金子账号销户"),
    "deposit.deadline-moved.v1": _("顺延保证金截止时间"),
    "deposit.forfeited.v1": _("保证金不予退还"),
    "deposit.opened.v1": _("开立保证金子账号"),
    "deposit.payout-failed.v1": _("保证金转付未成"),
    "deposit.payout-ordered.v1": _("决定转付保证金"),
    "deposit.payout-paid.v1": _("保证金转付到账"),
    "deposit.payout-sent.v1": _("保证金转付送银行"),
    "deposit.refund-failed.v1": _("保证金退款未成"),
    "deposit.refund-ordered.v1": _("决定退还保证金"),
    "deposit.refund-paid.v1": _("保证金退款到账"),
    "deposit.refund-sent.v1": _("保证金退款送银行"),
    "deposit.registered.v1": _("银行开通保证金子账号"),
    "deposit.transferred.v1": _("保证金转出"),
    "stray.arrived.v1": _("登记不明来款"),
    "stray.return-failed.v1": _("不明来款退回未成"),
    "stray.return-ordered.v1": _("决定退回不明来款"),
    "stray.return-sent.v1": _("不明来款退回送银行"),
    "stray.returned.v1": _("不明来款已退回"),
    "foreign-case.continued.v1": _("外部办件有新的记录"),
    "foreign-case.recorded.v1": _("导入外部办件"),
    "foreign-notice.corrected.v1": _("更正其他平台项目"),
    "foreign-notice.recorded.v1": _("登记其他平台项目"),
    "hall.arranged.v1": _("设定大厅的排队规则"),
    "item.drafted.v1": _("起草事项"),
    "item.published.v1": _("发布事项"),
    "item.withdrawn.v1": _("事项取消"),
    "ledger.erased.v1": _("依法删除封存内容"),
    "mandate.granted.v1": _("签署授权书"),
    "mandate.published.v1": _("公布授权书"),
    "mandate.revoked.v1": _("撤销授权书"),
    "office.closed.v1": _("停用办公地点"),
    "office.opened.v1": _("启用办公地点"),
    "organisation.agent-named.v1": _("单位指定经办人"),
    "organisation.agent-removed.v1": _("单位取消经办人"),
    "organisation.amended.v1": _("单位信息更正"),
    "organisation.registered.v1": _("单位登记"),
    "person.amended.v1": _("更正个人信息"),
    "person.appointed.v1": _("任命岗位"),
    "person.appointment-ended.v1": _("免去岗位"),
    "person.entrusted.v1": _("个人委托代办"),
    "person.entrustment-ended.v1": _("结束代办委托"),
    "person.registered.v1": _("登记个人"),
    "batch.filed.v1": _("收到批量申请"),
    "licence.registered.v1": _("登记证照"),
    "licence.issued.v1": _("签发证照"),
    "licence.delivered.v1": _("发证"),
    "licence.suspended.v1": _("暂停证照"),
    "licence.resumed.v1": _("恢复证照"),
    "licence.revoked.v1": _("撤销证照"),
    "licence.cancelled.v1": _("注销证照"),
    "licence.reissued.v1": _("换发、补发证照"),
    "licence.renewal-applied-for.v1": _("申请延续证照"),
    "licence.renewal-ended.v1": _("延续申请办结，未准予"),
    "licence.replaced.v1": _("证照换证"),
    "licence.deemed-renewed.v1": _("逾期未作决定，视为准予延续"),
    "licence-type.published.v1": _("发布证照类型"),
    "licence-type.withdrawn.v1": _("停用证照类型"),
    "paper.ordered.v1": _("开具文书"),
    "paper.issued.v1": _("签发文书并用印"),
    "paper.served.v1": _("送达文书"),
    "paper.read.v1": _("查阅证照"),
    "queue.ticket-booked.v1": _("预约时段"),
    "queue.ticket-called.v1": _("叫号"),
    "queue.ticket-cancelled.v1": _("取消号"),
    "queue.ticket-finished.v1": _("办完离窗"),
    "queue.ticket-recalled.v1": _("重呼"),
    "queue.ticket-skipped.v1": _("过号"),
    "queue.ticket-taken.v1": _("取号"),
    "queue.ticket-transferred.v1": _("转窗"),
    "seal.made.v1": _("制作印章"),
    "seal.handed-over.v1": _("移交印章"),
    "seal.suspended.v1": _("停用印章"),
    "seal.resumed.v1": _("恢复使用印章"),
    "seal.destroyed.v1": _("销毁印章"),
    "trade.entered.v1": _("录入交易项目"),
    "trade.amended.v1": _("修改交易项目"),
    "trade.submitted.v1": _("提交交易项目审核"),
    "trade.returned.v1": _("退回交易项目"),
    "trade.approved.v1": _("交易项目审核通过"),
    "trade.notice-published.v1": _("发布交易公告"),
    "trade.notice-changed.v1": _("发布变更公告"),
    "trade.suspended.v1": _("发布中止公告"),
    "trade.resumed.v1": _("发布恢复公告"),
    "trade.ended.v1": _("终止交易项目"),
    "trade.result-published.v1": _("发布结果公告"),
    "trade-kinds.published.v1": _("发布交易品类"),
    "trade-procedure.published.v1": _("发布交易规程"),
    "trade-procedure.withdrawn.v1": _("停用交易规程"),
    "application.filed.v1": _("报名竞买"),
    "application.admitted.v1": _("准予参加竞买"),
    "application.refused.v1": _("不予参加竞买"),
    "application.withdrawn.v1": _("撤回报名"),
    "application.key-replaced.v1": _("更换会话密钥"),
    "application.offer-sealed.v1": _("提交密封报价"),
    "lot.announced.v1": _("标的公告"),
    "lot.changed.v1": _("标的变更"),
    "lot.reserve-entered.v1": _("录入底价"),
    "lot.paddle-appeared.v1": _("号牌进场"),
    "lot.bid-placed.v1": _("报价"),
    "lot.entry-declared.v1": _("确认参加后续竞价"),
    "lot.ceiling-reached.v1": _("达到最高限价"),
    "lot.stop-proposed.v1": _("提议中止或终止竞价"),
    "lot.stop-declined.v1": _("否决中止或终止的提议"),
    "lot.suspended.v1": _("竞价中止"),
    "lot.resumed.v1": _("竞价恢复"),
    "lot.stopped.v1": _("竞价终止"),
    "lot.deadlines-shifted.v1": _("系统中断，时间顺延"),
    "lot.paddle-barred.v1": _("取消竞买资格"),
    "lot.closed.v1": _("竞价结束"),
    "lot.winners-named.v1": _("公布竞得人"),
    "lot.contract-recorded.v1": _("登记成交合同"),
    "lot.winner-defaulted.v1": _("登记悔拍"),
    "outage.recorded.v1": _("登记系统中断"),
}
FIELDS = {
    "about": _("所述事项"),
    "accepted_date": _("受理日期"),
    "account": _("账号"),
    "address": _("地址"),
    "addressee": _("受送达人"),
    "agent": _("代办人"),
    "agreed": _("是否两人一致"),
    "amount": _("金额"),
    "amount_fen": _("金额（分）"),
    "answers": _("情形选择"),
    "applicant": _("申请人"),
    "applicant_id_number": _("申请人证件号码"),
    "applicant_kind": _("申请人类别"),
    "applicant_name": _("申请人姓名或名称"),
    "approver": _("批准人"),
    "arrival": _("第几笔来款"),
    "asked": _("询问截止"),
    "at": _("时间"),
    "authority": _("授权依据"),
    "awards": _("成交"),
    "basis": _("依据"),
    "batch": _("批次"),
    "began": _("中断开始"),
    "begun_date": _("开始日期"),
    "bidders": _("竞买人数"),
    "bids": _("报价次数"),
    "booked": _("银行入账时间"),
    "by": _("操作人编号"),
    "business": _("业务类型"),
    "calendar": _("所用日历"),
    "case": _("办件"),
    "category": _("交易类别"),
    "cause": _("所依据的记录"),
    "centre": _("中心"),
    "certificate": _("印章证书"),
    "channel": _("渠道"),
    "closes": _("报价截止"),
    "code": _("编码"),
    "competent_organ": _("主管机关"),
    "content": _("公开内容"),
    "count": _("数目"),
    "counted_fen": _("计入金额（分）"),
    "custodian": _("保管人"),
    "day": _("日期"),
    "days": _("工作日数"),
    "deadline": _("截止时间"),
    "deposit_until": _("保证金截止"),
    "document": _("文书"),
    "documents": _("材料摘要"),
    "draft": _("草稿序号"),
    "draw": _("摇号"),
    "dropped": _("不再交易的品类"),
    "due_at": _("办理期限"),
    "due_fen": _("应交金额（分）"),
    "end": _("竞价截止"),
    "ended": _("竞价是否结束"),
    "expected_days": _("预计工作日"),
    "extensions": _("延时次数"),
    "file": _("文件摘要"),
    "finding": _("审查结论"),
    "form": _("申请表"),
    "giver": _("移交人"),
    "granted": _("是否准予"),
    "ground": _("理由类别"),
    "hall": _("大厅"),
    "held_fen": _("其中保证金（分）"),
    "holder": _("持证人编号"),
    "holder_kind": _("持证人类别"),
    "holder_name": _("持证人"),
    "holder_number": _("持证人证件号码"),
    "how": _("方式"),
    "id_kind": _("证件类型"),
    "id_number": _("证件号码"),
    "identifier": _("证照标识"),
    "in_time": _("是否按期申请"),
    "index": _("所指序号"),
    "institution": _("机构"),
    "intake_due": _("告知受理期限"),
    "issuer": _("发证机关代码"),
    "item": _("事项"),
    "items": _("授权事项"),
    "key": _("公钥"),
    "key_no": _("公钥序号"),
    "kinds": _("交易品类"),
    "letter_no": _("授权书文号"),
    "limits": _("授权限制"),
    "lot": _("标的序号"),
    "lots": _("标的"),
    "makeup_days": _("调休上班日"),
    "memo": _("附言"),
    "name": _("名称"),
    "names": _("字段"),
    "no": _("公告序号"),
    "nonce": _("摇号随机数"),
    "notice": _("公告内容"),
    "number": _("编号"),
    "off_days": _("放假日"),
    "office": _("办公地点"),
    "office_kind": _("地点类别"),
    "officer": _("经办人"),
    "official": _("是否正式"),
    "opened": _("随后开始的环节"),
    "opens": _("竞价开始"),
    "opinion": _("意见"),
    "organ": _("机关编码"),
    "organ_name": _("机关名称"),
    "organisation": _("单位"),
    "organisation_kind": _("单位类别"),
    "outage": _("中断编号"),
    "outcome": _("结果"),
    "owner": _("存放人"),
    "paddle": _("号牌"),
    "paper": _("文书"),
    "page_key": _("号票网址"),
    "part": _("阶段"),
    "outline": _("办件概况"),
    "particulars": _("单位信息"),
    "payer_account": _("付款账号"),
    "payer_name": _("付款户名"),
    "person": _("人员编号"),
    "person_name": _("被授权人"),
    "phone": _("电话"),
    "place": _("批内行号"),
    "powers": _("权限"),
    "price": _("报价"),
    "price_fen": _("报价（分）"),
    "priority": _("优先购买权"),
    "procedure": _("特别程序"),
    "project": _("项目"),
    "promised_due": _("承诺到期日"),
    "proposed_by": _("提议人编号"),
    "provisional": _("日期为暂定"),
    "purpose": _("用途"),
    "quantity": _("数量"),
    "rank": _("优先顺序"),
    "reader": _("查阅人"),
    "reason": _("理由"),
    "received": _("到达时间"),
    "receiver": _("接收人"),
    "recipient": _("收取人"),
    "recovered": _("中断恢复"),
    "ref": _("报价编号"),
    "related": _("原证照"),
    "renewal_days": _("提前申请天数"),
    "renews": _("申请延续的证照"),
    "required": _("必要材料"),
    "reserve_fen": _("底价（分）"),
    "result": _("结果"),
    "resumes": _("恢复时间"),
    "review_finished": _("审查是否结束"),
    "role": _("角色"),
    "rows": _("逐行内容"),
    "rule": _("顺延规则"),
    "rules": _("排队规则"),
    "scope": _("范围"),
    "seal_no": _("印章编码"),
    "seed": _("摇号种子"),
    "sequence": _("序号"),
    "serial": _("流水号"),
    "series": _("文号序列"),
    "service": _("服务"),
    "sheet": _("文面"),
    "shortfalls": _("需补正内容"),
    "sign_up_until": _("报名截止"),
    "signature": _("签名"),
    "slot": _("时段"),
    "source": _("来源"),
    "steps": _("环节"),
    "staff_no": _("工号"),
    "statutory_due": _("法定到期日"),
    "step": _("环节"),
    "stopping": _("中止或终止"),
    "successor": _("新证照"),
    "surplus_fen": _("其中待退款（分）"),
    "taken_by": _("收件人"),
    "terms": _("事项版本与条件"),
    "text": _("项目内容"),
    "title": _("职务"),
    "to": _("转往"),
    "to_account": _("收款账号"),
    "to_name": _("收款户名"),
    "trade_code": _("统一交易标识码"),
    "trade_kind": _("交易品类"),
    "type": _("证照类型"),
    "type_code": _("证照类型代码"),
    "type_version": _("证照类型版本"),
    "use": _("用印"),
    "user": _("用印人"),
    "valid_from": _("生效日期"),
    "valid_to": _("失效日期"),
    "validity_months": _("有效期（月）"),
    "values": _("证照内容"),
    "verdict": _("结果"),
    "version": _("版本"),
    "visitor": _("取号人"),
    "why": _("原因"),
    "window": _("窗口"),
    "year": _("年份"),
}
# Which member of the face says what the entry is about.
ABOUT = {
    "foreign-case.recorded.v1": ("number",),
    "foreign-notice": ("notice", "title"),
    "item": ("content", "name"),
    "mandate": ("organ_name",),
    "office": ("name",),
    "calendar": ("year",),
    "case.filed.v1": ("terms", "name"),
    "batch": ("terms", "name"),
    "licence.registered.v1": ("name",),
    "licence-type.published.v1": ("content", "name"),
    "hall": ("rules", "name"),
    "lot": ("paddle",),
    "lot.announced.v1": ("content", "title"),
    "lot.changed.v1": ("content", "title"),
    "outage": ("service",),
    "paper.ordered.v1": ("title",),
    "queue": ("number",),
    "seal.made.v1": ("organ_name",),
    "trade.entered.v1": ("trade_code",),
    "trade.notice-published.v1": ("content", "title"),
    "trade-procedure.published.v1": ("content", "name"),
}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    text: str
    nested: bool  # text is indented JSON


@dataclass(frozen=True, slots=True)
class Face:
    """The public face of an entry."""

    index: int
    kind: str
    what: str
    about: str
    at: datetime | None
    stream: str
    fields: tuple[Field, ...]
    sealed: tuple[str, ...]  # labels of the fields of which there are only digests
    digests: tuple[str, ...]


def line(entry: LedgerEntry) -> dict[str, Any]:
    """Return the entry as a line of `{% timeline %}`."""
    body = json.loads(bytes(entry.body))
    return {
        "at": _moment(body),
        "what": what(entry.kind),
        "note": _about(entry.kind, body),
        "index": entry.index,
        "receipt_url": reverse("portal:entry", args=[entry.index]),
    }


def face(entry: LedgerEntry) -> Face:
    body = json.loads(bytes(entry.body))
    shown = [(name, value) for name, value in body.items() if name[0] != "_" and name != "kind"]
    sealed = WIRE.sealed_fields(entry.kind) if body.get("_sd") else ()
    return Face(
        index=entry.index,
        kind=entry.kind,
        what=what(entry.kind),
        about=_about(entry.kind, body),
        at=_moment(body),
        stream=entry.stream,
        fields=tuple(_field(name, value) for name, value in shown if value not in ("", None, [])),
        sealed=tuple(label(name) for name in sealed),
        digests=tuple(body.get("_sd", ())),
    )


def what(kind: str) -> str:
    """Return what happened, in the reader's words; a kind we have no words for by its name."""
    return str(KINDS.get(kind, kind))


def label(name: str) -> str:
    return str(FIELDS.get(name, name))


def _field(name: str, value: Any) -> Field:
    nested = isinstance(value, dict) or (isinstance(value, list) and _deep(value))
    return Field(name, label(name), _pretty(value) if nested else _plain(value), nested)


def _deep(values: list[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)


def _about(kind: str, body: dict[str, Any]) -> str:
    *way, last = ABOUT.get(kind) or ABOUT.get(kind.partition(".")[0], ("",))
    holder: Any = body
    for name in way:
        holder = holder.get(name, {})
    return words.named(str(holder.get(last, "")), holder.get(f"{last}_en", ""))


def _moment(body: dict[str, Any]) -> datetime | None:
    at = body.get("at")
    return datetime.fromisoformat(at) if isinstance(at, str) and "T" in at else None
