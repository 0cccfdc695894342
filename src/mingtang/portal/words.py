"""Codes of the catalogue in the reader's words (用语): categories, types, audiences, topics."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.templatetags.catalogue_words import TOPICS
from mingtang.catalogue.templatetags.catalogue_words import topic as topic
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


def category(code: str) -> str:
    return str(CATEGORIES.get(Category(code), code)) if code in set(Category) else code


def about_topic(code: str) -> str:
    return str(TOPICS[code][1]) if code in TOPICS else ""


def audience(code: str) -> str:
    return str(AUDIENCES.get(code, code))


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def named(chinese: str, english: str) -> str:
    """Return a name in the reader's language, where it has one."""
    return english if english and in_english() else chinese
