"""What was handed in anew beside what it replaced (材料比对): files, form fields."""

import json
from difflib import SequenceMatcher
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.cases import access
from mingtang.cases.queries import CaseFile, by_number, case_file
from mingtang.cases.views import showing, words
from mingtang.cases.views.work import work_nav
from mingtang.core import cases
from mingtang.core.catalogue import ItemContent
from mingtang.core.wire import ERASED
from mingtang.people.access import actor_of, signed_in
from mingtang.ui.formats import file_size
from mingtang.vault import queries as vault

Values = dict[str, Any]
PICTURES = ("image/png", "image/jpeg")
READ = 200_000  # bytes of a text that are compared


def is_comparable(case: CaseFile) -> bool:
    """Whether something was handed in anew."""
    return case.event(cases.CorrectionsReceived) is not None


@signed_in
@require_GET
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """Old and new side by side, for those who may read the case."""
    row = by_number(number)
    sight = access.sight(actor_of(request), row) if row else None
    if row is None or sight is None or not sight.full:
        raise Http404
    case = case_file(row)
    if not is_comparable(case):
        raise Http404
    content = showing.content_of(row)
    context = {
        "work_nav": work_nav(request) if actor_of(request).powers else None,
        "row": row,
        "name": words.item_name(row),
        "materials": _materials(case, content),
        "fields": _fields(case, content),
    }
    return render(request, "cases/compare.html", context)


def _materials(case: CaseFile, content: ItemContent) -> list[Values]:
    """Return each material that was replaced: the files before and after, and how they differ."""
    filed, *later = [
        event.documents
        for written in case.history
        if isinstance(event := written.event, cases.CaseFiled | cases.CorrectionsReceived)
    ]
    names, current, lines = showing.material_names(content), list(filed), []
    for documents in later:
        replaced = dict.fromkeys(document.material for document in documents)
        for material in replaced:
            before = [one for one in current if one.material == material]
            after = [one for one in documents if one.material == material]
            lines.append(
                {
                    "name": names.get(material, material),
                    "before": _files(case, before),
                    "after": _files(case, after),
                    "differences": _differences(before, after),
                }
            )
        current = [one for one in current if one.material not in replaced] + list(documents)
    return lines


def _files(case: CaseFile, documents: list[cases.Document]) -> list[Values]:
    held = vault.documents([one.id for one in documents])
    found = []
    for one in documents:
        row = held.get(one.id)
        kept = row is not None and row.erased_at is None
        found.append(
            {
                "name": row.name if row is not None and kept else _("文件（已删除）"),
                "size": file_size(one.size),
                "digest": one.sha256,
                "url": reverse("cases:document", args=[case.row.number, one.id]) if kept else "",
                "picture": row is not None and kept and row.media_type in PICTURES,
            }
        )
    return found


def _differences(before: list[cases.Document], after: list[cases.Document]) -> list[Values] | None:
    """Return two texts line beside line; None where they are no texts."""
    if len(before) != 1 or len(after) != 1:
        return None
    old, new = _text(before[0].id), _text(after[0].id)
    if old is None or new is None:
        return None
    lines: list[Values] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        for place in range(max(b - a, d - c)):
            left = old[a + place] if a + place < b else ""
            right = new[c + place] if c + place < d else ""
            lines.append({"before": left, "after": right, "changed": kind != "equal"})
    return lines


def _text(id: str) -> list[str] | None:
    """Return the lines of a kept file that is plain text, at most 2,000 of them."""
    row = vault.document(id)
    if row is None or row.erased_at is not None or not row.media_type.startswith("text/"):
        return None
    try:
        with vault.path_of(row.id).open("rb") as file:
            return file.read(READ).decode().splitlines()[:2000]
    except (OSError, UnicodeDecodeError):
        return None


def _fields(case: CaseFile, content: ItemContent) -> list[Values]:
    """Return every answer that changed, as it was filed and as it stands."""
    forms = [
        event.form
        for written in case.history
        if isinstance(event := written.event, cases.CaseFiled | cases.CorrectionsReceived)
        and event.form
    ]
    if ERASED in forms or len(forms) < 2:
        return []
    old, new = (json.loads(forms[place]).get("fields", {}) for place in (0, -1))
    before, after = (dict(showing.form_lines(content, given)) for given in (old, new))
    return [
        {"label": label, "before": before[label], "after": after[label]}
        for label in before
        if before[label] != after[label]
    ]
