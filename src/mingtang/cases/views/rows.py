"""The two steps a batch has beside those of one application: how many, and the list (批量名单)."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mingtang.cases.forms import ManyForm, spreadsheets
from mingtang.cases.forms.rows import Row
from mingtang.cases.views.filing import Filing
from mingtang.core.batches import MOST
from mingtang.core.decider import Refused
from mingtang.ui import refusals

AT_ONCE = 50  # wrong rows shown to be corrected on the page
MOST_CELLS = 500  # wrong cells among them: Django takes 1,000 fields of a form
ACCEPTED = ".xlsx,.csv"


class RowsSteps:
    """What `Wizard` inherits; it has the request, the filing, the page and the way on."""

    request: HttpRequest
    filing: Filing
    _page: Callable[..., HttpResponse]
    _on: Callable[[str], HttpResponse]

    def many(self) -> HttpResponse:
        data = self.request.POST if self.request.method == "POST" else None
        chosen = self.request.GET.get("many") or self.filing.draft.get("many", "no")
        form = ManyForm(data, initial={"many": chosen})
        if data is not None and form.is_valid():
            self.filing.draft["many"] = form.cleaned_data["many"]
            return self._on("many")
        return self._page("many", {"form": form}, form)

    def rows(self) -> HttpResponse:
        if self.request.method == "GET":
            return self._rows()
        match self.request.POST.get("do"):
            case "upload":
                return self._upload()
            case "cells":
                return self._cells()
            case "row":
                return self._row()
            case _:
                return self._rows_done()

    def _upload(self) -> HttpResponse:
        """Take a spreadsheet in place of the list; refused, the list stays as it was."""
        upload = self.request.FILES.get("sheet")
        if upload is None:
            return self._rows(_("请先选一个文件。"), status=422)
        roster = self.filing.roster
        try:
            data = upload.read(spreadsheets.MOST_BYTES + 1)
            roster.take(spreadsheets.read(data, roster.fields))
        except Refused as refused:
            said = f"{upload.name}：{refusals.sentence(refused)}"
            return self._rows(said, refused.code, status=422)
        return self._again()

    def _cells(self) -> HttpResponse:
        """Keep corrected cells, and leave out the rows marked so."""
        self.filing.roster.keep_cells(self.request.POST)
        dropped = self.request.POST.getlist("drop")
        self.filing.roster.remove({int(one) for one in dropped if one.isdecimal()})
        return self._again()

    def _row(self) -> HttpResponse:
        """Keep one row written by hand, right or wrong: what is wrong is shown in the list."""
        line = self.request.POST.get("line", "")
        number = int(line) if line.isdecimal() else None
        try:
            kept = self.filing.roster.keep_row(number, self.request.POST)
        except Refused as refused:
            return self._rows(refusals.sentence(refused), refused.code, status=422)
        return self._again(f"#line-{kept}")

    def _again(self, anchor: str = "") -> HttpResponse:
        self.filing.keep()
        then = self.request.POST.get("then", "")
        return redirect(f"{self.filing.url('rows')}{f'?then={then}' if then else ''}{anchor}")

    def _rows_done(self) -> HttpResponse:
        rows = self.filing.roster.rows
        if not len(rows):
            return self._rows(_("名单里还没有一行，请上传表格或者逐行填写。"), status=422)
        return self._rows(status=422) if rows.wrong else self._on("rows")

    def _rows(self, refused: str = "", code: str = "", status: int = 200) -> HttpResponse:
        roster = self.filing.roster
        rows, number = roster.rows, _line(self.request)
        if number is not None and number not in {line.number for line in rows.lines}:
            raise Http404
        shown = rows.rows
        wrong = [row for row in shown if row.wrong]
        first = _first(wrong)
        context: dict[str, Any] = {
            "columns": rows.fields,
            "wrong_rows": first,
            "wrong_beyond": len(wrong) - len(first),
            "good_rows": [row for row in shown if not row.wrong],
            "count": len(shown),
            "most": MOST,
            "unused": roster.unused,
            "row_form": roster.form(number),
            "line_number": number,
            "template_url": self.filing.template_url,
            "accepted": ACCEPTED,
            "limit": spreadsheets.MOST_BYTES,
            "refused": refused,
            "code": code,
        }
        return self._page("rows", context, status=status)


def _first(wrong: Sequence[Row]) -> Sequence[Row]:
    """Return as many of the wrong rows as one form can hold, one at least."""
    cells = list(accumulate(sum(bool(cell.wrong) for cell in row.cells) for row in wrong))
    fit = sum(total <= MOST_CELLS for total in cells)
    return wrong[: max(1, min(fit, AT_ONCE))]


def _line(request: HttpRequest) -> int | None:
    """Return the line somebody wants to change."""
    line = request.GET.get("line", "")
    return int(line) if line.isdecimal() else None
