"""Why something was refused, in the reader's words (拒绝理由): one sentence for each stable code.

The rules only know codes (`case.not-awaiting-acceptance`) and facts; statistics count the codes,
pages show these sentences. A sentence says what is so, and where it helps, what to do.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.decider import Refused

SENTENCES = {
    "account.already-disabled": _("这个账号已经停用。"),
    "account.already-enabled": _("这个账号已经启用。"),
    "account.already-open": _("这个人已经有账号。"),
    "account.own-account": _("不能管理自己的账号，须由另一位管理员办理。"),
    "account.person-unknown": _("没有登记这个人，先登记才能开通账号。"),
    "account.unknown": _("没有这个用户名。"),
    "account.username-taken": _("这个用户名已有人使用，请换一个。"),
    "batch.already-filed": _("这一批已经提交过，没有重复提交。"),
    "batch.empty": _("这一批里还没有一行，请先填写或上传。"),
    "batch.not-allowed": _("这个事项不能批量申请，请逐件申请。"),
    "batch.rows-alike": _("第 %(first)s 行和第 %(second)s 行是同一个，请删去一行。"),
    "batch.too-many": _("一批最多 %(limit)s 行，请分成几批提交。"),
    "calendar.already-official": _("这一年的放假安排已是正式的，不能再改为暂定。"),
    "calendar.date-outside-year": _("这些日期不在这一年里：%(dates)s。"),
    "calendar.makeup-not-weekend": _("调休上班日只能落在周末，这些不是：%(dates)s。"),
    "calendar.off-and-makeup": _("同一天不能既放假又上班：%(dates)s。"),
    "calendar.official-year-needs-source": _("正式的放假安排要写明国务院通知的文号。"),
    "calendar.other-year": _("这份安排属于另一个年份。"),
    "calendar.unchanged": _("与现行安排相同，没有需要记下的变化。"),
    "case.already-filed": _("这件已经提交过，没有重复提交。"),
    "case.awaiting-corrections": _("这件正在等申请人补正，收到补正后才能继续。"),
    "case.closed": _("这件已经办结，不能再办理。"),
    "case.competent-organ-missing": _("不属于本机关职权的，须告知申请人该向哪个机关申请。"),
    "case.corrections-already-notified": _(
        "已经告知过一次补正。法律要求一次告知全部内容，不能再次告知。"
    ),
    "case.dates-unchanged": _("重新计算后日期没有变化。"),
    "case.deemed-accepted-by-law": _("五个工作日内没有告知，依法自收到之日起即为受理。"),
    "case.intake-not-over": _("受理期限还没有届满，不能视为受理。"),
    "case.material-missing": _("还缺这些材料：%(materials)s。"),
    "case.no-mandate": _("没有查到对本事项有效的授权书，不能作出决定。"),
    "case.not-awaiting-acceptance": _("这件现在不在等待受理，可能已由他人办理。"),
    "case.not-awaiting-corrections": _("这件现在不需要补正。"),
    "case.not-awaiting-decision": _("这件现在不在等待决定，可能还在审查，或者已由他人决定。"),
    "case.not-on-the-spot": _("这件不是即办件，或者还有要审查的环节，不能当场办结。"),
    "case.not-yours": _("这件不是您申请的，也没有委托您办理。"),
    "case.nothing-corrected": _("没有看到补正的内容，请至少改正一处再提交。"),
    "case.nothing-to-correct": _("告知补正须写明要补正什么。"),
    "case.opinion-missing": _("请写明意见。"),
    "case.other-department": _("这件属于别的部门，您的岗位不能办理。"),
    "case.own-case": _("这是您本人的申请，须由他人办理。"),
    "case.reason-missing": _("请写明理由和依据。"),
    "case.reviewer-may-not-decide": _("您审查过这件，决定须由另一人作出。"),
    "case.step-not-open": _("这一步还没有开始，或者已由他人完成。"),
    "case.unknown": _("没有这个办件编号，请核对后再试。"),
    "erasure.already-erased": _("这些内容已经删除。"),
    "erasure.basis-missing": _("删除须写明依据。"),
    "erasure.not-sealed": _("这些内容不是密封保存的，不能删除。"),
    "erasure.nothing-named": _("请选出要删除的内容。"),
    "item.code-changed": _("事项编码一经使用不能更改，请另建事项。"),
    "item.code-missing": _("请填写事项编码。"),
    "item.department-missing": _("请选择实施机关。"),
    "item.draft-moved-on": _("这份草稿已被他人改过。您的修改还在页面上，请对照新内容后再保存。"),
    "item.draft-unchanged": _("草稿没有变化。"),
    "item.incomplete": _("公开要素不完整，还不能发布。编辑页列出了每一处。"),
    "item.legacy": _("“%(item)s”是历史遗留事项，只供查询，不能申请。"),
    "item.name-missing": _("请填写事项名称。"),
    "item.no-draft": _("这个事项没有草稿可以发布。"),
    "item.not-in-force": _("这个事项没有在用的版本。"),
    "item.out-of-range": _("天数和次数须在 0 到 9,999 之间。"),
    "item.reason-missing": _("请写明理由。"),
    "item.too-long": _("有一项写得太长，最多 %(limit)s 个字。"),
    "ledger.clock-set-back": _(
        "服务器的时间早于这件上一条记录（%(last)s），没有办理，也没有丢失。请联系系统管理员校时。"
    ),
    "ledger.entry-too-large": _("内容过长，一条记录最多 %(limit)s 字节。请缩短或改用附件。"),
    "ledger.no-such-entry": _("账本里没有这个序号。"),
    "licence-type.code-changed": _("证照类型代码一经使用不能更改，请另建类型。"),
    "licence-type.code-wrong": _(
        "证照类型代码须为 21 位大写字母和数字：所有者的统一社会信用代码加 3 位。"
    ),
    "licence-type.field-twice": _("字段“%(field)s”的名称与另一个字段重复。"),
    "licence-type.item-taken": _("其中一个事项已有别的证照类型。"),
    "licence-type.items-missing": _("请选择哪些事项发给这种证照。"),
    "licence-type.name-missing": _("请填写证照名称。"),
    "licence-type.not-in-use": _("这种证照类型没有在用的版本。"),
    "licence-type.publisher-not-manager": _("只有中心管理人员可以发布或停用证照类型。"),
    "licence-type.reason-missing": _("请写明停用的理由。"),
    "licence-type.source-unknown": _("字段“%(field)s”没有写明取自哪里。"),
    "licence-type.unchanged": _("与在用的版本相同，没有需要发布的变化。"),
    "licence-type.validity-out-of-range": _(
        "有效期须在 0 到 %(months)s 个月之间，延续期限须在 0 到 %(days)s 天之间。"
    ),
    "licence.already-delivered": _("这份证照已经发过证。"),
    "licence.already-registered": _("这件已经登记过证照，没有重复登记。"),
    "licence.already-renewed": _("这件延续申请已依法视为准予，证照已经延续，没有另发。"),
    "licence.ended": _("这份证照已经失效，不能再办理。"),
    "licence.erased": _("这份证照的内容已依法删除，不能再制证。"),
    "licence.field-missing": _("缺少要印在证照上的内容：%(field)s。"),
    "licence.holder-missing": _("缺少持证人的姓名或者名称。"),
    "licence.issuer-unknown": _("核发机关没有登记统一社会信用代码，不能编制证照标识。"),
    "licence.no-end": _("这份证照长期有效，不需要延续。"),
    "licence.no-mandate": _("没有查到对这个事项有效的授权书，不能这样办理。"),
    "licence.no-such-renewal": _("这份证照没有这件延续申请。"),
    "licence.not-issued": _("这份证照还没有制作完成。"),
    "licence.not-making": _("这份证照现在不在制作。"),
    "licence.not-over": _("这份证照还没有到期。"),
    "licence.not-suspended": _("这份证照没有暂停。"),
    "licence.not-valid": _("这份证照现在不是有效状态，不能这样办理。"),
    "licence.not-yours": _("这份证照不是您的，也不是您申请的。"),
    "licence.nothing-may-change": _(
        "遗失、污损补发的证照内容不变。内容有变更或者更正的，请选相应的原因。"
    ),
    "licence.other-department": _("这份证照由别的部门核发，您的部门不能办理。"),
    "licence.own-licence": _("这是您本人的证照，或者是您申请的，须由他人办理。"),
    "licence.reason-missing": _("请写明理由和依据。"),
    "licence.recipient-missing": _("请写明由谁领取。"),
    "licence.renewal-decided": _("这件延续申请已经办结，不能视为准予。"),
    "licence.renewal-under-way": _("这份证照已经有一件延续申请在办理。"),
    "licence.unchanged": _("变更或者更正须至少改动一处内容。"),
    "licence.unknown": _("没有这份证照。"),
    "mandate.already-granted": _("这份授权书已经登记过。"),
    "mandate.already-published": _("这份授权书已经公布。"),
    "mandate.expired": _("授权书已到期，不能依它办理。"),
    "mandate.granter-not-manager": _("只有部门负责人可以授权。"),
    "mandate.item-not-covered": _("授权书没有包括这个事项。"),
    "mandate.items-missing": _("授权书须写明授权的事项。"),
    "mandate.letter-number-missing": _("授权书须有文号。"),
    "mandate.not-chief-representative": _("被授权人不是这个部门的首席代表。"),
    "mandate.not-published": _("授权书还没有公示，不能依它办理。"),
    "mandate.not-yet-valid": _("授权书还没有生效。"),
    "mandate.office-not-open": _("这个办公地点没有启用。"),
    "mandate.other-organ": _("授权书是另一个机关的。"),
    "mandate.own-mandate": _("不能给自己授权。"),
    "mandate.period-reversed": _("授权的结束日期早于开始日期。"),
    "mandate.power-not-given": _("授权书没有授予这项权限。"),
    "mandate.powers-missing": _("授权书须写明授予的权限。"),
    "mandate.reason-missing": _("撤销授权须写明理由。"),
    "mandate.revoked": _("这份授权书已经撤销。"),
    "mandate.unknown": _("没有这份授权书。"),
    "office.already-open": _("这个办公地点已经启用。"),
    "office.name-missing": _("请填写办公地点名称。"),
    "office.not-open": _("这个办公地点没有启用。"),
    "office.organisation-unknown": _("没有登记这个单位。"),
    "office.reason-missing": _("停用办公地点须写明理由。"),
    "organisation.agent-unknown": _("没有登记这位经办人。"),
    "organisation.already-agent": _("这位已经是本单位的经办人。"),
    "organisation.already-registered": _("这个单位已经登记过。"),
    "organisation.name-missing": _("请填写单位名称。"),
    "organisation.not-an-agent": _("这位不是本单位的经办人。"),
    "organisation.not-its-agent": _("您不是这个单位的经办人，不能代它办理。"),
    "organisation.public-body-needs-staff": _("政府部门只能由工作人员登记。"),
    "organisation.reason-missing": _("请写明理由。"),
    "organisation.unchanged": _("单位信息没有变化。"),
    "organisation.unknown": _("没有登记这个单位。"),
    "paper.already-issued": _("这份文书已经签发，没有重复签发。"),
    "paper.already-ordered": _("这份文书已经开具，没有重复开具。"),
    "paper.already-served": _("这份文书已经送达。"),
    "paper.code-missing": _("文书没有核验码，不能开具。"),
    "paper.not-issued": _("这份文书还没有制作完成。"),
    "paper.purpose-missing": _("查阅须写明为哪一件、什么用途。"),
    "paper.recipient-missing": _("请写明由谁收取。"),
    "paper.unknown": _("没有这份文书。"),
    "person.agent-unknown": _("没有登记这位代理人。"),
    "person.already-agent": _("这位已经是您的代理人。"),
    "person.already-appointed": _("这位已经担任这个岗位。"),
    "person.already-registered": _("您已经登记过。"),
    "person.id-number-missing": _("请填写证件号码。"),
    "person.name-missing": _("请填写姓名。"),
    "person.no-such-appointment": _("没有这项任职。"),
    "person.not-an-agent": _("这位不是您的代理人。"),
    "person.not-oneself": _("这件事只能由本人办理。"),
    "person.number-taken": _("这个号码已被使用，请核对。"),
    "person.office-not-open": _("这个办公地点没有启用。"),
    "person.organisation-unknown": _("没有登记这个单位。"),
    "person.own-appointment": _("不能任免自己。"),
    "person.reason-missing": _("请写明理由。"),
    "person.role-needs-centre": _("这个岗位须设在政务服务中心。"),
    "person.role-needs-department": _("这个岗位须设在部门。"),
    "person.roles-incompatible": _("已担任的岗位与这个岗位须由不同的人担任，不能兼任。"),
    "person.staff-number-missing": _("请填写工号。"),
    "person.unchanged": _("个人信息没有变化。"),
    "person.unknown": _("没有登记这个人。"),
    "seal.already-made": _("这枚印章已经登记过。"),
    "seal.certificate-not-recognised": _(
        "这枚印章的证书由“%(issuer)s”签发，本平台没有认可这个机构。请先由管理员登记它的根证书。"
    ),
    "seal.certificate-period": _("印章的证书今天不在有效期内。"),
    "seal.custodian-not-serving": _("保管人须是本部门在任的首席代表或者负责人。"),
    "seal.destroyed": _("这枚印章已经销毁。"),
    "seal.expired": _("印章的证书已过有效期，不能用印。"),
    "seal.name-missing": _("请填写印章名称。"),
    "seal.no-mandate": _("没有查到可以用这枚印章的授权书。"),
    "seal.none": _("这个部门还没有行政审批专用章。"),
    "seal.not-keeper": _("只有保管人或者部门负责人可以这样办理。"),
    "seal.not-suspended": _("这枚印章没有停用。"),
    "seal.not-yet-valid": _("印章的证书还没有生效，不能用印。"),
    "seal.number-missing": _("请填写印章编码。"),
    "seal.number-unknown": _("印章系统里没有这个编码的印章，请核对。"),
    "seal.orderer-not-manager": _("只有部门负责人可以这样办理。"),
    "seal.organ-has-one": _("这个部门已有一枚行政审批专用章，销毁后才能另制。"),
    "seal.other-organ": _("这枚印章是另一个机关的。"),
    "seal.reason-missing": _("请写明理由。"),
    "seal.same-keeper": _("印章现在就由这个人保管。"),
    "seal.sealer-unavailable": _("签章服务现在不可用，这一步没有办成。请稍后再试。"),
    "seal.suspended": _("这枚印章已停用，恢复后才能用印。"),
    "seal.unknown": _("没有这枚印章。"),
    "spreadsheet.broken": _("这个文件打不开或已损坏。请用表格软件另存为 .xlsx，再上传一次。"),
    "spreadsheet.columns-missing": _("没有找到这些列：%(columns)s。请用下载的模板，不要改列名。"),
    "spreadsheet.empty": _("这个文件里什么也没有。"),
    "spreadsheet.encoding": _("CSV 的文字编码认不出来，请另存为 UTF-8 或者 .xlsx。"),
    "spreadsheet.no-rows": _("列名下面没有填写任何一行。"),
    "spreadsheet.too-large": _("文件太大（上限 %(limit)s MB，解压后的内容也有上限），请分成几批。"),
    "spreadsheet.wrong-kind": _("这是 %(kind)s 文件。请上传 .xlsx 或 .csv 表格。"),
    "upload.empty": _("这个文件是空的，没有收下。"),
    "upload.kind-not-allowed": _("文件内容不是允许的格式，没有收下。扩展名改过的文件也会被认出。"),
    "upload.too-large": _("文件太大，没有收下。一个文件最多 %(limit)s MB。"),
}


def sentence(refused: Refused) -> str:
    """The sentence for a refusal, with its facts filled in.

    An unknown code still gives a sentence that names it, so that a clerk can be told about it.
    """
    known = SENTENCES.get(refused.code)
    if known is None:
        return gettext("现在不能这样办理（%(code)s）。") % {"code": refused.code}
    return str(known) % {name: _words(fact) for name, fact in refused.facts.items()}


def _words(fact: Any) -> str:
    """A fact as text: several in a row separated as Chinese does it, days in full."""
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, Iterable) and not isinstance(fact, str):
        return gettext("、").join(_words(part) for part in fact)
    return str(fact)
