"""What was handed in anew beside what it replaced (材料比对): files, their text, form fields.

The page shows at once; the text of two files takes a moment and comes after it (`text`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from mingtang.cases import access
from mingtang.cases.queries import CaseFile, by_number, case_file
from mingtang.cases.views import documents, showing, words
from mingtang.cases.views.work import work_nav
from mingtang.core import cases, differences
from mingtang.core.catalogue import ItemContent
from mingtang.core.wire import ERASED
from mingtang.people.access import actor_of, signed_in
from mingtang.ui.formats import file_size
from mingtang.ui.pages import HtmxRequest
from mingtang.vault import queries as vault

Values = dict[str, Any]
PICTURES = ("image/png", "image/jpeg")
HINDRANCES = {
    vault.Hindrance.BROKEN: _lazy("文件打不开或者已经损坏，读不出文字。"),
    vault.Hindrance.PROTECTED: _lazy("文件有密码，读不出文字。"),
    vault.Hindrance.NO_TEXT: _lazy("没有可读的文字，多半是扫描件，请直接对照文件。"),
    vault.Hindrance.TOO_MUCH: _lazy("文件太长或者太大，没有比对文字。"),
    vault.Hindrance.TOO_SLOW: _lazy("文件太复杂，没有在限定的时间里比对完，请直接对照文件。"),
    vault.Hindrance.BUSY: _lazy("正在比对的文件较多，请过一会儿再看。"),
}


def is_comparable(case: CaseFile) -> bool:
    """Whether something was handed in anew."""
    return case.event(cases.CorrectionsReceived) is not None


@signed_in
@require_GET
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """Old and new side by side, for those who may read the case."""
    case, _sight = _readable(request, number)
    content = showing.content_of(case.row)
    context = {
        **_head(request, case),
        "materials": [
            {
                "name": one.name,
                "before": _files(case, one.before),
                "after": _files(case, one.after),
                "text": _text_url(number, place, one),
            }
            for place, one in enumerate(_replaced(case, content), 1)
        ],
        "fields": _fields(case, content),
    }
    return render(request, "cases/compare.html", context)


@signed_in
@require_GET
def text(request: HtmxRequest, number: str, place: int) -> HttpResponse:
    """How the text of a material differs from what it replaced; `place` counts from 1.

    Like opening the files, it leaves a trace where one is somebody's e-licence.
    """
    case, sight = _readable(request, number)
    replaced = _replaced(case, showing.content_of(case.row))
    if not 0 < place <= len(replaced) or not _has_text(replaced[place - 1]):
        raise Http404
    one = replaced[place - 1]
    if sight is access.Sight.OFFICE:
        for document in one.before + one.after:
            documents.look_at(request, case.row, document.id)
    found = vault.differences([each.id for each in one.before], [each.id for each in one.after])
    gone, new = differences.counts(found.passages)
    context = {
        **_head(request, case),
        "material": one.name,
        "hindrances": _hindrances(case, one, found),
        "is_made": found.is_made,
        "passages": found.passages if gone or new else (),
        "left_out": found.left_out,
        "gone": gone,
        "new": new,
        "paged": any(passage.page_before > 1 for passage in found.passages)
        or any(passage.page_after > 1 for passage in found.passages),
    }
    template = "cases/parts/differences.html" if request.htmx else "cases/compare_text.html"
    return render(request, template, context)


def _readable(request: HttpRequest, number: str) -> tuple[CaseFile, access.Sight]:
    """Return a case in which something can be compared, for those who read it in full."""
    row = by_number(number)
    sight = access.sight(actor_of(request), row) if row else None
    if row is None or sight is None or not sight.full:
        raise Http404
    case = case_file(row)
    if not is_comparable(case):
        raise Http404
    return case, sight


def _head(request: HttpRequest, case: CaseFile) -> Values:
    return {
        "work_nav": work_nav(request) if actor_of(request).powers else None,
        "row": case.row,
        "name": words.item_name(case.row),
    }


@dataclass(frozen=True)
class Replaced:
    """A material that was handed in anew."""

    name: str
    before: list[cases.Document]
    after: list[cases.Document]


def _replaced(case: CaseFile, content: ItemContent) -> list[Replaced]:
    """Return each material that was replaced, in the order in which that happened."""
    filed, *later = [
        event.documents
        for written in case.history
        if isinstance(event := written.event, cases.CaseFiled | cases.CorrectionsReceived)
    ]
    names, current, lines = showing.material_names(content), list(filed), []
    for handed_in in later:
        replaced = dict.fromkeys(document.material for document in handed_in)
        for material in replaced:
            before = [one for one in current if one.material == material]
            after = [one for one in handed_in if one.material == material]
            lines.append(Replaced(names.get(material, material), before, after))
        current = [one for one in current if one.material not in replaced] + list(handed_in)
    return lines


def _text_url(number: str, place: int, one: Replaced) -> str:
    """Return where the text is compared; empty: nowhere."""
    return reverse("cases:compare-text", args=[number, place]) if _has_text(one) else ""


def _has_text(one: Replaced) -> bool:
    """Whether both sides are files with text that are still there."""
    ids = [document.id for document in one.before + one.after]
    held = vault.documents(ids)
    kept = [held[id] for id in ids if id in held and held[id].erased_at is None]
    readable = [row for row in kept if row.media_type in vault.WITH_TEXT]
    return bool(one.before and one.after) and len(readable) == len(ids)


def _hindrances(case: CaseFile, one: Replaced, found: vault.Compared) -> list[str]:
    """Return in sentences what kept the text from being compared."""
    if found.whole is not None:
        return [str(HINDRANCES[found.whole])]
    sides = ((one.before, found.before), (one.after, found.after))
    return [
        f"{file['name']}：{HINDRANCES[hindrance]}"
        for files, hindrances in sides
        for file, hindrance in zip(_files(case, files), hindrances, strict=True)
        if hindrance is not None
    ]


def _files(case: CaseFile, handed_in: Sequence[cases.Document]) -> list[Values]:
    held = vault.documents([one.id for one in handed_in])
    found = []
    for one in handed_in:
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
