"""What a reader chose (阅读偏好): language, elder view (长辈版), light or dark.

Kept in plain cookies, not in the session: an anonymous reader has no session, and the choice must
survive signing out. The values are from closed lists; anything else in the cookie is ignored.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CHOICES = {
    "view": ("standard", "elder"),
    "theme": ("auto", "light", "dark"),
}
ONE_YEAR = 365 * 24 * 3600


def read(request: HttpRequest) -> dict[str, str]:
    """`{"view": ..., "theme": ...}`, the first choice of each list where nothing valid is kept."""
    kept = {name: request.COOKIES.get(f"mt_{name}", "") for name in CHOICES}
    return {
        name: kept[name] if kept[name] in allowed else allowed[0]
        for name, allowed in CHOICES.items()
    }


def write(response: HttpResponse, chosen: dict[str, str], *, secure: bool) -> None:
    """Keep what is valid in `chosen` (keys lang, view, theme) for a year; ignore the rest."""
    for name, allowed in CHOICES.items():
        if chosen.get(name) in allowed:
            _keep(response, f"mt_{name}", chosen[name], secure=secure)
    if chosen.get("lang") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen["lang"], secure=secure)


def _keep(response: HttpResponse, cookie: str, value: str, *, secure: bool) -> None:
    response.set_cookie(
        cookie, value, max_age=ONE_YEAR, secure=secure, httponly=True, samesite="Lax"
    )
