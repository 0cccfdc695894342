"""Types of licences (证照类型): listed, written, looked at as a specimen, published, withdrawn."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import Wanted
from mingtang.core.decider import Refused
from mingtang.core.licences.types import (
    FORM,
    TEXT,
    LicenceField,
    TypeContent,
    all_fields,
    last_day,
)
from mingtang.core.licences.wording import specimen
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import Power
from mingtang.core.wire import canonical, read
from mingtang.licences import actions, queries
from mingtang.licences.forms import ActForm
from mingtang.licences.forms.types import NewTypeForm, TypeEditor, empty, sources
from mingtang.licences.views.work import TYPES, work_nav
from mingtang.papers.ports.typesetting import typeset
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.ui.refusals import sentence
from mingtang.vault import actions as vault
from mingtang.vault.queries import draft as vault_draft


@needs(*TYPES)
@require_GET
def types(request: HttpRequest) -> HttpResponse:
    """Every type there is, those in use first."""
    found = queries.licence_types()
    context = {
        "work_nav": work_nav(request),
        "lines": [
            {"row": row, "organ": people.organisation_name(row.organ, row.organ_name)}
            for row in found
        ],
        "publishes": _publishes(request),
    }
    return render(request, "licences/types.html", context)


@needs(*TYPES)
@require_GET
def licence_type(request: HttpRequest, key: str) -> HttpResponse:
    """One type: what is printed, where it comes from, its versions."""
    row = queries.licence_type(key)
    if row is None:
        raise Http404
    content = queries.type_version(key, row.version)
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "organ": people.organisation_name(row.organ, row.organ_name),
        "content": content,
        "fields": _printed(content),
        "items": [(code, _item_name(code)) for code in content.items],
        "versions": queries.type_versions(key),
        "publishes": _publishes(request),
    }
    return render(request, "licences/type.html", context)


def _printed(content: TypeContent) -> list[tuple[LicenceField, str]]:
    """Return everything printed, each with where it comes from in words."""
    words = {value: str(label) for value, label in sources(content.items)}
    return [(field, _source(field, words)) for field in all_fields(content)]


def _source(field: LicenceField, words: Mapping[str, str]) -> str:
    if field.source.startswith(TEXT):
        return _("固定文字：%(text)s") % {"text": field.source.removeprefix(TEXT)}
    label = words.get(field.source, field.source.removeprefix(FORM))
    return _("申请表：%(field)s") % {"field": label} if field.source.startswith(FORM) else label


def _item_name(code: str) -> str:
    try:
        return catalogue.item_in_force(code).content.name
    except Refused:
        return ""


def _publishes(request: HttpRequest) -> bool:
    return Power.CATALOGUE_PUBLISH in actor_of(request).powers


# ── Writing ─────────────────────────────────────────────────────────────────


@needs(Power.CATALOGUE_PUBLISH)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a type: whose licence it is, and its code."""
    form = filled(NewTypeForm, request, organs=_organs())
    if request.method == "POST" and form.is_valid():
        organ = form.cleaned_data["organ"]
        code = queries.uscc_of(organ) + form.cleaned_data["suffix"]
        if queries.licence_type(code):
            form.add_error("suffix", _("这个代码已有证照类型。"))
        elif not queries.uscc_of(organ):
            form.add_error("organ", sentence(Refused("licence.issuer-unknown")))
        else:
            _keep(request, empty(code, organ, people.organisation_names()[organ]))
            return redirect("licences:type-edit", code)
    context = {"work_nav": work_nav(request), "form": form}
    return render(request, "licences/type_new.html", context, status=_status(form.is_bound))


def _organs() -> list[tuple[str, str]]:
    found = people.organisations(OrganisationKind.DEPARTMENT)
    return [(row.code, people.organisation_name(row.code, row.name)) for row in found]


