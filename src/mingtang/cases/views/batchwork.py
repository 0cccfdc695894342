"""A batch at work (批量办理): one act on many of its cases, and what became of each.

The same form sent again, after a broken connection or by pressing twice, carries the same key:
what was done gives its first receipt, what was not is done.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.actions import batches as acts
from mingtang.cases.forms import DecideForm, StepForm, once_key
from mingtang.cases.queries import BatchRow, TaskRow
from mingtang.cases.views import desk as desks
from mingtang.cases.views import proving, words
from mingtang.cases.views import tasks as desktop
from mingtang.cases.views.batchrows import Batch
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import DECISION, INTAKE, Finding, Officer
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.phrases import PhraseUse
from mingtang.ledger.orders import Outcome, Receipt
from mingtang.people.access import actor_of, needs
from mingtang.people.views import offering
from mingtang.ui import refusals

log = logging.getLogger(__name__)


# ── At the window ───────────────────────────────────────────────────────────


@needs(Power.CASE_INTAKE)
@require_GET
def desk(request: HttpRequest, number: str) -> HttpResponse:
    """All rows beside the list; those that wait are marked to be accepted."""
    return _at_desk(request, _work(request, number, INTAKE))


@needs(Power.CASE_INTAKE)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept the marked rows (批量受理)."""
    work = _work(request, number, INTAKE)
    once = work.once(request, "accept")
    if isinstance(once, str):
        return _at_desk(request, work, refused=once)
    done = acts.accept_each(once=once, officer=work.officer, at=timezone.localtime())
    return _outcome(request, work, done, base="cases/desk.html")


def _at_desk(request: HttpRequest, work: "Work", *, refused: str = "") -> HttpResponse:
    context = {**desks.listing(request), **work.context(request, "desk-case"), "refused": refused}
    return render(request, "cases/batch_desk.html", context, status=422 if refused else 200)


# ── Review and decision ─────────────────────────────────────────────────────


