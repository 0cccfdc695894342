"""Authorisation letters (授权书): read by anybody, granted by the manager of the organ."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.core import mandates
from mingtang.core.mandates import EVERY_ITEM, Mandate
from mingtang.core.people import Power
from mingtang.people import actions, queries
from mingtang.people.access import actor_of, needs, public
from mingtang.people.forms import MANDATE_POWERS, MandateForm, PublishForm, ReasonForm
from mingtang.people.views.filling import carried_out, filled, once

STANDING = {
    None: ("good", gettext_lazy("有效")),
    "mandate.not-published": ("idle", gettext_lazy("未公示")),
    "mandate.revoked": ("bad", gettext_lazy("已撤销")),
    "mandate.not-yet-valid": ("paused", gettext_lazy("未生效")),
    "mandate.expired": ("idle", gettext_lazy("已到期")),
}


def _standing(letter: Mandate) -> tuple[str, str]:
    """Return lamp and word for what a letter is worth today."""
    code = mandates.why_not(
        letter,
        organ=letter.organ,
        item=letter.items[0],
        power=letter.powers[0],
        day=timezone.localdate(),
    )
    lamp, word = STANDING[code]
    return lamp, str(word)


def _shown(row: queries.MandateRow) -> dict[str, object]:
    letter = queries.mandate(row)
    lamp, word = _standing(letter)
    names = dict(MANDATE_POWERS)
    return {
        "row": row,
        "letter": letter,
        "organ_name": queries.organisation_name(letter.organ, letter.organ_name),
        "lamp": lamp,
        "word": word,
        "powers": [names[power] for power in letter.powers],
        "every_item": EVERY_ITEM in letter.items,
    }


# ── For anybody ─────────────────────────────────────────────────────────────


@public("a letter that nobody can read does not count")
def index(request: HttpRequest) -> HttpResponse:
    """Every letter ever published (授权书公示)."""
    organ, words = request.GET.get("organ", ""), request.GET.get("q", "").strip()
    page = Paginator(queries.published_letters(organ=organ, words=words), 30).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "letters": [_shown(row) for row in page],
        "organs": [
            (code, queries.organisation_name(code, name))
            for code, name in queries.organs_with_letters()
        ],
        "organ": organ,
        "words": words,
    }
    return render(request, "people/letters.html", context)


@public("a letter that nobody can read does not count")
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """One published letter with everything it says (授权书)."""
    row = queries.letter(key)
    if row is None or row.published_at is None:
        raise Http404
    context = {**_shown(row), "office": queries.office(row.office)}
    return render(request, "people/letter.html", context)


# ── For the manager of the organ ────────────────────────────────────────────


@needs(Power.MANDATE_GRANT)
def granted(request: HttpRequest) -> HttpResponse:
    """The letters of my organ (本机关授权书)."""
    organs = actor_of(request).organisations_with(Power.MANDATE_GRANT)
    page = Paginator(queries.letters_of(sorted(organs)), 30).get_page(request.GET.get("page"))
    context = {"page": page, "letters": [_shown(row) for row in page]}
    return render(request, "people/mandates.html", context)


@needs(Power.MANDATE_GRANT)
def grant(request: HttpRequest) -> HttpResponse:
    """Grant a letter (授权)."""
    actor = actor_of(request)
    organs = actor.organisations_with(Power.MANDATE_GRANT)
    form = filled(MandateForm, request, organs=organs)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.grant_mandate(
            letter=form.letter(), by=actor.person, at=timezone.localtime(), once=once(request)
        ),
    ):
        messages.success(request, _("授权书已登记。公示以后才有效。"))
        return redirect("people:mandate", mandates.key(form.cleaned_data["letter_no"]))
    return render(request, "people/grant.html", {"form": form})


@needs(Power.MANDATE_GRANT)
def mandate(request: HttpRequest, key: str) -> HttpResponse:
    """One letter of my organ, and what can be done with it."""
    row = _own(request, key)
    context = {**_shown(row), "office": queries.office(row.office), "publish": PublishForm()}
    return render(request, "people/mandate.html", context)


@needs(Power.MANDATE_GRANT)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish it at a window and online (公示)."""
    row = _own(request, key)
    form = filled(PublishForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.publish_mandate(
            key=key,
            office=form.cleaned_data["office"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("授权书已公示，现在起有效。"))
        return redirect("people:mandate", key)
    return render(request, "people/publish.html", {"form": form, **_shown(row)})


@needs(Power.MANDATE_GRANT)
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Revoke it for a reason (撤销授权)."""
    row = _own(request, key)
    form = filled(ReasonForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.revoke_mandate(
            key=key,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("授权书已撤销。此前依它作出的决定仍然有效。"))
        return redirect("people:mandate", key)
    context = {
        "form": form,
        "title": _("撤销授权书 %(number)s") % {"number": row.letter_no},
        "button": _("撤销授权"),
    }
    return render(request, "people/reason.html", context)


def _own(request: HttpRequest, key: str) -> queries.MandateRow:
    """Return a letter of an organ the actor manages; to others it does not exist."""
    row = queries.letter(key)
    if row is None or row.organ not in actor_of(request).organisations_with(Power.MANDATE_GRANT):
        raise Http404
    return row