@needs(Power.CATALOGUE_PUBLISH)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The editor. What is written is kept as a draft until it is published."""
    content = _latest(request, key)
    items = _items(content)
    if request.method != "POST":
        return _editor(request, TypeEditor(content, items=items))
    if "discard" in request.POST:
        vault.drop_draft(owner=actor_of(request).person, subject=_subject(key))
        return redirect("licences:types")
    add = bool({"add", "refresh"} & {*request.POST})
    editor = TypeEditor(content, items=items, data=request.POST, add="add" in request.POST)
    if add or not editor.is_valid():
        return _editor(request, editor, status=200 if add else 422)
    _keep(request, editor.written())
    return redirect("licences:type-check", key)


def _editor(request: HttpRequest, editor: TypeEditor, *, status: int = 200) -> HttpResponse:
    context = {
        "work_nav": work_nav(request),
        "editor": editor,
        "content": editor.content,
        "row": queries.licence_type(editor.content.code),
    }
    return render(request, "licences/type_edit.html", context, status=status)


def _items(content: TypeContent) -> list[tuple[str, str]]:
    """Return the items to choose from: the organ's own that are in force, and those chosen."""
    own = catalogue.items(Wanted(department=content.organ))
    found = [(row.code, row.name) for row in own]
    known = {code for code, _name in found}
    return found + [(code, code) for code in content.items if code not in known]


@needs(Power.CATALOGUE_PUBLISH)
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Look at the specimen, then publish (核对并发布)."""
    content = _draft(request, key)
    if content is None:
        return redirect("licences:type-edit", key)
    form = filled(PublishForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.publish_type(
            content=content,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        vault.drop_draft(owner=actor_of(request).person, subject=_subject(key))
        messages.success(request, _("证照类型已发布，此后准予的按这一版制证。"))
        return redirect("licences:type", key)
    row = queries.licence_type(key)
    context = {
        "work_nav": work_nav(request),
        "content": content,
        "row": row,
        "organ": people.organisation_name(content.organ, content.organ_name),
        "fields": _printed(content),
        "items": [(code, _item_name(code)) for code in content.items],
        "form": form,
    }
    status = 409 if form.is_bound and form.non_field_errors() else 200
    return render(request, "licences/type_check.html", context, status=status)


@needs(Power.CATALOGUE_PUBLISH)
@require_GET
def draft_specimen(request: HttpRequest, key: str) -> HttpResponse:
    """The specimen of what is written and not published yet."""
    content = _draft(request, key)
    if content is None:
        raise Http404
    return _specimen(content)


@needs(*TYPES)
@require_GET
def specimen_of(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """The specimen of a version (样本)."""
    if not any(one.version == version for one in queries.type_versions(key)):
        raise Http404
    return _specimen(queries.type_version(key, version))


def _specimen(content: TypeContent) -> HttpResponse:
    """Typeset it without a seal. Raises Refused: paper.glyph-missing."""
    today: date = timezone.localdate()
    sheet = specimen(content, day=today, last=last_day(today, content.validity_months))
    page = typeset(sheet, address=f"{settings.URL}/check/", test=False)
    response = HttpResponse(page.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{content.code}-specimen.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@needs(Power.CATALOGUE_PUBLISH)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw a type (停用): nothing further is made by it."""
    row = queries.licence_type(key)
    if row is None:
        raise Http404
    form = filled(ActForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.withdraw_type(
            key=key,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("证照类型已停用，已核发的证照不受影响。"))
        return redirect("licences:type", key)
    context = {"work_nav": work_nav(request), "row": row, "form": form}
    return render(request, "licences/type_withdraw.html", context, status=_status(form.is_bound))


def _status(bound: bool) -> int:
    return 422 if bound else 200


# ── What is written and not published ───────────────────────────────────────


class PublishForm(ActForm):
    """Nothing is typed: what was written is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]


def _subject(key: str) -> str:
    return f"licence-type/{key}"


def _keep(request: HttpRequest, content: TypeContent) -> None:
    kept = {"content": json.loads(canonical(content))}
    person = actor_of(request).person
    vault.save_draft(
        owner=person, subject=_subject(content.code), content=kept, at=timezone.localtime()
    )


def _draft(request: HttpRequest, key: str) -> TypeContent | None:
    found = vault_draft(owner=actor_of(request).person, subject=_subject(key))
    if found is None:
        return None
    content: TypeContent = read(TypeContent, json.loads(found.content)["content"])
    return content


def _latest(request: HttpRequest, key: str) -> TypeContent:
    """Return what is being written, or else what was published last. Raises Http404."""
    written = _draft(request, key)
    if written is not None:
        return written
    row = queries.licence_type(key)
    if row is None:
        raise Http404
    return queries.type_version(key, row.version)
