"""Writing an item (编辑事项): editor, preview, comparison, publishing, withdrawing."""

from collections import defaultdict
from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.catalogue import access, actions, queries
from mingtang.catalogue.forms.editing import Editor, NewItemForm, WithdrawForm
from mingtang.catalogue.queries import ItemFile
from mingtang.catalogue.templatetags import catalogue_words as words
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.decider import Refused
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import Power
from mingtang.core.quality import Shortcoming
from mingtang.core.wire import plain
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.ui.refusals import sentence

WRITERS = (Power.CATALOGUE_DRAFT, Power.CATALOGUE_PUBLISH)


@needs(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin an item (新建事项)."""
    form = NewItemForm(
        request.POST if request.method == "POST" else None,
        departments=_departments(request),
        is_known=lambda key: queries.item_file(key) is not None,
    )
    if request.method == "POST" and form.is_valid():
        content = form.content()
        try:
            actions.draft_item(content=content, seen=0, **_who(request))
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            return redirect("catalogue:edit", key_of(content.code))
    return render(request, "catalogue/new.html", {"form": form}, status=_status(request))


@needs(*WRITERS)
@require_GET
def item(request: HttpRequest, key: str) -> HttpResponse:
    """An item at a glance: its state, what the draft lacks, its versions, and what to do."""
    file = _file(request, key)
    powers = actor_of(request).powers
    context = {
        **_head(file),
        "versions": queries.versions(key),
        "adoptions": [
            (people.organisation_name(one.organ), one) for one in queries.adoptions_of(key)
        ],
        "powers": powers,
    }
    return render(request, "catalogue/item.html", context)


@needs(*WRITERS)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The editor. `add` in what is sent asks for one more row and saves nothing."""
    file = _file(request, key)
    if request.method != "POST":
        return _editor(request, file, Editor(file.last, departments=_departments(request, file)))
    add = request.POST.get("add", "")
    editor = Editor(file.last, departments=_departments(request, file), data=request.POST, add=add)
    if add or not editor.is_valid():
        return _editor(request, file, editor, wrong=not add)
    seen = request.POST.get("seen", "")
    try:
        actions.draft_item(
            content=editor.content(),
            seen=int(seen) if seen.isdigit() else file.drafts,
            **_who(request),
        )
    except Refused as refused:
        if refused.code == "item.draft-unchanged":
            messages.info(request, sentence(refused))
            return redirect("catalogue:item", key)
        editor.form.add_error(None, sentence(refused))
        return _editor(request, file, editor, wrong=True)
    messages.success(request, _("草稿已保存。"))
    return redirect("catalogue:item", key)


def _editor(
    request: HttpRequest, file: ItemFile, editor: Editor, *, wrong: bool = False
) -> HttpResponse:
    missing: dict[str, list[Shortcoming]] = defaultdict(list)
    for one in file.shortcomings:
        missing[one.element].append(one)
    context = {
        **_head(file),
        "editor": editor,
        "sections": editor.sections(missing),
        "seen": request.POST.get("seen", file.drafts),
        "wrong": wrong,
    }
    return render(request, "catalogue/edit.html", context, status=422 if wrong else 200)


@needs(*WRITERS)
@require_GET
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The guide as it will read when the draft is published."""
    file = _file(request, key)
    return render(request, "catalogue/preview.html", {**_head(file), "content": file.last})


@needs(*WRITERS)
@require_GET
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """The draft beside the version in force, element by element."""
    file = _file(request, key)
    differences = _differences(file.in_force, file.draft) if file.in_force and file.draft else []
    return render(request, "catalogue/compare.html", {**_head(file), "differences": differences})


def _differences(before: ItemContent, after: ItemContent) -> list[tuple[Any, list[str], list[str]]]:
    return [
        (words.ELEMENTS[f.name], _in_lines(old), _in_lines(new))
        for f in fields(ItemContent)
        if (old := getattr(before, f.name)) != (new := getattr(after, f.name))
    ]


def _in_lines(value: Any) -> list[str]:
    """Return a value as lines to compare by eye: one a record, its filled fields in order."""
    if isinstance(value, bool):
        return [_("是") if value else _("否")]
    if isinstance(value, tuple):
        return [_record(plain(one)) for one in value]
    return str(value).splitlines() if value is not None else []


def _record(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(_record(one) for one in value.values() if one not in ("", [], None))
    if isinstance(value, list):
        return "、".join(map(_record, value))
    return str(value)


# ── Publishing and withdrawing ──────────────────────────────────────────────


@needs(Power.CATALOGUE_PUBLISH)
@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Bring the draft that was looked at into force."""
    _file(request, key)
    draft = request.POST.get("draft", "")
    try:
        actions.publish_item(key=key, draft=int(draft) if draft.isdigit() else 0, **_who(request))
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, _("已发布，新的申请按这一版办理。"))
    return redirect("catalogue:item", key)


@needs(Power.CATALOGUE_PUBLISH)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take an item out of force, with the reason everybody may read."""
    file = _file(request, key)
    form = WithdrawForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_item(key=key, **form.cleaned_data, **_who(request))
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("已取消，不再接受新的申请。"))
            return redirect("catalogue:item", key)
    context = {**_head(file), "form": form}
    return render(request, "catalogue/withdraw.html", context, status=_status(request))


# ── Shared by these pages ───────────────────────────────────────────────────


def _file(request: HttpRequest, key: str) -> ItemFile:
    """Return the item, if there is one and it is this person's to write."""
    file = queries.item_file(key)
    if file is None:
        raise Http404
    access.require_department(request, file.row.department)
    access.require_department(request, file.last.department)
    return file


def _head(file: ItemFile) -> dict[str, Any]:
    key = file.row.key
    pages = [
        ("item", _("概况"), True),
        ("edit", _("编辑"), True),
        ("preview", _("预览"), True),
        ("compare", _("与在用版本对照"), bool(file.in_force and file.draft)),
    ]
    return {
        "file": file,
        "row": file.row,
        "state": words.STATES[file.row.state],
        "state_chip": words.STATE_CHIPS[file.row.state],
        "tabs": [
            (reverse(f"catalogue:{name}", args=[key]), label)
            for name, label, there in pages
            if there
        ],
    }


def _departments(request: HttpRequest, file: ItemFile | None = None) -> dict[str, str]:
    """Return the departments an item may be given to by this person, its own among them."""
    own = access.departments_of(actor_of(request))
    known = {row.code: row.name for row in people.organisations(OrganisationKind.DEPARTMENT)}
    found = {code: name for code, name in known.items() if own is None or code in own}
    if file is not None:
        found.setdefault(file.last.department, file.last.department_name)
    return found


def _who(request: HttpRequest) -> dict[str, Any]:
    return {
        "by": actor_of(request).person,
        "at": timezone.localtime(),
        "once": request.POST.get("once_key", "")[:64] or None,
    }


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
