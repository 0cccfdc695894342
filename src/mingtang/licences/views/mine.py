"""Licences of their holders (我的证照): what I hold or applied for, and who read it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.licences import HearingStage
from mingtang.licences import access, queries
from mingtang.licences.access import Sight
from mingtang.licences.actions import hearing
from mingtang.licences.forms import AnswerForm
from mingtang.licences.queries import LicenceRow
from mingtang.licences.templatetags import licence_words as words
from mingtang.licences.views import showing, told
from mingtang.papers import queries as papers
from mingtang.papers.actions.making import address_of
from mingtang.people.access import actor_of, signed_in
from mingtang.people.queries import organisation_name
from mingtang.people.views.filling import carried_out, filled, once


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I hold, or applied for, in person or for an organisation."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()
    standing = request.GET.get("standing", "")
    standing = standing if standing in words.STANDINGS else ""
    everything = queries.of_person(actor.person, actor.represents, actor.principals)
    today = timezone.localdate()
    found = queries.narrowed(everything, standing=standing, words=text, today=today)
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [showing.line(row, full=True) for row in page],
        "text": text,
        "standing": standing,
        "standings": list(words.STANDINGS.items()),
        "narrowed": bool(text or standing),
        "many": page.paginator.count > 5 or bool(text or standing),
    }
    return render(request, "licences/mine.html", context)


@signed_in
@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """Every look of an officer at a licence of mine (查阅记录): who, for which case, why, when."""
    actor = actor_of(request)
    own = queries.of_person(actor.person, actor.represents, actor.principals)
    held = queries.papers_of(own)
    page = Paginator(papers.readings_among(list(held)), 20).get_page(request.GET.get("page"))
    lines = [
        {
            "reading": one,
            "organ": organisation_name(one.organisation),
            "licence": held[one.paper],
        }
        for one in page
    ]
    return render(request, "licences/readings.html", {"page": page, "readings": lines})


@signed_in
@require_GET
def licence(request: HttpRequest, key: str) -> HttpResponse:
    """One of my licences: how it stands, the file, how it is checked, renewed, and who read it."""
    row, sight = seen(request, key)
    if sight is not Sight.OWN:
        return redirect("licences:desk-licence", key)
    return _page(request, row, AnswerForm(label_suffix=""))


def _page(
    request: HttpRequest, row: LicenceRow, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    key = row.key
    history = queries.history_of(key)
    paper = papers.paper(row.paper) if row.paper else None
    context: dict[str, Any] = {
        "row": row,
        "facts": showing.facts(row, sight=Sight.OWN),
        "hearing": showing.hearing(row, history, full=True),
        "notices": showing.notices(row),
        "answer_form": form if row.hearing == HearingStage.TOLD or form.is_bound else None,
        "paper": paper,
        "address": address_of(paper.code) if paper else "",
        "renewal": showing.renewal(row),
        "readings": showing.readings(row),
        "versions": showing.versions(row),
        "lines": told.timeline(key, history, full=True),
        "stub": showing.stub(request, row, history),
        "case_url": showing.case_url(key),
        "successor": queries.licence(row.successor) if row.successor else None,
    }
    return render(request, "licences/licence.html", context, status=status)


@signed_in
@require_POST
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Say what there is to say before it is revoked (陈述申辩)."""
    row, _sight = seen(request, key)
    actor = actor_of(request)
    if not access.is_own(actor, row):
        raise Http404
    form, typed = filled(AnswerForm, request), once(request)
    if not carried_out(
        form,
        lambda: hearing.answer(
            key=key,
            person=actor.person,
            answer=form.cleaned_data["answer"],
            at=timezone.localtime(),
            once=f"{actor.person}/licence/answer/{key}/{typed}" if typed else None,
        ),
    ):
        return _page(request, row, form, status=409 if form.non_field_errors() else 422)
    messages.success(request, _("您的陈述申辩已经记入账本，机关复核后再作决定。"))
    return redirect("licences:licence", key)


@signed_in
@require_GET
def receipt(request: HttpRequest, key: str, index: int) -> HttpResponse:
    """Download the receipt of one entry of a licence (存证回执)."""
    row, sight = seen(request, key)
    written = next((one for one in queries.history_of(key) if one.index == index), None)
    if written is None:
        raise Http404
    return showing.receipt(request, row, written, sight=sight)


def seen(request: HttpRequest, key: str) -> tuple[LicenceRow, Sight]:
    """Return a licence and as whom the reader sees it. Raises Http404 when they do not."""
    row = queries.licence(key)
    sight = access.sight(actor_of(request), row) if row else None
    if row is None or sight is None:
        raise Http404
    return row, sight
