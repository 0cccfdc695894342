"""Pages that explain (说明): what this is, accessibility, the map of the site, demonstration."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mingtang.portal import words
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public
from mingtang.ui.context import address

# Every public page by its view name; what an installation has not is left out.
MAP = (
    (_("办事"), (
        ("portal:home", _("首页")),
        ("portal:items", _("全部事项")),
        ("portal:departments", _("按部门看")),
        ("portal:sharing", _("数据资源共享")),
        ("cases:track", _("查进度")),
        ("people:letters", _("授权书")),
        ("trust:board", _("印章公示")),
        ("cases:efficiency", _("办件效能")),
        ("windows:halls", _("取号和预约")),
        ("ratings:figures", _("好差评")),
        ("cases:hearings", _("听证公告")),
    )),
    (_("账本"), (
        ("portal:ledger", _("公开账本与核验")),
        ("ledger:checkpoint", _("最新存证点（原文）")),
        ("portal:policy", _("见证规则（原文）")),
        ("portal:check", _("核验证照和文书")),
    )),
    (_("公开数据"), (
        ("portal:items_json", _("全部事项（JSON）")),
        ("portal:items_csv", _("全部事项（CSV）")),
        ("portal:sharing_json", _("数据资源共享（JSON）")),
        ("cases:efficiency-csv", _("办件效能（CSV）")),
        ("ratings:csv", _("好差评（CSV）")),
    )),
    (_("我的"), (
        ("account_login", _("登录")),
        ("people:register", _("注册")),
        ("people:home", _("我的办件与资料")),
    )),
    (_("关于"), (
        ("portal:about", _("明堂是什么")),
        ("portal:accessibility", _("无障碍说明")),
        ("ui:components", _("界面组件")),
    )),
)  # fmt: skip


@public("what this place is, for everybody")
@require_safe
@kept_while_unchanged
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@public("how the site can be used without eyes, mouse or good sight")
@require_safe
@kept_while_unchanged
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public("every public page at a glance")
@require_safe
@kept_while_unchanged
def sitemap(request: HttpRequest) -> HttpResponse:
    chapters = [
        (title, [(label, url) for name, label in pages if (url := address(name))])
        for title, pages in MAP
    ]
    return render(request, "portal/sitemap.html", {"chapters": chapters})


@public("the demonstration's sign-ins; a real installation has no such page")
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Who can be tried in the demonstration: one sign-in a role."""
    if not settings.DEMO:
        raise Http404
    return render(request, "portal/demo.html", {"signins": _signins()})


def _signins() -> list[dict[str, Any]]:
    """Read what the demo wrote: [{role, role_en, username, password, what, what_en}]."""
    try:
        kept = json.loads((Path(settings.HOME) / "demo-signins.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [
        {
            "role": words.named(one["role"], one.get("role_en", "")),
            "what": words.named(one.get("what", ""), one.get("what_en", "")),
            "username": one["username"],
            "password": one["password"],
        }
        for one in kept
    ]
