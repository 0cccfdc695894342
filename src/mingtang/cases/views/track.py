"""Looking up a case or joint case by its number (查进度), for who filed it and is not signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.cases import queries
from mingtang.cases.forms import TrackForm
from mingtang.cases.views.mine import TRACKED
from mingtang.people.access import public

TRIES = "cases.track-tries"  # session key: when this visitor guessed wrong
MOST_TRIES, WITHIN = 8, 15 * 60  # wrong guesses, seconds
KEPT = 20  # numbers a visitor may follow at once


@public("progress without names, for whoever knows the case number and the phone's last digits")
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and phone tail. A wrong tail and an unknown number get the same answer."""
    if request.method == "GET":
        form = TrackForm(initial={"number": request.GET.get("number", "")})
        return render(request, "cases/track.html", {"form": form})
    form = TrackForm(request.POST)
    if _too_often(request):
        form.add_error(None, _("查询次数过多，请 15 分钟后再试，或者登录后在“我的办件”里查看。"))
        return render(request, "cases/track.html", {"form": form}, status=429)
    if not form.is_valid():
        return render(request, "cases/track.html", {"form": form}, status=422)
    number = form.cleaned_data["number"]
    if not queries.is_known(number=number, phone_tail=form.cleaned_data["tail"]):
        request.session[TRIES] = [*_recent(request), int(timezone.now().timestamp())]
        form.add_error(None, _("没有查到。请核对编号和电话末四位，两样都要与申请时一致。"))
        return render(request, "cases/track.html", {"form": form}, status=422)
    followed = [other for other in request.session.get(TRACKED, []) if other != number]
    request.session[TRACKED] = [*followed, number][-KEPT:]
    return redirect("cases:joint" if number.startswith("J-") else "cases:progress", number)


def _recent(request: HttpRequest) -> list[int]:
    since = int(timezone.now().timestamp()) - WITHIN
    return [at for at in request.session.get(TRIES, []) if at > since]


def _too_often(request: HttpRequest) -> bool:
    return len(_recent(request)) >= MOST_TRIES
