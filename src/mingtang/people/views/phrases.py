"""Phrases (常用语): one's own, and for those who head an organisation, those of all its people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.core.people import Power
from mingtang.core.phrases import PhraseUse
from mingtang.people import actions, queries
from mingtang.people.access import Actor, actor_of, needs
from mingtang.people.forms.phrases import USES, PhraseForm
from mingtang.people.views.filling import carried_out, filled

WRITING = (Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.MANDATE_GRANT)


@needs(*WRITING)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What is kept, and one more."""
    actor = actor_of(request)
    own = _owners(actor)
    form = filled(PhraseForm, request, owners=list(own.items()))
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.keep_phrase(
            owner=form.cleaned_data["owner"],
            use=PhraseUse(form.cleaned_data["use"]),
            text=form.cleaned_data["text"],
        ),
    ):
        messages.success(request, _("已保存。"))
        return redirect("people:phrases")
    readable = {**dict.fromkeys(sorted(actor.organisations), ""), **own}
    kept = [
        (word, [(row, own.get(row.owner, ""), _of(row.owner, own)) for row in rows])
        for use, word in USES
        if (rows := queries.phrases(*readable, use=use))
    ]
    context = {"form": form, "kept": kept}
    return render(request, "people/phrases.html", context)


@needs(*WRITING)
@require_POST
def drop(request: HttpRequest, id: int) -> HttpResponse:
    """Drop one of those one keeps."""
    actions.drop_phrase(id=id, owners=_owners(actor_of(request)))
    return redirect("people:phrases")


def _owners(actor: Actor) -> dict[str, str]:
    """Return whose phrases this person keeps, with how they are called."""
    heads = sorted(actor.organisations_with(Power.MANDATE_GRANT))
    return {
        actor.person: _("我自己"),
        **{code: queries.organisation_name(code) for code in heads},
    }


def _of(owner: str, own: dict[str, str]) -> str:
    return own.get(owner) or queries.organisation_name(owner)
