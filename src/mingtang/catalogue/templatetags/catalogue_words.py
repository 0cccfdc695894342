"""The codes of an item in words (事项用语). `{% load catalogue_words %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.templatetags.shortcoming_words import SHORTCOMINGS
from mingtang.people.queries import organisation_name

register = template.Library()

ELEMENTS = {
    "code": _("事项编码"),
    "code_scheme": _("编码方案"),
    "basic_code": _("基本编码"),
    "main_item": _("主项名称"),
    "name": _("事项名称"),
    "name_en": _("英文名称"),
    "summary": _("事项简介"),
    "summary_en": _("英文简介"),
    "category": _("类别"),
    "item_type": _("事项类型"),
    "department": _("实施主体代码"),
    "department_name": _("实施主体"),
    "department_code": _("来源部门编码"),
    "division": _("行政区划"),
    "authority_level": _("行使层级"),
    "audience": _("服务对象"),
    "topics": _("主题"),
    "legal_basis": _("设定依据"),
    "conditions": _("受理条件"),
    "quantity_limit": _("数量限制"),
    "materials": _("申请材料"),
    "situations": _("情形"),
    "form": _("申请表"),
    "batch_fields": _("批量申请各行不同的栏"),
    "steps": _("办理环节"),
    "referred_to": _("转报"),
    "first_reviews": _("下级初审"),
    "reaches": _("异地办理"),
    "special_procedures": _("特别程序"),
    "hearing_basis": _("听证依据"),
    "statutory_days": _("法定办结时限"),
    "promised_days": _("承诺办结时限"),
    "deferral_days": _("容缺补交期限"),
    "check_days": _("承诺核查期限"),
    "visits": _("到现场次数"),
    "visit_reason": _("到现场原因"),
    "visits_before": _("改革前到现场次数"),
    "steps_before": _("改革前环节数"),
    "seals_before": _("改革前印章数"),
    "before_source": _("改革前的出处"),
    "online_depth": _("网办深度"),
    "by_post": _("支持邮寄"),
    "pay_online": _("网上支付"),
    "fees": _("收费"),
    "result_kind": _("结果类型"),
    "result_name": _("结果名称"),
    "result_sample": _("结果样本"),
    "validity": _("有效期"),
    "address": _("办理地点"),
    "hours": _("办理时间"),
    "enquiry_phone": _("咨询电话"),
    "complaint_phone": _("投诉电话"),
    "questions": _("常见问题"),
    "source": _("来源"),
    "adoptable": _("可认领"),
    "legacy": _("历史事项"),
}
CATEGORIES = {
    "licence": _("行政许可"),
    "non_licence": _("非行政许可审批（已取消）"),
    "service": _("服务事项"),
}
ITEM_TYPES = {  # GB/T 39046-2020 table A.1
    "01": _("行政许可"),
    "02": _("行政处罚"),
    "03": _("行政强制"),
    "04": _("行政征收"),
    "05": _("行政给付"),
    "06": _("行政检查"),
    "07": _("行政确认"),
    "08": _("行政奖励"),
    "09": _("行政裁决"),
    "10": _("其他行政权力"),
    "20": _("公共服务"),
}
LEVELS = {  # table A.2
    "1": _("国家级"),
    "2": _("省级"),
    "3": _("市级"),
    "4": _("县级"),
    "5": _("乡镇（街道）级"),
    "6": _("村（社区）级"),
    "7": _("分级管理"),
}
AUDIENCES = {  # table A.4
    "1": _("自然人"),
    "2": _("企业法人"),
    "3": _("事业法人"),
    "4": _("社会组织法人"),
    "5": _("行政机关"),
    "6": _("其他组织"),
}
RESULT_KINDS = {
    "certificate": _("出证"),
    "approval": _("批复、决定"),
    "document": _("出文"),
    "none": _("无结果物"),
}
DEPTHS = {
    0: _("不能网办"),
    1: _("Ⅰ级：网上告知"),
    2: _("Ⅱ级：网上预约、下载"),
    3: _("Ⅲ级：网上申请"),
    4: _("Ⅳ级：全程网办"),
}
MATERIAL_FORMS = {
    "original": _("原件"),
    "copy": _("复印件"),
    "electronic": _("电子文件"),
}
MATERIAL_SOURCES = {
    "applicant": _("申请人自备"),
    "government": _("政府部门核发"),
    "intermediary": _("中介机构出具"),
}
MATERIAL_NEEDS = {
    "required": _("必要"),
    "optional": _("非必要"),
    "deferrable": _("可容缺"),
}
TOPICS = {
    "business": (_("开办企业"), _("设立、变更、注销和开业许可")),
    "food": (_("食品与餐饮"), _("生产、销售、餐饮、从业健康")),
    "health": (_("医疗卫生"), _("机构、医护人员、药品器械")),
    "nature": (_("林草与自然资源"), _("林木、土地、矿产、测绘")),
    "construction": (_("工程建设"), _("立项、规划、施工、竣工")),
    "education-work": (_("教育与就业"), _("办学、资格、招聘、人才")),
    "social": (_("社会保障"), _("社保、医保、优抚、救助")),
    "transport": (_("交通出行"), _("车辆驾驶、道路水路运输")),
    "residence": (_("户籍与出入境"), _("户口、身份证、护照、通行证")),
    "family": (_("婚姻与生育"), _("结婚、收养、生育")),
    "housing": (_("住房"), _("不动产、公积金、住房保障")),
    "tax": (_("税务"), _("登记、申报、发票、优惠")),
    "environment": (_("环境保护"), _("环评、排污、固废、辐射")),
    "safety": (_("安全生产"), _("危险物品、特种设备、消防")),
    "culture": (_("文化体育旅游"), _("演出、出版、文物、旅游")),
    "farming": (_("农业农村"), _("种子、畜牧、渔业、农机")),
    "innovation": (_("科技创新"), _("科技项目、高新企业、通信")),
    "ip": (_("知识产权"), _("专利、商标、版权")),
    "law": (_("法律服务"), _("律师、公证、鉴定、援助")),
    "care": (_("老年人与残疾人"), _("养老、残疾人服务、优待")),
    "trade": (_("经贸往来"), _("进出口、外商投资、口岸")),
    "public": (_("公用事业与公共安全"), _("水电气、无线电、治安")),
}
REACH_MODES = {
    "online": _("全程网办"),
    "collected": _("异地代收代办"),
    "jointly": _("多地联办"),
}
REACH_SCOPES = {
    "city": _("全市通办"),
    "province": _("全省通办"),
    "nation": _("跨省通办"),
}
JOINS = {"all": _("全部完成后开始（会签）"), "any": _("任一完成后开始（或签）")}
FIELD_KINDS = {
    "text": _("单行文字"),
    "textarea": _("多行文字"),
    "integer": _("整数"),
    "money": _("金额（元）"),
    "date": _("日期"),
    "choice": _("单选"),
    "multichoice": _("多选"),
    "boolean": _("是否"),
    "idnumber": _("公民身份号码"),
    "uscc": _("统一社会信用代码"),
    "phone": _("电话"),
}
STATES = {
    "draft": _("草稿，未发布"),
    "in_force": _("在用"),
    "withdrawn": _("已取消"),
}
STATE_CHIPS = {"draft": "", "in_force": "good", "withdrawn": "bad"}


def _word(words: Mapping[Any, Any]) -> Any:
    return lambda code: words.get(code, code)


for name, words in (
    ("element", ELEMENTS),
    ("category", CATEGORIES),
    ("item_type", ITEM_TYPES),
    ("level", LEVELS),
    ("audience", AUDIENCES),
    ("result_kind", RESULT_KINDS),
    ("depth", DEPTHS),
    ("material_form", MATERIAL_FORMS),
    ("material_source", MATERIAL_SOURCES),
    ("material_need", MATERIAL_NEEDS),
    ("field_kind", FIELD_KINDS),
    ("reach_mode", REACH_MODES),
    ("reach_scope", REACH_SCOPES),
    ("item_state", STATES),
    ("item_state_chip", STATE_CHIPS),
):
    register.filter(name, _word(words))


@register.filter("shortcoming")
def shortcoming_sentence(code: str) -> Any:
    """`{{ "quality.hours-missing"|shortcoming }}`: what is missing, in one sentence."""
    return SHORTCOMINGS[code][0] if code in SHORTCOMINGS else code


@register.filter("shortcoming_source")
def shortcoming_source(code: str) -> Any:
    """`{{ code|shortcoming_source }}`: the rule that asks for it."""
    return SHORTCOMINGS[code][1] if code in SHORTCOMINGS else ""


@register.filter
def department(record: Any) -> str:
    """`{{ item|department }}`: the department of an item or row, in the reader's language."""
    return organisation_name(record.department, record.department_name)


@register.filter
def organ_name(code: str) -> str:
    """`{{ one.organ|organ_name }}`: what an organ is called, in the reader's language."""
    return organisation_name(code)


@register.filter
def either(record: Any, field: str) -> str:
    """`{{ item|either:"name" }}`: the English text on an English page where there is one."""
    english = getattr(record, f"{field}_en", "")
    chinese: str = getattr(record, field)
    return english if english and (get_language() or "").startswith("en") else chinese


def topic(code: str) -> str:
    """Return the name of a topic; one an import brought with it is its own name."""
    return str(TOPICS[code][0]) if code in TOPICS else code
