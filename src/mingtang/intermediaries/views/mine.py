"""My needs and my bodies (我的中介服务): publishing, asking to join, where everything stands."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.core.cases import Document
from mingtang.core.intermediaries.register import BodyContent, Qualification
from mingtang.core.wire import ERASED
from mingtang.intermediaries import access, queries
from mingtang.intermediaries.actions import listing, selecting
from mingtang.intermediaries.forms import JoinForm, NeedForm
from mingtang.intermediaries.views import showing
from mingtang.ledger.orders import Receipt
from mingtang.people import queries as people
from mingtang.people.access import actor_of, signed_in
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.vault import actions as vault


def once_of(request: HttpRequest, act: str) -> str | None:
    typed = once(request)
    return f"{actor_of(request).person}/intermediaries/{act}/{typed}" if typed else None


def status(form: Any) -> int:
    if not form.is_bound:
        return 200
    return 409 if form.non_field_errors() else 422


def kept(request: HttpRequest, name: str, material: str) -> Document:
    """Keep the file of a form; return it as the record names it. Raises Refused: upload.…"""
    file = request.FILES.getlist(name)[-1]  # the one the form saw
    row = vault.keep_document(
        owner="", name=file.name or "", chunks=file.chunks(), at=timezone.localtime()
    )
    return Document(id=row.id, material=material, sha256=row.sha256, sm3=row.sm3, size=row.size)


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I published, the bodies I act for, what they signed up for and won."""
    actor, today = actor_of(request), timezone.localdate()
    ids = [one.id for one in access.publishers(actor)]
    units = people.organisations_of(actor.person)
    codes = [unit.code for unit in units]
    listed = {row.key: row for row in queries.bodies(codes)}
    names = queries.service_names()
    context = {
        "published": [showing.need_line(row, today=today) for row in queries.published_by(ids)],
        "units": [
            (unit, showing.body_line(listed[unit.code], names) if unit.code in listed else None)
            for unit in units
        ],
        "won": [showing.need_line(row, today=today) for row in queries.of_bodies(codes)],
        "sign_ups": queries.sign_ups_of(codes),
    }
    return render(request, "intermediaries/mine.html", context)


@signed_in
def publish(request: HttpRequest) -> HttpResponse:
    """Publish a need (发布采购公告), for a case where one is named."""
    actor = actor_of(request)
    case = request.GET.get("case", "")[:20]
    form = filled(
        NeedForm,
        request,
        publishers=access.publishers(actor),
        services=showing.service_choices(),
        bodies=[(row.key, row.name) for row in queries.registered() if row.standing == "listed"],
        initial={"case": case, "way": "draw"},
    )
    given: list[Receipt] = []
    if request.method == "POST" and carried_out(
        form,
        lambda: given.append(
            selecting.publish(
                content=form.content(now=timezone.localtime()),
                publisher=form.who(),
                case=form.cleaned_data["case"].strip(),
                invited=form.cleaned_data["invited"],
                by=actor.person,
                at=timezone.localtime(),
                once=once_of(request, "publish"),
            )
        ),
    ):
        messages.success(request, _("采购公告已发布。"))
        return redirect("intermediaries:need", given[0].key)
    context = {"form": form, "any": bool(queries.services())}
    return render(request, "intermediaries/publish.html", context, status=status(form))


@signed_in
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Ask that a unit of mine be listed (申请入驻), for one qualification more."""
    actor = actor_of(request)
    unit = people.organisation(code)
    if unit is None or not access.represents(actor, code):
        raise Http404
    row = queries.body(code)
    before = (queries.content_of(row) or queries.asked_of(row)) if row else None
    known = {"contact": before.contact, "phone": before.phone} if before else {}
    initial = {name: value for name, value in known.items() if value != ERASED}
    form = filled(JoinForm, request, code=code, services=showing.service_choices(), initial=initial)
    if request.method == "POST" and carried_out(form, lambda: _ask(request, form, code)):
        messages.success(request, _("申请已提交，中心审核后公布。"))
        return redirect("intermediaries:mine")
    names = queries.service_names()
    context = {
        "form": form,
        "unit": unit,
        "body": showing.body_line(row, names) if row else None,
        "waiting": row is not None and row.asked != "",
        "upload_limit": settings.UPLOAD_LIMIT,
    }
    return render(request, "intermediaries/join.html", context, status=status(form))


def _ask(request: HttpRequest, form: JoinForm, code: str) -> None:
    """What is published of a body stays; a qualification for the same service is replaced."""
    said = form.cleaned_data
    row, unit = queries.body(code), people.organisation(code)
    assert unit is not None
    before = queries.content_of(row) if row else None
    new = Qualification(
        service=said["service"], name=said["name"], number=said["number"], until=said["until"]
    )
    content = BodyContent(
        code=code, name=unit.name, contact="", phone="", qualifications=(), documents=()
    )
    others = [q for q in (before or content).qualifications if q.service != new.service]
    document = kept(request, "file", "qualification")
    try:
        listing.ask_to_join(
            content=replace(
                before or content,
                name=unit.name,
                contact=said["contact"],
                phone=said["phone"],
                qualifications=(*others, new),
                documents=(*(before or content).documents, document),
            ),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"join/{code}"),
        )
    except Exception:  # nothing records it: it goes
        vault.drop_document(document.id)
        raise
