"""The audit page (审计): who signed in, what was done to accounts, who was given what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mingtang.core.people import Power
from mingtang.people import queries
from mingtang.people.access import needs
from mingtang.people.forms import role_names

LINES = 200
WORDS = {
    "sign-in.succeeded": ("good", _("登录")),
    "sign-in.failed": ("warn", _("登录失败")),
    "sign-in.locked": ("bad", _("登录失败，已锁定")),
    "account.signed-up": ("idle", _("自行注册")),
    "account.opened": ("idle", _("开通账号")),
    "account.disabled": ("warn", _("停用账号")),
    "account.enabled": ("idle", _("启用账号")),
    "account.reset": ("warn", _("重置账号")),
    "appointed": ("good", _("任命")),
    "ended": ("warn", _("免职")),
    "granted": ("idle", _("授权")),
    "published": ("good", _("公示授权书")),
    "revoked": ("bad", _("撤销授权")),
}


@needs(Power.AUDIT_READ)
def index(request: HttpRequest) -> HttpResponse:
    """The newest lines of each kind; what the ledger holds carries its index."""
    parts = [
        (_("登录"), queries.sign_ins(LINES)),
        (_("账号"), queries.account_acts(LINES)),
        (_("任命与授权"), queries.grants(LINES)),
    ]
    persons = {line.who for _title, lines in parts for line in lines}
    names, roles = queries.names(sorted(persons)), role_names()
    context = {
        "parts": [
            (
                title,
                [
                    {
                        "line": line,
                        "lamp": WORDS[line.what][0],
                        "word": WORDS[line.what][1],
                        "who": names.get(line.who, line.who),
                        "role": roles.get(line.role, ""),
                    }
                    for line in lines
                ],
            )
            for title, lines in parts
        ]
    }
    return render(request, "people/audit.html", context)
