"""Rating without signing in (评价), and coming back to what came of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingtang.catalogue import queries as catalogue
from mingtang.core import callbacks
from mingtang.core.ballots import ASPECTS
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.ratings import GRADES, Ballot
from mingtang.people.access import public
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.ratings import actions, queries
from mingtang.ratings.forms import RatingForm
from mingtang.ratings.ports import tokens
from mingtang.ratings.queries import BadRating, RatingRow
from mingtang.ratings.views import words
from mingtang.ui import refusals


@public("whoever holds the one-time token rates; it says nothing of who they are")
@never_cache
def give(request: HttpRequest, token: str) -> HttpResponse:
    """Five faces and a button. A token that is foreign, used or too old says so."""
    ballot = queries.ballot(tokens.digest_of(token))
    if ballot is None:
        return _closed(request, Refused("rating.unknown-token"), 404)
    form = _form(request, ballot)
    if request.method == "POST" and carried_out(form, lambda: _give(request, token, form)):
        return redirect("ratings:given", form.cleaned_data["reply"])
    if queries.rating(tokens.rating_of(token)):
        return _closed(request, Refused("rating.already-given"), 409)
    if civil_day(timezone.now()) > ballot.last_date:
        return _closed(request, Refused("rating.expired", last=ballot.last_date), 410)
    context = {
        "form": form,
        "grades": [(grade, words.GRADE_WORDS[grade]) for grade in GRADES],
        "chosen": form["grade"].value(),
        "more": [form[f"aspect-{name}"] for name in form.aspects] + [form["text"], form["contact"]],
        **_about(ballot.item, ballot.department),
        "last": ballot.last_date,
    }
    return render(request, "ratings/give.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, ballot: Ballot) -> RatingForm:
    asked = [(name, words.ASPECT_WORDS[name]) for name in ASPECTS[ballot.channel]]
    return filled(
        RatingForm,
        request,
        aspects=asked,
        grades=words.GRADE_WORDS,
        initial={"reply": tokens.new_reply()},
    )


def _give(request: HttpRequest, token: str, form: RatingForm) -> None:
    typed = once(request)
    actions.give(
        token=token,
        **form.said(),
        at=timezone.localtime(),
        once=f"rating/{tokens.rating_of(token)}/{typed}" if typed else None,
    )


def _closed(request: HttpRequest, refused: Refused, status: int) -> HttpResponse:
    context = {"refused": refusals.sentence(refused), "code": refused.code}
    return render(request, "ratings/closed.html", context, status=status)


def _about(item: str, department: str) -> dict[str, str]:
    return {
        "item": words.item_name(item, words.item_names([item])) if item else "",
        "department": words.department_name(department),
    }


# ── What came of it ─────────────────────────────────────────────────────────


@public("whoever was given the secret when they rated comes back with it")
@never_cache
@require_GET
def given(request: HttpRequest, reply: str) -> HttpResponse:
    """What I said, the entry it stands in, and what was done about it."""
    return _shown(request, reply, _rating(reply))


@public("whoever was given the secret when they rated says whether it is settled")
@require_POST
def answer(request: HttpRequest, reply: str) -> HttpResponse:
    """Settled, or not: whoever rated says so."""
    row = _rating(reply)
    settled = request.POST.get("settled") == "yes"
    typed = once(request)
    try:
        actions.answer(
            reply=reply,
            settled=settled,
            at=timezone.localtime(),
            once=f"callback/{row.key}/{typed}" if typed else None,
        )
    except Refused as refused:
        return _shown(request, reply, row, refused=refusals.sentence(refused), status=409)
    said = _("已记下：问题解决了。") if settled else _("已记下：还没有解决，中心会再次回访。")
    messages.success(request, said)
    return redirect("ratings:given", reply)


def _rating(reply: str) -> RatingRow:
    row = queries.rating_with_reply(tokens.reply_digest(reply))
    if row is None:
        raise Http404
    return row


def _shown(
    request: HttpRequest, reply: str, row: RatingRow, *, refused: str = "", status: int = 200
) -> HttpResponse:
    bad = queries.bad_rating(row.key)
    context: dict[str, Any] = {
        "row": row,
        **_about(row.item, row.department),
        "grade": words.grade(row.grade),
        "aspects": [
            (words.ASPECT_WORDS[name], words.GRADE_WORDS[value])
            for name, value in queries.aspects_of(row.aspects).items()
        ],
        "reply": reply,
        "address": f"{settings.URL}{reverse('ratings:given', args=[reply])}",
        "refused": refused,
        **(_dealt_with(bad) if bad else {}),
    }
    return render(request, "ratings/given.html", context, status=status)


def _dealt_with(bad: BadRating) -> dict[str, Any]:
    stage = bad.stage
    return {
        "bad": bad,
        "stage": words.STAGE_WORDS[stage],
        "due": bad.due(catalogue.calendar()) if stage in callbacks.OPEN else None,
        "asks": stage is callbacks.Stage.RECTIFIED,
    }
