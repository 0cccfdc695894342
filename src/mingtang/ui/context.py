"""What every page knows (页面上下文): language, view, theme, navigation, who runs the site.

Settings read, all optional:
- `DEMO` true: the demonstration ribbon is shown.
- `MINGTANG_SITE` dict: name, subtitle, host (主办单位), contact (联系方式).
- `MINGTANG_NAV` list of (label, view name): the public navigation; NAV below if absent.
- `MINGTANG_PLACES` dict: view names for search, sign_in, sign_out, mine, ...; PLACES if absent.
A name that has no address on this installation is left out of the page.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .preferences import read

NAV = [
    (_("首页"), "portal:home"),
    (_("办事"), "portal:items"),
    (pgettext_lazy("menu", "取号"), "windows:halls"),
    (_("交易"), "trading:home"),
    (_("中介超市"), "intermediaries:home"),
    (pgettext_lazy("menu", "授权书"), "people:letters"),
    (pgettext_lazy("menu", "证照核验"), "portal:check"),
    (_("账本核验"), "portal:ledger"),
]
PLACES = {
    "home": "portal:home",
    "search": "portal:items",
    "sign_in": "account_login",
    "sign_out": "account_logout",
    "mine": "people:home",
    "demo": "portal:demo",
    "sitemap": "portal:sitemap",
    "accessibility": "portal:accessibility",
}
SITE = {"name": _("明堂"), "subtitle": _("公共服务中心"), "host": "", "contact": ""}


def preferences(request: HttpRequest) -> dict[str, Any]:
    """Context processor: lang, elder, theme, DEMO, site, nav, places."""
    places = getattr(settings, "MINGTANG_PLACES", PLACES)
    chosen = read(request)
    return {
        "lang": "en" if (get_language() or "").startswith("en") else "zh-Hans",
        "elder": chosen["view"] == "elder",
        "theme": chosen["theme"],
        "DEMO": getattr(settings, "DEMO", False),
        "site": {**SITE, **getattr(settings, "MINGTANG_SITE", {})},
        "nav": navigation(request.path, getattr(settings, "MINGTANG_NAV", NAV)),
        "places": {place: address(name) for place, name in places.items()},
    }


def navigation(path: str, entries: list[tuple[Any, str]]) -> list[dict[str, Any]]:
    """`[{"label", "url", "current"}]`; current is the entry whose address is the longest prefix."""
    found = [(label, url) for label, name in entries if (url := address(name))]
    here = max((url for _label, url in found if path.startswith(url)), key=len, default="")
    return [
        {"label": label, "url": url, "current": url == here and (url != "/" or path == "/")}
        for label, url in found
    ]


def address(name: str) -> str:
    """The address of a view name, or empty where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
