"""Case events as rows. Only copies: a rule that ends up here is in the wrong room."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.cases.models import BatchRow, CaseRow, ForeignCaseRow, TaskRow
from mingtang.core import batches, cases, foreigncases
from mingtang.core.wire import plain
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Drop, Fact, Put, Row

BACKBONE = {
    cases.INTAKE: ("受理", "Intake", "case.intake"),
    cases.DECISION: ("决定", "Decision", "case.decide"),
}


def project(fact: Fact) -> Iterable[Row]:
    event: cases.Event = fact.event
    match event:
        case cases.CaseFiled():
            yield Put(CaseRow, fact.key, _new_case(fact, event))
        case cases.CaseAccepted() | cases.CaseDeemedAccepted():
            dates = _dates(fact.state)
            yield _change(fact, **dates, **_beside(fact.state), deemed=fact.state.deemed)
        case cases.CorrectionsReceived() | cases.CaseRedated():
            yield _change(fact, **_dates(fact.state))
        case cases.CaseExtended() | cases.SpecialBegun() | cases.SpecialEnded():
            yield _change(fact, **_dates(fact.state), **_moved(fact.state))
        case cases.TermRestarted():
            yield _change(fact, **_dates(fact.state), **_moved(fact.state), **_beside(fact.state))
        case cases.DeferredReceived() | cases.ChangeRequested() | cases.ChangeNoted():
            yield _change(fact, **_beside(fact.state))
        case cases.CommitmentsChecked():
            yield _change(fact, **_beside(fact.state), barred_until=event.barred_until)
        case cases.CaseNotAccepted():
            yield _change(fact, closed_at=event.at)
        case cases.CaseDecided():
            yield _change(fact, closed_at=event.at, **_beside(fact.state))
        case cases.CaseWithdrawn():
            beside = _beside(fact.state)
            yield _change(fact, closed_at=event.at, **_moved(fact.state), **beside)
        case cases.CorrectionsNotified() | cases.SiteChecked():
            yield _change(fact)
        case cases.StepCompleted():
            if event.review_finished:
                yield _change(fact)
        case _:
            assert_never(event)
    yield from _tasks(fact, event)


def _new_case(fact: Fact, event: cases.CaseFiled) -> dict[str, Any]:
    terms = event.terms
    return {
        "stage": fact.state.stage,
        "item": terms.item,
        "item_code": terms.code,
        "item_version": terms.version,
        "item_name": terms.name,
        "item_name_en": terms.name_en,
        "department": terms.department,
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "phone_tail": event.phone[-4:],
        "channel": event.channel,
        "office": event.taken_by.office if event.taken_by else "",
        "statutory_days": terms.statutory_days,
        "promised_days": terms.promised_days,
        "filed_at": event.at,
        **_dates(fact.state),
        **_moved(fact.state),
        **_beside(fact.state),
        "barred_until": None,
        "deemed": False,
        "closed_at": None,
        "batch": event.batch,
        "place": event.place,
        "last_index": fact.index,
    }


def _dates(case: cases.State) -> dict[str, Any]:
    return {
        "received_date": case.received_date,
        "intake_due": case.intake_due,
        "accepted_date": case.accepted_date,
        "statutory_due": case.statutory_due,
        "promised_due": case.promised_due,
        "provisional": case.provisional,
    }


def _moved(case: cases.State) -> dict[str, Any]:
    """Return what moved the dates, so that a list can say why they are what they are."""
    return {
        "extended_days": case.extended_days,
        "special": case.special,
        "paused_since": case.pauses[-1].from_date if case.special else None,
        "pauses": plain(case.pauses),
        "restarts": plain(case.restarts),
    }


def _beside(case: cases.State) -> dict[str, Any]:
    """Return the dates beside the main clock, as long as something hangs on them."""
    closed = case.stage in cases.CLOSED
    return {
        "change_date": None if closed else case.change_date,
        "deferred": list(case.deferred),
        "deferred_due": None if closed else case.deferred_due,
        "commitments": [commitment.material for commitment in case.commitments],
        "check_due": cases.check_due(case),
    }


def _change(fact: Fact, **columns: Any) -> Row:
    values = {"stage": fact.state.stage, "last_index": fact.index, **columns}
    return Change(CaseRow, fact.key, values)


def _tasks(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the tasks this event opened or closed; nobody is left with what is void."""
    for task in fact.state.tasks:
        if event.at in (task.opened_at, task.done_at):
            yield Put(TaskRow, f"{fact.key}.{task.key}", _task(fact, task))
    finished = isinstance(event, cases.StepCompleted) and event.review_finished
    if finished or isinstance(event, cases.CaseWithdrawn):
        names = {step.key for step in fact.state.terms.steps} | set(BACKBONE)
        for key in sorted(names - {task.key for task in fact.state.tasks}):
            yield Drop(TaskRow, f"{fact.key}.{key}")


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
        "finding": task.finding,
    }


CASE = Subject("case", cases.DECIDER, project, (CaseRow, TaskRow))


# ── Batches ─────────────────────────────────────────────────────────────────


def project_batch(fact: Fact) -> Iterable[Row]:
    event: batches.Event = fact.event
    terms = event.terms
    values = {
        "item": terms.item,
        "item_code": terms.code,
        "item_version": terms.version,
        "item_name": terms.name,
        "item_name_en": terms.name_en,
        "department": terms.department,
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "phone_tail": event.phone[-4:],
        "count": event.count,
        "channel": event.channel,
        "office": event.taken_by.office if event.taken_by else "",
        "filed_at": event.at,
        "last_index": fact.index,
    }
    yield Put(BatchRow, fact.key, values)


BATCH = Subject("batch", batches.DECIDER, project_batch, (BatchRow,))


# ── Cases of other systems ──────────────────────────────────────────────────


def project_foreign(fact: Fact) -> Iterable[Row]:
    event: foreigncases.Event = fact.event
    match event:
        case foreigncases.ForeignCaseRecorded() | foreigncases.ForeignCaseContinued():
            yield Put(ForeignCaseRow, fact.key, _foreign_case(fact, event))
        case _:
            assert_never(event)


def _foreign_case(fact: Fact, event: foreigncases.Event) -> dict[str, Any]:
    case: foreigncases.State = fact.state
    outline = case.outline
    began, closed = foreigncases.began(outline, case.steps), outline.closed
    done = Counter(step.activity for step in case.steps)
    words = (case.source, case.number, outline.channel, outline.department)
    words += (outline.group, outline.responsible, *sorted(done))
    words += tuple(sorted({step.resource for step in case.steps}))
    return {
        "source": case.source,
        "number": case.number,
        "channel": outline.channel,
        "department": outline.department,
        "responsible": outline.responsible,
        "began_at": began,
        "closed_at": closed,
        "began_date": began.date(),
        "due_date": outline.deadline.date() if outline.deadline else None,
        "closed_date": closed.date() if closed else None,
        "standing": foreigncases.standing(outline),
        "seconds": int((closed - began).total_seconds()) if closed else None,
        "steps": len(case.steps),
        "activities": [[name, done[name]] for name in sorted(done)],
        "searched": "\n".join(words).lower(),
        "recorded_at": event.at,
        "last_index": fact.index,
    }


FOREIGN_CASE = Subject("foreign-case", foreigncases.DECIDER, project_foreign, (ForeignCaseRow,))
