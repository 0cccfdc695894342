"""Types of licences in words. `{% load licence_types %}`."""

from django import template
from django.utils.translation import gettext as _

from mingtang.core.licences.types import APPLICANT, FORM, TEXT

register = template.Library()


@register.filter
def source(said: str) -> str:
    """`{{ field.source|source }}`: where a printed value comes from."""
    if said.startswith(FORM):
        return _("申请表：%(field)s") % {"field": said.removeprefix(FORM)}
    if said.startswith(TEXT):
        return _("固定文字：%(text)s") % {"text": said.removeprefix(TEXT)}
    return _("申请人的姓名或者名称") if said == APPLICANT[0] else _("申请人的证件号码")
