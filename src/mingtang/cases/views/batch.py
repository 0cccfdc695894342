"""A batch for those it concerns (批量申请): its template, where its cases stand, its results."""

from collections.abc import Collection, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.forms import workbooks
from mingtang.cases.queries import BatchRow
from mingtang.cases.views import showing, words
from mingtang.cases.views.batchrows import Batch, filed_words
from mingtang.cases.views.mine import receipt_response
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import batches, clock
from mingtang.core.cases import Stage
from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind
from mingtang.ledger.replay import history
from mingtang.papers.queries import PaperRow
from mingtang.people.access import actor_of, public, signed_in


@public("an empty form, made from what the guide page publishes")
@require_GET
def template(request: HttpRequest, item: str) -> HttpResponse:
    """Download the spreadsheet to be filled in (名单模板)."""
    version, content = catalogue.in_force(item)
    fields = batches.differing(content)
    if not fields:
        raise Refused("batch.not-allowed")
    name = words.either(content.name, content.name_en)
    return _sent(workbooks.template(fields, name=name, version=version), f"template-{item}.xlsx")


@signed_in
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Every row with where it stands, what was handed in for all, and the receipt of filing."""
    found = _seen(request, number)
    row, sight = found.row, found.sight
    url = reverse("cases:batch", args=[number])
    written = history(f"batch/{number}")[0]
    lines = found.lines()
    context: dict[str, Any] = {
        **found.common,
        "own": sight is Sight.OWN,
        "full": sight.full,
        "members": lines,
        "to_correct": [line for line in lines if line["row"].stage == Stage.CORRECTING],
        "stub": showing.receipt_stub(
            written,
            what=filed_words(found.filed),
            qr=request.build_absolute_uri(url),
            url=reverse("cases:batch-receipt", args=[number, row.last_index]),
        ),
    }
    if sight.full:
        context |= found.handed_in
    if sight is Sight.OFFICE:
        context["work"] = work_nav(request)[0]
    return render(request, "cases/batch.html", context)


@signed_in
@require_GET
def results(request: HttpRequest, number: str) -> HttpResponse:
    """Download what became of every row (结果清单)."""
    found = _seen(request, number)
    if not found.sight.full:
        raise Http404
    labels = [words.either(field.label, field.label_en) for field in found.fields]
    ends = {
        _("决定书文号"): (PaperKind.GRANTED, PaperKind.REFUSED),
        _("证照编号"): (PaperKind.LICENCE,),
    }
    headings = [_("行"), _("办件编号"), *labels, _("阶段"), _("时限"), _("办结日期"), *ends]
    rows = [
        [
            str(line["place"]),
            line["number"],
            *line["said"],
            line["stage"],
            line["lamp_word"],
            _day(line["row"].closed_at),
            *(_number(line["papers"], kinds) for kinds in ends.values()),
        ]
        for line in found.lines()
    ]
    return _sent(workbooks.listing(number, headings, rows), f"{number}.xlsx")


@signed_in
@require_GET
def receipt(request: HttpRequest, number: str, index: int) -> HttpResponse:
    """Download the receipt of the batch (存证回执)."""
    found = _seen(request, number)
    if index != found.row.last_index:
        raise Http404
    return receipt_response(
        request,
        index,
        found.filed,
        opened=found.sight is Sight.OWN,
        name=number,
        back=reverse("cases:batch", args=[number]),
    )


def _seen(request: HttpRequest, number: str) -> Batch:
    """Return a batch as the reader sees it. Raises Http404 when they do not."""
    row: BatchRow | None = queries.batch(number)
    sight = access.batch_sight(actor_of(request), row) if row else None
    if row is None or sight is None:
        raise Http404
    today = clock.civil_day(timezone.now())
    return Batch(row, sight=sight, today=today, calendar=catalogue.calendar())


def _number(papers: Sequence[PaperRow], kinds: Collection[str]) -> str:
    """Return the number of the newest issued paper of these kinds."""
    issued = [paper for paper in papers if paper.paper in kinds and paper.issued_at]
    return issued[-1].number if issued else ""


def _day(at: Any) -> str:
    return clock.civil_day(at).isoformat() if at else ""


def _sent(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=workbooks.XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
