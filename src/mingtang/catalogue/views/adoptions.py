"""Adopting shared items (认领): what an organ may handle at its place, and what it says of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.catalogue import access, actions, queries
from mingtang.catalogue.forms.adoptions import AdoptForm, WithdrawAdoptionForm
from mingtang.catalogue.templatetags import catalogue_words as words
from mingtang.catalogue.views.editing import WRITERS, _status, _who
from mingtang.core.adoptions import promise_under
from mingtang.core.decider import Refused
from mingtang.core.organisations import OrganisationKind
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.ui.refusals import sentence

Values = dict[str, Any]


@needs(*WRITERS)
@require_GET
def adoptions(request: HttpRequest) -> HttpResponse:
    """What one organ may adopt, what it has adopted, and what it has to look at again."""
    organs = _organs(request)
    organ = request.GET.get("organ", "")
    if organ not in organs:
        organ = next(iter(organs), "")
    lines = [_line(one, organ) for one in queries.adoptable_by(organ)] if organ else []
    context = {
        "organs": organs,
        "organ": organ,
        "lines": lines,
        "to_confirm": sum(line["to_confirm"] for line in lines),
    }
    return render(request, "catalogue/adoptions.html", context)


@needs(*WRITERS)
def adopt(request: HttpRequest, organ: str, key: str) -> HttpResponse:
    """Adopt an item for an organ, change what was said, or confirm it for a newer version."""
    access.require_department(request, organ)
    found, said = _item(key), queries.adoption(key, organ)
    content = found.content
    initial: Values = {"promised_days": content.promised_days}
    if said is not None:
        limit = content.statutory_days or 0
        initial = {
            "promised_days": promise_under(said.promised_days, limit),
            "offices": said.offices,
            "phone": said.phone,
        }
    form = AdoptForm(
        request.POST if request.method == "POST" else None,
        offices=_offices(organ, said),
        limit=content.statutory_days or 0,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            actions.adopt_item(
                item=key,
                organ=organ,
                seen=int(seen) if seen.isdigit() else 0,
                **form.cleaned_data,
                **_who(request),
            )
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("已认领，公开在办事指南上，新的申请可以选本机关。"))
            return redirect(f"{reverse('catalogue:adoptions')}?organ={organ}")
    context = {
        "form": form,
        "organ": organ,
        "organ_name": people.organisation_name(organ),
        "found": found,
        "title": words.either(content, "name"),
        "said": said if said and said.in_force else None,
        "newer": bool(said and said.in_force and said.version != found.version),
    }
    return render(request, "catalogue/adopt.html", context, status=_status(request))


@needs(*WRITERS)
def withdraw(request: HttpRequest, organ: str, key: str) -> HttpResponse:
    """Stop handling an item, with the reason everybody may read."""
    access.require_department(request, organ)
    row = queries.adoption(key, organ)
    if row is None or not row.in_force:
        raise Http404
    form = WithdrawAdoptionForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_adoption(item=key, organ=organ, **form.cleaned_data, **_who(request))
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("已退出认领，不再接受新的申请。"))
            return redirect(f"{reverse('catalogue:adoptions')}?organ={organ}")
    context = {
        "form": form,
        "organ": organ,
        "organ_name": people.organisation_name(organ),
        "title": queries.item_names([key]).get(key, key),
    }
    return render(request, "catalogue/adoption_withdraw.html", context, status=_status(request))


def _item(key: str) -> queries.Published:
    try:
        return queries.item_in_force(key)
    except Refused:
        raise Http404 from None


def _organs(request: HttpRequest) -> dict[str, str]:
    """Return the organs this person may speak for."""
    own = access.departments_of(actor_of(request))
    known = people.organisations(OrganisationKind.DEPARTMENT)
    return {
        row.code: people.organisation_name(row.code, row.name)
        for row in known
        if own is None or row.code in own
    }


def _offices(organ: str, said: queries.AdoptionRow | None) -> list[tuple[str, str]]:
    """Return where it may be handled: at the organ's own offices, or, where it has none, at the
    windows of the centres, and wherever it said before."""
    kinds, before = people.organisation_kinds(), said.offices if said else ()
    own, every = people.offices(organ), people.offices()
    shared = [r for r in every if kinds.get(r.organisation) is OrganisationKind.CENTRE and not own]
    kept = [r for r in every if r.code in before and r not in own and r not in shared]
    return [
        (row.code, " ".join(filter(None, (row.name, row.address)))) for row in own + shared + kept
    ]


def _line(one: queries.Adoptable, organ: str) -> Values:
    row, said = one.row, one.adoption
    stands = said if said and said.in_force else None
    offices = stands.offices if stands else ()
    return {
        "row": row,
        "title": words.either(row, "name"),
        "department": words.department(row),
        "said": stands,
        "withdrawn": said if said and not said.in_force else None,
        "to_confirm": one.to_confirm,
        "open": row.state == "in_force" and row.adoptable,
        "offices": [people.office_name(code) or code for code in offices],
        "url": reverse("catalogue:adopt", args=[organ, row.key]),
        "withdraw_url": reverse("catalogue:adoption-withdraw", args=[organ, row.key]),
    }
