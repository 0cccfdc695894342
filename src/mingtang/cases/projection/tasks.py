"""A case's tasks, signatures, copies, and who started it, as rows."""

from collections.abc import Iterable
from typing import Any

from mingtang.cases.models import StartedRow, TaskRow
from mingtang.core import cases
from mingtang.ledger.rows import Drop, Fact, Put, Row

BACKBONE = {
    cases.INTAKE: ("受理", "Intake", "case.intake"),
    cases.FIRST_REVIEW: ("初审", "First review", "case.review"),
    cases.DECISION: ("决定", "Decision", "case.decide"),
}


def tasks(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the tasks this event opened, closed or named; nobody is left with what is void."""
    named = {getattr(event, "task", ""), getattr(event, "step", "")}
    named |= {*getattr(event, "tasks", ()), *getattr(event, "again", ())}
    for task in fact.state.tasks:
        changed = task.key in named and (task.done_at is None or task.returned)
        if changed or event.at in (task.opened_at, task.done_at):
            yield Put(TaskRow, _task_id(fact, task.key, task.round), _task(fact, task))
    finished = isinstance(event, cases.StepCompleted) and event.review_finished
    if finished or isinstance(event, cases.CaseWithdrawn | cases.CaseReturned):
        terms = fact.state.terms
        names = {step.key for step in terms.steps} | {cases.INTAKE, cases.DECISION}
        if terms.first_review:
            names.add(cases.FIRST_REVIEW)
        there = {(task.key, task.round) for task in fact.state.tasks}
        rounds = range(1, fact.state.returns + 2)
        for key, round in sorted({(key, n) for key in names for n in rounds} - there):
            yield Drop(TaskRow, _task_id(fact, key, round))


def _task_id(fact: Fact, key: str, round: int) -> str:
    return f"{fact.key}.{key}" if round == 1 else f"{fact.key}.{key}.{round}"


def signatures(fact: Fact) -> Iterable[Row]:
    """Write what colleagues are asked to sign now, and what they signed."""
    case: cases.State = fact.state
    asked = {
        one.number
        for task in case.tasks
        if task.done_at is None
        for one in cases.awaited(case.signatures, task.key, task.round)
        if one.when is cases.When.BEFORE or task.found_by is not None
    }
    for one in case.signatures:
        if one.number in asked or one.done_at is not None:
            yield Put(TaskRow, f"{fact.key}.{one.key}", _signature(fact, one))
        else:
            yield Drop(TaskRow, f"{fact.key}.{one.key}")


def _signature(fact: Fact, one: cases.Signature) -> dict[str, Any]:
    task = cases.Task(
        key=one.task,
        department=one.department,
        opened_at=one.asked_at,
        done_at=one.done_at,
        person=one.signed_by,
        staff_no=one.signed_no,
        finding=one.finding,
        holder=one.person,
        holder_no=one.staff_no,
        round=one.round,
    )
    # Each for itself, also in a batch.
    return {**_task(fact, task), "key": one.key, "batch": "", "power": "case.review"}


def started(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write who set something going."""
    by, what = None, ""
    match event:
        case cases.CaseFiled():
            by, what = event.taken_by, "filed"
        case cases.SignersAsked():
            by, what = event.officer, "signers"
        case cases.TaskReassigned():
            by, what = event.officer, "reassigned"
        case cases.CaseReturned():
            by, what = event.officer, "returned"
        case cases.TasksReminded():
            by, what = event.officer, "reminded"
        case cases.CaseCopied():
            by, what = event.officer, "copied"
        case _:
            pass
    if by is not None:
        values = {"case": fact.key, "person": by.person, "what": what, "at": event.at}
        yield Put(StartedRow, f"{fact.key}.{by.person}", values)


def copied(fact: Fact, event: cases.CaseCopied) -> dict[str, Any]:
    return {
        "case": fact.key,
        "person": event.to.person,
        "organisation": event.to.organisation,
        "by": event.officer.person,
        "at": event.at,
    }


def _task(fact: Fact, task: cases.Task) -> dict[str, Any]:
    if task.key in BACKBONE:
        name, name_en, power = BACKBONE[task.key]
    else:
        step = next(step for step in fact.state.terms.steps if step.key == task.key)
        name, name_en, power = step.name, step.name_en, "case.review"
    return {
        "case": fact.key,
        "key": task.key,
        "name": name,
        "name_en": name_en,
        "batch": fact.state.batch,
        "department": task.department,
        "power": power,
        "opened_at": task.opened_at,
        "done_at": task.done_at,
        "person": task.person,
        "staff_no": task.staff_no,
        "finding": task.finding if task.done_at else "",
        "holder": task.holder,
        "holder_no": task.holder_no,
        "round": task.round,
        "returned": task.returned,
        "reminded_date": task.reminded_date,
    }
