"""Codes of the catalogue in the reader's words (用语): categories, types, audiences, topics."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.core.catalogue import Category

CATEGORIES = {
    Category.LICENCE: _("行政许可"),
    Category.NON_LICENCE: _("非行政许可审批"),
    Category.SERVICE: _("服务事项"),
}
ABOUT_CATEGORIES = {
    Category.LICENCE: _("依法要经批准才能做的事"),
    Category.NON_LICENCE: _("2015 年 5 月已取消，保留供查阅，不再受理"),
    Category.SERVICE: _("查询、登记、补贴、证明等公共服务"),
}
# GB/T 39046 table A.4.
AUDIENCES = {
    "1": _("个人"),
    "2": _("企业"),
    "3": _("事业单位"),
    "4": _("社会组织"),
    "5": _("行政机关"),
    "6": _("其他组织"),
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


def category(code: str) -> str:
    return str(CATEGORIES.get(Category(code), code)) if code in set(Category) else code


def topic(code: str) -> str:
    """Return the name of a topic; one an import brought with it is its own name."""
    return str(TOPICS[code][0]) if code in TOPICS else code


def about_topic(code: str) -> str:
    return str(TOPICS[code][1]) if code in TOPICS else ""


def audience(code: str) -> str:
    return str(AUDIENCES.get(code, code))


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def named(chinese: str, english: str) -> str:
    """Return a name in the reader's language, where it has one."""
    return english if english and in_english() else chinese