@needs(*access.JUDGING)
@require_GET
def task(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """All rows with this task; those where it is open are marked."""
    return _at_task(request, _work(request, number, key))


@needs(Power.CASE_REVIEW)
@require_POST
def complete(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Finish one step of the marked rows with one finding and opinion (批量审查)."""
    work, form = _work(request, number, key), StepForm(request.POST)
    once = work.once(request, f"step-{key}")
    if isinstance(once, str) or not form.is_valid():
        return _at_task(request, work, form, refused=once if isinstance(once, str) else "")
    done = acts.complete_each(
        once=once,
        step=key,
        finding=Finding(form.cleaned_data["finding"]),
        opinion=form.cleaned_data["opinion"],
        officer=work.officer,
        at=timezone.localtime(),
    )
    return _outcome(request, work, done, base="cases/tasks.html")


@needs(Power.CASE_DECIDE)
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Grant or refuse the marked rows in one ceremony (批量决定): as many decisions as rows."""
    proving.require_desk(request)
    work, form = _work(request, number, DECISION), DecideForm(request.POST)
    once = work.once(request, "decide")
    if isinstance(once, str) or not form.is_valid():
        return _at_task(request, work, form, refused=once if isinstance(once, str) else "")
    done = acts.decide_each(
        once=once,
        **form.decided(),
        officer=work.officer,
        at=timezone.localtime(),
    )
    return _outcome(request, work, done, base="cases/tasks.html")


def _at_task(
    request: HttpRequest, work: "Work", form: Form | None = None, *, refused: str = ""
) -> HttpResponse:
    deciding = work.key == DECISION
    today = clock.civil_day(timezone.now())
    can_act = bool(work.open)
    context = {
        **desktop.listing(request),
        **work.context(request, "task", work.key),
        "task_name": words.either(work.tasks[0].name, work.tasks[0].name_en),
        "deciding": deciding,
        "key": work.key,
        "standard": work.standard,
        "mandate": desktop.mandate(actor_of(request), work.batch.row, today)
        if deciding and can_act
        else None,
        "form": (form or (DecideForm() if deciding else StepForm())) if can_act else None,
        "phrases": offering.offered(
            actor_of(request),
            PhraseUse.OPINION,
            desktop.PHRASES,
            work.batch.row.department,
        ),
        "refused": refused,
    }
    return render(request, "cases/batch_task.html", context, status=422 if form or refused else 200)


# ── Whose work ──────────────────────────────────────────────────────────────


class Work:
    """One kind of task in a batch, for one officer: which rows have it, which wait."""

    def __init__(
        self,
        batch: Batch,
        tasks: Sequence[TaskRow],
        *,
        shown: Sequence[TaskRow],
        officer: Officer | None,
        own: bool,
    ) -> None:
        """`tasks`: of this kind in the batch; `shown`: those the officer may look at."""
        self.batch, self.key, self.tasks = batch, tasks[0].key, tasks
        self.shown, self._officer, self.own = shown, officer, own

    @property
    def officer(self) -> Officer:
        """As whom one acts. Raises Http404 when one may only look."""
        if self._officer is None:
            raise Http404
        return self._officer

    @property
    def open(self) -> set[str]:
        """Numbers of the cases that can take the act now."""
        if self._officer is None or self.own:
            return set()
        waiting = {task.case_id for task in self.shown if task.done_at is None}
        if self.key == INTAKE:
            waiting &= {c.number for c in self.batch.cases if c.stage == cases.Stage.FILED}
        return waiting

    @property
    def standard(self) -> str:
        """What the item says this step is judged by."""
        step = next((s for s in self.batch.filed.terms.steps if s.key == self.key), None)
        return words.either(step.standard, step.standard_en) if step else ""

    def once(self, request: HttpRequest, act: str) -> dict[str, str] | str:
        """Return an idempotency key for each row that was marked; or, in words, why there is none.

        Rows that were handled or withdrawn meanwhile are among them: their first receipt, or why
        there is none, is what their officer wants to see.
        """
        key, person = once_key(request.POST), actor_of(request).person
        there = {case.number for case in self.batch.cases}
        marked = [number for number in request.POST.getlist("case") if number in there]
        if key is None:
            return _("这一页不完整，没有办理。请再按一次。")
        if not marked:
            return _("还没有勾选任何一件。")
        return {number: f"{person}/{act}/{number}/{key}" for number in marked}

    def context(self, request: HttpRequest, page: str, *arguments: str) -> dict[str, Any]:
        found, marked = {task.case_id: task for task in self.shown}, request.POST.getlist("case")
        lines = [line for line in self.batch.lines(page, *arguments) if line["number"] in found]
        waiting = self.open
        for line in lines:
            line["open"] = line["number"] in waiting
            line["marked"] = line["number"] in marked if request.method == "POST" else line["open"]
            task = found[line["number"]]
            line["finding"] = words.FINDINGS[task.finding] if task.done_at else ""
        return {
            **self.batch.common,
            **self.batch.handed_in,
            "members": lines,
            "open_count": len(waiting),
            "own": self.own,
            "selected": f"{self.batch.row.number}.{self.key}"
            if self.key != INTAKE
            else self.batch.row.number,
        }


def _work(request: HttpRequest, number: str, key: str) -> Work:
    """Return one's work in a batch.

    Raises Http404 for what is not one's own, or never was; Refused where others have done all of
    it while its page was open.
    """
    actor, row = actor_of(request), queries.batch(number)
    tasks = queries.tasks_of_batch(number, key)
    if row is None or not tasks:
        raise Http404
    shown = [task for task in tasks if access.handles(actor, [task])]
    officer = access.officer_for(actor, Power(tasks[0].power), tasks[0].department)
    if not shown and officer is None:
        raise Http404
    if not shown:
        raise Refused("case.not-awaiting-acceptance")
    own = access.is_own(actor, row)
    return Work(_batch(row), tasks, shown=shown, officer=officer, own=own)


def _batch(row: BatchRow) -> Batch:
    today = clock.civil_day(timezone.now())
    return Batch(row, sight=Sight.OFFICE, today=today, calendar=catalogue.calendar())


# ── What became of it ───────────────────────────────────────────────────────


def _outcome(
    request: HttpRequest, work: Work, done: Mapping[str, Outcome], *, base: str
) -> HttpResponse:
    """Show what became of each row: its receipt, read back from the ledger, or why not."""
    receipts = queries.recorded(one for one in done.values() if isinstance(one, Receipt))
    fresh = _batch(work.batch.row)
    findings = {
        task.case_id: str(words.FINDINGS[task.finding])
        for task in queries.tasks_of_batch(fresh.row.number, work.key)
        if task.done_at
    }
    lines = []
    for line in fresh.lines():
        number = line["number"]
        outcome = done.get(number)
        if isinstance(outcome, Receipt) and outcome in receipts:
            url = reverse("cases:receipt", args=[number, outcome.index])
            said = {"receipt": outcome, "receipt_url": url, "finding": findings.get(number, "")}
            lines.append({**line, **said})
        elif outcome is not None:
            lines.append({**line, "why": _why(outcome), "code": getattr(outcome, "code", "")})
    listing = desks.listing if base == "cases/desk.html" else desktop.listing
    context = {
        **listing(request),
        **fresh.common,
        "base": base,
        "members": lines,
        "done": sum("receipt" in line for line in lines),
        "not_done": [line for line in lines if "why" in line],
        "next_tasks": _next(request, fresh.row),
        "selected": "",
    }
    return render(request, "cases/batch_outcome.html", context)


def _why(outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        return refusals.sentence(outcome)
    log.error("a row of a batch was not written", exc_info=outcome)  # type: ignore[arg-type]
    return _("没有能记入账本。请返回后再办一次；已经办成的不会重复。")


def _next(request: HttpRequest, row: BatchRow) -> list[tuple[str, str, int]]:
    """Return one's own further work in this batch: what, where, how many."""
    actor, found = actor_of(request), dict[str, list[TaskRow]]()
    for task in queries.all_tasks_of_batch(row.number):
        if task.done_at is None:
            found.setdefault(task.key, []).append(task)
    return [
        (
            words.either(tasks[0].name, tasks[0].name_en),
            reverse("cases:batch-desk", args=[row.number])
            if key == INTAKE
            else reverse("cases:batch-task", args=[row.number, key]),
            len(tasks),
        )
        for key, tasks in found.items()
        if access.officer_for(actor, Power(tasks[0].power), tasks[0].department)
    ]
