"""Bad ratings (差评回访和整改), in the hands of whoever supervises at the centre."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingtang.catalogue import queries as catalogue
from mingtang.core.callbacks import OPEN, TERM_DAYS, Stage
from mingtang.core.clock import civil_day
from mingtang.core.people import Power
from mingtang.core.worktime import WorkCalendar
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.ratings import actions, queries
from mingtang.ratings.forms import CallBackForm, RectifyForm
from mingtang.ratings.queries import BadRating
from mingtang.ratings.views import words
from mingtang.ratings.views.work import work_nav

LINES = 20


@needs(Power.RATING_ANSWER)
@require_GET
def callbacks(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, or what is done, the newest first."""
    done = request.GET.get("tab") == "done"
    lists = {"open": queries.bad_ratings(done=False), "done": queries.bad_ratings(done=True)}
    page = Paginator(lists["done" if done else "open"], LINES).get_page(request.GET.get("page"))
    found = queries.with_callbacks(list(page))
    names = words.item_names([one.rating.item for one in found])
    calendar = catalogue.calendar()
    context = {
        "work_nav": work_nav(request),
        "lines": [_line(one, names, calendar) for one in found],
        "page": page,
        "tabs": [
            ("open", _("待办"), lists["open"].count(), not done),
            ("done", _("已办"), lists["done"].count(), done),
        ],
        "term": TERM_DAYS,
    }
    return render(request, "ratings/callbacks.html", context)


def _line(one: BadRating, names: dict[str, str], calendar: WorkCalendar) -> dict[str, Any]:
    """Return a bad rating as a line. The day is told, not the hour: it would tell who was there."""
    today, due = civil_day(timezone.now()), one.due(calendar)
    late = one.stage in OPEN and today > due
    lamps = {Stage.SETTLED: "good", Stage.RECTIFIED: "idle"}
    return {
        "key": one.rating.key,
        "item": words.item_name(one.rating.item, names, one.rating.department),
        "department": words.department_name(one.rating.department),
        "grade": words.grade(one.rating.grade),
        "given": one.given,
        "stage": words.STAGE_WORDS[one.stage],
        "lamp": "bad" if late else lamps.get(one.stage, "warn"),
        "due": due if one.stage in OPEN else None,
        "late": late,
    }


@needs(Power.RATING_ANSWER)
@never_cache
@require_GET
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """One bad rating: what was said, what was done, what can be done now."""
    return _shown(request, _bad(key))


@needs(Power.RATING_ANSWER)
@require_POST
def call_back(request: HttpRequest, key: str) -> HttpResponse:
    """Write down a call."""
    form = filled(CallBackForm, request)
    return _done(request, key, form, "call", actions.call_back, _("回访已记下。"))


@needs(Power.RATING_ANSWER)
@require_POST
def rectify(request: HttpRequest, key: str) -> HttpResponse:
    """Write down what was put right."""
    form = filled(RectifyForm, request)
    said = _("整改结果已记下，评价人可以看到。")
    return _done(request, key, form, "rectify", actions.rectify, said)


def _done(
    request: HttpRequest,
    key: str,
    form: CallBackForm | RectifyForm,
    name: str,
    act: Callable[..., object],
    said: str,
) -> HttpResponse:
    actor, typed = actor_of(request), once(request)
    bad = _bad(key)
    if carried_out(
        form,
        lambda: act(
            rating=bad.rating.key,
            **form.cleaned_data,
            posts=actor.organisations | {post.office for post in actor.appointments},
            by=actor.person,
            at=timezone.localtime(),
            once=f"{actor.person}/callback/{name}/{key}/{typed}" if typed else None,
        ),
    ):
        messages.success(request, said)
        return redirect("ratings:callback", key)
    return _shown(request, bad, **{name: form}, status=409 if form.non_field_errors() else 422)


def _shown(
    request: HttpRequest,
    bad: BadRating,
    *,
    call: Any = None,
    rectify: Any = None,
    status: int = 200,
) -> HttpResponse:
    row = bad.rating
    may_call = bad.stage in (Stage.NONE, Stage.UNSETTLED)
    context = {
        "work_nav": work_nav(request),
        **_line(bad, words.item_names([row.item]), catalogue.calendar()),
        "row": row,
        "callback": bad.callback,
        "aspects": [
            (words.ASPECT_WORDS[name], words.GRADE_WORDS[value])
            for name, value in queries.aspects_of(row.aspects).items()
        ],
        "call": call or (CallBackForm(label_suffix="") if may_call else None),
        "rectify": rectify or (RectifyForm(label_suffix="") if bad.stage is Stage.CALLED else None),
    }
    return render(request, "ratings/callback.html", context, status=status)


def _bad(key: str) -> BadRating:
    bad = queries.bad_rating(key)
    if bad is None:
        raise Http404
    return bad
