"""Lines of the work lists (办件列表): a case, or a batch with where its cases stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingtang.cases import queries
from mingtang.cases.access import Sight
from mingtang.cases.queries import BatchRow, CaseRow, TaskRow
from mingtang.cases.views import showing, words
from mingtang.core.cases import Stage
from mingtang.core.worktime import WorkCalendar

Line = dict[str, Any]
LINES = 30  # on a page


def page_of(
    tasks: QuerySet[TaskRow], order: Sequence[str], number: str | None
) -> Page[Mapping[str, Any]]:
    """Return one page of tasks as lines, ordered by these columns of theirs."""
    paginator = Paginator(queries.folded(tasks, *order), LINES)
    paginator.count = queries.count_folded(tasks)
    return paginator.get_page(number)


def collected_page(
    cases: QuerySet[CaseRow, Mapping[str, Any]], number: str | None
) -> Page[Mapping[str, Any]]:
    """Return one page of what was taken in for organs elsewhere (代收), as `folded_cases` gives
    it: its count is of these very lines."""
    return Paginator(cases, LINES).get_page(number)


class Lines:
    """Whatever the lines of one page of a list need, asked at once."""

    def __init__(
        self,
        page: Iterable[Mapping[str, Any]],
        *,
        today: date,
        calendar: WorkCalendar,
        sight: Sight,
        stages: Iterable[str] = tuple(Stage),
    ) -> None:
        """`page`: lines as `queries.folded` gives them; `stages`: those the list is about."""
        self.page, self.sight = list(page), sight
        self.when: Any = {"today": today, "calendar": calendar}
        numbers = [line["line"] for line in self.page]
        of_batches = [number for number in numbers if number.startswith("B-")]
        self.cases = queries.cases_with(set(numbers) - set(of_batches)) if numbers else {}
        self.batches = queries.batches_with(of_batches) if of_batches else {}
        self.urgent = queries.most_urgent(of_batches, stages) if of_batches else {}
        self.stages = queries.stages_of(of_batches) if of_batches else {}
        self.away = queries.with_open_legs(self.cases) if self.cases else set()

    def all(
        self, address: Callable[[Mapping[str, Any]], str], *, with_papers: bool = False
    ) -> list[Line]:
        """Return the lines in order. `address` gives the page a line leads to; `with_papers`
        marks those whose papers are not all made yet."""
        numbers = [line["line"] for line in self.page]
        unmade = queries.without_papers(numbers) if with_papers and numbers else set()
        return [
            {**self._line(line), "url": address(line), "unmade": line["line"] in unmade}
            for line in self.page
        ]

    def elsewhere(self) -> list[Line]:
        """Return the lines of what is handled elsewhere now: where it is, and who holds it."""
        open_tasks = {
            number: [task for task in sorted(tasks, key=_begun) if task.done_at is None]
            for number, tasks in queries.tasks_of_cases(list(self.cases)).items()
        }
        return [
            {**line, "holds": _holds(open_tasks.get(line["number"], []))}
            for line in self.all(progress_page)
        ]

    def _line(self, line: Mapping[str, Any]) -> Line:
        number = line["line"]
        found = self._case(number) if number in self.cases else self._batch(number)
        if "key" in line:
            found["key"] = f"{number}.{line['key']}"
            found["task"] = words.either(line["task"], line["task_en"])
        return found

    def _case(self, number: str) -> Line:
        line = showing.row_line(self.cases[number], sight=self.sight, **self.when)
        row, awaits = line["row"], None
        if row.deferred_due is not None:
            late = self.when["today"] > row.deferred_due
            awaits = ("bad", _("容缺逾期")) if late else ("warn", _("容缺待补"))
        at_window, away = row.channel == "window", number in self.away
        return {**line, "at_window": at_window, "away": away, "awaits": awaits}

    def _batch(self, number: str) -> Line:
        row, urgent = self.batches[number], self.urgent.get(number)
        state, word = words.lamp(urgent, **self.when) if urgent else ("idle", "")
        return {
            "row": row,
            "number": number,
            "name": words.item_name(row),
            "applicant": showing.applicant_name(row, sight=self.sight),
            "department": words.body_name(row.department),
            "lamp": state,
            "lamp_word": word,
            "at_window": row.channel == "window",
            "batch": standing(row, self.stages.get(number, {})),
        }


def _begun(task: TaskRow) -> tuple[datetime, str]:
    return task.opened_at, task.id


def _holds(tasks: Sequence[TaskRow]) -> str:
    """Return who has a case now: each organ, and the officer who took it on."""
    held = [
        _("%(organ)s 工号 %(number)s")
        % {"organ": words.body_name(task.department), "number": task.holder_no}
        if task.holder_no
        else words.body_name(task.department)
        for task in tasks
    ]
    return _("、").join(dict.fromkeys(held))


def standing(row: BatchRow, stages: Mapping[str, int]) -> str:
    """Return how many a batch has and where they stand: 50 件：待受理 48，待补正 2."""
    total = ngettext("%(n)s 件", "%(n)s 件", row.count) % {"n": row.count}
    parts = [
        f"{words.STAGES[stage]} {stages[stage]}" for stage in words.STAGES if stages.get(stage)
    ]
    filed = sum(stages.values())
    if filed < row.count:
        parts.append(_("正在立案 %(n)s") % {"n": row.count - filed})
    return _("：").join([total, _("，").join(parts)]) if parts else total


def desk_page(line: Mapping[str, Any]) -> str:
    """Return the window's page of a line."""
    page = "batch-desk" if line["line"].startswith("B-") else "desk-case"
    return reverse(f"cases:{page}", args=[line["line"]])


def task_page(line: Mapping[str, Any]) -> str:
    """Return a reviewer's or decider's page of a line."""
    page = "batch-task" if line["line"].startswith("B-") else "task"
    return reverse(f"cases:{page}", args=[line["line"], line["key"]])


def progress_page(line: Mapping[str, Any]) -> str:
    """Return an applicant's page of a line."""
    page = "batch" if line["line"].startswith("B-") else "progress"
    return reverse(f"cases:{page}", args=[line["line"]])
