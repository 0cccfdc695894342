"""A batch as the pieces of a page (批量申请): what its cases have in common, a line for each."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mingtang.cases import queries
from mingtang.cases.access import Sight
from mingtang.cases.queries import BatchRow, CaseRow
from mingtang.cases.views import lists, showing, words
from mingtang.catalogue import queries as catalogue
from mingtang.core import batches, cases
from mingtang.core.batches import BatchFiled
from mingtang.core.cases import Stage
from mingtang.core.catalogue import FormField, ItemContent, ResultKind
from mingtang.core.papers import PaperKind
from mingtang.core.wire import ERASED
from mingtang.core.worktime import WorkCalendar
from mingtang.papers import queries as papers
from mingtang.papers.queries import PaperRow
from mingtang.papers.templatetags.paper_pieces import KINDS

Values = dict[str, Any]
CERTIFICATES_FOLLOW = timedelta(seconds=30)  # after the decision, where the item has them


class Batch:
    """One batch with its cases, as somebody sees it."""

    def __init__(self, row: BatchRow, *, sight: Sight, today: date, calendar: WorkCalendar) -> None:
        filed = queries.batch_event(row.number)
        assert filed is not None, "a row is there because it was filed"
        self.row, self.sight, self.filed = row, sight, filed
        self.when: Any = {"today": today, "calendar": calendar}
        self.content: ItemContent = catalogue.version(row.item, row.item_version)
        self.cases: Sequence[CaseRow] = list(queries.of_batch(row.number))

    @cached_property
    def papers(self) -> Mapping[str, Sequence[PaperRow]]:
        """The papers of every case, its certificate's too, in the order they were ordered."""
        found: dict[str, list[PaperRow]] = {}
        for paper in papers.papers_of_batch(self.row.number):
            found.setdefault(paper.about.partition("/")[2], []).append(paper)
        return found

    @property
    def making(self) -> list[tuple[PaperKind, int]]:
        """The papers the newest acts call for: kind, how many there will be."""
        if not self.papers or not self.sight.full:
            return []
        granted = [case for case in self.cases if case.stage == Stage.GRANTED]
        refused = sum(case.stage == Stage.REFUSED for case in self.cases)
        accepted = sum(case.accepted_date is not None for case in self.cases)
        if not granted and not refused:
            early = (PaperKind.RECEIVED, len(self.cases))
            return [(PaperKind.ACCEPTED, accepted) if accepted else early]
        called_for = [
            (PaperKind.GRANTED, len(granted)),
            (PaperKind.LICENCE, self._certificates(granted)),
            (PaperKind.REFUSED, refused),
        ]
        return [(kind, count) for kind, count in called_for if count]

    def _certificates(self, granted: Sequence[CaseRow]) -> int:
        """Return how many certificates there will be; none are waited for where none follow."""
        made = sum(p.paper == PaperKind.LICENCE for found in self.papers.values() for p in found)
        decided = max((case.closed_at for case in granted if case.closed_at), default=None)
        soon = decided is not None and timezone.now() - decided < CERTIFICATES_FOLLOW
        expected = self.content.result_kind is ResultKind.CERTIFICATE and soon
        return len(granted) if expected else made

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields that differ by row; none for those who see progress alone."""
        return batches.differing(self.content) if self.sight.full else ()

    @property
    def common(self) -> Values:
        """What the head of a page says about it."""
        stages: dict[str, int] = {}
        for case in self.cases:
            stages[case.stage] = stages.get(case.stage, 0) + 1
        return {
            "batch": self.row,
            "name": words.item_name(self.row),
            "department": words.body_name(self.row.department),
            "standing": lists.standing(self.row, stages),
            "applicant": showing.applicant_facts(self.filed, sight=self.sight),
            "columns": self.fields,
            "missing": self.row.count - len(self.cases),
            "making": [(kind, KINDS[kind], count) for kind, count in self.making],
        }

    @property
    def handed_in(self) -> Values:
        """What was handed in once for all: answers and materials."""
        fields = batches.common(self.content)
        return {
            "answers": showing.field_lines(fields, self._first_row) if fields else [],
            "materials": showing.material_lines(
                cases.materials_for(self.content, self._answers),
                self.filed.documents,
                self.cases[0].number if self.cases else "",
            ),
        }

    @property
    def _first_row(self) -> Mapping[str, Any]:
        rows = [] if self.filed.rows == ERASED else json.loads(self.filed.rows)
        return rows[0] if rows else {}

    @property
    def _answers(self) -> dict[str, str]:
        return {} if self.filed.answers == ERASED else json.loads(self.filed.answers)

    def lines(self, page: str = "progress", *arguments: str) -> list[Values]:
        """Return a line for every case. `page` and `arguments` name where its number leads."""
        forms = queries.forms_of(case.number for case in self.cases) if self.fields else {}
        return [
            {
                **showing.row_line(case, sight=self.sight, **self.when),
                "place": case.place,
                "said": self._said(forms.get(case.number)),
                "papers": [paper for paper in self.papers.get(case.number, ()) if _ends(paper)],
                "url": reverse(f"cases:{page}", args=[case.number, *arguments]),
            }
            for case in self.cases
        ]

    def _said(self, form: Mapping[str, Any] | None) -> list[str]:
        if form is None:
            return [_("已删除") for _field in self.fields]
        return [showing.answer_words(field, form.get(field.name)) for field in self.fields]


def _ends(paper: PaperRow) -> bool:
    """Whether a paper is what a case ends in: the decision, and the certificate."""
    return paper.paper in (PaperKind.GRANTED, PaperKind.REFUSED, PaperKind.LICENCE)


def filed_words(filed: BatchFiled) -> str:
    """Return how a batch was filed, in a few words."""
    return _("窗口收到批量申请") if filed.taken_by else _("网上提交批量申请")
