"""The few pages the look has itself: components, preferences, and the pages for errors."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from . import preferences, samples
from .access import public


@public("shows every piece of the interface with made-up values")
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """The components page (组件页): every piece in every state, in the reader's language."""
    return render(request, "ui/components.html", samples.everything(request))


@public("anyone may read in their own language and size")
@require_safe
def set_preference(request: HttpRequest) -> HttpResponse:
    """Keep `lang`, `view` or `theme` from the query in a cookie and go back to `next`.

    GET on purpose: a form would put a CSRF token, and so a cookie, on every anonymous page and
    no page could be cached. The worst a foreign link can do is to change somebody's type size.
    """
    response = HttpResponseRedirect(_safe_way_back(request, request.GET.get("next", "")))
    preferences.write(response, request.GET.dict(), secure=request.is_secure())
    return response


def _safe_way_back(request: HttpRequest, target: str) -> str:
    """`target` if it stays on this host, else the front page."""
    stays = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if stays else "/"


@public("shown instead of a refused form, to whoever sent it")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is too old (会话过期): what was typed is still in the browser."""
    context = {"back": _safe_way_back(request, request.headers.get("Referer", ""))}
    return render(request, "csrf_failure.html", context, status=403)


@public("shown instead of a page this person may not open")
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Signed in as somebody else than this page is for, or not signed in (无权访问)."""
    return render(request, "403.html", status=403)


@public("shown where there is no page")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No page at this address (没有这个页面)."""
    return render(request, "404.html", status=404)


@public("shown when we failed")
def broken(request: HttpRequest) -> HttpResponse:
    """An error of ours (系统出错). The page asks nothing of the database or the translations."""
    return HttpResponse(render_to_string("500.html"), status=500)
