"""Writing bundles (一件事管理): a department those it leads; the centre all, and it publishes."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mingtang.catalogue import access, actions, queries
from mingtang.catalogue.forms.bundles import BundleForm, NewBundleForm, codes_of, typed
from mingtang.catalogue.forms.editing import WithdrawForm
from mingtang.catalogue.queries import BundleRow
from mingtang.catalogue.templatetags import catalogue_words as words
from mingtang.core import bundles
from mingtang.core.bundles import BundleContent
from mingtang.core.decider import Refused
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import Power
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.ui.refusals import sentence

WRITING = (Power.CATALOGUE_DRAFT, Power.CATALOGUE_PUBLISH)


@needs(*WRITING)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The bundles this person may write."""
    rows = queries.bundles_for_editors(access.departments_of(actor_of(request)))
    lines = [
        {
            "row": row,
            "name": words.either(row, "name"),
            "lead": people.organisation_name(row.lead, row.lead_name),
            "state": words.STATES[row.state],
            "chip": words.STATE_CHIPS[row.state],
        }
        for row in rows
    ]
    return render(request, "catalogue/bundles.html", {"lines": lines})


@needs(*WRITING)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a bundle."""
    form = _form(NewBundleForm, request)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        if _draft(request, form, key, seen=0):
            return redirect("catalogue:bundle", key)
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/bundle.html", {"form": form}, status=status)


@needs(*WRITING)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Write a bundle, and look at what it comes to before it is published."""
    row = _row(request, key)
    content = _latest(row)
    contents = queries.open_contents(content.items) if content else {}
    initial = typed(content, codes_of(contents)) if content else {}
    form = _form(BundleForm, request, initial=initial, known=content)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        if _draft(request, form, key, seen=int(seen) if seen.isdigit() else -1):
            return redirect("catalogue:bundle", key)
    context = {
        "form": form,
        "row": row,
        "name": words.either(row, "name"),
        "state": words.STATES[row.state],
        "state_chip": words.STATE_CHIPS[row.state],
        "union": _union(content, contents) if content else [],
        "publishes": Power.CATALOGUE_PUBLISH in actor_of(request).powers,
        "withdrawal": WithdrawForm(label_suffix=""),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/bundle.html", context, status=status)


@needs(Power.CATALOGUE_PUBLISH)
@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Bring the draft that was looked at into force."""
    _row(request, key)
    draft = request.POST.get("seen", "")
    try:
        actions.publish_bundle(key=key, draft=int(draft) if draft.isdigit() else 0, **_who(request))
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, _("已发布，可以一次申请了。"))
    return redirect("catalogue:bundle", key)


@needs(Power.CATALOGUE_PUBLISH)
@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a bundle out of force."""
    _row(request, key)
    try:
        reason = request.POST.get("reason", "")[:1000]
        actions.withdraw_bundle(key=key, reason=reason, **_who(request))
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, _("已取消，不再接受新的申请。"))
    return redirect("catalogue:bundle", key)


# ── Shared by these pages ───────────────────────────────────────────────────


def _row(request: HttpRequest, key: str) -> BundleRow:
    row = queries.bundle_row(key)
    if row is None:
        raise Http404
    access.require_department(request, row.lead)
    return row


def _latest(row: BundleRow) -> BundleContent | None:
    """Return what is being written, or else what is in force; None: it was withdrawn."""
    text = row.draft or row.content
    return queries.bundle_content(text) if text else None


def _form(
    kind: type[BundleForm],
    request: HttpRequest,
    *,
    initial: Mapping[str, str] | None = None,
    known: BundleContent | None = None,
) -> BundleForm:
    own = access.departments_of(actor_of(request))
    departments = {
        row.code: row.name
        for row in people.organisations(OrganisationKind.DEPARTMENT)
        if own is None or row.code in own
    }
    if known is not None:
        departments.setdefault(known.lead, known.lead_name)
    governments = {row.code: row.name for row in people.organisations(OrganisationKind.GOVERNMENT)}
    data = request.POST if request.method == "POST" else None
    return kind(data, initial=initial, departments=departments, governments=governments)


def _draft(request: HttpRequest, form: BundleForm, key: str, *, seen: int) -> bool:
    content = form.content()
    access.require_department(request, content.lead)
    try:
        actions.draft_bundle(key=key, content=content, seen=seen, **_who(request))
    except Refused as refused:
        form.add_error(None, sentence(refused))
        return False
    messages.success(request, _("草稿已保存。"))
    return True


def _union(content: BundleContent, contents: bundles.Contents) -> list[dict[str, Any]]:
    """Return the one list of materials, as far as the items are published."""
    if set(contents) != set(content.items):
        return []
    return [
        {
            "name": one.material.name,
            "parts": [f"{contents[part.item].code}/{part.key}" for part in one.parts],
        }
        for one in bundles.materials(content, contents)
    ]


def _who(request: HttpRequest) -> dict[str, Any]:
    return {
        "by": actor_of(request).person,
        "at": timezone.localtime(),
        "once": request.POST.get("once_key", "")[:64] or None,
    }
