"""What is typed about papers: how one was served."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.core.papers import ServedHow

BY_STAFF = (
    (ServedHow.WINDOW.value, _("窗口领取")),
    (ServedHow.POST.value, _("邮寄送达")),
    (ServedHow.ELSEWHERE.value, _("委托或者公告送达")),
)


class ServiceForm(forms.Form):
    """送达登记."""

    how = forms.ChoiceField(label=_("送达方式"), choices=BY_STAFF, initial=ServedHow.WINDOW.value)
    recipient = forms.CharField(label=_("收件人"), max_length=80)
